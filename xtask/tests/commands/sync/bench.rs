//! A schema folder, a catalogue that changes, and the command between them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::Answer;

use crate::desk::{run, text, texts_below};

/// A schema folder, and what RunComfy's catalogue says.
pub(crate) struct Bench {
    root: TempDir,
    /// The entries of the catalogue.
    pub(crate) models: Vec<Value>,
}

impl Bench {
    /// An empty folder, and a catalogue of three models.
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(root.path().join("schemas")).expect("a folder");
        Self { root, models: vec![entry("a/one"), entry("a/two/x"), entry("b/three/y")] }
    }

    /// The same, synced and generated.
    pub(crate) fn synced() -> Self {
        let bench = Self::new();
        for told in [bench.sync(&[]), bench.generate()] {
            assert_eq!(told.code, 0, "{told:?}");
        }
        bench
    }

    pub(crate) fn schemas(&self) -> PathBuf {
        self.root.path().join("schemas")
    }

    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.schemas().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.file(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.file(path).parent().expect("a parent")).expect("folders");
        fs::write(self.file(path), text).expect("written");
    }

    /// The properties of a model's input, to be changed.
    pub(crate) fn properties(&mut self, id: &str) -> &mut Value {
        let model = self.models.iter_mut().find(|model| model["model_id"] == id).expect("a model");
        &mut model["input_schema"]["properties"]
    }

    /// Syncs with the catalogue as a saved response.
    pub(crate) fn sync(&self, flags: &[&str]) -> Answer {
        self.sync_on("2026-11-25", flags)
    }

    pub(crate) fn sync_on(&self, day: &str, flags: &[&str]) -> Answer {
        self.run(&[&["sync", "--date", day, "--from", &self.response()], flags].concat())
    }

    /// Syncs another folder.
    pub(crate) fn sync_into(&self, schemas: &Path, flags: &[&str]) -> Answer {
        run_on(schemas, &[&["sync", "--from", &self.response()], flags].concat())
    }

    /// The catalogue as a saved response: its path.
    fn response(&self) -> String {
        let response = self.root.path().join("response.json");
        let models = json!({"models": self.models, "total": self.models.len()}).to_string();
        fs::write(&response, models).expect("written");
        text(&response)
    }

    pub(crate) fn generate(&self) -> Answer {
        self.crate_command("generate")
    }

    /// `generate` or `check`, with a folder for the crate.
    pub(crate) fn crate_command(&self, command: &str) -> Answer {
        self.run(&[command, "--out", &text(&self.root.path().join("out"))])
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Answer {
        run_on(&self.schemas(), arguments)
    }

    /// Every file of the schema folder with its text.
    pub(crate) fn snapshot(&self) -> BTreeMap<PathBuf, String> {
        texts_below(&self.schemas())
    }
}

/// An entry of the catalogue.
pub(crate) fn entry(id: &str) -> Value {
    json!({"model_id": id, "display_name": format!("The {id}"), "base_price_usd": 0.05, "price_unit": "second", "input_schema": {
        "type": "object", "required": ["7_text"], "properties": {
            "7_text": {"type": "string", "title": "Prompt"},
            "8_value": {"type": "integer", "title": "Steps", "maximum": 40},
            "9_value": {"type": "integer", "title": "Frames", "maximum": 24},
        }
    }})
}

fn run_on(schemas: &Path, arguments: &[&str]) -> Answer {
    run(&[arguments, &["--schemas", &text(schemas)]].concat())
}
