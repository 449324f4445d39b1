//! What the names of stored inputs mean when a model is published anew: those whose meaning is certain go on, others pause.

use std::path::Path;

use runcomfy_live::Catalogue;
use runcomfy_runner::{Batch, Error, Line, Models, State, Store, Summary, Worker};
use serde_json::{Value, json};

use crate::desk::{Desk, On, PRICE, client, emulator_of, models_of, on_both, schemas};

on_both!(
    a_model_whose_keys_have_moved_pauses_until_a_catalogue_tells_where_they_are,
    a_model_pauses_where_no_rule_tells_which_field_is_which,
    a_program_without_the_model_pauses_that_model_only,
);

const STAYS: &str = "community/films/stays";
const MOVES: &str = "community/films/moves";

fn texts(fields: &[(&str, &str)]) -> Value {
    fields.iter().map(|(key, title)| ((*key).to_owned(), json!({"type": "string", "title": title}))).collect()
}

fn first() -> [(&'static str, Value); 2] {
    let fields = texts(&[("6_text", "Prompt"), ("7_text", "Negative Prompt")]);
    [(STAYS, fields.clone()), (MOVES, fields)]
}

/// A store with two jobs of each model, added by the catalogue of the first schemas.
async fn added(desk: &Desk, folder: &Path) -> (Store, Batch) {
    let store = desk.store().await;
    let batch = Batch::open(&store, "films").await.expect("a batch");
    let input = |number| json!({"prompt": format!("a film {number}"), "negative_prompt": "rain"});
    let lines = [STAYS, MOVES].into_iter().flat_map(|id| (0..2).map(move |number| Line::new(id, input(number))));
    let lines: Vec<Line> = lines.collect();
    assert_eq!(batch.add_lines(&models_of(folder), &lines, Some(PRICE)).await.expect("added"), 4);
    (store, batch)
}

async fn run(desk: &Desk, store: &Store, models: Models) -> Result<(), Error> {
    let client = client(desk.emulator.base_url(), desk.emulator.token());
    Worker::new(store, &client, models).state_folder(desk.state()).run(std::future::pending()).await
}

fn paused(summary: &Summary) -> Option<&str> {
    assert_eq!(summary.models[STAYS].paused, None, "{summary}");
    summary.models[MOVES].paused.as_deref()
}

async fn a_model_whose_keys_have_moved_pauses_until_a_catalogue_tells_where_they_are(on: On) {
    let moved = texts(&[("16_text", "Prompt"), ("17_text", "Negative Prompt")]);
    let (before, now) = (schemas(&first()), schemas(&[first()[0].clone(), (MOVES, moved)]));
    let desk = Desk::new(on, emulator_of(now.path())).await;
    let (store, batch) = added(&desk, before.path()).await;

    // As compiled: a program that knows what was published before.
    let catalogue = Catalogue::builder().folder(before.path()).build().expect("a catalogue");
    let compiled: Models = [STAYS, MOVES].iter().map(|id| catalogue.model(id).expect("a model").info()).collect();
    run(&desk, &store, compiled).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    let reason = paused(&summary).expect("it is paused");
    assert!(reason.contains("16_text"), "{reason}");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::Queued)), (2, 2));
    assert_eq!(desk.emulator.account().submissions().len(), 2, "nothing of the other was sent");

    assert!(store.resume_model(MOVES).await.expect("resumed"));
    run(&desk, &store, models_of(now.path())).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert_eq!((paused(&summary), summary.count(State::Succeeded)), (None, 4));
    let account = desk.emulator.account();
    let sent: Vec<&Value> =
        account.accepted().filter(|taken| taken.model_id == MOVES).map(|taken| &taken.body).collect();
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter().all(|body| body["16_text"].as_str().is_some_and(|text| text.starts_with("a film"))),
        "{sent:?}"
    );
    desk.check(&summary);
}

async fn a_model_pauses_where_no_rule_tells_which_field_is_which(on: On) {
    let unclear = texts(&[("16_text", "Text"), ("17_text", "Text")]);
    let (before, now) = (schemas(&first()), schemas(&[first()[0].clone(), (MOVES, unclear)]));
    let desk = Desk::new(on, emulator_of(now.path())).await;
    let (store, batch) = added(&desk, before.path()).await;
    run(&desk, &store, models_of(now.path())).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    let reason = paused(&summary).expect("it is paused");
    assert!(reason.contains("not certain"), "{reason}");
    assert_eq!((summary.count(State::Succeeded), summary.count(State::Queued)), (2, 2));
    assert!(desk.emulator.account().submissions().iter().all(|sent| sent.model_id == STAYS));
    desk.check(&summary);
}

async fn a_program_without_the_model_pauses_that_model_only(on: On) {
    let now = schemas(&first());
    let desk = Desk::new(on, emulator_of(now.path())).await;
    let (store, batch) = added(&desk, now.path()).await;
    let catalogue = Catalogue::builder().folder(now.path()).build().expect("a catalogue");
    let models = Models::new().with_info(catalogue.model(STAYS).expect("a model").info());
    run(&desk, &store, models).await.expect("worked");
    let summary = batch.summary().await.expect("a summary");
    assert!(paused(&summary).is_some_and(|reason| reason.contains("has no model")), "{summary}");
    assert_eq!(summary.count(State::Succeeded), 2);
}
