//! RunComfy's dialect to JSON Schema 2020-12, for the crate `jsonschema`: a published schema in, a standard one out. An
//! independent reading: it shares no code with the generator.

use serde_json::{Map, Value, json};

/// The same schema in the words of the standard.
#[must_use]
pub fn normal(published: &Value) -> Value {
    let Value::Object(keywords) = published else { return published.clone() };
    let mut schema = Map::new();
    for (keyword, value) in keywords {
        let value = match keyword.as_str() {
            "type" => types(value),
            "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions" => named(value),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => list(value),
            "additionalProperties"
            | "propertyNames"
            | "not"
            | "if"
            | "then"
            | "else"
            | "contains"
            | "unevaluatedItems"
            | "unevaluatedProperties" => normal(value),
            "required" | "enum" => distinct(value),
            "pattern" => pattern(value),
            // Read below, with what they depend on; or said in other words than the standard's.
            "items" | "additionalItems" | "dependencies" | "nullable" | "divisibleBy" | "id" | "$id" | "$schema" => {
                continue;
            }
            "exclusiveMinimum" | "exclusiveMaximum" if value.is_boolean() => continue,
            _ => value.clone(),
        };
        schema.insert(keyword.clone(), value);
    }
    old_bounds(keywords, &mut schema);
    old_tuples(keywords, &mut schema);
    old_dependencies(keywords, &mut schema);
    if let Some(step) = keywords.get("divisibleBy") {
        schema.insert("multipleOf".to_owned(), step.clone());
    }
    media_lists(keywords, &mut schema);
    media_keys(&mut schema);
    if keywords.get("nullable") == Some(&json!(true)) {
        nullable(&mut schema);
    }
    schema.into()
}

fn types(value: &Value) -> Value {
    match value {
        Value::Array(types) => types.iter().map(types_word).collect(),
        one => types_word(one),
    }
}

fn types_word(word: &Value) -> Value {
    match word.as_str().unwrap_or_default().to_lowercase().as_str() {
        "float" | "double" => json!("number"),
        other => json!(other),
    }
}

fn named(value: &Value) -> Value {
    let parts = value.as_object().into_iter().flatten();
    Value::Object(parts.map(|(name, part)| (name.clone(), normal(part))).collect())
}

fn list(value: &Value) -> Value {
    value.as_array().into_iter().flatten().map(normal).collect()
}

/// The two forms that only the grammar without the flag `u` takes, which the crate `jsonschema` does not.
fn pattern(value: &Value) -> Value {
    value.as_str().map_or(Value::Null, |source| json!(source.replace(r"\_", "_").replace(r"\w-.", r"\w.-")))
}

/// A name or value listed twice says no more than once.
fn distinct(value: &Value) -> Value {
    let mut seen: Vec<&Value> = Vec::new();
    for one in value.as_array().into_iter().flatten() {
        if !seen.contains(&one) {
            seen.push(one);
        }
    }
    seen.into_iter().cloned().collect()
}

/// Draft 4: `exclusiveMinimum: true` makes `minimum` exclusive.
fn old_bounds(keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if keywords.get(flag) == Some(&json!(true))
            && let Some(limit) = schema.remove(bound)
        {
            schema.insert(flag.to_owned(), limit);
        }
    }
}

/// Before 2020-12: a list of `items`, and `additionalItems` for the rest.
fn old_tuples(keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    match keywords.get("items") {
        Some(first @ Value::Array(_)) => {
            schema.insert("prefixItems".to_owned(), list(first));
            if let Some(rest) = keywords.get("additionalItems") {
                schema.insert("items".to_owned(), normal(rest));
            }
        }
        Some(items) => _ = schema.insert("items".to_owned(), normal(items)),
        None => {}
    }
}

/// Before 2019-09: `dependencies`, by the form of each.
fn old_dependencies(keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    let Some(Value::Object(all)) = keywords.get("dependencies") else { return };
    let (mut names, mut parts) = (Map::new(), Map::new());
    for (name, value) in all {
        match value {
            Value::Array(_) => _ = names.insert(name.clone(), value.clone()),
            Value::String(_) => _ = names.insert(name.clone(), json!([value])),
            part => _ = parts.insert(name.clone(), normal(part)),
        }
    }
    schema.insert("dependentRequired".to_owned(), names.into());
    schema.insert("dependentSchemas".to_owned(), parts.into());
}

/// A list of media is a list of texts, even if nothing is said of its items.
fn media_lists(keywords: &Map<String, Value>, schema: &mut Map<String, Value>) {
    let format = keywords.get("format").and_then(Value::as_str).unwrap_or_default();
    let is_media = ["image_uri", "video_uri", "audio_uri"].iter().any(|media| format.starts_with(media));
    if is_media && schema.get("type") == Some(&json!("array")) {
        schema.entry("items").or_insert_with(|| json!({"type": "string", "format": "uri"}));
    }
}

/// The text under `118_image` names a file, though nothing says so: a format that is not checked, for the instances.
fn media_keys(schema: &mut Map<String, Value>) {
    for (key, part) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let is_media = key.starts_with(|first: char| first.is_ascii_digit())
            && ["_image", "_video", "_audio"].iter().any(|media| key.ends_with(media));
        if let (true, Some(part)) = (is_media, part.as_object_mut()) {
            part.entry("format").or_insert_with(|| json!("uri"));
        }
    }
}

/// OpenAPI's word for a type that may be null.
fn nullable(schema: &mut Map<String, Value>) {
    if let Some(value) = schema.remove("const") {
        schema.insert("enum".to_owned(), json!([value]));
    }
    let combined = ["$ref", "allOf", "anyOf", "oneOf"].iter().any(|keyword| schema.contains_key(*keyword));
    if combined && !schema.contains_key("type") {
        let inner = std::mem::take(schema);
        schema.insert("anyOf".to_owned(), json!([inner, {"type": "null"}]));
        return;
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    match schema.get_mut("type") {
        Some(Value::Array(types)) => types.push(json!("null")),
        Some(one) => *one = json!([one.clone(), "null"]),
        None => {}
    }
}
