//! The catalogue, and models that are published otherwise than the program knows them.

use downstream::models::community::wan_2_2::vace_fun::Input;
use futures_util::TryStreamExt as _;
use runcomfy::{CatalogueQuery, Client, Error, KeyChange, Verification};
use runcomfy_emulator::{Emulator, Fault, Faults, Route, When};
use serde_json::{Value, json};
use workspace_tests::{fixtures, frozen};

use super::{MODEL, TOKEN, client, counted, emulator, input, settings};

/// The schema as it is published, after this change.
fn published(change: impl FnOnce(&mut Value)) -> Value {
    let path = frozen().join(MODEL).join("input.json");
    let text = std::fs::read_to_string(path).expect("a schema");
    let mut schema = serde_json::from_str(&text).expect("JSON");
    change(&mut schema);
    schema
}

fn renumbered() -> Value {
    published(|schema| {
        let properties = schema["properties"].as_object_mut().expect("properties");
        let steps = properties.remove("47_value").expect("steps");
        properties.insert("51_value".to_owned(), steps);
    })
}

#[tokio::test(start_paused = true)]
async fn all_pages_of_the_catalogue_are_read() {
    let emulator = Emulator::builder(fixtures()).token(TOKEN).start().await.expect("an emulator");
    let client: Client = client(&emulator);
    let all: Vec<_> = client.catalogue(CatalogueQuery::new().limit(7)).try_collect().await.expect("the catalogue");
    let mut ids: Vec<_> = all.into_iter().map(|entry| entry.model_id).collect();
    ids.sort();
    assert_eq!(ids, emulator.model_ids());
    let page = client.catalogue_page(&CatalogueQuery::new().limit(3).include_schema()).await.expect("a page");
    assert_eq!((page.entries.len(), page.total), (3, Some(ids.len() as u64)));
    assert!(page.entries.iter().all(|entry| entry.input_schema.is_some()));
    let entry = client.catalogue_entry(&ids[0]).await.expect("an answer").expect("listed");
    assert!(entry.model_id == ids[0] && entry.input_schema.is_some());
    assert_eq!(client.catalogue_entry("no/such").await.expect("an answer"), None);
    client.categories().await.expect("the categories");
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_published_as_it_was_compiled_is_current() {
    let emulator = emulator(|builder| builder).await;
    assert_eq!(client(&emulator).verify::<Input>().await.expect("an answer"), Verification::Current);
}

#[tokio::test(start_paused = true)]
async fn a_renumbered_model_is_refused_before_its_first_submit() {
    let emulator = emulator(|builder| builder.input_schema(MODEL, renumbered())).await;
    let client = settings(&emulator).verify_models(true).build().expect("a client");
    let Verification::Drifted(drift) = client.verify::<Input>().await.expect("an answer") else { panic!("it drifted") };
    let [KeyChange::Moved { name: "steps", key: "47_value", now, .. }] = &drift.changes[..] else { panic!("{drift}") };
    assert_eq!(now, "51_value");
    for _ in 0..2 {
        let error = client.submit(&input().steps(20)).await.expect_err("yesterday's keys");
        assert!(matches!(error, Error::Drifted(_)), "{error}");
    }
    assert_eq!(counted(&emulator.account()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn titles_and_order_of_a_model_may_change() {
    let schema = published(|schema| {
        schema["properties"]["47_value"]["title"] = json!("Schritte");
        schema["properties"]["47_value"]["description"] = json!("neu");
        schema["required"].as_array_mut().expect("a list").reverse();
    });
    let emulator = emulator(|builder| builder.input_schema(MODEL, schema)).await;
    assert_eq!(client(&emulator).verify::<Input>().await.expect("an answer"), Verification::Current);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_is_not_listed_is_not_refused_by_the_client() {
    let emulator = emulator(|builder| builder.unlist(MODEL)).await;
    let client = settings(&emulator).verify_models(true).build().expect("a client");
    assert_eq!(client.verify::<Input>().await.expect("an answer"), Verification::NotListed);
    let error = client.submit(&input()).await.expect_err("the server does not know it either");
    assert!(error.is_not_found(), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_model_is_looked_up_once() {
    let emulator = emulator(|builder| builder).await;
    let client = settings(&emulator).verify_models(true).build().expect("a client");
    client.submit(&input()).await.expect("accepted");
    emulator.set_faults(Faults::none().rate(Route::Model, Fault::Status(500, When::Before), 1.0)).expect("faults");
    client.submit(&input().seed(8)).await.expect("not looked up again");
    let error = settings(&emulator).verify_models(true).build().expect("a client").submit(&input()).await;
    assert!(error.expect_err("can't look it up").is_retryable());
    assert_eq!(counted(&emulator.account()), (2, 2));
}
