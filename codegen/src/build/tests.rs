//! What a build script must do, and above all what it must not: write into the sources.

use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::*;

const INPUT: &str = r#"{"type": "object", "properties": {
    "7_text": {"type": "string", "title": "Prompt", "pattern": "^a"},
    "9_value": {"type": "integer", "title": "Steps", "maximum": 9}
}}"#;

struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(tempfile::tempdir().expect("a temporary folder"));
        fs::create_dir_all(bench.model()).expect("folders");
        bench.put(
            "model.toml",
            "id = \"acme/shot\"\ndisplay_name = \"Shot\"\nsource = \"page\"\nupdated = 2026-01-01\n",
        );
        bench.put("input.json", INPUT);
        bench.put("output.json", r#"{"type": "object", "properties": {"url": {"type": "string"}}}"#);
        bench
    }

    fn locked() -> Self {
        let bench = Self::new();
        let catalog = crate::catalog(&crate::fs::load(&bench.schemas()).expect("readable")).expect("named");
        crate::fs::write_files(&bench.schemas(), &crate::locks(&catalog)).expect("written");
        bench
    }

    fn schemas(&self) -> PathBuf {
        self.0.path().join("schemas")
    }

    fn model(&self) -> PathBuf {
        self.schemas().join("acme/shot")
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.model().join(name), text).expect("written");
    }

    fn build(&self) -> Result<PathBuf, Errors> {
        Builder::new(self.schemas()).out_dir(self.0.path().join("out")).build()
    }

    fn files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.model()).expect("a folder");
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
        files.sort();
        files
    }
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("text")
}

#[test]
fn a_missing_lock_names_the_command_and_is_not_written() {
    let bench = Bench::new();
    let before = bench.files();
    let errors = bench.build().expect_err("no lock");
    let error = errors.iter().next().expect("an error");
    assert_eq!((error.kind, error.file.as_str()), (ErrorKind::Stale, "acme/shot/names.lock"));
    assert!(error.help.contains("`runcomfy-codegen lock --schemas ") && error.message.contains("missing"), "{error}");
    assert_eq!(bench.files(), before);
    assert!(!bench.0.path().join("out").exists(), "nothing is generated from names that may not last");
}

#[test]
fn a_stale_lock_names_the_command_and_stays_as_it_was() {
    let bench = Bench::locked();
    let lock = text(&bench.model().join("names.lock"));
    bench.put("input.json", &INPUT.replace("\"9_value\"", "\"12_value\""));
    let errors = bench.build().expect_err("a stale lock").to_string();
    assert!(errors.contains("is not what the schemas say") && errors.contains("runcomfy-codegen lock"), "{errors}");
    assert_eq!(text(&bench.model().join("names.lock")), lock);
}

#[test]
fn a_fresh_lock_gives_a_file_that_is_rust_and_says_what_it_needs() {
    let bench = Bench::locked();
    let written = bench.build().expect("built");
    let code = text(&written);
    syn::parse_file(&code).expect("Rust");
    assert!(code.contains("runcomfy_client::__needs_pattern!();") && code.contains("pub mod acme {"), "{code}");
    let before = fs::metadata(&written).and_then(|found| found.modified()).expect("a file");
    bench.build().expect("built again");
    assert_eq!(fs::metadata(&written).and_then(|found| found.modified()).expect("a file"), before, "written once");
}
