//! The forms of older drafts, put into the words of 2020-12. Must not know anything that 2020-12 still says.

use serde_json::{Map, Value};

use super::{Parser, add_other};
use crate::json::join;
use crate::schema::{Other, Schema};
use crate::{Error, ErrorKind};

impl Parser<'_> {
    /// Before 2019-09, `dependencies` was both `dependentRequired` and `dependentSchemas`.
    pub(super) fn dependencies(&mut self, schema: &mut Schema, value: &Value, at: &str) {
        let Value::Object(map) = value else { return self.wrong(at, "this", "an object", value) };
        let (lists, parts): (Vec<_>, Vec<_>) = map.iter().partition(|(_, value)| value.is_array() || value.is_string());
        // Draft 3 had a single name where a list of names stands now.
        let list = |value: &Value| if value.is_string() { Value::from(vec![value.clone()]) } else { value.clone() };
        let lists: Value = lists.into_iter().map(|(name, value)| (name.clone(), list(value))).collect();
        let lists = self.lists_of_strings(&lists, at);
        let parts = parts.into_iter().map(|(name, part)| (name.clone(), self.schema(part, &join(at, name)))).collect();
        add_other(schema, "dependentRequired", Other::Value(lists));
        add_other(schema, "dependentSchemas", Other::Schemas(parts));
    }

    /// Draft 4 wrote `"exclusiveMinimum": true` beside `minimum`.
    pub(super) fn exclusive_flags(&mut self, schema: &mut Schema, keywords: &Map<String, Value>, pointer: &str) {
        for (flag, partner) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
            if keywords.get(flag) != Some(&Value::Bool(true)) {
                continue;
            }
            let (plain, exclusive) = match partner {
                "minimum" => (&mut schema.number.minimum, &mut schema.number.exclusive_minimum),
                _ => (&mut schema.number.maximum, &mut schema.number.exclusive_maximum),
            };
            *exclusive = plain.take();
            if exclusive.is_none() {
                let message = format!("`{flag}: true` says nothing without `{partner}`");
                self.errors.push(Error::new(ErrorKind::InvalidSchema, message).at(join(pointer, flag)));
            }
        }
    }

    /// Before 2020-12, `items` could be a list, and `additionalItems` held for the rest.
    pub(super) fn list_form_of_items(&mut self, schema: &mut Schema, keywords: &Map<String, Value>, pointer: &str) {
        if let Some(list @ Value::Array(_)) = keywords.get("items") {
            schema.array.prefix = self.schemas(list, &join(pointer, "items"));
            if let Some(rest) = keywords.get("additionalItems") {
                let rest = self.schema(rest, &join(pointer, "additionalItems"));
                schema.array.items = Some(Box::new(rest));
            }
        }
    }
}
