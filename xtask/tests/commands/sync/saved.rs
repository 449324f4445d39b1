//! A saved response into a schema folder, and all that may be wrong with either.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::bench::{Bench, entry};

#[test]
fn new_models_come_with_the_shared_output_and_say_so() {
    let bench = Bench::new();
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && answer.err.is_empty(), "{answer:?}");
    assert!(
        answer.out.contains("3 models added") && answer.out.contains("3 models: 3 new, 0 changed"),
        "{}",
        answer.out
    );
    let manifest = bench.read("a/two/x/model.toml");
    for line in ["source = \"catalogue\"", "output = \"assumed\"", "updated = 2026-11-25", "base_usd = 0.05"] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    assert_eq!(bench.read("a/two/x/output.json"), bench.read("_shared/assumed-output.json"));
    assert_eq!(bench.generate().out.lines().last().map(|line| &line[..8]), Some("3 models"));
}

#[test]
fn a_folder_that_has_shared_shapes_gets_the_assumed_one_unless_a_model_has_it_as_its_own() {
    let shared = include_str!("../../../../schemas/_shared/assumed-output.json");
    for own in [r#"{"type": "string"}"#, shared] {
        let bench = Bench::new();
        private(&bench);
        bench.write("_shared/media-output.json", include_str!("../../../../schemas/_shared/media-output.json"));
        bench.write("own/secret/output.json", own);
        assert_eq!(bench.sync(&[]).code, 0);
        assert_eq!(bench.file("_shared/assumed-output.json").exists(), own != shared);
        assert!(bench.read("a/two/x/output.json").contains("\"audios\""));
    }
}

#[test]
fn the_address_of_a_models_page_is_kept_and_shown_in_its_docs() {
    let mut bench = Bench::synced();
    bench.models[0]["model_url"] = json!("https://www.example.com/models/one");
    bench.models[1]["model_url"] = json!("javascript:alert(1)");
    assert!(bench.sync(&[]).out.contains("1 changed"));
    assert!(bench.read("a/one/model.toml").contains("page = \"https://www.example.com/models/one\"\n"));
    assert!(!bench.read("a/two/x/model.toml").contains("page ="));
    assert_eq!(bench.generate().code, 0);
    let code = fs::read_to_string(bench.file("../out/src/a/one/base.rs")).expect("a module");
    assert!(code.contains("//! - its page: <https://www.example.com/models/one>\n"), "{code}");
}

#[test]
fn a_second_sync_changes_nothing() {
    let bench = Bench::synced();
    let before = bench.snapshot();
    let answer = bench.sync_on("2027-01-01", &[]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert_eq!(answer.out, "3 models: 0 new, 0 changed, 3 unchanged, 0 left as they were; 0 removed\n");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_dry_run_tells_the_same_and_writes_nothing() {
    let bench = Bench::new();
    let told = bench.sync(&["--dry-run"]).out;
    assert!(bench.snapshot().is_empty() && told.contains("dry run, nothing written"), "{told}");
    assert_eq!(told.replace("dry run, nothing written: ", ""), bench.sync(&[]).out);
}

#[test]
fn only_the_models_that_match_are_touched() {
    let mut bench = Bench::synced();
    bench.models = vec![entry("b/three/y"), entry("b/four"), entry("a/five")];
    let answer = bench.sync(&["--only", "b/**"]);
    assert!(
        answer.out.ends_with("2 models: 1 new, 0 changed, 1 unchanged, 0 left as they were; 0 removed\n"),
        "{answer:?}"
    );
    assert!(!bench.file("a/five").exists() && !bench.read("a/one/model.toml").contains("removed"));
}

#[test]
fn a_pattern_that_no_model_matches_is_an_error() {
    let bench = Bench::synced();
    let before = bench.snapshot();
    let answer = bench.sync(&["--only", "b/thre"]);
    assert!(answer.code != 0 && answer.err.contains("no model's id matches `--only b/thre`"), "{answer:?}");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_model_that_is_gone_leaves_its_names_and_may_come_back() {
    let mut bench = Bench::synced();
    let lock = bench.read("a/one/names.lock");
    let gone = bench.models.remove(0);
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && answer.out.contains("1 model removed: `a/one`"), "{answer:?}");
    assert!(bench.read("a/one/model.toml").contains("removed = 2026-11-25"));
    assert_eq!((bench.generate().code, bench.read("a/one/names.lock")), (0, lock.clone()));
    assert!(bench.sync(&[]).out.starts_with("2 models: 0 new, 0 changed, 2 unchanged"));
    bench.models.push(gone);
    assert!(bench.sync(&[]).out.contains("1 changed"));
    assert!(!bench.read("a/one/model.toml").contains("removed"));
    assert_eq!((bench.generate().code, bench.read("a/one/names.lock")), (0, lock));
}

#[test]
fn where_an_entry_has_no_readable_id_nothing_is_taken_for_removed() {
    let mut bench = Bench::synced();
    bench.models[0] = json!(7);
    let answer = bench.sync(&[]);
    assert!(answer.code == 1 && answer.err.contains("the entry can't be read"), "{answer:?}");
    assert!(!bench.read("a/one/model.toml").contains("removed"), "7 may be that model");
    assert!(answer.out.contains("since the response may be a part: `a/one`"), "{}", answer.out);
}

#[test]
fn a_model_that_goes_over_to_the_catalogue_has_its_name_at_once() {
    let mut bench = Bench::synced();
    let manifest = bench.read("a/one/model.toml");
    let page = manifest.replace("\"catalogue\"", "\"page\"").replace("The a/one", "Die Eins");
    bench.write("a/one/model.toml", &page);
    assert!(bench.sync(&[]).out.contains("0 changed") && bench.read("a/one/model.toml") == page);
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    assert!(bench.sync(&[]).out.contains("1 changed"));
    assert!(bench.read("a/one/model.toml").contains("The a/one"));
    assert!(bench.sync(&[]).out.contains("0 changed"));
}

#[test]
fn a_model_that_was_broken_before_hides_no_change_of_others() {
    let mut bench = Bench::synced();
    bench.write("b/three/y/input.json", r#"{"type": "object", "properties": {"a": {"type": "no"}}}"#);
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    let answer = bench.sync(&[]);
    assert!(answer.out.contains("`Input.steps`") && answer.out.contains("not compared"), "{answer:?}");
    assert!(answer.out.contains("before: `b/three/y`"), "{}", answer.out);
}

#[test]
fn a_model_that_came_from_a_page_is_never_removed() {
    let mut bench = Bench::synced();
    let page = bench.read("a/one/model.toml").replace("catalogue", "page");
    bench.write("a/one/model.toml", &page);
    bench.models.remove(0);
    assert!(bench.sync(&[]).out.ends_with("0 removed\n"));
    assert_eq!(bench.read("a/one/model.toml"), page);
}

#[test]
fn a_bad_model_is_left_as_it_was_and_blocks_no_other() {
    let mut bench = Bench::synced();
    let before = bench.read("a/one/input.json");
    bench.properties("a/one")["7_text"]["type"] = json!("strnig");
    bench.properties("b/three/y")["8_value"]["maximum"] = json!(50);
    bench.models.push(json!({"model_id": "c/no-schema"}));
    bench.models.push(json!({"model_id": "../outside", "input_schema": {}}));
    bench.models.push(entry("c/good"));
    let answer = bench.sync(&[]);
    for words in [
        "strnig",
        "response.json at /models/0/input_schema/properties/7_text, of a/one",
        "no input schema",
        "../outside",
        "3 errors",
    ] {
        assert!(answer.err.contains(words), "{words}: {}", answer.err);
    }
    assert_eq!(answer.code, 1);
    assert!(
        answer.out.ends_with("6 models: 1 new, 1 changed, 1 unchanged, 3 left as they were; 0 removed\n"),
        "{}",
        answer.out
    );
    assert_eq!(bench.read("a/one/input.json"), before);
    assert_eq!(bench.generate().code, 0, "what is synced can be generated");
}

#[test]
fn a_model_whose_fields_nobody_can_tell_apart_is_left_as_it_was() {
    let mut bench = Bench::synced();
    let before = bench.read("a/one/input.json");
    // New ids, and what was said of one field is said of the other.
    *bench.properties("a/one") = json!({
        "1_text": {"type": "string", "title": "Prompt"},
        "2_value": {"type": "integer", "title": "Steps", "maximum": 24},
        "3_value": {"type": "integer", "title": "Frames", "maximum": 40},
    });
    let answer = bench.sync(&[]);
    assert!(answer.code == 1 && answer.err.contains("can't tell what became of"), "{answer:?}");
    assert!(answer.out.contains("1 left as they were"), "{}", answer.out);
    assert_eq!((bench.read("a/one/input.json"), bench.generate().code), (before, 0));
}

#[test]
fn models_that_would_share_a_module_are_left_out_and_name_each_other() {
    let mut bench = Bench::synced();
    bench.models.push(entry("a/two-x"));
    bench.models.push(entry("a/two/X"));
    bench.models.push(entry("a/one/base"));
    bench.models.push(entry("c/fine"));
    let answer = bench.sync(&[]);
    assert!(answer.err.contains("`a/one` and `a/one/base` would share the module `base`"), "{}", answer.err);
    assert!(
        answer.out.contains("`a/two/X` is `a/two/x` in another spelling") && answer.out.contains("2 new"),
        "{answer:?}"
    );
    assert!(bench.file("c/fine").exists() && bench.file("a/two-x").exists() && !bench.file("a/one/base").exists());
    assert_eq!(bench.generate().code, 0);
}

#[test]
fn an_id_in_another_case_blocks_nobody_but_itself() {
    let mut bench = Bench::synced();
    bench.models.insert(0, entry("A/Two/y"));
    bench.models.push(entry("a/new"));
    let answer = bench.sync(&[]);
    assert!(answer.err.contains("the id `A/Two/y` differs from `a` in upper and lower case only"), "{answer:?}");
    assert!(answer.out.contains("1 new, 0 changed, 3 unchanged, 1 left"), "{answer:?}");
    let mut bench = Bench::new();
    bench.models.insert(0, entry("A/Two/y"));
    assert!(bench.sync(&[]).out.contains("3 new, 0 changed, 0 unchanged, 1 left"), "what most ids spell is right");
}

#[test]
fn a_crate_is_not_written_among_the_schemas() {
    let bench = Bench::synced();
    let before = bench.snapshot();
    for out in [bench.schemas(), bench.schemas().join("gen/deep")] {
        let answer = bench.run(&["generate", "--out", out.to_str().expect("UTF-8")]);
        assert!(answer.code != 0 && answer.err.contains("lies in the schema folder"), "{answer:?}");
    }
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_broken_folder_is_reported_and_blocks_no_other() {
    let mut bench = Bench::synced();
    fs::remove_file(bench.file("a/one/output.json")).expect("removed");
    bench.write("b/three/y/model.toml", "id = 7\n");
    bench.properties("a/two/x")["8_value"]["maximum"] = json!(50);
    let answer = bench.sync(&[]);
    assert!(
        answer.err.contains("`output.json` is missing") && answer.err.contains("model.toml can't be read"),
        "{answer:?}"
    );
    assert!(answer.code == 1 && answer.out.contains("0 new, 1 changed"), "{}", answer.out);
    assert!(!bench.file("a/one/output.json").exists(), "its lock may belong to other schemas");
    assert!(bench.read("a/two/x/input.json").contains("50"));
}

#[test]
fn a_sync_that_was_killed_is_ended_by_the_next() {
    let mut bench = Bench::synced();
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    bench.models.push(entry("c/new"));
    let before = bench.snapshot();
    assert_eq!(bench.sync_on("2026-12-01", &[]).code, 0);
    let complete = bench.snapshot();
    // What the disk may hold after a kill: new folders come first and whole, then `model.toml`, then `input.json`.
    for (path, text) in before.iter().filter(|(path, text)| complete[*path] != **text && path.ends_with("input.json")) {
        fs::write(path, text).expect("the change of the schema is lost");
    }
    assert_ne!(bench.snapshot(), complete);
    assert_eq!(bench.sync_on("2026-12-01", &[]).code, 0);
    assert_eq!(bench.snapshot(), complete);
}

#[test]
fn more_families_than_features_are_told_of_the_crate_that_is_released_and_of_no_other() {
    let mut bench = Bench::new();
    bench.models = (0..300).map(|number| entry(&format!("p/wan-{number}"))).collect();
    let told = "300 models: 300 new, 0 changed, 0 unchanged, 0 left as they were; 0 removed\n";
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas");
    let answer = bench.sync_into(&own, &["--only", "p/**", "--dry-run"]);
    assert!(answer.out.ends_with(told), "{answer:?}");
    assert!(
        answer.code == 1 && answer.err.contains("[merge]") && answer.err.contains("features.toml"),
        "{}",
        answer.err
    );
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && answer.err.is_empty() && answer.out.ends_with(told), "{answer:?}");
}

#[test]
fn a_response_that_is_not_whole_is_refused() {
    let bench = Bench::synced();
    let before = bench.snapshot();
    let file = bench.file("../page.json");
    fs::write(&file, json!({"models": [entry("a/one")], "total": 384}).to_string()).expect("written");
    let answer = bench.run(&["sync", "--from", file.to_str().expect("UTF-8")]);
    assert!(answer.code == 1 && answer.err.contains("holds 1 of 384 models"), "{answer:?}");
    assert_eq!(bench.snapshot(), before);
}

/// A model of somebody's own, whose output has the shape that most models share.
fn private(bench: &Bench) {
    let output = include_str!("../../../../schemas/_shared/media-output.json");
    bench.write(
        "own/secret/model.toml",
        "id = \"own/secret\"\ndisplay_name = \"S\"\nsource = \"page\"\nupdated = 2026-01-01\n",
    );
    bench.write("own/secret/input.json", r#"{"type": "object", "properties": {"prompt": {"type": "string"}}}"#);
    bench.write("own/secret/output.json", output);
}

/// What a command brings, to a folder of private models and to an empty one.
fn brings_nothing_to_others(bring: impl Fn(&Bench) -> xtask::Answer) {
    let bench = Bench::new();
    private(&bench);
    assert_eq!(bench.generate().code, 0);
    let code = |bench: &Bench| fs::read_to_string(bench.file("../out/src/own/secret/base.rs")).expect("a module");
    let (files, before) = (bench.snapshot(), code(&bench));
    assert_eq!(bring(&bench).code, 0);
    let after = bench.snapshot();
    assert!(after.len() > files.len() && files.iter().all(|(path, text)| after[path] == *text), "{after:?}");
    assert_eq!(bench.generate().code, 0, "what was brought can be generated");
    assert_eq!(code(&bench), before, "another model's code");
    assert!(!bench.file("_shared").exists());

    let empty = Bench::new();
    empty.write("a/one/overrides.toml", "");
    assert_eq!(bring(&empty).code, 0);
    assert!(empty.file("_shared/media-output.json").exists());
}

#[test]
fn a_sync_changes_no_model_that_it_was_not_asked_about() {
    brings_nothing_to_others(|bench| bench.sync(&[]));
    brings_nothing_to_others(|bench| bench.sync(&["--only", "a/**"]));
}

#[test]
fn an_import_changes_no_model_that_it_was_not_asked_about() {
    brings_nothing_to_others(|bench| {
        let page = bench.file("../page.txt");
        fs::write(&page, include_str!("../pages/german.txt")).expect("a page");
        bench.run(&["import", page.to_str().expect("UTF-8")])
    });
}

#[test]
fn a_sync_of_which_nothing_can_be_taken_writes_nothing() {
    let mut bench = Bench::new();
    bench.models = vec![json!({"model_id": "a/one", "input_schema": {"type": "strnig"}})];
    assert_eq!(bench.sync(&[]).code, 1);
    assert!(bench.snapshot().is_empty());
}
