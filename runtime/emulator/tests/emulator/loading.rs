//! Schema folders that can't be served: the error names the file and the place in it.

use std::path::Path;

use runcomfy_emulator::{Emulator, Usd};
use serde_json::{Value, json};

use crate::support::{Client, TIME, builder};

const MANIFEST: &str = "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-11-22\n";

/// A folder with the model `a/b`.
fn folder(manifest: &str, input: &str, output: Option<&str>) -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let model = root.path().join("a/b");
    std::fs::create_dir_all(&model).expect("writable");
    let write = |name: &str, text: &str| std::fs::write(model.join(name), text).expect("writable");
    write("model.toml", manifest);
    write("input.json", input);
    if let Some(output) = output {
        write("output.json", output);
    }
    root
}

async fn error(root: &Path) -> String {
    Emulator::builder(root).start().await.expect_err("must not start").to_string()
}

#[tokio::test]
async fn errors_name_the_file_and_the_place() {
    let good = r#"{"type": "object", "properties": {"seed": {"type": "integer"}}}"#;
    let pattern = r#"{"properties": {"code": {"type": "string", "pattern": "^[A-Z]{12}$"}}}"#;
    let cases = [
        (folder("id = \"a/b\"", good, None), "a/b/model.toml", "display_name"),
        (folder(&MANIFEST.replace("a/b", "a/c"), good, None), "a/b/model.toml, id", "not the folder"),
        (folder(MANIFEST, "{", Some(good)), "a/b/input.json", "line 1"),
        (folder(MANIFEST, r#"{"minimum": "x"}"#, Some(good)), "a/b/input.json, /minimum", "not a JSON Schema"),
        (folder(MANIFEST, good, None), "_shared/media-output.json", "can't be read"),
        (folder(MANIFEST, good, Some(pattern)), "a/b/output.json, /code", "Builder::output"),
    ];
    for (root, place, message) in cases {
        let error = error(root.path()).await;
        assert!(error.starts_with(place) && error.contains(message), "{place}: {error}");
    }
}

#[tokio::test]
async fn a_folder_without_models_is_an_error() {
    let root = tempfile::tempdir().expect("a folder");
    assert!(error(root.path()).await.contains("no model.toml"));
}

#[tokio::test]
async fn options_that_name_no_model_are_errors() {
    for wrong in [
        builder().deny("a/b"),
        builder().unlist("a/b"),
        builder().model_time("a/b", TIME),
        builder().model_price("a/b", Usd::ZERO),
        builder().input_schema("a/b", json!({})),
        builder().output("a/b", Value::Null),
    ] {
        let error = wrong.start().await.expect_err("no such model").to_string();
        assert!(error.contains("the model a/b"), "{error}");
    }
    assert!(builder().speed(0.0).start().await.is_err_and(|error| error.to_string().contains("speed")));
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let emulator = builder().start().await.expect("starts");
    let of_emulator = emulator.url().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    for port in [taken.local_addr().expect("an address").port(), of_emulator] {
        let error = builder().port(port).start().await.expect_err("taken").to_string();
        assert!(error.contains(&port.to_string()), "{error}");
    }
    emulator.stop().await;
    assert!(builder().port(of_emulator).start().await.is_ok(), "a stopped emulator gives its port back");
}

#[tokio::test]
async fn removed_models_are_not_served_and_prices_are_as_published() {
    let input = r#"{"type": "object", "properties": {"duration": {"type": "integer"}}}"#;
    let price = "\n[price]\nbase_usd = 0.06\nunit = \"second\"\nnote = \"720p\"\n";
    let root = folder(&format!("{MANIFEST}{price}"), input, Some("{}"));
    let removed = root.path().join("a/b/old");
    std::fs::create_dir(&removed).expect("writable");
    let manifest = MANIFEST.replace("a/b", "a/b/old") + "removed = 2026-11-23\n";
    std::fs::write(removed.join("model.toml"), manifest).expect("writable");
    let emulator = Emulator::builder(root.path()).start().await.expect("starts");
    assert_eq!(emulator.model_ids(), ["a/b"]);
    let client = Client::new(&emulator);
    let entry = client.get("models/a/b").await.1;
    let facts = [&entry["base_price_usd"], &entry["price_unit"], &entry["pricing_note"]];
    assert_eq!(facts, [&json!(0.06), &json!("second"), &json!("720p")]);
    client.post("models/a/b", &json!({"duration": 5})).await;
    emulator.advance(TIME);
    assert_eq!(emulator.account().spent(), Usd::from_f64(0.3));
}

#[test]
fn the_witness_depends_on_nothing_of_ours() {
    let manifest: toml::Table = include_str!("../../Cargo.toml").parse().expect("TOML");
    for table in ["dependencies", "dev-dependencies"] {
        let names = manifest[table].as_table().expect("a table").keys();
        let ours: Vec<_> = names.filter(|name| name.starts_with("runcomfy")).collect();
        assert!(ours.is_empty(), "{ours:?}");
    }
}
