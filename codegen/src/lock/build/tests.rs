//! What goes into a lock from the names that were given.

use super::*;
use crate::lock::{Answer, Definition, ROOT};

fn named(name: &str, was: Option<&str>, values: &[(&str, &str)]) -> NamedField {
    let definition = Definition::new("string");
    let values = values.iter().map(|(text, variant)| NamedValue {
        at: String::new(),
        text: (*text).to_owned(),
        variant: Some((*variant).to_owned()),
    });
    NamedField {
        field: Field { key: format!("{name}_key"), input: None, title: String::new(), definition, is_bare: false },
        was: was.map(str::to_owned),
        name: name.to_owned(),
        json: name.to_owned(),
        types: vec![NamedShape { at: String::new(), name: format!("{}Type", name.to_uppercase()), named: None }],
        values: values.collect(),
        named: None,
        corrected: None,
    }
}

fn build(old: Option<&Lock>, fields: Vec<NamedField>) -> Lock {
    build_with(old, fields, &[])
}

fn build_with(old: Option<&Lock>, fields: Vec<NamedField>, answers: &[(&str, Answer)]) -> Lock {
    let required = fields.iter().take(1).map(|field| field.name.clone()).collect();
    let answers = answers.iter().map(|(name, answer)| ((*name).to_owned(), answer.clone())).collect();
    Lock::build(old, &[NamedType { name: ROOT.to_owned(), was: None, fields, required, answers }])
}

fn shown(lock: &Lock) -> Vec<String> {
    let gone = |field: &LockedField| if field.retired { " (retired)" } else { "" };
    lock.fields.iter().map(|field| format!("{}{}", field.name, gone(field))).collect()
}

#[test]
fn a_second_run_changes_nothing() {
    let first = build(None, vec![named("a", None, &[("x", "X")]), named("b", None, &[])]);
    let second = build(Some(&first), vec![named("a", Some("a"), &[("x", "X")]), named("b", Some("b"), &[])]);
    assert_eq!(second, first);
    assert_eq!(first.required[ROOT], ["a"]);
}

#[test]
fn removed_fields_keep_their_place_as_retired() {
    let first = build(None, vec![named("a", None, &[]), named("b", None, &[]), named("c", None, &[])]);
    let second =
        build(Some(&first), vec![named("a", Some("a"), &[]), named("c", Some("c"), &[]), named("d", None, &[])]);
    assert_eq!(shown(&second), ["a", "b (retired)", "c", "d"]);
}

#[test]
fn removed_values_and_types_stay_retired_and_come_back() {
    let first = build(None, vec![named("a", None, &[("x", "X"), ("y", "Y")])]);
    let mut without = named("a", Some("a"), &[("z", "Z"), ("y", "Y")]);
    without.types.clear();
    let second = build(Some(&first), vec![without]);
    let values: Vec<_> = second.fields[0].values.iter().map(|value| (value.text.as_str(), value.retired)).collect();
    assert_eq!(values, [("x", true), ("y", false), ("z", false)]);
    assert!(second.fields[0].types[0].retired);
    assert_eq!(second.type_names().collect::<Vec<_>>(), ["AType"], "a retired type's name stays taken");
    let third = build(Some(&second), vec![named("a", Some("a"), &[("x", "X"), ("y", "Y"), ("z", "Z")])]);
    assert!(third.fields[0].values.iter().all(|value| !value.retired));
    assert_eq!(third.fields[0].field.definition, Definition::new("string").values(["x", "y", "z"]));
}

#[test]
fn a_name_that_an_override_changed_stays_taken() {
    let first = build(None, vec![named("a", None, &[])]);
    let second = build(Some(&first), vec![named("better", Some("a"), &[])]);
    assert_eq!((shown(&second), second.fields[0].former.clone()), (vec!["better".to_owned()], vec!["a".to_owned()]));
    let third = build(Some(&second), vec![named("best", Some("better"), &[])]);
    assert_eq!(third.fields[0].former, ["a", "better"]);
    let back = build(Some(&third), vec![named("a", Some("best"), &[])]);
    assert_eq!(back.fields[0].former, ["better", "best"]);
}

#[test]
fn an_override_may_give_a_retired_name_to_another_field() {
    let first = build(None, vec![named("a", None, &[])]);
    let second = build(Some(&first), vec![]);
    assert_eq!(shown(&second), ["a (retired)"]);
    let third = build(Some(&second), vec![named("a", None, &[])]);
    assert_eq!(shown(&third), ["a"], "a lock never has a name twice");
}

#[test]
fn two_fields_may_exchange_their_names_by_override() {
    let first = build(None, vec![named("a", None, &[]), named("b", None, &[])]);
    let second = build(Some(&first), vec![named("b", Some("a"), &[]), named("a", Some("b"), &[])]);
    assert_eq!(shown(&second), ["b", "a"]);
    assert!(second.fields.iter().all(|field| field.former.is_empty()));
}

#[test]
fn the_fields_of_a_struct_that_is_gone_are_retired() {
    let made = |name: &str, field: &str| NamedType {
        was: None,
        name: name.to_owned(),
        fields: vec![named(field, None, &[])],
        required: Vec::new(),
        answers: Answers::new(),
    };
    let first = Lock::build(None, &[made(ROOT, "a"), made("Keyframe", "at")]);
    let second = build(Some(&first), vec![named("a", Some("a"), &[])]);
    assert_eq!(shown(&second), ["a", "at (retired)"]);
    assert_eq!(second.fields[1].owner, "Keyframe");
}

#[test]
fn answers_are_remembered_while_they_stand() {
    let first = build(None, vec![named("a", None, &[]), named("b", None, &[])]);
    let answers = [("a", Answer::Key("a_key".to_owned())), ("b", Answer::Removed)];
    let second = build_with(Some(&first), vec![named("a", Some("a"), &[])], &answers);
    let remembered = |lock: &Lock| lock.fields.iter().map(|field| field.applied.moved.clone()).collect::<Vec<_>>();
    assert_eq!(remembered(&second), answers.map(|(_, answer)| Some(answer)));
    let third = build(Some(&second), vec![named("a", Some("a"), &[])]);
    assert_eq!(remembered(&third), [None, None], "lines that are gone are forgotten");
}
