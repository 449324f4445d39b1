//! typify's reading of every schema at hand agrees with ours, or a person has settled why not.

use runcomfy_codegen::second_opinion::differences;
use runcomfy_codegen::{ErrorKind, Sources};
use workspace_tests::{fixtures, frozen, load};

#[test]
fn typify_understands_every_schema_as_we_do() {
    let sets = [load(&frozen()), load(&fixtures())];
    let told = |sources: &Sources| differences(sources).unwrap_or_else(|errors| panic!("{errors}")).as_warnings();
    let found: Vec<String> = sets.iter().map(told).filter(|told| !told.is_empty()).collect();
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// The fixtures, with another `overrides.toml` for one of them.
fn fixtures_with(overrides: &str) -> Sources {
    let mut sources = load(&fixtures());
    let model = sources.models.iter_mut().find(|model| model.folder == "trap/strings-and-lists").expect("a fixture");
    model.overrides.as_mut().expect("a line that settles").text = overrides.to_owned();
    sources
}

#[test]
fn a_difference_is_told_until_a_line_settles_it() {
    let found = differences(&fixtures_with("")).unwrap_or_else(|errors| panic!("{errors}"));
    let told = found.as_warnings();
    assert_eq!(found.iter().count(), 1, "{told}");
    assert!(told.starts_with("warning: typify can't read this"), "{told}");
    assert!(told.contains("trap/strings-and-lists/input.json at /properties/mixed"), "{told}");
    // The line to paste is a line that settles it.
    let paste =
        told.split_once("overrides.toml:\n").map(|(_, lines)| lines.replace("      ", "")).expect("lines to paste");
    let settled = differences(&fixtures_with(&paste)).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(settled.is_empty(), "{}", settled.as_warnings());
}

#[test]
fn a_line_that_settles_nothing_is_an_error_with_a_suggestion() {
    let errors = differences(&fixtures_with("[accept]\nsecond_opinion = [\"input.json#/properties/mixd\"]\n"));
    let errors = errors.expect_err("nothing is there");
    let kinds: Vec<ErrorKind> = errors.iter().map(|error| error.kind).collect();
    assert_eq!(kinds, [ErrorKind::UnusedOverride]);
    let told = errors.to_string();
    assert!(told.contains("trap/strings-and-lists/overrides.toml"), "{told}");
    assert!(told.contains("did you mean \"input.json#/properties/mixed\""), "{told}");
}
