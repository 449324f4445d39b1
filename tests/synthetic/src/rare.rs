//! One field for each construct that few models have, between them every keyword that is validated: the number of a
//! construct in, its fields and its rules about the input as a whole out. Which model has which is not decided here.

use serde_json::{Map, Value, json};

use super::control::Field;

/// How many constructs there are.
pub(super) const KINDS: usize = 24;

/// Adds the construct to a model. Constructs that refer to a required field take the first, which every model has.
pub(super) fn add(kind: usize, fields: &mut Vec<Field>, schema: &mut Map<String, Value>) {
    let first = fields.first().map(|field| field.key.clone()).unwrap_or_default();
    for (name, of_field) in properties(kind) {
        fields.push(Field { key: name.to_owned(), required: kind == 1, schema: of_field });
    }
    for (keyword, value) in about_the_whole(kind, &first) {
        schema.insert(keyword.to_owned(), value);
    }
}

fn properties(kind: usize) -> Vec<(&'static str, Value)> {
    match kind {
        0..6 => composed(kind),
        6..12 => scalars(kind),
        12..18 => lists_and_unions(kind),
        _ => for_a_library(kind),
    }
}

/// Objects, maps and references.
fn composed(kind: usize) -> Vec<(&'static str, Value)> {
    match kind {
        0 => vec![
            ("mask", json!({"type": ["string", "null"], "maxLength": 100})),
            ("retries", json!({"type": "integer", "nullable": true, "minimum": 0})),
            ("overlay", json!({"anyOf": [{"type": "string", "format": "image_uri"}, {"type": "null"}]})),
        ],
        1 => vec![(
            "camera",
            json!({"type": "object", "title": "Camera", "required": ["motion"], "additionalProperties": false,
            "properties": {
                "motion": {"type": "string", "enum": ["pan", "tilt"]},
                "speed": {"type": "number", "exclusiveMinimum": 0},
                "lens": {"type": "object", "properties": {"mm": {"type": "integer", "minimum": 8}}}
            }}),
        )],
        2 => vec![(
            "keyframes",
            json!({"type": "array", "minItems": 1, "maxItems": 8, "items": {
            "type": "object", "required": ["frame", "image"], "properties": {
                "frame": {"type": "integer", "minimum": 0},
                "image": {"type": "string", "format": "image_uri"}
            }}}),
        )],
        3 => vec![
            (
                "weights",
                json!({"type": "object", "additionalProperties": {"type": "number", "maximum": 1},
                    "minProperties": 1, "maxProperties": 5, "propertyNames": {"maxLength": 20}}),
            ),
            ("settings", json!({"type": "object"})),
        ],
        4 => vec![
            ("tree", json!({"$ref": "#/$defs/Node"})),
            ("path", json!({"type": "array", "items": {"$ref": "#/$defs/Point"}})),
        ],
        _ => vec![("quality", json!({"allOf": [{"$ref": "#/definitions/Quality"}], "default": "low"}))],
    }
}

/// Scalars at their edges.
fn scalars(kind: usize) -> Vec<(&'static str, Value)> {
    match kind {
        6 => vec![("code", json!({"type": "string", "pattern": "^[a-z]{2,4}$", "minLength": 2, "maxLength": 4}))],
        7 => vec![
            ("gain", json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 2.5})),
            (
                "level",
                json!({"type": "INTEGER", "minimum": 0, "exclusiveMinimum": true, "maximum": 9,
                "exclusiveMaximum": false}),
            ),
        ],
        8 => vec![
            ("noise_seed", json!({"type": "integer", "minimum": 0, "maximum": u64::MAX})),
            ("offset", json!({"type": "integer", "minimum": i64::MIN, "maximum": -1})),
        ],
        9 => vec![("version", json!({"const": "2.0"})), ("mixed", json!({"enum": ["a", 1, null, [1, 2], {"a": 1.5}]}))],
        10 => vec![("amount", json!({"type": ["string", "integer"], "maxLength": 3, "maximum": 9}))],
        _ => vec![("anything", json!(true)), ("nothing_more", json!({"type": "integer", "multipleOf": 8}))],
    }
}

fn lists_and_unions(kind: usize) -> Vec<(&'static str, Value)> {
    match kind {
        12 => vec![(
            "size",
            json!({"type": "array", "prefixItems": [{"type": "integer"}, {"type": "integer"}], "items": false,
                "minItems": 2}),
        )],
        13 => vec![
            ("tags", json!({"type": "array", "items": {"type": "string", "maxLength": 8}, "uniqueItems": true})),
            (
                "pair",
                json!({"type": "array", "items": [{"type": "integer"}, {"type": "string"}],
                "additionalItems": {"type": "boolean"}}),
            ),
        ],
        14 => vec![
            (
                "photo",
                json!({"type": "string", "format": "image_uri", "validations": [
                    {"validation_rule": "file_size_mb<", "validation_value": 30, "validation_error": "Too large."},
                    {"validation_rule": "width/height>", "validation_value": 0.4, "validation_error": "Too narrow."},
                    {"validation_rule": "width_pixels>", "validation_value": 300, "validation_error": "Too small."}
                ]}),
            ),
            ("clips", json!({"type": "array", "format": "video_uris", "maxItems": 3})),
        ],
        15 => vec![(
            "image_size",
            json!({"anyOf": [
                {"type": "string", "enum": ["square", "portrait_4_3"]},
                {"type": "object", "required": ["width", "height"], "properties": {
                    "width": {"type": "integer", "minimum": 64},
                    "height": {"type": "integer", "minimum": 64}
                }}
            ]}),
        )],
        16 => {
            vec![("speed", json!({"oneOf": [{"type": "number", "minimum": 0}, {"type": "string", "enum": ["auto"]}]}))]
        }
        _ => vec![(
            "voice",
            json!({"oneOf": [
                {"type": "object", "required": ["kind", "name"], "properties": {
                    "kind": {"const": "preset"}, "name": {"type": "string"}
                }},
                {"type": "object", "required": ["kind", "url"], "properties": {
                    "kind": {"const": "sample"}, "url": {"type": "string"}
                }}
            ]}),
        )],
    }
}

/// Keywords that a library checks.
fn for_a_library(kind: usize) -> Vec<(&'static str, Value)> {
    match kind {
        18 => vec![(
            "labels",
            json!({"type": "array", "items": {"type": "string"}, "contains": {"const": "main"}, "minContains": 1,
                "maxContains": 2}),
        )],
        19 => vec![("lucky", json!({"type": "integer", "not": {"const": 13}}))],
        20 => vec![
            (
                "bands",
                json!({"type": "object", "patternProperties": {"^w[0-9]+$": {"type": "Float", "maximum": 1}},
                "additionalProperties": false}),
            ),
            (
                "rest",
                json!({"type": "array", "prefixItems": [{"type": "integer"}],
                "unevaluatedItems": {"type": "string"}}),
            ),
        ],
        21 => vec![(
            "span",
            json!({"type": "object", "properties": {"from": {"type": "integer"}, "to": {"type": "integer"}},
                "dependencies": {"to": ["from"]}, "unevaluatedProperties": false}),
        )],
        _ => vec![("extra_low", json!({"type": "integer"})), ("extra_high", json!({"type": "integer"}))],
    }
}

fn about_the_whole(kind: usize, first: &str) -> Vec<(&'static str, Value)> {
    match kind {
        4 => vec![(
            "$defs",
            json!({
                "Point": {"type": "object", "required": ["x", "y"],
                    "properties": {"x": {"type": "number"}, "y": {"type": "number"}}},
                "Node": {"type": "object", "properties": {
                    "label": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}}
                }}
            }),
        )],
        5 => vec![("definitions", json!({"Quality": {"type": "string", "enum": ["low", "high"]}}))],
        22 => vec![
            ("if", json!({"required": ["extra_low"]})),
            ("then", json!({"required": ["extra_high"]})),
            ("else", json!({"minProperties": 1})),
            ("maxProperties", json!(40)),
        ],
        23 => vec![
            ("dependentRequired", json!({"extra_low": ["extra_high"]})),
            ("dependentSchemas", json!({"extra_high": {"required": [first]}})),
            ("minProperties", json!(1)),
        ],
        _ => Vec::new(),
    }
}
