//! Keywords that a library checks in, what they demand out, keyword by keyword. They are compared by their words, so other
//! words that mean the same are another demand; but neither order nor the spelling of a number makes other words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::object::Key;
use super::{Demand, Domain, Kind, Lists, Objects, Span, canonical};
use crate::spelling;

/// The keywords that mean something together; what is in none of these lists stands by itself.
const TOGETHER: [&[&str]; 4] = [
    &["if", "then", "else"],
    &["contains", "minContains", "maxContains"],
    &["patternProperties", "additionalProperties"],
    &["unevaluatedItems", "unevaluatedProperties"],
];

/// What these keywords demand; `document` is what they depend on.
pub(super) fn fragment(keywords: &Value, document: &Value) -> Domain {
    let (Value::Object(keywords), Value::Object(document)) = (keywords, document) else { return Domain::Any };
    let (keywords, document) = (&with_followers(keywords), &with_followers(document));
    let mut rest: Vec<&str> = keywords.keys().map(String::as_str).collect();
    let mut all = Domain::Any;
    while let Some(first) = rest.first().copied() {
        let group = TOGETHER.into_iter().find(|group| group.contains(&first)).unwrap_or(&[]);
        let (own, others): (Vec<&str>, Vec<&str>) =
            rest.into_iter().partition(|keyword| *keyword == first || group.contains(keyword));
        rest = others;
        let closed = own == ["unevaluatedProperties"];
        if let Some(plain) = plain(&of(keywords, &own)).or_else(|| left_over(document).filter(|_| closed)) {
            all = all.and(&plain);
            continue;
        }
        let part = match first {
            "unevaluatedItems" | "unevaluatedProperties" => evaluation(document),
            "patternProperties" | "additionalProperties" => {
                of(document, &[&own[..], &["$defs", "properties"]].concat())
            }
            _ => of(document, &[&own[..], &["$defs"]].concat()),
        };
        let words = |map| spelling::unordered(&canonical(&Value::Object(map))).to_string();
        let demand = Demand { text: words(part), shown: words(of(keywords, &own)), is_choice: false };
        all = all.and(&Domain::demanding(&demand, |kind| is_about(first, kind)));
    }
    all
}

/// What some keywords demand, where it can be said without them.
fn plain(keywords: &Map<String, Value>) -> Option<Domain> {
    let is_all = |schema: &Value| *schema == json!(true) || *schema == json!({});
    let only = |keyword: &str| keywords.get(keyword).filter(|_| keywords.len() == 1);
    if let Some(schema) = only("not") {
        return is_all(schema).then(Domain::none).or((*schema == json!(false)).then_some(Domain::Any));
    }
    if only("if").is_some() || !keywords.contains_key("if") && keywords.keys().all(|it| it == "then" || it == "else") {
        return Some(Domain::Any);
    }
    let (least, most) = (keywords.get("minContains").and_then(Value::as_u64), keywords.get("maxContains"));
    match keywords.get("contains") {
        Some(_) if least == Some(0) && most.is_none() => return Some(Domain::Any),
        Some(schema) if is_all(schema) => {
            let count = Span { least: least.unwrap_or(1), most: most.map(|most| most.as_u64().unwrap_or(u64::MAX)) };
            return Some(Domain::but_for(Kind::Lists(Lists { count, ..Lists::default() })));
        }
        None if least.is_some() || most.is_some() => return Some(Domain::Any),
        _ => {}
    }
    None
}

/// What is said of the keys that are left over, where `properties` alone says which are not.
fn left_over(document: &Map<String, Value>) -> Option<Domain> {
    const PARTS: [&str; 6] = ["allOf", "anyOf", "oneOf", "if", "dependentSchemas", "patternProperties"];
    if document.contains_key("additionalProperties") {
        return Some(Domain::Any);
    }
    let speaks = |keyword: &String| PARTS.contains(&keyword.as_str()) || keyword.ends_with("Ref") || keyword == "$ref";
    if document.get("unevaluatedProperties") != Some(&json!(false)) || document.keys().any(speaks) {
        return None;
    }
    let names = document.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let key = |name: &String| Key { wire: name.clone(), name: name.clone(), required: false, values: Domain::Any };
    let keys = names.map(|name| (name.clone(), key(name))).collect();
    Some(Domain::but_for(Kind::Objects(Objects { keys, rest: Domain::none(), ..Objects::default() })))
}

/// The same keywords, with which keys follow which said by `dependentRequired` alone: schemas and conditions that only require
/// keys say no more.
fn with_followers(keywords: &Map<String, Value>) -> Map<String, Value> {
    let mut rest = keywords.clone();
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |key: &str, names: Vec<String>| all.entry(key.to_owned()).or_default().extend(names);
    if let Some(Value::Object(lists)) = rest.remove("dependentRequired") {
        lists.iter().for_each(|(key, names)| add(key, texts(names)));
    }
    if let Some(Value::Object(mut schemas)) = rest.remove("dependentSchemas") {
        schemas.retain(|key, schema| only_required(schema).map(|names| add(key, names)).is_none());
        if !schemas.is_empty() {
            rest.insert("dependentSchemas".to_owned(), schemas.into());
        }
    }
    let required = |keyword: &str| rest.get(keyword).and_then(only_required);
    let (condition, names) = (required("if"), required("then"));
    let is_whole = !rest.contains_key("else");
    if let (Some([key]), Some(names), true) = (condition.as_deref(), names, is_whole) {
        add(key, names);
        rest.retain(|keyword, _| keyword != "if" && keyword != "then");
    }
    all.retain(|_, names| !names.is_empty());
    if !all.is_empty() {
        rest.insert("dependentRequired".to_owned(), json!(all));
    }
    rest
}

/// The keys that a schema requires which says nothing else.
fn only_required(schema: &Value) -> Option<Vec<String>> {
    let schema = schema.as_object().filter(|schema| schema.len() == 1)?;
    schema.get("required").map(texts)
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Some keywords of a schema.
fn of(schema: &Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let wanted = schema.iter().filter(|(keyword, _)| names.contains(&keyword.as_str()));
    wanted.map(|(keyword, value)| (keyword.clone(), value.clone())).collect()
}

/// What says which items and properties are evaluated. Whether they are valid is said elsewhere.
fn evaluation(schema: &Map<String, Value>) -> Map<String, Value> {
    const BOUNDS: [&str; 19] = [
        "type",
        "enum",
        "const",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "minLength",
        "maxLength",
        "pattern",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "required",
        "propertyNames",
        "not",
    ];
    let yes = |value: &Value| match value {
        Value::Object(parts) => parts.keys().map(|name| (name.clone(), json!(true))).collect::<Map<_, _>>().into(),
        Value::Array(parts) => vec![json!(true); parts.len()].into(),
        other => other.clone(),
    };
    let kept = schema.iter().filter(|(keyword, _)| !BOUNDS.contains(&keyword.as_str()));
    kept.map(|(keyword, value)| {
        let value = match keyword.as_str() {
            "properties" | "patternProperties" | "prefixItems" => yes(value),
            "items" | "additionalProperties" => json!(true),
            _ => value.clone(),
        };
        (keyword.clone(), value)
    })
    .collect()
}

/// Whether a keyword is about values of a type.
fn is_about(keyword: &str, kind: &Kind) -> bool {
    match keyword {
        "contains" | "minContains" | "maxContains" | "unevaluatedItems" => matches!(kind, Kind::Lists(_)),
        "patternProperties"
        | "additionalProperties"
        | "dependentRequired"
        | "dependentSchemas"
        | "unevaluatedProperties" => matches!(kind, Kind::Objects(_)),
        _ => true,
    }
}
