//! What a lock makes of the fields that are published now: kept, moved, stopped.

use super::*;
use crate::error::ErrorKind;
use crate::lock::{Answer, Definition, NamedField, NamedType, ROOT};

fn field(key: &str, title: &str) -> Field {
    let input = key.split_once('_').map(|(_, input)| input.to_owned());
    Field { key: key.to_owned(), input, title: title.to_owned(), definition: Definition::new("string") }
}

/// A lock of fields given as name, key and title, all required.
fn lock_of(fields: &[(&str, &str, &str)]) -> Lock {
    let named = fields.iter().map(|(name, key, title)| NamedField {
        field: field(key, title),
        was: None,
        name: (*name).to_owned(),
        json: (*name).to_owned(),
        types: Vec::new(),
        values: Vec::new(),
        named: None,
        corrected: None,
    });
    let required = fields.iter().map(|(name, ..)| (*name).to_owned()).collect();
    Lock::build(
        None,
        &[NamedType { name: ROOT.to_owned(), was: None, fields: named.collect(), required, answers: Answers::new() }],
    )
}

fn moved(answers: &[(&str, &str)]) -> Answers {
    answers.iter().map(|(name, key)| ((*name).to_owned(), answer(key))).collect()
}

/// Empty for removed, `=` for unmoved.
fn answer(text: &str) -> Answer {
    match text {
        "" => Answer::Removed,
        "=" => Answer::Stays,
        key => Answer::Key(key.to_owned()),
    }
}

/// The lock after a line was applied that still stands.
fn remember(lock: &mut Lock, name: &str, text: &str) {
    let field = lock.fields.iter_mut().find(|field| field.name == name).expect("a field");
    field.applied.moved = Some(answer(text));
}

/// Locked names, or `+` for newcomers, with the keys they have now.
fn names(lock: &Lock, new: &[Field], answers: &[(&str, &str)]) -> Result<Vec<String>, Errors> {
    let resolution = resolve(Some(lock), ROOT, new, &[], &moved(answers))?;
    let shown =
        |slot: &Slot<'_>| format!("{} {}", slot.locked.map_or("+", |locked| locked.name.as_str()), new[slot.field].key);
    Ok(resolution.order.iter().map(shown).collect())
}

fn errors(lock: &Lock, new: &[Field], answers: &[(&str, &str)]) -> Vec<Error> {
    let refusal = names(lock, new, answers).expect_err("a refusal");
    refusal.iter().cloned().collect()
}

fn keys(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn without_a_lock_everything_is_as_published() {
    let new = [field("b", "B"), field("a", "A")];
    let resolution = resolve(None, ROOT, &new, &keys(&["a", "b"]), &Answers::new()).expect("no questions");
    assert_eq!(resolution.order, [Slot { field: 0, locked: None }, Slot { field: 1, locked: None }]);
    assert_eq!(resolution.required, [1, 0]);
}

#[test]
fn struct_order_is_the_locked_one_and_newcomers_go_last() {
    let lock = lock_of(&[("prompt", "1_text", "Prompt"), ("image", "2_image", "Image")]);
    let new = [field("new", ""), field("8_image", "Image"), field("9_text", "Prompt")];
    assert_eq!(names(&lock, &new, &[]).expect("no questions"), ["prompt 9_text", "image 8_image", "+ new"]);
}

#[test]
fn a_field_that_becomes_required_later_is_the_last_parameter() {
    let mut lock = lock_of(&[("a", "a", ""), ("b", "b", ""), ("c", "c", ""), ("d", "d", "")]);
    lock.required.insert(ROOT.to_owned(), keys(&["c", "d", "a"]));
    let new = [field("a", ""), field("b", ""), field("c", ""), field("d", "")];
    let required = keys(&["a", "b", "c", "unknown", "b"]);
    let resolution = resolve(Some(&lock), ROOT, &new, &required, &Answers::new()).expect("no questions");
    assert_eq!(resolution.required, [2, 0, 1], "`c` and `a` as locked, then `b`; `d` is optional now");
}

#[test]
fn a_stop_becomes_an_error_that_answers_settle() {
    let lock = lock_of(&[("prompt", "1_text", "Prompt"), ("image", "2_image", "Image")]);
    let new = [field("5_text", "Aufforderung"), field("2_image", "Image")];
    let asked = errors(&lock, &new, &[]);
    assert_eq!(asked[0].kind, ErrorKind::Ambiguous);
    assert!(asked[0].help.contains("# prompt = \"5_text\""), "{}", asked[0]);
    assert_eq!(names(&lock, &new, &[("prompt", "5_text")]).expect("settled"), ["prompt 5_text", "image 2_image"]);
    assert_eq!(names(&lock, &new, &[("prompt", "")]).expect("settled"), ["image 2_image", "+ 5_text"]);
}

#[test]
fn a_move_may_lead_from_a_node_id_to_a_plain_key() {
    let lock = lock_of(&[("prompt", "1_text", "Prompt")]);
    let new = [field("prompt", "Prompt")];
    assert_eq!(names(&lock, &new, &[]).expect("no questions"), ["+ prompt"]);
    assert_eq!(names(&lock, &new, &[("prompt", "prompt")]).expect("settled"), ["prompt prompt"]);
}

#[test]
fn an_answer_that_matches_nothing_suggests_what_does() {
    let lock = lock_of(&[("prompt", "1_text", "Prompt")]);
    let new = [field("901_text", "Prompt")];
    let [unknown_name] = &errors(&lock, &new, &[("promt", "901_text")])[..] else { panic!("one error") };
    assert_eq!(unknown_name.kind, ErrorKind::UnusedOverride);
    assert!(unknown_name.help.contains("did you mean `prompt`"), "{unknown_name}");
    let [unknown_key] = &errors(&lock, &new, &[("prompt", "910_text")])[..] else { panic!("one error") };
    assert!(unknown_key.help.contains("did you mean `901_text`"), "{unknown_key}");
}

#[test]
fn two_answers_with_one_key_are_refused() {
    let lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B")]);
    let new = [field("9_text", "C")];
    let [error] = &errors(&lock, &new, &[("a", "9_text"), ("b", "9_text")])[..] else { panic!("one error") };
    assert!(error.message.contains("`a` is moved to that key too"), "{error}");
}

#[test]
fn a_spent_answer_is_kept_quiet_until_it_is_wrong() {
    let mut lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B")]);
    remember(&mut lock, "a", "1_text");
    let same = [field("1_text", "A"), field("2_text", "B")];
    assert_eq!(names(&lock, &same, &[("a", "1_text")]).expect("spent"), ["a 1_text", "b 2_text"]);
    // Another export: the id that the answer speaks of belongs to the other field now.
    let later = [field("7_text", "A"), field("1_text", "B")];
    let [error] = &errors(&lock, &later, &[("a", "1_text")])[..] else { panic!("one error") };
    assert!(error.message.contains("it is at \"7_text\" now") && error.help.contains("delete the line"), "{error}");
}

#[test]
fn retired_names_are_taken_and_come_back_only_for_certain() {
    let mut lock = lock_of(&[("style", "style", "Style"), ("seed", "4_seed", "Seed"), ("old", "9_text", "Old")]);
    lock.fields.iter_mut().for_each(|field| field.retired = true);
    let gone = resolve(Some(&lock), ROOT, &[], &[], &Answers::new()).expect("no questions");
    assert_eq!(gone.taken, BTreeSet::from(["old", "seed", "style"]));
    assert_eq!(gone.retired.len(), 3);
    let new = [field("9_text", "New"), field("4_seed", "Seed"), field("style", "Stil")];
    assert_eq!(
        names(&lock, &new, &[]).expect("no questions"),
        ["style style", "seed 4_seed", "+ 9_text"],
        "a plain key is certain, and so are key, title and definition together; a key alone is not"
    );
}

#[test]
fn a_field_that_stayed_where_it_was_can_be_said_to() {
    let mut lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B")]);
    // Renumbered or retitled? Only a maintainer knows.
    let swapped = [field("1_text", "B"), field("2_text", "A")];
    assert!(errors(&lock, &swapped, &[])[0].help.contains("# a = \"1_text\"  # same key and definition"));
    let settled = ["a 1_text", "b 2_text"];
    assert_eq!(names(&lock, &swapped, &[("a", "1_text"), ("b", "2_text")]).expect("settled"), settled);

    // The lines stand there still when the question comes again: they don't answer it, and there is another way to.
    remember(&mut lock, "a", "1_text");
    remember(&mut lock, "b", "2_text");
    let [again] = &errors(&lock, &swapped, &[("a", "1_text"), ("b", "2_text")])[..] else { panic!("one error") };
    assert_eq!(again.kind, ErrorKind::Ambiguous);
    assert!(again.help.contains("`a = \"1_text\"` in overrides.toml answered an earlier question"), "{again}");
    assert!(again.help.contains("# a = false  # same key"), "{again}");
    assert_eq!(names(&lock, &swapped, &[("a", "="), ("b", "=")]).expect("settled"), settled);
    remember(&mut lock, "a", "=");
    let [third] = &errors(&lock, &swapped, &[("a", "="), ("b", "2_text")])[..] else { panic!("one error") };
    assert!(third.help.contains("# a = \"1_text\"  # same key"), "{third}");
}

#[test]
fn a_move_to_another_type_needs_a_question() {
    let lock = lock_of(&[("steps", "1_value", "Steps"), ("prompt", "2_text", "Prompt")]);
    let same = [field("1_value", "Steps"), field("2_text", "Prompt")];
    let [odd] = &errors(&lock, &same, &[("steps", "2_text")])[..] else { panic!("one error") };
    assert!(odd.kind == ErrorKind::UnusedOverride && odd.message.contains("nobody asked"), "{odd}");
    // The title is at another input part: here somebody asks.
    let moved = [field("1_steps", "Steps"), field("2_text", "Prompt")];
    assert!(errors(&lock, &moved, &[])[0].help.contains("# steps = \"1_steps\""));
    assert_eq!(names(&lock, &moved, &[("steps", "1_steps")]).expect("settled")[0], "steps 1_steps");
}
