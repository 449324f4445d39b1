//! The nightly job (`.ci/sync`): its branch and its pull request over several nights. git is real; the catalogue, the commands
//! of xtask and gh are small stand-ins that do as they are told and write down what they were asked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Takes over what `$CATALOGUE` holds, as `cargo xtask` would; `$DAY` is today.
const XTASK: &str = r#"#!/usr/bin/env bash
set -euo pipefail
case "$1" in
sync)
    if [ "$2" != --facts-only ]; then echo 'error: texts that are not ours' >&2; exit 1; fi
    if [ ! -e "$CATALOGUE" ]; then echo 'error: the catalogue can not be read' >&2; exit 1; fi
    mkdir -p schemas/a/b
    if ! cmp -s "$CATALOGUE" schemas/a/b/input.json; then
        cp "$CATALOGUE" schemas/a/b/input.json
        printf 'id = "a/b"\nupdated = %s\n' "$DAY" >schemas/a/b/model.toml
    fi
    echo '1 model: 0 new, 1 changed'
    if grep -q doubt "$CATALOGUE"; then echo 'error: can not tell' >&2; exit 1; fi ;;
generate) mkdir -p generated; cat schemas/a/b/input.json schemas/a/b/overrides.toml >generated/lib.rs 2>/dev/null || true ;;
diff) echo "report on $2"; case "$*" in *wrong-keys*) ! grep -q moved schemas/a/b/input.json ;; esac ;;
esac
"#;

/// Notes its arguments; lists the pull request that is open.
const GH: &str = r#"#!/usr/bin/env bash
echo "$*" >>"$GH_LOG"
case "$1 $2" in "pr list") cat "$GH_OPEN" ;; esac
"#;

/// A repository with a remote, and what surrounds the job.
struct Night(TempDir);

impl Night {
    fn new() -> Self {
        let night = Self(tempfile::tempdir().expect("a folder"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/sync");
        for (name, text) in [("bin/xtask", XTASK), ("bin/gh", GH), ("open", ""), ("catalogue", "one\n")] {
            night.write(name, text);
        }
        night.write("clone/.ci/sync", &fs::read_to_string(script).expect("the script"));
        for name in ["bin/xtask", "bin/gh", "clone/.ci/sync"] {
            fs::set_permissions(night.path(name), fs::Permissions::from_mode(0o755)).expect("executable");
        }
        night.write("clone/schemas/a/b/input.json", "one\n");
        night.write("clone/schemas/a/b/model.toml", "id = \"a/b\"\nupdated = 2026-01-01\n");
        night.write("clone/generated/lib.rs", "one\n");
        night.git(".", &["init", "-q", "--bare", "-b", "main", "origin"]);
        night.git("clone", &["init", "-q", "-b", "main"]);
        night.git("clone", &["remote", "add", "origin", "../origin"]);
        night.commit("main");
        night
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().expect("a parent")).expect("folders");
        fs::write(self.path(name), text).expect("written");
    }

    fn git(&self, folder: &str, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(self.path(folder)).args(["-c", "user.name=A Person", "-c", "user.email=a@person"]);
        let output = git.args(arguments).output().expect("git");
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// A person commits and pushes everything in the clone.
    fn commit(&self, branch: &str) {
        self.git("clone", &["add", "-A"]);
        self.git("clone", &["commit", "-q", "-m", "by a person"]);
        self.git("clone", &["push", "-q", "origin", &format!("HEAD:{branch}")]);
    }

    /// The head of a branch of the remote; empty if there is none.
    fn head(&self, branch: &str) -> String {
        self.git("origin", &["for-each-ref", "--format=%(objectname)", &format!("refs/heads/{branch}")])
    }

    fn file(&self, branch: &str, name: &str) -> String {
        self.git("origin", &["show", &format!("{branch}:{name}")])
    }

    /// Runs the job; gives what gh was asked, after the list of pull requests.
    fn run(&self, day: &str) -> (Output, String) {
        self.write("log", "");
        self.git("clone", &["switch", "-q", "--detach", "main"]);
        let path = format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap_or_default());
        let mut job = Command::new("bash");
        job.arg(self.path("clone/.ci/sync")).env("PATH", path).env("XTASK", self.path("bin/xtask")).env("DAY", day);
        job.env("CATALOGUE", self.path("catalogue")).env("GH_LOG", self.path("log")).env("GH_OPEN", self.path("open"));
        let output = job.env_remove("GITHUB_STEP_SUMMARY").output().expect("bash");
        let log = fs::read_to_string(self.path("log")).expect("a log");
        (output, log.lines().skip(1).collect::<Vec<_>>().join("\n"))
    }

    /// Runs the job on a catalogue; it ends well.
    fn night(&self, catalogue: &str, day: &str) -> String {
        self.write("catalogue", catalogue);
        let (output, log) = self.run(day);
        assert!(output.status.success(), "{output:?}");
        log
    }

    /// A night after which there is a pull request.
    fn opened() -> Self {
        let night = Self::new();
        let log = night.night("two\n", "2026-02-01");
        assert!(log.starts_with("pr create --head sync --title Sync the schemas with RunComfy --body-file"), "{log}");
        assert!(log.ends_with("workflow run ci.yml --ref sync"), "{log}");
        night.write("open", "7\n");
        night
    }
}

#[test]
fn without_a_change_nothing_is_pushed() {
    let night = Night::new();
    assert_eq!((night.night("one\n", "2026-02-01").as_str(), night.head("sync").as_str()), ("", ""));
}

#[test]
fn the_same_change_gets_no_new_head_on_another_day() {
    let night = Night::opened();
    let head = night.head("sync");
    let log = night.night("two\n", "2026-02-02");
    assert!(log.starts_with("pr edit 7 ") && !log.contains("workflow"), "{log}");
    assert_eq!(night.head("sync"), head);
    let log = night.night("three, moved\n", "2026-02-03");
    assert!(log.starts_with("pr edit 7 --title Sync the schemas with RunComfy: release at once"), "{log}");
    assert!(log.contains("workflow run") && night.file("sync", "schemas/a/b/model.toml").ends_with("2026-02-03"));
    assert_eq!(night.git("origin", &["rev-list", "--count", "main..sync"]), "1", "made anew, not piled up");
}

#[test]
fn a_catalogue_that_went_back_closes_the_pull_request() {
    let night = Night::opened();
    let log = night.night("one\n", "2026-02-02");
    assert!(log.starts_with("pr close 7 --comment") && !log.contains("workflow"), "{log}");
}

#[test]
fn what_a_person_pushed_stays_and_is_used() {
    let night = Night::opened();
    night.git("clone", &["switch", "-q", "sync"]);
    night.write("clone/schemas/a/b/overrides.toml", "answer\n");
    night.commit("sync");
    let theirs = night.head("sync");
    night.night("three\n", "2026-02-02");
    night.git("origin", &["merge-base", "--is-ancestor", &theirs, "sync"]);
    assert_eq!(night.file("sync", "generated/lib.rs"), "three\nanswer");
    let head = night.head("sync");
    night.night("three\n", "2026-02-03");
    assert_eq!(night.head("sync"), head);
}

#[test]
fn a_branch_of_people_that_does_not_merge_is_told_and_left_alone() {
    let night = Night::opened();
    night.git("clone", &["switch", "-q", "sync"]);
    night.write("clone/schemas/a/b/input.json", "theirs\n");
    night.commit("sync");
    night.git("clone", &["switch", "-q", "main"]);
    night.write("clone/schemas/a/b/input.json", "of main\n");
    night.commit("main");
    let head = night.head("sync");
    let (output, log) = night.run("2026-02-02");
    assert!(output.status.code() == Some(1) && log.starts_with("pr comment 7 "), "{output:?} {log}");
    assert_eq!(night.head("sync"), head);
}

#[test]
fn commits_of_people_outlive_a_pull_request_that_was_closed() {
    let night = Night::opened();
    night.git("clone", &["switch", "-q", "sync"]);
    night.write("clone/schemas/a/b/overrides.toml", "answer\n");
    night.commit("sync");
    let theirs = night.head("sync");
    night.write("open", "");
    let log = night.night("two\n", "2026-02-02");
    assert!(log.starts_with("pr create"), "{log}");
    assert_eq!(night.head(&format!("sync-kept-{}", &theirs[..12])), theirs);
    assert_eq!(night.file("sync", "generated/lib.rs"), "two");
}

#[test]
fn a_catalogue_that_can_not_be_read_changes_nothing() {
    let night = Night::opened();
    fs::remove_file(night.path("catalogue")).expect("removed");
    let head = night.head("sync");
    let (output, log) = night.run("2026-02-02");
    assert_eq!((output.status.code(), log.as_str(), night.head("sync")), (Some(1), "", head));
}

#[test]
fn models_that_wait_for_an_answer_are_told_and_others_are_synced() {
    let night = Night::new();
    night.write("catalogue", "in doubt\n");
    let (output, log) = night.run("2026-02-01");
    assert!(output.status.code() == Some(1) && log.starts_with("pr create"), "{output:?} {log}");
    assert_eq!(night.file("sync", "generated/lib.rs"), "in doubt");
}
