//! Published schemas that say the same in other words, and schemas that say a little more or less, for the comparison of
//! meanings. In: a schema and a random source. Out: another schema. Must not know how schemas are compared.

pub mod change;
pub mod rewrite;

use fastrand::Rng;
use serde_json::{Value, json};

/// The schema of a field whose meaning can be said in many words.
#[must_use]
pub fn field(rng: &mut Rng) -> Value {
    let (low, high) = (rng.i64(-3..4), rng.i64(5..20));
    let text = json!({"type": "string", "minLength": 1, "maxLength": high});
    let number = json!({"type": "integer", "minimum": low, "exclusiveMaximum": high});
    let object = |name: &str, values: &Value| {
        json!({"type": "object", "required": ["kind", name], "properties": {
            "kind": {"const": name}, name: values, "count": {"type": "integer", "minimum": low, "maximum": high}
        }})
    };
    match rng.u8(0..23) {
        0 => json!({"type": "integer", "minimum": low, "maximum": high}),
        1 => json!({"type": ["string", "null"], "maxLength": high}),
        2 => json!({"type": "number", "nullable": true, "minimum": low}),
        3 => json!({"type": ["null", "array"], "items": number, "maxItems": high}),
        4 => json!({"oneOf": [number, text, {"type": "boolean"}]}),
        5 => json!({"anyOf": [object("size", &text), object("scale", &number), {"type": "null"}]}),
        6 => json!({"anyOf": [{"type": "object", "required": ["a"], "properties": {"a": text, "b": number}},
            {"type": "array", "items": text, "minItems": 1}, text]}),
        7 => {
            object("zoom", &json!({"type": "object", "properties": {"x": number, "y": {"type": ["integer", "null"]}}}))
        }
        8 => json!({"type": "object", "additionalProperties": number, "maxProperties": high}),
        9 => json!({"type": ["string", "integer", "boolean"], "maxLength": high, "minimum": low}),
        10 => json!({"type": "array", "items": {"anyOf": [number, {"enum": ["auto", "full"]}]}}),
        11 => json!({"type": ["string", "null"], "enum": ["a", "b", null]}),
        15 => {
            let any_of = |name: &str| json!({"type": "object", "required": [name], "properties": {name: text}});
            json!({"oneOf": [any_of("a"), any_of("b"), any_of("c")]})
        }
        16 => {
            json!({"oneOf": [number, {"type": "integer", "multipleOf": 3}, text, {"type": "string", "minLength": 3}]})
        }
        17 => {
            let by = |key: &str, title: &str, values: &Value| {
                let mut values = values.clone();
                values["title"] = title.into();
                json!({"type": "object", "required": [key], "properties": {key: values}})
            };
            json!({"anyOf": [by("11_value", "Width", &number), by("12_value", "Words", &text), {"type": "boolean"}]})
        }
        18 => {
            json!({"oneOf": [number, {"type": "number", "maximum": high}, text, {"enum": ["auto", "full"]}, {"type": "boolean"}]})
        }
        13 => json!({"type": "integer", "enum": [high]}),
        14 => json!({"type": "array", "items": {"enum": ["only"]}}),
        12 => {
            json!({"type": "array", "minItems": 2, "items": {"type": "integer", "enum": [2, 10, 3]}, "uniqueItems": true})
        }
        19 => json!({"type": "integer", "multipleOf": 6, "minimum": low}),
        20 => json!({"type": "object", "properties": {"a": text, "b": number, "c": {"type": "boolean"}},
            "dependentRequired": {"a": (if rng.bool() { vec!["b"] } else { vec!["c", "b"] })}}),
        21 => json!({"type": "object", "properties": {"x": {"type": "boolean"}, "y": {"type": ["boolean", "null"]}},
            "unevaluatedProperties": false}),
        _ => json!({"allOf": [number, {"multipleOf": 2}]}),
    }
}

/// A place in a document where a schema stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// As a JSON pointer.
    pub pointer: String,
    /// Whether what makes this schema stricter makes the whole stricter, too.
    pub monotone: bool,
    /// Whether it is part of what a library checks, which is compared word by word.
    pub by_words: bool,
}

/// All places of schemas below the fields of an input schema; the whole itself and definitions are left out.
#[must_use]
pub fn places(document: &Value) -> Vec<Place> {
    let mut found = Vec::new();
    each(document, "/properties", (true, false), &mut found);
    found
}

fn walk(document: &Value, pointer: String, (monotone, by_words): (bool, bool), found: &mut Vec<Place>) {
    let Some(Value::Object(keywords)) = document.pointer(&pointer) else { return };
    found.push(Place { pointer: pointer.clone(), monotone, by_words });
    let by_words = by_words || keywords.keys().any(|keyword| keyword.starts_with("unevaluated"));
    for (keyword, value) in keywords {
        let below = format!("{pointer}/{keyword}");
        let is_rest = keyword == "additionalProperties" && keywords.contains_key("patternProperties");
        match (keyword.as_str(), value) {
            ("items" | "additionalProperties", Value::Object(_)) => {
                walk(document, below, (monotone, by_words || is_rest), found);
            }
            ("properties", Value::Object(_)) | ("anyOf" | "allOf" | "prefixItems" | "items", Value::Array(_)) => {
                each(document, &below, (monotone, by_words), found);
            }
            ("patternProperties", Value::Object(_)) => each(document, &below, (monotone, true), found),
            ("oneOf", Value::Array(_)) => each(document, &below, (false, by_words), found),
            ("not" | "if" | "then" | "else" | "contains", Value::Object(_)) => {
                walk(document, below, (false, true), found);
            }
            _ => {}
        }
    }
}

fn each(document: &Value, pointer: &str, how: (bool, bool), found: &mut Vec<Place>) {
    let parts: Vec<String> = match document.pointer(pointer) {
        Some(Value::Object(parts)) => parts.keys().cloned().collect(),
        Some(Value::Array(parts)) => (0..parts.len()).map(|place| place.to_string()).collect(),
        _ => Vec::new(),
    };
    for part in parts {
        let part = part.replace('~', "~0").replace('/', "~1");
        walk(document, format!("{pointer}/{part}"), how, found);
    }
}
