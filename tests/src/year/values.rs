//! What may become of the values that a field takes: the schema of a field without keys of its own in, a changed one out.

use fastrand::Rng;
use serde_json::{Value, json};

/// Where a schema may have a bound, or a list.
const PLACES: [&str; 5] = ["", "/anyOf/0", "/oneOf/1", "/items", "/allOf/1"];

/// Moves an upper bound; a negative step makes it stricter.
pub(super) fn move_bound(schema: &mut Value, by: i64) -> bool {
    for place in PLACES {
        for keyword in ["maximum", "maxLength", "maxItems"] {
            let Some(bound) = schema.pointer_mut(&format!("{place}/{keyword}")) else { continue };
            let Some(most) = bound.as_i64().map(|most| most + by).filter(|most| *most > 5) else { continue };
            *bound = json!(most);
            return true;
        }
    }
    false
}

/// One more value, before the others.
pub(super) fn gain(schema: &mut Value, value: &str) -> bool {
    let Some(values) = list(schema) else { return false };
    let value = if values[0].is_string() { json!(value) } else { json!(1000 + values.len()) };
    let is_new = !values.contains(&value);
    values.insert(0, value);
    is_new
}

/// One value less.
pub(super) fn lose(schema: &mut Value, rng: &mut Rng) -> bool {
    let Some(values) = list(schema).filter(|values| values.len() > 2) else { return false };
    values.remove(rng.usize(0..values.len()));
    true
}

fn list(schema: &mut Value) -> Option<&mut Vec<Value>> {
    let place = PLACES.iter().find(|place| schema.pointer(&format!("{place}/enum")).is_some())?;
    schema.pointer_mut(&format!("{place}/enum"))?.as_array_mut()
}

/// Another published default.
pub(super) fn change_default(schema: &mut Value, _: &mut Rng) -> bool {
    let next = match &schema["default"] {
        Value::Bool(default) => json!(!default),
        Value::Number(default) => json!(default.as_f64().map(|default| default + 1.0)),
        _ => return false,
    };
    schema["default"] = next;
    true
}

/// Numbers for whole numbers, whole numbers for texts.
pub(super) fn change_type(schema: &mut Value) -> bool {
    let is_listed = schema.get("enum").is_some() || schema.get("format").is_some();
    let next = match schema["type"].as_str() {
        Some("integer") => "number",
        Some("number") => "integer",
        Some("string") => "boolean",
        _ => return false,
    };
    if is_listed {
        return false;
    }
    schema["type"] = json!(next);
    schema.as_object_mut().and_then(|schema| schema.remove("default"));
    if next == "boolean" {
        *schema = json!({"type": next});
    }
    true
}
