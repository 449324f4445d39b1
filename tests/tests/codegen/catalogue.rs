//! The published models as they lie in `schemas/`: what a changed copy is told to change, and that no sentence stands where
//! sentences were left out.

use runcomfy_codegen::diff::{self, Verdict};
use runcomfy_codegen::manifest::{Manifest, Texts};
use runcomfy_codegen::{ModelSource, catalog, cli};
use serde_json::{Value, json};
use workspace_tests::{load, root, synced};

/// The models that were taken over without their texts.
fn bare() -> Vec<ModelSource> {
    let is_bare = |model: &ModelSource| Manifest::parse(&model.manifest).is_ok_and(|it| it.texts == Texts::Omitted);
    load(&root().join("schemas")).models.into_iter().filter(is_bare).collect()
}

/// The pointers of all that may be a sentence: of every text that is no type, no format, no rule, no value of a list, and no
/// key that is required, and that names no input of a node in a few words.
fn sentences(at: &str, schema: &Value, found: &mut Vec<String>) {
    let Some(map) = schema.as_object() else { return };
    for (keyword, value) in map {
        let at = format!("{at}/{keyword}");
        let is_word = |value: &Value| value.as_str().is_none_or(|text| !text.contains(char::is_whitespace));
        match (keyword.as_str(), value) {
            ("type" | "format" | "validation_rule", word) if is_word(word) => {}
            ("enum" | "const" | "required", _) | (_, Value::Number(_) | Value::Bool(_) | Value::Null) => {}
            ("default", value) if schema["enum"].as_array().is_some_and(|values| values.contains(value)) => {}
            ("properties", Value::Object(parts)) => {
                parts.iter().for_each(|(key, part)| sentences(&format!("{at}/{key}"), part, found));
            }
            ("title", Value::String(title)) if is_of_a_node(at.rsplit('/').nth(1)) && is_label(title) => {}
            ("items", part) => sentences(&at, part, found),
            ("validations", Value::Array(rules)) => rules.iter().for_each(|rule| sentences(&at, rule, found)),
            _ => found.push(at),
        }
    }
}

/// `108_cfg` says nothing without its title.
fn is_of_a_node(key: Option<&str>) -> bool {
    key.and_then(|key| key.split_once('_')).is_some_and(|(node, _)| node.parse::<u32>().is_ok())
}

fn is_label(title: &str) -> bool {
    title.split_whitespace().count() <= 4 && !title.ends_with('.')
}

#[test]
fn no_sentence_stands_where_sentences_were_left_out() {
    let mut found = Vec::new();
    for model in bare() {
        let input = serde_json::from_str(&model.input.text).expect("JSON");
        sentences(&model.input.path, &input, &mut found);
        let lock: toml::Table = model.lock.expect("a lock").text.parse().expect("TOML");
        let titled = lock["field"].as_array().expect("fields").iter().filter(|field| {
            let title = field.get("title").and_then(toml::Value::as_str);
            title.is_some_and(|title| !(is_of_a_node(field["key"].as_str()) && is_label(title)))
        });
        found.extend(titled.map(|field| format!("{}/names.lock: {}", model.folder, field["name"])));
        let price = Manifest::parse(&model.manifest).expect("a manifest").price;
        found.extend(price.and_then(|price| price.note).map(|note| format!("{}: {note}", model.manifest.path)));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_place_of_a_sentence_is_seen() {
    let text = "Somebody wrote this.";
    let told = json!({"description": text, "properties": {
        "title": {"title": text, "type": "string", "default": text},
        "b": {"enum": ["x"], "default": "x", "format": text, "x-note": "y", "items": {"$comment": text}},
        "c": {"validations": [{"validation_rule": "width<", "validation_value": 1, "validation_error": text}]},
        "d": {"default": [text], "examples": [text]}, "7_e": {"title": text}, "8_f": {"title": "Steps"}}});
    let mut found = Vec::new();
    sentences("", &told, &mut found);
    found.sort();
    let expected = [
        "/description",
        "/properties/7_e/title",
        "/properties/b/format",
        "/properties/b/items/$comment",
        "/properties/b/x-note",
        "/properties/c/validations/validation_error",
        "/properties/d/default",
        "/properties/d/examples",
        "/properties/title/default",
        "/properties/title/title",
    ];
    assert_eq!(found, expected);
}

/// The published models as a catalogue that lists them.
fn response() -> Value {
    let models = load(&root().join("schemas")).models.into_iter().map(|model| {
        let input: Value = serde_json::from_str(&model.input.text).expect("JSON");
        json!({"model_id": model.folder, "input_schema": input})
    });
    json!({"models": models.collect::<Vec<_>>()})
}

#[test]
fn a_changed_copy_is_told_change_by_change() {
    let mut response = response();
    let old = catalog(&synced(&response)).unwrap_or_else(|errors| panic!("{errors}"));
    let models = response["models"].as_array_mut().expect("models");
    let gone = models.remove(0)["model_id"].as_str().expect("an id").to_owned();
    models.push(json!({"model_id": "acme/new", "input_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}}));
    let properties = |model: &Value| model["input_schema"]["properties"].as_object().expect("properties").clone();
    let of_type = |model: &Value, wanted: &dyn Fn(&Value) -> bool| {
        properties(model).iter().find(|(_, schema)| wanted(schema)).map(|(key, _)| key.clone())
    };
    // In three models: a value goes, a bound moves, a field comes.
    let (at, key) = (models.iter().enumerate())
        .find_map(|(at, model)| {
            Some((at, of_type(model, &|schema| schema["enum"].as_array().is_some_and(|list| list.len() > 1))?))
        })
        .expect("an enum");
    let value =
        models[at]["input_schema"]["properties"][&key]["enum"].as_array_mut().and_then(Vec::pop).expect("a value");
    let (bounded, bound) = (models.iter().enumerate().skip(at + 1))
        .find_map(|(at, model)| Some((at, of_type(model, &|schema| schema["maximum"].is_i64())?)))
        .expect("a bound");
    let maximum = &mut models[bounded]["input_schema"]["properties"][&bound]["maximum"];
    *maximum = json!(maximum.as_i64().expect("a number") + 1);
    models[bounded + 1]["input_schema"]["properties"]["news"] = json!({"type": "string"});
    let told = [&gone, "acme/new", "variants are gone", "news", &bound].map(str::to_owned);

    let report = cli::compare(&old, "changed", synced(&response)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(report.verdict(), Some(Verdict::Breaking));
    assert_eq!(report.changes.len(), 5, "value {value}: {:#?}", report.changes);
    let text = diff::markdown(&report, &"0.1.0".parse().expect("a version"));
    for words in &told {
        assert!(text.contains(words.as_str()), "{words}: {text}");
    }
    let nothing = cli::compare(&old, "same", synced(&self::response())).expect("comparable");
    assert!(nothing.changes.is_empty(), "{:#?}", nothing.changes);
}
