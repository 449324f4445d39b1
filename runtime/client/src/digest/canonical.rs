//! What a published schema means on the wire, as a text that is the same for every order, title and text of the schema. The
//! generator counts the same way: a test of the workspace holds the two together. Must not know what keywords mean, but
//! for where schemas stand in them.

use std::fmt::Write as _;

use crate::Json;

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

/// A schema as text: keywords sorted, what says nothing left out.
pub(super) fn of_schema(schema: &Json) -> String {
    let Json::Object(keywords) = schema else { return of_value(schema) };
    let is_meant = |keyword: &str| !keyword.starts_with("x-") && !TEXTS.contains(&keyword);
    let parts = keywords.iter().filter(|(keyword, _)| is_meant(keyword));
    object(parts.map(|(keyword, value)| (keyword.as_str(), of_keyword(keyword, value))))
}

fn of_keyword(keyword: &str, value: &Json) -> String {
    match (keyword, value) {
        (_, Json::Object(schemas)) if NAMED.contains(&keyword) => {
            object(schemas.iter().map(|(name, schema)| (name.as_str(), of_schema(schema))))
        }
        (_, Json::Array(schemas)) if NESTED.contains(&keyword) => list(schemas.iter().map(of_schema)),
        (_, schema) if NESTED.contains(&keyword) => of_schema(schema),
        ("allOf" | "anyOf" | "oneOf", Json::Array(schemas)) => set(schemas.iter().map(of_schema)),
        ("enum" | "required" | "type", Json::Array(values)) => set(values.iter().map(of_value)),
        ("dependentRequired", Json::Object(lists)) => {
            object(lists.iter().map(|(name, names)| (name.as_str(), of_keyword("required", names))))
        }
        // Each rule has words of its own for people.
        ("validations", Json::Array(rules)) => set(rules.iter().map(|rule| match rule {
            Json::Object(parts) => {
                let parts = parts.iter().filter(|(part, _)| *part != "message");
                object(parts.map(|(part, value)| (part.as_str(), of_value(value))))
            }
            other => of_value(other),
        })),
        (_, value) => of_value(value),
    }
}

/// JSON as text, the same for all spellings of one value.
fn of_value(value: &Json) -> String {
    match value {
        Json::Object(entries) => object(entries.iter().map(|(name, value)| (name.as_str(), of_value(value)))),
        Json::Array(items) => list(items.iter().map(of_value)),
        Json::Number(number) => match number.as_f64() {
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
        _ = write!(text, "{}:{value},", Json::from(name));
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
