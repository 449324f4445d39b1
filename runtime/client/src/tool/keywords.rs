//! Which keywords speak of which values. Data, and questions about it. Must not know dialects.

use serde_json::Map;

use crate::Json;

pub(super) const OF_TEXTS: &[&str] = &["minLength", "maxLength", "pattern", "format"];
pub(super) const OF_NUMBERS: &[&str] = &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
pub(super) const OF_LISTS: &[&str] = &[
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
];
pub(super) const OF_OBJECTS: &[&str] = &[
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "propertyNames",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
];
/// Those of any value that no dialect but JSON Schema itself has.
pub(super) const OF_ALL: &[&str] = &["not", "if", "then", "else"];

/// The keywords that speak of values of this type.
pub(super) fn of_type(name: &str) -> &'static [&'static str] {
    match name {
        "string" => OF_TEXTS,
        "integer" | "number" => OF_NUMBERS,
        "array" => OF_LISTS,
        "object" => OF_OBJECTS,
        _ => &[],
    }
}

/// The types that a value may have, by what is said of it; empty if it may have any.
pub(super) fn types(keywords: &Map<String, Json>) -> Vec<String> {
    let named: Vec<String> = match keywords.get("type") {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    if !named.is_empty() {
        return named;
    }
    let mut found = Vec::new();
    for value in keywords.get("enum").and_then(Json::as_array).into_iter().flatten() {
        let name = type_of(value).to_owned();
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(number) if is_whole(number) => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn is_whole(number: &serde_json::Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// The listed values that have this type.
pub(super) fn values(keywords: &Map<String, Json>, of: &str) -> Option<Vec<Json>> {
    let has = |value: &&Json| type_of(value) == of || of == "number" && value.is_number();
    Some(keywords.get("enum")?.as_array()?.iter().filter(has).cloned().collect())
}
