//! Keywords that a library checks in, what they demand out, keyword by keyword. They are compared by their words, so other
//! words that mean the same are another demand; but neither order nor the spelling of a number makes other words.

use serde_json::{Map, Value, json};

use super::{Demand, Domain, Kind, Lists, Span, canonical};
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
    let mut rest: Vec<&str> = keywords.keys().map(String::as_str).collect();
    let mut all = Domain::Any;
    while let Some(first) = rest.first().copied() {
        let group = TOGETHER.into_iter().find(|group| group.contains(&first)).unwrap_or(&[]);
        let (own, others): (Vec<&str>, Vec<&str>) =
            rest.into_iter().partition(|keyword| *keyword == first || group.contains(keyword));
        rest = others;
        if let Some(plain) = plain(&of(keywords, &own)) {
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
