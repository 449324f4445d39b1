//! A maintainer's year: questions that are answered before their schema comes, ids that are spelt anew, locks that are lost,
//! and two runs at once.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::bench::{Bench, entry};

/// The fields of `entry` with new ids, of which two took over what was said of the other.
fn in_doubt() -> Value {
    json!({
        "1_text": {"type": "string", "title": "Prompt"},
        "2_value": {"type": "integer", "title": "Steps", "maximum": 24},
        "3_value": {"type": "integer", "title": "Frames", "maximum": 40},
    })
}

/// The same before.
fn in_doubt_before() -> Value {
    entry("a/one")["input_schema"]["properties"].clone()
}

const ANSWERS: &str = "[moved]\nsteps = \"2_value\"\nframes = \"3_value\"\n";

/// The model's fields in doubt, and no other change.
fn asked() -> Bench {
    let mut bench = Bench::synced();
    *bench.properties("a/one") = in_doubt();
    bench.models[0]["input_schema"]["required"] = json!(["1_text"]);
    bench
}

#[test]
fn a_sync_after_an_answer_tells_which_keys_moved() {
    let bench = asked();
    assert!(bench.sync(&[]).err.contains("can't tell what became of"));
    bench.write("a/one/overrides.toml", ANSWERS);
    let answer = bench.sync(&[]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    for words in ["RELEASE AT ONCE", "`Input.steps`", "`8_value` → `2_value`", "`9_value` → `3_value`", "1 changed"]
    {
        assert!(answer.out.contains(words), "{words}: {}", answer.out);
    }
    assert_eq!(bench.generate().code, 0);
    let lock = bench.read("a/one/names.lock");
    assert!(lock.contains("name = \"steps\"\nkey = \"2_value\""), "{lock}");
}

#[test]
fn answers_that_were_committed_first_wait_for_their_schema() {
    let mut bench = asked();
    let lock = bench.read("a/one/names.lock");
    bench.write("a/one/overrides.toml", ANSWERS);
    for command in ["check", "generate"] {
        let answer = bench.crate_command(command);
        assert_eq!(answer.code, 0, "{answer:?}");
        let told = "warning: `steps = \"2_value\"` under [moved] waits";
        assert!(answer.err.contains(told) && answer.err.ends_with("2 warnings\n"), "{}", answer.err);
    }
    assert_eq!(bench.read("a/one/names.lock"), lock);
    let schema = bench.models[0].clone();
    // Another model changes first, then the one that waits.
    bench.models[0] = entry("a/one");
    bench.properties("a/two/x")["8_value"]["maximum"] = json!(50);
    assert!(bench.sync(&[]).out.contains("1 changed"));
    bench.models[0] = schema;
    assert!(bench.sync(&[]).out.contains("RELEASE AT ONCE"));
    assert_eq!(bench.crate_command("generate").err, "", "given");
    assert_eq!(bench.crate_command("check").code, 0);
}

#[test]
fn overrides_for_a_schema_that_comes_hide_nothing_of_its_report() {
    let mut bench = Bench::synced();
    bench.properties("a/one")["10_value"] = json!({"type": "integer", "title": "日本", "maximum": 9});
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    bench.write("a/one/overrides.toml", "[names]\n\"10_value\" = \"japan\"\n");
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && !answer.out.contains("not compared"), "{answer:?}");
    assert!(answer.out.contains("`Input.steps`") && answer.out.contains("japan"), "{}", answer.out);
}

#[test]
fn a_keyword_that_is_accepted_everywhere_may_come_and_go() {
    let mut bench = Bench::synced();
    bench.write("overrides.toml", "[accept]\nkeywords = [\"wibble\"]\n");
    let told = bench.generate();
    assert!(
        told.code == 0 && told.err.contains("warning: the entry \"wibble\" of [accept] matches nothing"),
        "{told:?}"
    );
    bench.properties("a/one")["8_value"]["wibble"] = json!(1);
    assert_eq!((bench.sync(&[]).code, bench.generate().err.as_str()), (0, ""));
    bench.models[0] = entry("a/one");
    assert!(bench.sync(&[]).out.contains("1 changed") && bench.generate().code == 0);
}

#[test]
fn of_two_questions_with_one_answer_only_the_other_is_left() {
    let mut bench = Bench::new();
    let with = |properties: Value| json!({"type": "object", "properties": properties});
    bench.models[0]["input_schema"] = with(json!({
        "1_text": {"type": "string", "title": "Prompt"}, "2_seed": {"type": "integer", "title": "Seed"},
    }));
    assert_eq!((bench.sync(&[]).code, bench.generate().code), (0, 0));
    bench.models[0]["input_schema"] = with(json!({
        "8_text": {"type": "string", "title": "Scene"}, "9_seed": {"type": "integer", "title": "Noise"},
    }));
    assert!(bench.sync(&[]).err.ends_with("2 errors\n"));
    bench.write("a/one/overrides.toml", "[moved]\nprompt = \"8_text\"\n");
    let answer = bench.sync(&[]);
    assert!(answer.err.contains("`seed`") && answer.err.ends_with("1 error\n"), "{}", answer.err);
    assert!(!answer.err.contains("`prompt`") && !answer.err.contains("delete the line"), "{}", answer.err);
    bench.write("a/one/overrides.toml", "[moved]\nprompt = \"88_text\"\nseed = \"9_seed\"\n");
    let answer = bench.sync(&[]);
    assert!(answer.err.contains("unless `8_text` is meant"), "{}", answer.err);
}

#[test]
fn a_spent_answer_stops_no_renumbering() {
    let mut bench = asked();
    bench.write("a/one/overrides.toml", ANSWERS);
    assert_eq!((bench.sync(&[]).code, bench.generate().code), (0, 0));
    let renumbered = bench.models[0]["input_schema"].to_string();
    let renumbered = renumbered.replace("\"2_value", "\"12_value").replace("\"3_value", "\"2_value");
    bench.models[0]["input_schema"] = serde_json::from_str(&renumbered).expect("JSON");
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && answer.out.contains("`2_value` → `12_value`"), "{answer:?}");
    let told = bench.generate().err;
    assert!(told.contains("`steps = \"2_value\"` under [moved] had its day: it is at \"12_value\" now"), "{told}");
    assert_eq!(bench.generate().err, "", "told once");
}

#[test]
fn answers_about_a_type_that_is_gone_stop_nothing() {
    let mut bench = Bench::new();
    let camera = |fields: Value| json!({"type": "object", "title": "Camera", "properties": fields});
    bench.properties("a/one")["camera"] = camera(in_doubt_before());
    assert_eq!((bench.sync(&[]).code, bench.generate().code), (0, 0));
    bench.properties("a/one")["camera"] = camera(in_doubt());
    assert!(bench.sync(&[]).err.contains("[moved.Camera]"));
    bench.write("a/one/overrides.toml", &ANSWERS.replace("[moved]", "[moved.Camera]"));
    assert_eq!((bench.sync(&[]).code, bench.generate().code), (0, 0));
    bench.models[0] = entry("a/one");
    let answer = bench.sync(&[]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    let told = bench.generate();
    let note = "`steps = \"2_value\"` under [moved.Camera] waits: its type is not there now";
    assert!(told.code == 0 && told.err.contains(note), "{told:?}");
    bench.write("a/one/overrides.toml", "[moved.Camra]\nsteps = \"2_value\"\n");
    assert!(bench.generate().err.contains("did you mean \"Camera\""));
}

#[test]
fn a_lock_that_was_deleted_is_told() {
    let mut bench = Bench::synced();
    fs::remove_file(bench.file("a/one/names.lock")).expect("removed");
    let told = bench.generate().err;
    assert!(told.contains("a/one/names.lock") && told.contains("restore it from version control"), "{told}");
    assert_eq!(bench.generate().err, "");
    fs::remove_file(bench.file("a/one/names.lock")).expect("removed");
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    let told = bench.sync(&[]).out;
    assert!(told.contains("`a/one` has no names.lock: if it was deleted, restore it"), "{told}");
}

#[test]
fn of_two_runs_at_once_one_is_refused() {
    let mut bench = Bench::synced();
    bench.properties("a/one")["8_value"]["maximum"] = json!(50);
    bench.write("../page.txt", include_str!("../pages/german.txt"));
    let page = bench.file("../page.txt");
    let before = bench.snapshot();
    let held = runcomfy_codegen::fs::hold(&bench.schemas()).expect("free");
    for answer in [bench.sync(&[]), bench.generate(), bench.run(&["import", page.to_str().expect("UTF-8")])] {
        assert!(answer.code == 1 && answer.err.contains("another run is at work in the folder"), "{answer:?}");
    }
    assert!(bench.sync(&["--dry-run"]).code == 0 && bench.crate_command("check").code == 0, "who only reads may");
    assert_eq!(bench.snapshot(), before);
    drop(held);
    assert_eq!(bench.sync(&[]).code, 0);
}

const BEFORE: &str = "community/wan-2-2/vace-fun";
const NOW: &str = "community/wan_2.2/vace_fun";

/// A model with a name of its own, whose id is spelt anew.
fn respelt() -> Bench {
    let mut bench = Bench::new();
    bench.models[0] = entry(BEFORE);
    bench.write(&format!("{BEFORE}/overrides.toml"), "[names]\n\"7_text\" = \"scene\"\n");
    assert_eq!((bench.sync(&[]).code, bench.generate().code), (0, 0));
    bench.models[0] = entry(NOW);
    bench.properties(NOW)["8_value"]["maximum"] = json!(50);
    bench
}

#[test]
fn an_id_that_is_spelt_anew_is_the_same_model() {
    let bench = respelt();
    let old = bench.file("../old");
    copy(&bench.schemas(), &old);
    let answer = bench.sync(&[]);
    assert!(answer.code == 0 && answer.out.contains("0 new, 1 changed, 2 unchanged"), "{answer:?}");
    assert!(!answer.out.contains("feature"), "the Cargo feature is that of every spelling: {}", answer.out);
    for words in ["RELEASE AT ONCE", "the id is spelt `community/wan_2.2/vace_fun` now", "`Input.steps`", "went along"]
    {
        assert!(answer.out.contains(words), "{words}: {}", answer.out);
    }
    assert!(!answer.out.contains("gone") && !bench.file("community/wan-2-2").exists());
    assert!(bench.read(&format!("{NOW}/overrides.toml")).contains("scene"));
    assert_eq!(bench.generate().code, 0);
    assert!(bench.read(&format!("{NOW}/names.lock")).contains("name = \"scene\"\nkey = \"7_text\""));
    let told = bench.run(&["diff", old.to_str().expect("UTF-8"), bench.schemas().to_str().expect("UTF-8")]);
    assert!(told.out.contains("RELEASE AT ONCE") && told.out.contains("is spelt"), "{}", told.out);
    assert!(bench.sync(&[]).out.starts_with("3 models: 0 new, 0 changed, 3 unchanged"));
}

#[test]
fn while_both_spellings_are_listed_the_known_one_stays() {
    let mut bench = respelt();
    bench.models.push(entry(BEFORE));
    let before = bench.snapshot();
    let answer = bench.sync(&[]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert!(answer.out.contains(&format!("`{NOW}` is `{BEFORE}` in another spelling, which stays")), "{}", answer.out);
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_respelt_model_that_can_not_be_taken_stays_as_it_was() {
    let mut bench = respelt();
    bench.properties(NOW)["8_value"]["type"] = json!("strnig");
    let before = bench.snapshot();
    let answer = bench.sync(&[]);
    assert!(answer.code == 1 && answer.err.contains("strnig") && answer.out.contains("1 left"), "{answer:?}");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn a_spelling_that_is_one_folder_where_case_is_ignored_is_moved_by_hand() {
    let mut bench = respelt();
    bench.models[0] = entry("community/WAN-2-2/vace-fun");
    let answer = bench.sync(&[]);
    assert!(answer.code == 1 && answer.err.contains("move its folder, and sync again"), "{answer:?}");
    assert!(bench.file(BEFORE).exists());
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, target).expect("a copy")),
        }
    }
}
