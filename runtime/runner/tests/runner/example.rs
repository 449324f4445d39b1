//! The example `batch`, which ends itself in the middle and is started again: what it says against the emulator's account.

use std::process::{Command, Output};

use runcomfy_emulator::Emulator;

/// The program, as cargo built it last.
fn example() -> Command {
    let this = std::env::current_exe().expect("a test knows where it is");
    // target/debug/deps/this → target/debug/examples
    let folder = this.ancestors().nth(2).expect("a test lies in a target folder").join("examples");
    let program = folder.join(format!("batch{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        // A test that was asked for by name is built without the examples.
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "runcomfy-runner", "--example", "batch"]);
        if folder.components().any(|part| part.as_os_str() == "release") {
            cargo.arg("--release");
        }
        assert!(cargo.status().expect("cargo").success(), "the example batch does not build");
    }
    Command::new(program)
}

fn run(emulator: &Emulator, out: &std::path::Path, die_after: Option<&str>) -> Output {
    let mut example = example();
    example.args(["--token-env", "TOKEN_OF_THE_TEST", "--base-url", emulator.base_url()]);
    example.arg("--out").arg(out).env("TOKEN_OF_THE_TEST", emulator.token());
    example.args(die_after.into_iter().flat_map(|count| ["--die-after", count]));
    tokio::task::block_in_place(|| example.output()).expect("the example")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_jobs_within_a_budget_for_sixty_that_end_in_the_middle_and_go_on() {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/downstream/schemas");
    let emulator = Emulator::builder(schemas).speed(60.0).workers(8).token("token-of-the-batch-test").start().await;
    let (emulator, out) = (emulator.expect("an emulator"), tempfile::tempdir().expect("a folder"));
    let died = run(&emulator, out.path(), Some("30"));
    assert!(!died.status.success(), "it ends as by a crash");
    let paid = emulator.account().accepted().count();
    assert!((30..60).contains(&paid), "{paid} paid when it died");

    let done = run(&emulator, out.path(), None);
    let said = String::from_utf8_lossy(&done.stdout);
    let errors = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{said}\n{errors}");
    let summary = "100 jobs: 40 queued, 60 succeeded\n60 paid: $3.00 spent, $0.00 reserved, of $3.00\n40 held back";
    assert!(said.contains(summary), "{said}\n{errors}");
    assert!(said.starts_with("0 jobs are new\n"), "{said}");
    let account = emulator.account();
    assert_eq!((account.accepted().count(), account.paid_twice().len()), (60, 0));
    assert_eq!(account.spent(), runcomfy_emulator::Usd::from_micros(3_000_000));
    let films = std::fs::read_dir(out.path().join("films")).expect("a folder");
    let films =
        films.filter(|film| film.as_ref().is_ok_and(|film| film.path().extension().is_some_and(|e| e == "mp4")));
    assert_eq!(films.count(), 60);
}
