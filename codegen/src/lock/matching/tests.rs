//! Which published field is which locked one, rule by rule.

use super::*;
use crate::lock::Definition;

fn steps() -> Definition {
    Definition::new("integer").bound("minimum", "2").bound("maximum", "40")
}

fn frames() -> Definition {
    Definition::new("integer").bound("minimum", "12").bound("maximum", "24")
}

/// `5_value` is split at the `_`; `prompt` is a plain key.
fn field(key: &str, title: &str, definition: Definition) -> Field {
    let input = key.split_once('_').map(|(_, input)| input.to_owned());
    Field { key: key.to_owned(), input, title: title.to_owned(), definition, is_bare: false }
}

/// Pairs as `old key → new key`, or the letters of the rules that stopped.
fn outcome(old: &[Field], new: &[Field]) -> String {
    let known: Vec<Known<'_>> = old.iter().map(|field| Known { name: &field.key, field }).collect();
    match match_fields(&known, &new.iter().collect::<Vec<_>>()) {
        Ok(pairs) => {
            let shown = pairs.iter().map(|pair| format!("{}→{}", old[pair.old].key, new[pair.new].key));
            shown.collect::<Vec<_>>().join(" ")
        }
        Err(stops) => stops.iter().map(|stop| format!("stop {}", stop.rule.letter())).collect::<Vec<_>>().join(" "),
    }
}

#[test]
fn a_plain_key_is_its_own_identity_whatever_else_changes() {
    let old =
        [field("prompt", "Prompt", Definition::new("string")), field("style", "Style", Definition::new("string"))];
    let new = [field("style", "Prompt", steps()), field("prompt", "Style", Definition::new("string"))];
    assert_eq!(outcome(&old, &new), "prompt→prompt style→style");
}

#[test]
fn exchanged_ids_of_different_definition_follow_the_titles() {
    let old = [field("1_value", "Steps", steps()), field("2_value", "Frames", frames())];
    let new = [field("1_value", "Frames", frames()), field("2_value", "Steps", steps())];
    assert_eq!(outcome(&old, &new), "1_value→2_value 2_value→1_value");
}

#[test]
fn exchanged_titles_of_different_definition_follow_the_keys() {
    let old = [field("1_value", "Steps", steps()), field("2_value", "Frames", frames())];
    let new = [field("1_value", "Frames", steps()), field("2_value", "Steps", frames())];
    assert_eq!(outcome(&old, &new), "1_value→1_value 2_value→2_value");
}

#[test]
fn exchanged_titles_of_equal_definition_are_asked_about() {
    let old =
        [field("1_text", "Prompt", Definition::new("string")), field("2_text", "Negative", Definition::new("string"))];
    let new =
        [field("1_text", "Negative", Definition::new("string")), field("2_text", "Prompt", Definition::new("string"))];
    assert_eq!(outcome(&old, &new), "stop c");
}

#[test]
fn ids_that_move_on_by_one_are_no_exchange() {
    let old = ["1_value", "2_value", "3_value"].map(|key| field(key, &format!("T{key}"), steps()));
    let new = [("2_value", "T1_value"), ("3_value", "T2_value"), ("9_value", "T3_value")];
    let new = new.map(|(key, title)| field(key, title, steps()));
    assert_eq!(outcome(&old, &new), "1_value→2_value 2_value→3_value 3_value→9_value");
}

#[test]
fn titles_that_move_on_by_one_among_equals_are_asked_about() {
    let old =
        [field("1_text", "Prompt", Definition::new("string")), field("2_text", "Negative", Definition::new("string"))];
    let new =
        [field("1_text", "Negative", Definition::new("string")), field("2_text", "Style", Definition::new("string"))];
    assert_eq!(outcome(&old, &new), "stop c");
}

#[test]
fn one_field_is_renumbered_while_another_is_retitled() {
    let old = [field("1_value", "Steps", steps()), field("2_value", "Frames", steps())];
    let new = [field("9_value", "Steps", steps()), field("2_value", "Bilder", steps())];
    assert_eq!(outcome(&old, &new), "1_value→9_value 2_value→2_value");
}

#[test]
fn one_title_that_changed_while_everything_was_renumbered_is_asked_about() {
    let text = || Definition::new("string");
    let old =
        [field("1_value", "Steps", steps()), field("2_value", "Frames", frames()), field("3_text", "Prompt", text())];
    let new = [
        field("11_value", "Schritte", steps()),
        field("12_value", "Frames", frames()),
        field("13_text", "Prompt", text()),
    ];
    assert_eq!(outcome(&old, &new), "stop d");
    let known: Vec<Known<'_>> = old.iter().map(|field| Known { name: &field.key, field }).collect();
    let stops = match_fields(&known, &new.iter().collect::<Vec<_>>()).expect_err("a question");
    let asked = crate::Error::from(stops[0].clone());
    // No more than is true: the definition is the same, and everything else of it may be.
    assert!(asked.message.contains("no unique title and no trusted key say where it is"), "{asked}");
    assert!(!asked.message.contains("recognition") && asked.help.contains("same definition; now titled"), "{asked}");
}

#[test]
fn one_field_that_is_renumbered_and_retitled_is_asked_about() {
    let old = [field("1_value", "Steps", steps()), field("2_text", "Prompt", Definition::new("string"))];
    let new = [field("9_value", "Schritte", steps()), field("2_text", "Prompt", Definition::new("string"))];
    assert_eq!(outcome(&old, &new), "stop d");
}

#[test]
fn twins_without_titles_keep_their_keys_while_another_field_moves() {
    let old = [field("1_image", "", steps()), field("2_image", "", steps()), field("3_text", "Prompt", frames())];
    let new = [field("2_image", "", steps()), field("1_image", "", steps()), field("7_text", "Prompt", frames())];
    assert_eq!(outcome(&old, &new), "1_image→1_image 2_image→2_image 3_text→7_text");
}

#[test]
fn a_twin_on_the_id_of_its_twin_is_not_trusted() {
    // Was 1 renumbered to 2 and 2 to 5, or 1 to 5?
    let old = [field("1_image", "", steps()), field("2_image", "", steps()), field("3_text", "Prompt", frames())];
    let new = [field("2_image", "", steps()), field("5_image", "", steps()), field("7_text", "Prompt", frames())];
    assert_eq!(outcome(&old, &new), "stop d");
}

#[test]
fn a_twin_that_is_left_alone_is_not_trusted() {
    // Was 2 removed and 1 renumbered to 2, or 1 removed? Field 3 shows that ids moved.
    let old = [field("1_image", "", steps()), field("2_image", "", steps()), field("3_text", "Prompt", frames())];
    let new = [field("2_image", "", steps()), field("7_text", "Prompt", frames())];
    assert_eq!(outcome(&old, &new), "stop d");
    let kept = [field("2_image", "", steps()), field("3_text", "Prompt", frames())];
    assert_eq!(outcome(&old, &kept), "2_image→2_image 3_text→3_text");
}

#[test]
fn a_field_that_keeps_only_its_key_may_be_another() {
    let old = [field("1_value", "Steps", steps())];
    assert_eq!(outcome(&old, &[field("1_value", "Extra", frames())]), "stop a");
    assert_eq!(outcome(&old, &[field("1_value", "Extra", steps())]), "1_value→1_value");
    assert_eq!(outcome(&old, &[field("1_value", "Steps", frames())]), "1_value→1_value");
}

#[test]
fn a_title_on_another_input_part_may_be_another_field() {
    let old = [field("1_value", "Steps", steps())];
    assert_eq!(outcome(&old, &[field("2_steps", "Steps", steps())]), "stop a");
}

#[test]
fn taking_on_the_definition_that_another_field_lost_is_asked_about() {
    let old = [field("1_value", "", steps()), field("2_value", "", frames())];
    let new = [field("1_value", "", frames()), field("2_value", "", steps())];
    assert_eq!(outcome(&old, &new), "stop b");
}

#[test]
fn independent_questions_are_asked_together() {
    let old = [field("1_value", "Steps", steps()), field("2_text", "A", frames()), field("3_text", "B", frames())];
    let new = [field("9_value", "Schritte", steps()), field("2_text", "B", frames()), field("3_text", "A", frames())];
    assert_eq!(outcome(&old, &new), "stop c stop d");
}

#[test]
fn texts_that_were_left_out_and_come_later_are_no_change() {
    let bare = |key: &str, definition| Field { is_bare: true, ..field(key, "", definition) };
    let text = || Definition::new("string");
    let old = [bare("1_text", text()), bare("2_image", Definition::new("image"))];
    let sample = || Definition::new("image").default_text("sample.png");
    let new = [field("1_text", "Prompt", text().default_text("A sample")), field("2_image", "Photo", sample())];
    assert_eq!(outcome(&old, &new), "1_text→1_text 2_image→2_image");
    assert_eq!(outcome(&new, &old), "1_text→1_text 2_image→2_image", "and when they go again");
    // Where none were left out, a field of another meaning may have taken the key.
    let told = [field("1_text", "", text()), field("2_image", "", Definition::new("image"))];
    assert_eq!(outcome(&told, &new), "stop a stop a");
    // A setting is no text.
    let old = [bare("1_value", Definition::new("integer"))];
    assert_eq!(outcome(&old, &[field("1_value", "Steps", Definition::new("integer").default_text("12"))]), "stop a");
    let listed = || Definition::new("string").values(["a", "b"]);
    assert_eq!(outcome(&[bare("1_text", listed())], &[field("1_text", "Mode", listed().default_text("a"))]), "stop a");
}
