//! Which files are below a folder: a folder in, relative paths out. Knows nothing of their content.

use std::fs::{self, FileType};
use std::path::Path;

use super::read::io_error;
use crate::{Error, ErrorKind};

/// How the names of our temporary files and folders start. They stand beside what they will become, and outlive a run only
/// if it is killed.
pub const TEMPORARY: &str = ".runcomfy-codegen-tmp-";

/// An entry of a folder.
pub(super) struct Entry {
    /// The path relative to the root of the walk, with `/` between the parts.
    pub(super) path: String,
    /// What it is; links are not followed.
    pub(super) kind: FileType,
}

impl Entry {
    /// The last part of the path.
    pub(super) fn name(&self) -> &str {
        name_of(&self.path)
    }
}

/// The last part of a path.
pub(super) fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The entries of one folder, by name; `relative` is empty for the root. An entry whose name is not UTF-8 is an error
/// of its own, so that the others are still seen.
pub(super) fn entries(root: &Path, relative: &str) -> Result<Vec<Result<Entry, Error>>, Error> {
    let fail = |error| io_error("the folder can't be read", &error).of("", shown(root, relative));
    let mut all = Vec::new();
    for entry in fs::read_dir(root.join(relative)).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?;
        all.push(match entry.file_name().into_string() {
            Ok(name) => Ok(Entry { path: join(relative, &name), kind }),
            Err(name) => Err(Error::new(ErrorKind::Io, "a file name is not UTF-8")
                .of("", join(relative, &name.to_string_lossy()))
                .help("rename or remove the file")),
        });
    }
    all.sort_by(|a, b| key(a).cmp(key(b)));
    Ok(all)
}

fn key(entry: &Result<Entry, Error>) -> &str {
    match entry {
        Ok(entry) => &entry.path,
        Err(error) => &error.file,
    }
}

/// The regular files below `root`, and the folders that killed runs were filling, sorted. Left out are links, entries without a readable name, version control and
/// other hidden folders, and cargo's `target/`.
pub(super) fn files(root: &Path) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        for entry in entries(root, &folder)?.into_iter().flatten() {
            if entry.kind.is_file() || entry.kind.is_dir() && entry.name().starts_with(TEMPORARY) {
                found.push(entry.path);
            } else if entry.kind.is_dir() && !entry.name().starts_with('.') && entry.path != "target" {
                folders.push(entry.path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// `relative` with one more part.
pub(super) fn join(relative: &str, name: &str) -> String {
    if relative.is_empty() { name.to_owned() } else { format!("{relative}/{name}") }
}

/// How a path is shown to people: below the folder they named.
pub(super) fn shown(root: &Path, relative: &str) -> String {
    if relative.is_empty() { root.display().to_string() } else { root.join(relative).display().to_string() }
}
