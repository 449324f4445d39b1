//! The program `runcomfy-codegen`, as people without this repository run it: from a page or a response to code, and through
//! what goes wrong on the way. No message names a command that they don't have.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;

const PAGE: &str = include_str!("../../xtask/tests/commands/pages/german.txt");
const MODEL: &str = "community/wan-2-2/vace-fun";

/// A person's crate, with an empty schema folder.
struct Crate(TempDir);

/// What the program said on either stream, and its exit code.
struct Said {
    text: String,
    code: i32,
}

impl Crate {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        fs::create_dir(root.path().join("schemas")).expect("a folder");
        Self(root)
    }

    fn file(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.file(path), text).expect("written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Said {
        let mut program = Command::new(env!("CARGO_BIN_EXE_runcomfy-codegen"));
        let output = program.current_dir(self.0.path()).args(arguments).output().expect("the program");
        let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("UTF-8");
        assert!(!text.contains("xtask"), "there is none: {text}");
        Said { text, code: output.status.code().expect("a code") }
    }

    /// The command does what it is asked to; what it said.
    fn done(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.code, 0, "{}", said.text);
        said.text
    }

    /// The command fails and says all this.
    fn fails(&self, arguments: &[&str], words: &[&str]) {
        let said = self.run(arguments);
        assert_eq!(said.code, 1, "{}", said.text);
        words.iter().for_each(|words| assert!(said.text.contains(words), "{words}: {}", said.text));
    }
}

fn response(schema: &str) -> String {
    format!(r#"{{"models": [{{"model_id": "a/b", "display_name": "B", "input_schema": {schema}}}], "total": 1}}"#)
}

fn schema(fields: &str) -> String {
    format!(r#"{{"type": "object", "properties": {{{fields}}}}}"#)
}

const TWO: &str = r#""1_text": {"type": "string", "title": "Prompt", "maxLength": 9},
    "2_text": {"type": "string", "title": "Negative", "maxLength": 8}"#;

#[test]
fn a_page_becomes_a_model_that_can_be_locked_and_checked() {
    let own = Crate::new();
    own.write("page.txt", PAGE);
    let said = own.done(&["import", "page.txt"]);
    assert!(said.starts_with(&format!("{MODEL}: new\n")), "{said}");
    assert!(own.read(&format!("schemas/{MODEL}/model.toml")).starts_with(&format!("id = \"{MODEL}\"\n")));
    own.fails(&["check"], &["missing: ", "run `runcomfy-codegen lock"]);
    own.done(&["lock"]);
    own.done(&["check"]);
    assert_eq!(own.done(&["import", "page.txt"]), format!("{MODEL}: unchanged\n"));
}

#[test]
fn a_saved_response_becomes_models_and_what_changes_is_told() {
    let own = Crate::new();
    own.write("models.json", &response(&schema(TWO)));
    assert!(own.done(&["sync", "--from", "models.json"]).contains("1 model: 1 new"));
    own.done(&["lock"]);
    own.write("models.json", &response(&schema(&TWO.replace("\"1_text", "\"7_text"))));
    let said = own.done(&["sync", "--from", "models.json", "--released", "1.4.2", "--dry-run"]);
    assert!(said.contains("`1_text` → `7_text`") && said.contains("1.4.2 → 1.4.3"), "{said}");
    assert!(own.read("schemas/a/b/input.json").contains("1_text"));
    own.done(&["sync", "--from", "models.json", "--only", "a/*"]);
    assert!(own.read("schemas/a/b/input.json").contains("7_text"));
}

#[test]
fn what_goes_wrong_is_told_with_commands_that_are_there() {
    let own = Crate::new();
    own.fails(&["sync", "--from", "nowhere.json"], &["nowhere.json", "can't be read"]);
    own.fails(&["import", "-", "--schemas", "none"], &["--schemas", "create the folder"]);
    own.write("models.json", "[]");
    own.fails(&["sync", "--from", "models.json"], &["models.json", "help: save the answer of GET /v1/models"]);
    own.write("models.json", &response(&schema(TWO)));
    own.done(&["sync", "--from", "models.json"]);
    own.done(&["lock"]);
    // Titles and bounds change hands.
    let stop = TWO.replace("1_text", "8_text").replace("2_text", "9_text").replace('9', "7").replace("8,", "9,");
    own.write("models.json", &response(&schema(&stop.replace("Prompt", "?").replace("Negative", "Prompt"))));
    own.fails(&["sync", "--from", "models.json"], &["models.json at /models/0/input_schema", "[moved]"]);
    own.write("schemas/a/b/names.lock", "<<<<<<< HEAD\n");
    own.fails(&["lock"], &["schemas/a/b/names.lock".trim_start_matches("schemas/"), "generate again"]);
    fs::remove_file(own.file("schemas/a/b/names.lock")).expect("removed");
    fs::remove_file(own.file("schemas/a/b/output.json")).expect("removed");
    own.fails(&["lock"], &["`output.json` is missing", "import the model's page"]);
}

#[test]
fn help_says_how_a_response_is_saved() {
    let help = Crate::new().done(&["sync", "--help"]);
    assert!(help.contains("curl") && help.contains("--from <FILE|->"), "{help}");
}

#[test]
fn the_guide_s_first_commands_work_in_a_crate_that_has_nothing_yet() {
    let own = Crate(tempfile::tempdir().expect("a folder"));
    own.write("page.txt", PAGE);
    own.write("models.json", &response(&schema(TWO)));
    let guide = include_str!("../../docs/private-models.md");
    let shown = guide.split("```").find_map(|block| block.strip_prefix("console\n")).expect("commands");
    let commands = shown.lines().filter_map(|line| line.strip_prefix("$ "));
    let commands: Vec<&str> = commands.map(|line| line.split('#').next().unwrap_or(line).trim()).collect();
    let mut ran = 0;
    for command in commands {
        let words: Vec<&str> = command.split(' ').collect();
        match words.as_slice() {
            ["cargo", "install", "runcomfy-codegen", ..] => {}
            ["mkdir", folder] => fs::create_dir(own.file(folder)).expect("a folder"),
            ["runcomfy-codegen", arguments @ ..] => {
                own.done(arguments);
                ran += 1;
            }
            _ => panic!("what is `{command}`?"),
        }
    }
    assert_eq!(ran, 3, "{shown}");
    own.done(&["check"]);
}
