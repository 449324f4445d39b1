//! Schema tree in, JSON tree out: the keywords that shape a type, for the parts that are lowered through typify. Bounds
//! and texts are left out, since they stay in the field table.

use serde_json::{Map, Value, json};

use super::Schema;

impl Schema {
    /// The structure of this schema as JSON Schema: types, values, parts and references, nothing else.
    #[must_use]
    pub fn to_json(&self) -> Value {
        if let Some(truth) = self.constant_truth {
            return Value::Bool(truth);
        }
        let mut json = Map::new();
        let mut put = |keyword: &str, value: Value| json.insert(keyword.to_owned(), value);
        match self.types.as_slice() {
            [] => {}
            [one] => _ = put("type", json!(one)),
            many => _ = put("type", json!(many)),
        }
        if !self.format.is_empty() {
            put("format", json!(self.format));
        }
        if let Some(values) = &self.values {
            put("enum", json!(values));
        }
        if let Some(value) = &self.constant {
            put("const", value.clone());
        }
        if let Some(reference) = &self.reference {
            put("$ref", json!(reference));
        }
        for (keyword, parts) in [
            ("allOf", &self.all_of),
            ("anyOf", &self.any_of),
            ("oneOf", &self.one_of),
            ("prefixItems", &self.array.prefix),
        ] {
            if !parts.is_empty() {
                put(keyword, parts.iter().map(Schema::to_json).collect());
            }
        }
        for (keyword, part) in [("items", &self.array.items), ("additionalProperties", &self.object.additional)] {
            if let Some(part) = part {
                put(keyword, part.to_json());
            }
        }
        if !self.object.properties.is_empty() {
            put("properties", named(self.object.properties.iter().map(|(name, part)| (name.as_str(), part))));
        }
        if !self.object.required.is_empty() {
            put("required", json!(self.object.required));
        }
        for keyword in ["$defs", "definitions"] {
            let mut parts = self.definitions.iter().filter_map(|(at, part)| {
                let name = at.strip_prefix(keyword)?.strip_prefix('/')?;
                Some((name, part))
            });
            if let Some(first) = parts.next() {
                put(keyword, named(std::iter::once(first).chain(parts)));
            }
        }
        Value::Object(json)
    }
}

fn named<'s>(parts: impl Iterator<Item = (&'s str, &'s Schema)>) -> Value {
    Value::Object(parts.map(|(name, part)| (name.to_owned(), part.to_json())).collect())
}

#[cfg(test)]
mod tests {
    use crate::schema::parse;
    use serde_json::json;

    #[test]
    fn structure_survives_and_bounds_do_not() {
        let schema = json!({"title": "T", "anyOf": [{"type": "number", "minimum": 1}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"const": 1}}});
        let kept = parse(&schema, "").expect("valid").to_json();
        assert_eq!(kept, json!({"anyOf": [{"type": "number"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"const": 1}}}));
    }
}
