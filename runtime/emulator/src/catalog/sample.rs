//! A schema in, a value that fits it out: bodies for the curl line, outputs for finished jobs. The rules that such schemas
//! have are met; whether the value fits is checked by the caller, because patterns and the like can't be guessed.

use serde_json::{Map, Value, json};

use crate::media::Kind;

/// References deeper than this lead in circles; what is optional there is left out.
const MAX_DEPTH: usize = 12;

/// What properties beyond the required ones are made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// None: the smallest body.
    Required,
    /// All: an output shows what it can have.
    All,
}

/// Makes a value for a normalised schema; `url` gives a URL for each medium in it.
pub(crate) fn sample(schema: &Value, extent: Extent, url: &mut dyn FnMut(Kind) -> String) -> Value {
    Sampler { root: schema, extent, url }.value(schema, "", 0)
}

struct Sampler<'a> {
    root: &'a Value,
    extent: Extent,
    url: &'a mut dyn FnMut(Kind) -> String,
}

impl Sampler<'_> {
    fn value(&mut self, schema: &Value, key: &str, depth: usize) -> Value {
        let Some(keywords) = schema.as_object() else { return json!("anything") };
        let branches = ["allOf", "anyOf", "oneOf"].iter().filter_map(|keyword| keywords.get(*keyword)?.as_array());
        if let Some(Value::String(reference)) = keywords.get("$ref") {
            let target = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer)).cloned();
            target.filter(|_| depth < 2 * MAX_DEPTH).map_or(Value::Null, |target| self.value(&target, key, depth + 1))
        } else if let Some(constant) = keywords.get("const") {
            constant.clone()
        } else if let Some(Value::Array(values)) = keywords.get("enum") {
            values.first().cloned().unwrap_or_default()
        } else if let Some(branch) = branches.flatten().find(|branch| branch["type"] != "null") {
            self.value(&both(keywords, branch), key, depth + 1)
        } else {
            self.typed(type_of(keywords), keywords, key, depth)
        }
    }

    fn typed(&mut self, name: &str, keywords: &Map<String, Value>, key: &str, depth: usize) -> Value {
        match name {
            "null" => Value::Null,
            "boolean" => json!(false),
            "integer" => integer(keywords),
            "number" => number(keywords),
            "array" => self.list(keywords, key, depth),
            "object" => self.object(keywords, depth),
            _ => match media_kind(key, keywords) {
                Some(kind) => json!((self.url)(kind)),
                None => text(keywords),
            },
        }
    }

    fn list(&mut self, keywords: &Map<String, Value>, key: &str, depth: usize) -> Value {
        let least = keywords.get("minItems").and_then(Value::as_u64).unwrap_or_default() as usize;
        let prefix = keywords.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let mut values: Vec<Value> = prefix.iter().map(|part| self.value(part, key, depth + 1)).collect();
        let wanted = if self.extent == Extent::All && depth < MAX_DEPTH { least.max(1) } else { least };
        let items = keywords.get("items").filter(|items| items.is_object());
        while let (Some(items), true) = (items, values.len() < wanted) {
            values.push(self.value(items, key, depth + 1));
        }
        Value::Array(values)
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: usize) -> Value {
        let required = keywords.get("required").and_then(Value::as_array);
        let is_required = |key: &str| required.is_some_and(|names| names.iter().any(|name| name == key));
        let all = self.extent == Extent::All && depth < MAX_DEPTH;
        let properties = keywords.get("properties").and_then(Value::as_object);
        let wanted = properties.into_iter().flatten().filter(|(key, _)| all || is_required(key));
        let mut made: Map<_, _> = wanted.map(|(key, part)| (key.clone(), self.value(part, key, depth + 1))).collect();
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            made.entry(name).or_insert_with(|| json!("anything"));
        }
        Value::Object(made)
    }
}

/// What a schema says, and what one of its branches says.
fn both(keywords: &Map<String, Value>, branch: &Value) -> Value {
    let mut both = keywords.clone();
    both.retain(|keyword, _| !matches!(keyword.as_str(), "allOf" | "anyOf" | "oneOf"));
    for (keyword, said) in branch.as_object().into_iter().flatten() {
        match (both.get_mut(keyword), said) {
            (Some(Value::Array(names)), Value::Array(more)) if keyword == "required" => names.extend_from_slice(more),
            (Some(Value::Object(properties)), Value::Object(more)) if keyword == "properties" => {
                properties.extend(more.clone());
            }
            _ => drop(both.insert(keyword.clone(), said.clone())),
        }
    }
    both.into()
}

/// The first type that is not `null`; without one, what the other keywords speak of.
fn type_of(keywords: &Map<String, Value>) -> &str {
    match keywords.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or("null")
        }
        _ if keywords.contains_key("properties") => "object",
        _ if keywords.contains_key("items") || keywords.contains_key("prefixItems") => "array",
        _ => "string",
    }
}

/// What a text is a URL of, by its format, else by its key: `image`, `118_image`, `video_url`.
pub(crate) fn media_kind(key: &str, keywords: &Map<String, Value>) -> Option<Kind> {
    let format = keywords.get("format").and_then(Value::as_str).unwrap_or_default();
    let named = |text: &str| {
        text.split(|c: char| !c.is_ascii_alphanumeric()).find_map(|word| match word.trim_end_matches('s') {
            "image" | "img" | "mask" => Some(Kind::Image),
            "video" => Some(Kind::Video),
            "audio" => Some(Kind::Audio),
            _ => None,
        })
    };
    let is_link = format.starts_with("uri") || matches!(key, "url" | "urls" | "path" | "paths");
    named(format).or_else(|| named(key)).or(is_link.then_some(Kind::Image))
}

fn text(keywords: &Map<String, Value>) -> Value {
    let length = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64).map(|length| length as usize);
    let mut text: String = "a lone figure at golden hour".chars().take(length("maxLength").unwrap_or(64)).collect();
    while text.chars().count() < length("minLength").unwrap_or_default() {
        text.push('.');
    }
    json!(text)
}

/// The whole number closest to 0 that is within the bounds.
fn integer(keywords: &Map<String, Value>) -> Value {
    let bound = |keyword: &str| keywords.get(keyword).filter(|bound| bound.is_number());
    if let Some(low) = bound("minimum").filter(|low| low.as_f64() > Some(0.0)) {
        return if low.is_f64() { json!(low.as_f64().unwrap_or_default().ceil() as i64) } else { low.clone() };
    }
    if let Some(low) = bound("exclusiveMinimum").and_then(Value::as_f64).filter(|low| *low >= 0.0) {
        return json!(low.floor() as i64 + 1);
    }
    if let Some(high) = bound("maximum").and_then(Value::as_f64).filter(|high| *high < 0.0) {
        return json!(high.floor() as i64);
    }
    json!(0)
}

fn number(keywords: &Map<String, Value>) -> Value {
    let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
    let low = bound("minimum").or(bound("exclusiveMinimum"));
    let high = bound("maximum").or(bound("exclusiveMaximum"));
    match (low, high) {
        (Some(low), Some(high)) if low > 0.0 || bound("minimum").is_none() => json!(low + (high - low) / 2.0),
        (Some(low), None) if low >= 0.0 => json!(low + 1.0),
        (_, Some(high)) if high <= 0.0 => json!(low.map_or(high - 1.0, |low| low + (high - low) / 2.0)),
        _ => json!(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(schema: &Value, extent: Extent) -> Value {
        sample(schema, extent, &mut |kind| format!("https://example.com/{}", kind.extension()))
    }

    #[test]
    fn the_smallest_body_has_what_is_required() {
        let schema = json!({"type": "object", "required": ["118_image", "n", "free"], "properties": {
            "118_image": {"type": "string"}, "n": {"type": "integer", "minimum": 12}, "x": {"type": "number"}}});
        let body = json!({"118_image": "https://example.com/png", "n": 12, "free": "anything"});
        assert_eq!(made(&schema, Extent::Required), body);
    }

    #[test]
    fn references_in_circles_end() {
        let schema = json!({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {
            "next": {"$ref": "#/$defs/node"}, "name": {"type": "string", "maxLength": 1}}}}});
        assert_eq!(made(&schema, Extent::All)["next"]["name"], "a");
        assert_eq!(made(&json!({"$ref": "#"}), Extent::All), Value::Null);
    }

    #[test]
    fn samples_fit_their_bounds() {
        for schema in [
            json!({"type": "integer", "exclusiveMinimum": 5}),
            json!({"type": "integer", "maximum": -3}),
            json!({"type": "integer", "minimum": u64::MAX}),
            json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
            json!({"type": "number", "maximum": -1}),
            json!({"type": "number", "minimum": 2, "maximum": 3}),
            json!({"type": "string", "minLength": 40}),
            json!({"type": "array", "minItems": 2, "items": {"enum": ["x"]}}),
            json!({"type": ["null", "boolean"]}),
            json!({"anyOf": [{"type": "null"}, {"type": "integer"}]}),
        ] {
            let value = made(&schema, Extent::All);
            assert!(jsonschema::is_valid(&schema, &value), "{schema} {value}");
        }
    }
}
