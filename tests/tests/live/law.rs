//! The law: what is made of a schema at run time is what generated code has, field by field and rule by rule.

use std::collections::BTreeMap;

use runcomfy_codegen::{Placement, Sources, catalog, emit_package};
use runcomfy_live::{Catalogue, Error};
use workspace_tests::tables::{emitted, folder, spelled};
use workspace_tests::{fixtures, frozen, load, root, shapes};

/// Compares the tables of all these models, and says how many there are.
fn compare(sources: &Sources) -> usize {
    let named = catalog(sources).unwrap_or_else(|errors| panic!("{errors}"));
    let package = emit_package(&named, &Placement::Workspace).unwrap_or_else(|errors| panic!("{errors}"));
    let schemas = tempfile::tempdir().expect("a folder");
    folder::write(sources, schemas.path());
    let live = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
    assert_eq!(live.problems(), Vec::<String>::new());
    for model in &named.models {
        let module = &model.module;
        let path = format!("src/{}/{}/{}.rs", module.provider, module.family, module.variant);
        let found = live.model(&model.id).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(found.doubts().count(), 0, "{}: {:?}", model.id, found.doubts().collect::<Vec<_>>());
        assert_eq!(spelled(found.schema), spelled(emitted::input(&package.files[&path])), "{}", model.id);
        assert_eq!(found.digest.map(|digest| digest.bits()), Some(model.digest), "{}", model.id);
        assert_eq!(found.module, path[4..path.len() - 3].replace('/', "::"));
    }
    named.models.len()
}

#[test]
fn fixtures_have_the_tables_that_are_emitted() {
    assert!(compare(&load(&fixtures())) >= 22);
    assert!(compare(&load(&frozen())) >= 1);
}

#[test]
fn published_models_have_the_tables_that_are_emitted() {
    assert!(compare(&load(&root().join("schemas"))) >= 100);
}

#[test]
fn random_models_have_the_tables_that_are_emitted() {
    let (models, _) = shapes::models(150, 7);
    assert!(compare(&Sources { models, ..Sources::default() }) >= 60);
    let models = synthetic::models(60, 11);
    assert_eq!(compare(&synthetic::sources(&models)), 60);
}

#[test]
fn compiled_models_are_what_the_folder_says_at_run_time() {
    let live = Catalogue::builder().folder(root().join("schemas")).build().expect("the schemas");
    let mut compared = 0;
    for compiled in runcomfy::models() {
        let found = live.model(compiled.id).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(spelled(found.schema), spelled(compiled.schema), "{}", compiled.id);
        assert_eq!((found.digest, found.module), (compiled.digest, compiled.module));
        let told = |model: &runcomfy::ModelInfo| (model.takes, model.requires, model.resolutions, model.display_name);
        assert_eq!(told(&found), told(compiled), "{}", compiled.id);
        let without_header =
            |lock: &str| lock.lines().filter(|line| !line.starts_with('#')).collect::<Vec<_>>().join("\n");
        let input = |lock: &str| without_header(lock).split("\n\n[[field]]\ntype = \"Output").next().map(str::to_owned);
        assert_eq!(input(found.lock), input(compiled.lock), "{}", compiled.id);
        assert_eq!(found.json_schema(), compiled.json_schema(), "{}", compiled.id);
        compared += 1;
    }
    assert!(compared >= 1);
}

#[test]
fn one_bad_model_hides_no_other() {
    let mut sources = load(&fixtures());
    let bad: BTreeMap<&str, &str> =
        [("trap/any-of", "{"), ("trap/recursion", r#"{"type": "object", "properties": 7}"#)].into();
    let mut spoiled = 0;
    for model in &mut sources.models {
        if let Some((_, text)) = bad.iter().find(|(folder, _)| model.folder.starts_with(**folder)) {
            (*text).clone_into(&mut model.input.text);
            spoiled += 1;
        }
    }
    assert_eq!(spoiled, bad.len());
    let schemas = tempfile::tempdir().expect("a folder");
    folder::write(&sources, schemas.path());
    let live = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
    let found: Vec<Result<_, Error>> = live.models().entries.iter().map(|entry| live.model(&entry.id)).collect();
    let refused: Vec<String> = found.iter().filter_map(|found| found.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(refused.len(), bad.len(), "{refused:?}");
    assert!(refused.iter().all(|reason| reason.contains("can't be enforced")), "{refused:?}");
}
