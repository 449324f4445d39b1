//! Where the generated types are stricter than their schema on purpose: the one list. In: a violation and the instance that
//! got it. Out: whether the violation is meant. Each entry looks into the instance for its reason, so that it excuses nothing
//! else.

use std::collections::BTreeSet;

use serde_json::Value;

/// One way to be stricter.
pub struct Stricter {
    /// The kind of violation, as `ViolationKind` prints it.
    pub kind: &'static str,
    /// What is refused, and why.
    pub reason: &'static str,
    /// Whether the instance gives the reason: the schema of the input, the wire key of the field, the input.
    pub is_meant: fn(&Value, &str, &Value) -> bool,
}

/// What the generated types refuse although the schema does not.
pub const STRICTER: [Stricter; 6] = [
    Stricter {
        kind: "UnknownName",
        reason: "names that no field has: a misspelt field would be dropped in silence",
        is_meant: |schema, _, input| has_other_names(schema, schema, input),
    },
    Stricter {
        kind: "NoForm",
        reason: "names that no form of a union has",
        is_meant: |schema, key, input| has_other_names(&schema["properties"][key], schema, &input[key]),
    },
    Stricter {
        kind: "Precision",
        reason: "integers that f64 can't hold: another number would be sent",
        is_meant: |_, _, input| {
            has_number(input, &|number| number.as_i128().is_some_and(|int| int as f64 as i128 != int))
        },
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
        kind: "Type",
        reason: "integers beyond i64, or u64 where a published number needs it",
        is_meant: |_, _, input| has_number(input, &is_large),
    },
];

fn is_large(number: &serde_json::Number) -> bool {
    number.as_i64().is_none() && number.as_f64().is_some_and(|float| float.fract() == 0.0 && float.abs() >= 9.2e18)
}

/// Whether some number in a value is like this.
fn has_number(value: &Value, is_like: &dyn Fn(&serde_json::Number) -> bool) -> bool {
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

/// Whether a value has names that no part of its schema has.
fn has_other_names(schema: &Value, document: &Value, value: &Value) -> bool {
    let mut known = BTreeSet::new();
    names_of_schema(schema, document, 0, &mut known);
    has_unknown(value, &known)
}

fn has_unknown(value: &Value, known: &BTreeSet<String>) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(name, value)| !known.contains(name) || has_unknown(value, known)),
        Value::Array(items) => items.iter().any(|item| has_unknown(item, known)),
        _ => false,
    }
}

fn names_of_schema(schema: &Value, document: &Value, depth: u8, names: &mut BTreeSet<String>) {
    let Value::Object(keywords) = schema else {
        return schema.as_array().into_iter().flatten().for_each(|part| names_of_schema(part, document, depth, names));
    };
    if depth > 20 {
        return;
    }
    for (keyword, value) in keywords {
        if keyword == "properties" {
            names.extend(value.as_object().into_iter().flatten().map(|(name, _)| name.clone()));
            let parts = value.as_object().into_iter().flatten().map(|(_, part)| part);
            parts.for_each(|part| names_of_schema(part, document, depth + 1, names));
        } else if let Some(target) =
            value.as_str().filter(|_| keyword == "$ref").and_then(|target| target.strip_prefix('#'))
        {
            names_of_schema(document.pointer(target).unwrap_or(&Value::Null), document, depth + 1, names);
        } else {
            names_of_schema(value, document, depth + 1, names);
        }
    }
}
