//! Odd schemas, each with something that a host or another has trouble with. Data. Must not know what becomes of them.

use serde_json::{Map, Value, json};

/// All of them; each is the schema of a whole input.
pub(super) fn schemas() -> Vec<Value> {
    let mut all: Vec<Value> = fields().into_iter().map(|field| field_of(&field)).collect();
    all.extend(wholes());
    all
}

fn field_of(field: &Value) -> Value {
    json!({"type": "object", "properties": {"first": field.clone(), "second": {"type": "array", "items": field}}, "required": ["first"]})
}

fn text() -> Value {
    json!({"type": "string"})
}

/// A closed object with these properties, all of them required.
fn closed(properties: &Value) -> Value {
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    json!({"type": "object", "properties": properties, "required": names, "additionalProperties": false})
}

/// Values of one field.
fn fields() -> Vec<Value> {
    let nest = |depth: usize| (0..depth).fold(text(), |inner, _| closed(&json!({ "in": inner })));
    let mut all = unions();
    all.extend([
        json!({"enum": [1, "one", null, true, 1.5]}),
        json!({"enum": ["", "a"]}),
        json!({"enum": [[1], {"a": 1}]}),
        json!({"const": null}),
        json!({"const": 7, "default": 7}),
        json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1e300, "multipleOf": 0.25}),
        json!({"type": "integer", "minimum": i64::MIN, "maximum": u64::MAX}),
        json!({"type": "string", "minLength": 2, "maxLength": 1_u64 << 63, "pattern": "^(?=a)(?<n>a)\\k<n>$", "format": "uri"}),
        json!({"type": "array", "prefixItems": [text(), {"type": "integer"}], "items": false}),
        json!({"type": "array", "contains": text(), "minContains": 1, "maxContains": 2, "uniqueItems": true}),
        json!({"type": "array", "items": {"type": ["string", "null"]}, "minItems": 1}),
        json!({"type": "array", "items": {"type": "array", "items": {"type": "object"}}}),
        json!({"type": ["string", "integer", "null", "array"], "items": text()}),
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "patternProperties": {"^a": text()}, "propertyNames": {"maxLength": 4}}),
        json!({"type": "object", "properties": {"a": text(), "b": text()}, "dependentRequired": {"a": ["b"]}}),
        json!({"allOf": [{"type": "object", "properties": {"a": text()}}, {"type": "object", "properties": {"a": {"maxLength": 4}, "b": text()}}]}),
        json!({"not": {"type": "string"}}),
        json!({"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"type": "integer"}}),
        json!({"type": "object", "properties": {"type": text(), "properties": text(), "enum": text(), "description": text()}}),
        json!({"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": ["integer", "null"]}}, "required": ["b"]}}}),
        nest(8),
        nest(12),
    ]);
    all
}

/// Unions of objects. A host may tell their forms apart by what comes first.
fn unions() -> Vec<Value> {
    let of = |value: &str, more: &str| closed(&json!({"kind": {"const": value}, more: text()}));
    vec![
        json!({"anyOf": [of("a", "one"), of("b", "other")]}),
        json!({"anyOf": [of("a", "one"), of("a", "other")]}),
        json!({"oneOf": [closed(&json!({"name": text(), "kind": {"enum": ["a", "b"]}})), closed(&json!({"name": text(), "kind": {"enum": ["c"]}}))]}),
        json!({"anyOf": [closed(&json!({"a": text()})), closed(&json!({"a": {"type": "integer"}}))]}),
        json!({"anyOf": [closed(&json!({"a": text()})), closed(&json!({"a": text(), "b": text()}))]}),
        json!({"anyOf": [
            {"type": "object", "additionalProperties": false, "properties": {"a": text(), "b": text()}},
            {"type": "object", "additionalProperties": false, "properties": {"a": text(), "c": text()}, "required": ["c"]},
            {"type": "object", "additionalProperties": false, "properties": {"a": text(), "b": text(), "d": {"type": "integer"}}, "required": ["d"]},
            {"type": "null"}
        ]}),
        json!({"anyOf": [
            {"anyOf": [closed(&json!({"a": text(), "b": text()})), closed(&json!({"a": text(), "c": text()}))]},
            closed(&json!({"a": text(), "d": text()})),
            text()
        ]}),
    ]
}

/// Whole inputs.
fn wholes() -> Vec<Value> {
    let named = |names: &[&str]| {
        let all: Map<String, Value> = names.iter().map(|name| ((*name).to_owned(), text())).collect();
        json!({"type": "object", "properties": all, "required": names})
    };
    let long = "x".repeat(300);
    let forms: Vec<Value> = (0..30).map(|place| json!({"required": [format!("field_{place}")]})).collect();
    let many: Map<String, Value> = (0..30).map(|place| (format!("field_{place}"), text())).collect();
    vec![
        field_of(&named(&["47_value", "7", "a b", "a/b", "a-b", "a.b", "ä", "$ref", "-", "_", &long])),
        json!({"type": "object", "properties": {"list": {"type": "array", "items": named(&["1_a", "2.b"])}}}),
        json!({"type": "object", "properties": many, "anyOf": forms}),
        json!({"type": "object", "properties": many, "allOf": forms.iter().take(12).map(|form| json!({"anyOf": [form, {"required": ["field_29"]}]})).collect::<Vec<_>>()}),
        json!({"type": "object", "properties": {"a": text()}, "required": ["a", "nowhere"]}),
        json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "object", "properties": {"of": {"type": "array", "items": {"$ref": "#/$defs/t"}}}}}}),
    ]
}
