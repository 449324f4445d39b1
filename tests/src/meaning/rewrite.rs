//! The same in other words: each rewriting takes a schema and gives one that accepts the same values, or nothing where it
//! does not apply.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// A way to say the same in other words; the document may get new definitions.
pub type Rewriting = fn(&Map<String, Value>, &mut Vec<(String, Value)>, &mut Rng) -> Option<Value>;

/// The rewriting that a whole input can bear, too.
pub const A_BOUND_APART: &str = "a bound of a field in another part";

/// All of them, by name.
pub const REWRITINGS: [(&str, Rewriting); 26] = [
    (A_BOUND_APART, |schema, _, rng| bound_apart(schema, rng)),
    ("node ids exchanged between forms", |schema, _, _| exchanged(schema)),
    ("keywords in another order", |schema, _, rng| Some(shuffled(&Value::Object(schema.clone()), rng))),
    ("const for a list of one value", |schema, _, _| match schema.get("enum")?.as_array()?.as_slice() {
        [value] => Some(with(schema, &["enum"], &[("const", value.clone())])),
        _ => None,
    }),
    ("a list of one value for const", |schema, _, _| {
        Some(with(schema, &["const"], &[("enum", json!([schema.get("const")?]))]))
    }),
    ("an exclusive bound for an integer", |schema, _, _| exclusive(schema)),
    ("a list for a range of integers", |schema, _, _| range(schema)),
    ("null among the types", |schema, _, _| null_among_types(schema)),
    ("null by nullable", |schema, _, _| {
        let types = null_apart(schema)?;
        Some(with(schema, &["type"], &[("type", types), ("nullable", json!(true))]))
    }),
    ("null as a form", |schema, _, rng| {
        let own = with(schema, &["type"], &[("type", null_apart(schema)?)]);
        let mut forms = vec![own, json!({"type": "null"})];
        rng.shuffle(&mut forms);
        Some(titled(schema, json!({"anyOf": forms})))
    }),
    ("a form for each type", |schema, _, _| by_type(schema)),
    ("one part of allOf", |schema, _, _| is_free(schema).then(|| titled(schema, json!({"allOf": [schema]})))),
    ("two parts of allOf", split),
    ("an object in two parts", |schema, _, rng| split_object(schema, rng)),
    ("a definition", |schema, definitions, rng| {
        // What may only be null is seen where it stands.
        if schema.contains_key("$ref") || schema.get("type") == Some(&json!("null")) {
            return None;
        }
        let name = format!("New{}", rng.u64(..));
        definitions.push((name.clone(), schema.clone().into()));
        Some(titled(schema, json!({"$ref": format!("#/$defs/{name}")})))
    }),
    ("bounds that say nothing", |schema, _, _| {
        let nothing =
            [("minLength", json!(0)), ("minItems", json!(0)), ("uniqueItems", json!(false)), ("required", json!([]))];
        let nothing: Vec<_> = nothing.into_iter().filter(|(keyword, _)| !schema.contains_key(*keyword)).collect();
        is_free(schema).then(|| with(schema, &[], &nothing))
    }),
    ("a looser bound besides", |schema, _, _| looser(schema)),
    ("multiples of two numbers", |schema, _, _| {
        let is_six = schema.get("multipleOf")? == &json!(6) && !schema.contains_key("allOf");
        is_six.then(|| with(schema, &["multipleOf"], &[("allOf", json!([{"multipleOf": 3}, {"multipleOf": 2}]))]))
    }),
    ("a pattern that every text matches", |schema, _, rng| {
        let pattern = ["", "^", ".*"][rng.usize(0..3)];
        let is_text = schema.get("type")? == "string" && is_free(schema) && !schema.contains_key("pattern");
        is_text.then(|| with(schema, &[], &[("pattern", json!(pattern))]))
    }),
    ("some item for at least one", |schema, _, _| {
        let is_free = ["contains", "unevaluatedItems"].iter().all(|keyword| !schema.contains_key(*keyword));
        let is_one = schema.get("minItems")? == &json!(1) && is_free;
        is_one.then(|| with(schema, &["minItems"], &[("contains", json!({}))]))
    }),
    ("at least no item", |schema, _, _| {
        // What an item is checked by counts as evaluated.
        let is_free = ["contains", "unevaluatedItems"].iter().all(|keyword| !schema.contains_key(*keyword));
        let is_list = schema.get("type")? == "array" && is_free;
        is_list.then(|| with(schema, &[], &[("contains", json!({"type": "null"})), ("minContains", json!(0))]))
    }),
    ("a condition of which nothing follows", |schema, _, _| {
        let is_plain = schema.get("type")? == "string" && is_free(schema) && !schema.contains_key("if");
        is_plain.then(|| with(schema, &[], &[("if", json!({"maxLength": 3}))]))
    }),
    ("anyOf for forms that share nothing", |schema, _, _| {
        let forms = schema.get("oneOf")?.as_array()?;
        let kind = |form: &Value| match form["type"].as_str()?.to_lowercase().as_str() {
            "integer" | "float" => Some("number".to_owned()),
            other => Some(other.to_owned()),
        };
        let mut kinds: Vec<String> = forms.iter().map(kind).collect::<Option<_>>()?;
        let is_nullable = forms.iter().any(|form| form.get("nullable").is_some());
        kinds.sort();
        kinds.dedup();
        let is_apart = kinds.len() == forms.len() && !is_nullable && !schema.contains_key("anyOf");
        is_apart.then(|| with(schema, &["oneOf"], &[("anyOf", forms.clone().into())]))
    }),
    ("a schema for the keys that follow", |schema, _, _| {
        let (key, follow) = one_dependency(schema)?;
        let part = json!({key: {"required": follow}});
        Some(with(schema, &["dependentRequired"], &[("dependentSchemas", part)]))
    }),
    ("a condition for the keys that follow", |schema, _, _| {
        let (key, follow) = one_dependency(schema)?;
        let said = [("if", json!({"required": [key]})), ("then", json!({"required": follow}))];
        Some(with(schema, &["dependentRequired"], &said))
    }),
    ("additional for unevaluated", |schema, _, _| {
        // Nothing else says which keys there may be.
        const KNOWN: [&str; 5] = ["type", "title", "properties", "required", "unevaluatedProperties"];
        let is_plain = schema.keys().all(|keyword| KNOWN.contains(&keyword.as_str()));
        let is_closed = schema.get("unevaluatedProperties")? == false && schema.get("properties").is_some();
        (is_plain && is_closed)
            .then(|| with(schema, &["unevaluatedProperties"], &[("additionalProperties", json!(false))]))
    }),
];

/// The key of which alone others follow, and those, where no schema or condition says more of them.
fn one_dependency(schema: &Map<String, Value>) -> Option<(&String, &Value)> {
    let all = schema.get("dependentRequired")?.as_object()?;
    let is_free = ["if", "dependentSchemas", "unevaluatedProperties"].iter().all(|it| !schema.contains_key(*it));
    all.iter().next().filter(|_| is_free && all.len() == 1)
}

/// The schema without some keywords, and with others.
fn with(schema: &Map<String, Value>, without: &[&str], more: &[(&str, Value)]) -> Value {
    let kept = schema.iter().filter(|(keyword, _)| !without.contains(&keyword.as_str()));
    let mut all: Map<String, Value> = kept.map(|(keyword, value)| (keyword.clone(), value.clone())).collect();
    all.extend(more.iter().map(|(keyword, value)| ((*keyword).to_owned(), value.clone())));
    all.into()
}

/// A schema in the place of another, with its title.
fn titled(schema: &Map<String, Value>, mut new: Value) -> Value {
    if let Some(title) = schema.get("title") {
        new["title"] = title.clone();
    }
    new
}

/// Whether other keywords may be put beside these, or above: old drafts ignore those beside a reference.
fn is_free(schema: &Map<String, Value>) -> bool {
    !schema.contains_key("$ref") && !schema.contains_key("$anchor")
}

/// Everything in another order whose order means nothing.
fn shuffled(value: &Value, rng: &mut Rng) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    let mut entries: Vec<(String, Value)> = map
        .iter()
        .map(|(keyword, value)| {
            let value = match (keyword.as_str(), value) {
                ("enum" | "required" | "type", Value::Array(values)) => {
                    let mut values = values.clone();
                    rng.shuffle(&mut values);
                    values.into()
                }
                ("anyOf" | "oneOf" | "allOf", Value::Array(parts)) => {
                    let mut parts: Vec<Value> = parts.iter().map(|part| shuffled(part, rng)).collect();
                    rng.shuffle(&mut parts);
                    parts.into()
                }
                ("properties", Value::Object(parts)) => {
                    let mut parts: Vec<_> =
                        parts.iter().map(|(name, part)| (name.clone(), shuffled(part, rng))).collect();
                    rng.shuffle(&mut parts);
                    Value::Object(parts.into_iter().collect())
                }
                ("items" | "additionalProperties" | "not" | "if" | "then" | "else" | "contains", part) => {
                    shuffled(part, rng)
                }
                _ => value.clone(),
            };
            (keyword.clone(), value)
        })
        .collect();
    rng.shuffle(&mut entries);
    Value::Object(entries.into_iter().collect())
}

fn is_integer(schema: &Map<String, Value>) -> bool {
    schema.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("integer"))
}

/// `minimum 1` is `exclusiveMinimum 0`, and the same above.
fn exclusive(schema: &Map<String, Value>) -> Option<Value> {
    let pairs = [("minimum", "exclusiveMinimum", -1), ("maximum", "exclusiveMaximum", 1)];
    let (from, to, step) =
        pairs.into_iter().find(|(from, to, _)| schema.contains_key(*from) != schema.contains_key(*to))?;
    if !is_integer(schema) {
        return None;
    }
    match (schema.get(from), schema.get(to)) {
        (Some(value), None) => Some(with(schema, &[from], &[(to, json!(value.as_i64()? + step))])),
        (None, Some(value)) => Some(with(schema, &[to], &[(from, json!(value.as_i64()? - step))])),
        _ => None,
    }
}

fn range(schema: &Map<String, Value>) -> Option<Value> {
    let bound = |keyword: &str| schema.get(keyword).and_then(Value::as_i64);
    let (low, high) = (bound("minimum")?, bound("maximum")?);
    let is_plain = schema.keys().all(|keyword| ["type", "title", "minimum", "maximum"].contains(&keyword.as_str()));
    let values: Vec<i64> = (low..=high).collect();
    (is_integer(schema) && is_plain && !values.is_empty() && values.len() < 60)
        .then(|| with(schema, &["minimum", "maximum"], &[("enum", json!(values))]))
}

/// The types beside null, of a schema that says no more of null than that it may be.
fn null_apart(schema: &Map<String, Value>) -> Option<Value> {
    let types = schema.get("type")?.as_array()?;
    let others: Vec<&Value> = types.iter().filter(|kind| *kind != "null").collect();
    let is_plain = ["enum", "const", "not", "if", "anyOf", "oneOf", "allOf", "nullable"]
        .iter()
        .all(|it| !schema.contains_key(*it));
    match others.as_slice() {
        [one] if types.len() == 2 && is_plain => Some((*one).clone()),
        _ => None,
    }
}

fn null_among_types(schema: &Map<String, Value>) -> Option<Value> {
    let kind = schema.get("type")?.as_str()?;
    let is_plain = ["enum", "const", "not", "if", "anyOf", "oneOf", "allOf"].iter().all(|it| !schema.contains_key(*it));
    (schema.get("nullable") == Some(&json!(true)) && is_plain)
        .then(|| with(schema, &["nullable", "type"], &[("type", json!([kind, "null"]))]))
}

fn by_type(schema: &Map<String, Value>) -> Option<Value> {
    let types = schema.get("type")?.as_array()?;
    let is_plain =
        schema.keys().all(|keyword| ["type", "title", "maxLength", "minimum", "maximum"].contains(&keyword.as_str()));
    let own = |kind: &Value| {
        let others: &[&str] = match kind.as_str() {
            Some("string") => &["minimum", "maximum", "title"],
            Some("integer" | "number") => &["maxLength", "title"],
            _ => &["minimum", "maximum", "maxLength", "title"],
        };
        with(schema, others, &[("type", kind.clone())])
    };
    let forms: Vec<Value> = types.iter().map(own).collect();
    is_plain.then(|| titled(schema, json!({"anyOf": forms})))
}

/// Keywords that may stand apart from all others.
const APART: [&str; 14] = [
    "minLength",
    "maxLength",
    "pattern",
    "multipleOf",
    "divisibleBy",
    "minItems",
    "maxItems",
    "uniqueItems",
    "enum",
    "const",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "not",
];

/// Some keywords in a part of their own.
fn split(schema: &Map<String, Value>, _: &mut Vec<(String, Value)>, rng: &mut Rng) -> Option<Value> {
    let apart: Vec<&String> = schema.keys().filter(|keyword| APART.contains(&keyword.as_str())).collect();
    let is_tuple = schema.contains_key("prefixItems") || schema.get("items").is_some_and(Value::is_array);
    if apart.is_empty()
        || !is_free(schema)
        || schema.contains_key("allOf")
        || schema.contains_key("nullable")
        || is_tuple
    {
        return None;
    }
    let one = apart[rng.usize(0..apart.len())];
    let part = json!({one: schema[one]});
    let own = with(schema, &[one], &[]);
    Some(match rng.bool() {
        true => titled(schema, json!({"allOf": [part, own]})),
        false => with(schema, &[one], &[("allOf", json!([part]))]),
    })
}

fn split_object(schema: &Map<String, Value>, rng: &mut Rng) -> Option<Value> {
    let properties = schema.get("properties")?.as_object()?;
    let is_plain = schema.keys().all(|keyword| ["type", "title", "properties", "required"].contains(&keyword.as_str()));
    // What holds itself is checked by a library unless a struct is around it.
    let has_reference = properties.values().any(|part| part.to_string().contains("$ref"));
    if !is_plain || has_reference || properties.len() < 2 {
        return None;
    }
    let place = rng.usize(1..properties.len());
    let part = |names: &mut dyn Iterator<Item = (&String, &Value)>| {
        let own: Map<String, Value> = names.map(|(name, part)| (name.clone(), part.clone())).collect();
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let required: Vec<&Value> =
            required.filter(|name| name.as_str().is_some_and(|name| own.contains_key(name))).collect();
        json!({"type": "object", "required": required, "properties": own})
    };
    let parts = [part(&mut properties.iter().take(place)), part(&mut properties.iter().skip(place))];
    Some(titled(schema, json!({"type": "object", "allOf": parts})))
}

/// A bound that another one makes needless.
fn looser(schema: &Map<String, Value>) -> Option<Value> {
    let bounds =
        [("minimum", -2), ("maximum", 2), ("minLength", -1), ("maxLength", 3), ("minItems", -1), ("maxItems", 2)];
    let found = bounds.into_iter().find_map(|(keyword, by)| Some((keyword, schema.get(keyword)?.as_i64()? + by)));
    let (keyword, value) = found?;
    (is_free(schema) && !schema.contains_key("allOf") && value >= 0)
        .then(|| with(schema, &[], &[("allOf", json!([{keyword: value}]))]))
}

/// A bound of a field moved into a part of `allOf`.
fn bound_apart(schema: &Map<String, Value>, rng: &mut Rng) -> Option<Value> {
    const BOUNDS: [&str; 6] = ["minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"];
    let properties = schema.get("properties")?.as_object()?;
    let is_bound = |keyword: &str, value: &Value| BOUNDS.contains(&keyword) && value.is_number();
    let bounds = properties.iter().filter(|(_, field)| field["type"].is_string() && field.get("nullable").is_none());
    let bounds =
        bounds.flat_map(|(name, field)| field.as_object().into_iter().flatten().map(move |bound| (name, bound)));
    let bounds: Vec<_> = bounds.filter(|(_, (keyword, value))| is_bound(keyword, value)).collect();
    // What comes with a condition keeps an object open to other keys, if one schema says it all.
    let is_plain = is_free(schema)
        && schema.get("type") == Some(&json!("object"))
        && ["allOf", "if", "dependentSchemas", "dependencies"].iter().all(|keyword| !schema.contains_key(*keyword));
    if bounds.is_empty() || !is_plain {
        return None;
    }
    let (name, (keyword, value)) = bounds[rng.usize(0..bounds.len())];
    let mut own = properties.clone();
    own[name].as_object_mut()?.remove(keyword);
    let part = json!({"properties": {name: {keyword: value}}});
    Some(with(schema, &[], &[("properties", own.into()), ("allOf", json!([part]))]))
}

/// The node ids of two forms, each of which has one key, exchanged.
fn exchanged(schema: &Map<String, Value>) -> Option<Value> {
    let keyword = ["anyOf", "oneOf"].into_iter().find(|keyword| schema.contains_key(*keyword))?;
    let mut forms = schema[keyword].as_array()?.clone();
    let key = |form: &Value| {
        let mut keys = form["properties"].as_object()?.keys();
        let (key, is_alone) = (keys.next()?.clone(), keys.next().is_none());
        (is_alone && key.starts_with(|first: char| first.is_ascii_digit())).then_some(key)
    };
    let keys: Vec<(usize, String)> =
        forms.iter().enumerate().filter_map(|(place, form)| Some((place, key(form)?))).collect();
    let [(one, key), (other, with_key), ..] = keys.as_slice() else { return None };
    for (place, old, new) in [(*one, key, with_key), (*other, with_key, key)] {
        let values = forms[place]["properties"][old].take();
        forms[place]["properties"] = json!({new: values});
        forms[place]["required"] = json!([new]);
    }
    (key != with_key).then(|| with(schema, &[], &[(keyword, forms.into())]))
}
