//! Schema in, schema out: each repair of an oddity that RunComfy publishes is one named function. The files on disk stay
//! as published. Must not know Rust types or names.

mod correct;

pub use correct::correct;

use std::collections::HashSet;

use serde_json::Value;

use crate::name::NodeKey;
use crate::schema::{Schema, same_value};

/// Repairs an input schema and everything in it.
pub fn input(schema: &mut Schema) {
    heading_is_no_title(schema);
    keys_name_media(schema);
    every_schema(schema);
}

/// Repairs an output schema and everything in it.
pub fn output(schema: &mut Schema) {
    every_schema(schema);
}

/// Takes away types that there are not in JSON Schema, after which their fields take any value.
pub fn drop_unknown_types(schema: &mut Schema) {
    const KNOWN: [&str; 9] = ["null", "boolean", "integer", "number", "string", "array", "object", "float", "double"];
    schema.types.retain(|name| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name)));
    schema.for_each_part(&mut drop_unknown_types);
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
    words(schema);
    nullable_beside_no_type(schema);
    reference_beside_shapes(schema);
    media_lists(schema);
    validations_hold_for_items(schema);
    schema.for_each_own_part(&mut every_schema);
    schema.for_each_other_part(&mut every_part_for_a_library);
}

/// Within `not` and the like a repair that narrows a schema would let more pass.
fn every_part_for_a_library(schema: &mut Schema) {
    words(schema);
    nullable_beside_no_type(schema);
    // Says the same in other words, and fields of such parts may have types.
    reference_beside_shapes(schema);
    schema.for_each_part(&mut every_part_for_a_library);
}

/// Says in the words of JSON Schema what is meant.
fn words(schema: &mut Schema) {
    lower_case_types(schema);
    float_is_number(schema);
    nullable_is_a_type(schema);
    repeated_values(schema);
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
    // Two spellings of one type are one type.
    let mut seen = HashSet::new();
    schema.types.retain(|name| seen.insert(name.clone()));
}

/// OpenAPI's `nullable: true` is JSON Schema's type `null`, and means it for listed values too.
fn nullable_is_a_type(schema: &mut Schema) {
    if schema.nullable
        && let Some(value) = schema.constant.take_if(|value| !value.is_null())
    {
        let listed = schema.values.take().unwrap_or_else(|| vec![value.clone()]);
        schema.values = Some(listed.into_iter().filter(|one| same_value(one, &value)).collect());
    }
    if let (true, Some(values)) = (schema.nullable, &mut schema.values) {
        values.push(Value::Null);
    }
    if schema.nullable && !schema.types.is_empty() && !schema.has_type("null") {
        schema.types.push("null".to_owned());
    }
}

/// Where no type stands that null could be added to, null becomes a form of its own.
fn nullable_beside_no_type(schema: &mut Schema) {
    if !(schema.nullable && schema.types.is_empty() && (schema.reference.is_some() || schema.is_combined())) {
        return;
    }
    let mut inner = std::mem::take(schema);
    inner.nullable = false;
    *schema = Schema {
        pointer: inner.pointer.clone(),
        title: std::mem::take(&mut inner.title),
        description: std::mem::take(&mut inner.description),
        default: inner.default.take(),
        definitions: std::mem::take(&mut inner.definitions),
        ..Schema::default()
    };
    inner.pointer = format!("{}/nullable", schema.pointer);
    let null = Schema {
        pointer: format!("{}/nullable/null", schema.pointer),
        types: vec!["null".to_owned()],
        ..Schema::default()
    };
    schema.any_of = vec![inner, null];
}

/// `additionalProperties` and `items` are about what the keywords beside them leave over, not about what a `$ref` beside
/// them leads to: so that becomes a part of its own.
fn reference_beside_shapes(schema: &mut Schema) {
    let (object, array) = (&schema.object, &schema.array);
    let shapes = !object.properties.is_empty() || !object.required.is_empty() || object.additional.is_some();
    if (shapes || array.items.is_some() || !array.prefix.is_empty())
        && let Some(reference) = schema.reference.take()
    {
        let pointer = format!("{}/$ref", schema.pointer);
        schema.all_of.push(Schema { pointer, reference: Some(reference), ..Schema::default() });
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
    // A single text may stand in place of the list.
    let own_format = if schema.has_type("string") { item_format } else { "" };
    own_format.clone_into(&mut schema.format);
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
    let has_texts = schema.has_type("string");
    if let (true, Some(items)) = (schema.has_type("array"), &mut schema.array.items) {
        items.validations.extend_from_slice(&schema.validations);
        if !has_texts {
            schema.validations.clear();
        }
    }
}

/// A value listed twice is still one value.
fn repeated_values(schema: &mut Schema) {
    if let Some(values) = &mut schema.values {
        let mut seen = HashSet::new();
        values.retain(|value| seen.insert(value.to_string()));
    }
}

/// Pages put their own heading as the title of the whole schema: "Input schema", the same in the reader's language, or the
/// key of a text that was not translated. It says nothing of the model.
pub fn heading_is_no_title(schema: &mut Schema) {
    schema.title.clear();
}

/// A text whose node-id key ends in `image`, `video` or `audio`, or whose key ends in `image_url` and the like, names a
/// file: pages publish no format.
fn keys_name_media(schema: &mut Schema) {
    for (key, property) in &mut schema.object.properties {
        let plain_text = matches!(property.types.as_slice(), [one] if one.eq_ignore_ascii_case("string"));
        if !plain_text || property.values.is_some() || property.constant.is_some() || !property.format.is_empty() {
            continue;
        }
        let part = match NodeKey::parse(key) {
            Some(key) => key.input_part().to_string(),
            None => {
                let Some(named) = key.strip_suffix("_url") else { continue };
                named.rsplit('_').next().unwrap_or_default().to_owned()
            }
        };
        let format = match part.as_str() {
            "image" | "img" => "image_uri",
            "video" => "video_uri",
            "audio" => "audio_uri",
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
        assert_eq!(fixed(&json!({"type": ["Float", "null", "number", "Null"]})).types, ["number", "null"]);
    }

    #[test]
    fn a_reference_beside_fields_is_a_part_wherever_it_stands() {
        let part = json!({"$ref": "#/$defs/P", "properties": {"b": {}}});
        let whole = |said: Value| fixed(&json!({"properties": {"v": said}, "$defs": {"P": {"properties": {"a": {}}}}}));
        let own = whole(part.clone()).object.properties.remove(0).1;
        let of_library = whole(json!({"if": {"required": ["b"]}, "then": part}));
        let (_, then) =
            of_library.object.properties[0].1.others.iter().find(|(keyword, _)| keyword == "then").expect("kept");
        for schema in then.parts().chain([&own]) {
            assert_eq!((&schema.reference, schema.all_of.len()), (&None, 1), "{schema:?}");
        }
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
    fn keys_of_pages_name_media_which_publish_no_format() {
        let keys = ["image_url", "end_image_url", "img_url", "video_url", "audio_url", "webhook_url", "image", "url"];
        let properties: serde_json::Map<_, _> =
            keys.iter().map(|key| ((*key).to_owned(), json!({"type": "string"}))).collect();
        let schema = fixed(&json!({"properties": properties}));
        let formats: Vec<_> = schema.object.properties.iter().map(|(_, part)| part.format.as_str()).collect();
        assert_eq!(formats, ["image_uri", "image_uri", "image_uri", "video_uri", "audio_uri", "", "", ""]);
    }

    #[test]
    fn the_heading_of_a_page_in_any_language_is_no_title() {
        for heading in ["Eingabeschema", "Input schema", "modelApiDoc_navInputSchema"] {
            let published = json!({"title": heading, "properties": {"a": {"type": "string", "title": "A"}}});
            let mut answer = parse(&published, "").expect("a valid schema");
            output(&mut answer);
            heading_is_no_title(&mut answer);
            for schema in [fixed(&published), answer] {
                let titles = (schema.title.as_str(), schema.object.properties[0].1.title.as_str());
                assert_eq!(titles, ("", "A"));
            }
        }
    }

    #[test]
    fn only_a_lone_output_key_is_an_envelope() {
        assert_eq!(output_envelope(&json!({"output": {}})), (&json!({}), "/output"));
        let schema = json!({"output": {}, "type": "object"});
        assert_eq!(output_envelope(&schema), (&schema, ""));
    }
}
