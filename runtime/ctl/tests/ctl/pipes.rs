//! Who reads may be gone, and a disk may be full: no command panics, and none says that all is well where its answer was lost.

use std::fs::{self, File};
use std::process::{Command, Stdio};

use serde_json::json;

use crate::desk::{Desk, MODEL};
use crate::inputs::PNG;

/// Every command that says something on its standard output, and needs no account.
const SAYS: [&[&str]; 22] = [
    &["--help"],
    &["--version"],
    &["run", MODEL, "--help"],
    &["models"],
    &["models", "--json"],
    &["show", MODEL],
    &["show", MODEL, "--json"],
    &["schema", MODEL],
    &["schema", MODEL, "--dialect", "gemini"],
    &["check", MODEL, "--prompt", "x", "--image", "sample:a.png"],
    &["run", MODEL, "--prompt", "x", "--image", "sample:a.png", "--emulator"],
    &["batch", "add", "films.jsonl", "--per-job-usd", "0.05"],
    &["batch", "status"],
    &["batch", "status", "jobs", "--json"],
    &["batch", "resolve"],
    &["batch", "strays"],
    &["batch", "settle"],
    &["batch", "restored"],
    &["batch", "release", "jobs"],
    &["batch", "retry", "jobs"],
    &["batch", "export", "jobs"],
    &["work", "--emulator"],
];

fn desk() -> Desk {
    let desk = Desk::offline();
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let input = json!({"prompt": "x", "image": "file:photo.png"});
    fs::write(desk.path("films.jsonl"), json!({"model": MODEL, "input": input}).to_string()).expect("a file");
    desk
}

/// The exit code, and what was said on the standard error.
fn ended(mut program: Command) -> (Option<i32>, String) {
    let output = program.stderr(Stdio::piped()).output().expect("the program");
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

#[test]
fn an_answer_that_can_not_be_written_is_an_error() {
    let desk = desk();
    for args in SAYS {
        let mut program = desk.program(args);
        program.stdout(File::options().write(true).open("/dev/full").expect("a device"));
        let (code, said) = ended(program);
        assert_eq!(code, Some(69), "{args:?}: {said}");
        assert!(said.contains("the standard output") && !said.contains("panicked"), "{args:?}: {said}");
    }
}

#[test]
fn who_has_read_enough_is_told_nothing() {
    let desk = desk();
    for args in SAYS {
        let (reads, writes) = std::io::pipe().expect("a pipe");
        drop(reads);
        let mut program = desk.program(args);
        program.stdout(writes);
        let (code, said) = ended(program);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        assert!(!said.contains("error") && !said.contains("panicked"), "{args:?}: {said}");
    }
}

/// Errors, logs and progress that nobody can read change nothing.
#[test]
fn a_standard_error_that_is_full_changes_nothing() {
    let desk = desk();
    for (args, wanted) in SAYS.iter().map(|args| (*args, 0)).chain([(&["models", "zzzqq"][..], 64), (&["nope"], 64)]) {
        let mut program = desk.program(args);
        let full = File::options().write(true).open("/dev/full").expect("a device");
        let code =
            program.env("RUST_LOG", "trace").stderr(full).stdout(Stdio::null()).status().expect("the program").code();
        assert_eq!(code, Some(wanted), "{args:?}");
    }
}

#[test]
fn completions_end_as_other_answers_do() {
    let desk = Desk::offline();
    let completing = |shell: &str| {
        let mut program = desk.program(&["--", "runcomfyctl", "run", ""]);
        program.env("COMPLETE", shell).env("_CLAP_COMPLETE_INDEX", "2").env("_CLAP_IFS", "\n");
        program
    };
    let (reads, writes) = std::io::pipe().expect("a pipe");
    drop(reads);
    let mut program = completing("bash");
    program.stdout(writes);
    assert_eq!(ended(program), (Some(0), String::new()));
    let (code, said) = ended(completing("nosuch"));
    assert_eq!(code, Some(64), "{said}");
}
