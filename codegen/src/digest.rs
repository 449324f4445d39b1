//! The digest of what a schema means on the wire: which keys there are and what their values must be. A published schema
//! in, 128 bits out, the same for every order, title and text. Programs compare it with the digest of what the server
//! publishes today; `Digest` in the package `runcomfy-client` counts the same way. Must not know what keywords mean, but
//! for where schemas stand in them.

use std::fmt::Write as _;
use std::hash::Hasher as _;

use serde_json::Value;
use siphasher::sip128::{Hasher128 as _, SipHasher24};

/// Keywords that say nothing about values.
const TEXTS: [&str; 9] =
    ["$comment", "$id", "$schema", "deprecated", "description", "examples", "readOnly", "title", "writeOnly"];

/// Keywords whose value is a schema for each of some names.
const NAMED: [&str; 6] =
    ["$defs", "definitions", "dependentSchemas", "dependencies", "patternProperties", "properties"];

/// Keywords whose value is a schema, or a list of them in which the order counts.
const NESTED: [&str; 12] = [
    "additionalItems",
    "additionalProperties",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "prefixItems",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The digest of a schema.
#[must_use]
pub fn digest(schema: &Value) -> u128 {
    let mut hasher = SipHasher24::new();
    hasher.write(of_schema(schema).as_bytes());
    hasher.finish128().as_u128()
}

/// A schema as text: keywords sorted, what says nothing left out.
fn of_schema(schema: &Value) -> String {
    let Value::Object(keywords) = schema else { return of_value(schema) };
    let is_meant = |keyword: &str| !keyword.starts_with("x-") && !TEXTS.contains(&keyword);
    let parts = keywords.iter().filter(|(keyword, _)| is_meant(keyword));
    object(parts.map(|(keyword, value)| (keyword.as_str(), of_keyword(keyword, value))))
}

fn of_keyword(keyword: &str, value: &Value) -> String {
    match (keyword, value) {
        (_, Value::Object(schemas)) if NAMED.contains(&keyword) => {
            object(schemas.iter().map(|(name, schema)| (name.as_str(), of_schema(schema))))
        }
        (_, Value::Array(schemas)) if NESTED.contains(&keyword) => list(schemas.iter().map(of_schema)),
        (_, schema) if NESTED.contains(&keyword) => of_schema(schema),
        ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => set(schemas.iter().map(of_schema)),
        ("enum" | "required" | "type", Value::Array(values)) => set(values.iter().map(of_value)),
        ("dependentRequired", Value::Object(lists)) => {
            object(lists.iter().map(|(name, names)| (name.as_str(), of_keyword("required", names))))
        }
        // Each rule has words of its own for people.
        ("validations", Value::Array(rules)) => set(rules.iter().map(|rule| match rule {
            Value::Object(parts) => {
                let parts = parts.iter().filter(|(part, _)| *part != "message");
                object(parts.map(|(part, value)| (part.as_str(), of_value(value))))
            }
            other => of_value(other),
        })),
        (_, value) => of_value(value),
    }
}

/// JSON as text, the same for all spellings of one value.
fn of_value(value: &Value) -> String {
    match value {
        Value::Object(entries) => object(entries.iter().map(|(name, value)| (name.as_str(), of_value(value)))),
        Value::Array(items) => list(items.iter().map(of_value)),
        Value::Number(number) => match number.as_f64() {
            Some(0.0) => "0".to_owned(),
            // Every integer of this size has one float.
            Some(float) if float.fract() == 0.0 && float.abs() < 9.0e15 => format!("{float:.0}"),
            Some(float) if !number.is_i64() && !number.is_u64() => format!("{float:e}"),
            _ => number.to_string(),
        },
        scalar => scalar.to_string(),
    }
}

fn object<'n>(entries: impl Iterator<Item = (&'n str, String)>) -> String {
    let mut entries: Vec<(&str, String)> = entries.collect();
    entries.sort();
    let mut text = String::from("{");
    for (name, value) in entries {
        // Writing to a string can't fail.
        _ = write!(text, "{}:{value},", Value::from(name));
    }
    text + "}"
}

fn set(items: impl Iterator<Item = String>) -> String {
    let mut items: Vec<String> = items.collect();
    items.sort();
    items.dedup();
    list(items.into_iter())
}

fn list(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("[");
    for item in items {
        text += &item;
        text.push(',');
    }
    text + "]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn order_titles_and_texts_mean_nothing_and_all_else_does() {
        let one = json!({"type": "object", "title": "A", "x-order": 1, "required": ["a", "title"], "properties": {
            "title": {"type": ["string", "null"], "enum": ["x", "y"], "description": "b"}, "a": {"minimum": 1.0},
        }});
        let same = json!({"properties": {"a": {"minimum": 1, "title": "C"}, "title": {"enum": ["y", "x"],
            "type": ["null", "string"]}}, "required": ["title", "a"], "type": "object"});
        assert_eq!(digest(&one), digest(&same));
        let mut seen = std::collections::BTreeSet::from([digest(&one)]);
        for (pointer, value) in [
            ("/properties/a/minimum", json!(2)),
            ("/properties/title/enum/0", json!("z")),
            ("/properties/title/type", json!("string")),
            ("/required/1", json!("b")),
            ("/properties/a", json!(true)),
            ("/type", json!("array")),
        ] {
            let mut other = one.clone();
            *other.pointer_mut(pointer).expect("a place") = value;
            assert!(seen.insert(digest(&other)), "{pointer}");
        }
    }

    #[test]
    fn values_are_data_whatever_their_keys_are_called() {
        let of = |value| digest(&json!({"const": value}));
        assert_ne!(of(json!({"title": "a"})), of(json!({"title": "b"})));
        assert_ne!(of(json!([1, 2])), of(json!([2, 1])));
        assert_eq!(of(json!({"a": 1, "b": -0.0})), of(json!({"b": 0, "a": 1.0})));
        assert_ne!(of(json!(u64::MAX)), of(json!(u64::MAX as f64)));
    }
}
