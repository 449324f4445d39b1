//! Schema in, schema out: each repair of an oddity that RunComfy publishes is one named function. The files on disk stay
//! as published. Must not know Rust types or names.

use serde_json::Value;

use crate::name::NodeKey;
use crate::schema::Schema;

/// Repairs an input schema and everything in it.
pub fn input(schema: &mut Schema) {
    node_ids_name_media(schema);
    every_schema(schema);
}

/// Repairs an output schema and everything in it.
pub fn output(schema: &mut Schema) {
    every_schema(schema);
}

/// Pages publish `{"output": <schema>}`; what a client reads as `output` is the schema inside. Returns it with its pointer.
#[must_use]
pub fn output_envelope(file: &Value) -> (&Value, &'static str) {
    match file.as_object() {
        Some(map) if map.len() == 1 => map.get("output").map_or((file, ""), |inner| (inner, "/output")),
        _ => (file, ""),
    }
}

fn every_schema(schema: &mut Schema) {
    lower_case_types(schema);
    float_is_number(schema);
    nullable_is_a_type(schema);
    media_lists(schema);
    validations_hold_for_items(schema);
    repeated_values(schema);
    schema.for_each_part(&mut every_schema);
}

/// The vendor's own clients lower-case `type`, so `"String"` is published now and then.
fn lower_case_types(schema: &mut Schema) {
    schema.types.iter_mut().for_each(|name| name.make_ascii_lowercase());
}

/// ComfyUI calls its numbers `float`.
fn float_is_number(schema: &mut Schema) {
    for name in schema.types.iter_mut().filter(|name| matches!(name.as_str(), "float" | "double")) {
        "number".clone_into(name);
    }
}

/// OpenAPI's `nullable: true` is JSON Schema's type `null`, and means it for listed values too.
fn nullable_is_a_type(schema: &mut Schema) {
    if let (true, Some(values)) = (schema.nullable, &mut schema.values) {
        values.push(Value::Null);
    }
    if schema.nullable && !schema.types.is_empty() && !schema.has_type("null") {
        schema.types.push("null".to_owned());
    }
}

/// The format of a list of media (`image_uris`) belongs to its items, which may be missing altogether.
fn media_lists(schema: &mut Schema) {
    let item_format = match schema.format.as_str() {
        "image_uris" | "image_uri" => "image_uri",
        "video_uris" | "video_uri" => "video_uri",
        "audio_uris" | "audio_uri" => "audio_uri",
        _ => return,
    };
    if !schema.has_type("array") {
        item_format.clone_into(&mut schema.format);
        return;
    }
    schema.format.clear();
    let pointer = format!("{}/items", schema.pointer);
    let items = schema.array.items.get_or_insert_with(|| Box::new(Schema { pointer, ..Schema::default() }));
    if items.types.is_empty() && items.reference.is_none() && !items.is_combined() {
        items.types.push("string".to_owned());
    }
    if items.format.is_empty() || items.format == "uri" {
        item_format.clone_into(&mut items.format);
    }
}

/// RunComfy writes the rules for each file beside the list.
fn validations_hold_for_items(schema: &mut Schema) {
    if let (true, Some(items)) = (schema.has_type("array"), &mut schema.array.items) {
        items.validations.append(&mut schema.validations);
    }
}

/// A value listed twice is still one value.
fn repeated_values(schema: &mut Schema) {
    if let Some(values) = &mut schema.values {
        let mut seen = std::collections::HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    }
}

/// A text whose node-id key ends in `image`, `video` or `audio` names a file, though no format says so.
fn node_ids_name_media(schema: &mut Schema) {
    for (key, property) in &mut schema.object.properties {
        let plain_text = matches!(property.types.as_slice(), [one] if one.eq_ignore_ascii_case("string"));
        if !plain_text || property.values.is_some() || property.constant.is_some() || !property.format.is_empty() {
            continue;
        }
        let format = match NodeKey::parse(key).map(|key| key.input_part()).as_deref() {
            Some("image") => "image_uri",
            Some("video") => "video_uri",
            Some("audio") => "audio_uri",
            _ => continue,
        };
        format.clone_into(&mut property.format);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse;
    use serde_json::json;

    fn fixed(value: &Value) -> Schema {
        let mut schema = parse(value, "").expect("a valid schema");
        input(&mut schema);
        schema
    }

    #[test]
    fn types_in_mixed_case_and_float() {
        assert_eq!(fixed(&json!({"type": ["Float", "Null"]})).types, ["number", "null"]);
    }

    #[test]
    fn a_media_list_without_items_gets_them() {
        let schema = fixed(&json!({"type": "array", "format": "image_uris", "validations": [
            {"validation_rule": "file_size_mb<", "validation_value": 30}]}));
        let items = schema.array.items.expect("made up");
        assert_eq!((items.format.as_str(), items.validations.len()), ("image_uri", 1));
        assert!(schema.validations.is_empty() && schema.format.is_empty());
    }

    #[test]
    fn node_ids_name_media_only_where_the_value_is_free_text() {
        let schema = fixed(&json!({"properties": {
            "7_image": {"type": "string"},
            "8_image": {"type": "string", "enum": ["a", "b"]},
            "9_image": {"type": "integer"},
            "image": {"type": "string"}
        }}));
        let formats: Vec<_> = schema.object.properties.iter().map(|(_, part)| part.format.as_str()).collect();
        assert_eq!(formats, ["image_uri", "", "", ""]);
    }

    #[test]
    fn only_a_lone_output_key_is_an_envelope() {
        assert_eq!(output_envelope(&json!({"output": {}})), (&json!({}), "/output"));
        let schema = json!({"output": {}, "type": "object"});
        assert_eq!(output_envelope(&schema), (&schema, ""));
    }
}
