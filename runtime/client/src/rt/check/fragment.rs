//! Fragments: values are shown to a library as they go to the wire. Must not know what a fragment says.

use super::super::write::wire_value;
use super::Checker;
use crate::Json;
use crate::invalid::ViolationKind;
use crate::schema::describe::Given;
use crate::schema::fragment::Fragment;
use crate::schema::path::Path;
use crate::schema::rule::{Rule, item_rules};
use crate::schema::table::{Names, Table};
use crate::schema::value::Value;

impl Checker {
    /// Checks a value against a fragment.
    pub(super) fn fragment(&mut self, fragment: &Fragment, rules: &[Rule], value: Value<'_>, at: &Path<'_>) {
        let wire = match (self.names, wire_value(value)) {
            // Typed objects know their own keys; untyped ones are spelled as the caller does.
            (Names::Readable, json) if !matches!(value, Value::Object(_)) => with_keys(&json, rules),
            (_, json) => json,
        };
        for fault in fragment.faults(&wire) {
            self.fault(at, ViolationKind::Schema, format_args!("{}", Given(value)), format_args!("{fault}"));
        }
    }
}

/// Untyped JSON with wire keys in place of readable names.
fn with_keys(json: &Json, rules: &[Rule]) -> Json {
    let table = rules.iter().find_map(|rule| if let Rule::Properties(table) = rule { Some(*table) } else { None });
    match (json, table) {
        (Json::Object(entries), Some(table)) => object_with_keys(entries, table),
        (Json::Array(items), _) => {
            items.iter().enumerate().map(|(place, item)| with_keys(item, item_rules(rules, place))).collect()
        }
        (other, _) => other.clone(),
    }
}

/// An object of readable names as it goes to the wire.
pub(super) fn object_with_keys(entries: &serde_json::Map<String, Json>, table: &Table) -> Json {
    let mut wire = serde_json::Map::new();
    for (name, value) in entries {
        match (table.find(name, Names::Readable), value) {
            (Some(field), value) => _ = wire.insert(field.key.to_owned(), with_keys(value, field.rules)),
            (None, Json::Object(extra)) if name == "extra" => wire.extend(extra.clone()),
            (None, value) => _ = wire.insert(name.clone(), value.clone()),
        }
    }
    wire.into()
}
