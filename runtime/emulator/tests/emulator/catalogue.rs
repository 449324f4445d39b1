//! The catalogue endpoints.

use reqwest::StatusCode;
use runcomfy_emulator::Emulator;
use serde_json::json;

use crate::support::{Client, MODEL, builder, emulator};

/// The tiny models of the workspace's tests, each named for a trap.
async fn many() -> Emulator {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fixtures/schemas");
    Emulator::builder(folder).start().await.expect("every trap loads")
}

#[tokio::test]
async fn an_entry_has_every_documented_field() {
    let emulator = emulator().await;
    let (status, entry) = Client::new(&emulator).get(&format!("models/{MODEL}")).await;
    assert_eq!(status, StatusCode::OK);
    let fields = [
        "model_id",
        "display_name",
        "description",
        "categories",
        "kind",
        "base_price_usd",
        "price_unit",
        "pricing_note",
        "model_url",
        "inputs",
        "required_inputs",
        "input_schema",
    ];
    for field in fields {
        assert!(entry.get(field).is_some(), "{field} is missing: {entry}");
    }
    assert_eq!((&entry["model_id"], &entry["kind"]), (&json!(MODEL), &json!("workflow")));
    assert_eq!(
        (&entry["categories"], &entry["required_inputs"]),
        (&json!(["image-to-video"]), &json!(["56_text", "118_image"]))
    );
    assert_eq!(entry["input_schema"]["properties"]["108_cfg"]["type"], "float", "as published, not as repaired");
}

#[tokio::test]
async fn schemas_come_only_when_asked_for() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    let plain = client.get("models").await.1;
    assert!(plain["models"][0].get("input_schema").is_none(), "{plain}");
    let full = client.get("models?include_schema=true").await.1;
    assert!(full["models"][0]["input_schema"]["properties"].is_object(), "{full}");
}

#[tokio::test]
async fn pages_hold_every_model_once() {
    let emulator = many().await;
    let client = Client::new(&emulator);
    let mut ids = Vec::new();
    for offset in (0..).step_by(7) {
        let page = client.get(&format!("models?limit=7&offset={offset}")).await.1;
        assert_eq!(page["total"], emulator.model_ids().len());
        let models = page["models"].as_array().expect("a list").clone();
        ids.extend(models.iter().map(|model| model["model_id"].as_str().expect("an id").to_owned()));
        if models.len() < 7 {
            break;
        }
    }
    assert_eq!(ids, emulator.model_ids());
}

#[tokio::test]
async fn search_category_and_kind_narrow_the_list() {
    let emulator = many().await;
    let client = Client::new(&emulator);
    let all = emulator.model_ids().len();
    for (query, expected) in [
        ("search=TALKING", Some(1)),
        ("search=no+such+model", Some(0)),
        ("category=video", Some(0)),
        ("kind=workflow", None),
    ] {
        let total = client.get(&format!("models?{query}")).await.1["total"].as_u64().expect("a number") as usize;
        match expected {
            Some(expected) => assert_eq!(total, expected, "{query}"),
            None => assert!((1..all).contains(&total), "{query}: {total} of {all}"),
        }
    }
}

#[tokio::test]
async fn categories_are_those_that_models_have() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    assert_eq!(client.get("models/categories").await.1, json!({"categories": ["image-to-video"]}));
    for (category, total) in [("image-to-video", 1), ("video", 0)] {
        assert_eq!(client.get(&format!("models?category={category}")).await.1["total"], total);
    }
}

#[tokio::test]
async fn code_422001_for_queries_that_make_no_sense() {
    let emulator = emulator().await;
    let client = Client::new(&emulator);
    for query in ["limit=0", "limit=501", "limit=x", "offset=-1", "include_schema=maybe"] {
        let (status, error) = client.get(&format!("models?{query}")).await;
        assert_eq!((status, &error["error_code"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(422_001)), "{query}");
    }
}

#[tokio::test]
async fn another_schema_can_be_published_than_the_folder_has() {
    let schema = json!({"type": "object", "properties": {"51_value": {"type": "Integer"}}});
    let emulator = builder().input_schema(MODEL, schema.clone()).start().await.expect("starts");
    let client = Client::new(&emulator);
    assert_eq!(client.get(&format!("models/{MODEL}")).await.1["input_schema"], schema);
    assert_eq!(client.post(&format!("models/{MODEL}"), &json!({"51_value": "x"})).await.0.as_u16(), 422);
    assert_eq!(client.post(&format!("models/{MODEL}"), &json!({"51_value": 5})).await.0.as_u16(), 200);
}

#[tokio::test]
async fn every_example_body_is_taken() {
    let emulator = many().await;
    let client = Client::new(&emulator);
    let mut taken = 0;
    for id in emulator.model_ids() {
        let Some(body) = emulator.example_body(&id) else { continue };
        let (status, answer) = client.post(&format!("models/{id}"), &body).await;
        assert_eq!(status, StatusCode::OK, "{id} {body} {answer}");
        taken += 1;
    }
    assert_eq!(taken, emulator.model_ids().len());
}

#[tokio::test]
async fn published_models_are_served_and_take_their_examples() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
    let emulator = Emulator::builder(root).start().await.expect("every published model loads");
    let client = Client::new(&emulator);
    let list = client.get("models?limit=500&include_schema=true").await.1;
    assert_eq!(list["total"], emulator.model_ids().len());
    for id in emulator.model_ids() {
        let body = emulator.example_body(&id).expect("an example");
        let (status, answer) = client.post(&format!("models/{id}"), &body).await;
        assert_eq!(status, StatusCode::OK, "{id} {body} {answer}");
    }
}
