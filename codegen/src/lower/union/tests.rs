//! The whole way from a schema to declarations, one test per trap. What the declarations do is tested in
//! `tests/fixtures/behaviour.rs`.

mod forms;

use std::collections::BTreeSet;

use quote::ToTokens;
use serde_json::{Value, json};
use syn::Item;

#[cfg(feature = "fragments")]
use crate::ir::{Origin, Ty, TypeKind};
use crate::{ErrorKind, Errors, ModelSource, Placement, SourceFile, Sources};

/// A model of one optional field `size`, of this schema, after a run with this lock.
fn model(schema: &Value, lock: Option<&str>, overrides: &str) -> Sources {
    let mut schema = json!({"type": "object", "properties": {"size": schema}});
    if let Some(definitions) = schema["properties"]["size"].as_object_mut().and_then(|size| size.remove("$defs")) {
        schema["$defs"] = definitions;
    }
    let file = |name: &str, text: &str| SourceFile { path: format!("a/b/c/{name}"), text: text.to_owned() };
    let manifest = "id = \"a/b/c\"\ndisplay_name = \"A\"\nsource = \"page\"\nupdated = 2026-01-01\n";
    let model = ModelSource {
        folder: "a/b/c".to_owned(),
        manifest: file("model.toml", manifest),
        input: file("input.json", &schema.to_string()),
        output: file("output.json", r#"{"type": "string"}"#),
        lock: lock.map(|text| file("names.lock", text)),
        overrides: Some(file("overrides.toml", overrides)).filter(|_| !overrides.is_empty()),
    };
    Sources { models: vec![model], ..Sources::default() }
}

pub(super) fn generated(schema: &Value, lock: Option<&str>, overrides: &str) -> Result<(String, String), Errors> {
    let catalog = crate::catalog(&model(schema, lock, overrides))?;
    let package = crate::emit_package(&catalog, &Placement::Workspace)?;
    Ok((package.files["src/a/b/c.rs"].clone(), catalog.models[0].lock.render()))
}

fn made(schema: Value) -> String {
    generated(&schema, None, "").unwrap_or_else(|errors| panic!("{errors}")).0
}

fn text(tokens: &dyn ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "").replace(',', ", ")
}

/// The variants or fields of one declared type, each as `Name(Type)` or `name: Type`, without attributes.
pub(super) fn members(source: &str, name: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("source that parses");
    let bare = |fields: &mut syn::Fields| fields.iter_mut().for_each(|field| field.attrs.clear());
    file.items
        .into_iter()
        .find_map(|item| match item {
            Item::Enum(mut item) if item.ident == name => Some(
                item.variants
                    .iter_mut()
                    .map(|variant| {
                        bare(&mut variant.fields);
                        format!("{}{}", variant.ident, text(&variant.fields))
                    })
                    .collect(),
            ),
            Item::Struct(mut item) if item.ident == name => {
                bare(&mut item.fields);
                Some(item.fields.iter().map(|field| text(field).replacen("pub", "", 1)).collect())
            }
            _ => None,
        })
        .unwrap_or_else(|| panic!("{name} is not declared in:\n{source}"))
}

/// The names of all declared types but `Input`.
pub(super) fn declared(source: &str) -> Vec<String> {
    let file = syn::parse_file(source).expect("source that parses");
    let names = file.items.iter().filter_map(|item| match item {
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Struct(item) if item.ident != "Input" => Some(item.ident.to_string()),
        _ => None,
    });
    names.collect()
}

fn variants(schema: Value) -> Vec<String> {
    members(&made(schema), "Size")
}

/// The type of the field, without the `Option` around it.
fn ty(schema: Value) -> String {
    let size = members(&made(schema), "Input").remove(0);
    size.strip_prefix("size:Option<").and_then(|rest| rest.strip_suffix('>')).unwrap_or(&size).to_owned()
}

fn is_untyped(schema: Value) -> bool {
    ty(schema) == "runcomfy_client::Json"
}

#[test]
fn the_stricter_branch_comes_first_whatever_was_published_first() {
    let found = variants(json!({"anyOf": [
        {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"enum": ["auto", "off"]}, {"type": "boolean"},
    ]}));
    assert_eq!(found, ["Bool(bool)", "Integer(i64)", "Number(f64)", "Preset(SizePreset)", "Text(String)"]);
}

#[test]
fn any_of_is_no_struct_of_flattened_options() {
    let found = variants(json!({"anyOf": [
        {"type": "object", "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}},
         "required": ["width", "height"]},
        {"type": "object", "properties": {"width": {"type": "integer"}, "scale": {"type": "number"}},
         "required": ["scale"]},
    ]}));
    assert_eq!(found, ["Height(SizeHeight)", "Scale(SizeScale)"]);
}

#[test]
fn bounds_never_choose_a_type() {
    let found = variants(json!({"oneOf": [
        {"type": "integer", "minimum": 1, "maximum": 255, "format": "uint8"},
        {"type": "string", "minLength": 1, "pattern": "^a", "format": "uuid"},
    ]}));
    assert_eq!(found, ["Integer(i64)", "Text(String)"]);
}

#[test]
fn titles_name_nothing() {
    let one = variants(json!({"oneOf": [{"type": "string", "title": "A"}, {"type": "integer", "title": "A"}]}));
    assert_eq!(one, variants(json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})));
}

#[test]
fn a_list_of_types_is_a_union() {
    let source = made(json!({"type": ["string", "integer", "null"], "minimum": 3}));
    assert_eq!(members(&source, "Input")[0], "size:Option<Option<Size>>");
    assert_eq!(members(&source, "Size"), ["Integer(i64)", "Text(String)"]);
}

#[test]
fn what_comes_to_something_simple_declares_nothing() {
    let text = json!({"anyOf": [{"type": "string", "format": "uri"}, {"type": "string"}, {"type": "null"}]});
    assert_eq!(ty(text), "Option<String>");
    assert_eq!(ty(json!({"allOf": [{"type": "array", "items": {"type": "number"}}, {"minItems": 2}]})), "Vec<f64>");
}

#[test]
fn constants_join_into_one_choice() {
    let source = made(json!({"oneOf": [{"const": "a"}, {"const": "b"}, {"type": "string", "enum": ["b", "c"]}]}));
    assert_eq!(members(&source, "Size"), ["A", "B", "C"]);
}

#[test]
fn values_that_differ_in_symbols_alone_have_variants() {
    for values in [json!(["a b", "a-b", "a_b"]), json!(["+1", "-1", "<", ">"]), json!(["", "x"])] {
        let types = made(json!({"oneOf": [{"enum": values}, {"type": "integer"}]}));
        assert_eq!(members(&types, "SizePreset").len(), values.as_array().map_or(0, Vec::len));
    }
}

#[test]
fn an_enum_of_texts_and_numbers_is_a_union() {
    let found = |values: Value| variants(json!({"anyOf": [{"enum": values}, {"type": "boolean"}]}));
    assert_eq!(found(json!(["auto", 5, 10])), ["Bool(bool)", "Integer(i64)", "Preset(SizePreset)"]);
    assert_eq!(found(json!(["auto", 0.5, 1])), ["Bool(bool)", "Number(f64)", "Preset(SizePreset)"]);
}

#[test]
fn a_value_without_a_name_asks_for_one_as_in_any_enum() {
    let schema = json!({"oneOf": [{"enum": ["\u{202e}", "a"]}, {"type": "integer"}]});
    let errors = generated(&schema, None, "").expect_err("no name").to_string();
    assert!(errors.contains("[variants.SizePreset]"), "{errors}");
    let (source, _) = generated(&schema, None, "[variants.SizePreset]\n\"\u{202e}\" = \"Mark\"\n").expect("a name");
    assert_eq!(members(&source, "SizePreset"), ["Mark", "A"]);
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
    let source = made(schema);
    assert_eq!(members(&source, "Size"), ["Url(SizeUrl)", "None(SizeNone)"]);
    assert_eq!(members(&source, "SizeUrl"), ["url:String"]);
    assert!(members(&source, "SizeNone").is_empty());
}

#[test]
fn circles_are_refused() {
    for schema in [
        json!({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}}),
        json!({"oneOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}),
    ] {
        let errors = generated(&schema, None, "").expect_err("a circle");
        assert!(errors.iter().all(|error| error.kind == ErrorKind::Reference), "{errors}");
    }
}

#[test]
fn an_object_within_itself_is_a_type() {
    let node =
        json!({"type": "object", "properties": {"next": {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/node"}]}}});
    let source = made(json!({"oneOf": [{"type": "string"}, {"$ref": "#/$defs/node"}], "$defs": {"node": node}}));
    assert_eq!(members(&source, "Size"), ["Object(Node)", "Text(String)"]);
    assert_eq!(members(&source, "Next"), ["Object(Box<Node>)", "Text(String)"]);
}

#[test]
fn all_of_merges_objects_and_their_references() {
    let types = made(json!({
        "allOf": [{"$ref": "#/$defs/base"}, {"properties": {"b": {"type": "integer", "minimum": 1}}}],
        "required": ["b"],
        "$defs": {"base": {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "number"}}}},
    }));
    let found: BTreeSet<String> = members(&types, "Size").into_iter().collect();
    assert_eq!(found, ["a:Option<String>", "b:i64"].map(str::to_owned).into());
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
    let text = "Option<String>";
    assert_eq!(members(&types, "Size"), [format!("a:{text}"), format!("b:{text}")]);
}

#[test]
fn all_of_applies_the_rule_for_other_keys_to_the_other_objects_keys() {
    let texts = json!({"type": "object", "additionalProperties": {"type": "string"}});
    let a = json!({"properties": {"a": {"enum": ["x", 1]}}, "required": ["a"]});
    let b = json!({"properties": {"b": {"type": ["string", "integer"]}}, "required": ["b"]});
    for parts in [[&texts, &a, &b], [&b, &a, &texts], [&a, &texts, &b]] {
        let types = made(json!({"allOf": parts}));
        let found = members(&types, "Size");
        assert_eq!(
            found[..2].iter().collect::<BTreeSet<_>>(),
            ["a:A".to_owned(), "b:String".to_owned()].iter().collect()
        );
        assert_eq!(found[2], "extra:rt::Extra");
    }
}

#[cfg(feature = "fragments")]
#[test]
fn keys_that_come_with_a_condition_keep_the_object_open() {
    for (keyword, value) in [
        ("patternProperties", json!({"^x": {"type": "string"}})),
        ("dependentSchemas", json!({"a": {"required": ["b"]}})),
    ] {
        let object = json!({"type": "object", "properties": {"a": {"type": "string"}}, keyword: value});
        let types = made(json!({"anyOf": [object, {"type": "string"}]}));
        assert!(members(&types, "SizeObject")[1].starts_with("extra:"), "{keyword}");
    }
}

#[test]
fn media_are_the_clients_types() {
    let types = made(json!({"oneOf": [
        {"type": "string", "format": "image_uri"},
        {"type": "array", "format": "image_uris", "items": {"type": "string"}},
        {"type": "object", "properties": {"clip": {"type": "string", "format": "video_uri"}}, "required": ["clip"]},
    ]}));
    let found = members(&types, "Size");
    let list = "List(Vec<ImageInput>)";
    assert_eq!(found, [list, "Object(SizeObject)", "Image(ImageInput)"]);
    assert_eq!(members(&types, "SizeObject"), ["clip:VideoInput"]);
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
    assert!(sorted(&branches)[0].starts_with("B(SizeB)"));
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
        ["H(SizeH)", "SelfObject(SizeSelfObject)", "TextObject(SizeTextObject)", "W(SizeW)", "Text(String)"]
    );
}

#[test]
fn types_within_a_form_are_named_for_their_fields() {
    let source = made(json!({"oneOf": [
        {"type": "array", "items": {"type": "object", "properties": {"mode": {"enum": ["a", "b"]}}}},
        {"type": "object", "properties": {"tone": {"enum": ["c"]}}, "additionalProperties": {"enum": ["x", "y"]}},
    ]}));
    let found: BTreeSet<String> = declared(&source).into_iter().collect();
    let expected = ["Size", "SizeListItem", "Mode", "SizeObject", "Tone"];
    assert_eq!(found, expected.map(str::to_owned).into());
}

#[test]
fn hostile_text_stays_in_literals() {
    let hostile = "`]*/ \n#[doc] \" \u{202e}\u{0} word";
    let source = made(json!({"oneOf": [
        {"type": "object", "description": hostile, "properties": {hostile: {"type": "string"}}, "required": [hostile]},
        {"enum": [hostile, "ok"], "title": hostile},
    ]}));
    let file = syn::parse_file(&source).expect("source that parses");
    let is_known = |item: &Item| {
        matches!(
            item,
            Item::Struct(_)
                | Item::Enum(_)
                | Item::Impl(_)
                | Item::Macro(_)
                | Item::Use(_)
                | Item::Static(_)
                | Item::Type(_)
        )
    };
    assert!(file.items.iter().all(is_known));
}

#[test]
fn a_value_published_later_moves_no_name() {
    let schema = |values: &[&str]| json!({"anyOf": [{"enum": values}, {"type": "integer"}]});
    let (first, lock) = generated(&schema(&["a b", "LoRA", "4k", "*"]), None, "").expect("names");
    let plain = made(json!({"enum": ["a b", "LoRA", "4k", "*"]}));
    let with_letter: Vec<String> = members(&plain, "Size").iter().map(|name| name.replace("S4k", "P4k")).collect();
    assert_eq!(members(&first, "SizePreset"), with_letter, "the names of a plain enum");
    let (second, _) = generated(&schema(&["*", "a-b", "a b", "LoRA", "4k"]), Some(&lock), "").expect("names");
    assert_eq!(members(&second, "SizePreset")[..4], members(&first, "SizePreset")[..]);
}

#[test]
fn a_form_keeps_its_name_when_others_come() {
    let one = json!({"type": "object", "properties": {"w": {"type": "integer"}, "h": {"type": "integer"}}, "required": ["w"]});
    let two = json!({"type": "object", "properties": {"w": {"type": "integer"}, "h": {"type": "integer"},
        "depth": {"type": "integer"}}, "required": ["w"]});
    let other = json!({"type": "object", "properties": {"scale": {"type": "number"}}, "required": ["scale"]});
    let text = json!({"type": "string"});
    let (first, lock) = generated(&json!({"anyOf": [one, text]}), None, "").expect("names");
    assert_eq!(members(&first, "Size"), ["Object(SizeObject)", "Text(String)"]);
    for schema in [json!({"anyOf": [other, two, text]}), json!({"oneOf": [text, two, other]})] {
        let (second, again) = generated(&schema, Some(&lock), "").expect("names");
        let forms: BTreeSet<String> = members(&second, "Size").into_iter().collect();
        assert_eq!(forms, ["Object(SizeObject)", "Scale(SizeScale)", "Text(String)"].map(str::to_owned).into());
        assert_eq!(generated(&schema, Some(&again), "").expect("the same").1, again, "a second run changes nothing");
    }
}

#[test]
fn overrides_rename_a_type_a_form_a_value_and_a_field() {
    let object = json!({"type": "object", "properties": {"5_text": {"type": "string", "title": "Words"}}});
    let schema = json!({"anyOf": [object, {"enum": ["a", "b"]}]});
    let (_, lock) = generated(&schema, None, "").expect("names");
    let overrides = "[type_names]\n\"size<object>\" = \"Exact\"\n\"size\" = \"Extent\"\n\
                     [variants.Extent]\nobject = \"Pixels\"\n[variants.SizePreset]\na = \"First\"\n\
                     [names]\n\"size<object>/5_text\" = \"caption\"\n";
    for lock in [None, Some(lock.as_str())] {
        let (source, next) = generated(&schema, lock, overrides).unwrap_or_else(|errors| panic!("{errors}"));
        assert_eq!(members(&source, "Extent"), ["Pixels(Exact)".to_owned(), "Preset(SizePreset)".to_owned()]);
        assert_eq!(members(&source, "Exact"), ["caption:Option<String>"]);
        assert_eq!(members(&source, "SizePreset"), ["First", "B"]);
        let (again, last) = generated(&schema, Some(&next), overrides).expect("the same");
        assert_eq!((again, last), (source, next), "a second run changes nothing");
    }
    let errors = generated(&schema, None, "[type_names]\n\"size<objekt>\" = \"Exact\"\n").expect_err("no such form");
    assert!(errors.to_string().contains("did you mean \"size<object>\""), "{errors}");
}

#[test]
fn a_key_is_renamed_where_it_stands_and_nowhere_else() {
    let items = json!({"type": "array", "items": {"type": "object", "properties": {"prompt": {"type": "string"}}}});
    let schema = json!({"type": "object", "properties": {"items": items, "prompt": {"type": "string"}}});
    let (source, _) = generated(&schema, None, "[names]\n\"size/prompt\" = \"scene\"\n").expect("names");
    assert_eq!(members(&source, "Size")[1], "scene:Option<String>");
    assert_eq!(members(&source, "Item"), ["prompt:Option<String>"]);
}

#[test]
fn unions_of_one_file_cost_the_same_each() {
    let visited = |count: usize| {
        let fields: serde_json::Map<String, Value> = (0..count)
            .map(|place| (format!("f{place}"), json!({"anyOf": [{"type": "integer"}, {"type": "string"}]})))
            .collect();
        let schema = crate::schema::parse(&json!({"properties": fields}), "").expect("valid");
        let mut lowering = super::Lowering::new(&schema, super::Direction::Request);
        lowering.root(&schema, "Input");
        lowering.reduced + lowering.visited
    };
    assert_eq!(visited(800), 2 * visited(400));
}

#[test]
fn ten_thousand_values_are_a_choice() {
    let values: Vec<String> = (0..10_000).map(|at| format!("value {at}")).collect();
    let types = made(json!({"anyOf": [{"enum": values}, {"type": "integer"}]}));
    assert_eq!(members(&types, "SizePreset").len(), 10_000);
}

/// What the field `v` becomes, with `N` defined like this.
fn recursive(definition: &Value) -> Result<Vec<crate::ir::Type>, Errors> {
    let schema = json!({"type": "object", "properties": {"v": {"$ref": "#/$defs/N"}}, "$defs": {"N": definition}});
    crate::lower::input(&crate::schema::parse(&schema, "").expect("valid"))
}

#[test]
#[cfg(feature = "fragments")]
fn recursion_with_a_list_map_object_or_union_between_is_a_named_type() {
    let again = json!({"$ref": "#/$defs/N"});
    for definition in [
        json!({"type": "object", "properties": {"next": {"anyOf": [{"type": "string"}, again]}}}),
        json!({"type": "array", "items": again}),
        json!({"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": again}]}),
        json!({"type": "object", "properties": {"a": {}}, "additionalProperties": again}),
        json!({"type": ["string", "object"], "properties": {"a": again}}),
    ] {
        let types = recursive(&definition).expect("a type");
        let TypeKind::Object(input) = &types[0].kind else { panic!("an object") };
        let Ty::Named(id) = input.fields[0].ty else { panic!("{:?} for {definition}", input.fields[0].ty) };
        assert_eq!(types[id].origin, Origin::Definition("N".to_owned()), "{definition}");
        assert!(
            !types[id].kind.parts().any(|part| *part == Ty::Boxed(id)) || matches!(types[id].kind, TypeKind::Object(_))
        );
    }
}

#[test]
fn recursion_with_nothing_between_is_refused_in_true_words() {
    let again = json!({"$ref": "#/$defs/N"});
    for definition in [again.clone(), json!({"anyOf": [{"type": "string"}, again]})] {
        let error = recursive(&definition).expect_err("endless").to_string();
        assert!(error.contains("without a list, map or object between"), "{error}");
    }
}
