//! What stands in a file, and which entries of it match nothing.

use super::*;
use crate::ErrorKind;
use crate::lock::Answer;

fn overrides(text: &str) -> Result<Overrides, Error> {
    Overrides::parse(&SourceFile { path: "a/b/overrides.toml".into(), text: text.into() })
}

#[test]
fn an_entry_that_matches_nothing_is_an_error_with_a_suggestion() {
    let found = overrides("[names]\n\"56_txt\" = \"prompt\"\n\"7_cfg\" = \"guidance\"\n").expect("valid");
    let paths = ["56_text", "7_cfg"].map(str::to_owned).into();
    let targets = Targets { paths, named: ["7_cfg".to_owned()].into(), ..Targets::default() };
    let errors = found.all_match(&targets).expect_err("one matches nothing").to_string();
    assert!(errors.contains("56_txt") && errors.contains("did you mean \"56_text\""), "{errors}");
    assert!(!errors.contains("7_cfg"), "{errors}");
}

#[test]
fn a_misspelt_type_is_an_error_with_a_suggestion() {
    let found = overrides("[variants.Resolutin]\na = \"A\"\n[aliases.Inputt]\na = \"b\"\n").expect("valid");
    let pair = |of: &str, member: &str| (of.to_owned(), member.to_owned());
    let (values, fields) = ([pair("Resolution", "a")].into(), [pair("Input", "b")].into());
    let errors = found.all_match(&Targets { values, fields, ..Targets::default() }).expect_err("two").to_string();
    for words in ["[variants] matches nothing", "\"Resolution\"", "[aliases] matches nothing", "\"Input\""] {
        assert!(errors.contains(words), "{words}: {errors}");
    }
}

#[test]
fn answers_stand_under_the_type_whose_field_moved() {
    let found = overrides("[moved]\na = \"1_x\"\nb = \"\"\n[moved.Camera]\nlens = false\n").expect("valid");
    let (input, camera) = (&found.moved["Input"], &found.moved["Camera"]);
    assert_eq!(input["a"], Answer::Key("1_x".to_owned()));
    assert_eq!((&input["b"], &camera["lens"]), (&Answer::Removed, &Answer::Stays));
    assert!(overrides("[moved]\na = true\n").is_err() && overrides("[moved]\na = 1\n").is_err());
}

#[test]
fn an_alias_for_a_field_that_is_not_there_is_an_error_with_a_suggestion() {
    let found = overrides("[aliases.Input]\ntext = \"promt\"\n").expect("valid");
    let fields = [("Input".to_owned(), "prompt".to_owned())].into();
    let errors = found.all_match(&Targets { fields, ..Targets::default() }).expect_err("no such field").to_string();
    assert!(errors.contains("[aliases.Input]") && errors.contains("did you mean \"prompt\""), "{errors}");
}

#[test]
fn a_misspelt_table_is_an_error_with_its_line() {
    let error = overrides("[names]\n\"a\" = \"b\"\n[nmaes]\n").expect_err("no such table");
    assert_eq!((error.kind, error.place.as_str()), (ErrorKind::Toml, "line 3"), "{error}");
}
