//! Models as tools: each schema keeps its dialect's rules, takes all that the full schema takes, and lists what it can't say.

mod odd;
mod rules;
mod say;

use std::collections::BTreeSet;

use fastrand::Rng;
use runcomfy_client::tool::{Dialect, Dropped, Tool, ToolError};
use runcomfy_live::{Catalogue, LiveModel};
use serde_json::{Map, Value, json};
use workspace_tests::differential::instance::instance;
use workspace_tests::differential::stricter::{breaks_all_parts, has_other_names};
use workspace_tests::differential::{Suite, help};
use workspace_tests::{fixtures, frozen, load, root};

use say::Speaker;

/// The dialects that leave something out.
const REDUCED: [Dialect; 4] = [Dialect::Anthropic, Dialect::OpenAiStrict, Dialect::Gemini, Dialect::Common];

fn published() -> Vec<LiveModel> {
    let catalogue = Catalogue::builder().folder(root().join("schemas")).build().expect("the schemas");
    catalogue.models().entries.iter().map(|entry| catalogue.model(&entry.id).expect("a model")).collect()
}

/// Fixtures, random models and odd ones.
fn strange(seed: u64) -> Vec<LiveModel> {
    let mut suite = Suite::default();
    suite.add_all("frozen", load(&frozen()));
    suite.add_all("fixtures", load(&fixtures()));
    suite.add_random(60, seed);
    suite.live().into_iter().chain(odd::schemas().iter().map(model_of)).collect()
}

fn tool(model: &LiveModel, dialect: Dialect) -> Tool {
    model.tool(dialect).unwrap_or_else(|error| panic!("{} in {dialect:?}: {error}", model.id))
}

#[test]
fn every_schema_keeps_the_rules_of_its_dialect() {
    let models: Vec<LiveModel> = published().into_iter().chain(strange(5)).collect();
    assert!(models.len() > 180);
    for dialect in REDUCED {
        let mut has_broken = 0;
        for model in &models {
            let tool = tool(model, dialect);
            let mut broken = rules::broken(dialect, &tool.schema);
            broken.extend(rules::broken_texts(dialect, &tool.name, &tool.description));
            assert!(broken.is_empty(), "{} in {dialect:?}: {broken:#?}\n{:#}", model.id, tool.schema);
            has_broken += usize::from(!rules::broken(dialect, &model.json_schema()).is_empty());
        }
        assert!(has_broken > 10, "{dialect:?} takes nearly all as it is: {has_broken}");
    }
}

#[test]
fn names_of_tools_are_each_others_in_no_dialect() {
    let models = published();
    let names: BTreeSet<String> = models.iter().map(|model| tool(model, Dialect::Common).name).collect();
    assert_eq!(names.len(), models.len());
    for model in &models {
        assert!(Dialect::ALL.iter().all(|dialect| names.contains(&tool(model, *dialect).name)));
    }
}

/// What instances showed.
#[derive(Debug, Default)]
struct Shown {
    taken: usize,
    only_other_names: usize,
    only_parts: usize,
    lost: usize,
}

/// Puts inputs of a model to a tool of it.
fn put(model: &LiveModel, dialect: Dialect, instances: usize, rng: &mut Rng, shown: &mut Shown) {
    let tool = tool(model, dialect);
    let full = model.json_schema();
    let validator = jsonschema::draft202012::new(&full).expect("a schema");
    let speaker = Speaker::new(dialect, &tool.schema);
    let listed = without_others(&full);
    let mut helped = full.clone();
    help(&mut helped);
    for _ in 0..instances {
        let wrong = [0, 0, 1, 1][rng.usize(0..4)];
        let input = instance(&helped, rng, wrong);
        if !input.is_object() {
            continue;
        }
        let said = speaker.arguments(&input);
        let read = tool.read(&said);
        let place =
            || format!("{} in {dialect:?}\ninput {input}\nsaid  {said}\nread  {read}\n{:#}", model.id, tool.schema);
        let is_taken = speaker.takes(&said);
        if is_taken {
            assert_eq!(without_nulls(&read), without_nulls(&input), "{}", place());
        }
        match validator.is_valid(&input) {
            true if is_taken => shown.taken += 1,
            true if is_closed(&tool) && has_other_names(&listed, &listed, &input) => shown.only_other_names += 1,
            true if breaks_all_parts(&full, &input, &|_| true) => shown.only_parts += 1,
            true => panic!("refused, though the schema takes it: {}\n{full:#}", place()),
            // A null that was left out is no fault any more.
            false if is_taken && !validator.is_valid(&read) => {
                shown.lost += 1;
                for error in validator.iter_errors(&read) {
                    let at = error.instance_path().to_string();
                    let name = at.split('/').nth(1).unwrap_or_default().replace("~1", "/").replace("~0", "~");
                    assert!(is_listed(&tool, &name), "{error} is not listed in {:#?}: {}", tool.dropped, place());
                }
            }
            false => {}
        }
    }
}

/// The schema, if there were no names but the listed ones.
fn without_others(schema: &Value) -> Value {
    match schema {
        Value::Object(keywords) => {
            let kept = keywords.iter().filter(|(keyword, _)| *keyword != "additionalProperties");
            Value::Object(kept.map(|(keyword, value)| (keyword.clone(), without_others(value))).collect())
        }
        Value::Array(parts) => parts.iter().map(without_others).collect(),
        other => other.clone(),
    }
}

/// Whether something that was dropped explains an error at this field of the input.
fn is_listed(tool: &Tool, name: &str) -> bool {
    let top = |field: &str| field.split(['.', '[']).next().unwrap_or_default().to_owned();
    tool.dropped.iter().any(|one| {
        let is_of_field = one.field == name || one.field.starts_with(name) && top(&one.field) == top(name);
        is_of_field || one.field.is_empty() && one.keyword != "additionalProperties"
    })
}

fn is_closed(tool: &Tool) -> bool {
    tool.dropped.iter().any(|one| one.words == "no other names are offered")
}

/// A value without the entries that are null: such a field is left out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let kept = entries.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[test]
fn what_the_full_schema_takes_each_dialect_takes_and_what_is_lost_is_listed() {
    let (published, strange) = (published(), strange(6));
    for dialect in REDUCED {
        let mut rng = Rng::with_seed(3);
        let (mut of_published, mut of_strange) = (Shown::default(), Shown::default());
        published.iter().for_each(|model| put(model, dialect, 30, &mut rng, &mut of_published));
        strange.iter().for_each(|model| put(model, dialect, 60, &mut rng, &mut of_strange));
        assert!(of_published.taken > 1_000 && of_strange.taken > 1_000, "{dialect:?} {of_published:?} {of_strange:?}");
        assert_eq!((of_published.only_other_names, of_published.only_parts), (0, 0));
        assert!(of_strange.only_other_names * 5 < of_strange.taken, "{dialect:?} {of_strange:?}");
        assert!(of_strange.only_parts * 20 < of_strange.taken, "{dialect:?} {of_strange:?}");
        let is_lossy = dialect != Dialect::Anthropic;
        assert!(
            !is_lossy || of_strange.lost > 100 && of_published.lost > 10,
            "{dialect:?} {of_published:?} {of_strange:?}"
        );
    }
}

/// All descriptions of a tool, in lower case.
fn descriptions(schema: &Value, all: &mut String) {
    match schema {
        Value::Object(keywords) => keywords.iter().for_each(|(keyword, value)| match value {
            Value::String(text) if keyword == "description" => *all += &text.to_lowercase(),
            value => descriptions(value, all),
        }),
        Value::Array(parts) => parts.iter().for_each(|part| descriptions(part, all)),
        _ => {}
    }
}

#[test]
fn what_is_dropped_is_said_in_words() {
    let mut said = 0;
    for model in published().iter().chain(&strange(7)) {
        for dialect in REDUCED {
            let tool = tool(model, dialect);
            let mut all = tool.description.to_lowercase();
            descriptions(&tool.schema, &mut all);
            // That there are no other names goes without saying, and samples of the playground are better not said.
            let is_said = |one: &&Dropped| !one.words.starts_with("no other names") && one.keyword != "examples";
            for dropped in tool.dropped.iter().filter(is_said) {
                assert!(!dropped.words.is_empty() && !dropped.keyword.is_empty(), "{dropped:?}");
                // A description has only so much room.
                let is_full = dropped.field.is_empty() && tool.description.ends_with('…');
                assert!(
                    is_full || all.contains(&dropped.words.to_lowercase()),
                    "{} in {dialect:?}: {dropped:?}\n{:#}",
                    model.id,
                    tool.schema
                );
                said += 1;
            }
        }
    }
    assert!(said > 1_000, "{said}");
}

/// A private model with this schema.
fn model_of(schema: &Value) -> LiveModel {
    let folder = tempfile::tempdir().expect("a folder");
    let at = folder.path().join("private/model/base");
    std::fs::create_dir_all(&at).expect("a folder");
    let manifest = "id = \"private/model/base\"\ndisplay_name = \"Private\"\nsource = \"page\"\nupdated = 2026-01-01\n";
    let output = r#"{"type": "object", "properties": {"image": {"type": "string"}}}"#;
    for (name, text) in [("model.toml", manifest), ("input.json", &schema.to_string()), ("output.json", output)] {
        std::fs::write(at.join(name), text).expect("a file");
    }
    let catalogue = Catalogue::builder().folder(folder.path()).build().expect("a folder of schemas");
    catalogue.model("private/model/base").unwrap_or_else(|error| panic!("{error}"))
}

fn fields(count: usize, of: impl Fn(usize) -> Value) -> Value {
    let properties: Map<String, Value> = (0..count).map(|place| (format!("field_{place}"), of(place))).collect();
    json!({"type": "object", "properties": properties})
}

#[test]
fn a_model_that_is_too_large_for_a_host_is_refused_in_words() {
    let values =
        |count: usize| json!({"type": "string", "enum": (0..count).map(|n| format!("v{n}")).collect::<Vec<_>>()});
    let long = "x".repeat(1_300);
    let many = |count: usize| {
        let texts: Vec<String> = (0..count).map(|place| format!("{place:060}")).collect();
        fields(1, |_| json!({"type": "string", "enum": texts}))
    };
    for (schema, what) in [
        (fields(5_001, |_| json!({"type": "integer"})), "5001 properties"),
        (fields(1, |_| values(1_001)), "listed values"),
        (fields(99, |n| json!({"type": "string", "enum": [format!("{long}{n}")]})), "characters"),
        (many(251), "characters in one long list"),
    ] {
        let model = model_of(&schema);
        for dialect in [Dialect::OpenAiStrict, Dialect::Common] {
            let error = model.tool(dialect).expect_err("too large");
            assert!(matches!(error, ToolError::TooLarge { .. }) && error.to_string().contains(what), "{error}");
        }
        assert!(model.tool(Dialect::Gemini).is_ok() && model.tool(Dialect::Anthropic).is_ok());
    }
    assert!(model_of(&fields(5_000, |_| json!({"type": "integer"}))).tool(Dialect::OpenAiStrict).is_ok());
    assert!(model_of(&many(250)).tool(Dialect::OpenAiStrict).is_ok());
}

#[test]
fn what_lies_deeper_than_a_host_looks_is_given_as_json_text() {
    let nest = |depth: usize| {
        (0..depth).fold(
            json!({"type": "integer"}),
            |inner, _| json!({"type": "object", "properties": {"in": inner}, "required": ["in"]}),
        )
    };
    let model = model_of(&json!({"type": "object", "properties": {"a": nest(12)}}));
    let tool = tool(&model, Dialect::OpenAiStrict);
    assert_eq!(rules::broken(Dialect::OpenAiStrict, &tool.schema), Vec::<String>::new());
    let input = json!({"a": (0..12).fold(json!(7), |inner, _| json!({"in": inner}))});
    let said = Speaker::new(Dialect::OpenAiStrict, &tool.schema).arguments(&input);
    assert!(said.to_string().contains('\\'), "{said}");
    assert_eq!(tool.read(&said), input);
}

#[test]
fn arguments_are_read_as_hosts_send_them() {
    let model = model_of(&json!({"type": "object", "required": ["prompt", "note"], "properties": {
        "prompt": {"type": "string", "minLength": 1, "maxLength": 40},
        "note": {"type": ["string", "null"]},
        "steps": {"type": "integer", "minimum": 1, "maximum": 40, "default": 12},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10, "uniqueItems": true},
        "weights": {"type": "object", "additionalProperties": {"type": "number"}}
    }}));
    let strict = tool(&model, Dialect::OpenAiStrict);
    let call = json!({"prompt": "A fox", "note": null, "steps": null, "tags": ["a"], "weights": "{\"a\": 0.5}"});
    let input = json!({"prompt": "A fox", "note": null, "tags": ["a"], "weights": {"a": 0.5}});
    assert_eq!(strict.read(&call), input);
    assert_eq!(strict.read(&call.to_string().into()), input, "some hosts send text");
    assert!(model.to_wire(&strict.read(&call)).is_ok());
    let prompt = strict.schema["properties"]["prompt"]["description"].as_str().unwrap_or_default();
    assert!(prompt.ends_with("1 to 40 characters."), "{prompt}");
    assert_eq!(strict.schema["properties"]["steps"]["type"], json!(["integer", "null"]));
    let common = tool(&model, Dialect::Common);
    assert_eq!(common.schema["required"], json!(["prompt"]));
    assert_eq!(common.read(&json!({"prompt": "A fox"})), json!({"prompt": "A fox", "note": null}));
    // What no dialect could say is enforced nevertheless.
    let broken =
        model.to_wire(&strict.read(&json!({"prompt": "", "note": null, "tags": ["a", "a"]}))).expect_err("invalid");
    assert_eq!(broken.iter().map(|one| one.name().to_owned()).collect::<Vec<_>>(), ["prompt", "tags"]);
}
