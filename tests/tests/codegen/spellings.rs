//! Random unions, each spelled in several ways that mean the same: the generated code is the same but for the rules, and
//! every value is read as the same form, stored and sent as it was read.

use fastrand::Rng;
use runcomfy_codegen::{ModelSource, Placement, Sources, catalog, emit_package};
use serde_json::{Value, json};
use workspace_tests::differential::instance::instance;
use workspace_tests::differential::subject::Subject;
use workspace_tests::spellings::{PROGRAM, Spelling, model};
use workspace_tests::stability::Spec;
use workspace_tests::stability::api::{public_api, wire_keys};
use workspace_tests::stability::shape::{Maker, TrueUnion};

/// Ways to spell each union.
const SPELLINGS: usize = 4;

fn union(rng: &mut Rng) -> TrueUnion {
    let nothing = Spec { id: String::new(), fields: Vec::new(), overrides: String::new() };
    Maker::of(&nothing, 0).union(rng, 0)
}

/// The generated file of a model with a field of this schema.
fn code(schema: &Value) -> String {
    let sources = Sources { models: vec![model("random/model/base", schema)], ..Sources::default() };
    let catalog = catalog(&sources).unwrap_or_else(|errors| panic!("{schema}\n{errors}"));
    let package = emit_package(&catalog, &Placement::Workspace).unwrap_or_else(|errors| panic!("{schema}\n{errors}"));
    package.files["src/random/model/base.rs"].clone()
}

#[test]
fn one_union_is_one_type_however_it_is_spelled() {
    for seed in 0..60 {
        let mut rng = Rng::with_seed(seed);
        let union = union(&mut rng);
        let schemas: Vec<Value> = (0..SPELLINGS).map(|_| Spelling::random(&mut rng).spell(&union)).collect();
        let seen: Vec<_> = schemas
            .iter()
            .map(|schema| {
                let code = code(schema);
                let mut keys = wire_keys(&code);
                keys.sort();
                keys.dedup();
                (public_api(&code), keys)
            })
            .collect();
        for (schema, other) in schemas.iter().zip(&seen) {
            assert_eq!(seen[0], *other, "seed {seed}:\n{}\n{schema}", schemas[0]);
        }
    }
}

#[test]
fn every_value_is_read_as_the_same_form_however_its_union_is_spelled() {
    let mut rng = Rng::with_seed(7);
    let (mut models, mut schemas): (Vec<ModelSource>, Vec<Value>) = (Vec::new(), Vec::new());
    for place in 0..15 {
        let union = union(&mut rng);
        for way in 0..SPELLINGS {
            let schema = Spelling::random(&mut rng).spell(&union);
            models.push(model(&format!("random/union-{place}/way-{way}"), &schema));
            schemas.push(schema);
        }
    }
    let mut program = Subject::of(PROGRAM, "all", "spellings", &models, &[], false);
    let (mut read, mut refused) = (0, 0);
    for union in 0..schemas.len() / SPELLINGS {
        let ways: Vec<usize> = (0..SPELLINGS).map(|way| union * SPELLINGS + way).collect();
        for count in 0..40 {
            let schema = &schemas[ways[count % SPELLINGS]];
            let value = serde_json::json!({"v": instance(schema, &mut rng, usize::from(count % 4 == 3))});
            let asked: Vec<(usize, Value)> = ways.iter().map(|way| (*way, value.clone())).collect();
            let replies = program.replies(&asked);
            for (way, reply) in ways.iter().zip(&replies) {
                assert_eq!(reply["value"], replies[0]["value"], "{value}:\n{schema}\n{}\n{replies:#?}", schemas[*way]);
                if reply["value"].is_string() {
                    assert_eq!(reply["stored"], reply["value"], "{value}: {}", schemas[*way]);
                    assert_eq!(reply["sent"], reply["value"], "{value}: {}", schemas[*way]);
                    assert_eq!(reply["wire"], replies[0]["wire"], "{value}: {}", schemas[*way]);
                    read += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(read > refused && refused > 100, "{read} read, {refused} refused");
}

/// The fields of a model's input.
fn fields_of(schema: &Value) -> Vec<runcomfy_codegen::ir::Field> {
    let package = workspace_tests::hostile::model(&schema.to_string());
    let sources = Sources { models: vec![package], ..Sources::default() };
    let catalog = catalog(&sources).unwrap_or_else(|errors| panic!("{errors}"));
    catalog.models[0].types[0].kind.object().expect("the input").fields.clone()
}

/// A reference leads into what is wrapped on the way, and to keys that look like escapes and are none.
#[test]
fn a_reference_leads_to_what_was_published_there() {
    use runcomfy_codegen::ir::{Rule, Ty};
    let fields = fields_of(&json!({
        "type": "object",
        "$defs": {"a%+Fb": {"type": "boolean"}},
        "properties": {
            "x": {"nullable": true, "anyOf": [{"type": "integer", "maximum": 3}, {"type": "string"}]},
            "y": {"$ref": "#/properties/x/anyOf/0"},
            "z": {"$ref": "#/$defs/a%+Fb"}
        },
        "required": ["x", "y", "z"]
    }));
    let of = |key: &str| fields.iter().find(|field| field.key == key).expect("a field");
    assert_eq!((&of("y").ty, &of("z").ty), (&Ty::I64, &Ty::Bool));
    assert!(of("y").rules.contains(&Rule::Maximum(3.into())), "{:?}", of("y").rules);
    assert!(matches!(of("x").ty, Ty::Nullable(_)), "{:?}", of("x").ty);
}

/// What a part of a schema says of objects narrows nothing for a value that is none.
#[test]
fn a_part_that_speaks_of_objects_leaves_other_values_alone() {
    use runcomfy_codegen::ir::{Rule, Ty};
    let fields = fields_of(&json!({"type": "object", "required": ["v", "w"], "properties": {
        "v": {"type": ["object", "null"], "allOf": [{"required": ["a"]}]},
        "w": {"type": ["array", "object"], "allOf": [{"properties": {"a": {"const": 1}}}]}
    }}));
    for (key, types) in [("v", ["object", "null"]), ("w", ["array", "object"])] {
        let field = fields.iter().find(|field| field.key == key).expect("a field");
        let [Rule::Type(published), Rule::AllOf(parts)] = &field.rules[..] else { panic!("{:?}", field.rules) };
        assert_eq!(published, &types);
        assert!(parts.iter().flatten().all(|rule| !matches!(rule, Rule::Type(_))), "{parts:?}");
        assert_eq!(matches!(field.ty, Ty::Nullable(_)), key == "v", "{:?}", field.ty);
    }
}
