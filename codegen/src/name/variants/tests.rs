//! Names of enum variants, by the trap in their values.

use super::*;

fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    entries.iter().map(|&(value, variant)| (value.to_owned(), variant.to_owned())).collect()
}

fn named(enum_type: &str, values: &[&str]) -> Vec<String> {
    name_variants(enum_type, values, &map(&[]), &map(&[])).expect("named")
}

fn problems(values: &[&str]) -> Vec<NameProblem> {
    name_variants("Mode", values, &map(&[]), &map(&[])).expect_err("a problem")
}

#[test]
fn a_value_that_starts_with_a_digit_gets_the_enums_letter() {
    assert_eq!(named("Resolution", &["720p", "1080p", "4k"]), ["R720p", "R1080p", "R4k"]);
    assert_eq!(named("AspectRatio", &["16:9", "1:1", "adaptive"]), ["R16x9", "R1x1", "Adaptive"]);
    assert_eq!(named("Duration", &["auto", "5", "20"]), ["Auto", "D5", "D20"]);
    assert_eq!(named("T2", &["1"]), ["T1"]);
    assert_eq!(named("Größe", &["1"]), ["G1"]);
}

#[test]
fn digits_of_two_numbers_stay_apart() {
    assert_eq!(named("ImageSize", &["portrait_4_3", "portrait_43"]), ["Portrait4_3", "Portrait43"]);
    assert_eq!(named("Size", &["1024*576", "1024x576", "1024_1024"]), ["S1024_576", "S1024x576", "S1024_1024"]);
    assert_eq!(named("Scale", &["1.5", "15", "v2.1"]), ["S1_5", "S15", "V2_1"]);
}

#[test]
fn words_are_read_whatever_joins_them() {
    let values = ["TURBO", "mp3_high_quality", "vivi_mixed_en_zh_ja_es_id", "wav_16khz", "dolly in", "focusShift"];
    let names = ["Turbo", "Mp3HighQuality", "ViviMixedEnZhJaEsId", "Wav16khz", "DollyIn", "FocusShift"];
    assert_eq!(named("Voice", &values), names);
}

#[test]
fn parentheses_are_dropped_while_values_stay_distinct() {
    let names = named("Resolution", &["1024x576 (16:9)", "480x480 (1:1)"]);
    assert_eq!(names, ["R1024x576", "R480x480"]);
    let names = named("Resolution", &["1024x576 (wide)", "1024x576 (16:9)", "480x480 (1:1)"]);
    assert_eq!(names, ["R1024x576Wide", "R1024x576_16x9", "R480x480"]);
    assert_eq!(named("Mode", &["(auto)", "(manual)"]), ["Auto", "Manual"]);
}

#[test]
fn signs_of_numbers_are_words() {
    assert_eq!(named("Shift", &["-1", "1", "+1", "-1.5"]), ["Minus1", "S1", "Plus1", "Minus1_5"]);
    assert_eq!(named("Age", &["<18", ">=18", "18+"]), ["LessThan18", "GreaterThanEquals18", "A18Plus"]);
    assert_eq!(named("Level", &["50%", "50"]), ["L50Percent", "L50"]);
}

#[test]
fn symbols_become_words_where_they_are_all_there_is() {
    let names = named("Op", &["+", "-", "<", "<=", "", " ", "\0", "\n"]);
    assert_eq!(names, ["Plus", "Minus", "LessThan", "LessThanEquals", "Empty", "Space", "Null", "Newline"]);
}

#[test]
fn values_that_still_clash_are_spelled_out() {
    assert_eq!(named("AspectRatio", &["16:9", "16x9", "4:3"]), ["R16Colon9", "R16x9", "R4x3"]);
    assert_eq!(named("Mode", &["a b", "a-b", "a_b"]), ["ASpaceB", "AHyphenB", "AUnderscoreB"]);
    assert_eq!(named("Language", &["C", "C#", "C++"]), ["C", "CHash", "CPlusPlus"]);
    assert_eq!(named("Op", &["=", ">", "ab", "AB"]), ["Equals", "GreaterThan", "LowerAb", "UpperAb"]);
    assert_eq!(named("Op", &["+1", "-1", "reactions-+1", "reactions--1"]).len(), 4);
}

#[test]
fn values_that_differ_in_case_alone_say_how() {
    assert_eq!(named("Resolution", &["480p", "480P"]), ["Lower480p", "Upper480p"]);
    assert_eq!(named("Mode", &["auto", "Auto", "AUTO"]), ["LowerAuto", "TitleAuto", "UpperAuto"]);
    assert_eq!(named("Model", &["LoRA", "lora"]), ["MixedLora", "LowerLora"]);
}

#[test]
fn no_variant_is_a_keyword_or_a_name_that_enums_have() {
    assert_eq!(named("Mode", &["self", "unknown", "err"]), ["SelfValue", "UnknownValue", "ErrValue"]);
    assert_eq!(named("Mode", &["none", "default", "type"]), ["None", "Default", "Type"]);
    assert_eq!(named("Mode", &["self", "self value"]), ["SelfValue", "SelfSpaceValue"]);
}

#[test]
fn values_of_other_scripts_are_written_as_they_sound() {
    assert_eq!(named("City", &["北京", "上海", "Москва", "Rio"]), ["BeiJing", "ShangHai", "Moskva", "Rio"]);
    assert_eq!(named("Mode", &["auto (自动)", "auto 自动"]), ["Auto", "AutoZiDong"]);
    let problem = &problems(&["北京", "背景"])[0];
    assert!(problem.message.ends_with("want one variant: `BeiJing`"), "{}", problem.message);
}

#[test]
fn values_without_words_ask_for_an_override() {
    for value in ["\u{202e}", "\u{200b}—\u{200b}"] {
        let problem = &problems(&["plain", value])[0];
        assert_eq!(problem.keys, [value]);
        assert!(problem.help.starts_with("name it in overrides.toml:\n[variants.Mode]\n\""), "{}", problem.help);
    }
}

#[test]
fn values_that_nothing_tells_apart_ask_for_an_override() {
    let problem = &problems(&["naïve", "naive", "other"])[0];
    assert_eq!(problem.message, "the values `naive` and `naïve` of Mode want one variant: `Naive`");
    assert!(problem.help.ends_with("[variants.Mode]\n\"naive\" = \"…\"\n\"naïve\" = \"…\""), "{}", problem.help);
    let problem = &problems(&["a", "a"])[0];
    assert_eq!(problem.message, "the values `a` and `a` of Mode are not all different");
}

#[test]
fn overrides_and_locked_variants_never_change() {
    let locked = map(&[("a b", "AB"), ("gone", "Old"), ("gone too", "LowerOld")]);
    let names = name_variants("Mode", &["a-b", "a b", "new"], &map(&[("new", "Fresh")]), &locked);
    assert_eq!(names.expect("named"), ["AHyphenB", "AB", "Fresh"]);
    let problems = name_variants("Mode", &["old"], &map(&[]), &locked).expect_err("the variant of a removed value");
    assert_eq!(problems[0].message, "the value `old` of Mode wants the variant `LowerOld`, which a removed value had");
}

#[test]
fn an_override_that_is_no_variant_is_refused() {
    for pin in ["auto", "", "…", "A_b", "A1__2", "Self", "A b", "Ä"] {
        let problems = name_variants("Mode", &["x"], &map(&[("x", pin)]), &map(&[])).expect_err(pin);
        assert!(problems[0].help.starts_with("write it in PascalCase"));
    }
    let problems = name_variants("Mode", &["x"], &map(&[]), &map(&[("x", "auto")])).expect_err("a damaged lock");
    assert_eq!(problems[0].help, RESTORE);
}

#[test]
fn ten_thousand_values_and_a_megabyte_are_named() {
    let values: Vec<String> = (0..10_000).map(|number| format!("value {} ({number})", number / 2)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let names: BTreeSet<String> = named("Mode", &values).into_iter().collect();
    assert_eq!(names.len(), values.len());
    assert_eq!(named("Mode", &[&"1:".repeat(500_000)]).len(), 1);
}
