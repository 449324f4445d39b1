//! Jobs, from the command to the film.

use std::fs;
use std::path::Path;
use std::time::Duration;

use runcomfy_emulator::{Fault, Faults, Route, Usd, When};

use crate::desk::{Desk, MODEL, Watched, beside, builder};
use crate::inputs::PNG;

const RUN: [&str; 6] = ["run", MODEL, "--prompt", "a lone figure", "--image", "photo.png"];

fn films(folder: &Path) -> usize {
    let Ok(batches) = fs::read_dir(folder) else { return 0 };
    let files = batches.flat_map(|batch| fs::read_dir(batch.expect("a folder").path()).expect("a folder"));
    files.filter(|file| file.as_ref().is_ok_and(|file| file.path().extension().is_some_and(|end| end == "mp4"))).count()
}

#[test]
fn a_film_is_left_without_an_account() {
    let desk = Desk::offline();
    let ran = desk.run(&[&RUN[..], &["--emulator"]].concat());
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let film = desk.path(ran.out.trim());
    assert!(fs::metadata(film).is_ok_and(|film| film.len() > 0), "{ran:?}");
    assert!(!desk.path(".local").exists(), "an emulator's jobs are in no store that stays");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_killed_goes_on_and_is_paid_once() {
    let desk = Desk::new(builder().speed(40.0)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let args = [&RUN[..], &["--budget-usd", "1"]].concat();
    let mut child = Watched::new(desk.program(&args));
    child.until("submitted as").await;
    child.kill();

    let ran = desk.run_beside(&args).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.err.contains("going on with job 1"), "{ran:?}");
    assert_eq!((films(&desk.path("out")), desk.emulator().account().accepted().count()), (1, 1));

    // What has ended is done: the same again is another job.
    let again = desk.run_beside(&[&args[..], &["--json"]].concat()).await;
    let told = again.json();
    assert_eq!(
        (told["state"].as_str(), told["key"].as_str(), told["cost_usd"].as_str()),
        (Some("succeeded"), Some("2"), Some("0.05"))
    );
    assert_eq!((films(&desk.path("out")), desk.emulator().account().accepted().count()), (2, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_paid_whose_files_have_no_place() {
    let desk = Desk::new(builder()).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let ran = desk.run_beside(&[&RUN[..], &["--budget-usd", "1", "--out", "photo.png"]].concat()).await;
    assert_eq!(ran.code, Some(64), "{ran:?}");
    assert!(ran.err.contains("files can't be saved there") && ran.err.contains("nothing was sent"), "{ran:?}");
    let ran = desk.run_beside(&["work", "--out", "photo.png/films"]).await;
    assert_eq!(ran.code, Some(64), "{ran:?}");
    assert_eq!(desk.emulator().account().submissions().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_whose_files_did_not_come_is_not_done() {
    let no_files = Faults::none().rate(Route::File, Fault::Reset(When::Before), 1.0);
    let desk = Desk::new(builder().faults(no_files)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let args = [&RUN[..], &["--budget-usd", "1", "--json"]].concat();
    let ran = desk.run_beside(&args).await;
    assert_eq!(ran.code, Some(75), "{ran:?}");
    assert_eq!(ran.json()["error"]["what"], "the job succeeded, and its files are not saved yet");
    desk.emulator().set_faults(Faults::none()).expect("faults");
    let ran = desk.run_beside(&args).await;
    assert_eq!((ran.code, ran.json()["key"].as_str()), (Some(0), Some("1")), "{ran:?}");
    assert_eq!((films(&desk.path("out")), desk.emulator().account().accepted().count()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_price_above_the_budget_is_not_paid() {
    let desk = Desk::new(builder().model_price(MODEL, Usd::from_micros(3_000_000))).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    // Nothing is published of this model's price: without a figure nothing is sent.
    let ran = desk.run_beside(&RUN).await;
    assert_eq!((ran.code, desk.emulator().account().accepted().count()), (Some(64), 0), "{ran:?}");
    let ran = desk.run_beside(&[&RUN[..], &["--budget-usd", "0"]].concat()).await;
    assert!(ran.code == Some(64) && ran.err.contains("that pays for no job"), "{ran:?}");
    // Dearer than anybody knew: it is paid once, and the next one has no room.
    let args = [&RUN[..], &["--budget-usd", "1"]].concat();
    assert_eq!(desk.run_beside(&args).await.code, Some(0));
    let ran = desk.run_beside(&args).await;
    assert_eq!((ran.code, desk.emulator().account().accepted().count()), (Some(75), 1), "{ran:?}");
    assert!(ran.err.contains("no budget has room"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_the_account_is_said_and_can_be_gone_on_from() {
    let desk = Desk::new(builder().balance(Usd::ZERO)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let args = [&RUN[..], &["--budget-usd", "1"]].concat();
    let ran = desk.run_beside(&args).await;
    assert_eq!((ran.code, films(&desk.path("out"))), (Some(75), 0), "{ran:?}");
    assert!(ran.err.contains("400002") && ran.err.contains("goes on with it"), "{ran:?}");
    let mut program = desk.program(&args);
    program.env("RUNCOMFY_TOKEN", "token-of-the-test-that-is-none");
    let ran = beside(program).await;
    assert_eq!(ran.code, Some(77), "{ran:?}");
}

/// Two terminals on one store: the same command is one job, another is another one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_terminals_share_a_store() {
    let desk = Desk::new(builder()).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let args = |seed| [&RUN[..], &["--budget-usd", "1", "--seed", seed]].concat();
    let all = [args("1"), args("1"), args("2"), args("3")];
    let (one, same, other, more) = tokio::join!(
        desk.run_beside(&all[0]),
        desk.run_beside(&all[1]),
        desk.run_beside(&all[2]),
        desk.run_beside(&all[3]),
    );
    for ran in [&one, &same, &other, &more] {
        // Whoever comes second may leave the job to the first, or make another when that has ended.
        assert!([Some(0), Some(75)].contains(&ran.code), "{ran:?}");
    }
    let account = desk.emulator().account();
    assert_eq!(account.paid_twice().len(), account.accepted().count().saturating_sub(3), "{one:?}\n{same:?}");
    assert!((3..=4).contains(&account.accepted().count()));
    assert!(films(&desk.path("out")) >= 3);
}

/// What only looks needs nobody to be signed in, nor does what adds jobs.
#[test]
fn what_sends_nothing_needs_no_account() {
    let desk = Desk::offline();
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let line = format!(r#"{{"model": "{MODEL}", "input": {{"prompt": "x", "image": "file:photo.png"}}}}"#);
    fs::write(desk.path("films.jsonl"), line).expect("a file");
    for args in [
        &["batch", "add", "films.jsonl", "--per-job-usd", "0.05"][..],
        &["batch", "status"],
        &["batch", "resolve"],
        &["batch", "export", "jobs"],
        &["batch", "restored"],
        &["batch", "release", "jobs"],
        &["batch", "retry", "jobs"],
        &["batch", "strays"],
        &["batch", "settle"],
    ] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:?}");
    }
    for args in [&["batch", "run", "jobs"][..], &["work"], &["mcp"], &["models", "--refresh"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(77), "{args:?}: {ran:?}");
    }
}

/// A server that is not there is told at once, with the reason, and so is a store that has no name.
#[test]
fn a_store_that_can_not_be_reached_is_told_with_the_reason() {
    let desk = Desk::offline();
    for (url, reason) in [
        ("postgres://user:secret@127.0.0.1:1/films", "refused"),
        ("sqlite://", "sqlite://FILE"),
        ("mysql://127.0.0.1/films", "sqlite://FILE"),
    ] {
        let ran = desk.run(&["batch", "status", "--database", url]);
        assert!(ran.code == Some(69) && ran.err.contains(reason) && !ran.err.contains("secret"), "{url}: {ran:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_interrupted_program_says_how_to_go_on() {
    let desk = Desk::new(builder().speed(1.0)).await;
    fs::write(desk.path("photo.png"), PNG).expect("a file");
    let args = [&RUN[..], &["--budget-usd", "1"]].concat();
    let mut child = Watched::new(desk.program(&args));
    child.until("submitted as").await;
    child.signal("-INT");
    let (code, said) = child.end().await;
    assert_eq!(code, Some(75), "{said}");
    assert!(said.contains("goes on without this program") && said.contains("runcomfyctl run"), "{said}");
    desk.emulator().advance(Duration::from_secs(600));
    let ran = desk.run_beside(&args).await;
    assert_eq!((ran.code, desk.emulator().account().accepted().count()), (Some(0), 1), "{ran:?}");
}
