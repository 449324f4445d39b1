//! What the integration tests share: where things are, and how fixtures become code. It must not know what a test
//! expects.

pub mod cargo;
pub mod differential;
pub mod hostile;
pub mod lock_cases;
pub mod meaning;
pub mod server;
pub mod shapes;
pub mod soak;
pub mod spellings;
pub mod stability;
pub mod tables;
pub mod year;

use std::path::{Path, PathBuf};

use runcomfy_codegen::cli::Answer;
use runcomfy_codegen::diff::Version;
use runcomfy_codegen::manifest::Date;
use runcomfy_codegen::{ClientCrate, Package, Placement, Sources, Standalone, fs};
use serde_json::{Value, json};

/// The workspace's root folder.
#[must_use]
pub fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// The folder of fixture models, each named for the trap it holds.
#[must_use]
pub fn fixtures() -> PathBuf {
    root().join("tests/fixtures/schemas")
}

/// The folder of schemas that stay as they are, whatever is synced into `schemas/`. The crate `downstream` has their types.
#[must_use]
pub fn frozen() -> PathBuf {
    root().join("tests/downstream/schemas")
}

/// The files of Rust below a folder.
///
/// # Panics
/// If it can't be read.
#[must_use]
pub fn rust_sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let below = entries.flat_map(|path| if path.is_dir() { rust_sources(&path) } else { vec![path] });
    below.filter(|path| path.extension().is_some_and(|end| end == "rs")).collect()
}

/// Loads a schema folder.
///
/// # Panics
/// Prints all problems if it can't be loaded.
#[must_use]
pub fn load(schemas: &Path) -> Sources {
    fs::load(schemas).unwrap_or_else(|errors| panic!("{errors}"))
}

/// A catalogue response as sources, by way of an empty schema folder.
///
/// # Panics
/// If it is no response, or a model of it would be left out.
#[must_use]
pub fn synced(response: &Value) -> Sources {
    let models = response["models"].as_array().expect("models");
    let folder = tempfile::tempdir().expect("a folder");
    let answer = sync_into(folder.path(), &json!({"models": models, "total": models.len()}), false);
    assert_eq!(answer.code, 0, "{}", answer.err);
    load(folder.path())
}

/// Syncs a schema folder with a catalogue response.
///
/// # Panics
/// Prints what keeps all of it from being synced.
#[must_use]
pub fn sync_into(schemas: &Path, response: &Value, facts_only: bool) -> Answer {
    let response = runcomfy_codegen::sync::response::read("response.json", &response.to_string())
        .unwrap_or_else(|error| panic!("{error}"));
    let today = Date { year: 2026, month: 1, day: 1 };
    let options = runcomfy_codegen::sync::Options {
        only: None,
        dry_run: false,
        facts_only,
        today,
        released: Version::new(0, 1, 0),
        is_published: false,
        generate: "generate",
    };
    runcomfy_codegen::sync::sync(response, schemas, &options).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Generates a crate that lives outside the workspace.
///
/// # Panics
/// Prints all problems if it can't be generated.
#[must_use]
pub fn generate(sources: &Sources) -> Package {
    let own = Standalone {
        client: ClientCrate::Path(root().join("runtime/client")),
        version: "0.0.0".to_owned(),
        edition: "2024".to_owned(),
        rust_version: "1.88".to_owned(),
        license: None,
        command: runcomfy_codegen::COMMAND.to_owned(),
    };
    runcomfy_codegen::generate(sources, &Placement::Standalone(own)).unwrap_or_else(|errors| panic!("{errors}"))
}
