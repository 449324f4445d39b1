//! What the fuzz targets share: hostile texts and models, and a mutator that changes JSON as a tree. In: bytes that the
//! fuzzer chose. Out: bytes that are still JSON where they were, so that they get past the parser.

#[path = "../../src/hostile/mod.rs"]
pub mod hostile;

use fastrand::Rng;
use serde_json::{Map, Value, json};

use hostile::TEXTS;

/// Keywords of all drafts and of RunComfy's dialect, in one form each; mutations mix them.
const KEYWORDS: &str = r##"{
    "type": "array", "format": "image_uri", "title": "Steps", "description": "text", "default": 1, "examples": ["a"],
    "enum": ["a", "16:9", 1, null, {"a": [1.0]}], "const": "a", "nullable": true, "minimum": 1, "maximum": 1.5,
    "exclusiveMinimum": true, "exclusiveMaximum": 18446744073709551615, "multipleOf": 0.1, "divisibleBy": 2,
    "minLength": 1, "maxLength": 9223372036854775807, "pattern": "^(a|\\p{L})+$", "items": [{"type": "integer"}],
    "prefixItems": [{"type": "string"}], "additionalItems": false, "minItems": 1, "maxItems": 2, "uniqueItems": true,
    "contains": {"const": 1}, "minContains": 0, "maxContains": 2, "unevaluatedItems": false, "unevaluatedProperties": false,
    "properties": {"56_text": {"title": "Prompt"}, "4_valuex3_value": {"type": "float"}}, "required": ["56_text"],
    "additionalProperties": {"type": "Integer"}, "patternProperties": {"^x": {"type": "integer"}},
    "propertyNames": {"maxLength": 3}, "minProperties": 1, "maxProperties": 2, "dependentRequired": {"a": ["b"]},
    "dependentSchemas": {"a": {"minProperties": 2}}, "dependencies": {"a": ["b"], "b": {"maxProperties": 1}},
    "allOf": [{"minimum": 1}], "anyOf": [{"type": "string"}, {"type": "object", "properties": {"a": {"const": "b"}}}],
    "oneOf": [{"type": "null"}, {"type": "number"}], "not": {"const": 2}, "if": {"minimum": 3}, "then": {"maximum": 9},
    "else": false, "$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}, "definitions": {"b": true},
    "validations": [{"validation_rule": "file_size_mb<", "validation_value": 50, "validation_error": "too large"}]
}"##;

/// Changes a JSON document as a tree, and anything else as bytes. Has the form that `fuzz_mutator!` wants.
pub fn mutate(data: &mut [u8], size: usize, most: usize, seed: u32) -> usize {
    let mut rng = Rng::with_seed(seed.into());
    let parsed = if rng.u8(0..5) == 0 { None } else { serde_json::from_slice::<Value>(&data[..size]).ok() };
    let Some(mut document) = parsed else { return libfuzzer_sys::fuzzer_mutate(data, size, most) };
    for _ in 0..rng.u8(1..5) {
        let donor = document.clone();
        change(&mut document, &donor, &mut rng);
    }
    let text = document.to_string();
    if text.len() > most {
        return libfuzzer_sys::fuzzer_mutate(data, size, most);
    }
    data[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

/// Changes one place of the tree.
fn change(value: &mut Value, donor: &Value, rng: &mut Rng) {
    match value {
        Value::Object(entries) if !entries.is_empty() && rng.u8(0..4) != 0 => {
            let place = rng.usize(0..entries.len());
            change(entries.values_mut().nth(place).expect("a place in it"), donor, rng);
        }
        Value::Array(items) if !items.is_empty() && rng.u8(0..4) != 0 => {
            let place = rng.usize(0..items.len());
            change(&mut items[place], donor, rng);
        }
        Value::Object(entries) => change_entries(entries, donor, rng),
        Value::Array(items) if rng.bool() => items.push(part(donor, rng)),
        Value::Array(items) if !items.is_empty() => _ = items.swap_remove(rng.usize(0..items.len())),
        Value::String(text) if rng.bool() => *text = spliced(text, rng),
        other => *other = if rng.bool() { part(donor, rng) } else { atom(rng) },
    }
}

/// Adds a keyword or a hostile key, takes one away, or gives one another name.
fn change_entries(entries: &mut Map<String, Value>, donor: &Value, rng: &mut Rng) {
    let some = (!entries.is_empty()).then(|| rng.usize(0..entries.len().max(1))).and_then(|at| entries.keys().nth(at));
    match (rng.u8(0..6), some.cloned()) {
        (0, Some(key)) => _ = entries.remove(&key),
        (1, Some(key)) => {
            let moved = entries.remove(&key).unwrap_or_default();
            entries.insert(spliced(&key, rng), moved);
        }
        (2, _) => _ = entries.insert(TEXTS[rng.usize(0..TEXTS.len())].to_owned(), part(donor, rng)),
        _ => {
            let keywords: Map<String, Value> = serde_json::from_str(KEYWORDS).expect("JSON");
            let at = rng.usize(0..keywords.len());
            entries.extend(keywords.into_iter().nth(at));
        }
    }
}

/// Some part of a document, the whole included: so references go round and levels grow.
fn part(document: &Value, rng: &mut Rng) -> Value {
    let mut part = document;
    while rng.u8(0..4) != 0 {
        part = match part {
            Value::Object(entries) if !entries.is_empty() => {
                entries.values().nth(rng.usize(0..entries.len())).expect("a place in it")
            }
            Value::Array(items) if !items.is_empty() => &items[rng.usize(0..items.len())],
            _ => break,
        };
    }
    part.clone()
}

fn spliced(text: &str, rng: &mut Rng) -> String {
    let hostile = TEXTS[rng.usize(0..TEXTS.len())];
    match rng.u8(0..5) {
        0 => hostile.to_owned(),
        1 => format!("{hostile}{text}"),
        2 => format!("{text}{hostile}"),
        3 => text.to_uppercase(),
        _ => format!("{}_{text}", rng.u8(..)),
    }
}

fn atom(rng: &mut Rng) -> Value {
    match rng.u8(0..10) {
        0 => Value::Null,
        1 => json!(rng.bool()),
        2 => json!(rng.i64(-3..300)),
        3 => json!(u64::MAX),
        4 => json!(i64::MIN),
        5 => json!(f64::from_bits(rng.u64(..)).clamp(-1e300, 1e300)),
        6 => json!({}),
        7 => json!(["string", "integer", "number", "Float", "array", "object", "boolean", "null"][rng.usize(0..8)]),
        _ => json!(TEXTS[rng.usize(0..TEXTS.len())]),
    }
}
