//! Names of fields, by the trap in their keys and titles.

use super::*;

fn label<'a>(key: &'a str, title: &'a str) -> FieldLabel<'a> {
    FieldLabel { key, title, pinned: None, locked: None }
}

fn named(labels: &[FieldLabel<'_>]) -> Vec<String> {
    let names = name_fields(labels, &[]).expect("named");
    names.into_iter().map(|name| name.ident).collect()
}

fn problems(labels: &[FieldLabel<'_>]) -> Vec<NameProblem> {
    name_fields(labels, &[]).expect_err("a problem")
}

#[test]
fn the_seed_reads_as_its_titles() {
    let names = named(&[
        label("56_text", "Prompt"),
        label("118_image", "Image"),
        label("4_valuex3_value", "Resolution (W:H)"),
        label("25_value", "Number of Frames"),
        label("38_value", "Frames Per Second"),
        label("108_cfg", "Guidance Scale"),
    ]);
    let expected = ["prompt", "image", "resolution", "number_of_frames", "frames_per_second", "guidance_scale"];
    assert_eq!(names, expected);
}

#[test]
fn each_source_falls_through_to_the_next() {
    assert_eq!(named(&[label("56_text", "")]), ["text"]);
    assert_eq!(named(&[label("56_text", "提示词")]), ["text"]);
    assert_eq!(named(&[label("56_text", "(optional)")]), ["text"]);
    assert_eq!(named(&[label("4_valuex3_value", "")]), ["value"]);
    assert_eq!(named(&[label("4_widthx3_height", "")]), ["height_width"]);
    assert_eq!(named(&[label("image_url_1", "Any Title")]), ["image_url_1"], "a plain key is its own name");
}

#[test]
fn two_fields_with_one_title_take_their_parentheses() {
    let names = named(&[label("1_value", "Steps (High Noise)"), label("2_value", "Steps (Low Noise)")]);
    assert_eq!(names, ["steps_high_noise", "steps_low_noise"]);
    let names = named(&[label("1_value", "Steps"), label("2_value", "Steps (Low Noise)")]);
    assert_eq!(names, ["steps", "steps_low_noise"]);
}

#[test]
fn titles_in_another_script_take_their_parentheses() {
    assert_eq!(named(&[label("1_value", "步数 (High)"), label("2_value", "步数 (Low)")]), ["value_high", "value_low"]);
    let locked = FieldLabel { locked: Some("value"), ..label("1_value", "步数") };
    assert_eq!(named(&[locked, label("2_value", "步数 (Low)")]), ["value", "value_low"]);
}

#[test]
fn two_fields_with_one_title_and_nothing_in_parentheses_take_their_inputs() {
    let names = named(&[label("1_width", "Size (px)"), label("2_height", "Size (px)"), label("3_seed", "Seed")]);
    assert_eq!(names, ["size_width", "size_height", "seed"]);
}

#[test]
fn parentheses_that_meet_another_field_are_not_the_end() {
    let names = named(&[label("1_a", "Steps (High)"), label("2_b", "Steps (Low)"), label("3_c", "Steps High")]);
    assert_eq!(names, ["steps_high_a", "steps_low", "steps_high_c"]);
}

#[test]
fn fields_that_only_a_node_id_tells_apart_print_the_lines_to_paste() {
    let problems = problems(&[label("12_value", "Steps"), label("3_seed", "Seed"), label("13_value", "Steps")]);
    let expected = NameProblem {
        keys: vec!["12_value".into(), "13_value".into()],
        message: "the fields `12_value` and `13_value` want one name: `steps`".into(),
        help: "nothing readable tells them apart; name them in overrides.toml:\n[names]\n\"12_value\" = \"…\"\n\"13_value\" = \"…\""
            .into(),
        is_written: false,
        retired: None,
    };
    assert_eq!(problems, [expected]);
}

#[test]
fn plain_keys_that_fold_to_one_name_are_a_problem() {
    let problems = problems(&[label("a-b", ""), label("a_b", ""), label("aB", "")]);
    assert_eq!(problems[0].keys, ["a-b", "aB", "a_b"]);
}

#[test]
fn a_newcomer_makes_room_for_a_locked_name() {
    let locked = FieldLabel { locked: Some("steps"), ..label("1_value", "Steps (High)") };
    assert_eq!(named(&[locked, label("2_value", "Steps (Low)")]), ["steps", "steps_low"]);
    assert_eq!(named(&[locked, label("2_count", "Steps")]), ["steps", "steps_count"]);
    assert_eq!(named(&[locked, label("2_value", "Steps (High)")]), ["steps", "steps_high"]);
    assert_eq!(named(&[locked, label("2_value", "Steps")]), ["steps", "steps_value"]);
    let two = [label("2_value", "Steps"), locked, label("3_value", "Steps")];
    assert_eq!(problems(&two)[0].keys, ["2_value", "3_value"]);
}

#[test]
fn the_name_of_a_removed_field_is_not_given_to_another() {
    let name = |label: FieldLabel<'_>| name_fields(&[label], &["steps", "type_"]);
    let names = name(label("2_count", "Steps")).expect("named");
    assert_eq!(names[0].ident, "steps_count");
    let problems = name(label("type", "")).expect_err("a problem");
    assert_eq!(problems[0].message, "the field `type` wants the name `type`, which a removed field had");
    let pinned = FieldLabel { pinned: Some("steps"), ..label("9_value", "") };
    assert!(name(pinned).is_err());
    let locked = FieldLabel { locked: Some("steps"), ..label("9_value", "") };
    assert_eq!(name(locked).expect("its own name")[0].ident, "steps");
}

#[test]
fn an_override_wins_over_the_lock_and_gets_its_marks() {
    let pinned = FieldLabel { pinned: Some("type"), locked: Some("kind"), ..label("1_value", "Mode") };
    let names = name_fields(&[pinned], &[]).expect("named");
    assert_eq!(names, [FieldName { ident: "type_".into(), json: "type".into() }]);
}

#[test]
fn an_override_that_is_not_readable_is_refused_with_a_suggestion() {
    for (pinned, suggested) in [("LoRAScale", "lora_scale"), ("type_", "type"), ("a-b", "a_b"), ("größe", "grosse")] {
        let problems = problems(&[FieldLabel { pinned: Some(pinned), ..label("1_value", "") }]);
        assert!(problems[0].help.ends_with(&format!("such as `{suggested}`")), "{problems:?}");
    }
    for pinned in ["", "…", "_", "提示"] {
        let problems = problems(&[FieldLabel { pinned: Some(pinned), ..label("1_value", "") }]);
        assert!(problems[0].help.ends_with("characters"), "{problems:?}");
    }
}

#[test]
fn a_name_written_down_twice_is_a_problem() {
    let one = FieldLabel { pinned: Some("steps"), ..label("1_value", "") };
    let two = FieldLabel { locked: Some("steps"), ..label("2_value", "") };
    let problem = &problems(&[one, two])[0];
    assert_eq!(problem.help, "give other names in overrides.toml:\n[names]\n\"1_value\" = \"…\"");
    let damaged = FieldLabel { locked: Some("no name"), ..label("2_value", "") };
    assert!(problems(&[damaged])[0].help.contains("restore"));
}

#[test]
fn a_locked_identifier_keeps_its_marks() {
    let locked = FieldLabel { locked: Some("_4k_"), ..label("1_value", "4K") };
    let names = name_fields(&[locked], &[]).expect("named");
    assert_eq!(names, [FieldName { ident: "_4k_".into(), json: "4k".into() }]);
}

#[test]
fn extra_is_free_for_the_map() {
    let names = name_fields(&[label("extra", ""), label("1_value", "Extra (x)")], &[]).expect("named");
    assert_eq!(names[0], FieldName { ident: "extra_".into(), json: "extra_".into() });
    assert_eq!(names[1].json, "extra_x");
}

#[test]
fn keys_of_other_scripts_and_uuids_have_readable_names() {
    assert_eq!(named(&[label("日本", "")]), ["ri_ben"]);
    assert_eq!(named(&[label("56_文", "")]), ["wen"]);
    assert_eq!(named(&[label("3f25aa10-0b1c-4d2e-8f3a-0123456789ab:8_text", "")]), ["text"]);
}

#[test]
fn a_field_without_a_name_is_a_problem() {
    for (key, title) in [("+", ""), ("56_+", "—")] {
        let problem = &problems(&[label(key, title)])[0];
        assert_eq!(problem.keys, [key]);
        assert!(problem.help.contains("[names]"), "{}", problem.help);
    }
}
