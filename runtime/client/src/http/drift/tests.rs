//! What counts as drift and what does not.

use super::*;
use serde_json::json;

const STRING: &[Rule] = &[Rule::Type(Types::STRING)];
const INTEGER: &[Rule] = &[Rule::Type(Types::INTEGER), Rule::Minimum(crate::rt::Number::Int(2))];
const NUMBER: &[Rule] = &[Rule::Type(Types::NUMBER)];

static TABLE: Table = Table {
    fields: &[
        Field { name: "prompt", key: "56_text", title: "Prompt", required: true, rules: STRING, ..Field::BLANK },
        Field { name: "steps", key: "47_value", title: "Steps", rules: INTEGER, ..Field::BLANK },
        Field { name: "shift", key: "41_value", title: "Shift", rules: INTEGER, ..Field::BLANK },
        Field { name: "scale", key: "scale", title: "Scale", rules: NUMBER, ..Field::BLANK },
    ],
    ..Table::BLANK
};

fn published() -> Json {
    json!({"type": "object", "required": ["56_text"], "properties": {
        "56_text": {"title": "Prompt", "type": "string"},
        "47_value": {"title": "Steps", "type": "integer", "minimum": 2},
        "41_value": {"title": "Shift", "type": "integer"},
        "scale": {"title": "Scale", "type": "float"},
    }})
}

/// The changes that are seen after this one.
fn after(change: impl FnOnce(&mut Json)) -> Vec<String> {
    let mut schema = published();
    change(&mut schema);
    changes(&TABLE, &schema, &HashSet::new()).iter().map(ToString::to_string).collect()
}

#[test]
fn titles_texts_bounds_and_order_are_no_drift() {
    assert!(after(|_| {}).is_empty());
    let changed = after(|schema| {
        schema["properties"]["56_text"] = json!({"type": "String", "title": "Aufforderung", "description": "new"});
        schema["properties"]["47_value"]["maximum"] = json!(50);
        schema["properties"]["scale"]["type"] = json!("Number");
        schema["x-new"] = json!(1);
    });
    assert!(changed.is_empty(), "{changed:?}");
}

#[test]
fn a_renumbered_node_is_drift() {
    let changed = after(|schema| {
        let steps = schema["properties"]["47_value"].take();
        schema["properties"].as_object_mut().expect("an object").remove("47_value");
        schema["properties"]["51_value"] = steps;
    });
    assert_eq!(changed, [r#"steps (47_value): has the key "51_value" now"#]);
}

#[test]
fn two_nodes_that_changed_places_are_drift() {
    let changed = after(|schema| {
        let steps = schema["properties"]["47_value"].take();
        schema["properties"]["47_value"] = schema["properties"]["41_value"].take();
        schema["properties"]["41_value"] = steps;
    });
    let expected =
        [r#"steps (47_value): has the key "41_value" now"#, r#"shift (41_value): has the key "47_value" now"#];
    assert_eq!(changed, expected);
}

#[test]
fn keys_that_came_and_went_are_drift() {
    let changed = after(|schema| {
        schema["properties"].as_object_mut().expect("an object").remove("scale");
        schema["properties"]["seed"] = json!({"type": "integer"});
        schema["properties"]["60_image"] = json!({"type": "string"});
        schema["required"] = json!(["seed", "56_text"]);
    });
    assert_eq!(changed, ["scale (scale): is gone", "\"60_image\": is new", "\"seed\": is new and must be given"]);
}

#[test]
fn what_must_be_given_is_drift_both_ways() {
    let changed = after(|schema| schema["required"] = json!(["scale"]));
    assert_eq!(changed, ["prompt (56_text): need not be given any more", "scale (scale): must be given now"]);
}

#[test]
fn another_type_is_drift_and_what_has_none_is_not_compared() {
    let changed = after(|schema| {
        schema["properties"]["47_value"]["type"] = json!("string");
        schema["properties"]["41_value"]["type"] = json!(["integer", "null"]);
        schema["properties"]["scale"] = json!({"title": "Scale", "anyOf": [{"type": "string"}]});
    });
    let expected =
        ["steps (47_value): was an integer, is a string", "shift (41_value): was an integer, is an integer or null"];
    assert_eq!(changed, expected);
}

#[test]
fn the_type_of_a_corrected_field_is_no_drift_and_its_key_is() {
    let overrides = "[names]\n\"56_text\" = \"prompt\"\n\n[types]\n# A number after all.\n\"41_value\" = \"integer\"\n'scale' = \"number\"\n\n[accept]\n47_value = 1\n";
    let corrected = corrected(overrides);
    assert_eq!(corrected, ["41_value", "scale"].map(str::to_owned).into());
    let mut schema = published();
    schema["properties"]["41_value"]["type"] = json!("string");
    schema["properties"]["scale"]["type"] = json!("string");
    assert_eq!(changes(&TABLE, &schema, &corrected), Vec::new());
    assert_eq!(changes(&TABLE, &schema, &HashSet::new()).len(), 2, "it is seen where nothing was corrected");
    schema["properties"].as_object_mut().expect("an object").remove("scale");
    schema["properties"]["47_value"]["type"] = json!("string");
    assert_eq!(changes(&TABLE, &schema, &corrected).len(), 2);
}
