//! The catalogue of real models, where it lies beside the project: names, code, docs, and what a changed copy is told to
//! change. Its texts are nobody's to commit; ids, keys and names are facts.

use std::fmt::Write as _;

use runcomfy_codegen::diff::{self, Verdict};
use runcomfy_codegen::ir::{Catalog, TypeKind};
use runcomfy_codegen::{catalog, cli};
use serde_json::{Value, json};
use workspace_tests::{cargo, catalogue, catalogue_response, generate, root, synced};

/// Where the names are written down.
const NAMES: &str = "tests/names.txt";

#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn skip() {
    eprintln!("skipped: ../shared/catalog/models-response.json is not there");
}

#[test]
fn every_key_has_the_name_that_was_written_down() {
    let Some(sources) = catalogue() else { return skip() };
    assert!(
        sources.models.iter().all(|model| model.overrides.is_none()),
        "the head of {NAMES} says that none is needed"
    );
    let names = names(&catalog(&sources).unwrap_or_else(|errors| panic!("{errors}")));
    let file = root().join(NAMES);
    if std::env::var_os("INSTA_UPDATE").is_some_and(|wish| wish == "always") {
        std::fs::write(&file, &names).expect("written");
    }
    let committed = std::fs::read_to_string(&file).expect("the committed names").replace("\r\n", "\n");
    let differ = names.lines().zip(committed.lines()).find(|(now, then)| now != then);
    assert!(names == committed, "review them, with INSTA_UPDATE=always: {differ:?}");
}

/// Every model with its module, and every key of its input with its name and type.
fn names(catalog: &Catalog) -> String {
    let mut text = "\
# Every model of the real catalogue with its module, and every wire key with its name. Where both are equal it stands once.
# No name needed an override.
"
    .to_owned();
    for model in &catalog.models {
        let module = &model.module;
        _ = writeln!(text, "\n{} {}::{}::{}", model.id, module.provider, module.family, module.variant);
        for of in &model.types[..model.input_types] {
            let TypeKind::Object(object) = &of.kind else { continue };
            for field in &object.fields {
                let owner = if of.name == "Input" { String::new() } else { format!("{}.", of.name) };
                let name = if field.name == field.key { String::new() } else { format!(" {}", field.name) };
                _ = writeln!(text, "  {owner}{}{name}", field.key);
            }
        }
    }
    text
}

#[test]
fn a_hundred_and_twenty_models_compile_and_are_documented_without_warnings() {
    let Some(sources) = catalogue() else { return skip() };
    assert_eq!(sources.models.len(), 120);
    let out = cargo::write("catalogue-crate", &generate(&sources));
    let all = ["--no-default-features", "--features", "all"];
    cargo::run(&out, &[&["rustc"], &all[..], &["--lib", "--profile", "check", "--", "-D", "warnings"]].concat());
    cargo::run(&out, &[&["doc"], &all[..], &["--no-deps"]].concat());
}

#[test]
fn a_changed_copy_is_told_change_by_change() {
    let Some(mut response) = catalogue_response() else { return skip() };
    let old = catalog(&synced(&response)).unwrap_or_else(|errors| panic!("{errors}"));
    let models = response["models"].as_array_mut().expect("models");
    let gone = models.remove(0)["model_id"].as_str().expect("an id").to_owned();
    models.push(json!({"model_id": "acme/new", "input_schema": {"type": "object", "properties": {"prompt": {"type": "string"}}}}));
    let properties = |model: &Value| model["input_schema"]["properties"].as_object().expect("properties").clone();
    let of_type = |model: &Value, wanted: &dyn Fn(&Value) -> bool| {
        properties(model).iter().find(|(_, schema)| wanted(schema)).map(|(key, _)| key.clone())
    };
    // In three models: a value goes, a bound moves, a field comes.
    let (at, key) = (models.iter().enumerate())
        .find_map(|(at, model)| {
            Some((at, of_type(model, &|schema| schema["enum"].as_array().is_some_and(|list| list.len() > 1))?))
        })
        .expect("an enum");
    let value =
        models[at]["input_schema"]["properties"][&key]["enum"].as_array_mut().and_then(Vec::pop).expect("a value");
    let (bounded, bound) = (models.iter().enumerate().skip(at + 1))
        .find_map(|(at, model)| Some((at, of_type(model, &|schema| schema["maximum"].is_i64())?)))
        .expect("a bound");
    let maximum = &mut models[bounded]["input_schema"]["properties"][&bound]["maximum"];
    *maximum = json!(maximum.as_i64().expect("a number") + 1);
    models[bounded + 1]["input_schema"]["properties"]["news"] = json!({"type": "string"});
    let told = [&gone, "acme/new", "variants are gone", "news", &bound].map(str::to_owned);

    let report = cli::compare(&old, "changed", synced(&response)).unwrap_or_else(|errors| panic!("{errors}"));
    assert_eq!(report.verdict(), Some(Verdict::Breaking));
    assert_eq!(report.changes.len(), 5, "value {value}: {:#?}", report.changes);
    let text = diff::markdown(&report, &"0.1.0".parse().expect("a version"));
    for words in &told {
        assert!(text.contains(words.as_str()), "{words}: {text}");
    }
    let nothing = cli::compare(&old, "same", synced(&catalogue_response().expect("as before"))).expect("comparable");
    assert!(nothing.changes.is_empty(), "{:#?}", nothing.changes);
}
