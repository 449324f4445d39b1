//! What is generated for each fixture, for people to review. A fixture is a tiny schema named for the trap it holds.

use workspace_tests::{fixtures, generate, load};

#[test]
fn every_fixture_looks_as_reviewed() {
    let package = generate(&load(&fixtures()));
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../../snapshots");
    let mut models = 0;
    for (path, text) in &package.files {
        // `src/trap/any_of/base.rs` is a model; the files above it only hold models together.
        let Some(model) = path.strip_prefix("src/").filter(|path| path.matches('/').count() == 2) else { continue };
        // What was written down of names is reviewed where it was written.
        if !model.ends_with(".rs") {
            continue;
        }
        models += 1;
        let name = model.trim_end_matches(".rs").replace('/', "__").trim_end_matches("__base").to_owned();
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
    assert!(models >= 22, "only {models} fixtures were generated");
}

#[test]
fn the_files_around_the_models_look_as_reviewed() {
    let package = generate(&load(&fixtures()));
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("../../snapshots");
    settings.add_filter(r#"path = "[^"]*""#, r#"path = "[client]""#);
    for (name, path) in [
        ("crate_manifest", "Cargo.toml"),
        ("crate_readme", "README.md"),
        ("crate_root", "src/lib.rs"),
        ("crate_provider", "src/community.rs"),
        ("crate_family", "src/community/wan_2_2.rs"),
        ("crate_shared", "src/shared.rs"),
    ] {
        let text = package.files.get(path).unwrap_or_else(|| panic!("{path} was not generated"));
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}
