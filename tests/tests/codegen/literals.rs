//! No two values of one type go by their place: where they could be exchanged, `new` takes a literal that names them.

use std::collections::BTreeSet;

use fastrand::Rng;
use quote::ToTokens as _;
use runcomfy_codegen::{Placement, Sources, catalog, emit_package};
use serde_json::json;
use syn::{FnArg, ImplItem, Item};
use workspace_tests::differential::model;
use workspace_tests::stability::Spec;
use workspace_tests::{fixtures, load};

/// The generated files of these models.
fn files(sources: &Sources) -> Vec<syn::File> {
    let catalog = catalog(sources).unwrap_or_else(|errors| panic!("{errors}"));
    let package = emit_package(&catalog, &Placement::Workspace).unwrap_or_else(|errors| panic!("{errors}"));
    let rust = package.files.iter().filter(|(path, _)| path.ends_with(".rs"));
    rust.map(|(path, text)| syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"))).collect()
}

/// The types that each `new` takes, by the type it makes.
fn parameters(file: &syn::File) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for item in &file.items {
        let Item::Impl(item) = item else { continue };
        for function in &item.items {
            let ImplItem::Fn(function) = function else { continue };
            if function.sig.ident == "new" {
                let ty = |argument: &FnArg| match argument {
                    FnArg::Typed(argument) => argument.ty.to_token_stream().to_string(),
                    FnArg::Receiver(_) => String::new(),
                };
                found.push((item.self_ty.to_token_stream().to_string(), function.sig.inputs.iter().map(ty).collect()));
            }
        }
    }
    found
}

#[test]
fn no_two_parameters_have_one_type() {
    let mut rng = Rng::with_seed(3);
    let random = (0..60).map(|place| Spec::random(&mut rng, &format!("random/model/m{place}")).source(None));
    let random = Sources { models: random.collect(), ..Sources::default() };
    let mut literals = 0;
    for (name, types) in [load(&fixtures()), random].iter().flat_map(files).flat_map(|file| parameters(&file)) {
        let distinct: BTreeSet<&String> = types.iter().collect();
        assert!(distinct.len() == types.len() && types.len() <= 5, "{name}::new takes {types:?}");
        literals += usize::from(types.len() == 1 && types[0].ends_with("Required"));
    }
    assert!(literals > 10, "only {literals} literals");
}

#[test]
fn nested_structs_and_what_is_one_type_by_another_name_take_literals() {
    let image = json!({"type": "string", "format": "image_uri"});
    let pair = |one: &serde_json::Value, other: &serde_json::Value| json!({"type": "object", "properties": {"first": one, "last": other}, "required": ["first", "last"]});
    let short = json!({"anyOf": [{"type": "string", "maxLength": 10}, {"type": "string", "pattern": "^a"}]});
    let text = json!({"type": "string"});
    let number = json!({"type": "number"});
    let schema = json!({
        "type": "object",
        "properties": {
            "frames": pair(&image, &image), "style": pair(&short, &text), "hint": pair(&text, &json!({"type": ["string", "null"]})),
            "note": pair(&text, &json!({})), "parts": {"type": "array", "items": pair(&number, &number)},
            "size": {"anyOf": [pair(&number, &number), {"type": "string"}]}, "mixed": pair(&text, &image),
            "camera_required": {"type": "string", "enum": ["a", "b"]}, "camera": pair(&number, &number)
        }
    });
    let files = files(&Sources { models: vec![model(&schema)], ..Sources::default() });
    let found: BTreeSet<String> =
        files.iter().flat_map(parameters).map(|(name, types)| format!("{name}({})", types.join(", "))).collect();
    let expected = [
        "Camera(CameraRequired)",
        "Frames(FramesRequired)",
        "Hint(HintRequired)",
        "Input()",
        "Mixed(impl Into < String >, ImageInput)",
        "Note(NoteRequired)",
        "Part(PartRequired)",
        "SizeObject(SizeObjectRequired)",
        "Style(StyleRequired)",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
}
