//! `--facts-only`: what a response's sentences leave behind, and what becomes of names when they come later.

use std::fs;

use serde_json::{Value, json};

use super::bench::Bench;

/// Sentences, samples and notes wherever the catalogue has them.
const MARK: &str = "Somebody wrote this.";

/// A catalogue with texts everywhere.
fn told() -> Bench {
    let mut bench = Bench::new();
    for model in &mut bench.models {
        model["description"] = MARK.into();
        model["pricing_note"] = MARK.into();
        let schema = &mut model["input_schema"];
        schema["description"] = MARK.into();
        schema["properties"] = json!({
            "prompt": {"type": "string", "title": MARK, "description": MARK, "default": MARK, "x-hint": MARK},
            "image": {"type": "string", "format": "image_uri", "examples": [MARK], "default": "https://h/sample.png",
                "validations": [{"validation_rule": "file_size_mb<", "validation_value": 30, "validation_error": MARK}]},
            "mode": {"type": "string", "enum": ["fast", "slow"], "default": "slow", "$comment": MARK},
            "steps": {"type": "integer", "default": 1.50, "maximum": 40, "title": MARK},
        });
        schema["required"] = json!(["prompt"]);
    }
    bench
}

#[test]
fn no_sentence_comes_into_the_folder_and_the_facts_do() {
    let bench = told();
    let answer = bench.sync(&["--facts-only"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    assert_eq!(bench.generate().code, 0);
    for (path, text) in bench.snapshot() {
        assert!(!text.contains(MARK) && !text.contains("sample.png"), "{}: {text}", path.display());
    }
    let input: Value = serde_json::from_str(&bench.read("a/one/input.json")).expect("JSON");
    let rule = json!({"validation_rule": "file_size_mb<", "validation_value": 30});
    let facts = json!({"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string"},
        "image": {"type": "string", "format": "image_uri", "validations": [rule]},
        "mode": {"type": "string", "enum": ["fast", "slow"], "default": "slow"},
        "steps": {"type": "integer", "default": 1.5, "maximum": 40},
    }});
    assert_eq!(input, facts);
    let manifest = bench.read("a/one/model.toml");
    assert!(manifest.contains("texts = \"omitted\"\n") && manifest.contains("base_usd = 0.05"), "{manifest}");
    let code = fs::read_to_string(bench.file("../out/src/a/one/base.rs")).expect("a module");
    assert!(code.contains("from RunComfy's catalogue; published texts are left out\n"), "{code}");
    let again = bench.sync_on("2027-01-01", &["--facts-only"]);
    assert!(again.out.contains("0 changed, 3 unchanged"), "{again:?}");
}

#[test]
fn sentences_that_come_later_are_no_change_for_users() {
    let bench = told();
    assert_eq!(bench.sync(&["--facts-only"]).code, 0);
    assert_eq!(bench.generate().code, 0);
    let full = bench.sync(&[]);
    assert!(full.code == 0 && full.out.contains("docs only") && full.out.contains("3 changed"), "{full:?}");
    assert!(bench.read("a/one/input.json").contains(MARK) && !bench.read("a/one/model.toml").contains("texts"));
    assert_eq!(bench.generate().code, 0);
    let back = bench.sync(&["--facts-only"]);
    assert!(back.code == 0 && back.out.contains("docs only"), "{back:?}");
}

#[test]
fn an_unknown_keyword_stays_one_without_its_text() {
    let mut bench = told();
    bench.properties("a/one")["mode"]["wibble"] = MARK.into();
    let answer = bench.sync(&["--facts-only"]);
    assert!(answer.code == 1 && answer.err.contains("unknown keyword \"wibble\""), "{answer:?}");
    bench.write("overrides.toml", "[accept]\nkeywords = [\"wibble\"]\n");
    assert_eq!(bench.sync(&["--facts-only"]).code, 0);
    assert!(bench.read("a/one/input.json").contains("\"wibble\": null"));
}

#[test]
fn a_sentence_in_place_of_an_address_or_a_unit_does_not_come() {
    let mut bench = told();
    bench.models[0]["model_url"] = "https://h/x is here. Look at it now".into();
    bench.models[1]["price_unit"] = "film_that_you_can_see_and_hear".into();
    bench.properties("a/one")["mode"]["deprecated"] = MARK.into();
    let answer = bench.sync(&["--facts-only"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    for (path, text) in bench.snapshot() {
        let words = [MARK, "Look at", "film_that", "https://h/x"];
        assert!(words.iter().all(|words| !text.contains(words)), "{}: {text}", path.display());
    }
}

/// Names and values can't be left out, so whoever asked for facts hears of each that may be a sentence.
#[test]
fn a_sentence_that_is_a_fact_too_stops_its_model_until_a_person_decides() {
    let mut bench = told();
    bench.models[0]["display_name"] = "One: it makes films. Try it!".into();
    bench.properties("a/one")["mode"]["enum"] = json!(["fast", "Slow. Takes all the time it needs."]);
    let before = bench.snapshot();
    let full = bench.sync(&["--dry-run"]);
    assert_eq!((full.code, full.err.as_str()), (0, ""), "{full:?}");
    let stopped = bench.sync(&["--facts-only"]);
    assert_eq!(stopped.code, 1, "{stopped:?}");
    assert!(stopped.out.contains("2 new") && stopped.out.contains("1 left as they were"), "{stopped:?}");
    for words in
        ["a/one", "/models/0/display_name", "/models/0/input_schema/properties/mode/enum/1", "a/one/overrides.toml"]
    {
        assert!(stopped.err.contains(words), "{words}: {stopped:?}");
    }
    let after = bench.snapshot();
    assert!(
        after.len() > before.len()
            && after.values().all(|text| !text.contains("Takes all") && !text.contains("Try it"))
    );

    // The lines of the help, for both texts.
    bench.write(
        "a/one/overrides.toml",
        "[accept]\ntexts = [\"One: it makes films. Try it!\", \"Slow. Takes all the time it needs.\"]\n",
    );
    let taken = bench.sync(&["--facts-only"]);
    assert_eq!((taken.code, taken.err.as_str()), (0, ""), "{taken:?}");
    assert_eq!(bench.generate().code, 0);
    // What is accepted and not there any more is told, and stops nothing: it may come again.
    bench.properties("a/one")["mode"]["enum"] = json!(["fast", "slow"]);
    assert_eq!(bench.sync(&["--facts-only"]).code, 0);
    let told = bench.generate();
    assert!(told.code == 0 && told.err.contains("of [accept] texts waits"), "{told:?}");
}

#[test]
fn texts_that_editors_add_stop_nothing() {
    let mut bench = told();
    bench.properties("a/one")["mode"]["enumDescriptions"] = json!([MARK, MARK]);
    let answer = bench.sync(&["--facts-only"]);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    assert!(!bench.read("a/one/input.json").contains("enumDescriptions"));
}

#[test]
fn what_was_changed_on_the_way_is_undone_or_told_in_the_docs() {
    let mut bench = told();
    bench.models[0]["display_name"] = "Pack One".into();
    let known = bench.file("../known.toml");
    let known = known.to_str().expect("UTF-8");
    fs::write(
        known,
        "via = \"a pack\"\nas_of = 2026-01-31\ndisplay_name_prefix = \"Pack \"\n[incomplete]\n\"a/one\" = [\"shots\"]\n",
    )
    .expect("written");
    let flags = ["--facts-only", "--second-hand", known];
    assert_eq!(bench.sync(&flags).code, 0);
    let manifest = bench.read("a/one/model.toml");
    for line in ["display_name = \"One\"", "via = \"a pack\"\nas_of = 2026-01-31", "incomplete = [\"shots\"]"] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    assert_eq!(bench.generate().code, 0);
    let code = fs::read_to_string(bench.file("../out/src/a/one/base.rs")).expect("a module");
    for words in
        ["as of 2026-01-31, from RunComfy's catalogue by way of a pack;", "may also take `shots`", "Input::extra"]
    {
        assert!(code.contains(words), "{words}: {code}");
    }
    assert!(bench.sync(&flags).out.contains("3 unchanged"));
    // RunComfy's own answer is whole.
    assert!(bench.sync(&["--facts-only"]).out.contains("3 changed"));
    let manifest = bench.read("a/one/model.toml");
    assert!(!manifest.contains("via") && !manifest.contains("incomplete"), "{manifest}");

    bench.models.remove(0);
    let refused = bench.sync(&flags);
    assert!(
        refused.code == 1 && refused.err.contains("`a/one` is not listed") && refused.err.contains(known),
        "{refused:?}"
    );
}
