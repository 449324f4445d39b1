//! Runs cargo on crates that tests write: a folder and arguments in, a panic with all that cargo said out if it failed.

use std::path::Path;
use std::process::Command;

/// Runs cargo in a folder outside the workspace. Folders beside each other share a target folder, so that what they depend
/// on is compiled once. `cargo` is the test's `env!("CARGO")`.
///
/// # Panics
/// If cargo fails.
pub fn run(cargo: &str, folder: &Path, arguments: &[&str]) {
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.with_file_name("target"))
        .env("RUSTDOCFLAGS", "-D warnings")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo to start");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?} failed:\n{out}\n{err}");
}
