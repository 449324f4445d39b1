//! A fixed-up schema in, one that typify reads without loss out: texts, formats and bounds are gone, and keys and values are
//! numbered (`p3`, `v3`), so that typify has nothing to rename, and what it made of them can be looked up.

use serde_json::{Map, Value, json};

/// Keys and values by their numbers.
#[derive(Debug, Default)]
pub(super) struct Texts(Vec<String>);

impl Texts {
    fn number(&mut self, text: &str) -> usize {
        self.0.iter().position(|known| known == text).unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        })
    }

    fn key(&mut self, text: &str) -> String {
        format!("p{}", self.number(text))
    }

    /// The key or value that a name of typify's stands for.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let number = name.strip_prefix(['p', 'v', 'V'])?.parse::<usize>().ok()?;
        self.0.get(number).map(String::as_str)
    }
}

/// The schema for typify, with definitions for all that references lead to.
pub(super) fn encode(schema: &Value, texts: &mut Texts) -> Value {
    let mut encoder = Encoder { root: schema, texts, targets: Vec::new(), branches: 0 };
    let mut root = encoder.schema(schema);
    let mut definitions = Map::new();
    while let Some(target) = encoder.targets.get(definitions.len()).cloned() {
        let part = schema.pointer(&target).map_or(Value::Bool(true), |part| encoder.schema(part));
        definitions.insert(format!("D{}", definitions.len()), part);
    }
    if let Value::Object(keywords) = &mut root {
        keywords.insert("title".to_owned(), json!("Root"));
        keywords.insert("definitions".to_owned(), definitions.into());
    }
    root
}

struct Encoder<'s> {
    root: &'s Value,
    texts: &'s mut Texts,
    /// The pointers that references lead to, by the numbers of their definitions.
    targets: Vec<String>,
    /// How many objects have been forms of unions so far.
    branches: usize,
}

impl Encoder<'_> {
    fn schema(&mut self, schema: &Value) -> Value {
        let Value::Object(keywords) = schema else { return schema.clone() };
        if let Some(pointer) = keywords.get("$ref").and_then(Value::as_str).and_then(crate::schema::target)
            && self.root.pointer(&pointer).is_some()
        {
            return self.reference(pointer);
        }
        let mut encoded = Map::new();
        for (keyword, value) in keywords {
            if let Some(value) = self.keyword(keyword, value) {
                encoded.insert(keyword.clone(), value);
            }
        }
        if let Some(prefix) = encoded.remove("prefixItems") {
            // As draft 7 says it. How many items there are decides whether it is a tuple.
            let count = prefix.as_array().map_or(0, Vec::len);
            let rest = encoded.insert("items".to_owned(), prefix).unwrap_or(Value::Bool(true));
            let most = if rest == Value::Bool(false) { Some(json!(count)) } else { keywords.get("maxItems").cloned() };
            encoded.insert("additionalItems".to_owned(), rest);
            encoded.extend(keywords.get("minItems").map(|least| ("minItems".to_owned(), least.clone())));
            encoded.extend(most.map(|most| ("maxItems".to_owned(), most)));
        }
        encoded.into()
    }

    fn keyword(&mut self, keyword: &str, value: &Value) -> Option<Value> {
        Some(match (keyword, value) {
            ("type", _) => value.clone(),
            ("const", Value::String(text)) => json!(format!("v{}", self.texts.number(text))),
            ("const", _) => value.clone(),
            ("enum", Value::Array(values)) => {
                values.iter().filter_map(|value| self.keyword("const", value)).collect::<Vec<_>>().into()
            }
            ("required", Value::Array(keys)) => {
                keys.iter().filter_map(Value::as_str).map(|key| self.texts.key(key)).collect::<Vec<_>>().into()
            }
            ("properties", Value::Object(parts)) => {
                let parts = parts.iter().map(|(key, part)| (self.texts.key(key), self.schema(part)));
                Value::Object(parts.collect())
            }
            ("items" | "additionalProperties", part) => self.schema(part),
            ("prefixItems" | "allOf", Value::Array(parts)) => {
                parts.iter().map(|part| self.schema(part)).collect::<Vec<_>>().into()
            }
            ("anyOf" | "oneOf", Value::Array(parts)) => {
                parts.iter().map(|part| self.branch(part)).collect::<Vec<_>>().into()
            }
            _ => return None,
        })
    }

    /// A form of a union. An object gets one more required key, another one in each: typify would take two keys for a tag
    /// and its content, one key for a tag, and forms that overlap for parts of one object.
    fn branch(&mut self, part: &Value) -> Value {
        let mut encoded = self.schema(part);
        if let Some(properties) = encoded.get_mut("properties").and_then(Value::as_object_mut) {
            let key = format!("q{}", self.branches);
            self.branches += 1;
            properties.insert(key.clone(), Value::Bool(true));
            match encoded.get_mut("required").and_then(Value::as_array_mut) {
                Some(required) => required.push(json!(key)),
                None => encoded["required"] = json!([key]),
            }
        }
        encoded
    }

    fn reference(&mut self, pointer: String) -> Value {
        let number = self.targets.iter().position(|known| *known == pointer).unwrap_or_else(|| {
            self.targets.push(pointer);
            self.targets.len() - 1
        });
        json!({"$ref": format!("#/definitions/D{number}")})
    }
}
