//! Where the generated types are stricter than their schema on purpose: the one list; and the two ways in which they are
//! laxer. In: a violation and the instance that got it. Out: whether the violation is meant. Each entry looks into the
//! instance for its reason, so that it excuses nothing else.

use jsonschema::ValidationError;
use serde_json::{Value, json};

/// One way to be stricter.
pub struct Stricter {
    /// The kind of violation, as `ViolationKind` prints it, or [`ANY`].
    pub kind: &'static str,
    /// What is refused, and why.
    pub reason: &'static str,
    /// Whether the instance gives the reason: the schema of the input, the wire key of the field, the input.
    pub is_meant: fn(&Value, &str, &Value) -> bool,
}

/// Stands for every kind of violation.
pub const ANY: &str = "";

/// What the generated types refuse although the schema does not.
pub const STRICTER: [Stricter; 9] = [
    Stricter {
        kind: "UnknownName",
        reason: "names that no field has: a misspelt field would be dropped in silence",
        is_meant: |schema, _, input| has_other_names(schema, schema, input),
    },
    Stricter {
        kind: "NoForm",
        reason: "in a union: names that a form does not have, and numbers that no form holds",
        is_meant: |schema, key, input| {
            let field = &schema["properties"][key];
            let forms = ["anyOf", "oneOf"].iter().filter_map(|keyword| field.get(keyword)?.as_array()).flatten();
            has_other_names(schema, schema, input)
                || forms.into_iter().any(|form| has_other_names(form, schema, &input[key]))
                || has_number(input, &|number| is_large(number) || is_inexact(number) || is_rounded(number))
        },
    },
    Stricter {
        kind: "Precision",
        reason: "integers that f64 can't hold: another number would be sent",
        is_meant: |_, _, input| has_number(input, &is_inexact),
    },
    Stricter {
        kind: "MultipleOf",
        reason: "floats beyond 2^53 that are a multiple only once rounded to f64: ours are exact in decimals",
        is_meant: |_, _, input| has_number(input, &is_rounded),
    },
    Stricter {
        kind: "Media",
        reason: "media strings that are neither an https URL, nor a data: URI, nor the name of a sample",
        is_meant: |_, _, input| has_text(input, &|text| !text.starts_with("https://") && !text.starts_with("sample")),
    },
    Stricter {
        kind: "Validation",
        reason: "media in data: URIs that break RunComfy's own rules, which JSON Schema does not know",
        is_meant: |_, _, input| has_text(input, &|text| text.starts_with("data:")),
    },
    Stricter {
        kind: "Maximum",
        reason: "integers above those of i64, or u64 where a published number needs it",
        is_meant: |_, _, input| has_number(input, &is_large),
    },
    Stricter {
        kind: "Minimum",
        reason: "integers below those of i64, or below 0 where a published number needs u64",
        is_meant: |_, _, input| has_number(input, &|number| number.as_f64().is_some_and(|float| float < 0.0)),
    },
    Stricter {
        kind: ANY,
        reason: "a field that only some parts of the root speak of, with a value that none of them accepts",
        is_meant: |schema, _, input| breaks_all_parts(schema, input, &|key| schema["properties"].get(key).is_none()),
    },
];

/// Whether the input has a field like this of which parts of the root speak, with a value that none of them accepts.
#[must_use]
pub fn breaks_all_parts(schema: &Value, input: &Value, is_like: &dyn Fn(&str) -> bool) -> bool {
    let parts = parts(schema, schema, 0);
    let spoken = |key: &str| parts.iter().skip(1).filter_map(|part| part.get("properties")?.get(key)).collect();
    let mut brought = input.as_object().into_iter().flatten();
    brought.any(|(key, value)| {
        let spoken: Vec<&Value> = spoken(key);
        is_like(key) && !spoken.is_empty() && !spoken.into_iter().any(|part| is_valid(part, schema, value))
    })
}

/// Whether the schema's error is about other names of the whole input, which go into `extra` and to the server, unchecked.
pub(super) fn is_about_extra(error: &ValidationError<'_>) -> bool {
    error.schema_path().to_string().starts_with("/additionalProperties")
}

/// Whether the schema's error is about a multiple, in a value with a float that only rounding makes one, or none: where one
/// form of several refuses it, another is the only one.
pub(super) fn is_about_rounding(error: &ValidationError<'_>, schema: &Value) -> bool {
    let place = schema.pointer(&error.schema_path().to_string()).unwrap_or(schema).to_string();
    let text = if place.contains("$ref") { schema.to_string() } else { place };
    text.contains("multipleOf") && has_number(error.instance(), &is_rounded)
}

/// Whether a schema within a document accepts a value.
fn is_valid(schema: &Value, document: &Value, value: &Value) -> bool {
    let mut whole = document.as_object().cloned().unwrap_or_default();
    whole.retain(|keyword, _| matches!(keyword.as_str(), "$defs" | "definitions"));
    whole.insert("allOf".to_owned(), json!([schema]));
    jsonschema::draft202012::options()
        .should_validate_formats(false)
        .build(&whole.into())
        .is_ok_and(|one| one.is_valid(value))
}

/// Whether f64 can't hold an integer.
fn is_inexact(number: &serde_json::Number) -> bool {
    number.as_i128().is_some_and(|int| int as f64 as i128 != int)
}

/// Whether the decimals of a float say another number than its bits.
fn is_rounded(number: &serde_json::Number) -> bool {
    number.is_f64() && number.as_f64().is_some_and(|float| float.abs() > 9_007_199_254_740_992.0)
}

fn is_large(number: &serde_json::Number) -> bool {
    number.as_i64().is_none() && number.as_f64().is_some_and(|float| float.fract() == 0.0 && float.abs() >= 9.2e18)
}

/// Whether some number in a value is like this.
pub(super) fn has_number(value: &Value, is_like: &dyn Fn(&serde_json::Number) -> bool) -> bool {
    match value {
        Value::Number(number) => is_like(number),
        Value::Array(items) => items.iter().any(|item| has_number(item, is_like)),
        Value::Object(map) => map.values().any(|value| has_number(value, is_like)),
        _ => false,
    }
}

/// Whether some text in a value is like this.
fn has_text(value: &Value, is_like: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is_like(text),
        Value::Array(items) => items.iter().any(|item| has_text(item, is_like)),
        Value::Object(map) => map.values().any(|value| has_text(value, is_like)),
        _ => false,
    }
}

/// Whether some object in a value has a name that its schema does not know at that place. What `additionalProperties`
/// allows it knows.
#[must_use]
pub fn has_other_names(schema: &Value, document: &Value, value: &Value) -> bool {
    let parts = parts(schema, document, 0);
    let below = |keyword: &str, place: &str| -> Vec<&Value> {
        parts.iter().filter_map(|part| part.get(keyword)?.get(place)).collect()
    };
    let is_other = |schemas: &[&Value], value: &Value| schemas.iter().any(|one| has_other_names(one, document, value));
    match value {
        Value::Object(map) => map.iter().any(|(name, value)| {
            let mut known = below("properties", name);
            if known.is_empty() {
                let others = parts.iter().filter_map(|part| part.get("additionalProperties"));
                known.extend(others.filter(|others| **others != Value::Bool(false)));
            }
            known.is_empty() || is_other(&known, value)
        }),
        Value::Array(items) => {
            let rest: Vec<&Value> = parts.iter().filter_map(|part| part.get("items")).collect();
            items.iter().any(|item| is_other(&rest, item))
        }
        _ => false,
    }
}

/// Whether the whole input has a name for which there is no field. A closed root has no fields but its own: what its parts
/// speak of besides, no valid input has.
pub(super) fn has_extra(schema: &Value, input: &Value) -> bool {
    let is_closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let parts = if is_closed { vec![schema] } else { parts(schema, schema, 0) };
    let has_field = |name: &String| parts.iter().any(|part| part["properties"].get(name).is_some());
    input.as_object().is_some_and(|names| names.keys().any(|name| !has_field(name)))
}

/// A schema, and all that speaks of the same value.
fn parts<'s>(schema: &'s Value, document: &'s Value, depth: u8) -> Vec<&'s Value> {
    let mut all = vec![schema];
    if depth < 8 {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        let lists = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| schema.get(keyword)?.as_array()).flatten();
        let conditions = ["then", "else"].iter().filter_map(|keyword| schema.get(keyword));
        let dependent =
            schema.get("dependentSchemas").and_then(Value::as_object).into_iter().flat_map(|all| all.values());
        let target = target.and_then(|target| document.pointer(target));
        let others = target.into_iter().chain(lists).chain(conditions).chain(dependent);
        all.extend(others.flat_map(|part| parts(part, document, depth + 1)));
    }
    all
}
