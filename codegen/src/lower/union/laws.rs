//! What holds for the unions of every schema, well-meant or not.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::tests::{declared, generated, members};
use crate::ErrorKind;

/// Schemas of up to three levels with names and values that were made to be trouble.
fn schemas() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "", "a", "A", "type", "self", "a b", "a-b", "a_b", "7_a", "8_a", "7_ax8_b", "+1", "日本", "\u{0}", "`\n]",
            "16:9"
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let value = prop_oneof![text.clone().prop_map(Value::from), any::<i64>().prop_map(Value::from), Just(Value::Null)];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec!["string", "integer", "number", "boolean", "null", "array", "object"])
            .prop_map(|name| json!({"type": name, "minimum": 1, "title": "Seed"})),
        prop::collection::vec(value, 1..4).prop_map(|values| json!({"enum": values})),
        text.clone().prop_map(|value| json!({"const": value})),
        prop::sample::select(vec!["#", "#/properties/size/oneOf/0", "#/$defs/x"]).prop_map(|to| json!({"$ref": to})),
    ];
    leaf.prop_recursive(3, 40, 4, move |inner| {
        let list = prop::collection::vec(inner.clone(), 1..4);
        let fields = prop::collection::vec((text.clone(), inner.clone()), 0..4);
        prop_oneof![
            list.clone().prop_map(|branches| json!({"oneOf": branches})),
            list.clone().prop_map(|branches| json!({"anyOf": branches})),
            list.prop_map(|branches| json!({"allOf": branches})),
            inner.clone().prop_map(|items| json!({"type": "array", "items": items})),
            inner.clone().prop_map(|values| json!({"type": "object", "additionalProperties": values})),
            (fields, any::<bool>(), inner).prop_map(|(fields, open, branch)| {
                let required: Vec<String> = fields.iter().map(|(key, _)| key.clone()).step_by(2).collect();
                let fields: serde_json::Map<String, Value> = fields.into_iter().collect();
                let branches = [branch, json!({})];
                json!({"properties": fields, "required": required, "additionalProperties": open, "anyOf": branches})
            }),
        ]
    })
}

/// The value with every list and every object in reverse order.
fn turned(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().rev().map(turned).collect(),
        Value::Object(entries) => {
            Value::Object(entries.into_iter().rev().map(|(key, value)| (key, turned(value))).collect())
        }
        other => other,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// No schema panics or hangs; what is no Rust is told in words.
    #[test]
    fn every_schema_has_types_or_a_clear_error(branches in prop::collection::vec(schemas(), 1..4)) {
        let schema = json!({"oneOf": branches});
        match generated(&schema, None, "") {
            Ok((source, lock)) => {
                prop_assert!(syn::parse_file(&source).is_ok(), "{schema}");
                let (again, same) = generated(&schema, Some(&lock), "").expect("what was generated once");
                prop_assert_eq!((again, same), (source, lock), "a second run changes nothing: {}", schema);
            }
            Err(errors) => {
                let is_clear = |kind: ErrorKind| {
                    matches!(kind, ErrorKind::Reference | ErrorKind::Name | ErrorKind::InvalidSchema)
                        || cfg!(not(feature = "fragments")) && kind == ErrorKind::Feature
                };
                prop_assert!(errors.iter().all(|error| is_clear(error.kind)), "{schema}\n{errors}");
            }
        }
    }

    /// The same schema, its branches and keys turned around, has types and forms of the same names.
    #[test]
    fn names_never_depend_on_the_published_order(branches in prop::collection::vec(schemas(), 1..4)) {
        // A reference to a branch by its position would mean another one afterwards.
        let text = json!({"oneOf": branches}).to_string().replace("\"$ref\"", "\"description\"");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let names = |schema: &Value| {
            let (source, _) = generated(schema, None, "").ok()?;
            let mut names = declared(&source);
            names.sort();
            let members = |name: &String| {
                let mut members = members(&source, name);
                members.sort();
                members
            };
            Some(names.iter().map(|name| (name.clone(), members(name))).collect::<Vec<_>>())
        };
        prop_assert_eq!(names(&schema), names(&turned(schema.clone())), "{}", schema);
    }
}
