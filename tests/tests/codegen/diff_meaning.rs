//! What `diff` says of two published schemas, from the texts on: rules are compared by what they mean.

use runcomfy_codegen::diff::{self, Change, ChangeKind, Report, Verdict};
use runcomfy_codegen::{ModelSource, SourceFile, Sources, catalog, locks};
use serde_json::{Value, json};

/// What changed for users when a model publishes another schema for its field `v`.
fn report(old: &Value, new: &Value) -> Report {
    let text = json!({"type": "string"});
    report_of([old, &text], [new, &text])
}

/// The same for the field `v` of the input and the field `a` of the output.
fn report_of(old: [&Value; 2], new: [&Value; 2]) -> Report {
    let sources = |[field, output]: [&Value; 2]| {
        let file = |name: &str, text: String| SourceFile { path: format!("a/b/{name}"), text };
        let input = json!({"type": "object", "properties": {"1_v": field}});
        let output = json!({"type": "object", "properties": {"a": output}});
        let model = ModelSource {
            folder: "a/b".to_owned(),
            manifest: file(
                "model.toml",
                "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-01-01\n".to_owned(),
            ),
            input: file("input.json", input.to_string()),
            output: file("output.json", output.to_string()),
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
fn a_number_spelt_otherwise_in_what_a_library_checks_is_no_change() {
    let old = json!({"type": "number", "not": {"enum": [1, 2], "minimum": 1, "multipleOf": 0.5}});
    let new = json!({"not": {"multipleOf": 0.5, "minimum": 1.0, "enum": [2.0, 1]}, "type": "number"});
    assert_eq!(told(&old, &new), [""; 0]);
    let other = json!({"type": "number", "not": {"enum": [1, 2], "minimum": 1, "multipleOf": 0.25}});
    assert_eq!(told(&old, &other), ["Input.v RulesChanged changed"]);
}

/// What is told of one change, with its place.
fn sentences(old: &Value, new: &Value) -> Vec<String> {
    report(old, new).changes.iter().map(|change| format!("{} {}", change.path, change.sentence)).collect()
}

#[test]
fn one_of_two_keys_is_no_key_that_is_required() {
    let text = json!({"type": "string"});
    let object = |more: Value| {
        let mut object = json!({"type": "object", "properties": {"a": text, "b": text}});
        object.as_object_mut().expect("an object").extend(more.as_object().expect("keywords").clone());
        object
    };
    let (none, either) = (object(json!({})), object(json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})));
    let told = "object {a!: any value}, or object {b!: any value}";
    assert_eq!(sentences(&none, &either), [format!("Input.v rules tightened: none → `{told}`")]);
    assert_eq!(sentences(&either, &none), [format!("Input.v rules loosened: `{told}` → none")]);
    // What changed in both forms is told of the key.
    let short = json!({"type": "string", "maxLength": 3});
    let mut shorter = either.clone();
    shorter["properties"]["a"] = short;
    let both = [format!("Input.v rules tightened: none → `{told}`"), "V.a length tightened: none → `<= 3`".to_owned()];
    assert_eq!(sentences(&none, &shorter), both);
}

#[test]
fn names_are_texts_and_nothing_else() {
    let map =
        |names: Value| json!({"type": "object", "additionalProperties": {"type": "string"}, "propertyNames": names});
    let told = sentences(&map(json!({})), &map(json!({"maxLength": 3})));
    assert_eq!(told, ["Input.v names of keys tightened: `any value` → `string length <= 3`"]);
}

#[test]
fn what_may_say_the_same_is_neither_tighter_nor_looser() {
    let text = json!({"type": "string", "maxLength": 3});
    let other = json!({"type": "string", "not": {"minLength": 4}});
    for (old, new) in [(&text, &other), (&other, &text)] {
        let all = told(old, new);
        assert_eq!(all, ["Input.v LengthChanged changed", "Input.v RulesChanged changed"], "{:?}", sentences(old, new));
    }
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
fn keys_that_move_while_the_type_changes_are_wrong_keys() {
    let object = |key: &str, title: &str| json!({"type": "object", "properties": {key: {"type": "integer", "title": title}}, "required": [key]});
    let or_text = |object: Value| json!({"anyOf": [object, {"type": "string"}]});
    let list = |items: Value| json!({"type": "array", "items": items});
    let flags = |old: &Value, new: &Value| {
        let report = report(old, new);
        let [change] = report.changes.as_slice() else { panic!("{:?}", report.changes) };
        (change.kind, change.wrong_keys, change.unknown_key)
    };
    let (one, same) = (object("1_value", "Steps"), or_text(object("1_value", "Steps")));
    let (moved, gone) = (or_text(object("2_value", "Steps")), or_text(object("2_value", "Frames")));
    let taken = or_text(object("1_value", "Frames"));
    for (old, new) in [(&one, &moved), (&moved, &one), (&list(one.clone()), &list(moved.clone())), (&one, &taken)] {
        assert_eq!(flags(old, new), (ChangeKind::TypeChanged, true, false), "{old} {new}");
    }
    assert_eq!(flags(&one, &same), (ChangeKind::TypeChanged, false, false));
    assert_eq!(flags(&one, &gone), (ChangeKind::TypeChanged, false, true));
    assert_eq!(flags(&one, &json!({"type": "string"})), (ChangeKind::TypeChanged, false, false));
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
    assert_eq!(told(&object(5, &[]), &object(5, &["zoom"])), ["VObject.zoom BecameRequired tightened"]);
}

/// What says the same in other words; the laws are tried on random schemas in `diff_laws.rs`.
#[test]
fn the_same_in_other_words_is_no_change() {
    let numbers: Vec<u8> = (3..=15).collect();
    let a_and_b = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}});
    let a = json!({"properties": {"a": {"type": "string"}}});
    let b = json!({"properties": {"b": {"type": "integer"}}});
    let and = |more: &Value| {
        let mut schema = a_and_b.clone();
        schema.as_object_mut().expect("an object").extend(more.as_object().cloned().expect("keywords"));
        schema
    };
    let follows = and(&json!({"dependentRequired": {"a": ["b"]}}));
    for (one, other) in [
        (json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0})),
        (json!({"type": "integer", "minimum": 3, "maximum": 15}), json!({"type": "integer", "enum": numbers})),
        (a_and_b.clone(), json!({"type": "object", "allOf": [b, a]})),
        (json!({"type": "integer", "maximum": 5}), json!({"allOf": [{"type": "integer"}, {"maximum": 5}]})),
        (json!({"type": ["integer", "null"]}), json!({"type": "integer", "nullable": true})),
        (json!({"type": ["integer", "null"]}), json!({"anyOf": [{"type": "null"}, {"type": "integer"}]})),
        (json!({"type": ["integer", "string"]}), json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})),
        (json!({"const": "a"}), json!({"enum": ["a"]})),
        (follows.clone(), and(&json!({"dependentSchemas": {"a": {"required": ["b"]}}}))),
        (follows, and(&json!({"if": {"required": ["a"]}, "then": {"required": ["b"]}}))),
        (and(&json!({"additionalProperties": false})), and(&json!({"unevaluatedProperties": false}))),
        (json!({"type": "number", "enum": [1, 2.5]}), json!({"type": "number", "enum": [2.5, 1.0]})),
        (json!({"type": "string", "maxLength": 9}), json!({"type": "string", "maxLength": 9, "minLength": 0})),
    ] {
        assert_eq!(told(&one, &other), [""; 0], "{one}, {other}");
        assert_eq!(told(&other, &one), [""; 0], "{other}, {one}");
    }
    // Where another part speaks of keys, the two words differ.
    let parts = json!({"allOf": [{"properties": {"c": {"type": "string"}}}]});
    let with = |keyword: &str| {
        let mut schema = and(&parts);
        schema[keyword] = json!(false);
        schema
    };
    assert_ne!(told(&with("additionalProperties"), &with("unevaluatedProperties")), [""; 0]);
}

/// A change, and all that is told of it.
#[test]
fn what_changed_is_told_where_it_changed() {
    let text = json!({"type": "string"});
    let union = |form: Value| json!({"anyOf": [form, text]});
    let tagged = |most: u8, wanted: &[&str]| {
        json!({"oneOf": [
            {"type": "object", "properties": {"kind": {"const": "a"}}, "required": ["kind"]},
            {"type": "object", "properties": {"kind": {"const": "b"}, "y": {"type": "integer", "maximum": most}}, "required": wanted}
        ]})
    };
    let one_of =
        |step: u8| json!({"oneOf": [{"type": "integer", "multipleOf": 3}, {"type": "integer", "multipleOf": step}]});
    for (old, new, expected) in [
        (
            json!({"type": ["string", "null"], "enum": ["x", null]}),
            json!({"type": ["string", "null"], "enum": ["x"]}),
            &["Input.v listed values tightened: `\"x\", null` → `\"x\"`"][..],
        ),
        (json!({"enum": ["x", null]}), json!({"enum": ["x"]}), &["Input.v the type: `Option<V>` → `V` tightened"]),
        (
            json!({"type": "array", "items": {"type": ["string", "null"], "enum": ["x", null]}}),
            json!({"type": "array", "items": {"type": ["string", "null"], "enum": ["x"]}}),
            &["Input.v[] listed values tightened: `\"x\", null` → `\"x\"`"],
        ),
        (
            json!({"type": "integer", "enum": [3, 10, 15]}),
            json!({"type": "integer", "enum": [10, 3]}),
            &["Input.v listed values tightened: `3, 10, 15` → `3, 10`"],
        ),
        (
            json!({"type": "integer", "minimum": 3, "maximum": 15}),
            json!({"type": "integer", "enum": [4, 3]}),
            &["Input.v listed values tightened: `>= 3, <= 15` → `3, 4`"],
        ),
        (
            union(json!({"type": "integer", "maximum": 5})),
            union(json!({"type": "integer", "maximum": 4})),
            &["Input.v<integer> bounds tightened: `<= 5` → `<= 4`"],
        ),
        (
            union(json!({"type": "integer"})),
            json!({"anyOf": [text, {"type": "integer"}, {"type": "boolean"}]}),
            &["V new forms: `Bool` loosened"],
        ),
        (
            tagged(9, &["kind", "y"]),
            tagged(7, &["kind"]),
            &["VB.y bounds tightened: `<= 9` → `<= 7`", "VB.y optional from now on: `i64` → `Option<i64>` loosened"],
        ),
        // What fits two forms is refused, so a stricter form may let more pass.
        (one_of(5), one_of(25), &["Input.v bounds changed: `multiple of 5` → `multiple of 25`"]),
        (
            json!({"type": "object", "properties": {"a": text}, "anyOf": [{"required": ["a"]}, {"minProperties": 2}]}),
            json!({"type": "object", "properties": {"a": text}, "anyOf": [{"required": ["a"]}, {"minProperties": 3}]}),
            &["Input.v number of keys tightened: `>= 2` → `>= 3`"],
        ),
        (
            text.clone(),
            json!({"type": "string", "not": {"enum": ["b", "a"]}}),
            &["Input.v rules tightened: none → `{\"not\":{\"enum\":[\"a\",\"b\"]}}`"],
        ),
        (json!({"type": "boolean"}), json!({"const": true}), &["Input.v listed values tightened: none → `true`"]),
        (json!({"minimum": 2}), json!({"minimum": 1}), &["Input.v<number> bounds loosened: `>= 2` → `>= 1`"]),
        (
            json!({"type": "string", "enum": ["a", "bbb"], "maxLength": 1}),
            json!({"type": "string", "enum": ["a", "bbb"], "maxLength": 3}),
            &["Input.v listed values loosened: `\"a\"` → `\"a\", \"bbb\"`"],
        ),
    ] {
        let changes = report(&old, &new).changes;
        let line = |change: &Change| {
            let how = change.strictness.map_or("", |how| how.as_str());
            let how = if change.sentence.contains(how) { String::new() } else { format!(" {how}") };
            format!("{} {}{how}", change.path, change.sentence)
        };
        let mut found: Vec<String> = changes.iter().map(line).collect();
        found.sort();
        assert_eq!(found, expected, "{old}, {new}");
    }
}

/// Enums can grow without breaking anybody, those of requests and those of responses.
#[test]
fn a_union_that_gains_is_compatible_and_one_that_loses_is_breaking() {
    let text = json!({"type": "string"});
    let object = |values: &[&str]| {
        let mode = json!({"type": "string", "enum": values});
        json!({"type": "object", "properties": {"mode": mode}, "required": ["mode"]})
    };
    let of = |forms: &[Value]| json!({"anyOf": forms});
    let number = json!({"type": "number"});
    let two = of(&[number.clone(), text.clone()]);
    let three = of(&[number.clone(), text.clone(), json!({"type": "boolean"})]);
    let (few, more) = (of(&[number.clone(), object(&["a", "b"])]), of(&[number, object(&["a", "b", "c"])]));
    let (listed, longer) = (json!({"enum": ["a", "b"]}), json!({"enum": ["a", "b", "c"]}));
    for (less, more) in [(two, three), (few, more), (listed, longer)] {
        for is_output in [false, true] {
            let verdicts = |old: &Value, new: &Value| -> Vec<(ChangeKind, Verdict)> {
                let report = match is_output {
                    false => report_of([old, &text], [new, &text]),
                    true => report_of([&text, old], [&text, new]),
                };
                report.changes.iter().map(|change| (change.kind, change.verdict)).collect()
            };
            let gained = verdicts(&less, &more);
            assert_eq!(gained, [(ChangeKind::VariantsAdded, Verdict::Compatible)], "{less} {more} {is_output}");
            let lost = verdicts(&more, &less);
            assert_eq!(lost, [(ChangeKind::VariantsRemoved, Verdict::Breaking)], "{more} {less} {is_output}");
        }
    }
}
