//! No schema crashes the generator, and nothing that a schema says becomes code.

use std::collections::BTreeSet;

use fastrand::Rng;
use runcomfy_codegen::Sources;
use serde_json::{Map, Value, json};
use workspace_tests::hostile::provenance::strangers;
use workspace_tests::hostile::twins::{Twins, shape};
use workspace_tests::hostile::{TEXTS, generated, model};
use workspace_tests::{cargo, fixtures, frozen, generate, load};

/// The file of the model, if the generator takes the schema. Whatever the schema says, it is Rust and holds no token of
/// it.
fn code(schema: &Value) -> Option<String> {
    let mut package = generated(&schema.to_string()).ok()?;
    package.files.values().for_each(|text| assert!(!text.contains(['\0', '\u{202e}']), "{text}"));
    let code = package.files.remove("src/hostile/model/base.rs").expect("the model's file");
    assert_clean([code.as_str()]);
    Some(code)
}

fn assert_clean<'f>(rust: impl IntoIterator<Item = &'f str>) {
    assert_eq!(strangers(rust), BTreeSet::new(), "if an emitter writes them now, they belong in vocabulary.txt");
}

#[test]
fn an_enum_with_properties_refers_to_no_table_that_is_not_there() {
    let schema = json!({"type": "object", "properties": {
        "operator": {"type": "string", "enum": ["+", "<"], "properties": {"a": {"type": "number"}}}
    }});
    let code = code(&schema).expect("properties say nothing about a text");
    assert!(!code.contains("&OPERATOR"), "{code}");
}

#[test]
fn hostile_texts_leave_the_code_as_plain_words_do() {
    let mut compared = 0;
    for seed in 0..200 {
        let twins = Twins::random(&mut Rng::with_seed(seed));
        if let (Some(hostile), Some(harmless)) = (code(&twins.hostile), code(&twins.harmless)) {
            assert_eq!(shape(&hostile), shape(&harmless), "seed {seed}\n{}\n{hostile}", twins.hostile);
            compared += 1;
        }
    }
    assert!(compared > 150, "only {compared} pairs were compared");
}

#[test]
fn emitters_write_their_own_words_and_names_only() {
    for set in [fixtures(), frozen()] {
        let package = generate(&load(&set));
        assert_clean(package.files.iter().filter(|(path, _)| path.ends_with(".rs")).map(|(_, text)| text.as_str()));
    }
}

#[test]
fn five_hundred_hostile_models_compile() {
    let mut models = Vec::new();
    for seed in 0.. {
        let twins = Twins::random(&mut Rng::with_seed(seed));
        if generated(&twins.hostile.to_string()).is_ok() {
            let mut source = model(&twins.hostile.to_string());
            let folder = format!("hostile/m{}/base", models.len());
            source.manifest.text = source.manifest.text.replace("hostile/model/base", &folder);
            source.manifest.path = format!("{folder}/model.toml");
            source.folder = folder;
            models.push(source);
        }
        if models.len() == 500 {
            break;
        }
    }
    let package = generate(&Sources { models, ..Sources::default() });
    let out = cargo::write("hostile-crate", &package);
    let all = ["--no-default-features", "--features", "all"];
    cargo::run(&out, &[&["rustc"], &all[..], &["--lib", "--profile", "check", "--", "-D", "warnings"]].concat());
    cargo::run(&out, &[&["doc"], &all[..], &["--no-deps"]].concat());
}

/// Generates, or refuses with an error that names a place.
fn survives(schema: &Value) -> bool {
    match generated(&schema.to_string()) {
        Ok(package) => {
            assert_clean([package.files["src/hostile/model/base.rs"].as_str()]);
            true
        }
        Err(errors) => {
            assert!(errors.iter().all(|error| !error.message.is_empty()), "{errors}");
            false
        }
    }
}

fn one(field: Value) -> Value {
    json!({"type": "object", "properties": {"a": field}})
}

#[test]
fn texts_of_a_megabyte() {
    let long = "long ".repeat(200_000);
    assert!(survives(&one(json!({"type": "string", "title": long, "description": long, "default": long}))));
    survives(&json!({"type": "object", "properties": {long.clone(): {"type": "string"}}}));
    survives(&one(json!({"type": "string", "enum": [long, "b"]})));
    survives(&one(json!({"type": "string", "pattern": "a".repeat(1_000_000)})));
}

#[test]
fn ten_thousand_values_and_a_thousand_fields() {
    let values: Vec<String> = (0..10_000).map(|place| format!("value {place}")).collect();
    assert!(survives(&one(json!({"type": "string", "enum": values}))));
    let fields: Map<String, Value> =
        (0..1_000).map(|place| (format!("field_{place}"), json!({"type": "integer"}))).collect();
    assert!(survives(&json!({"type": "object", "properties": fields})));
    let nodes: Map<String, Value> =
        (0..1_000).map(|place| (format!("{place}_value"), json!({"title": "One"}))).collect();
    assert!(!survives(&json!({"type": "object", "properties": nodes})), "a thousand fields of one title");
}

#[test]
fn two_hundred_levels() {
    for keyword in ["items", "not", "additionalProperties", "if", "contains", "propertyNames"] {
        survives(&one((0..200).fold(json!({"type": "string"}), |inner, _| json!({keyword: inner}))));
    }
    for keyword in ["anyOf", "allOf", "oneOf", "prefixItems"] {
        survives(
            &one((0..200).fold(json!({"type": "string"}), |inner, _| json!({keyword: [inner, {"type": "null"}]}))),
        );
    }
    survives(&one((0..200).fold(json!({}), |inner, _| json!({"type": "object", "properties": {"a": inner}}))));
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert!(generated(&format!("{{\"properties\": {{\"a\": {{\"default\": {deep}}}}}}}")).is_err());
}

#[test]
fn references_that_go_round() {
    for definitions in [
        json!({"a": {"$ref": "#/$defs/a"}}),
        json!({"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}),
        json!({"a": {"allOf": [{"$ref": "#/$defs/a"}]}}),
        json!({"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}}),
        json!({"a": {"not": {"$ref": "#/$defs/a"}}}),
        json!({"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}}),
        json!({"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]}}),
        json!({"a": {"type": "object", "additionalProperties": {"$ref": "#/$defs/a"}}}),
        json!({"a": {"$ref": "#"}}),
        json!({"a": {"$ref": "https://example.com/schema.json"}}),
        json!({"a": {"$ref": "#/properties/a"}}),
    ] {
        let mut schema = one(json!({"$ref": "#/$defs/a"}));
        schema["$defs"] = definitions;
        survives(&schema);
    }
}

#[test]
fn keywords_as_keys_and_keys_that_differ_in_case_or_marks_alone() {
    let keywords =
        ["type", "fn", "self", "Self", "crate", "super", "properties", "$ref", "required", "new", "extra", "_"];
    let fields: Map<String, Value> =
        keywords.iter().map(|key| ((*key).to_owned(), json!({"type": "string"}))).collect();
    survives(&json!({"type": "object", "properties": fields}));
    for keys in [["aB", "ab"], ["a-b", "a_b"], ["a b", "a.b"], ["", " "], ["type", "type_"], ["日本", "語"]] {
        let fields: Map<String, Value> =
            keys.iter().map(|key| ((*key).to_owned(), json!({"type": "string"}))).collect();
        survives(&json!({"type": "object", "properties": fields}));
        survives(&one(json!({"type": "string", "enum": keys})));
    }
}

#[test]
fn lone_surrogates_and_broken_json() {
    for text in [
        r#"{"properties": {"\ud800": {}}}"#,
        r#"{"properties": {"a": {"title": "\udc00"}}}"#,
        "{",
        "",
        "[]",
        "null",
        "\u{feff}{}",
    ] {
        assert!(generated(text).is_err(), "{text}");
    }
}

#[test]
fn every_hostile_text_in_every_place_alone() {
    for text in TEXTS {
        survives(&json!({"type": "object", "properties": {text: {"type": "string"}}}));
        survives(&json!({"type": "object", "title": text, "description": text, "properties": {"a": {"type": text}}}));
        for keyword in ["title", "description", "default", "format", "pattern", "const", "$ref", "$comment"] {
            survives(&one(json!({"type": "string", keyword: text})));
        }
        survives(&one(json!({"type": "object", "required": [text], "properties": {"b": {}}})));
        survives(&one(json!({"type": "string", "validations": [
            {"validation_rule": text, "validation_value": 1, "validation_error": text}]})));
    }
}

/// Found by fuzzing: the type of an item that no Rust type speaks of was written into the table, unread.
#[test]
fn unknown_types_are_refused_wherever_they_stand() {
    for name in ["striog", "string injected", "", "string)], rt::Rule::Never, &["] {
        for field in [
            json!({"type": "integer", "prefixItems": [{"type": name}]}),
            json!({"type": ["string", name]}),
            json!({"type": "string", "items": {"type": name}}),
            json!({"anyOf": [{"type": name}, {"type": "integer"}]}),
            json!({"type": "string", "not": {"type": name}}),
            json!({"enum": ["a"], "type": name}),
            json!({"type": "string", "additionalProperties": {"type": [name]}}),
        ] {
            assert!(!survives(&one(field.clone())), "{field}");
        }
    }
}
