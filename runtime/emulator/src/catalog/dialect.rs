//! RunComfy's dialect of JSON Schema in, plain JSON Schema (2020-12) out; each oddity is one named function. A rule that is
//! not understood stays as it is. Knows nothing of models.

use serde_json::{Map, Value, json};

/// Keywords that hold one schema.
const ONE: &[&str] = &[
    "items",
    "additionalProperties",
    "additionalItems",
    "contains",
    "propertyNames",
    "not",
    "if",
    "then",
    "else",
    "unevaluatedItems",
    "unevaluatedProperties",
];
/// Keywords that hold a list of schemas; before 2020-12 `items` could be one, too.
const LIST: &[&str] = &["allOf", "anyOf", "oneOf", "prefixItems", "items"];
/// Keywords that hold schemas by name.
const NAMED: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// The schema that a validator understands.
pub(crate) fn normalize(published: &Value) -> Value {
    let mut schema = published.clone();
    repair(&mut schema);
    schema
}

/// Pages publish `{"output": <schema>}`; what a client reads as `output` is the schema inside.
pub(crate) fn output_envelope(file: &Value) -> &Value {
    match file.as_object() {
        Some(keys) if keys.len() == 1 => keys.get("output").unwrap_or(file),
        _ => file,
    }
}

fn repair(schema: &mut Value) {
    let Some(keywords) = schema.as_object_mut() else { return };
    type_names(keywords);
    required_is_a_list(keywords);
    nullable_is_a_type(keywords);
    media_lists(keywords);
    repeated_values(keywords);
    exclusive_flags(keywords);
    item_lists(keywords);
    dependencies(keywords);
    for_each_part(keywords, repair);
}

fn for_each_part(keywords: &mut Map<String, Value>, change: fn(&mut Value)) {
    for (keyword, value) in keywords {
        let holds = |keywords: &[&str]| keywords.contains(&keyword.as_str());
        match value {
            Value::Array(list) if holds(LIST) => list.iter_mut().for_each(change),
            Value::Object(named) if holds(NAMED) => named.values_mut().for_each(change),
            Value::Object(_) if holds(ONE) => change(value),
            _ => {}
        }
    }
}

/// `"Float"` is published where JSON Schema says `"number"`.
fn type_names(keywords: &mut Map<String, Value>) {
    let rename = |name: &mut Value| {
        if let Some(text) = name.as_str() {
            let lower = text.to_ascii_lowercase();
            *name = if matches!(lower.as_str(), "float" | "double") { json!("number") } else { json!(lower) };
        }
    };
    match keywords.get_mut("type") {
        Some(Value::Array(names)) => names.iter_mut().for_each(rename),
        Some(name) => rename(name),
        None => {}
    }
}

/// `"required": true` beside a property's type is OpenAPI 2; whether it is required stands in the object's list.
fn required_is_a_list(keywords: &mut Map<String, Value>) {
    match keywords.get_mut("required") {
        Some(Value::Array(names)) => {
            let mut seen = std::collections::BTreeSet::new();
            names.retain(|name| seen.insert(name.to_string()));
        }
        Some(_) => {
            keywords.remove("required");
        }
        None => {}
    }
}

/// OpenAPI's `nullable: true` means `null` for the type and for the listed values.
fn nullable_is_a_type(keywords: &mut Map<String, Value>) {
    if keywords.remove("nullable") != Some(Value::Bool(true)) {
        return;
    }
    if let Some(Value::Array(values)) = keywords.get_mut("enum") {
        values.push(Value::Null);
    }
    match keywords.get_mut("type") {
        Some(Value::Array(names)) => names.push(json!("null")),
        Some(name) => *name = json!([name.clone(), "null"]),
        None => {}
    }
}

/// The format of a list (`image_uris`) is that of its items, which may be missing.
fn media_lists(keywords: &mut Map<String, Value>) {
    let format = match keywords.get("format").and_then(Value::as_str) {
        Some("image_uri" | "image_uris") => "image_uri",
        Some("video_uri" | "video_uris") => "video_uri",
        Some("audio_uri" | "audio_uris") => "audio_uri",
        _ => return,
    };
    let is_list = keywords.get("type").is_some_and(|names| names == "array" || names[0] == "array");
    if !is_list {
        keywords.insert("format".to_owned(), json!(format));
        return;
    }
    keywords.remove("format");
    let items = keywords.entry("items").or_insert_with(|| json!({"type": "string"}));
    if let Some(items) = items.as_object_mut() {
        items.entry("format").or_insert_with(|| json!(format));
    }
}

/// A value listed twice is one value, but the validator would refuse the list.
fn repeated_values(keywords: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = keywords.get_mut("enum") {
        let mut seen = std::collections::BTreeSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    }
}

/// Draft 4 wrote `"exclusiveMinimum": true` beside `minimum`.
fn exclusive_flags(keywords: &mut Map<String, Value>) {
    for (flag, partner) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if !keywords.get(flag).is_some_and(Value::is_boolean) {
            continue;
        }
        if keywords.remove(flag) == Some(Value::Bool(true))
            && let Some(bound) = keywords.remove(partner)
        {
            keywords.insert(flag.to_owned(), bound);
        }
    }
}

/// A list as `items` is what 2020-12 calls `prefixItems`.
fn item_lists(keywords: &mut Map<String, Value>) {
    if keywords.get("items").is_some_and(Value::is_array)
        && let Some(list) = keywords.remove("items")
    {
        keywords.insert("prefixItems".to_owned(), list);
        if let Some(rest) = keywords.remove("additionalItems") {
            keywords.insert("items".to_owned(), rest);
        }
    }
}

/// `dependencies` became two keywords: lists of names, and schemas.
fn dependencies(keywords: &mut Map<String, Value>) {
    let Some(Value::Object(all)) = keywords.remove("dependencies") else { return };
    let (lists, schemas): (Map<_, _>, Map<_, _>) = all.into_iter().partition(|(_, value)| value.is_array());
    for (keyword, part) in [("dependentRequired", lists), ("dependentSchemas", schemas)] {
        if !part.is_empty() {
            keywords.insert(keyword.to_owned(), Value::Object(part));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_oddity_becomes_plain_json_schema() {
        let cases = [
            (json!({"type": ["Float", "Null"]}), json!({"type": ["number", "null"]})),
            (json!({"type": "string", "required": true}), json!({"type": "string"})),
            (json!({"required": ["a", "b", "a"]}), json!({"required": ["a", "b"]})),
            (
                json!({"type": "string", "enum": ["a"], "nullable": true}),
                json!({"type": ["string", "null"], "enum": ["a", null]}),
            ),
            (json!({"type": "string", "format": "video_uris"}), json!({"type": "string", "format": "video_uri"})),
            (
                json!({"type": "Array", "format": "image_uris"}),
                json!({"type": "array", "items": {"type": "string", "format": "image_uri"}}),
            ),
            (json!({"enum": [1, 1]}), json!({"enum": [1]})),
            (json!({"minimum": 1, "exclusiveMinimum": true}), json!({"exclusiveMinimum": 1})),
            (
                json!({"items": [{"type": "float"}], "additionalItems": false}),
                json!({"prefixItems": [{"type": "number"}], "items": false}),
            ),
            (
                json!({"dependencies": {"a": ["b"], "c": {"type": "Float"}}}),
                json!({"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"type": "number"}}}),
            ),
        ];
        for (published, plain) in cases {
            assert_eq!(normalize(&published), plain);
        }
    }

    #[test]
    fn properties_named_like_keywords_are_properties() {
        let published = json!({"properties": {"type": {"type": "Float"}, "items": {"enum": [1, 1]}}});
        let plain = json!({"properties": {"type": {"type": "number"}, "items": {"enum": [1]}}});
        assert_eq!(normalize(&published), plain);
    }

    #[test]
    fn only_a_lone_output_key_is_an_envelope() {
        assert_eq!(output_envelope(&json!({"output": {"type": "object"}})), &json!({"type": "object"}));
        let schema = json!({"output": {}, "type": "object"});
        assert_eq!(output_envelope(&schema), &schema);
    }
}
