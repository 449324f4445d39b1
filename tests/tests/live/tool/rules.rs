//! What each host takes, read once more from the table of the contract: a schema in, what it breaks out. Shares no code with what
//! makes schemas fit, and must not.

use runcomfy_client::tool::Dialect;
use serde_json::{Map, Value};

/// Everything in this schema that the host refuses.
pub(super) fn broken(dialect: Dialect, schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    if schema["type"] != "object" {
        found.push("the root is no object".to_owned());
    }
    for keyword in ["anyOf", "oneOf", "allOf", "$ref"] {
        if schema.get(keyword).is_some() {
            found.push(format!("{keyword} at the root"));
        }
    }
    for (place, node) in nodes(schema) {
        let faults = match dialect {
            Dialect::Anthropic => anthropic(node),
            Dialect::OpenAiStrict => openai(node),
            Dialect::Gemini => gemini(node, place.is_empty()),
            Dialect::Common => [anthropic(node), openai_loose(node), gemini(node, place.is_empty())].concat(),
            _ => Vec::new(),
        };
        found.extend(faults.into_iter().map(|fault| format!("{place}: {fault}")));
    }
    if matches!(dialect, Dialect::OpenAiStrict | Dialect::Common) {
        found.extend(too_large(schema));
    }
    found
}

/// Everything in the name and the description of a tool that the host refuses.
pub(super) fn broken_texts(dialect: Dialect, name: &str, description: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !(1..=64).contains(&name.len()) || !name.starts_with(is_first) || !name.chars().all(is_inner) {
        found.push(format!("the name {name:?}"));
    }
    if matches!(dialect, Dialect::OpenAiStrict | Dialect::Common) && description.chars().count() > 1_024 {
        found.push(format!("a description of {} characters", description.chars().count()));
    }
    found
}

fn anthropic(node: &Map<String, Value>) -> Vec<String> {
    let mut faults = Vec::new();
    if node.contains_key("$ref") || node.contains_key("$defs") {
        faults.push("a reference".to_owned());
    }
    let properties = node.get("properties").and_then(Value::as_object).into_iter().flatten();
    for (name, _) in properties {
        let is_fine = !name.is_empty()
            && name.chars().count() <= 64
            && name.chars().all(|c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '.' | '-'));
        if !is_fine {
            faults.push(format!("a property called {name:?}"));
        }
    }
    faults
}

fn openai(node: &Map<String, Value>) -> Vec<String> {
    let mut faults = openai_loose(node);
    let known = [
        "type",
        "title",
        "description",
        "enum",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "pattern",
    ];
    faults
        .extend(node.keys().filter(|keyword| !known.contains(&keyword.as_str())).map(|keyword| format!("`{keyword}`")));
    if !node.contains_key("type") && !node.contains_key("anyOf") {
        faults.push("neither a type nor forms".to_owned());
    }
    if has_type(node, "object") {
        if node.get("additionalProperties") != Some(&Value::Bool(false)) {
            faults.push("an open object".to_owned());
        }
        let names: Vec<&String> =
            node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
        let required: Vec<&str> =
            node.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if names.len() != required.len() || !names.iter().all(|name| required.contains(&name.as_str())) {
            faults.push(format!("not every property is required: {names:?}, {required:?}"));
        }
    }
    if has_type(node, "array") && !node.get("items").is_some_and(Value::is_object) {
        faults.push("a list without items".to_owned());
    }
    let forms: Vec<&Map<String, Value>> =
        node.get("anyOf").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object).collect();
    for (place, form) in forms.iter().enumerate() {
        faults.extend(forms[..place].iter().filter_map(|other| begin_alike(form, other)));
    }
    faults
}

/// Two objects of one union are told apart by what is written first: another property, or another value of the same.
fn begin_alike(one: &Map<String, Value>, other: &Map<String, Value>) -> Option<String> {
    let first = |form: &Map<String, Value>| {
        let (name, schema) = form.get("properties")?.as_object()?.iter().next()?;
        Some((name.clone(), schema["enum"].as_array().cloned()))
    };
    let ((name, values), (other_name, others)) = (first(one)?, first(other)?);
    let differ = values.zip(others).is_some_and(|(values, others)| values.iter().all(|one| !others.contains(one)));
    (name == other_name && !differ).then(|| format!("two forms begin with {name:?}"))
}

/// What also holds without `strict`.
fn openai_loose(node: &Map<String, Value>) -> Vec<String> {
    let refused = ["allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "oneOf", "$ref"];
    refused.iter().filter(|keyword| node.contains_key(**keyword)).map(|keyword| format!("`{keyword}`")).collect()
}

fn gemini(node: &Map<String, Value>, is_root: bool) -> Vec<String> {
    let known = [
        "type",
        "title",
        "description",
        "nullable",
        "enum",
        "properties",
        "required",
        "items",
        "anyOf",
        "minItems",
        "maxItems",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "pattern",
    ];
    let mut faults: Vec<String> = node
        .keys()
        .filter(|keyword| !known.contains(&keyword.as_str()))
        .map(|keyword| format!("`{keyword}`"))
        .collect();
    match (node.get("type"), node.get("anyOf")) {
        (None, Some(_)) if node.len() == 1 => {}
        (_, Some(_)) => faults.push("something beside anyOf".to_owned()),
        (Some(Value::String(name)), None)
            if ["object", "array", "string", "number", "integer", "boolean"].contains(&name.as_str()) => {}
        (other, None) => faults.push(format!("the type {other:?}")),
    }
    let names: Vec<&String> =
        node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys).collect();
    for name in &names {
        let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let is_fine = name.len() <= 64
            && name.chars().all(is_inner)
            && name.starts_with(|c: char| is_inner(c) && !c.is_ascii_digit());
        if !is_fine {
            faults.push(format!("a property called {name:?}"));
        }
    }
    for name in node.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !names.iter().any(|known| *name == known.as_str()) {
            faults.push(format!("{name} is required and not described"));
        }
    }
    // Whole numbers of 64 bits, with a sign.
    for keyword in ["minItems", "maxItems", "minLength", "maxLength"] {
        if node.get(keyword).is_some_and(|count| count.as_i64().is_none()) {
            faults.push(format!("`{keyword}` of {}", node[keyword]));
        }
    }
    if has_type(node, "object")
        && !is_root
        && node.get("properties").and_then(Value::as_object).is_none_or(Map::is_empty)
    {
        faults.push("an object without properties".to_owned());
    }
    if has_type(node, "array") && !node.get("items").is_some_and(Value::is_object) {
        faults.push("a list without items".to_owned());
    }
    if let Some(values) = node.get("enum") {
        let are_texts = values.as_array().is_some_and(|all| {
            !all.is_empty() && all.iter().all(|value| value.as_str().is_some_and(|text| !text.is_empty()))
        });
        if !are_texts || !has_type(node, "string") {
            faults.push(format!("the values {values}"));
        }
    }
    faults
}

fn has_type(node: &Map<String, Value>, name: &str) -> bool {
    match node.get("type") {
        Some(Value::String(one)) => one == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => false,
    }
}

fn too_large(schema: &Value) -> Vec<String> {
    let (mut properties, mut values, mut characters) = (0, 0, 0);
    let mut long = Vec::new();
    for (_, node) in nodes(schema) {
        for name in node.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys) {
            properties += 1;
            characters += name.chars().count();
        }
        let listed = node.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let listed: Vec<&str> = listed.collect();
        let length = listed.iter().map(|text| text.chars().count()).sum::<usize>();
        if listed.len() > 250 && length > 15_000 {
            long.push(format!("{} values with {length} characters", listed.len()));
        }
        for value in node.get("enum").and_then(Value::as_array).into_iter().flatten() {
            values += 1;
            characters += value.as_str().map_or_else(|| value.to_string().len(), |text| text.chars().count());
        }
    }
    let counted = [
        (properties, 5_000, "properties"),
        (depth(schema), 10, "levels"),
        (values, 1_000, "values"),
        (characters, 120_000, "characters"),
    ];
    let over = counted.iter().filter(|(found, most, _)| found > most);
    long.extend(over.map(|(found, _, what)| format!("{found} {what}")));
    long
}

fn depth(schema: &Value) -> usize {
    let below = children(schema).into_iter().map(|(_, child)| depth(child)).max().unwrap_or_default();
    below + usize::from(schema.get("properties").is_some() || schema.get("items").is_some())
}

/// All schemas in a schema, each with its place.
fn nodes(schema: &Value) -> Vec<(String, &Map<String, Value>)> {
    let mut all: Vec<(String, &Map<String, Value>)> =
        schema.as_object().map(|own| (String::new(), own)).into_iter().collect();
    for (step, child) in children(schema) {
        all.extend(nodes(child).into_iter().map(|(place, node)| (format!("/{step}{place}"), node)));
    }
    all
}

fn children(schema: &Value) -> Vec<(String, &Value)> {
    let mut all: Vec<(String, &Value)> = Vec::new();
    for keyword in ["properties", "patternProperties", "dependentSchemas", "$defs"] {
        all.extend(
            schema.get(keyword).and_then(Value::as_object).into_iter().flatten().map(|(name, one)| (name.clone(), one)),
        );
    }
    for keyword in ["anyOf", "oneOf", "allOf", "prefixItems"] {
        let list = schema.get(keyword).and_then(Value::as_array).into_iter().flatten().enumerate();
        all.extend(list.map(|(place, one)| (format!("{keyword}/{place}"), one)));
    }
    for keyword in
        ["items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames", "unevaluatedItems"]
    {
        all.extend(schema.get(keyword).map(|one| (keyword.to_owned(), one)));
    }
    all
}
