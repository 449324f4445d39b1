//! A folder that was synced without the sentences that are published, and gets them later: whatever titles, descriptions and
//! samples say, no name moves, no order, no type; and none moves when they go again.

use std::path::Path;

use fastrand::Rng;
use runcomfy_codegen::cli::{self, Project};
use runcomfy_codegen::diff::Verdict;
use runcomfy_codegen::ir::Catalog;
use serde_json::{Map, Value, json};
use workspace_tests::{load, root, sync_into};

/// Keywords whose values are schemas: one or a list, and by name.
const PARTS: [&str; 8] = ["items", "prefixItems", "additionalProperties", "allOf", "anyOf", "oneOf", "not", "contains"];
const NAMED: [&str; 3] = ["properties", "$defs", "definitions"];

#[test]
fn sentences_that_come_later_move_nothing() {
    for seed in 0..2 {
        let mut rng = Rng::with_seed(seed);
        let bare = entries(&mut rng);
        let told: Vec<Value> = bare.iter().map(|entry| with_texts(entry, &mut rng)).collect();
        let folder = tempfile::tempdir().expect("a folder");
        let take = |entries: &[Value], facts_only| {
            let answer = sync_into(folder.path(), &json!({"models": entries, "total": entries.len()}), facts_only);
            assert_eq!(answer.code, 0, "seed {seed}: {}", answer.err);
            lock(folder.path());
            runcomfy_codegen::catalog(&load(folder.path())).unwrap_or_else(|errors| panic!("{errors}"))
        };
        let facts = take(&told, true);
        assert_eq!(facts.models.len(), bare.len());
        for facts_only in [false, true] {
            let now = take(&told, facts_only);
            assert!(texts(&now) != texts(&facts) || facts_only, "there must be texts to come");
            assert_eq!(without_texts(&now), without_texts(&facts), "seed {seed}");
            let report = cli::compare(&facts, "later", load(folder.path())).unwrap_or_else(|errors| panic!("{errors}"));
            assert!(report.verdict() != Some(Verdict::Breaking), "{:?}", report.changes);
        }
    }
}

/// Some of the published models, and made-up ones with node ids, as the catalogue lists them without a sentence.
fn entries(rng: &mut Rng) -> Vec<Value> {
    let mut published = load(&root().join("schemas")).models;
    published.retain(|_| rng.u8(0..6) == 0);
    let published = published.into_iter().map(|model| {
        let input: Value = serde_json::from_str(&model.input.text).expect("JSON");
        (model.folder, input)
    });
    let made_up = synthetic::models(40, rng.u64(..)).into_iter().map(|model| (model.id, model.input));
    let all = published.chain(made_up).map(|(id, mut input)| {
        bare(&mut input);
        distinct_parts(&mut input, rng);
        json!({"model_id": id, "input_schema": input})
    });
    all.collect()
}

/// Gives keys node ids, or other ones: without titles, the inputs of the nodes are all that names them.
fn distinct_parts(input: &mut Value, rng: &mut Rng) {
    let has_node_ids = |key: &str| key.starts_with(|c: char| c.is_ascii_digit());
    let properties = input["properties"].as_object().expect("properties").clone();
    if !properties.keys().any(|key| has_node_ids(key)) && rng.bool() {
        return;
    }
    let mut keys: Vec<(String, String)> = Vec::new();
    for (place, key) in properties.keys().enumerate() {
        let part = key.rsplit_once('_').map_or(key.as_str(), |(_, part)| part);
        keys.push((
            key.clone(),
            format!("{}_{part}_{}", rng.u8(1..), ["a", "b", "c", "d", "e"][place % 5].repeat(1 + place / 5)),
        ));
    }
    let renamed =
        |key: &Value| keys.iter().find(|(old, _)| *key == **old).map_or(key.clone(), |(_, new)| new.as_str().into());
    input["properties"] = properties
        .iter()
        .map(|(key, part)| (renamed(&key.as_str().into()).as_str().unwrap_or_default().to_owned(), part.clone()))
        .collect();
    if let Some(required) = input["required"].as_array() {
        input["required"] = required.iter().map(renamed).collect();
    }
    // What else speaks of keys is not what this is about.
    let kept = ["type", "properties", "required", "$defs", "definitions"];
    input.as_object_mut().expect("an object").retain(|keyword, _| kept.contains(&keyword.as_str()));
}

/// Calls back for every schema within a schema.
fn each(schema: &mut Value, call: &mut dyn FnMut(&mut Map<String, Value>)) {
    let Some(map) = schema.as_object_mut() else { return };
    call(map);
    for keyword in PARTS {
        match map.get_mut(keyword) {
            Some(Value::Array(parts)) => parts.iter_mut().for_each(|part| each(part, call)),
            Some(part) => each(part, call),
            None => {}
        }
    }
    for keyword in NAMED {
        let parts = map.get_mut(keyword).and_then(Value::as_object_mut);
        parts.into_iter().flat_map(|parts| parts.values_mut()).for_each(|part| each(part, call));
    }
}

fn bare(schema: &mut Value) {
    each(schema, &mut |schema| {
        ["title", "description"].iter().for_each(|text| drop(schema.remove(*text)));
        if !schema.contains_key("enum")
            && schema.get("default").is_some_and(|default| default.to_string().contains('"'))
        {
            schema.remove("default");
        }
    });
}

/// The same entry with sentences and samples wherever there may be some. Titles are unique, repeated, or mean another field.
fn with_texts(entry: &Value, rng: &mut Rng) -> Value {
    let mut entry = entry.clone();
    let keys: Vec<String> =
        entry["input_schema"]["properties"].as_object().expect("properties").keys().cloned().collect();
    let (mut count, repeated) = (0, rng.bool());
    each(&mut entry["input_schema"], &mut |schema| {
        count += 1;
        let title = match rng.u8(0..5) {
            0 if repeated => "Value".to_owned(),
            1 => rng.choice(&keys).cloned().unwrap_or_default(),
            2 => "提示".repeat(count),
            3 => return,
            _ => format!("Title {count} (High Noise)"),
        };
        schema.insert("title".to_owned(), title.into());
        schema.insert("description".to_owned(), format!("What {count} does.").into());
        if schema.get("type") == Some(&"string".into())
            && !["enum", "const", "default"].iter().any(|word| schema.contains_key(*word))
        {
            let sample = if schema.contains_key("format") { "https://example.com/sample.png" } else { "A sample" };
            schema.insert("default".to_owned(), sample.into());
        }
    });
    entry
}

/// Writes the locks, as `generate` does.
fn lock(schemas: &Path) {
    let project = Project { schemas: schemas.to_owned(), out: None, command: "lock", flags: Vec::new() };
    let answer = project.generate().unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(answer.code, 0, "{answer:?}");
}

/// The representation without what people read, and that text alone.
fn without_texts(catalog: &Catalog) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(map) => {
                ["title", "description", "default", "message", "facts"].iter().for_each(|text| drop(map.remove(*text)));
                map.values_mut().for_each(strip);
            }
            Value::Array(parts) => parts.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut whole = serde_json::to_value(catalog).expect("JSON");
    strip(&mut whole);
    whole
}

fn texts(catalog: &Catalog) -> usize {
    serde_json::to_string(catalog).expect("JSON").matches("A sample").count()
}
