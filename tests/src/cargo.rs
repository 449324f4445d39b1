//! Runs cargo on crates that tests write: a package and arguments in, a panic with all that cargo said out if it failed.
//!
//! All of them share one target folder, so that what they depend on is compiled once, and once only: they are built without
//! debug information, which nobody looks at, and lints are denied in the crate alone, since flags for all of the build
//! would be another build.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use runcomfy_codegen::{Package, fs};

/// The folder of a crate that a test writes: a fixed place, so that a second run finds it built.
///
/// # Panics
/// If this program lies in no target folder.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    let this = std::env::current_exe().expect("a test knows where it is");
    // target/debug/deps/this and target/debug/examples/this → target/tmp
    this.ancestors().nth(3).expect("a test lies in a target folder").join("tmp").join(name)
}

/// Writes a crate into its [`folder`]; the lock file keeps the versions ours.
///
/// # Panics
/// If it can't be written.
#[must_use]
pub fn write(name: &str, package: &Package) -> PathBuf {
    let out = folder(name);
    fs::write(&out, package).unwrap_or_else(|error| panic!("{error}"));
    lock(&out);
    out
}

/// Gives a crate the workspace's lock file.
///
/// # Panics
/// If it can't be copied.
pub fn lock(folder: &Path) {
    std::fs::copy(crate::root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("a lock file to copy");
}

/// A program of such a crate, once it is built.
#[must_use]
pub fn program(path: &str) -> PathBuf {
    folder("target").join(path)
}

/// Runs cargo in the folder of such a crate.
///
/// # Panics
/// If cargo fails.
pub fn run(folder: &Path, arguments: &[&str]) {
    let output = output(folder, arguments);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {arguments:?} failed:\n{out}\n{err}");
}

/// The same, but whether cargo fails is for the caller to judge.
///
/// # Panics
/// If cargo can't be started.
#[must_use]
pub fn output(crate_folder: &Path, arguments: &[&str]) -> Output {
    let (command, rest) = arguments.split_first().expect("a command of cargo");
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([command, "--offline", "--quiet"])
        .args(rest)
        .current_dir(crate_folder)
        .env("CARGO_TARGET_DIR", folder("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "false")
        .env("RUSTDOCFLAGS", "-D warnings")
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo to start")
}
