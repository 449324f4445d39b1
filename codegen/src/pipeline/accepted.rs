//! The names and values that a person has found to be facts, and a model: which of them it has not. Must not know what a
//! sentence is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ModelSource;
use crate::manifest::Manifest;

/// The texts that a person accepted, and that are no name or value of the model now. A misspelt one is seen by the other, which
/// nobody accepted.
pub(super) fn gone<'t>(
    accepted: &'t BTreeSet<String>,
    source: &ModelSource,
    manifest: &Manifest,
) -> impl Iterator<Item = &'t str> {
    let schema: Value =
        if accepted.is_empty() { Value::Null } else { serde_json::from_str(&source.input.text).unwrap_or_default() };
    accepted.iter().map(String::as_str).filter(move |text| manifest.display_name != *text && !holds(&schema, text))
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(one) => one == text,
        Value::Array(values) => values.iter().any(|value| holds(value, text)),
        Value::Object(map) => map.iter().any(|(name, value)| name == text || holds(value, text)),
        _ => false,
    }
}
