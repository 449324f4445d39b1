//! Random input schemas that use every keyword, in the forms of every draft. In: a random source. Out: a schema as a page
//! might publish it. Texts that match a pattern are given as `examples`, for the instances.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// In how many ways the fields of a root may stand in other parts of it.
const WAYS: u8 = 9;

/// A schema with three to seven fields.
#[must_use]
pub fn schema(rng: &mut Rng) -> Value {
    let (keys, mut schema) = fields(rng);
    if rng.u8(0..4) == 0 {
        whole(rng, &keys, &mut schema);
    } else if rng.bool() {
        let cut = rng.usize(1..keys.len());
        scatter(keys[1..].split_at(cut), rng.u8(0..WAYS), &mut schema);
    }
    match rng.u8(0..8) {
        0 | 1 => schema["additionalProperties"] = rest(rng),
        2 => unevaluated(rest(rng), rng, &mut schema),
        _ => {}
    }
    schema
}

/// What is said of names that no part has spoken of, beside a part that may speak of all names.
fn unevaluated(rest: Value, rng: &mut Rng, schema: &mut Value) {
    schema["unevaluatedProperties"] = json!(false);
    let part = if rng.bool() { json!({"additionalProperties": rest}) } else { json!({"minProperties": 1}) };
    match schema.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(parts) => parts.push(part),
        None => schema["allOf"] = json!([part]),
    }
}

/// Schemas whose fields stand in other parts of the root: each way to do so, with each word on names that have no field.
#[must_use]
pub fn scattered(rng: &mut Rng) -> Vec<Value> {
    let mut schemas = Vec::new();
    for way in 0..WAYS {
        for rest in rests() {
            let (keys, mut schema) = fields(rng);
            scatter(keys[1..].split_at(rng.usize(1..keys.len())), way, &mut schema);
            schema["additionalProperties"] = rest;
            schemas.push(schema);
        }
    }
    for rest in rests() {
        let (_, mut schema) = fields(rng);
        unevaluated(rest, rng, &mut schema);
        schemas.push(schema);
    }
    for way in 0..WAYS {
        let (keys, mut schema) = fields(rng);
        scatter(keys[1..].split_at(rng.usize(1..keys.len())), way, &mut schema);
        unevaluated(rest(rng), rng, &mut schema);
        schemas.push(schema);
    }
    schemas
}

/// A schema that says nothing but its fields, and their keys.
fn fields(rng: &mut Rng) -> (Vec<String>, Value) {
    let mut properties = Map::new();
    for place in 0..rng.usize(3..8) {
        let key = if rng.bool() { format!("{}_{}", 10 + place, part(rng)) } else { format!("plain_{place}") };
        // One field of each schema has what few others have.
        let mut field = if place == 0 { rare(rng) } else { value(rng, 2) };
        if let Some(field) = field.as_object_mut().filter(|field| !field.contains_key("$ref")) {
            field.insert(
                "title".to_owned(),
                json!(format!("Field {}", ["A", "B", "C", "D", "E", "F", "G", "H"][place])),
            );
        }
        properties.insert(key, field);
    }
    let keys: Vec<String> = properties.keys().cloned().collect();
    let required: Vec<&String> = keys.iter().filter(|_| rng.u8(0..3) == 0).collect();
    let schema = json!({"type": "object", "properties": properties, "required": required, "$defs": {
        "Shared": {"type": "object", "properties": {"a": {"type": "integer", "minimum": 3}}, "required": ["a"]},
        "Text": {"$anchor": "text", "type": "string", "minLength": 2},
        "Link": {"type": "object", "properties": {"next": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Link"}]}}},
        "Outline": {"type": "array", "items": {"$ref": "#/$defs/Outline"}, "maxItems": 2},
        "Setting": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"$ref": "#/$defs/Setting"}}]},
        "Scene": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": {"$ref": "#/$defs/Scene"}}
    }, "definitions": {"Old": {"type": "number", "minimum": 1, "exclusiveMinimum": true}}});
    (keys, schema)
}

/// Moves fields to two other parts of the root, in one of the ways.
fn scatter((one, other): (&[String], &[String]), way: u8, schema: &mut Value) {
    let first = one[0].clone();
    let mut part = |keys: &[String]| {
        let mut taken = Map::new();
        for key in keys {
            taken.extend(schema["properties"].as_object_mut().and_then(|all| all.remove_entry(key)));
        }
        let required: Vec<Value> = schema["required"].as_array().into_iter().flatten().cloned().collect();
        let (moved, kept): (Vec<Value>, Vec<Value>) =
            required.into_iter().partition(|key| keys.iter().any(|one| key == one));
        schema["required"] = kept.into();
        json!({"properties": taken, "required": moved})
    };
    let (one, mut other) = (part(one), part(other));
    if way == 8 {
        // Both forms speak of the same fields.
        other = one.clone();
        other["minProperties"] = json!(2);
    }
    let said = match way {
        0 => json!({"allOf": [one, other]}),
        1 => json!({"allOf": [{"allOf": [one], "maxProperties": 6}, {"$ref": "#/$defs/Part"}]}),
        2 => json!({"$ref": "#/$defs/Part", "anyOf": [one]}),
        3 => json!({"oneOf": [one, other]}),
        4 | 8 => json!({"anyOf": [one, other]}),
        5 => json!({"if": {"required": [first]}, "then": one, "else": other}),
        6 => json!({"dependentSchemas": {first: one}, "allOf": [{"anyOf": [other, {"required": ["extra"]}]}]}),
        _ => json!({"dependencies": {first: one}, "allOf": [{"$ref": "#/$defs/Part"}]}),
    };
    if let (Some(all), Value::Object(said)) = (schema.as_object_mut(), said) {
        all.extend(said);
    }
    schema["$defs"]["Part"] = other;
}

fn part(rng: &mut Rng) -> &'static str {
    ["text", "value", "seed", "cfg", "mode"][rng.usize(0..5)]
}

/// What is said of names that have no field.
fn rest(rng: &mut Rng) -> Value {
    rests()[rng.usize(0..4)].clone()
}

fn rests() -> [Value; 4] {
    [json!(false), json!(true), json!({}), json!({"type": "integer", "minimum": 1})]
}

/// A rule about the input as a whole.
fn whole(rng: &mut Rng, keys: &[String], schema: &mut Value) {
    let (one, other) = (&keys[rng.usize(0..keys.len())], &keys[rng.usize(0..keys.len())]);
    let (keyword, value) = match rng.u8(0..6) {
        0 => ("minProperties", json!(2)),
        1 => ("maxProperties", json!(3)),
        2 => ("dependentRequired", json!({one: [other]})),
        3 => ("not", json!({"required": [one, other]})),
        4 => ("anyOf", json!([{"required": [one]}, {"required": [other]}])),
        _ => ("if", json!({"required": [one]})),
    };
    schema[keyword] = value;
    if keyword == "if" {
        schema["then"] = json!({"required": [other]});
        schema["else"] = json!({"not": {"required": [other]}});
    }
}

/// A schema where a value stands.
fn value(rng: &mut Rng, depth: u8) -> Value {
    match rng.u8(0..if depth == 0 { 7 } else { 17 }) {
        0 | 1 => number(rng),
        2 | 3 => text(rng),
        4 => listed(rng),
        5 => json!({"type": "boolean"}),
        6 => any_type(rng),
        7 | 8 => array(rng, depth - 1),
        9 | 10 => object(rng, depth - 1),
        11 => json!({"$ref": (["#/$defs/Shared", "#/$defs/Text", "#/definitions/Old", "#text"][rng.usize(0..4)])}),
        12 => union(rng, depth - 1),
        13 => conditional(rng, depth - 1),
        14 => json!({"not": value(rng, 0)}),
        15 => {
            json!({"$ref": (["#/$defs/Link", "#/$defs/Outline", "#/$defs/Setting", "#/$defs/Scene"][rng.usize(0..4)])})
        }
        _ => map(rng),
    }
}

/// Keywords that a random walk seldom meets in a way that they alone decide.
fn rare(rng: &mut Rng) -> Value {
    match rng.u8(0..19) {
        0..6 => json!({"type": "array", "prefixItems": [{"type": "integer"}], "items": false}),
        6..8 => json!({"type": "array", "items": {"type": "integer"}, "minItems": 1, "uniqueItems": true}),
        8..10 => json!({"type": "array", "items": {"type": "integer"}, "contains": {"maximum": 5}, "maxContains": 1}),
        10 => json!({"type": "array", "items": {"type": "string"}, "contains": {"const": "a"}}),
        11 => json!({"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "integer"}}),
        12..14 => json!({"const": ([json!("fixed"), json!(7), json!({"a": [1, null]})][rng.usize(0..3)])}),
        14 => json!({"type": "number", "multipleOf": ([json!(3), json!(0.5)][rng.usize(0..2)])}),
        15 => json!({"type": "object", "properties": {"alpha": {"type": "integer"}}, "additionalProperties": false}),
        16 => {
            json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "unevaluatedProperties": false})
        }
        17 => json!({"type": "object", "properties": {"alpha": {"type": "integer"}},
            "allOf": [{"patternProperties": {"^x": {"type": "integer"}}}], "unevaluatedProperties": {"type": "string"}}),
        _ => json!({"type": "object", "properties": {"alpha": {"type": "integer"}}, "unevaluatedProperties": false}),
    }
}

fn number(rng: &mut Rng) -> Value {
    let mut schema = Map::new();
    let kind = ["integer", "number", "Float", "INTEGER"][rng.usize(0..4)];
    schema.insert("type".to_owned(), json!(kind));
    let (low, high) = (rng.i64(-5..5), rng.i64(8..30));
    let mut put = |keyword: &str, value: Value| _ = schema.insert(keyword.to_owned(), value);
    match rng.u8(0..6) {
        0 => put("minimum", json!(low)),
        1 => put("maximum", json!(high as f64 + 0.5)),
        2 => put("exclusiveMinimum", json!(low)),
        3 => put("exclusiveMaximum", json!(high)),
        4 => {
            put("minimum", json!(low));
            put("exclusiveMinimum", json!(rng.bool()));
            put("maximum", json!(high));
            put("exclusiveMaximum", json!(rng.bool()));
        }
        _ => {
            let keyword = ["multipleOf", "multipleOf", "divisibleBy"][rng.usize(0..3)];
            put(keyword, [json!(3), json!(0.5), json!(0.1)][rng.usize(0..3)].clone());
        }
    }
    schema.into()
}

fn text(rng: &mut Rng) -> Value {
    let (low, high) = (rng.u8(1..3), rng.u8(3..6));
    match rng.u8(0..7) {
        0 => json!({"type": "string", "minLength": low}),
        1 => json!({"type": "string", "maxLength": high}),
        2 => json!({"type": "String", "minLength": low, "maxLength": high}),
        3 => json!({"type": "string", "pattern": "^[a-z]+$", "examples": ["ab", "xyz"]}),
        4 => json!({"type": "string", "pattern": r"^[\p{L}\_]+$", "examples": ["a_b", "é"]}),
        5 => json!({"type": "string", "pattern": r"^[\w-.]+$", "examples": ["a-b.c", "a_1"]}),
        _ => json!({"type": "string", "pattern": "é\\d", "examples": ["aé1", "é22b"]}),
    }
}

fn listed(rng: &mut Rng) -> Value {
    match rng.u8(0..8) {
        6 => json!({"type": "string", "const": "fixed", "nullable": true}),
        7 => json!({"type": "string", "enum": ["a", 1, "b"], "maxLength": 1e18}),
        0 => json!({"type": "string", "enum": ["a", "b", "16:9"]}),
        1 => json!({"type": "integer", "enum": [1, 2, 5]}),
        2 => json!({"enum": [1, "one", null, true, [1, 2], {"a": 1.0}]}),
        3 => json!({"const": {"a": [1, null]}}),
        4 => json!({"const": "fixed"}),
        _ => json!({"type": ["number", "null"], "enum": [0.5, 1, null]}),
    }
}

fn any_type(rng: &mut Rng) -> Value {
    match rng.u8(0..5) {
        0 => json!({}),
        1 => json!({"type": ["string", "integer"], "maxLength": 3, "maximum": 9}),
        2 => json!({"type": ["boolean", "null"]}),
        3 => json!({"type": "integer", "nullable": true, "minimum": 2}),
        _ => json!({"minimum": 2, "maxLength": 3, "maxItems": 1, "maxProperties": 1}),
    }
}

fn array(rng: &mut Rng, depth: u8) -> Value {
    let items = value(rng, depth);
    match rng.u8(0..9) {
        0 => json!({"type": "array", "items": items, "minItems": 1}),
        1 => json!({"type": "array", "items": items, "maxItems": 2}),
        2 => json!({"type": "array", "items": {"type": "integer"}, "uniqueItems": true}),
        3 => json!({"type": "array", "prefixItems": [number(rng), text(rng)], "items": false, "minItems": 2}),
        4 => json!({"type": "array", "items": [number(rng), text(rng)], "additionalItems": {"type": "boolean"}}),
        5 => json!({"type": "array", "contains": number(rng), "minContains": 1, "maxContains": 2}),
        6 => json!({"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 10}}),
        7 => json!({"type": "array", "prefixItems": [{"type": "string"}], "unevaluatedItems": {"type": "integer"}}),
        _ => json!({"type": "array", "items": items}),
    }
}

fn object(rng: &mut Rng, depth: u8) -> Value {
    let properties = json!({"alpha": value(rng, depth), "beta": value(rng, 0), "7_value": {"type": "integer"}});
    match rng.u8(0..12) {
        0 => json!({"type": "object", "properties": properties, "required": ["alpha"]}),
        1 | 2 => json!({"type": "object", "properties": properties, "additionalProperties": rest(rng)}),
        10 => json!({"type": "object", "properties": properties, "additionalProperties": rest(rng),
            "propertyNames": {"pattern": "^a|_|y"}}),
        11 => json!({"type": "object", "properties": properties, "additionalProperties": rest(rng),
            "minProperties": 1, "maxProperties": 3}),
        3 => json!({"type": "object", "properties": properties, "minProperties": 1, "maxProperties": 2}),
        4 => json!({"type": "object", "properties": properties, "dependentRequired": {"alpha": ["beta"]}}),
        5 => json!({"type": "object", "properties": properties, "dependencies": {"beta": {"required": ["7_value"]}}}),
        6 => json!({"type": "object", "properties": properties, "patternProperties": {"^x": {"type": "integer"}},
            "additionalProperties": false}),
        7 => json!({"type": "object", "properties": properties, "propertyNames": {"pattern": "a$|_"}}),
        8 => json!({"type": "object", "properties": {"alpha": {"type": "integer"}}, "unevaluatedProperties": false}),
        _ => json!({"type": "object", "properties": properties, "dependentSchemas": {"alpha": {"maxProperties": 1}}}),
    }
}

fn map(rng: &mut Rng) -> Value {
    match rng.u8(0..4) {
        0 => json!({"type": "object", "additionalProperties": number(rng)}),
        1 => {
            json!({"type": "object", "patternProperties": {"^x": {"type": "integer"}}, "additionalProperties": {"type": "string"}})
        }
        2 => json!({"type": "object", "propertyNames": {"maxLength": 2}, "additionalProperties": true}),
        _ => json!({"type": "object", "minProperties": 1, "maxProperties": 2}),
    }
}

fn union(rng: &mut Rng, depth: u8) -> Value {
    let (one, other) = (value(rng, depth), value(rng, 0));
    match rng.u8(0..9) {
        0 => json!({"anyOf": [one, {"type": "null"}]}),
        5 => json!({"oneOf": [one, {"type": "null"}]}),
        6 => json!({"$ref": "#/$defs/Shared", "nullable": true}),
        7 => json!({"$ref": "#/$defs/Shared", "properties": {"b": other}, "additionalProperties": {"type": "integer"}}),
        8 => json!({"anyOf": [{"type": "string", "not": {"enum": ["a", null]}}, {"type": "null"}]}),
        1 => json!({"anyOf": [number(rng), text(rng)]}),
        2 => json!({"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": 5}]}),
        3 => json!({"oneOf": [one, other]}),
        _ => json!({"allOf": [number(rng), {"maximum": 20}]}),
    }
}

fn conditional(rng: &mut Rng, depth: u8) -> Value {
    match rng.u8(0..3) {
        0 => json!({"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 2}, "else": {"multipleOf": 3}}),
        1 => json!({"type": "string", "if": {"minLength": 3}, "then": {"pattern": "^a"}, "examples": ["ab", "abc"]}),
        _ => json!({"type": "object", "properties": {"alpha": value(rng, depth), "beta": {"type": "string"}},
            "if": {"required": ["alpha"]}, "then": {"required": ["beta"]}}),
    }
}
