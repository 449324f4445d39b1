//! The JSON Schema of the generated types: what it says of a model, and that it accepts what they accept.

use downstream::models::community::wan_2_2::vace_fun;
use runcomfy::schemars::{SchemaGenerator, schema_for};
use runcomfy_client::rt;
use serde_json::{Value, json};
use workspace_tests::differential::Suite;
use workspace_tests::{fixtures, frozen, load};

#[test]
fn a_schema_has_readable_names_titles_defaults_and_all_rules() {
    let schema = schema_for!(vace_fun::Input).to_value();
    assert_eq!(schema["title"], "models.community.wan_2_2.vace_fun.Input");
    assert_eq!(schema["required"], json!(["prompt", "image"]));
    assert_eq!(schema["additionalProperties"], false);
    let steps = &schema["properties"]["steps"];
    assert_eq!(
        *steps,
        json!({
            "title": "Steps",
            "description": "How often the picture is refined: more takes longer and gives finer detail.",
            "type": "integer", "minimum": 2, "maximum": 40, "default": 12
        })
    );
    let resolution = &schema["properties"]["resolution"]["enum"];
    let values: Vec<Value> = vace_fun::Resolution::ALL.iter().map(|value| json!(value.as_str())).collect();
    assert_eq!(*resolution, json!(values));
    assert!(!schema.to_string().contains("47_value"), "no wire key shows");
}

/// A sample from the playground must not be taken for what the server does.
#[test]
fn samples_are_examples_and_no_defaults() {
    let schema = schema_for!(vace_fun::Input).to_value();
    for name in ["prompt", "image"] {
        let field = &schema["properties"][name];
        assert!(field.get("default").is_none() && field["examples"].is_array(), "{field}");
    }
}

#[test]
fn a_list_of_media_tells_its_rules_in_whole_sentences() {
    static RULE: rt::Validation = rt::Validation {
        rule: "file_size_mb<",
        value: rt::Number::Int(30),
        message: "At most 30 MB each",
        checker: |_, _| None,
    };
    static TABLE: rt::Table = rt::Table {
        fields: &[rt::Field {
            name: "images",
            key: "7_images",
            description: "What to blend",
            rules: &[
                rt::Rule::Type(rt::Types::ARRAY),
                rt::Rule::Items(&[rt::Rule::Media(rt::MediaKind::Image), rt::Rule::Validation(&RULE)]),
            ],
            ..rt::Field::BLANK
        }],
        ..rt::Table::BLANK
    };
    let schema = rt::json_schema(&TABLE, "Blend", &mut SchemaGenerator::default()).to_value();
    let description = schema["properties"]["images"]["description"].as_str().expect("a description");
    assert!(
        description.starts_with("What to blend. ") && description.ends_with(". At most 30 MB each"),
        "{description}"
    );
}

/// Objects of unions keep their published keys, which may be anything.
#[test]
fn an_object_that_holds_itself_under_an_odd_key_can_be_referred_to() {
    static NODE: rt::Table = rt::Table {
        fields: &[
            rt::Field { name: "a/b c%", key: "a/b c%", rules: &[rt::Rule::AnyOf(&[&INNER])], ..rt::Field::BLANK },
            rt::Field { name: "ä.~", key: "ä.~", rules: &[rt::Rule::AnyOf(&[&INNER])], ..rt::Field::BLANK },
        ],
        open: true,
        ..rt::Table::BLANK
    };
    static INNER_TABLE: rt::Table = rt::Table {
        fields: &[rt::Field { name: "", key: "", rules: &INNER, ..rt::Field::BLANK }],
        open: true,
        ..rt::Table::BLANK
    };
    static INNER: [rt::Rule; 2] =
        [rt::Rule::Type(rt::Types::OBJECT), rt::Rule::Properties(rt::TableRef::Static(&INNER_TABLE))];
    let mut generator = SchemaGenerator::default();
    let mut schema = rt::json_schema(&NODE, "Node", &mut generator).to_value();
    schema["$defs"] = generator.definitions().clone().into();
    assert_eq!(generator.definitions().len(), 2, "{schema}");
    let validator = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}: {schema}"));
    assert!(validator.is_valid(&json!({"a/b c%": {"": {"": {}}}})));
    assert!(!validator.is_valid(&json!({"ä.~": {"": {"": 5}}})));
}

#[test]
fn types_of_two_models_stand_in_one_document() {
    let mut generator = SchemaGenerator::default();
    let input = generator.subschema_for::<vace_fun::Input>().to_value();
    let output = generator.subschema_for::<vace_fun::Output>().to_value();
    assert_eq!(input["$ref"], "#/$defs/models.community.wan_2_2.vace_fun.Input");
    assert_eq!(output["$ref"], "#/$defs/models.shared.MediaOutput");
    assert_eq!(generator.definitions().len(), 2);
}

#[test]
fn the_schema_accepts_what_the_types_accept() {
    let mut suite = Suite::default();
    suite.add_all("frozen", load(&frozen()));
    suite.add_all("fixtures", load(&fixtures()));
    suite.add_random(20, 3);
    let counts = suite.run_readable(10_000, 1);
    let Some(first) = counts.disagreements.first() else {
        assert!(counts.accepted > 2_000 && counts.refused > 2_000, "{counts:?}");
        return;
    };
    panic!("{} disagreements, the first: {first}", counts.disagreements.len());
}
