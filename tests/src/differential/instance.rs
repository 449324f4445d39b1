//! Instances of a schema: valid by design, or with one thing wrong. In: a standard schema and a random source. Out: a JSON
//! value. Whether it is valid is the judge's business.

use fastrand::Rng;
use jsonschema::Validator;
use serde_json::{Map, Value, json};

/// How deep references are followed.
const MAX_DEPTH: u8 = 8;

/// What a media field may hold; the last is a picture of 3 by 2 pixels, cut off after its header.
const MEDIA: [&str; 3] = ["https://example.com/a.png", "sample.png", "data:image/gif;base64,R0lGODlhAwACAAAAAA=="];

/// An instance; `wrong` of the decisions on the way are taken wrongly.
#[must_use]
pub fn instance(schema: &Value, rng: &mut Rng, wrong: usize) -> Value {
    let seed = rng.u64(..);
    let mut counting = Maker { rng: Rng::with_seed(seed), document: schema, decisions: 0, wrong: Vec::new() };
    let right = counting.value(schema, 0);
    if wrong == 0 || counting.decisions == 0 {
        return right;
    }
    let wrong = (0..wrong).map(|_| rng.usize(0..counting.decisions)).collect();
    let mut making = Maker { rng: Rng::with_seed(seed), document: schema, decisions: 0, wrong };
    making.value(schema, 0)
}

/// How many random inputs the fullest valid one is chosen from.
const TRIES: usize = 2_000;

/// A valid input with most fields. It has no `data:` URIs, of which RunComfy has rules of its own that no validator knows.
///
/// # Panics
/// If none of 2,000 instances is valid.
#[must_use]
pub fn fullest(schema: &Value, validator: &Validator, rng: &mut Rng) -> Value {
    let is_fit = |input: &Value| validator.is_valid(input) && !input.to_string().contains("\"data:");
    let inputs = (0..TRIES).map(|_| instance(schema, rng, 0)).filter(is_fit);
    inputs.max_by_key(|input| input.as_object().map_or(0, Map::len)).expect("a valid input")
}

/// Adds a keyword of a part: fields and required names to those that are there, others if there is none.
fn join(merged: &mut Map<String, Value>, keyword: String, value: Value) {
    match (merged.get_mut(&keyword), value) {
        (Some(Value::Object(there)), Value::Object(more)) if keyword == "properties" => {
            for (name, schema) in more {
                there.entry(name).or_insert(schema);
            }
        }
        (Some(Value::Array(there)), Value::Array(more)) if keyword == "required" => there.extend(more),
        (Some(_), _) => {}
        (None, value) => _ = merged.insert(keyword, value),
    }
}

struct Maker<'s> {
    rng: Rng,
    document: &'s Value,
    decisions: usize,
    /// Which decisions are taken wrongly.
    wrong: Vec<usize>,
}

impl Maker<'_> {
    /// Whether this decision is taken wrongly.
    fn slips(&mut self) -> bool {
        self.decisions += 1;
        self.wrong.contains(&(self.decisions - 1))
    }

    fn value(&mut self, schema: &Value, depth: u8) -> Value {
        let Value::Object(keywords) = schema else { return self.anything() };
        if depth > MAX_DEPTH {
            return Value::Null;
        }
        if self.slips() {
            return self.anything();
        }
        let merged = self.merged(keywords, depth);
        let made = self.plain(&merged, depth);
        if self.rng.u8(0..40) == 0 { self.odd(made) } else { made }
    }

    /// The keywords with those of references, of all parts of `allOf`, and of one part of `anyOf` and `oneOf`.
    fn merged(&mut self, keywords: &Map<String, Value>, depth: u8) -> Map<String, Value> {
        let mut merged = keywords.clone();
        if depth > MAX_DEPTH {
            return merged;
        }
        let mut parts: Vec<Value> = Vec::new();
        if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
            parts.extend(target.strip_prefix('#').and_then(|at| self.document.pointer(at)).cloned());
        }
        parts.extend(keywords.get("allOf").and_then(Value::as_array).into_iter().flatten().cloned());
        for choice in ["anyOf", "oneOf"] {
            if let Some(Value::Array(forms)) = keywords.get(choice)
                && !forms.is_empty()
            {
                parts.push(forms[self.rng.usize(0..forms.len())].clone());
            }
        }
        for condition in ["then", "else"] {
            if self.rng.bool() {
                parts.extend(keywords.get(condition).cloned());
            }
        }
        if let Some(Value::Object(dependent)) = keywords.get("dependentSchemas") {
            parts.extend(dependent.values().filter(|_| self.rng.bool()).cloned());
        }
        for part in parts {
            if let Value::Object(part) = part {
                for (keyword, value) in self.merged(&part, depth + 1) {
                    join(&mut merged, keyword, value);
                }
            }
        }
        merged
    }

    fn plain(&mut self, keywords: &Map<String, Value>, depth: u8) -> Value {
        if let Some(value) = keywords.get("const") {
            return value.clone();
        }
        if let Some(Value::Array(values)) = keywords.get("enum")
            && !values.is_empty()
        {
            return values[self.rng.usize(0..values.len())].clone();
        }
        if let Some(Value::Array(examples)) = keywords.get("examples")
            && !examples.is_empty()
            && !self.slips()
        {
            return examples[self.rng.usize(0..examples.len())].clone();
        }
        let types: Vec<&str> = match keywords.get("type") {
            Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(one)) => vec![one],
            _ if keywords.contains_key("properties") || keywords.contains_key("required") => vec!["object"],
            _ => vec!["integer", "string", "boolean", "array", "object"],
        };
        match types[self.rng.usize(0..types.len().max(1)).min(types.len() - 1)] {
            "integer" => self.number(keywords, true),
            "number" => self.number(keywords, false),
            "string" => self.text(keywords),
            "boolean" => json!(self.rng.bool()),
            "array" => self.array(keywords, depth),
            "object" => self.object(keywords, depth),
            _ => Value::Null,
        }
    }

    fn number(&mut self, keywords: &Map<String, Value>, whole: bool) -> Value {
        let bound = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
        let low = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|low| low + 1.0));
        let high = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|high| high - 1.0));
        let (from, to) = (
            low.unwrap_or_else(|| high.map_or(0.0, |high| high - 20.0)),
            high.unwrap_or_else(|| low.map_or(20.0, |low| low + 20.0)),
        );
        let mut number = (from + (to - from) * self.rng.f64()).floor().clamp(from, to.max(from));
        if let Some(step) = bound("multipleOf") {
            number = (number / step).ceil() * step;
            if self.slips() {
                number += step / 3.0;
            }
        }
        if low.is_some() && self.slips() {
            number = from - if self.rng.bool() { 1.0 } else { 0.5 };
        }
        if bound("exclusiveMinimum").is_some() && self.slips() {
            number = from - 1.0;
        }
        if high.is_some() && self.slips() {
            number = to + if self.rng.bool() { 1.0 } else { 2.0 };
        }
        if self.slips() {
            number += 0.25;
        }
        let exact = number.fract() == 0.0 && number.abs() < 1e15;
        if exact && (whole || self.rng.bool()) && self.rng.u8(0..8) != 0 { json!(number as i64) } else { json!(number) }
    }

    fn text(&mut self, keywords: &Map<String, Value>) -> Value {
        if matches!(
            keywords.get("format").and_then(Value::as_str),
            Some("image_uri" | "video_uri" | "audio_uri" | "uri")
        ) && !self.slips()
        {
            return json!(MEDIA[self.rng.usize(0..MEDIA.len())]);
        }
        let count = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64);
        let (low, high) = (count("minLength").unwrap_or(0), count("maxLength"));
        let mut length = self.rng.u64(low..=high.unwrap_or(low + 3).max(low));
        if low > 0 && self.slips() {
            length = low - 1;
        }
        if let Some(high) = high
            && self.slips()
        {
            length = high + 1;
        }
        if length > 10_000 {
            return json!("a".repeat(usize::try_from(length).unwrap_or(0).min(100_000)));
        }
        json!((0..length).map(|_| ['a', 'b', 'é', '𝄞', '7', ' '][self.rng.usize(0..6)]).collect::<String>())
    }

    fn array(&mut self, keywords: &Map<String, Value>, depth: u8) -> Value {
        let count =
            |keyword: &str| keywords.get(keyword).and_then(Value::as_u64).and_then(|count| usize::try_from(count).ok());
        let prefix: &[Value] = keywords.get("prefixItems").and_then(Value::as_array).map_or(&[], Vec::as_slice);
        let (low, high) = (count("minItems").unwrap_or(0).min(50), count("maxItems").map(|high| high.min(50)));
        let mut length = self.rng.usize(low..=high.unwrap_or(low.max(prefix.len()) + 2).max(low));
        if low > 0 && self.slips() {
            length = low - 1;
        }
        if let Some(high) = high
            && self.slips()
        {
            length = high + 1;
        }
        let is_closed = keywords.get("items") == Some(&json!(false));
        if is_closed && !self.slips() {
            length = length.min(prefix.len());
        }
        let rest = keywords.get("items").or_else(|| keywords.get("unevaluatedItems")).unwrap_or(&Value::Null);
        let mut items: Vec<Value> = Vec::new();
        for place in 0..length {
            items.push(self.value(prefix.get(place).unwrap_or(rest), depth + 1));
        }
        if let (Some(wanted), false) = (keywords.get("contains"), self.slips()) {
            let found = self.value(wanted, depth + 1);
            items.push(found);
        }
        if keywords.get("uniqueItems") == Some(&json!(true)) {
            let mut seen: Vec<Value> = Vec::new();
            items.retain(|item| {
                !seen.contains(item) && {
                    seen.push(item.clone());
                    true
                }
            });
            if !items.is_empty() && self.slips() {
                items.push(items[0].clone());
            }
        }
        items.into()
    }

    fn object(&mut self, keywords: &Map<String, Value>, depth: u8) -> Value {
        let empty = Map::new();
        let properties = keywords.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let required: Vec<&str> = keywords
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let mut object = Map::new();
        for (name, schema) in properties {
            let wanted = required.contains(&name.as_str());
            if if wanted { !self.slips() } else { self.rng.u8(0..3) == 0 } {
                object.insert(name.clone(), self.value(schema, depth + 1));
            }
        }
        for name in required {
            if !properties.contains_key(name) && !self.slips() {
                object.insert(name.to_owned(), self.anything());
            }
        }
        let others = keywords.get("additionalProperties").filter(|rest| **rest != json!(false));
        let patterns = keywords.get("patternProperties").and_then(Value::as_object).and_then(|all| all.values().next());
        if let Some(schema) = others.filter(|_| self.rng.bool()) {
            object.insert(["k", "key"][self.rng.usize(0..2)].to_owned(), self.value(schema, depth + 1));
        }
        if let Some(schema) = patterns.filter(|_| self.rng.bool()) {
            object.insert("x1".to_owned(), self.value(schema, depth + 1));
        }
        if (properties.is_empty() && others.is_none() && self.rng.bool()) || self.slips() {
            let name = ["k", "unknown", "x", "beta"][self.rng.usize(0..4)];
            object.insert(name.to_owned(), self.anything());
        }
        object.into()
    }

    fn anything(&mut self) -> Value {
        match self.rng.u8(0..11) {
            0 => Value::Null,
            1 => json!(self.rng.bool()),
            2 => json!(self.rng.i64(-3..40)),
            3 => json!(self.rng.i64(-30..400) as f64 / 4.0),
            4 => json!(""),
            5 => json!(["a", "abc", "16:9", "é1", "https://example.com/x.png"][self.rng.usize(0..5)]),
            6 => json!([]),
            7 => json!([1, "a"]),
            8 => json!({}),
            9 => json!({"a": self.rng.i64(0..9), "alpha": 1}),
            _ => json!([self.rng.i64(0..9)]),
        }
    }

    /// The edges of numbers.
    fn odd(&mut self, made: Value) -> Value {
        let odd = [
            json!(i64::MAX),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(1e300),
            json!(-0.0),
            json!(0),
            json!(9007199254740993_i64),
        ];
        if made.is_number() { odd[self.rng.usize(0..odd.len())].clone() } else { made }
    }
}
