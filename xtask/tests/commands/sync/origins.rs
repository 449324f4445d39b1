//! What is wrong with input that came from elsewhere is told of that input: its name, the place in it, and a remedy for whoever
//! ran the command. A file that was never written is never named.

use std::fs;

use serde_json::json;

use super::bench::{Bench, entry};
use super::live::{catalogue_in_bytes, err, sync};

/// A response with an entry that is fine before one that is not.
fn response(entry: &str) -> String {
    format!("{{\"models\": [{},\n{entry}], \"total\": 2}}", super::bench::entry("c/fine"))
}

fn with_schema(schema: &str) -> String {
    response(&format!("{{\"model_id\": \"a/one\", \"input_schema\": {schema}}}"))
}

fn with_field(field: &str) -> String {
    with_schema(&format!("{{\"type\": \"object\", \"properties\": {{\"7_text\": {field}}}}}"))
}

/// Responses, the place that is at fault, and what is said of it.
fn faults() -> Vec<(String, &'static str, &'static str)> {
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(200), "}".repeat(200));
    let field = "/models/1/input_schema/properties/7_text";
    let renumbered = json!({"type": "object", "required": ["1_text"], "properties": {
        "1_text": {"type": "string", "title": "Prompt"},
        "2_value": {"type": "integer", "title": "Steps", "maximum": 24},
        "3_value": {"type": "integer", "title": "Frames", "maximum": 40},
    }});
    vec![
        ("{\"models\": [],\n \"models\": []}".to_owned(), "line 2, column 9", "duplicate field `models`"),
        (
            "{\"models\": [{\"a\": NaN}, {}],\n \"a\": [NaN, Infinity], \"models\": []}".to_owned(),
            "line 2, column 31",
            "duplicate",
        ),
        (response("7"), "/models/1", "the entry can't be read"),
        (response("{\"model_id\": \"a/one\", \"model_id\": \"a/two\"}"), "/models/1", "duplicate field `model_id`"),
        (response("{\"model_id\": \"../one\", \"input_schema\": {}}"), "/models/1/model_id", "can't be used"),
        (response("{\"model_id\": \"a/one\"}"), "/models/1", "no input schema"),
        (response("{\"model_id\": \"a/one\", \"eta\": NaN, \"input_schema\": {}}"), "/models/1", "holds NaN"),
        (
            response(&format!("{{\"model_id\": \"c/fine\", \"input_schema\": {{}}}}, {}", entry("d/fine"))),
            "/models/1",
            "twice, and differently",
        ),
        (
            response("{\"model_id\": \"A/new\", \"input_schema\": {}}"),
            "/models/1/model_id",
            "upper and lower case only",
        ),
        (
            format!("{{\"models\": [{}, {}], \"total\": 2}}", entry("a/one"), entry("a/one/base")),
            "/models/1/model_id",
            "would share the module",
        ),
        (with_schema("[]"), "/models/1", "no input schema"),
        (with_schema(&deep), "/models/1/input_schema/not/not/not", "128 levels"),
        (with_schema(&renumbered.to_string()), "/models/1/input_schema", "can't tell what became of"),
        (with_schema("{\"type\": \"object\", \"allOf\": 7}"), "/models/1/input_schema/allOf", "allOf"),
        (
            with_field("{\"type\": \"string\", \"maxLength\": 9, \"maxLength\": 900}"),
            "/models/1/input_schema/properties/7_text/maxLength",
            "\"maxLength\" is there twice",
        ),
        (
            with_field("{\"type\": \"number\", \"maximum\": 1e400}"),
            "/models/1/input_schema/properties/7_text/maximum",
            "out of range",
        ),
        (
            with_field("{\"type\": \"string\", \"title\": \"\\ud800\"}"),
            "/models/1/input_schema/properties/7_text/title",
            "hex escape",
        ),
        (with_field("{\"type\": \"strnig\"}"), field, "strnig"),
        (with_field("{\"type\": \"string\", \"wibble\": 1}"), field, "wibble"),
        (with_field("{\"type\": \"string\", \"pattern\": \"(\"}"), field, "pattern"),
        (with_field("{\"$ref\": \"#/nowhere\"}"), field, "nowhere"),
    ]
}

/// Checks every place that an error names: the origin, or a file that is there.
fn check(bench: &Bench, told: &str, origin: &str, place: &str, words: &str) {
    assert!(told.contains(words), "{words}: {told}");
    let start = format!("  --> {origin} at {place}");
    assert!(told.lines().any(|line| line.starts_with(&start)), "{start}: {told}");
    for line in told.lines().filter_map(|line| line.strip_prefix("  --> ")) {
        let file = line.split(" at ").next().unwrap_or(line);
        assert!(line.starts_with(origin) || bench.file(file).exists(), "no such file: {line}: {told}");
    }
    assert!(told.contains("\n  help: "), "no remedy: {told}");
    for wrong in ["import the", "restore the file", "version control"] {
        assert!(!told.contains(wrong), "{wrong}: {told}");
    }
}

#[test]
fn every_fault_of_a_response_names_the_response_and_the_place_in_it() {
    for (response, place, words) in faults() {
        let saved = Bench::synced();
        let file = saved.file("../raw.json");
        fs::write(&file, &response).expect("written");
        let file = file.to_str().expect("UTF-8");
        let told = saved.run(&["sync", "--from", file]);
        assert_eq!(told.code, 1, "{told:?}");
        check(&saved, &told.err, file, place, words);
        assert!(!told.err.contains("sync again, and"), "a file stays as it is: {}", told.err);

        let live = Bench::synced();
        let served = response.clone().into_bytes();
        let base_url = catalogue_in_bytes(move |path| match path.contains('?') {
            true => (200, served.clone()),
            false => (404, br#"{"error_code": 404001, "error_message": "ResourceNotFound"}"#.to_vec()),
        });
        let told = sync(&live, &base_url, Some("token"));
        assert_eq!(told.status.code(), Some(1), "{told:?}");
        check(&live, &err(&told), "GET …/models?include_schema=true&limit=100&offset=0", place, words);
        assert!(!err(&told).contains("save the answer"), "nobody saved it: {}", err(&told));
    }
}

#[test]
fn the_answer_about_one_model_is_named_with_its_id() {
    for (answer, words) in [
        ("{\"model_id\": \"a/one\", \"model_id\": \"a/two\"}", "duplicate field `model_id`"),
        ("{\"model_id\": \"a/one\", \"a\": NaN}", "holds NaN"),
    ] {
        let bench = Bench::synced();
        let base_url = catalogue_in_bytes(move |path| match path.contains('?') {
            true => {
                (200, json!({"models": [entry("a/two/x"), entry("b/three/y")], "total": 2}).to_string().into_bytes())
            }
            false => (200, answer.as_bytes().to_owned()),
        });
        let told = sync(&bench, &base_url, Some("token"));
        assert!(err(&told).contains("  --> GET …/models/a/one") && err(&told).contains(words), "{told:?}");
        assert!(!bench.read("a/one/model.toml").contains("removed"), "nothing says that it is gone");
    }
}
