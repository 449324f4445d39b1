//! What holds for every schema, well-meant or not.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Schemas of up to three levels with names and values that were made to be trouble.
fn schemas() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        prop::sample::select(vec![
            "", "a", "A", "type", "self", "a b", "a-b", "a_b", "+1", "日本", "\u{0}", "`\n]", "16:9"
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let value = prop_oneof![text.clone().prop_map(Value::from), any::<i64>().prop_map(Value::from), Just(Value::Null)];
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        prop::sample::select(vec!["string", "integer", "number", "boolean", "null", "array", "object"])
            .prop_map(|name| json!({"type": name, "minimum": 1, "format": "image_uri"})),
        prop::collection::vec(value, 1..4).prop_map(|values| json!({"enum": values})),
        text.clone().prop_map(|value| json!({"const": value})),
        prop::sample::select(vec!["#", "#/oneOf/0", "#/$defs/x", "#/allOf/1"]).prop_map(|to| json!({"$ref": to})),
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
                json!({"properties": fields, "required": required, "additionalProperties": open, "anyOf": [branch, {}]})
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// No schema panics or hangs, only references can be at fault, and what comes out is Rust.
    #[test]
    fn every_schema_has_types_or_a_broken_reference(branches in prop::collection::vec(schemas(), 1..4)) {
        let schema = json!({"oneOf": branches});
        match reduce(&schema, &schema, "/properties/x") {
            Err(error) => prop_assert_eq!(error.kind, ErrorKind::Reference),
            Ok(reduced) => {
                let types = types("Value", &reduced);
                prop_assert!(types.is_ok(), "{}\n{:?}", schema, types);
                let types = types.expect("types");
                prop_assert!(syn::parse_file(&types.items).is_ok());
                prop_assert!(types.item_idents.iter().all(|name| name.starts_with("Value")));
            }
        }
    }

    /// The same schema, its branches and keys turned around, has types of the same names.
    #[test]
    fn names_never_depend_on_the_published_order(branches in prop::collection::vec(schemas(), 1..4)) {
        // A reference to a branch by its position would mean another one afterwards.
        let text = json!({"oneOf": branches}).to_string().replace("\"$ref\"", "\"title\"");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let names = |schema: &Value| {
            let types = types("Value", &reduce(schema, schema, "").expect("a reduced schema")).expect("types");
            let mut names = types.item_idents;
            names.sort();
            (types.ident, names)
        };
        prop_assert_eq!(names(&schema), names(&turned(schema.clone())));
    }
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
