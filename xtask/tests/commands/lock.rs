//! `generate`, `check`, `import` and `diff` around `names.lock`, from the command line to the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use xtask::Answer;

use crate::desk::{run, text, texts_below};

const MODEL: &str = "community/wan-2-2/vace-fun";

/// A schema folder with one real model, and a place for the crate.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/emulator/tests/fixtures/schemas");
        for file in ["_shared/media-output.json".to_owned()]
            .into_iter()
            .chain(["model.toml", "input.json", "output.json"].map(|name| format!("{MODEL}/{name}")))
        {
            let target = bench.schemas().join(&file);
            fs::create_dir_all(target.parent().expect("a parent")).expect("folders");
            fs::copy(root.join(&file), target).expect("a copy");
        }
        bench
    }

    /// The same with a crate and a lock.
    fn generated() -> Self {
        let bench = Self::new();
        assert_eq!(bench.generate().code, 0);
        bench
    }

    fn schemas(&self) -> PathBuf {
        self.0.path().join("schemas")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.schemas().join(MODEL).join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).expect("a file")
    }

    fn generate(&self) -> Answer {
        self.run("generate")
    }

    fn run(&self, command: &str) -> Answer {
        let (schemas, out) = (text(&self.schemas()), text(&self.0.path().join("out")));
        run(&[command, "--schemas", &schemas, "--out", &out])
    }

    /// Changes the input schema as text.
    fn publish(&self, changes: &[(&str, &str)]) {
        let mut input = self.read("input.json");
        for (old, new) in changes {
            assert!(input.contains(old), "{old}");
            input = input.replace(old, new);
        }
        fs::write(self.file("input.json"), input).expect("written");
    }

    /// Every file with its text.
    fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        texts_below(self.0.path())
    }

    /// A copy of the schema folder, for `diff`.
    fn copy(&self) -> String {
        let copy = self.0.path().join("old");
        for (path, content) in self.snapshot() {
            if let Ok(below) = path.strip_prefix(self.schemas()) {
                fs::create_dir_all(copy.join(below).parent().expect("a parent")).expect("folders");
                fs::write(copy.join(below), content).expect("a copy");
            }
        }
        text(&copy)
    }
}

/// Every node id is another field's, or new.
const RENUMBERED: [(&str, &str); 9] = [
    ("\"56_text\"", "\"A_text\""),
    ("\"118_image\"", "\"56_image\""),
    ("\"4_valuex3_value\"", "\"118_valuex4_value\""),
    ("\"25_value\"", "\"3_value\""),
    ("\"47_value\"", "\"B_value\""),
    ("\"38_value\"", "\"47_value\""),
    ("\"98_seed\"", "\"38_seed\""),
    ("\"A_text\"", "\"98_text\""),
    ("\"B_value\"", "\"777_value\""),
];

const TITLES_SWAPPED: [(&str, &str); 3] =
    [("\"Steps\"", "\"?\""), ("\"Frames Per Second\"", "\"Steps\""), ("\"?\"", "\"Frames Per Second\"")];

#[test]
fn generate_writes_the_lock_and_check_watches_it() {
    let bench = Bench::new();
    let stale = bench.run("generate");
    assert!(stale.out.contains("names.lock") && stale.out.ends_with("0 unchanged\n"), "{}", stale.out);
    assert_eq!(bench.run("check").code, 0);
    assert_eq!(bench.generate().out, "1 model: wrote 0 files, 12 unchanged\n");

    let lock = bench.read("names.lock");
    fs::write(bench.file("names.lock"), lock.replace("title = \"Seed\"", "title = \"Sead\"")).expect("written");
    let changed = bench.run("check");
    assert!(
        changed.code == 1 && changed.err.contains("changed: ") && changed.err.contains("names.lock"),
        "{changed:?}"
    );
    fs::remove_file(bench.file("names.lock")).expect("removed");
    let missing = bench.run("check");
    assert!(missing.code == 1 && missing.err.contains("missing: "), "{missing:?}");
    assert_eq!(bench.generate().code, 0);
    assert_eq!(bench.read("names.lock"), lock);
}

#[test]
fn a_renumbering_changes_wire_keys_and_nothing_else() {
    let bench = Bench::generated();
    let code = bench.0.path().join("out/src/community/wan_2_2/vace_fun.rs");
    let before = fs::read_to_string(&code).expect("generated");
    bench.publish(&RENUMBERED);
    assert_eq!(bench.generate().out.lines().last(), Some("1 model: wrote 3 files, 9 unchanged"));
    let after = fs::read_to_string(&code).expect("generated");
    let changed: Vec<_> = before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!(before.lines().count(), after.lines().count());
    assert_eq!(changed.len(), 15, "seven keys, each in a table and in a doc, and the digest of the wire: {changed:#?}");
    let expected = |old: &str| old.contains("key: ") || old.contains("Digest::new(");
    assert!(changed.iter().all(|(old, _)| expected(old)), "{changed:#?}");
}

#[test]
fn titles_that_change_places_while_ids_move_stop_and_nothing_is_written() {
    let bench = Bench::generated();
    bench.publish(&RENUMBERED);
    bench.publish(&TITLES_SWAPPED);
    let before = bench.snapshot();
    let stopped = bench.generate();
    assert_eq!((stopped.code, stopped.out.as_str()), (1, ""));
    for words in ["can't tell what became of", "`steps`", "# steps = \"777_value\"", "overrides.toml", "1 error\n"] {
        assert!(stopped.err.contains(words), "{words}: {}", stopped.err);
    }
    assert_eq!(bench.snapshot(), before);

    let answers = "[moved]\nsteps = \"777_value\"\nframes_per_second = \"47_value\"\n";
    fs::write(bench.file("overrides.toml"), answers).expect("written");
    assert_eq!(bench.generate().code, 0);
    let lock = bench.read("names.lock");
    assert!(lock.contains("name = \"steps\"\nkey = \"777_value\""), "{lock}");
    assert_eq!(bench.run("check").code, 0, "answers that are in the lock stay without effect");
}

#[test]
fn a_plain_key_with_the_name_of_a_removed_field_may_be_that_field() {
    let bench = Bench::generated();
    bench.publish(&[("\"56_text\"", "\"prompt\"")]);
    let stopped = bench.generate();
    assert!(stopped.code == 1 && stopped.err.contains("[moved]\n        prompt = \"prompt\""), "{}", stopped.err);
    fs::write(bench.file("overrides.toml"), "[moved]\nprompt = \"prompt\"\n").expect("written");
    assert_eq!(bench.generate().code, 0);
    assert!(bench.read("names.lock").contains("name = \"prompt\"\nkey = \"prompt\""));
}

#[test]
fn a_pinned_name_survives_a_renumbering_that_gives_its_key_to_another_field() {
    let bench = Bench::generated();
    fs::write(bench.file("overrides.toml"), "[names]\n\"56_text\" = \"scene\"\n").expect("written");
    assert_eq!(bench.generate().code, 0);
    bench.publish(&RENUMBERED);
    let renumbered = bench.generate();
    assert_eq!(renumbered.code, 0, "{}", renumbered.err);
    let lock = bench.read("names.lock");
    assert!(lock.contains("name = \"scene\"\nformer = [\n    \"prompt\",\n]\nkey = \"98_text\""), "{lock}");
    assert!(lock.contains("name = \"image\"\nkey = \"56_image\""), "{lock}");
}

#[test]
fn an_import_that_the_lock_can_not_place_leaves_the_model_as_it_was() {
    let bench = Bench::generated();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/pages/german.txt");
    let mut page = fs::read_to_string(page).expect("a page");
    for (old, new) in RENUMBERED.iter().chain(&TITLES_SWAPPED) {
        page = page.replace(old, new);
    }
    let file = bench.0.path().join("page.txt");
    fs::write(&file, page).expect("written");
    let before = bench.snapshot();
    let stopped = run(&["import", &text(&file), "--schemas", &text(&bench.schemas())]);
    assert!(stopped.code == 1 && stopped.err.contains("can't tell what became of"), "{stopped:?}");
    assert_eq!(bench.snapshot(), before);
}

#[cfg(unix)]
#[test]
fn a_lock_that_can_not_be_written_leaves_the_crate_as_it_was() {
    let bench = Bench::generated();
    fs::rename(bench.file("names.lock"), bench.file("README.lock")).expect("renamed");
    std::os::unix::fs::symlink("README.lock", bench.file("names.lock")).expect("a link");
    bench.publish(&RENUMBERED);
    let before = bench.snapshot();
    let refused = bench.generate();
    assert!(refused.code == 1 && refused.err.contains("names.lock"), "{refused:?}");
    assert_eq!(bench.snapshot(), before);
}

#[test]
fn diff_raises_the_flag_for_a_renumbering() {
    let bench = Bench::generated();
    let (old, new) = (bench.copy(), text(&bench.schemas()));
    assert_eq!(run(&["diff", &old, &new, "--fail-on", "any"]).code, 0, "nothing changed");
    bench.publish(&RENUMBERED);
    let told = run(&["diff", &old, &new, "--fail-on", "breaking"]);
    assert_eq!(told.code, 0, "{}", told.out);
    for words in ["RELEASE AT ONCE", "`Input.prompt`: the key on the wire: `56_text` → `98_text`", "(patch)"] {
        assert!(told.out.contains(words), "{words}: {}", told.out);
    }
    assert_eq!(run(&["diff", &old, &new, "--fail-on", "wrong-keys"]).code, 1);
    let json: serde_json::Value =
        serde_json::from_str(&run(&["diff", &old, &new, "--format", "json"]).out).expect("JSON");
    assert!(json["wrong_keys"] == true && json["verdict"] == "compatible", "{json}");
    for (format, mark) in [("markdown", "56_text"), ("changelog", "-")] {
        let told = run(&["diff", &old, &new, "--format", format]);
        assert!(told.code == 0 && told.out.contains(mark), "{told:?}");
    }
}

#[test]
fn diff_takes_git_revisions_and_says_what_is_none() {
    let bench = Bench::generated();
    let git = |arguments: &[&str]| {
        let ran = Command::new("git")
            .current_dir(bench.0.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .output()
            .expect("git");
        assert!(ran.status.success(), "{ran:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    bench.publish(&RENUMBERED);
    let schemas = text(&bench.schemas());
    let told = run(&["diff", "HEAD", &schemas, "--schemas", &schemas]);
    assert!(told.code == 0 && told.out.contains("RELEASE AT ONCE"), "{told:?}");
    // A folder of a revision holds no schema folder, and would seem to have no models.
    for nothing in ["no-such-branch", "--output=x", "", "HEAD:schemas", "HEAD^{tree}"] {
        let refused = run(&["diff", "--schemas", &schemas, "--", nothing, &schemas]);
        assert!(refused.code == 1 && refused.err.contains("name a folder, or a revision"), "{refused:?}");
    }
    git(&["rm", "-rq", "--cached", "schemas"]);
    git(&["commit", "-qm", "second"]);
    let refused = run(&["diff", "HEAD", &schemas, "--schemas", &schemas]);
    assert!(refused.code == 1 && refused.err.contains("does not have the schema folder"), "{refused:?}");
    assert_eq!(run(&["diff", "HEAD^", &schemas, "--schemas", &schemas]).code, 0);
}

#[test]
fn diff_believes_the_new_locks_about_names_that_were_given_in_between() {
    let bench = Bench::generated();
    let (old, new) = (bench.copy(), text(&bench.schemas()));
    bench.publish(&[("\"47_value\"", "\"mood\""), ("\"Steps\"", "\"Mood\"")]);
    assert_eq!(bench.generate().code, 0);
    bench.publish(&[("\"mood\"", "\"300_value\""), ("\"Mood\"", "\"Amount\""), ("\"maximum\": 40", "\"maximum\": 41")]);
    assert_eq!(bench.generate().code, 0);
    let told = run(&["diff", &old, &new, "--fail-on", "breaking"]);
    assert!(
        told.code == 1 && told.out.contains("`Input.steps`: the field is gone"),
        "the crate has another name: {told:?}"
    );
}

#[test]
fn diff_says_which_version_it_can_not_read() {
    let bench = Bench::generated();
    let (old, new) = (bench.copy(), text(&bench.schemas()));
    bench.publish(&[("\"integer\"", "\"integr\"")]);
    let refused = run(&["diff", &old, &new]);
    assert!(refused.code == 1 && refused.err.contains(&format!("{new}: {MODEL}/input.json")), "{refused:?}");
}
