//! All fixture output is compiled, without warnings and clippy-clean, outside the workspace; then
//! `fixtures/behaviour.rs` runs inside that crate.

use workspace_tests::{cargo, fixtures, generate, load, root};

#[test]
fn every_fixture_compiles_without_warnings_and_behaves() {
    let mut package = generate(&load(&fixtures()));
    let manifest = package.files.get_mut("Cargo.toml").expect("a manifest");
    manifest.push_str("\n[dev-dependencies]\nserde_json = \"1\"\n");
    let out = cargo::write("fixture-crate", &package);
    let tests = out.join("tests");
    std::fs::create_dir_all(&tests).expect("a folder for tests");
    std::fs::copy(root().join("tests/fixtures/behaviour.rs"), tests.join("behaviour.rs")).expect("tests to copy");
    let strict = ["--", "-D", "warnings", "-D", "missing_docs", "-D", "unused_qualifications"];
    cargo::run(&out, &[&["clippy", "--no-default-features", "--features", "all", "--lib"][..], &strict].concat());
    cargo::run(&out, &["doc", "--no-default-features", "--features", "all", "--no-deps"]);
    cargo::run(&out, &["test", "--no-default-features", "--features", "all"]);
}
