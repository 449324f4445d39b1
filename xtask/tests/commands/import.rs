//! `cargo xtask import` from the command line to the disk.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use tempfile::TempDir;
use xtask::Answer;
use xtask::cli::Cli;

use crate::desk::{run, text, texts_below};

const GERMAN: &str = include_str!("pages/german.txt");
const MODEL: &str = "community/wan-2-2/vace-fun";

/// A folder with `schemas/` and pages.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::create_dir(bench.schemas()).expect("a folder");
        bench
    }

    fn schemas(&self) -> PathBuf {
        self.0.path().join("schemas")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.schemas().join(MODEL).join(name)
    }

    /// Imports a page on a day of November 2026.
    fn import(&self, page: impl AsRef<[u8]>, day: u8) -> Answer {
        let path = self.0.path().join("page.txt");
        fs::write(&path, page).expect("a page");
        let date = format!("2026-11-{day:02}");
        run(&["import", &text(&path), "--schemas", &text(&self.schemas()), "--date", &date])
    }

    /// Imports the facts of a page only.
    fn import_facts(&self, page: &str) -> Answer {
        let path = self.0.path().join("page.txt");
        fs::write(&path, page).expect("a page");
        run(&["import", "--facts-only", &text(&path), "--schemas", &text(&self.schemas()), "--date", "2026-11-22"])
    }

    /// Every file of the schema folder with its text.
    fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        texts_below(&self.schemas())
    }

    /// The import fails, says this, and changes nothing.
    fn refuses(&self, page: &str, words: &[&str]) {
        let before = self.snapshot();
        let answer = self.import(page, 30);
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{}", answer.err);
        for words in words {
            assert!(answer.err.contains(words), "{words}: {}", answer.err);
        }
        assert_eq!(self.snapshot(), before);
    }
}

#[test]
fn the_encodings_of_editors_make_no_difference() {
    let plain = Bench::new();
    assert_eq!(plain.import(GERMAN, 22).code, 0);
    let files = |bench: &Bench| bench.snapshot().into_values().collect::<Vec<_>>();
    let crlf = GERMAN.replace('\n', "\r\n");
    for mark in ["\u{FEFF}", ""] {
        let page = format!("{mark}{crlf}");
        let utf16 = |unit: fn(u16) -> [u8; 2]| page.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        for bytes in [utf16(u16::to_le_bytes), utf16(u16::to_be_bytes), page.clone().into_bytes()] {
            let bench = Bench::new();
            let answer = bench.import(bytes, 22);
            assert_eq!((answer.code, files(&bench)), (0, files(&plain)), "{}", answer.err);
        }
    }
}

#[test]
fn a_new_model_gets_its_files_and_an_empty_folder_the_shared_shape() {
    let bench = Bench::new();
    let answer = bench.import(GERMAN, 22);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""));
    assert!(
        answer.out.starts_with("community/wan-2-2/vace-fun: new\nwrote _shared/media-output.json\n"),
        "{}",
        answer.out
    );
    let manifest = fs::read_to_string(bench.file("model.toml")).expect("a manifest");
    assert_eq!(
        manifest,
        "id = \"community/wan-2-2/vace-fun\"\ndisplay_name = \"Wan 2.2: Bild zu Video\"\nsource = \"page\"\nupdated = 2026-11-22\n"
    );
    let shared = fs::read_to_string(bench.schemas().join("_shared/media-output.json")).expect("the shape");
    assert_eq!(shared, include_str!("../../../schemas/_shared/media-output.json").replace("\r\n", "\n"));
    assert_eq!(bench.snapshot().len(), 4);
    runcomfy_codegen::fs::load(&bench.schemas()).expect("what is imported can be loaded");
}

#[test]
fn a_second_import_changes_nothing_not_even_the_day() {
    let bench = Bench::new();
    bench.import(GERMAN, 22);
    let before = bench.snapshot();
    assert_eq!(bench.import(GERMAN, 23).out, "community/wan-2-2/vace-fun: unchanged\n");
    assert_eq!(bench.snapshot(), before);
}

/// Who may not pass a page's sentences on takes its facts, and moves no name.
#[test]
fn facts_only_leave_a_pages_sentences_out() {
    let bench = Bench::new();
    let page = GERMAN
        .replace(
            "\"type\": \"float\"",
            "\"type\": \"float\", \"title\": \"Guidance\", \"description\": \"More is stricter.\"",
        )
        .replace("\"properties\": {}", "\"description\": \"Was es gibt.\", \"properties\": {}");
    assert_eq!(bench.import(&page, 22).code, 0);
    let package = bench.0.path().join("package");
    let generate = || run(&["generate", "--schemas", &text(&bench.schemas()), "--out", &text(&package)]);
    assert_eq!(generate().code, 0);
    let told = fs::read_to_string(bench.file("input.json")).expect("a schema");
    assert!(told.contains("\"title\"") && told.contains("\"description\""), "the page has texts: {told}");
    let answer = bench.import_facts(&page);
    assert_eq!((answer.code, answer.err.as_str()), (0, ""), "{answer:?}");
    for name in ["input.json", "output.json"] {
        let schema = fs::read_to_string(bench.file(name)).expect("a schema");
        assert!(!schema.contains("\"description\""), "{name}: {schema}");
        assert!(schema.contains("\"type\": \"object\""), "{name}: {schema}");
    }
    let titles = fs::read_to_string(bench.file("input.json")).expect("a schema").matches("\"title\"").count();
    assert_eq!(titles, 1, "what a node's input is called stays, and nothing else");
    assert!(fs::read_to_string(bench.file("model.toml")).expect("a manifest").contains("texts = \"omitted\"\n"));
    let code = || fs::read_to_string(package.join("src/community/wan_2_2/vace_fun.rs")).expect("a module");
    let public = |code: &str| {
        code.lines().filter(|line| line.trim_start().starts_with("pub ")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = public(&code());
    let answer = generate();
    assert_eq!(answer.code, 0, "{answer:?}");
    assert_eq!(public(&code()), before, "no name moves");
    assert!(bench.import_facts(&page).out.ends_with(": unchanged\n"));

    let sentence = page.replace("Wan 2.2: Bild zu Video", "Ein Bild wird Film. Probier es!");
    assert_ne!(sentence, page);
    let stopped = bench.import_facts(&sentence);
    assert!(
        stopped.code == 1 && stopped.err.contains("/display_name") && stopped.err.contains("[accept]"),
        "{stopped:?}"
    );
}

#[test]
fn a_changed_model_is_told_as_a_diff_and_keeps_its_price() {
    let bench = Bench::new();
    bench.import(GERMAN, 22);
    let priced = fs::read_to_string(bench.file("model.toml")).expect("a manifest")
        + "\n[price]\nbase_usd = 0.1\nunit = \"output\"\n";
    fs::write(bench.file("model.toml"), &priced).expect("written");
    let out = bench.import(GERMAN.replace("3.50", "4"), 23).out;
    for line in [
        "community/wan-2-2/vace-fun: changed",
        "-      \"default\": 3.50",
        "+      \"default\": 4",
        "-updated = 2026-11-22",
        "+updated = 2026-11-23",
    ] {
        assert!(out.lines().any(|printed| printed == line), "{line}: {out}");
    }
    assert!(!out.contains("output.json"), "{out}");
    let manifest = fs::read_to_string(bench.file("model.toml")).expect("a manifest");
    assert_eq!(manifest, priced.replace("11-22", "11-23"));
}

#[test]
fn a_page_without_a_title_keeps_the_name_that_is_there() {
    let bench = Bench::new();
    let untitled = GERMAN.replace("\ncommunity/wan-2-2/vace-fun\n", "\n");
    assert!(bench.import(&untitled, 22).out.contains("note: no title above the id"));
    bench.import(GERMAN, 22);
    assert_eq!(bench.import(&untitled, 23).out, "community/wan-2-2/vace-fun: unchanged\n");
}

#[test]
fn an_id_that_clashes_where_case_is_ignored_is_refused() {
    let bench = Bench::new();
    bench.import(GERMAN, 22);
    let shouted = GERMAN.replace("community/wan-2-2", "community/WAN-2-2");
    bench.refuses(
        &shouted,
        &["community/WAN-2-2/vace-fun", "`community/wan-2-2`", "page.txt", "no longer offered", "1 error"],
    );
}

#[test]
fn refusals_name_file_line_and_remedy() {
    let bench = Bench::new();
    let (cut, _) = GERMAN.split_once("\"108_cfg\"").expect("a field");
    bench.refuses(
        &GERMAN.replace("/v1/models/community", "/v1/models/.."),
        &["page.txt at line 11", "help: an id looks like"],
    );
    bench.refuses(cut, &["page.txt at line", "help: save the whole page again"]);
    bench.refuses("nothing here", &["page.txt at line 1", "help:", "\n1 error\n"]);
}

#[test]
fn every_fault_of_a_page_names_the_page_and_the_place_in_it() {
    let deep = format!("{}{{}}{}", "{\"not\":".repeat(200), "}".repeat(200));
    let seed = "      \"default\": 3.50\n    }";
    let with = |more: &str| GERMAN.replace(seed, &format!("      \"default\": 3.50\n    }},\n    {more}"));
    let field = "the input schema, /properties/9_value";
    for (page, place, words) in [
        (with("\"56_text\": {\"type\": \"string\"}"), "line 53", "\"56_text\" is there twice"),
        (with("\"9_value\": {\"maximum\": 1e400}"), "line 53", "out of range"),
        (with("\"9_value\": {\"title\": \"\\ud800\"}"), "line 53", "hex escape"),
        (with(&format!("\"9_value\": {deep}")), "line 53", "128 levels"),
        (with("\"9_value\": {\"type\": \"strnig\"}"), field, "strnig"),
        (with("\"9_value\": {\"type\": \"string\", \"wibble\": 1}"), field, "wibble"),
        (with("\"9_value\": {\"$ref\": \"#/nowhere\"}"), field, "nowhere"),
        (
            GERMAN.replace("56_text", "57_other").replace("\"string\"", "\"integer\""),
            "the input schema",
            "wants the name `image`, which a removed field had",
        ),
    ] {
        let bench = Bench::new();
        assert_eq!(bench.import(GERMAN, 22).code, 0);
        let out = text(&bench.0.path().join("out"));
        assert_eq!(run(&["generate", "--schemas", &text(&bench.schemas()), "--out", &out]).code, 0);
        let origin = text(&bench.0.path().join("page.txt"));
        bench.refuses(&page, &[&format!("  --> {origin} at {place}"), "\n  help: ", words]);
        let told = bench.import(&page, 30).err;
        for place in told.lines().filter_map(|line| line.strip_prefix("  --> ")) {
            assert!(place.starts_with(&origin), "{place}: nothing else is at fault: {told}");
        }
    }
}

#[test]
fn a_manifest_that_cannot_be_read_is_not_overwritten() {
    let bench = Bench::new();
    bench.import(GERMAN, 22);
    fs::write(bench.file("model.toml"), "id = 1\n").expect("written");
    bench.refuses(
        &GERMAN.replace("3.50", "4"),
        &["community/wan-2-2/vace-fun/model.toml at line 1", "help: the keys are"],
    );
}

#[test]
fn what_stands_in_the_way_of_one_file_stops_them_all() {
    let bench = Bench::new();
    fs::create_dir_all(bench.file("output.json")).expect("a folder");
    bench.refuses(GERMAN, &["a folder or a link stands where a file should be", "output.json"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_schema_folder_is_not_followed() {
    let bench = Bench::new();
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    std::os::unix::fs::symlink(elsewhere.path(), bench.schemas().join("community")).expect("a link");
    let answer = bench.import(GERMAN, 22);
    assert!(answer.code == 1 && answer.err.contains("a link stands where a folder should be"), "{}", answer.err);
    assert_eq!(fs::read_dir(elsewhere.path()).expect("a folder").count(), 0);
}

#[test]
fn a_page_above_the_limit_and_a_missing_one_are_refused() {
    let bench = Bench::new();
    let page = bench.0.path().join("huge.txt");
    fs::File::create(&page).and_then(|file| file.set_len((16 << 20) + 1)).expect("a sparse file");
    for (page, words) in [(text(&page), "larger than 16 MiB"), ("nowhere.html".to_owned(), "can't be read")] {
        let answer = run(&["import", &page, "--schemas", &text(&bench.schemas())]);
        assert!(answer.code == 1 && answer.err.contains(words) && answer.err.contains(&page), "{}", answer.err);
    }
}

#[test]
fn wrong_arguments_are_clap_s_exit_code_2() {
    for arguments in
        [&["xtask", "import"][..], &["xtask", "frobnicate"], &["xtask", "import", "-", "--date", "tomorrow"]]
    {
        assert_eq!(Cli::try_parse_from(arguments).expect_err("usage").exit_code(), 2);
    }
}

/// A page in words of our own around the schemas of a model that was imported once: they come back as they are.
#[test]
fn the_schemas_of_a_model_come_back_from_a_page_that_shows_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/downstream/schemas").join(MODEL);
    let schema = |name: &str| fs::read_to_string(folder.join(name)).expect("a schema").replace("\r\n", "\n");
    let (input, output) = (schema("input.json"), schema("output.json"));
    let (head, rest) = GERMAN.split_once("Eingabeschema\n").expect("a heading");
    let tail = rest.rsplit_once("Folge uns").expect("an end").1;
    let page = format!("{head}Eingabeschema\n\n{input}\nAusgabeschema\n\n{output}\nFolge uns{tail}");
    let page = runcomfy_codegen::import::read_page("page.txt", &page).expect("a page");
    assert_eq!((page.id.as_str(), page.input, page.output), (MODEL, input, output));
}
