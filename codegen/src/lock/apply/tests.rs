//! What a lock makes of the fields that are published now: kept, moved, stopped.

use super::*;
use crate::error::ErrorKind;
use crate::lock::{Answer, Definition, NamedField, NamedType, ROOT};

fn field(key: &str, title: &str) -> Field {
    let input = key.split_once('_').map(|(_, input)| input.to_owned());
    Field { key: key.to_owned(), input, title: title.to_owned(), definition: Definition::new("string"), is_bare: false }
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

/// Empty for removed, `=` for unmoved, `+` before a key that it has again.
fn answer(text: &str) -> Answer {
    match text {
        "" => Answer::Removed,
        "=" => Answer::Stays,
        again if again.starts_with('+') => Answer::Again(again[1..].to_owned()),
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

/// What is told of the answers although nothing stops.
fn notes(lock: &Lock, new: &[Field], answers: &[(&str, &str)]) -> Vec<String> {
    let resolution = resolve(Some(lock), ROOT, new, &[], &moved(answers)).expect("no questions");
    resolution.notes.iter().map(ToString::to_string).collect()
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
    let [unknown_key] = &notes(&lock, &new, &[("prompt", "910_text")])[..] else { panic!("one note") };
    assert!(unknown_key.contains("waits") && unknown_key.contains("unless `901_text` is meant"), "{unknown_key}");
}

#[test]
fn two_answers_with_one_key_are_refused() {
    let lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B")]);
    let new = [field("9_text", "C")];
    let [error] = &errors(&lock, &new, &[("a", "9_text"), ("b", "9_text")])[..] else { panic!("one error") };
    assert!(error.message.contains("`a` is moved to that key too"), "{error}");
}

#[test]
fn answers_wait_for_the_question_that_they_answer() {
    let lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B"), ("c", "3_text", "C")]);
    let now = [field("1_text", "A"), field("2_text", "B"), field("3_text", "C")];
    // Written down for a schema that is to come: keys that others have now, that nobody has, and a removal.
    let answers = [("a", "2_text"), ("b", "9_text"), ("c", "")];
    assert_eq!(names(&lock, &now, &answers).expect("no questions"), ["a 1_text", "b 2_text", "c 3_text"]);
    let told = notes(&lock, &now, &answers);
    assert!(told.len() == 3 && told.iter().all(|note| note.contains("waits")), "{told:?}");
    let resolution = resolve(Some(&lock), ROOT, &now, &[], &moved(&answers)).expect("no questions");
    assert!(resolution.given.is_empty(), "the lock is to remember nothing: {:?}", resolution.given);
    // Another schema comes first, which asks nothing.
    let first = [field("1_text", "Ah"), field("2_text", "B"), field("3_text", "C"), field("9_text", "D")];
    assert_eq!(names(&lock, &first, &answers).expect("no questions")[..3], ["a 1_text", "b 2_text", "c 3_text"]);
    // Then the one that they are for.
    let next = [field("2_text", "X"), field("9_text", "Y")];
    assert!(errors(&lock, &next, &[]).iter().all(|error| error.kind == ErrorKind::Ambiguous));
    assert_eq!(names(&lock, &next, &answers).expect("settled"), ["a 2_text", "b 9_text"]);
    let given = resolve(Some(&lock), ROOT, &next, &[], &moved(&answers)).expect("settled").given;
    assert_eq!(given, moved(&answers));
}

#[test]
fn of_two_questions_with_one_answer_the_other_is_asked() {
    let lock = lock_of(&[("a", "1_text", "A"), ("b", "2_seed", "B")]);
    let next = [field("8_text", "X"), field("9_seed", "Y")];
    assert_eq!(errors(&lock, &next, &[]).len(), 2);
    let [other] = &errors(&lock, &next, &[("a", "8_text")])[..] else { panic!("one question") };
    assert!(other.message.contains("`b`") && other.kind == ErrorKind::Ambiguous, "{other}");
    let [wrong, _] = &errors(&lock, &next, &[("a", "88_text")])[..] else { panic!("both") };
    assert!(wrong.help.contains("`a = \"88_text\"` under [moved] waits") && wrong.help.contains("`8_text`"), "{wrong}");
}

#[test]
fn a_spent_answer_is_told_once_when_its_field_moves_on_and_stops_nothing() {
    let mut lock = lock_of(&[("a", "1_text", "A"), ("b", "2_text", "B")]);
    remember(&mut lock, "a", "1_text");
    let same = [field("1_text", "A"), field("2_text", "B")];
    assert_eq!(names(&lock, &same, &[("a", "1_text")]).expect("spent"), ["a 1_text", "b 2_text"]);
    assert_eq!(notes(&lock, &same, &[("a", "1_text")]), [""; 0]);
    // Another export: the id that the answer speaks of belongs to the other field now.
    let later = [field("7_text", "A"), field("1_text", "B")];
    assert_eq!(names(&lock, &later, &[("a", "1_text")]).expect("spent"), ["a 7_text", "b 1_text"]);
    let [note] = &notes(&lock, &later, &[("a", "1_text")])[..] else { panic!("one note") };
    assert!(note.contains("had its day: it is at \"7_text\" now") && note.contains("delete the line"), "{note}");
    lock.fields[0].field.key = "7_text".to_owned();
    lock.fields[1].field.key = "1_text".to_owned();
    assert_eq!(notes(&lock, &later, &[("a", "1_text")]), [""; 0], "told once");
    // Its key comes back, as a question.
    let back = [field("1_text", "X"), field("2_text", "Y")];
    let [asked] = &errors(&lock, &back, &[("a", "1_text")])[..] else { panic!("one question") };
    assert!(asked.help.contains("# a = { again = \"1_text\" }"), "{asked}");
    assert_eq!(names(&lock, &back, &[("a", "+1_text"), ("b", "2_text")]).expect("settled"), ["a 1_text", "b 2_text"]);
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
fn a_field_that_was_removed_comes_back_under_another_id_for_certain_or_with_a_question() {
    let mut lock = lock_of(&[("scene", "4_text", "Style"), ("seed", "5_seed", "Seed"), ("old", "9_text", "")]);
    lock.fields.iter_mut().for_each(|field| field.retired = true);
    let back = [field("40_text", "Style"), field("41_text", "Seed"), field("42_text", "")];
    let expected = ["scene 40_text", "+ 41_text", "+ 42_text"];
    assert_eq!(names(&lock, &back, &[]).expect("no questions"), expected, "nothing else has title and input part");

    let mut changed = back.clone();
    changed[0].definition.default = Some("x".to_owned());
    let [asked] = &errors(&lock, &changed, &[])[..] else { panic!("one question") };
    assert!(asked.message.contains("`scene`") && asked.message.contains("(rule e)"), "{asked}");
    assert!(
        asked.help.contains("# scene = \"40_text\"  # same title") && asked.help.contains("# scene = \"\""),
        "{asked}"
    );
    assert_eq!(names(&lock, &changed, &[("scene", "40_text")]).expect("settled"), expected);
    assert_eq!(names(&lock, &changed, &[("scene", "")]).expect("settled")[0], "+ 40_text");
    let twice = [field("40_text", "Style"), field("43_text", "Style")];
    assert_eq!(errors(&lock, &twice, &[]).len(), 1, "one of the two, or neither");
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
    let [odd] = &notes(&lock, &same, &[("steps", "2_text")])[..] else { panic!("one note") };
    assert!(odd.contains("waits: nobody asks"), "{odd}");
    // The title is at another input part: here somebody asks.
    let moved = [field("1_steps", "Steps"), field("2_text", "Prompt")];
    assert!(errors(&lock, &moved, &[])[0].help.contains("# steps = \"1_steps\""));
    assert_eq!(names(&lock, &moved, &[("steps", "1_steps")]).expect("settled")[0], "steps 1_steps");
}
