//! The format of `names.lock`: what is written reads back, and damage is refused with its line.

use crate::sources::SourceFile;
use proptest::prelude::*;

use super::*;
use crate::error::Error;
use crate::lock::Definition;

fn source(text: &str) -> SourceFile {
    SourceFile { path: "x/y/names.lock".into(), text: text.into() }
}

fn refused(text: &str) -> Error {
    let errors = Lock::parse(&source(text)).expect_err("a damaged lock");
    errors.iter().next().cloned().expect("one error")
}

const SMALL: &str = r#"
version = 1

[required]
Input = [
    "prompt",
]

[[field]]
name = "prompt"
key = "56_text"
input = "text"
title = "Prompt"
kind = "string"

[[field]]
name = "resolution"
key = "4_valuex3_value"
input = "value"
title = "Resolution (W:H)"
kind = "string"
default = "1024x576 (16:9)"
types = [
    { name = "Resolution" },
]
values = [
    { text = "480x480 (1:1)", variant = "R480x480" },
    { text = "1024x576 (16:9)", variant = "R1024x576" },
    { text = "", variant = "Empty", retired = true },
]
"#;

#[test]
fn a_lock_is_written_as_it_is_read() {
    let lock = Lock::parse(&source(SMALL)).expect("a lock");
    let rendered = lock.render();
    assert!(rendered.ends_with(SMALL.trim_start_matches("\nversion = 1")), "{rendered}");
    assert!(rendered.starts_with("# The published names"), "{rendered}");
    let resolution = &lock.fields[1];
    assert_eq!(resolution.variant("", "480x480 (1:1)"), Some("R480x480"));
    assert_eq!(resolution.variant("", ""), Some("Empty"), "retired variants stay known");
    assert_eq!(resolution.type_name(""), Some("Resolution"));
    assert_eq!(resolution.field.definition.values.len(), 2, "retired values are no part of the definition");
}

#[test]
fn a_merge_conflict_says_what_to_do() {
    let text = SMALL.replace("title = \"Prompt\"", "<<<<<<< HEAD\ntitle = \"A\"\n=======\ntitle = \"B\"\n>>>>>>> main");
    let error = refused(&text);
    assert_eq!(error.place, "line 13, column 1");
    assert!(error.message.contains("merge conflict") && error.help.contains("generate again"), "{error}");
}

#[test]
fn a_title_that_looks_like_a_conflict_marker_is_none() {
    let text = SMALL.replace("title = \"Prompt\"", "title = \"======= <<<<<<< HEAD\"");
    assert!(Lock::parse(&source(&text)).is_ok());
}

#[test]
fn a_newer_version_is_not_guessed_at() {
    let error = refused("version = 2\nnew_thing = true\n");
    assert!(error.message.contains("version 2"), "{error}");
    assert_eq!(error.place, "line 1, column 11");
}

#[test]
fn damage_is_reported_with_line_and_column() {
    for (from, to, message, place) in [
        ("name = \"resolution\"", "name = \"prompt\"", "gives the name `prompt` twice", "line 17, column 8"),
        ("key = \"4_valuex3_value\"", "key = \"56_text\"", "has the key `56_text` twice", "line 18, column 7"),
        ("name = \"resolution\"", "name = \"fn main() {}\"", "no identifier", "line 17, column 8"),
        ("variant = \"R480x480\"", "variant = \"9\"", "no identifier", "line 27, column 5"),
        ("{ name = \"Resolution\" }", "{ name = \"Self\" }", "no identifier", "line 24, column 5"),
        ("\"1024x576 (16:9)\", variant", "\"480x480 (1:1)\", variant", "lists the value", "line 28, column 5"),
        ("    \"prompt\",", "    \"promt\",", "requires `promt`", "line 6, column 5"),
        ("kind = \"string\"", "kund = \"string\"", "unknown field `kund`", "line 14, column 1"),
        ("kind = \"string\"", "kind = \"string", "can't be read", "line 14, column 15"),
    ] {
        assert!(SMALL.contains(from), "{from}");
        let error = refused(&SMALL.replacen(from, to, 1));
        assert!(error.message.contains(message), "{error}");
        assert_eq!(error.place, place, "{error}");
        assert_eq!(error.file, "x/y/names.lock");
    }
}

#[test]
fn a_retired_field_may_have_the_key_of_one_in_use() {
    let text = SMALL.replace("key = \"4_valuex3_value\"", "key = \"56_text\"") + "retired = true\n";
    assert!(Lock::parse(&source(&text)).is_ok());
}

/// Texts with everything that could break a line-based format.
fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-z_ ]{0,8}", any::<String>(), Just("\"\"\"\n'''\\ # =======\n<<<<<<< x\u{202e}\0".to_owned())]
}

fn locked_values() -> impl Strategy<Value = Vec<LockedValue>> {
    let value = (text(), proptest::option::of("[A-Z][a-z0-9]{0,5}"), any::<bool>());
    proptest::collection::vec(value, 0..4).prop_map(|values| {
        let distinct: BTreeMap<String, _> =
            values.into_iter().map(|(text, variant, gone)| (text, (variant, gone))).collect();
        let locked = |(text, (variant, retired))| LockedValue { at: "/items".into(), text, variant, retired };
        distinct.into_iter().map(locked).collect()
    })
}

fn applied() -> impl Strategy<Value = Applied> {
    let corrected = (text(), text()).prop_map(|(path, kind)| Corrected { path, kind });
    let moved = prop_oneof![text().prop_map(Answer::Key), Just(Answer::Removed), Just(Answer::Stays)];
    (proptest::option::of(text()), proptest::option::of(corrected), proptest::option::of(moved)).prop_map(
        |(named, corrected, moved)| {
            // The empty key is how a removal is spelled.
            let moved = moved.filter(|answer| *answer != Answer::Key(String::new()));
            Applied { named, corrected, moved }
        },
    )
}

fn locked_field() -> impl Strategy<Value = LockedField> {
    let published = (text(), proptest::option::of(text()), text(), text(), proptest::option::of("[ -~]{0,20}"));
    let bounds = proptest::collection::btree_map(text(), "[ -~]{0,20}", 0..3);
    let owner = prop_oneof![Just(ROOT.to_owned()), Just("Keyframe".to_owned())];
    let line = text().prop_map(|path| Some(path).filter(|path| !path.is_empty()));
    let types = proptest::option::of((text(), "[A-RT-Z][a-z]{1,5}", line, any::<bool>()));
    let former = proptest::collection::vec(text(), 0..2);
    let state = (applied(), any::<bool>());
    (owner, text(), former, published, bounds, types, locked_values(), state).prop_map(
        |(owner, json, former, (key, input, title, kind, default), bounds, types, values, (applied, retired))| {
            let in_use = values.iter().filter(|value| !value.retired).map(|value| value.text.clone());
            let definition = Definition { kind, values: in_use.collect(), bounds, default };
            let made = |(at, name, named, retired)| LockedType { at, name, named, retired };
            let types = types.into_iter().map(made).collect();
            let field = Field { key, input, title, definition, is_bare: false };
            LockedField { owner, name: String::new(), json, former, field, types, values, applied, retired }
        },
    )
}

fn lock() -> impl Strategy<Value = Lock> {
    (proptest::collection::vec(locked_field(), 0..5), any::<bool>(), any::<bool>()).prop_map(
        |(mut fields, require, bare)| {
            for (number, field) in fields.iter_mut().enumerate() {
                field.name = format!("field_{number}");
                field.field.key.push_str(&number.to_string());
                field.field.is_bare = bare;
            }
            let mut required: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for field in fields.iter().rev().filter(|_| require) {
                required.entry(field.owner.clone()).or_default().push(field.name.clone());
            }
            Lock { required, fields }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(lock in lock()) {
        let rendered = lock.render();
        let read = Lock::parse(&source(&rendered)).map_err(|error| TestCaseError::fail(format!("{error}\n{rendered}")))?;
        prop_assert_eq!(&read, &lock);
        prop_assert_eq!(read.render(), rendered);
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = Lock::parse(&source(&text));
    }
}
