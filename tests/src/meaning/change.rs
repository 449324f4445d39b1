//! A little more or less: one thing of a schema made stricter. Read backwards, one thing made looser. A form of `oneOf` that
//! goes may be both: what two forms had is refused as long as both are there.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// The schema with one thing made stricter; nothing if nothing was found.
#[must_use]
pub fn tightened(schema: &Value, rng: &mut Rng) -> Option<Value> {
    let Value::Object(keywords) = schema else { return None };
    let types: Vec<String> = match keywords.get("type") {
        Some(Value::String(one)) => vec![one.to_lowercase()],
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_lowercase).collect(),
        _ => Vec::new(),
    };
    let mut found: Vec<Value> = Vec::new();
    let mut put = |keyword: &str, value: Value| {
        let mut next = keywords.clone();
        next.insert(keyword.to_owned(), value);
        found.push(next.into());
    };
    let number = |keyword: &str| keywords.get(keyword).and_then(Value::as_f64);
    let count = |keyword: &str| keywords.get(keyword).and_then(Value::as_u64);
    for kind in &types {
        match kind.as_str() {
            "integer" | "number" | "float" => {
                let is_old = |keyword: &str| keywords.get(keyword).is_some_and(Value::is_boolean);
                if !is_old("exclusiveMinimum") {
                    put("minimum", json!(number("minimum").unwrap_or(-4.0) + 2.0));
                    put(
                        "exclusiveMaximum",
                        json!(number("exclusiveMaximum").or(number("maximum")).unwrap_or(18.0) - 1.0),
                    );
                }
                put("multipleOf", json!(number("multipleOf").map_or(2.0, |step| step * 2.0)));
            }
            "string" => {
                put("minLength", json!(count("minLength").unwrap_or(0) + 1));
                put("maxLength", json!(count("maxLength").unwrap_or(4).saturating_sub(1)));
                if !keywords.contains_key("not") {
                    put("not", json!({"maxLength": 1}));
                }
            }
            "array" => {
                put("minItems", json!(count("minItems").unwrap_or(0) + 1));
                put("maxItems", json!(count("maxItems").unwrap_or(3).saturating_sub(1)));
                put("uniqueItems", json!(true));
            }
            "object" => {
                put("minProperties", json!(count("minProperties").unwrap_or(0) + 1));
                put("maxProperties", json!(count("maxProperties").unwrap_or(3).saturating_sub(1)));
                put("additionalProperties", json!(false));
                put("required", fewer_optional(keywords));
                if let Some(forms) = one_of_two_keys(keywords) {
                    put("anyOf", forms);
                }
            }
            _ => {}
        }
    }
    for list in ["enum", "type", "anyOf", "oneOf"] {
        if let Some(Value::Array(values)) = keywords.get(list)
            && values.len() > 1
        {
            let gone = rng.usize(0..values.len());
            let left: Vec<&Value> =
                values.iter().enumerate().filter(|(place, _)| *place != gone).map(|(_, one)| one).collect();
            put(list, json!(left));
        }
    }
    if keywords.get("nullable") == Some(&json!(true)) {
        put("nullable", json!(false));
    }
    let found: Vec<Value> = found.into_iter().filter(|one| one != schema).collect();
    (!found.is_empty()).then(|| found[rng.usize(0..found.len())].clone())
}

/// Forms of which each requires another key that need not be there; nothing if there are not two such keys.
fn one_of_two_keys(keywords: &Map<String, Value>) -> Option<Value> {
    let is_required = |name: &String| keywords.get("required").is_some_and(|all| all[0] == **name || all[1] == **name);
    let names = keywords.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, _)| name);
    let free: Vec<&String> = names.filter(|name| !is_required(name)).take(2).collect();
    let is_plain =
        free.len() == 2 && !keywords.contains_key("anyOf") && !keywords.contains_key("unevaluatedProperties");
    is_plain.then(|| json!([{"required": [free[0]]}, {"required": [free[1]]}]))
}

/// `required` with all properties.
fn fewer_optional(keywords: &Map<String, Value>) -> Value {
    let properties = keywords.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut names: Vec<Value> = keywords.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    for (name, _) in properties {
        if !names.iter().any(|known| known == name) {
            names.push(json!(name));
            break;
        }
    }
    names.into()
}
