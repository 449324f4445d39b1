//! The examples as programs. In: a name. Out: a command that runs it. Cargo builds them with the tests.

use std::path::Path;
use std::process::Command;

/// An example of the package `examples`, as cargo built it last.
///
/// # Panics
/// If it can't be built.
#[must_use]
pub fn example(name: &str) -> Command {
    let this = std::env::current_exe().expect("a test knows where it is");
    // target/debug/deps/this → target/debug/examples
    let folder = this.ancestors().nth(2).expect("a test lies in a target folder").join("examples");
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !program.is_file() {
        // A test that was asked for by name is built without the examples.
        build(name, &this);
    }
    Command::new(program)
}

fn build(name: &str, this: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--quiet", "--package", "examples", "--example", name]);
    if this.components().any(|part| part.as_os_str() == "release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo");
    assert!(status.success(), "the example {name} does not build");
}
