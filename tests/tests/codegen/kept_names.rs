//! Names of types and values that a new schema must leave as they are, wherever in a field they stand.

use runcomfy_codegen::ir::{Choice, Model, Ty, TypeKind};
use runcomfy_codegen::{ModelSource, SourceFile, Sources, catalog};
use serde_json::{Value, json};

/// A model with this input, named after what a lock remembers.
fn named(input: &Value, before: Option<&Model>) -> Model {
    named_with(input, &json!({"type": "object", "properties": {}}), before)
}

fn named_with(input: &Value, output: &Value, before: Option<&Model>) -> Model {
    let file = |name: &str, text: String| SourceFile { path: format!("a/b/{name}"), text };
    let manifest = "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-01-01\n".to_owned();
    let model = ModelSource {
        folder: "a/b".to_owned(),
        manifest: file("model.toml", manifest),
        input: file("input.json", input.to_string()),
        output: file("output.json", output.to_string()),
        lock: before.map(|before| file("names.lock", before.lock.render())),
        overrides: None,
    };
    let sources = Sources { models: vec![model], ..Sources::default() };
    catalog(&sources).unwrap_or_else(|errors| panic!("{input}\n{errors}")).models.remove(0)
}

/// The names of the types that a field leads to.
fn types(model: &Model, field: &str) -> Vec<String> {
    let TypeKind::Object(input) = &model.types[0].kind else { panic!("an object") };
    let ty: &Ty = &input.fields.iter().find(|known| known.key == field).expect("the field").ty;
    ty.places().into_iter().map(|(_, id)| model.types[id].name.clone()).collect()
}

/// The variants of all enums, with their types and values.
fn variants(model: &Model) -> Vec<String> {
    let of = |choice: &Choice, name: &str| -> Vec<String> {
        choice.values.iter().map(|value| format!("{name}::{} {}", value.variant, value.value)).collect()
    };
    let choices = model.types.iter().filter_map(|one| match &one.kind {
        TypeKind::Choice(choice) => Some(of(choice, &one.name)),
        _ => None,
    });
    choices.flatten().collect()
}

#[test]
fn a_value_keeps_its_variant_wherever_the_list_stands() {
    let texts = |values: &[&str]| json!({"type": "string", "enum": values});
    let (old, new) = (texts(&["a b", "c"]), texts(&["a-b", "c", "a b"]));
    let places: [fn(&Value) -> Value; 8] = [
        Value::clone,
        |texts| json!({"type": "array", "items": texts}),
        |texts| json!({"type": "object", "additionalProperties": texts}),
        |texts| json!({"type": "object", "additionalProperties": {"type": "array", "items": texts}}),
        |texts| json!({"type": "array", "items": {"type": "object", "additionalProperties": texts}}),
        |texts| json!({"type": "array", "prefixItems": [texts, texts], "minItems": 2, "items": false}),
        |texts| json!({"anyOf": [{"type": "object", "additionalProperties": texts}, {"type": "integer"}]}),
        |texts| json!({"type": ["object", "null"], "additionalProperties": {"anyOf": [texts, {"type": "boolean"}]}}),
    ];
    for place in places {
        let input = |texts: &Value| json!({"type": "object", "properties": {"v": place(texts)}});
        let before = named(&input(&old), None);
        let after = named(&input(&new), Some(&before));
        let (had, has) = (variants(&before), variants(&after));
        assert!(had.len() >= 2 && had.iter().all(|variant| has.contains(variant)), "{had:?} became {has:?}");
    }
}

#[test]
fn types_of_a_tuple_are_named_for_their_places() {
    let texts = json!({"type": "string", "enum": ["a", "b"]});
    let pair =
        |one: &Value, two: &Value| json!({"type": "array", "prefixItems": [one, two], "minItems": 2, "items": false});
    let input = |v: Value| json!({"type": "object", "properties": {"v": v}});
    assert_eq!(types(&named(&input(pair(&texts, &texts)), None), "v"), ["VItem0", "VItem1"]);
    let deep = named(&input(pair(&texts, &pair(&texts, &texts))), None);
    assert_eq!(types(&deep, "v"), ["VItem0", "VItem10", "VItem11"]);
    let object = json!({"type": "object", "properties": {"x": texts}});
    let form = named(&input(json!({"anyOf": [pair(&object, &object), {"type": "string"}]})), None);
    let names: Vec<&str> = form.types.iter().map(|one| one.name.as_str()).collect();
    assert!(names.contains(&"VListItem0") && names.contains(&"VListItem1"), "{names:?}");
}

#[test]
fn a_definition_keeps_its_name_when_one_of_its_fields_leaves_it() {
    let image = json!({"type": "object", "properties": {"url": {"type": "string"}}});
    let other = json!({"type": "object", "properties": {"height": {"type": "integer"}}});
    let shared = json!({"$ref": "#/$defs/Img"});
    let input =
        |a: &Value, b: &Value| json!({"type": "object", "properties": {"a": a, "b": b}, "$defs": {"Img": image}});
    let before = named(&input(&shared, &shared), None);
    assert_eq!([types(&before, "a"), types(&before, "b")], [["Img"], ["Img"]]);
    let after = named(&input(&other, &shared), Some(&before));
    assert_eq!([types(&after, "a"), types(&after, "b")], [["A"], ["Img"]]);
    // A type that was there first keeps its name, too.
    let img = |a: &Value, more: &Value| json!({"type": "object", "properties": {"img": a, "b": more}, "$defs": {"Img": image}});
    let before = named(&img(&other, &json!({"type": "string"})), None);
    let after = named(&img(&other, &shared), Some(&before));
    assert_eq!([types(&after, "img"), types(&after, "b")], [["Img"], ["ImgValue"]]);
}

#[test]
fn definitions_of_input_and_output_may_have_one_name() {
    let image = |key: &str| {
        json!({"type": "object", "properties": {"1_v": {"$ref": "#/$defs/Img"}, "b": {"type": "string"}},
        "$defs": {"Img": {"type": "object", "properties": {key: {"type": "string"}}}}})
    };
    let model = named_with(&image("url"), &image("path"), None);
    let names: Vec<&str> = model.types.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["Input", "Img", "Output", "OutputImg"]);
    // One that comes later takes no name away.
    let alone = named_with(&json!({"type": "object", "properties": {"a": {}}}), &image("path"), None);
    let after = named_with(&image("url"), &image("path"), Some(&alone));
    let names: Vec<&str> = after.types.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((names[1], names[3]), ("ImgValue", "Img"));
}
