//! Catalogues that are only ids: what a `features.toml` does to their features, and what is proposed when there are too
//! many. The advice is taken as a maintainer would take it: pasted.

use crate::{ErrorKind, Errors, ModelSource, Package, Placement, SourceFile, Sources, catalog, emit, generate};

fn sources(ids: &[String], features: Option<&str>) -> Sources {
    let model = |id: &String| {
        let file = |name: &str, text: &str| SourceFile { path: format!("{id}/{name}"), text: text.to_owned() };
        let manifest = format!("id = \"{id}\"\ndisplay_name = \"\"\nsource = \"page\"\nupdated = 2026-01-01\n");
        ModelSource {
            folder: id.clone(),
            manifest: file("model.toml", &manifest),
            input: file("input.json", r#"{"type": "object", "properties": {"prompt": {"type": "string"}}}"#),
            output: file("output.json", r#"{"type": "object", "properties": {"url": {"type": "string"}}}"#),
            lock: None,
            overrides: None,
        }
    };
    let features = features.map(|text| SourceFile { path: super::FILE.to_owned(), text: text.to_owned() });
    Sources { models: ids.iter().map(model).collect(), features, ..Sources::default() }
}

fn crate_of(ids: &[&str], features: &str) -> Result<Package, Errors> {
    let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
    generate(&sources(&ids, Some(features)), &Placement::Workspace)
}

/// The features alone; printing hundreds of models takes its time.
fn features_of(sources: &Sources) -> Result<usize, Errors> {
    let catalog = catalog(sources)?;
    super::limit::check(&catalog)?;
    let manifest = emit::manifest(&catalog, &Placement::Workspace, &emit::Target::package(&Placement::Workspace));
    let written = manifest.parse::<toml::Table>().expect("TOML")["features"].as_table().expect("features").len();
    assert_eq!(super::limit::count(&catalog), written, "those that are counted are those that are written");
    Ok(written)
}

fn error_of(ids: &[&str], features: &str) -> String {
    let errors = crate_of(ids, features).expect_err("a mistake");
    assert!(errors.iter().all(|error| error.file == "features.toml"), "{errors}");
    errors.to_string()
}

const IDS: [&str; 4] = ["kling/kling-2-1/a", "kling/kling-2-5/a", "kling/o3/a", "wan/wan-3/a"];

#[test]
fn families_that_share_a_feature_are_switched_on_together() {
    let package = crate_of(&IDS, "[merge]\nkling-2 = [\"kling/kling-2-5\", \"kling/kling-2-1\"]\n").expect("a crate");
    let manifest = &package.files["Cargo.toml"];
    assert!(manifest.contains("kling = [\"kling-2\", \"kling-o3\"]"), "{manifest}");
    assert!(manifest.contains("\nkling-2 = []") && !manifest.contains("kling-2-1 ="), "{manifest}");
    let provider = &package.files["src/kling.rs"];
    assert_eq!(provider.matches("feature = \"kling-2\"").count(), 2, "{provider}");
    assert!(
        package.files["README.md"].contains("| `kling-2` | [`kling::kling_2_5::a`](src/kling/kling_2_5/a.rs) |"),
        "{}",
        package.files["README.md"]
    );
}

#[test]
fn another_model_changes_no_feature_of_others() {
    let merge = "[merge]\nkling-2 = [\"kling/kling-2-1\", \"kling/kling-2-5\"]\n";
    let before = crate_of(&IDS, merge).expect("a crate");
    let after = crate_of(&[&IDS[..], &["kling/kling-2-9/a"]].concat(), merge).expect("a crate");
    let changed: Vec<&String> =
        before.files.iter().filter(|(path, text)| after.files[*path] != **text).map(|(path, _)| path).collect();
    assert_eq!(
        changed,
        ["Cargo.toml", "README.md", "src/kling.rs", "src/lib.rs", "src/models.rs", "tests/examples.rs"]
    );
}

#[test]
fn an_entry_that_matches_nothing_is_an_error_with_a_suggestion() {
    let error = error_of(&IDS, "[merge]\nkling-2 = [\"kling/kling-2-1\", \"kling/kling-2-6\"]\n");
    assert!(
        error.contains("\"kling/kling-2-6\" of [merge] matches nothing") && error.contains("did you mean"),
        "{error}"
    );
}

#[test]
fn a_family_whose_models_are_all_gone_is_still_an_entry_that_matches() {
    let ids: Vec<String> = IDS.iter().map(|id| (*id).to_owned()).collect();
    let mut sources = sources(&ids, Some("[merge]\nkling-2 = [\"kling/kling-2-1\", \"kling/kling-2-5\"]\n"));
    sources.models[0].manifest.text.push_str("removed = 2026-02-02\n");
    let package = generate(&sources, &Placement::Workspace).expect("a crate");
    assert!(package.files["Cargo.toml"].contains("kling = [\"kling-2\", \"kling-o3\"]"));
}

#[test]
fn a_feature_that_can_not_be_is_refused_with_its_reason() {
    for (feature, families, why) in [
        ("kling", "\"kling/o3\"", "is a provider's or another family's"),
        ("kling-o3", "\"kling/kling-2-1\"", "is a provider's or another family's"),
        ("all", "\"kling/o3\"", "can't be used"),
        ("\"Kling 2\"", "\"kling/o3\"", "can't be used"),
        ("both", "\"kling/o3\", \"wan/wan-3\"", "would be shared by the providers `kling`, `wan`"),
        ("a = [\"kling/o3\"]\nb", "\"kling/o3\"", "is listed for `a` and for `b`"),
        ("kling-2", "", "has no families"),
    ] {
        let error = error_of(&IDS, &format!("[merge]\n{feature} = [{families}]\n"));
        assert!(error.contains(why), "{feature}: {error}");
    }
    assert!(error_of(&IDS, "[merg]\n").contains("the one table is [merge]"));
}

/// A provider with many versions of few families, and one with many families that have nothing in common.
fn many(providers: usize, families: usize) -> Vec<String> {
    let versions = (0..providers).flat_map(|p| (0..families).map(move |f| format!("p{p}/wan-{}-{}/a", f / 10, f % 10)));
    let words = (0..families).map(|f| format!("community/{}/a", letters(f)));
    versions.chain(words).collect()
}

/// A word without a digit for a number.
fn letters(mut number: usize) -> String {
    let mut word = String::new();
    for _ in 0..3 {
        word.push(char::from(b"abcdefghijklmnopqrstuvwxyz"[number % 26]));
        number /= 26;
    }
    word
}

#[test]
fn too_many_features_are_refused_and_the_advice_can_be_pasted() {
    let ids = many(10, 30);
    let errors = generate(&sources(&ids, None), &Placement::Workspace).expect_err("too many");
    let error = errors.iter().next().expect("an error");
    assert_eq!((error.kind, errors.iter().count()), (ErrorKind::TooMany, 1), "{errors}");
    let lines = &error.help[error.help.find("[merge]").expect("lines to paste")..];
    let count = features_of(&sources(&ids, Some(lines))).unwrap_or_else(|errors| panic!("{errors}\n{lines}"));
    assert!((230..=280).contains(&count), "{count} features, with room and not fewer than need be");
}

#[test]
fn advice_that_was_taken_once_can_be_extended() {
    let few = "[merge]\np0-wan = [\"p0/wan-0-0\", \"p0/wan-0-1\"]\ncommunity-others = [\"community/aaa\", \"community/baa\"]\n";
    let ids = many(1, 400);
    let errors = features_of(&sources(&ids, Some(few))).expect_err("too many");
    let help = &errors.iter().next().expect("an error").help;
    let lines = &help[help.find("[merge]").expect("lines to paste")..];
    for line in ["p0-wan = [\"p0/wan-0-0\", ", "community-others = [\"community/aaa\", "] {
        assert!(lines.contains(line), "{line}: {lines}");
    }
    features_of(&sources(&ids, Some(lines))).unwrap_or_else(|errors| panic!("{errors}"));
}

#[test]
fn a_crate_that_is_not_published_may_have_any_number_of_features() {
    let own = crate::Standalone {
        client: crate::ClientCrate::Version("0.0.0".to_owned()),
        version: "0.0.0".to_owned(),
        edition: "2024".to_owned(),
        rust_version: "1.88".to_owned(),
        license: None,
        command: String::new(),
    };
    assert!(generate(&sources(&many(10, 30), None), &Placement::Standalone(own)).is_ok());
}
