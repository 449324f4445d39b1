//! All fixture output is compiled, without warnings and clippy-clean, outside the workspace; then
//! `fixtures/behaviour.rs` runs inside that crate.

use std::path::Path;

use runcomfy_codegen::fs;
use workspace_tests::{cargo, fixtures, generate, load, root};

#[test]
fn every_fixture_compiles_without_warnings_and_behaves() {
    let mut package = generate(&load(&fixtures()));
    let manifest = package.files.get_mut("Cargo.toml").expect("a manifest");
    manifest.push_str("\n[dev-dependencies]\nserde_json = \"1\"\n");
    // A fixed place keeps dependencies compiled between runs; the lock file keeps their versions ours.
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixture-crate");
    fs::write(&out, &package).unwrap_or_else(|error| panic!("{error}"));
    let tests = out.join("tests");
    std::fs::create_dir_all(&tests).expect("a folder for tests");
    std::fs::copy(root().join("tests/fixtures/behaviour.rs"), tests.join("behaviour.rs")).expect("tests to copy");
    std::fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock")).expect("a lock file to copy");
    let strict = ["--", "-D", "warnings", "-D", "missing_docs", "-D", "unused_qualifications"];
    let clippy = ["clippy", "--offline", "--no-default-features", "--features", "all", "--lib"];
    cargo::run(env!("CARGO"), &out, &[&clippy[..], &strict].concat());
    cargo::run(
        env!("CARGO"),
        &out,
        &["doc", "--offline", "--no-default-features", "--features", "all", "--no-deps", "--quiet"],
    );
    cargo::run(env!("CARGO"), &out, &["test", "--offline", "--no-default-features", "--features", "all", "--quiet"]);
}
