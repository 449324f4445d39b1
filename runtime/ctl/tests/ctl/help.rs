//! Helps and lists: what can be asked without an account or a network.

use runcomfy_live::Catalogue;
use runcomfyctl::{command, command_of};

use crate::desk::{Desk, MODEL};

#[test]
fn the_helps_are_as_reviewed() {
    let desk = Desk::offline();
    for name in ["", "models", "show", "schema", "check", "run", "batch", "work", "mcp"] {
        let args: Vec<&str> = [name, "--help"].into_iter().filter(|arg| !arg.is_empty()).collect();
        let ran = desk.run(&args);
        insta::assert_snapshot!(format!("help {name}").trim_end().replace(' ', "_"), ran.told());
    }
    insta::assert_snapshot!("help_of_a_model", desk.run(&["run", MODEL, "--help"]).told());
}

#[test]
fn the_help_of_every_model_fits_into_80_columns() {
    let mut seen = 0;
    for info in runcomfy::models() {
        let mut command = command_of("run", info.id).expect("a model").term_width(80);
        // clap's own checks of the whole command, such as two flags of one name.
        command.build();
        let run = command.find_subcommand_mut("run").expect("a command").clone();
        let text = run.term_width(80).render_long_help().to_string();
        for line in text.lines() {
            // A word that is longer than the line can't be broken: it is a value to be typed as it stands.
            let can_break = line.trim().contains(' ');
            assert!(line.chars().count() <= 80 || !can_break, "{}: {line}", info.id);
        }
        let missing: Vec<&str> = info
            .schema
            .fields
            .iter()
            .filter(|field| !text.contains(&format!("-{}", field.name.replace('_', "-").trim_matches('-'))))
            .map(|field| field.name)
            .collect();
        assert!(missing.is_empty(), "{}: no flags for {missing:?}", info.id);
        seen += 1;
    }
    assert!(seen > 100, "{seen} models");
}

#[test]
fn the_command_line_is_sound() {
    command().debug_assert();
    for name in ["run", "check"] {
        command_of(name, MODEL).expect("a model").debug_assert();
    }
}

#[test]
fn what_holds_for_every_command_may_stand_anywhere() {
    let desk = Desk::offline();
    let field = ["--prompt", "run", "--steps=99"];
    for args in [
        [&["--json", "check", MODEL][..], &field].concat(),
        [&["check", "--json", MODEL][..], &field].concat(),
        [&["check", MODEL][..], &field, &["--json"]].concat(),
    ] {
        let ran = desk.run(&args);
        assert_eq!((ran.code, ran.json()["error"]["exit"].as_i64()), (Some(65), Some(65)), "{args:?}");
    }
    let ran = desk.run(&["run", MODEL, "--promt", "x", "--json"]);
    assert_eq!((ran.code, ran.json()["error"]["exit"].as_i64()), (Some(64), Some(64)));
}

#[test]
fn models_are_found_by_words_and_by_what_they_make() {
    let desk = Desk::offline();
    let ran = desk.run(&["models", "wan", "vace", "--json"]);
    assert_eq!((ran.code, ran.json()[0]["id"].as_str()), (Some(0), Some(MODEL)));
    for model in
        desk.run(&["models", "--gives", "audio", "--takes", "text", "--json"]).json().as_array().expect("a list")
    {
        assert!(model["gives"].as_array().is_some_and(|gives| gives.iter().any(|one| one == "audio")), "{model}");
        assert!(model["takes"].as_array().is_some_and(|takes| takes.iter().any(|one| one == "text")), "{model}");
    }
    insta::assert_snapshot!("no_such_model_is_found", desk.run(&["models", "teapot"]).told());
    insta::assert_snapshot!("no_such_thing_is_made", desk.run(&["models", "--gives", "smell"]).told());
}

/// One ranking serves the models that were compiled and those that were listed.
#[test]
fn compiled_and_listed_models_are_found_alike() {
    let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
    let listed = Catalogue::builder().folder(schemas).build().expect("the schemas");
    let compiled = Catalogue::builder().with_models(runcomfy::models()).build().expect("a catalogue");
    let infos = listed.models().entries.into_iter().map(|entry| listed.model(&entry.id).expect("a model").info());
    let as_data = Catalogue::builder().with_models(infos).build().expect("a catalogue");
    let mut found = 0;
    for words in [
        "",
        "image to video 1080p",
        "text to image",
        "4k",
        "16:9",
        "video",
        "audio",
        "elevenlabs music",
        "wan vace",
        "zzz",
        "of",
    ] {
        let by_schema: Vec<String> = listed.find(words).entries.into_iter().map(|entry| entry.id).collect();
        assert_eq!(as_data.find_ids(words), by_schema, "{words:?}");
        // Of compiled ones it is known besides what they give.
        let known = compiled.find_ids(words);
        assert!(by_schema.iter().all(|id| known.contains(id)), "{words:?}: {by_schema:?}, {known:?}");
        found += by_schema.len();
    }
    assert!(found > 200, "{found}");
    // And the program finds as both do, by values of fields too.
    let desk = Desk::offline();
    let told = desk.run(&["models", "16:9", "image", "to", "video", "--json"]).json();
    let ids: Vec<&str> = told.as_array().expect("a list").iter().filter_map(|model| model["id"].as_str()).collect();
    assert!(!ids.is_empty());
    assert_eq!(ids, compiled.find_ids("16:9 image to video"));
}

#[test]
fn a_model_is_shown_for_people_and_for_programs() {
    let desk = Desk::offline();
    insta::assert_snapshot!("show", desk.run(&["show", "vace-fun"]).told());
    let shown = desk.run(&["show", MODEL, "--json"]).json();
    let steps = shown["fields"].as_array().and_then(|fields| fields.iter().find(|field| field["name"] == "steps"));
    let steps = steps.expect("a field");
    assert_eq!((steps["allowed"][0].as_str(), steps["default"].as_i64()), (Some("2 to 40"), Some(12)));
    insta::assert_snapshot!("show_what_is_not_there", desk.run(&["show", "vace-fn"]).told());
}

#[test]
fn a_schema_is_printed_in_every_dialect() {
    let desk = Desk::offline();
    for dialect in ["full", "anthropic", "openai-strict", "gemini", "common"] {
        let ran = desk.run(&["schema", MODEL, "--dialect", dialect]);
        assert_eq!((ran.code, ran.json()["type"].as_str()), (Some(0), Some("object")), "{dialect}: {ran:?}");
        assert!(ran.json()["properties"]["steps"].is_object(), "{dialect}: {ran:?}");
    }
}

#[test]
fn completions_know_models_flags_and_values() {
    let desk = Desk::offline();
    for (line, place, wanted) in [
        (&["runcomfyctl", "run", "community/"][..], "2", MODEL),
        (&["runcomfyctl", "run", MODEL, "--num"][..], "3", "--number-of-frames"),
        (&["runcomfyctl", "run", MODEL, "--number-of-frames", "1"][..], "4", "141"),
        (&["runcomfyctl", "schema", MODEL, "--dialect", "g"][..], "4", "gemini"),
    ] {
        let mut program = desk.program(&[&["--"][..], line].concat());
        program.env("COMPLETE", "bash").env("_CLAP_COMPLETE_INDEX", place).env("_CLAP_IFS", "\n");
        let offered = String::from_utf8(program.output().expect("the program").stdout).expect("text");
        assert!(offered.lines().any(|one| one == wanted), "{line:?}: {offered}");
    }
}

/// Programs read the standard output, whatever is wrong with what they were told to say.
#[test]
fn with_json_every_answer_is_json() {
    let desk = Desk::offline();
    for args in [
        &["nope"][..],
        &[],
        &["--nope"],
        &["models", "--gives", "film"],
        &["models", "zzzqq"],
        &["show"],
        &["show", "vace-fun"],
        &["show", "nope/nope"],
        &["schema", "vace-fun"],
        &["check"],
        &["check", "vace-fun", "--nope", "1"],
        &["check", "vace-fun", "gone.json"],
        &["run"],
        &["run", "vace-fun", "--budget-usd", "-1"],
        &["run", "vace-fun", "--budget-usd", "many"],
        &["batch"],
        &["batch", "nope"],
        &["batch", "resolve", "x"],
        &["batch", "resolve", "--give-up"],
        &["batch", "run", "films", "--at-once", "0"],
        &["batch", "settle", "x"],
        &["batch", "status"],
        &["work", "--at-once", "many"],
        &["mcp", "--budget-usd", "nan"],
    ] {
        for args in [[args, &["--json"]].concat(), [&["--json"], args].concat()] {
            let ran = desk.run(&args);
            assert!(serde_json::from_str::<serde_json::Value>(&ran.out).is_ok(), "{args:?}: {ran:?}");
        }
    }
}
