//! What the scripts and workflows run: every command of xtask is one that its command line knows, and every package, feature,
//! example and script is there. No machine but the one that they are for runs all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Parser as _;
use serde_json::Value;
use xtask::cli::Cli;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every line of the scripts and workflows that is no comment, with the name of its file.
fn lines() -> Vec<(String, String)> {
    let files =
        [".ci", ".github/workflows"].into_iter().flat_map(|folder| fs::read_dir(root().join(folder)).expect(folder));
    let mut lines = Vec::new();
    for file in files.map(|file| file.expect("a file").path()) {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("text").replace("\\\n", " ");
        let said = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        lines.extend(said.map(|line| (name.clone(), line.to_owned())));
    }
    lines
}

/// The words after `start` in a line, up to where the shell ends the command.
fn words(line: &str, start: &str) -> Option<Vec<String>> {
    let (_, rest) = line.split_once(start)?;
    let end = rest.find(['|', '>', '<', ')', ';', '&']).unwrap_or(rest.len());
    Some(rest[..end].split_whitespace().map(|word| word.replace(['"', '\''], "")).collect())
}

#[test]
fn every_command_of_xtask_is_one() {
    let mut commands = BTreeSet::new();
    for (file, line) in lines() {
        for start in ["cargo xtask ", "\"${xtask[@]}\" "] {
            let Some(mut words) = words(&line, start) else { continue };
            // What only the script knows, here of a form that every flag takes.
            words.iter_mut().filter(|word| word.starts_with('$')).for_each(|word| *word = "1.0.0".to_owned());
            let parsed = Cli::try_parse_from(["cargo xtask"].into_iter().chain(words.iter().map(String::as_str)));
            assert!(parsed.is_ok(), "{file}: {line}\n{}", parsed.expect_err("refused"));
            commands.extend(words.first().cloned());
        }
    }
    assert_eq!(commands.into_iter().collect::<Vec<_>>(), ["check", "diff", "generate", "sync"]);
}

#[test]
fn packages_features_examples_and_scripts_are_there() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_slice(&cargo.output().expect("cargo").stdout).expect("JSON");
    let packages: BTreeMap<&str, &Value> = metadata["packages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (one["name"].as_str().expect("a name"), one))
        .collect();
    let is_example = |name: &str| {
        let targets = packages.values().flat_map(|package| package["targets"].as_array().into_iter().flatten());
        { targets }.any(|target| target["kind"][0] == "example" && target["name"] == name)
    };
    let mut seen = 0;
    for (file, line) in lines() {
        let Some(words) = words(&line, "cargo ") else { continue };
        let after = |flags: &'static [&'static str]| {
            let pairs = words.windows(2).filter(move |pair| flags.contains(&&*pair[0]) && !pair[1].starts_with('$'));
            pairs.map(|pair| pair[1].as_str())
        };
        let named: Vec<&str> = after(&["-p", "--package"]).collect();
        for package in &named {
            assert!(packages.contains_key(package), "{file}: no package `{package}`: {line}");
            seen += 1;
        }
        for feature in after(&["--features"]).flat_map(|features| features.split(',')) {
            let (of, feature) =
                feature.split_once('/').map_or((named.clone(), feature), |(of, feature)| (vec![of], feature));
            let has = of.iter().any(|package| packages[package]["features"].get(feature).is_some());
            assert!(has, "{file}: none of {of:?} has a feature `{feature}`: {line}");
        }
        after(&["--example"]).for_each(|name| assert!(is_example(name), "{file}: no example `{name}`: {line}"));
    }
    assert!(seen > 10, "{seen} packages");
    for (file, line) in lines() {
        for word in line.split([' ', '"', '$', '(', ')']).filter(|word| word.starts_with(".ci/")) {
            assert!(root().join(word).is_file(), "{file}: no script `{word}`: {line}");
        }
    }
}
