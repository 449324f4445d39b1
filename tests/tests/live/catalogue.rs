//! The catalogue: listed by an emulator, kept on disk, known offline, and names that stay.

use std::path::Path;

use runcomfy::Client;
use runcomfy_codegen::{SourceFile, Sources};
use runcomfy_emulator::Emulator;
use runcomfy_live::{Catalogue, Error};
use serde_json::{Value, json};
use workspace_tests::tables::{folder, spelled};
use workspace_tests::{fixtures, load};

pub(super) const VACE_FUN: &str = "community/wan-2-2/vace-fun";

fn client(emulator: &Emulator) -> Client {
    Client::builder().base_url(emulator.base_url()).token(emulator.token()).build().expect("a client")
}

async fn serving(schemas: &Path) -> Emulator {
    Emulator::builder(schemas).start().await.expect("an emulator")
}

/// A model of one community workflow, its fields as given.
pub(super) fn workflow(id: &str, fields: &Value) -> Sources {
    let mut sources = load(&fixtures());
    sources.models.retain(|model| model.folder == "community/talking-head" || model.folder.ends_with("any-of"));
    sources.models.truncate(1);
    let model = &mut sources.models[0];
    let file = |name: &str, text: String| SourceFile { path: format!("{id}/{name}"), text };
    id.clone_into(&mut model.folder);
    model.manifest = file(
        "model.toml",
        format!(
            "id = {id:?}\ndisplay_name = \"A film\"\nsource = \"catalogue\"\noutput = \"assumed\"\nupdated = 2026-01-01\n"
        ),
    );
    let schema = json!({"type": "object", "properties": fields});
    (model.input, model.output) = (file("input.json", schema.to_string()), file("output.json", "{}".to_owned()));
    (model.lock, model.overrides) = (None, None);
    sources
}

pub(super) fn names(catalogue: &Catalogue, id: &str) -> Vec<(&'static str, &'static str)> {
    let model = catalogue.model(id).unwrap_or_else(|error| panic!("{error}"));
    let mut names: Vec<_> = model.schema.fields.iter().map(|field| (field.name, field.key)).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn what_was_listed_once_is_known_offline_with_its_age() {
    let (schemas, cache) = (workspace_tests::root().join("schemas"), tempfile::tempdir().expect("a folder"));
    let emulator = serving(&schemas).await;
    let online = Catalogue::builder().cache(cache.path()).build().expect("a catalogue");
    assert!(online.models().entries.is_empty() && online.models().age().is_none());
    assert!(matches!(online.model(VACE_FUN), Err(Error::UnknownModel { .. })));
    let first = online.refresh(&client(&emulator)).await.expect("a list");
    assert!(first.sent == first.pages && first.added.iter().any(|id| id == VACE_FUN), "{first:?}");
    let again = online.refresh(&client(&emulator)).await.expect("a list");
    assert_eq!((again.sent, again.models, again.added.len() + again.changed.len()), (0, first.models, 0));
    let base = emulator.base_url().to_owned();
    drop(emulator);
    let offline = Catalogue::builder().cache(cache.path()).build().expect("a catalogue");
    let gone = Client::builder().base_url(&base).token("emulator-token").build().expect("a client");
    assert!(matches!(offline.refresh(&gone).await, Err(Error::Client(_))));
    let model = offline.model(VACE_FUN).expect("it was kept");
    assert!(model.age() < std::time::Duration::from_secs(3600), "{:?}", model.age());
    assert_eq!(model.display_name(), offline.find("vace fun").entries[0].display_name.as_deref().unwrap_or_default());
    let compiled = runcomfy::models().find(|model| model.id == VACE_FUN).expect("it is compiled");
    assert_eq!(spelled(model.schema), spelled(compiled.schema));
}

#[tokio::test]
async fn a_live_model_is_filled_by_name_checked_and_run() {
    let emulator = serving(&workspace_tests::root().join("schemas")).await;
    let (client, catalogue) = (client(&emulator), Catalogue::builder().build().expect("a catalogue"));
    catalogue.refresh(&client).await.expect("a list");
    let model = catalogue.model(VACE_FUN).expect("it is listed");
    let mut input = json!({"prompt": "A lone figure", "image": "https://example.com/a.png", "steps": 99});
    let invalid = model.to_wire(&input).expect_err("too many steps");
    assert_eq!(invalid.len(), 1, "{invalid}");
    input["steps"] = json!(20);
    let wire = model.to_wire(&input).expect("valid");
    assert_eq!(model.to_readable(&wire), input);
    let job = client.submit_checked(&model, &wire).await.expect("a job");
    assert!(!job.request_id().is_empty());
    let compiled = runcomfy::models().find(|model| model.id == VACE_FUN).expect("it is compiled");
    client.submit_checked(compiled, &wire).await.expect("another job");
    client.submit_checked(&model, &json!({"47_value": 99})).await.expect_err("checked all the same");
}

#[test]
fn names_stay_when_keys_and_order_change_and_doubt_is_told() {
    const ID: &str = "community/film/base";
    let (cache, schemas) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let publish = |fields: Value| {
        folder::write(&workflow(ID, &fields), schemas.path());
        Catalogue::builder().cache(cache.path()).folder(schemas.path()).build().expect("a catalogue")
    };
    let text = |title: &str| json!({"type": "string", "title": title});
    let number = |title: &str| json!({"type": "integer", "title": title});
    let first =
        names(&publish(json!({"1_text": text("Prompt"), "2_text": text("Style"), "3_value": number("Steps")})), ID);
    assert_eq!(first, [("prompt", "1_text"), ("steps", "3_value"), ("style", "2_text")]);
    // The graph was exported again, with other titles in between: names go along.
    let second =
        names(&publish(json!({"13_value": number("Steps"), "12_text": text("Style"), "11_text": text("Prompt")})), ID);
    assert_eq!(second, [("prompt", "11_text"), ("steps", "13_value"), ("style", "12_text")]);
    let third = names(
        &publish(json!({"13_value": number("Schritte"), "11_text": text("Eingabe"), "12_text": text("Stil")})),
        ID,
    );
    assert_eq!(third, [("prompt", "11_text"), ("steps", "13_value"), ("style", "12_text")]);
    // Another machine with the same cache has the same names, and one without it those of today.
    let alone = Catalogue::builder().folder(schemas.path()).build().expect("a catalogue");
    assert_eq!(names(&alone, ID), [("eingabe", "11_text"), ("schritte", "13_value"), ("stil", "12_text")]);
    let lock = publish(json!({"13_value": number("Schritte"), "11_text": text("Eingabe"), "12_text": text("Stil")}));
    let lock = lock.model(ID).expect("a model").lock;
    let by_lock = alone.model_by_lock(ID, lock).expect("a model");
    assert_eq!(by_lock.schema.field("prompt").map(|field| field.key), Some("11_text"));
    // All keys and titles are new: two texts can't be told apart, and the number can.
    let doubtful = publish(json!({"23_value": number("Steps"), "21_text": text("A"), "22_text": text("B")}));
    let model = doubtful.model(ID).expect("a stop is no dead end");
    let doubts: Vec<&str> = model.doubts().map(|(path, _)| path).collect();
    assert!(doubts.contains(&"21_text") && doubts.contains(&"22_text"), "{doubts:?}");
    for field in model.schema.fields {
        assert_eq!(doubts.contains(&field.key), field.name == field.key, "{field:?}");
    }
    let wire = model.to_wire(&json!({"21_text": "a"})).expect("filled by its key");
    assert_eq!(wire, json!({"21_text": "a"}));
    assert!(
        model.doubts().all(|(_, why)| why.contains("prompt") || why.contains("steps")),
        "{:?}",
        model.doubts().collect::<Vec<_>>()
    );
    // What was in doubt once leaves no trace in the names.
    let fourth = names(
        &publish(json!({"13_value": number("Schritte"), "11_text": text("Eingabe"), "12_text": text("Stil")})),
        ID,
    );
    assert_eq!(fourth, third);
}

#[test]
fn compiled_names_come_first_and_grow_in_the_cache() {
    let (cache, schemas) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let compiled = runcomfy::models().find(|model| model.id == VACE_FUN).expect("it is compiled");
    let published = load(&workspace_tests::root().join("schemas"));
    let published = published.models.iter().find(|model| model.folder == VACE_FUN).expect("it is published");
    let source: Value = serde_json::from_str(&published.input.text).expect("JSON");
    // The graph was exported again: every key is another.
    let mut properties = serde_json::Map::new();
    for (key, property) in source["properties"].as_object().expect("properties") {
        properties.insert(format!("9{key}"), property.clone());
    }
    properties.insert("777_value".to_owned(), json!({"type": "boolean", "title": "Brand New"}));
    folder::write(&workflow(VACE_FUN, &Value::Object(properties.clone())), schemas.path());
    let of = |schemas: &Path| {
        Catalogue::builder().cache(cache.path()).with_models(runcomfy::models()).folder(schemas).build()
    };
    let grown = names(&of(schemas.path()).expect("a catalogue"), VACE_FUN);
    for field in compiled.schema.fields {
        assert!(grown.iter().any(|(name, key)| *name == field.name && *key == format!("9{}", field.key)), "{grown:?}");
    }
    assert!(grown.contains(&("brand_new", "777_value")));
    // A new title does not move the name that only the cache knows.
    properties["777_value"]["title"] = json!("Later Title");
    folder::write(&workflow(VACE_FUN, &Value::Object(properties)), schemas.path());
    assert_eq!(names(&of(schemas.path()).expect("a catalogue"), VACE_FUN), grown);
}

#[test]
fn a_damaged_cache_counts_as_empty() {
    let cache = tempfile::tempdir().expect("a folder");
    std::fs::write(cache.path().join("index.json"), [0xff, 0x00]).expect("a file");
    assert!(Catalogue::builder().cache(cache.path()).build().expect("a catalogue").models().entries.is_empty());
    std::fs::write(cache.path().join("index.json"), "{\"version\": 99}").expect("a file");
    assert!(Catalogue::builder().cache(cache.path()).build().expect("a catalogue").models().entries.is_empty());
    let nowhere = Catalogue::builder().folder(cache.path().join("nowhere")).build();
    assert!(matches!(nowhere, Err(Error::Folder { .. })));
}

#[test]
fn a_keyword_that_nobody_knows_is_told_and_checks_nothing() {
    let schemas = tempfile::tempdir().expect("a folder");
    let fields = json!({"prompt": {"type": "string", "maxLength": 9, "sparkle": 7}});
    folder::write(&workflow("maker/film/base", &fields), schemas.path());
    let live = Catalogue::builder().folder(schemas.path()).build().expect("a catalogue");
    let model = live.model("maker/film/base").expect("usable");
    assert_eq!(model.unchecked(), ["sparkle"]);
    assert!(model.to_wire(&json!({"prompt": "0123456789"})).is_err());
}
