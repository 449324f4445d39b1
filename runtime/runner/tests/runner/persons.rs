//! What people decide: what is made again, what a job cost, what is held, and what a backup means.

use std::fs;
use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use runcomfy_emulator::{Fault, Faults, Route};
use runcomfy_runner::{State, Store, Usd, Word, check_manifest};
use serde_json::json;

use crate::desk::{Desk, MODEL, On, PRICE, builder, on_both};

on_both!(
    what_failed_and_was_paid_is_made_again_only_if_a_person_says_that_it_may_be_paid_again,
    what_failed_and_cost_nothing_is_made_again_on_demand,
    a_doubt_is_said_by_a_worker_that_has_nothing_else_to_do,
    a_manifest_tells_what_was_made_from_what_for_how_much_and_is_held_against_the_files,
    a_backup_pays_for_nothing_that_was_paid_for_since,
);

async fn what_failed_and_was_paid_is_made_again_only_if_a_person_says_that_it_may_be_paid_again(on: On) {
    // A job that ends without anything is paid for, and has failed.
    let desk = Desk::new(on, builder().output(MODEL, json!({}))).await;
    let (store, batch) = desk.batch(2).await;
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Failed), summary.paid), (2, 2), "{summary}");
    let kept = store.retry("films", State::Failed, false).await.expect("an answer");
    assert_eq!((kept.again, kept.paid), (0, 2));
    let again = store.retry("films", State::Failed, true).await.expect("an answer");
    assert_eq!((again.again, again.paid, again.unsettled), (2, 0, 0));
    assert!(store.retry("films", State::Succeeded, true).await.is_err());
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Failed), summary.spent.micros()), (2, 4 * PRICE.micros()), "{summary}");
    assert_eq!(desk.emulator.account().spent().micros(), 200_000);

    let mut records = batch.records();
    let record = records.next().await.expect("a record").expect("read");
    assert_eq!((record.cost_usd.as_deref(), record.attempts.len()), (Some("0.10"), 1), "{record:?}");
    assert_eq!(record.attempts[0].cost_usd.as_deref(), Some("0.05"), "what was requested before stays told");
}

async fn a_doubt_is_said_by_a_worker_that_has_nothing_else_to_do(on: On) {
    // Its answer comes too late for a worker that dies.
    let slow = Faults::none().nth(Route::Submit, 1, Fault::SlowHead(Duration::from_secs(60)));
    let desk = Desk::new(on, builder().faults(slow)).await;
    let (store, batch) = desk.batch(1).await;
    let short = Duration::from_millis(400);
    let worker = || desk.worker(&store).leases(short, short, short);
    let dies = tokio::spawn(worker().run(std::future::pending()));
    while desk.emulator.account().accepted().count() == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    dies.abort();
    assert!(dies.await.is_err_and(|why| why.is_cancelled()));
    // Workers come and go, each with nothing to do.
    let summary = loop {
        worker().run(std::future::pending()).await.expect("worked");
        let summary = batch.summary().await.expect("a summary");
        if summary.count(State::Submitting) == 0 {
            break summary;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(summary.count(State::Unknown), 1, "{summary}");
    assert_eq!(store.doubts().await.expect("doubts").len(), 1);
    assert_eq!(desk.emulator.account().accepted().count(), 1);
}

async fn what_failed_and_cost_nothing_is_made_again_on_demand(on: On) {
    let desk = Desk::new(on, builder().faults(Faults::none().failing_jobs(1.0))).await;
    let (store, batch) = desk.batch(2).await;
    desk.run(&store).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Failed), summary.paid), (2, 0), "{summary}");
    assert_eq!(store.retry("films", State::Failed, false).await.expect("an answer").again, 2);
    assert_eq!(batch.summary().await.expect("a summary").count(State::Queued), 2);
}

async fn a_manifest_tells_what_was_made_from_what_for_how_much_and_is_held_against_the_files(on: On) {
    let desk = Desk::new(on, builder()).await;
    let (store, batch) = desk.batch(3).await;
    let worker = desk.worker(&store).names("{model}/{key}.{index}.{extension}").expect("a template");
    worker.run(std::future::pending()).await.expect("worked");
    let folder = desk.films().join("films");
    let manifest = folder.join("manifest.jsonl");
    let text = fs::read_to_string(&manifest).expect("the worker wrote it");
    let account = desk.emulator.account();
    for taken in account.accepted() {
        let id = taken.request_id.as_deref().expect("an id");
        let line = text.lines().find(|line| line.contains(id)).unwrap_or_else(|| panic!("{id} is not in {text}"));
        assert!(line.contains(r#""cost_usd":"0.05""#) && line.contains("community-wan-2-2-vace-fun/film-"), "{line}");
        assert!(line.contains(r#""prompt":"a lone figure""#), "{line}");
    }
    assert_eq!(check_manifest(&manifest).expect("a manifest"), Vec::<String>::new());

    let mut csv = Vec::new();
    assert_eq!(batch.export_csv(&mut csv).await.expect("a table"), 3);
    let csv = String::from_utf8(csv).expect("a text");
    assert_eq!((csv.lines().count(), csv.matches(",succeeded,").count()), (4, 3), "{csv}");

    // A file that is another, one that is gone, and an input that is another.
    let films = folder.join("community-wan-2-2-vace-fun");
    let mut paths: Vec<_> = fs::read_dir(films).expect("a folder").map(|film| film.expect("a film").path()).collect();
    paths.sort();
    fs::write(&paths[0], "another").expect("written");
    fs::remove_file(&paths[1]).expect("removed");
    fs::write(&manifest, text.replacen(r#""seed":2"#, r#""seed":9"#, 1)).expect("written");
    let wrong = check_manifest(&manifest).expect("a manifest");
    assert_eq!(wrong.len(), 3, "{wrong:?}");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for found in fs::read_dir(from).expect("a folder").map(|found| found.expect("a file").path()) {
        if found.is_file() {
            fs::copy(&found, to.join(found.file_name().expect("a name"))).expect("copied");
        }
    }
}

async fn a_backup_pays_for_nothing_that_was_paid_for_since(on: On) {
    let desk = Desk::new(on, builder()).await;
    let (store, _batch) = desk.batch(4).await;
    drop(store);
    let backup = desk.folder.path().join("backup");
    copy(desk.folder.path(), &backup);
    let (url, state) = match desk.on {
        On::Sqlite => (format!("sqlite://{}", backup.join("jobs.db").display()), backup.join("jobs.db-workers")),
        On::Postgres(cluster) => (cluster.copy_of(desk.url()), backup.join("state")),
    };
    let store = desk.store().await;
    desk.run(&store).await.expect("worked");
    assert_eq!(desk.emulator.account().accepted().count(), 4);

    let store = Store::open(&url, desk.emulator.base_url(), "").await.expect("a store");
    assert_eq!(store.restored().await.expect("restored"), 4);
    // An id of the lost time, which its worker left on the disk for the epoch that a first intent has.
    let ids: Vec<String> =
        desk.emulator.account().accepted().map(|taken| taken.request_id.clone().expect("an id")).collect();
    let spooled = format!("{{\"job\":1,\"epoch\":1,\"request_id\":{:?}}}\n", ids[0]);
    fs::create_dir_all(&state).expect("a folder");
    fs::write(state.join(format!("{}-1-1.spool", store.id())), spooled).expect("written");
    let run = || desk.worker(&store).state_folder(&state).run(std::future::pending());
    run().await.expect("worked");
    assert_eq!(desk.emulator.account().submissions().len(), 4, "nothing is sent before a person looks");
    let strays = store.strays().await.expect("a list");
    assert_eq!((strays.len(), strays[0].request_id.as_str()), (1, ids[0].as_str()), "{strays:?}");

    // A person looks: two are in the account, and followed from now on; one is released for the sake of the test.
    let held = store.held().await.expect("a list");
    assert_eq!(held.len(), 4);
    for job in &held[1..3] {
        let seed = job.key.trim_start_matches("film-").parse::<u32>().expect("a seed");
        let account = desk.emulator.account();
        let taken = account.of(&json!(seed)).next().and_then(|taken| taken.request_id.clone());
        store.resolve((job.job, job.epoch), &Word::Is(taken.expect("taken"))).await.expect("resolved");
    }
    assert_eq!(store.release_batch("films").await.expect("released"), 1, "not the one whose id turned up");
    run().await.expect("worked");
    let summary = store.summary(store.batch("films").await.expect("a batch")).await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.held), (3, 1), "{summary}");
    assert_eq!(summary.spent, Usd::from_micros(4 * PRICE.micros()), "the stray counts");
    assert_eq!(desk.emulator.account().submissions().len(), 5);
}
