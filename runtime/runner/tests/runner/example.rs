//! The example `batch`, which ends itself in the middle and is started again: what it says against the emulator's account.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

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

/// Lets a program work for an emulator, into a folder.
fn arranged(mut program: Command, emulator: &Emulator, out: &std::path::Path) -> Command {
    program.args(["--token-env", "TOKEN_OF_THE_TEST", "--base-url", emulator.base_url()]);
    program.arg("--out").arg(out).env("TOKEN_OF_THE_TEST", emulator.token());
    program
}

fn run(emulator: &Emulator, out: &std::path::Path, die_after: Option<&str>) -> Output {
    let mut example = arranged(example(), emulator, out);
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

/// A full disk is hard to come by; a limit on the size of files fails at the same place. Here it is set for a program that runs,
/// when the first answer to a submit leaves the server.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_is_full_when_the_answer_comes_costs_no_id() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

    let most = getrlimit(Resource::Fsize);
    let limit = move |id: i32, current| {
        let limit = Rlimit { current, ..most };
        prlimit(Pid::from_raw(id), Resource::Fsize, limit).expect("a limit");
    };
    let (id, is_full) = (Arc::new(AtomicI32::new(0)), Arc::new(AtomicBool::new(false)));
    let (of_program, full) = (Arc::clone(&id), Arc::clone(&is_full));
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/downstream/schemas");
    let emulator = Emulator::builder(schemas).speed(60.0).workers(8).token("token-of-the-disk-test");
    let emulator = emulator.on_request(move |request| {
        let id = of_program.load(Ordering::SeqCst);
        if request.method == "POST" && id > 0 && !full.swap(true, Ordering::SeqCst) {
            limit(id, Some(0));
        }
    });
    let (emulator, out) = (emulator.start().await.expect("an emulator"), tempfile::tempdir().expect("a folder"));

    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(example().get_program());
    let mut shell = arranged(shell, &emulator, out.path());
    let mut child = shell.args(["--budget", "0.60"]).stdout(Stdio::piped()).spawn().expect("a shell");
    id.store(child.id().cast_signed(), Ordering::SeqCst);
    let (mut said, mut lines) = (String::new(), BufReader::new(child.stdout.take().expect("piped")));
    let ids = || emulator.account().accepted().filter_map(|job| job.request_id.clone()).collect::<Vec<_>>();
    // Whether all ids were, before there was room again.
    let mut told = None;
    let status = tokio::task::block_in_place(|| {
        let mut troubles = 0;
        while lines.read_line(&mut said).expect("text") > 0 {
            let is_told = ids().iter().all(|id| said.contains(id));
            // Where an id is not told, it ends all the same, after a minute or two.
            if told.is_none() && is_full.load(Ordering::SeqCst) && (is_told || troubles > 100) {
                told = Some(is_told && said.contains("is on no disk yet"));
                limit(child.id().cast_signed(), most.maximum);
            }
            troubles += usize::from(is_full.load(Ordering::SeqCst));
        }
        child.wait().expect("it ends")
    });
    assert!(told == Some(true) && ids().iter().all(|id| said.contains(id)), "{said}");
    assert!(status.success() && said.contains("12 paid: $0.60 spent, $0.00 reserved"), "{said}");
    assert_eq!((ids().len(), emulator.account().paid_twice().len()), (12, 0));
}
