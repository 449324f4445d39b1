//! What stays of a schema, and what does not, keyword by keyword.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn of(schema: &Value) -> Value {
    serde_json::from_str(&facts(&schema.to_string())).expect("JSON")
}

#[test]
fn sentences_go_and_facts_stay() {
    let texts =
        json!({"title": "T", "description": "D", "$comment": "C", "examples": ["e"], "x-note": "N", "x-order": 1});
    let mut published = texts.clone();
    let facts = json!({"type": "string", "enum": ["a b", "c"], "default": "a b", "format": "image_uri", "maxLength": 3,
        "pattern": "^a b$", "deprecated": true, "$ref": "#/$defs/a b"});
    published.as_object_mut().expect("an object").extend(facts.as_object().expect("an object").clone());
    assert_eq!(of(&published), facts);
    let whole = json!({"required": ["title"], "properties": {"title": published}, "allOf": [texts], "not": texts,
        "$defs": {"description": published}, "dependencies": {"a": ["b c"], "b": published}});
    let kept = json!({"required": ["title"], "properties": {"title": facts}, "allOf": [{}], "not": {},
        "$defs": {"description": facts}, "dependencies": {"a": ["b c"], "b": facts}});
    assert_eq!(of(&whole), kept);
}

#[test]
fn only_defaults_that_are_settings_stay() {
    let listed = json!({"enum": ["a", "b"]});
    let document = |mut schema: Value, default: &Value| {
        schema["default"] = default.clone();
        json!({"properties": {"x": schema}, "$defs": {"listed": listed, "again": {"$ref": "#/$defs/again"}}})
    };
    for (schema, default, stays) in [
        (json!({}), json!(1.5), true),
        (json!({"type": "string"}), json!(""), false),
        (json!({"type": "string"}), json!("a"), false),
        (json!({"const": "a"}), json!("a"), true),
        (listed.clone(), json!("a"), true),
        (listed.clone(), json!("A sample"), false),
        (json!({"$ref": "#/$defs/listed"}), json!("a"), true),
        (json!({"$ref": "#/$defs/again"}), json!("a"), false),
        (json!({"anyOf": [{"type": "integer"}, listed]}), json!("b"), true),
        (json!({"items": listed}), json!(["a", "b"]), true),
        (json!({"items": listed}), json!(["a", "https://h/sample.png"]), false),
        (json!({"items": {}}), json!([]), true),
        (json!({"properties": {"a": listed, "b": {}}}), json!({"a": "b", "b": 1}), true),
        (json!({"properties": {"a": listed, "b": {}}}), json!({"a": "b", "b": "a text"}), false),
        (json!({"properties": {"a": listed}}), json!({"other": 1}), false),
    ] {
        let kept = of(&document(schema.clone(), &default));
        assert_eq!(kept["properties"]["x"].get("default"), stays.then_some(&default), "{schema} {default}");
    }
}

#[test]
fn what_nobody_knows_keeps_its_name_and_loses_its_text() {
    let kept = of(&json!({"wibble": "a sentence", "wobble": [1, true], "format": "a sentence",
        "validations": [{"validation_rule": "width<", "validation_value": 3, "validation_error": "Too wide", "more": {"a": "b"}}]}));
    let rule = json!({"validation_rule": "width<", "validation_value": 3, "more": null});
    assert_eq!(kept, json!({"wibble": null, "wobble": [1, true], "validations": [rule]}));
}

#[test]
fn switches_and_words_stay_if_they_are_such() {
    let facts = json!({"deprecated": true, "readOnly": false, "nullable": true, "$schema": "https://h/schema#", "$id": "https://h/a",
        "$anchor": "here", "uniqueItems": true});
    assert_eq!(of(&facts), facts);
    let keywords = facts.as_object().expect("an object").keys();
    for keyword in keywords.map(String::as_str).chain(["writeOnly", "$dynamicAnchor", "$recursiveAnchor"]) {
        assert_eq!(of(&json!({keyword: "use the other one"})), json!({}), "{keyword}");
    }
}

#[test]
fn texts_that_editors_and_forms_add_are_no_facts() {
    let facts = json!({"enum": ["a", "b"], "propertyNames": {"maxLength": 3}});
    for keyword in [
        "enumDescriptions",
        "markdownEnumDescriptions",
        "enumNames",
        "enum_labels",
        "ui:help",
        "errorMessage",
        "placeholder",
        "tool_tip_texts",
        "é-hint",
    ] {
        let mut published = facts.clone();
        published[keyword] = json!(["Makes a film.", "Makes a song."]);
        assert_eq!(of(&published), facts, "{keyword}");
    }
    for keyword in ["maxLabelsPer", "named", "renames2", "hinted"] {
        assert_eq!(of(&json!({keyword: "a sentence"})), json!({keyword: null}), "{keyword}");
    }
}

#[test]
fn numbers_and_order_stay_as_published() {
    let published =
        r#"{"type":"object","title":"T","properties":{"b":{"maximum":1.50},"a":{"default":18446744073709551616}}}"#;
    assert_eq!(facts(published), published.replace(r#""title":"T","#, ""));
}

/// Any schema-like JSON with a mark in each text that is not a fact.
fn marked() -> impl Strategy<Value = Value> {
    let text = prop_oneof![Just(json!("MARK of somebody")), Just(json!(["MARK one"])), Just(json!({"a": "MARK two"}))];
    let leaf = prop_oneof![Just(json!({"type": "string"})), Just(json!(true)), Just(json!({"enum": ["a"]}))];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        let keyword =
            prop::sample::select([TEXTS, &["x-a", "wibble", "default", "format", "deprecated", "$id"]].concat());
        let texts = prop::collection::vec((keyword, text.clone()), 0..4);
        let place = prop::sample::select([SCHEMAS, NAMED].concat());
        let parts = prop::collection::vec((place, prop::collection::vec(inner, 0..3)), 0..4);
        (texts, parts).prop_map(|(texts, parts)| {
            let mut schema: serde_json::Map<String, Value> =
                texts.into_iter().map(|(keyword, text)| (keyword.to_owned(), text)).collect();
            for (keyword, parts) in parts {
                let value = match NAMED.contains(&keyword) {
                    true => {
                        parts.into_iter().zip(["title", "b", "c"]).map(|(part, name)| (name.to_owned(), part)).collect()
                    }
                    false => Value::from(parts),
                };
                schema.insert(keyword.to_owned(), value);
            }
            schema.into()
        })
    })
}

proptest! {
    #[test]
    fn no_text_passes_wherever_it_stands_and_twice_is_once(schema in marked()) {
        let once = facts(&schema.to_string());
        prop_assert!(!once.contains("MARK"), "{}", once);
        prop_assert_eq!(facts(&once), once);
    }
}

#[test]
fn a_key_of_a_node_keeps_the_title_that_says_what_it_is() {
    let title = |key: &str, title: &str| {
        let kept = of(&json!({"properties": {key: {"type": "number", "title": title}}}));
        kept["properties"][key].get("title").is_some()
    };
    assert!(title("108_cfg", "Guidance Scale"));
    assert!(!title("guidance_scale", "Guidance Scale"), "its key says it");
    assert!(!title("108_cfg", "How strongly the film follows the prompt, from 0 to 10."), "a sentence");
}
