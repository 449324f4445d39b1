//! Runs cargo on crates that tests write: a folder and arguments in, a panic with all that cargo said out if it failed.

use std::path::Path;
use std::process::{Command, Output};

/// Runs cargo in a folder outside the workspace. Folders beside each other share a target folder, so that what they depend
/// on is compiled once. `cargo` is the test's `env!("CARGO")`.
///
/// # Panics
/// If cargo fails.
pub fn run(cargo: &str, folder: &Path, arguments: &[&str]) {
    let output = output(cargo, folder, arguments);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?} failed:\n{out}\n{err}");
}

/// The same, but whether cargo fails is for the caller to judge.
///
/// # Panics
/// If cargo can't be started.
#[must_use]
pub fn output(cargo: &str, folder: &Path, arguments: &[&str]) -> Output {
    Command::new(cargo)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.with_file_name("target"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo to start")
}
