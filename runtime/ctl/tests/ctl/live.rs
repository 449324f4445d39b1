//! Models that the program was not compiled with: met on the server, or in a folder of one's own.

use std::fs;

use runcomfy_emulator::Emulator;
use runcomfy_live::Catalogue;
use serde_json::json;

use crate::desk::{Desk, MODEL};

const OWN: &str = "acme/films/dawn";

/// A schema folder with a model that nobody else has.
async fn desk() -> Desk {
    let desk = Desk::offline();
    let model = desk.path("schemas").join(OWN);
    fs::create_dir_all(&model).expect("a folder");
    let manifest = format!(
        "id = {OWN:?}\ndisplay_name = \"Dawn\"\nsource = \"page\"\nupdated = 2026-01-01\n\n[price]\nbase_usd = 0.07\nunit = \"output\"\n"
    );
    let input = json!({"type": "object", "required": ["6_text"], "properties": {
        "6_text": {"type": "string", "title": "Prompt", "maxLength": 40},
        "9_json": {"type": "boolean", "title": "JSON"},
        "12_label": {"type": "array", "title": "Label", "items": {"type": "string"}, "maxItems": 2},
    }});
    let output = json!({"output": {"type": "object", "properties": {"video": {"type": "string", "format": "uri"}}}});
    for (name, text) in
        [("model.toml", manifest), ("input.json", input.to_string()), ("output.json", output.to_string())]
    {
        fs::write(model.join(name), text).expect("a file");
    }
    let emulator = Emulator::builder(desk.path("schemas")).speed(400.0).start().await.expect("an emulator");
    Desk { emulator: Some(emulator), ..desk }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_of_the_server_is_met_when_it_is_named() {
    let desk = desk().await;
    // Nobody has asked the server yet, and the search does not by itself.
    assert_eq!(desk.run_beside(&["models", "dawn"]).await.code, Some(64));
    let help = desk.run_beside(&["run", "dawn", "--help"]).await;
    assert!(help.out.contains("--prompt <TEXT>") && help.out.contains("At most 40 characters"), "{help:?}");
    // What the program's own options are called is asked for otherwise.
    assert!(help.out.contains("--input-json") && help.out.contains("--input-label"), "{help:?}");
    let found = desk.run_beside(&["models", "dawn", "--json"]).await.json();
    assert_eq!((found[0]["id"].as_str(), found[0]["price"]["base_usd"].as_f64()), (Some(OWN), Some(0.07)));

    let args = ["run", OWN, "--prompt", "a harbour", "--input-json", "--input-label", "one", "--input-label", "two"];
    let ran = desk.run_beside(&args).await;
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let account = desk.emulator().account();
    let sent = account.accepted().next().expect("a job").body.clone();
    assert_eq!(sent, json!({"6_text": "a harbour", "9_json": true, "12_label": ["one", "two"]}));
    assert!(ran.out.trim().ends_with("1-0.mp4"), "{ran:?}");
    let ran =
        desk.run_beside(&["check", OWN, "--prompt", &"long ".repeat(9), "--input-label", r#"["a","b","c"]"#]).await;
    assert_eq!(ran.code, Some(65));
    assert!(ran.err.contains("prompt (6_text)") && ran.err.contains("label (12_label)"), "{ran:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_model_of_a_folder_needs_no_server_but_to_run() {
    let desk = desk().await;
    let offline = Desk { emulator: None, ..desk };
    for args in [["show", OWN, "--schemas", "schemas"], ["show", MODEL, "--schemas", "schemas"]] {
        assert_eq!(offline.run(&args).code, Some(0), "{args:?}");
    }
    let ran = offline.run(&["run", OWN, "--prompt", "a harbour", "--schemas", "schemas", "--emulator"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(fs::metadata(offline.path(ran.out.trim())).is_ok_and(|film| film.len() > 0), "{ran:?}");
    let catalogue = Catalogue::builder().folder(offline.path("schemas")).build().expect("a catalogue");
    let (model, again) = (catalogue.model(OWN).expect("a model"), catalogue.model(OWN).expect("a model"));
    let price = model.info().price.expect("a price");
    assert_eq!((price.base_usd, price.unit, model.price), (0.07, "output", Some(price)));
    assert!(std::ptr::eq(model.info(), again.info()), "made once");
    let ran = offline.run(&["show", OWN, "--schemas", "nowhere"]);
    assert_eq!(ran.code, Some(64));
    insta::assert_snapshot!("no_schema_folder", ran.told());
}
