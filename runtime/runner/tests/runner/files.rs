//! What becomes of a job's files where some of them can't be had, and of its jobs where a model can't be compared.

use std::fs;

use futures_util::StreamExt as _;
use runcomfy_emulator::{Builder, Fault, Faults, Route};
use runcomfy_runner::{Batch, Progress, Record, State, Store, check_manifest};
use serde_json::json;

use crate::desk::{Desk, MODEL, On, builder, on_both};

on_both!(
    a_file_that_the_server_has_no_more_costs_no_other_file,
    a_file_that_can_not_be_had_now_is_brought_by_the_next_start,
    a_model_that_can_not_be_compared_waits_and_is_not_paused,
);

/// One job with three films, the second of which is answered so.
async fn with(on: On, fault: Fault) -> (Desk, Store, Batch) {
    let desk = Desk::new(on, films(builder()).faults(Faults::none().nth(Route::File, 2, fault))).await;
    let (store, batch) = desk.batch(1).await;
    desk.run(&store).await.expect("worked");
    (desk, store, batch)
}

fn films(builder: Builder) -> Builder {
    builder.output(MODEL, json!({"videos": ["file:video", "file:video", "file:video"]}))
}

/// The only job, and the names that lie in its folder.
async fn seen(desk: &Desk, batch: &Batch) -> (Record, Vec<String>) {
    let record = batch.records().next().await.expect("a record").expect("read");
    let found = fs::read_dir(desk.films().join("films")).expect("a folder");
    let mut names: Vec<String> = found.map(|file| file.expect("a file").file_name().display().to_string()).collect();
    names.sort();
    (record, names)
}

async fn a_file_that_the_server_has_no_more_costs_no_other_file(on: On) {
    let (desk, store, batch) = with(on, Fault::Coded(404, 404_001)).await;
    let (record, names) = seen(&desk, &batch).await;
    assert_eq!(names, ["film-0-0.mp4", "film-0-2.mp4", "manifest.jsonl"]);
    assert_eq!(record.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>(), &names[..2]);
    assert!(record.heard.as_deref().is_some_and(|heard| heard.contains("no more")), "{record:?}");
    assert_eq!(check_manifest(&desk.films().join("films/manifest.jsonl")).expect("a manifest"), Vec::<String>::new());
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.unfetched), (1, 0), "nobody asks for it again: {summary}");
    let asked = desk.emulator.requests().len();
    desk.run(&store).await.expect("worked");
    assert!(!desk.emulator.requests()[asked..].iter().any(|asked| asked.target.contains("/files/")));
}

async fn a_file_that_can_not_be_had_now_is_brought_by_the_next_start(on: On) {
    let (desk, store, batch) = with(on, Fault::Coded(403, 403_001)).await;
    let (record, names) = seen(&desk, &batch).await;
    assert_eq!(names, ["film-0-0.mp4", "film-0-2.mp4", "manifest.jsonl"], "what came is not dropped");
    assert_eq!(record.files.len(), 2);
    assert_eq!(batch.summary().await.expect("a summary").unfetched, 1);
    desk.run(&store).await.expect("worked");
    let (record, names) = seen(&desk, &batch).await;
    assert_eq!((record.files.len(), names.len()), (3, 4), "{names:?}");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Succeeded), summary.unfetched), (1, 0));
}

async fn a_model_that_can_not_be_compared_waits_and_is_not_paused(on: On) {
    let down = Fault::Coded(403, 403_001);
    let faults = Faults::none().rate(Route::Model, down, 1.0).rate(Route::Models, down, 1.0);
    let desk = Desk::new(on, builder().faults(faults)).await;
    let (store, batch) = desk.batch(2).await;
    let mut worker = desk.worker(&store);
    let progress = worker.progress();
    // It stops when it has said why it waits.
    let (told, hears) = tokio::sync::oneshot::channel();
    let work = worker.run(async move { _ = hears.await });
    let listen = async {
        let waits = |told: &Progress| matches!(told, Progress::Trouble(text) if text.contains("can't be compared"));
        let mut progress = progress;
        while !progress.next().await.is_none_or(|told| waits(&told)) {}
        _ = told.send(());
    };
    tokio::join!(work, listen).0.expect("worked");
    assert_eq!(desk.emulator.account().submissions().len(), 0, "nothing is paid by a model that may have drifted");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((summary.count(State::Queued), summary.models[MODEL].paused.as_deref()), (2, None));
    let wait = store.next_at().await.expect("an answer").expect("they wait for a time");
    // The machine may be busy.
    assert!((1..=60_001).contains(&wait), "{wait} ms");
}
