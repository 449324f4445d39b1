//! Fragments: values are shown to a library as they go to the wire. Must not know what a fragment says.

use super::super::write::wire_value;
use super::Checker;
use super::respell::{object_with_keys, with_keys};
use crate::Json;
use crate::invalid::ViolationKind;
use crate::schema::describe::Given;
use crate::schema::fragment::Fragment;
use crate::schema::path::Path;
use crate::schema::rule::Rule;
use crate::schema::table::Names;
use crate::schema::value::Value;

impl Checker {
    /// Checks a value against a fragment.
    pub(super) fn fragment(&mut self, fragment: &Fragment, rules: &[Rule], value: Value<'_>, at: &Path<'_>) {
        let wire = match (self.names, wire_value(value)) {
            // Typed objects know their own keys; untyped ones are spelled as the caller does.
            (Names::Readable, json) if !matches!(value, Value::Object(_)) => match (&json, self.spelling(rules, at)) {
                (Json::Object(_), Some(table)) => object_with_keys(&json, table),
                _ => with_keys(&json, rules),
            },
            (_, json) => json,
        };
        for fault in fragment.faults(&wire) {
            self.fault(at, ViolationKind::Schema, format_args!("{}", Given(value)), format_args!("{fault}"));
        }
    }
}
