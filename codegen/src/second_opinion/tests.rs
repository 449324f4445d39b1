//! Two readers that agree, two that do not, and what a person has accepted.

use serde_json::{Value, json};

use super::{file_differences, theirs};
use crate::ir::{Ty, Type};
use crate::lower;
use crate::schema::parse;

fn types(schema: &Value) -> Vec<Type> {
    lower::input(&parse(schema, "").expect("a schema")).unwrap_or_else(|errors| panic!("{errors}"))
}

/// What is told if our reading of `schema` is these types.
fn told(schema: &Value, types: &[Type]) -> Vec<(String, String)> {
    let schema = parse(schema, "").expect("a schema");
    theirs::in_thread(|| file_differences(&schema, &Ty::Named(0), types)).expect("an answer")
}

fn example() -> Value {
    json!({"type": "object", "required": ["56_text"], "properties": {
        "56_text": {"type": "string"},
        "4_valuex3_value": {"type": "string", "enum": ["1024x576 (16:9)", "+", ""]},
        "a/b": {"type": "object", "required": ["x"], "properties": {
            "x": {"type": "number"}, "marks": {"type": "array", "items": {"type": "integer"}}
        }},
        "seed": {"type": ["integer", "null"]},
        "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "boolean"}], "items": false, "minItems": 2},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}},
        "anything": {},
    }})
}

#[test]
fn two_readers_of_one_schema_agree() {
    assert_eq!(told(&example(), &types(&example())), []);
}

/// Each mistake that lowering could make is planted in what it made; the other reader finds it, and nothing else.
#[test]
fn a_planted_mistake_is_found_where_it_is() {
    type Mistake = fn(&mut Value);
    let planted: [(Mistake, &str, &str); 7] = [
        (|schema| schema["required"] = json!([]), "/properties/56_text", "read as optional, but by typify as required"),
        (
            |schema| schema["properties"]["56_text"]["type"] = json!("integer"),
            "/properties/56_text",
            "read as integer, but by typify as string",
        ),
        (
            |schema| schema["properties"]["4_valuex3_value"]["enum"] = json!(["1024x576 (16:9)", "+", "-"]),
            "/properties/4_valuex3_value",
            r#"values that typify does not read: "-"; that only typify reads: """#,
        ),
        (
            |schema| schema["properties"]["a/b"]["properties"]["y"] = json!({"type": "string"}),
            "/properties/a~1b/properties/y",
            "typify reads no such key",
        ),
        (
            |schema| drop(schema["properties"].as_object_mut().expect("an object").remove("seed")),
            "/properties/seed",
            "only typify reads this key",
        ),
        (
            |schema| schema["properties"]["a/b"]["properties"]["marks"]["items"] = json!({"type": "string"}),
            "/properties/a~1b/properties/marks/items",
            "read as string, but by typify as integer",
        ),
        (
            |schema| schema["properties"]["pair"]["prefixItems"][1] = json!({"type": "number"}),
            "/properties/pair/prefixItems/1",
            "read as number, but by typify as boolean",
        ),
    ];
    for (mistake, place, what) in planted {
        let mut mistaken = example();
        mistake(&mut mistaken);
        assert_eq!(told(&example(), &types(&mistaken)), [(place.to_owned(), what.to_owned())]);
    }
}

#[test]
fn a_type_that_contains_itself_ends() {
    let schema = json!({"type": "object", "required": ["first"], "properties": {"first": {"$ref": "#/$defs/node"}}, "$defs": {
        "node": {"type": "object", "properties": {
            "name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}, "all": {"type": "array", "items": {"$ref": "#/$defs/node"}}
        }}
    }});
    assert_eq!(told(&schema, &types(&schema)), []);
}

/// typify panics on lists of values of several types, among others; whatever it is, the answer names the property.
#[test]
fn what_typify_can_not_read_is_told_and_hides_nothing_else() {
    let schema = json!({"type": "object", "properties": {
        "a": {"type": "string"}, "b": {"enum": ["x", 1]}, "c": {"type": "integer"}
    }});
    let ours = types(
        &json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "c": {"type": "string"}}}),
    );
    let found = told(&schema, &ours);
    let places: Vec<&str> = found.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["/properties/c", "/properties/b"], "{found:?}");
}

fn with_union(field: &Value) -> Value {
    json!({"type": "object", "properties": {"a": field}})
}

#[test]
fn the_forms_of_unions_are_compared_in_any_order() {
    let published = json!({"oneOf": [
        {"type": "string", "enum": ["auto", "none"]},
        {"type": "integer"},
        {"type": "object", "required": ["width"], "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}}},
        {"type": "array", "items": {"type": "number"}},
    ]});
    let schema = with_union(&published);
    assert_eq!(told(&schema, &types(&schema)), []);
    let mut turned = published.clone();
    turned["oneOf"].as_array_mut().expect("forms").reverse();
    assert_eq!(told(&schema, &types(&with_union(&turned))), []);
    type Mistake = fn(&mut Value);
    let planted: [(Mistake, &str); 4] = [
        (
            |forms| forms[1]["type"] = json!("boolean"),
            "forms that typify does not read: boolean; that only typify reads: integer",
        ),
        (
            |forms| forms[0]["enum"] = json!(["auto"]),
            r#"forms that typify does not read: "auto"; that only typify reads: "auto" | "none""#,
        ),
        (
            |forms| forms[2]["required"] = json!(["width", "height"]),
            r#"forms that typify does not read: {"height": integer, "width": integer}; that only typify reads: {"height"?: (integer | null), "width": integer}"#,
        ),
        (
            |forms| drop(forms.as_array_mut().expect("forms").pop()),
            "forms that typify does not read: none; that only typify reads: [number, …]",
        ),
    ];
    for (mistake, what) in planted {
        let mut mistaken = published.clone();
        mistake(&mut mistaken["oneOf"]);
        assert_eq!(told(&schema, &types(&with_union(&mistaken))), [("/properties/a".to_owned(), what.to_owned())]);
    }
}

#[test]
fn a_tag_may_be_a_key_or_a_name() {
    let form = |kind: &str, key: &str| json!({"type": "object", "required": ["kind", key], "properties": {"kind": {"const": kind}, key: {"type": "string"}}});
    let schema = with_union(&json!({"oneOf": [form("url", "url"), form("text", "prompt")]}));
    assert_eq!(told(&schema, &types(&schema)), []);
    let other = with_union(&json!({"oneOf": [form("url", "url"), form("text", "words")]}));
    let found = told(&schema, &types(&other));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].1.contains(r#"not read: {"words": string}; that only typify reads: {"prompt": string}"#),
        "{found:?}"
    );
}
