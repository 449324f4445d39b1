//! The whole way from a schema to declarations, one test per trap. What the declarations do is tested in `tests/union.rs`.

use serde_json::{Value, json};
use syn::Item;

use super::*;

fn made(schema: Value) -> UnionTypes {
    let reduced = reduce(&schema, &schema, "").expect("a reduced schema");
    types("Value", &reduced).expect("types")
}

/// The variants or fields of one declared type, each as `Name(Type)`, `Name { … }` or `name: Type`, without attributes.
fn members(types: &UnionTypes, name: &str) -> Vec<String> {
    let file = syn::parse_file(&types.items).expect("source that parses");
    let tokens = |tokens: &dyn quote::ToTokens| source_text(&tokens.to_token_stream().to_string());
    let bare = |fields: &mut syn::Fields| fields.iter_mut().for_each(|field| field.attrs.clear());
    file.items
        .into_iter()
        .find_map(|item| match item {
            Item::Enum(mut item) if item.ident == name => Some(
                item.variants
                    .iter_mut()
                    .map(|variant| {
                        bare(&mut variant.fields);
                        format!("{}{}", variant.ident, tokens(&variant.fields))
                    })
                    .collect(),
            ),
            Item::Struct(mut item) if item.ident == name => {
                bare(&mut item.fields);
                Some(item.fields.iter().map(|field| tokens(field).replacen("pub", "", 1)).collect())
            }
            _ => None,
        })
        .unwrap_or_else(|| panic!("{name} is not declared in:\n{}", types.items))
}

fn variants(schema: Value) -> Vec<String> {
    members(&made(schema), "Value")
}

fn is_untyped(schema: Value) -> bool {
    made(schema) == untyped()
}

#[test]
fn the_stricter_branch_comes_first_whatever_was_published_first() {
    let found = variants(json!({"anyOf": [
        {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"enum": ["auto", "off"]}, {"type": "boolean"},
    ]}));
    assert_eq!(
        found,
        ["Bool(bool)", "Integer(i64)", "Number(f64)", "Preset(ValuePreset)", "Text(::std::string::String)"]
    );
}

#[test]
fn any_of_is_no_struct_of_flattened_options() {
    let found = variants(json!({"anyOf": [
        {"type": "object", "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
         "required": ["width", "height"]},
        {"type": "object", "properties": {"width": {"type": "integer"}, "scale": {"type": "number"}},
         "required": ["scale"]},
    ]}));
    assert_eq!(found, ["Height(ValueHeight)", "Scale(ValueScale)"]);
}

#[test]
fn bounds_never_choose_a_type() {
    let found = variants(json!({"oneOf": [
        {"type": "integer", "minimum": 1, "maximum": 255, "format": "uint8"},
        {"type": "string", "minLength": 1, "pattern": "^a", "format": "uuid"},
    ]}));
    assert_eq!(found, ["Integer(i64)", "Text(::std::string::String)"]);
}

#[test]
fn titles_name_nothing() {
    let one = variants(json!({"oneOf": [{"type": "string", "title": "A"}, {"type": "integer", "title": "A"}]}));
    assert_eq!(one, variants(json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})));
}

#[test]
fn a_list_of_types_is_a_union() {
    let types = made(json!({"type": ["string", "integer", "null"], "minimum": 3}));
    assert!(types.nullable);
    assert_eq!(members(&types, "Value"), ["Integer(i64)", "Text(::std::string::String)"]);
}

#[test]
fn what_comes_to_something_simple_declares_nothing() {
    let types = made(json!({"anyOf": [{"type": "string", "format": "uri"}, {"type": "string"}, {"type": "null"}]}));
    assert_eq!((types.ident.as_str(), types.nullable), ("::std::string::String", true));
    assert_eq!(types.items, "");
    let list = made(json!({"allOf": [{"type": "array", "items": {"type": "number"}}, {"minItems": 2}]}));
    assert_eq!(list.ident, "::std::vec::Vec<f64>");
}

#[test]
fn constants_join_into_one_choice() {
    let types = made(json!({"oneOf": [{"const": "a"}, {"const": "b"}, {"type": "string", "enum": ["b", "c"]}]}));
    assert_eq!(types.ident, "Value");
    assert_eq!(members(&types, "Value"), ["A", "B", "C"]);
}

#[test]
fn enums_that_make_typify_panic_have_variants() {
    for values in [json!(["a b", "a-b", "a_b"]), json!(["+1", "-1", "<", ">"]), json!(["", "x"])] {
        let types = made(json!({"oneOf": [{"enum": values}, {"type": "integer"}]}));
        assert_eq!(members(&types, "ValuePreset").len(), values.as_array().map_or(0, Vec::len));
    }
}

#[test]
fn an_enum_of_texts_and_numbers_is_a_union() {
    assert_eq!(variants(json!({"enum": ["auto", 5, 10]})), ["Integer(i64)", "Preset(ValuePreset)"]);
    assert_eq!(variants(json!({"enum": ["auto", 0.5, 1]})), ["Number(f64)", "Preset(ValuePreset)"]);
}

#[test]
fn values_without_names_are_texts() {
    let found = variants(json!({"oneOf": [{"enum": ["日本語", "\u{202e}"]}, {"type": "integer"}]}));
    assert_eq!(found, ["Integer(i64)", "Text(::std::string::String)"]);
}

#[test]
fn branches_by_reference_are_tagged_all_the_same() {
    let schema = json!({
        "oneOf": [{"$ref": "#/$defs/url"}, {"$ref": "#/$defs/none"}],
        "$defs": {
            "url": {"type": "object", "properties": {"type": {"const": "url"}, "url": {"type": "string"}},
                    "required": ["type", "url"]},
            "none": {"type": "object", "properties": {"type": {"const": "none"}}, "required": ["type"]},
        },
    });
    assert_eq!(variants(schema), ["Url{url:::std::string::String, }", "None{}"]);
}

#[test]
fn references_with_one_last_segment_stay_apart() {
    let schema = json!({
        "oneOf": [{"$ref": "#/a/size"}, {"$ref": "#/b/size"}],
        "a": {"size": {"type": "integer"}}, "b": {"size": {"type": "string"}},
    });
    assert_eq!(variants(schema), ["Integer(i64)", "Text(::std::string::String)"]);
}

#[test]
fn circles_are_refused_before_typify_overflows() {
    for schema in [
        json!({"$ref": "#"}),
        json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}),
        json!({"oneOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
    ] {
        assert_eq!(reduce(&schema, &schema, "").map_err(|error| error.kind), Err(ErrorKind::Reference));
    }
}

#[test]
fn recursion_ends_in_any_value() {
    let schema = json!({"oneOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#"}}]});
    assert_eq!(variants(schema), ["List(::std::vec::Vec<::runcomfy_client::Json>)", "Text(::std::string::String)"]);
}

#[test]
fn references_that_double_at_each_step_end() {
    let mut definitions = serde_json::Map::new();
    for at in 0..40 {
        let next = json!({"$ref": format!("#/$defs/d{}", at + 1)});
        let both = json!({"type": "object", "properties": {"left": next, "right": next}});
        definitions.insert(format!("d{at}"), both);
    }
    definitions.insert("d40".to_owned(), json!({"type": "string"}));
    assert!(is_untyped(json!({"oneOf": [{"type": "string"}, {"$ref": "#/$defs/d0"}], "$defs": definitions})));
}

#[test]
fn all_of_merges_objects_and_their_references() {
    let types = made(json!({
        "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"b": {"type": "integer", "minimum": 1}}}],
        "required": ["b"],
        "$defs": {"base": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}}},
    }));
    assert_eq!(members(&types, "Value"), ["a:::std::option::Option<::std::string::String>", "b:i64"]);
}

#[test]
fn all_of_without_a_common_value_is_untyped_and_no_empty_enum() {
    assert!(is_untyped(json!({"allOf": [{"type": "string"}, {"type": "integer"}]})));
    assert!(is_untyped(json!({"oneOf": [false, {"allOf": [{"enum": ["a"]}, {"enum": ["b"]}]}]})));
}

#[test]
fn one_of_beside_properties_takes_them_along() {
    let types = made(json!({
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    }));
    let text = "::std::option::Option<::std::string::String>";
    assert_eq!(members(&types, "Value"), [format!("a:{text}"), format!("b:{text}")]);
}

#[test]
fn all_of_applies_the_rule_for_other_keys_to_the_other_objects_keys() {
    let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let a = json!({"properties": {"a": {"enum": ["x", 1]}}, "required": ["a"]});
    let b = json!({"properties": {"b": {"type": ["string", "integer"]}}, "required": ["b"]});
    for parts in [[&texts, &a, &b], [&b, &a, &texts], [&a, &texts, &b]] {
        let types = made(json!({"allOf": parts}));
        let found = members(&types, "Value");
        assert_eq!(found[..2], ["a:ValueA", "b:::std::string::String"]);
        assert!(found[2].starts_with("extra:::std::collections::BTreeMap"));
    }
}

#[test]
fn what_nobody_can_say_is_not_narrowed_by_what_stands_beside_it() {
    let node = json!({"type": "object", "properties": {
        "name": {"type": "string"},
        "next": {"allOf": [{"$ref": "#"}, {"properties": {"weight": {"type": "number"}}}]},
    }, "required": ["next"]});
    assert_eq!(members(&made(node), "Value")[1], "next:::runcomfy_client::Json");
}

#[test]
fn keys_that_come_with_a_condition_keep_the_object_open() {
    for keyword in ["patternProperties", "then", "dependentSchemas"] {
        let types = made(json!({"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}}, keyword: {}}]}));
        assert!(members(&types, "Value")[1].starts_with("extra:"), "{keyword}");
    }
}

#[test]
fn media_are_the_clients_types() {
    let types = made(json!({"oneOf": [
        {"type": "string", "format": "image_uri"},
        {"type": "array", "format": "image_uris", "items": {"type": "string"}},
        {"type": "object", "properties": {"clip": {"type": "string", "format": "video_uri"}}, "required": ["clip"]},
    ]}));
    let found = members(&types, "Value");
    let list = "List(::std::vec::Vec<::runcomfy_client::ImageInput>)";
    assert_eq!(found, [list, "Object(ValueObject)", "Image(::runcomfy_client::ImageInput)"]);
    assert_eq!(members(&types, "ValueObject"), ["clip:::runcomfy_client::VideoInput"]);
}

#[test]
fn an_object_that_would_swallow_a_list_makes_the_union_untyped() {
    let point = json!({"type": "object", "properties": {"x": {"type": "number"}}});
    let numbers = json!({"type": "array", "items": {"type": "number"}});
    assert!(is_untyped(json!({"oneOf": [
        {"type": "object", "properties": {"at": point, "note": {"type": "string"}}},
        {"type": "object", "properties": {"at": numbers}},
    ]})));
}

#[test]
fn names_are_the_same_in_every_order() {
    let branches = [
        json!({"type": "array", "items": {"type": "string"}}),
        json!({"type": "array", "items": {"type": "number"}}),
        json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "required": ["b"]}),
        json!({"type": "object", "properties": {"c": {"type": "string"}, "d": {"type": "string"}}}),
    ];
    let mut turned = branches.clone();
    turned.reverse();
    let sorted = |branches: &[Value]| {
        let mut found = variants(json!({"oneOf": branches}));
        found.sort();
        found
    };
    assert_eq!(sorted(&branches), sorted(&turned));
    assert!(sorted(&branches)[0].starts_with("B(ValueB)"));
}

#[test]
fn an_object_without_a_key_of_its_own_is_named_for_all_of_them() {
    let object = |keys: &[&str]| {
        let fields: serde_json::Map<String, Value> = keys.iter().map(|key| ((*key).to_owned(), json!({}))).collect();
        json!({"type": "object", "properties": fields, "required": keys})
    };
    let found = variants(
        json!({"oneOf": [object(&["w"]), object(&["w", "h"]), object(&["self"]), object(&["text"]), {"type": "string"}]}),
    );
    assert_eq!(
        found,
        [
            "H(ValueH)",
            "SelfObject(ValueSelfObject)",
            "TextObject(ValueTextObject)",
            "W(ValueW)",
            "Text(::std::string::String)"
        ]
    );
}

#[test]
fn every_declared_name_begins_with_the_unions() {
    let types = made(json!({"oneOf": [
        {"type": "array", "items": {"type": "object", "properties": {"mode": {"enum": ["a", "b"]}}}},
        {"type": "object", "properties": {"mode": {"enum": ["c"]}}, "additionalProperties": {"enum": ["x", "y"]}},
    ]}));
    let expected =
        ["Value", "ValueListItem", "ValueListItemMode", "ValueObject", "ValueObjectMode", "ValueObjectExtra"];
    assert_eq!(types.item_idents, expected);
}

#[test]
fn hostile_text_stays_in_literals() {
    let hostile = "`]*/ \n#[doc] \" \u{202e}\u{0}";
    let types = made(json!({"oneOf": [
        {"type": "object", "description": hostile, "properties": {hostile: {"type": "string"}}, "required": [hostile]},
        {"enum": [hostile, "ok"], "title": hostile},
    ]}));
    let file = syn::parse_file(&types.items).expect("source that parses");
    assert!(
        file.items.iter().all(|item| matches!(item, Item::Struct(_) | Item::Enum(_) | Item::Impl(_) | Item::Macro(_)))
    );
    assert!(types.items.lines().filter(|line| line.contains("///")).all(|line| !line.contains("doc]")));
}

#[test]
fn a_keyword_of_the_wrong_form_is_an_error_with_its_place() {
    let schema = json!({"oneOf": [{"type": "object", "properties": {"a": {"anyOf": {}}}}]});
    let error = reduce(&schema, &schema, "/properties/x").expect_err("an error");
    assert_eq!((error.kind, error.place.as_str()), (ErrorKind::InvalidSchema, "/properties/x/oneOf/0/properties/a"));
}

#[test]
fn what_typify_got_wrong_is_refused() {
    let schema = json!({"oneOf": [{"type": "integer"}, {"enum": ["a", "b"]}, {"properties": {"a": true}}]});
    let reduced = reduce(&schema, &schema, "").expect("a reduced schema");
    let plan = plan::plan("Value", &reduced.shape).expect("a plan");
    let output = encode::typify(&plan).expect("typify's output");
    assert!(decode::decode(&plan, &output).is_ok());
    for (right, wrong) in [
        ("i64", "u8"),
        ("untagged", "tag = \"x\""),
        ("deny_unknown_fields", "default"),
        ("pub p1x0x0", "pub other"),
        ("rename = \"v1\"", "rename = \"v2\""),
        ("pub enum T2", "pub enum T3"),
    ] {
        assert!(output.contains(right), "{right} in {output}");
        assert!(decode::decode(&plan, &output.replace(right, wrong)).is_err(), "{right}");
    }
}

#[test]
fn typifys_panics_are_errors() {
    let field = |key: &str| plan::PlannedField {
        key: key.to_owned(),
        name: key.to_owned(),
        ty: plan::Type::Named(7),
        required: true,
    };
    let body = plan::Body::Struct(plan::Fields { fields: vec![field("a")], rest: None });
    let definitions = vec![plan::Definition { name: "Value".to_owned(), body }];
    let dangling = Plan { root: plan::Type::Named(0), definitions };
    assert!(encode::typify(&dangling).is_err());
}

#[test]
fn ten_thousand_values_are_a_choice() {
    let values: Vec<String> = (0..10_000).map(|at| format!("value {at}")).collect();
    let types = made(json!({"anyOf": [{"enum": values}, {"type": "integer"}]}));
    assert_eq!(members(&types, "ValuePreset").len(), 10_000);
}
