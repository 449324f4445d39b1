//! What the tests of commands share: a command line in, the answer out; and a folder with all its texts. Must not know what a
//! folder is for.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Parser;
use xtask::Answer;
use xtask::cli::Cli;

/// Runs a command.
pub(crate) fn run(arguments: &[&str]) -> Answer {
    xtask::run(&Cli::try_parse_from([&["cargo xtask"], arguments].concat()).expect("arguments"))
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

/// Every file below a folder with its text.
pub(crate) fn texts_below(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => all.extend(texts_below(&path)),
            false => drop(all.insert(path.clone(), fs::read_to_string(path).expect("text"))),
        }
    }
    all
}
