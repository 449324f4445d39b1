//! What is published can be found and read on its own: texts, licences and words to look for.

#[cfg(unix)]
use std::process::Command;

use toml::Table;
use workspace_tests::root;

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_published_package_has_its_texts_and_words() {
    let folders = ["codegen", "generated", "runtime/client", "runtime/emulator"];
    for folder in folders {
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

/// What the gate packages and documents is what has these texts.
#[cfg(unix)]
#[test]
fn the_gate_knows_every_published_package() {
    let output = Command::new(root().join(".ci/published")).output().expect("bash");
    let listed = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut listed: Vec<&str> = listed.lines().collect();
    listed.sort_unstable();
    assert_eq!(listed, ["runcomfy", "runcomfy-client", "runcomfy-codegen", "runcomfy-emulator"]);
}
