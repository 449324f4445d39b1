//! A model whose types were corrected by hand is published otherwise than its table says, always. That alone is no drift.

use runcomfy::{Client, Error};
use runcomfy_client::Digest;
use runcomfy_emulator::Emulator;
use runcomfy_live::Catalogue;
use serde_json::{Value, json};
use workspace_tests::fixtures;

const MODEL: &str = "trap/corrected-by-hand";

/// Submits the corrected model to a server that publishes its schema after this change, and looks it up before.
async fn submitted(change: impl FnOnce(&mut Value)) -> Result<(), Error> {
    let text = std::fs::read_to_string(fixtures().join(MODEL).join("input.json")).expect("a schema");
    let mut schema: Value = serde_json::from_str(&text).expect("JSON");
    let before = Digest::of(&schema);
    change(&mut schema);
    let emulator =
        Emulator::builder(fixtures()).input_schema(MODEL, schema.clone()).start().await.expect("an emulator");
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).verify_models(true);
    let client = client.build().expect("a client");
    let catalogue = Catalogue::builder().folder(fixtures()).build().expect("the fixtures");
    let model = catalogue.model(MODEL).expect("a model");
    assert!(model.overrides.contains("[types]") && model.digest == Some(before));
    let wire = model.to_wire(&json!({"prompt": "A lone figure"})).expect("an input");
    client.submit_checked(&model, &wire).await.map(drop)
}

#[tokio::test]
async fn a_corrected_type_is_no_drift() {
    submitted(|_| {}).await.expect("it means what it did");
    submitted(|schema| schema["properties"]["6_text"]["maxLength"] = json!(900)).await.expect("a bound is no drift");
}

#[tokio::test]
async fn what_else_changes_of_a_corrected_model_is_drift() {
    let error = submitted(|schema| schema["properties"]["camera"]["type"] = json!("string")).await.expect_err("drift");
    let Error::Drifted(drift) = error else { panic!("{error}") };
    assert_eq!(drift.changes.len(), 1, "{drift}");
    let gone = |schema: &mut Value| _ = schema["properties"].as_object_mut().expect("an object").remove("photo");
    assert!(matches!(submitted(gone).await, Err(Error::Drifted(_))));
}
