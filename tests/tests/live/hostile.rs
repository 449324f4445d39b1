//! Hostile schemas among good ones: nothing panics or goes on forever, and the good ones stay usable.

use fastrand::Rng;
use runcomfy::schema::Names;
use runcomfy_live::{Catalogue, Error};
use serde_json::{Map, Value, json};
use workspace_tests::hostile::{TEXTS, model, twins::Twins};
use workspace_tests::tables::folder;
use workspace_tests::{fixtures, load};

/// An object with this field.
fn one(field: Value) -> Value {
    json!({"type": "object", "properties": {"a": field}})
}

/// A schema with a definition that it goes round in, or that doubles at each step.
fn referring(definitions: Value) -> Value {
    let mut schema = one(json!({"$ref": "#/$defs/a"}));
    schema["$defs"] = definitions;
    schema
}

/// Schemas that mean harm.
fn hostile() -> Vec<String> {
    let long = "x".repeat(1_000_000);
    let values: Vec<String> = (0..10_000).map(|place| format!("value {place}")).collect();
    let fields = |of: &dyn Fn(usize) -> (String, Value)| (0..1_000).map(of).collect::<Map<String, Value>>();
    let doubling = |keyword: &str| {
        let each = (0..40).map(|step| {
            let next = json!({"$ref": format!("#/$defs/{}", if step == 39 { "end".to_owned() } else { format!("s{}", step + 1) })});
            (format!("s{step}"), json!({keyword: [next.clone(), next]}))
        });
        let mut all: Map<String, Value> = each.collect();
        all.insert("end".to_owned(), json!({"type": "string"}));
        all.insert("a".to_owned(), json!({"$ref": "#/$defs/s0"}));
        referring(all.into())
    };
    let mut all = vec![
        one(json!({"type": "string", "title": long, "description": long, "default": long})),
        json!({"type": "object", "properties": {long.clone(): {"type": "string"}}}),
        one(json!({"type": "string", "pattern": "a".repeat(100_000)})),
        one(json!({"type": "string", "enum": values})),
        json!({"type": "object", "properties": fields(&|place| (format!("field_{place}"), json!({"type": "integer"})))}),
        json!({"type": "object", "properties": fields(&|place| (format!("{place}_value"), json!({"title": "One"})))}),
        referring(json!({"a": {"$ref": "#/$defs/a"}})),
        referring(json!({"a": {"not": {"$ref": "#/$defs/a"}}})),
        referring(json!({"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}})),
        referring(json!({"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}})),
        referring(json!({"a": {"type": "object", "properties": {"a": {"$ref": "#/$defs/a"}}, "required": ["a"]}})),
        referring(json!({"a": {"$ref": "https://example.com/schema.json"}})),
        doubling("anyOf"),
        doubling("allOf"),
        doubling("prefixItems"),
    ];
    for keyword in ["items", "additionalProperties", "not"] {
        all.push(one((0..120).fold(json!({"type": "string"}), |inner, _| json!({keyword: inner}))));
    }
    all.push(one((0..60).fold(json!({}), |inner, _| json!({"type": "object", "properties": {"a": inner}}))));
    for text in TEXTS {
        all.push(json!({"type": "object", "title": text, "properties": {text: {"type": "string", "pattern": text}}}));
    }
    all.extend((0..100).map(|seed| Twins::random(&mut Rng::with_seed(seed)).hostile));
    let mut texts: Vec<String> = all.iter().map(Value::to_string).collect();
    texts.extend(["", "{", "[]", "7", "null", "\u{feff}{}", "{\"a\": 1, \"a\": 2}"].map(str::to_owned));
    texts.push("[".repeat(100_000));
    texts.push(one(json!({"description": "x".repeat(5 << 20)})).to_string());
    texts
}

#[test]
fn hostile_schemas_hide_no_good_one() {
    let mut sources = load(&fixtures());
    let good: Vec<String> = sources.models.iter().map(|model| model.folder.clone()).collect();
    let bad = hostile();
    for (place, text) in bad.iter().enumerate() {
        let mut model = model(text);
        model.folder = format!("hostile/m{place}/base");
        model.manifest.text =
            format!("id = {:?}\ndisplay_name = \"Bad\"\nsource = \"page\"\nupdated = 2026-01-01\n", model.folder);
        sources.models.push(model);
    }
    let schemas = tempfile::tempdir().expect("a folder");
    folder::write(&sources, schemas.path());
    let live = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
    let mut refused = 0;
    for place in 0..bad.len() {
        match live.model(&format!("hostile/m{place}/base")) {
            // What can be met can be asked, whatever comes of it.
            Ok(model) => {
                for input in [json!({}), json!({"a": "b"}), json!({"a": {"a": {"a": []}}}), json!([[[]]])] {
                    _ = model.to_wire(&input);
                    _ = model.to_readable(&input);
                    _ = model.check(&input, Names::Wire);
                }
            }
            Err(Error::Unusable { reasons, .. }) => {
                assert!(reasons.iter().all(|reason| !reason.is_empty()) && !reasons.is_empty());
                refused += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(refused >= 10 && refused < bad.len(), "{refused} of {} were refused", bad.len());
    for id in good {
        assert!(live.model(&id).is_ok_and(|model| model.doubts().count() == 0), "{id}");
    }
}
