//! Shapes of schemas that failed once, each the smallest of its kind: which values pass at the field `v`, and which don't. A
//! schema that the generator refuses stops the test.

use runcomfy_client::schema::Names;
use runcomfy_codegen::Sources;
use runcomfy_live::Catalogue;
use serde_json::{Value, json};
use workspace_tests::differential::model;
use workspace_tests::tables::folder;

/// Whether each of these inputs passes, for a model with this input schema.
fn passes(schema: &Value, inputs: &[Value]) -> Vec<bool> {
    let schemas = tempfile::tempdir().expect("a folder");
    folder::write(&Sources { models: vec![model(schema)], ..Sources::default() }, schemas.path());
    let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
    let met = catalogue.model("random/model/base").unwrap_or_else(|error| panic!("{schema}: {error}"));
    inputs.iter().map(|input| met.check(input, Names::Wire).is_ok()).collect()
}

/// Asserts which values pass at the field `v`; what else the schema needs goes into `$defs`.
fn at_v(schema: &Value, definitions: &Value, valid: &[Value], wrong: &[Value]) {
    let input = json!({"type": "object", "properties": {"v": schema}, "$defs": definitions});
    for (values, expected) in [(valid, true), (wrong, false)] {
        let inputs: Vec<Value> = values.iter().map(|value| json!({"v": value})).collect();
        assert_eq!(passes(&input, &inputs), vec![expected; inputs.len()], "{schema}: {values:?}");
    }
}

#[test]
fn objects_and_lists_beside_combinations() {
    let none = json!({});
    at_v(&json!({"anyOf": [{"type": "object"}]}), &none, &[json!({}), json!({"a": 1})], &[json!(1), json!([])]);
    let filled = json!({"type": "object", "allOf": [{"minProperties": 1}]});
    at_v(&filled, &none, &[json!({"a": 1})], &[json!({}), json!("a")]);
    let list = json!({"type": "array", "items": {"type": "object"}, "anyOf": [{"minItems": 1}, {"maxItems": 0}]});
    at_v(&list, &none, &[json!([]), json!([{}])], &[json!([1]), json!({})]);
}

#[test]
fn fields_of_all_parts_of_the_root() {
    let text = json!({"type": "string"});
    let part = json!({"properties": {"prompt": text}, "required": ["prompt"]});
    let (valid, missing) = (json!({"prompt": "a", "seed": 1}), json!({"seed": 1}));
    let (wrong, alone) = (json!({"prompt": 1, "seed": 1}), json!({"prompt": "a"}));
    let own = json!({"seed": {"type": "integer"}});
    for (keyword, parts) in [("allOf", json!([part])), ("oneOf", json!([part])), ("anyOf", json!([part]))] {
        let root = json!({"type": "object", "properties": own, keyword: parts});
        let all = [valid.clone(), alone.clone(), missing.clone(), wrong.clone()];
        assert_eq!(passes(&root, &all), [true, true, false, false], "{root}");
        let bare = json!({"type": "object", keyword: parts});
        assert_eq!(passes(&bare, &[alone.clone(), json!({})]), [true, false], "{bare}");
    }
    let named = json!({"type": "object", "properties": own, "$ref": "#/$defs/P", "$defs": {"P": part}});
    assert_eq!(passes(&named, &[valid.clone(), missing.clone()]), [true, false]);
    let then = json!({"type": "object", "properties": own, "if": {"required": ["seed"]}, "then": part});
    assert_eq!(passes(&then, &[valid.clone(), json!({}), missing.clone()]), [true, true, false]);
    let dependent = json!({"type": "object", "properties": own, "dependentSchemas": {"seed": part}});
    assert_eq!(passes(&dependent, &[valid, json!({}), missing]), [true, true, false]);
}

#[test]
fn what_patterns_leave_over_is_unevaluated() {
    let closed =
        json!({"type": "object", "patternProperties": {"^foo": {"type": "string"}}, "unevaluatedProperties": false});
    at_v(&closed, &json!({}), &[json!({}), json!({"foo": "x"})], &[json!({"foo": "x", "bar": 1}), json!({"foo": 1})]);
}

#[test]
fn values_that_hold_values_like_themselves() {
    let again = json!({"$ref": "#/$defs/N"});
    let object = json!({"N": {"type": "object", "properties": {"next": {"anyOf": [{"type": "string"}, again]}}}});
    let deep = json!({"next": {"next": {"next": "end"}}});
    at_v(&again, &object, &[json!({}), deep], &[json!({"next": {"next": 1}}), json!("end")]);
    let list = json!({"N": {"type": "array", "items": again}});
    at_v(&again, &list, &[json!([]), json!([[], [[]]])], &[json!([1]), json!([[], [{}]])]);
    let map = json!({"N": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": again}]}});
    at_v(&again, &map, &[json!("a"), json!({"a": {"b": "c"}})], &[json!({"a": {"b": 1}}), json!(1)]);
}

#[test]
fn no_part_narrows_the_type_by_mistake() {
    let nullable = json!({"type": ["object", "null"], "allOf": [{"required": ["a"]}]});
    at_v(&nullable, &json!({}), &[json!(null), json!({"a": 1})], &[json!({}), json!([])]);
    let several = json!({"type": ["array", "object"], "allOf": [{"properties": {"a": {"const": 1}}}]});
    at_v(&several, &json!({}), &[json!([]), json!([2]), json!({"a": 1})], &[json!({"a": 2}), json!("a")]);
    at_v(&json!({"type": "null", "enum": [6, null]}), &json!({}), &[json!(null)], &[json!(6), json!("a")]);
}

#[test]
fn needless_escapes_and_references_into_parts() {
    at_v(
        &json!({"type": "string", "pattern": r"^[\p{L}\_]+$"}),
        &json!({}),
        &[json!("abc"), json!("é_")],
        &[json!("1")],
    );
    let definitions = json!({"a%+Fb": {"type": "integer"}});
    at_v(&json!({"$ref": "#/$defs/a%+Fb"}), &definitions, &[json!(1)], &[json!("a")]);
    let x = json!({"nullable": true, "anyOf": [{"type": "string"}, {"type": "integer"}]});
    let into = json!({"type": "object", "properties": {"x": x, "y": {"$ref": "#/properties/x/anyOf/0"}}});
    let inputs = [json!({"x": null, "y": "a"}), json!({"x": 1, "y": "a"}), json!({"y": 1})];
    assert_eq!(passes(&into, &inputs), [true, true, false]);
}

#[test]
fn tuples_of_several_types_and_enums_in_maps() {
    let texts = json!({"type": "string", "enum": ["a b", "c"]});
    let pair = json!({"type": "array", "prefixItems": [texts, texts], "minItems": 2, "items": false});
    at_v(&pair, &json!({}), &[json!(["c", "a b"])], &[json!(["c"]), json!(["c", "d"]), json!(["c", "c", "c"])]);
    let map = json!({"type": "object", "additionalProperties": texts});
    at_v(&map, &json!({}), &[json!({}), json!({"k": "a b"})], &[json!({"k": "b"}), json!(["c"])]);
}

/// What untyped JSON may not have is said once, and as what it is: a name that no field has, also where the schema would
/// take it; that no part of the schema speaks of it, only where that is so.
#[test]
fn a_name_that_no_field_has_is_refused_as_one_and_as_unevaluated_only_where_it_is() {
    let any = json!([{"additionalProperties": true}]);
    for (more, expected) in [
        (json!({"additionalProperties": true}), &["UnknownName"][..]),
        (json!({"allOf": any}), &["UnknownName"]),
        (json!({"allOf": any, "unevaluatedProperties": false}), &["UnknownName"]),
        (json!({"unevaluatedProperties": false}), &["UnknownName", "Schema"]),
    ] {
        let mut root = more.clone();
        root["type"] = json!("object");
        root["properties"] = json!({"foo": {"type": "integer"}});
        let schemas = tempfile::tempdir().expect("a folder");
        folder::write(&Sources { models: vec![model(&root)], ..Sources::default() }, schemas.path());
        let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
        let met = catalogue.model("random/model/base").unwrap_or_else(|error| panic!("{root}: {error}"));
        let refused = met.check(&json!({"foo": 1, "bar": 2}), Names::Wire).expect_err("a name that no field has");
        let kinds: Vec<String> = refused.iter().map(|one| format!("{:?}", one.kind())).collect();
        assert_eq!(kinds, expected, "{root}");
    }
}
