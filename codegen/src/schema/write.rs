//! Schema tree in, JSON tree out: all that decides which values are valid, for the parts that a library checks, and for
//! typify. Texts are left out.

use serde_json::{Map, Value, json};

use super::{Other, Schema};

impl Schema {
    /// Everything in this schema that decides which values are valid, as JSON Schema 2020-12. Formats and RunComfy's
    /// `validations` are left out: they are not JSON Schema's to check.
    #[must_use]
    pub fn to_full_json(&self) -> Value {
        if let Some(boolean) = self.boolean {
            return Value::Bool(boolean);
        }
        let mut json = Map::new();
        self.write_structure(&mut json);
        self.write_bounds(&mut json);
        self.others.iter().for_each(|(keyword, other)| _ = json.insert(keyword.clone(), other.to_json()));
        Value::Object(json)
    }

    fn write_structure(&self, json: &mut Map<String, Value>) {
        let mut put = |keyword: &str, value: Value| _ = json.insert(keyword.to_owned(), value);
        match self.types.as_slice() {
            [] => {}
            [one] => put("type", json!(one)),
            many => put("type", json!(many)),
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
                put(keyword, parts.iter().map(|part| part.to_full_json()).collect());
            }
        }
        for (keyword, part) in [("items", &self.array.items), ("additionalProperties", &self.object.additional)] {
            if let Some(part) = part {
                put(keyword, part.to_full_json());
            }
        }
        if !self.object.properties.is_empty() {
            let parts = self.object.properties.iter().map(|(name, part)| (name.as_str(), part));
            put("properties", named(parts));
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
    }

    fn write_bounds(&self, json: &mut Map<String, Value>) {
        let (number, string, array, object) = (&self.number, &self.string, &self.array, &self.object);
        let bounds = [
            ("minimum", &number.minimum),
            ("maximum", &number.maximum),
            ("exclusiveMinimum", &number.exclusive_minimum),
            ("exclusiveMaximum", &number.exclusive_maximum),
            ("multipleOf", &number.multiple_of),
        ];
        let counts = [
            ("minLength", string.min_length),
            ("maxLength", string.max_length),
            ("minItems", array.min_items),
            ("maxItems", array.max_items),
            ("minProperties", object.min_properties),
            ("maxProperties", object.max_properties),
        ];
        let bounds = bounds.into_iter().filter_map(|(keyword, bound)| Some((keyword, json!(bound.as_ref()?))));
        let counts = counts.into_iter().filter_map(|(keyword, count)| Some((keyword, json!(count?))));
        json.extend(bounds.chain(counts).map(|(keyword, value)| (keyword.to_owned(), value)));
        if let Some(pattern) = &string.pattern {
            json.insert("pattern".to_owned(), json!(pattern));
        }
        if array.unique {
            json.insert("uniqueItems".to_owned(), json!(true));
        }
        if let Some(names) = &object.names {
            json.insert("propertyNames".to_owned(), names.to_full_json());
        }
    }
}

impl Other {
    /// The keyword's value as JSON Schema.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Schema(part) => part.to_full_json(),
            Self::Schemas(parts) => named(parts.iter().map(|(name, part)| (name.as_str(), part))),
        }
    }
}

fn named<'s>(parts: impl Iterator<Item = (&'s str, &'s Schema)>) -> Value {
    Value::Object(parts.map(|(name, part)| (name.to_owned(), part.to_full_json())).collect())
}

#[cfg(test)]
mod tests {
    use crate::schema::parse;
    use serde_json::json;

    #[test]
    fn everything_that_decides_is_written_in_full() {
        let schema = json!({
            "type": "object", "minProperties": 1, "propertyNames": {"pattern": "^a"}, "not": {"required": ["ab"]},
            "properties": {"a": {"type": "integer", "minimum": 1, "multipleOf": 2}, "ab": {"uniqueItems": true}},
            "dependentRequired": {"a": ["ab"]}
        });
        assert_eq!(parse(&schema, "").expect("valid").to_full_json(), schema);
    }
}
