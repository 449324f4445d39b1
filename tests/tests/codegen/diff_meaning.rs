//! What `diff` says of two published schemas, from the texts on: rules are compared by what they mean.

use runcomfy_codegen::diff::{self, Change, Report};
use runcomfy_codegen::{ModelSource, SourceFile, Sources, catalog, locks};
use serde_json::{Value, json};

/// What changed for users when a model publishes another schema for its field `v`.
fn report(old: &Value, new: &Value) -> Report {
    let sources = |field: &Value| {
        let file = |name: &str, text: String| SourceFile { path: format!("a/b/{name}"), text };
        let input = json!({"type": "object", "properties": {"1_v": field}});
        let model = ModelSource {
            folder: "a/b".to_owned(),
            manifest: file(
                "model.toml",
                "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-01-01\n".to_owned(),
            ),
            input: file("input.json", input.to_string()),
            output: file("output.json", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#.to_owned()),
            lock: None,
            overrides: None,
        };
        Sources { models: vec![model], ..Sources::default() }
    };
    let old = catalog(&sources(old)).unwrap_or_else(|errors| panic!("{errors}"));
    let mut new = sources(new);
    let text = locks(&old)["a/b/names.lock"].clone();
    new.models[0].lock = Some(SourceFile { path: "a/b/names.lock".to_owned(), text });
    diff::compare(&old, &catalog(&new).unwrap_or_else(|errors| panic!("{errors}")))
}

/// The changes, a line each: where, what, how strict.
fn told(old: &Value, new: &Value) -> Vec<String> {
    let line = |change: &Change| {
        let strictness = change.strictness.map_or("", |strictness| strictness.as_str());
        format!("{} {:?} {strictness}", change.path, change.kind)
    };
    report(old, new).changes.iter().map(line).collect()
}

#[test]
fn an_order_that_means_nothing_is_no_change() {
    let size = json!({"type": "object", "properties": {"w": {"type": "integer"}, "h": {"maximum": 9}}, "required": ["w", "h"]});
    let turned = json!({"type": "object", "properties": {"h": {"maximum": 9}, "w": {"type": "integer"}}, "required": ["h", "w"]});
    let number = json!({"type": "integer", "maximum": 5});
    let text = json!({"type": ["string", "null"], "enum": ["a", "b", null]});
    let other_text = json!({"enum": [null, "b", "a"], "type": ["null", "string"]});
    for keyword in ["anyOf", "oneOf"] {
        let (old, new) = (json!({keyword: [size, number, text]}), json!({keyword: [other_text, turned, number]}));
        assert_eq!(told(&old, &new), [""; 0], "{keyword}");
        let list = |union: &Value| json!({"type": "array", "items": union});
        assert_eq!(told(&list(&old), &list(&new)), [""; 0], "a list of {keyword}");
    }
    let all = |one: &Value, other: &Value| json!({"allOf": [one, other]});
    let (one, other) = (json!({"type": "integer"}), json!({"minimum": 1, "not": {"enum": [7, 9]}}));
    let turned = json!({"not": {"enum": [9, 7]}, "minimum": 1});
    assert_eq!(told(&all(&one, &other), &all(&turned, &one)), [""; 0]);
}

#[test]
fn what_changed_in_a_form_is_told_once() {
    let union = |form: Value| json!({"anyOf": [form, {"type": "string"}]});
    let object = |most: u8, wanted: &[&str]| {
        let inner = json!({"type": "object", "properties": {"depth": {"type": "integer", "maximum": most}}});
        union(json!({"type": "object", "properties": {"zoom": {"type": "number", "maximum": most}, "inner": inner},
            "required": wanted}))
    };
    let bounds = ["Inner.depth BoundsChanged tightened", "VObject.zoom BoundsChanged tightened"];
    assert_eq!(told(&object(5, &[]), &object(4, &[])), bounds);
    assert_eq!(told(&object(5, &[]), &object(5, &["zoom"])), ["VObject.zoom BecameRequired "]);
}

#[test]
fn rules_are_shown_as_locks_spell_them() {
    let union = |most: u8| json!({"anyOf": [{"type": "integer", "maximum": most}, {"type": "string"}]});
    let report = report(&union(5), &union(4));
    let forms = "`anyOf {maximum 5, type [\"integer\"]} {type [\"string\"]}` → \
                 `anyOf {maximum 4, type [\"integer\"]} {type [\"string\"]}`";
    assert_eq!(report.changes[0].sentence, format!("rules changed: {forms}"));
}
