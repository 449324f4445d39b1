//! What is published can be found and read on its own: texts, licences and words to look for.

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;
use toml::Table;
use workspace_tests::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_published_package_has_its_texts_and_words() {
    let runtime = ["client", "ctl", "emulator", "live", "runner"].map(|it| format!("runtime/{it}"));
    for folder in ["codegen", "generated"].map(String::from).into_iter().chain(runtime) {
        let manifest: Table = read(&format!("{folder}/Cargo.toml")).parse().unwrap_or_else(|e| panic!("{folder}: {e}"));
        let package = manifest["package"].as_table().expect("a package");
        let count = |key: &str| package[key].as_array().expect(key).len();
        assert!((1..=5).contains(&count("keywords")) && (1..=5).contains(&count("categories")), "{folder}");
        assert!(package["description"].as_str().is_some_and(|text| text.len() > 20), "{folder}");
        assert!(!read(&format!("{folder}/{}", package["readme"].as_str().expect("a path"))).is_empty());
        assert_eq!(package["metadata"]["docs"]["rs"]["all-features"].as_bool(), Some(true), "{folder}");
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(&format!("{folder}/{licence}")), read(licence), "{folder}");
        }
    }
}

/// A package has nothing of what lies outside of its own folder.
#[test]
fn the_program_carries_the_schemas_that_there_are() {
    let carried = std::fs::read_to_string(xtask::carried::file()).expect("a file");
    let is_as_written = carried == xtask::carried::text(&root().join("schemas")).expect("the schemas");
    assert!(is_as_written, "run `cargo xtask generate`");
}

/// What the gate packages and documents is what has these texts.
#[cfg(unix)]
#[test]
fn the_gate_knows_every_published_package() {
    let output = Command::new(root().join(".ci/published")).output().expect("bash");
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut listed: Vec<&str> = listed.lines().collect();
    listed.sort_unstable();
    let runtime = ["runcomfy-client", "runcomfy-codegen", "runcomfy-emulator", "runcomfy-live", "runcomfy-runner"];
    assert_eq!(listed, [&["runcomfy"], &runtime[..], &["runcomfyctl"]].concat());
}

/// Programs of one name are written over each other in the target folder, and the wrong one may be started.
#[test]
fn no_two_programs_have_one_name() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let mut programs: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for target in package["targets"].as_array().expect("targets") {
            if let Some(kind @ ("bin" | "example")) = target["kind"][0].as_str() {
                *programs.entry((kind, target["name"].as_str().expect("a name"))).or_default() += 1;
            }
        }
    }
    assert!(programs.len() > 10, "{programs:?}");
    programs.retain(|_, count| *count > 1);
    assert!(programs.is_empty(), "{programs:?}");
}
