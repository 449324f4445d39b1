//! What the integration tests share: where things are, and how fixtures become code. It must not know what a test
//! expects.

pub mod lock_cases;
pub mod stability;

use std::path::{Path, PathBuf};

use runcomfy_codegen::{Package, Placement, Sources, Standalone, fs};

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

/// Loads a schema folder.
///
/// # Panics
/// Prints all problems if it can't be loaded.
#[must_use]
pub fn load(schemas: &Path) -> Sources {
    fs::load(schemas).unwrap_or_else(|errors| panic!("{errors}"))
}

/// Generates a crate that lives outside the workspace.
///
/// # Panics
/// Prints all problems if it can't be generated.
#[must_use]
pub fn generate(sources: &Sources) -> Package {
    let own = Standalone {
        client: root().join("client"),
        version: "0.0.0".to_owned(),
        edition: "2024".to_owned(),
        rust_version: "1.88".to_owned(),
        license: "MIT OR Apache-2.0".to_owned(),
    };
    runcomfy_codegen::generate(sources, &Placement::Standalone(own)).unwrap_or_else(|errors| panic!("{errors}"))
}
