//! The names and values that a person has found to be facts, and a model: whether each is there. Must not know what a sentence is.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::manifest::Manifest;
use crate::overrides::unused;
use crate::{Errors, ModelSource};

/// That each text which a person accepted is a name or a value of the model.
pub(super) fn all_there(accepted: &BTreeSet<String>, source: &ModelSource, manifest: &Manifest) -> Result<(), Errors> {
    let schema: Value =
        if accepted.is_empty() { Value::Null } else { serde_json::from_str(&source.input.text).unwrap_or_default() };
    let is_there = |text: &str| manifest.display_name == text || holds(&schema, text);
    let mut errors = Errors::default();
    let missing = accepted.iter().filter(|text| !is_there(text));
    missing.for_each(|text| errors.push(unused("[accept] texts", text, [])));
    errors.or(())
}

fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(one) => one == text,
        Value::Array(values) => values.iter().any(|value| holds(value, text)),
        Value::Object(map) => map.iter().any(|(name, value)| name == text || holds(value, text)),
        _ => false,
    }
}
