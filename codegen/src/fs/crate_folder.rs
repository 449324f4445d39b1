//! The folder of a generated crate: a [`Package`] in, changed files or their list out. Knows our files by their header,
//! not by their content.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::read::io_error;
use super::transaction::{Changes, State, Work, carry_out, leftovers, state};
use super::walk::{TEMPORARY, files, name_of, shown};
use crate::{Error, ErrorKind, HEADER_MARK, Package};

/// Makes `out` hold the package: writes what changed, then removes our files that are no longer part of it, with the
/// folders that leaves empty.
///
/// # Errors
/// [`ErrorKind::Io`] as for [`write_files`](super::write_files), and if a file without our header stands where one of ours
/// should be. Then nothing was changed.
pub fn write(out: &Path, package: &Package) -> Result<Changes, Error> {
    carry_out([work(out, package)?]).map(|[changes]| changes)
}

/// Makes `out` hold the package as [`write()`] does, and `root` the files as [`write_files`](super::write_files) does:
/// both or neither.
///
/// # Errors
/// As for these two. Then nothing was changed.
pub fn write_with(
    (out, package): (&Path, &Package),
    (root, files): (&Path, &BTreeMap<String, String>),
) -> Result<[Changes; 2], Error> {
    carry_out([work(out, package)?, Work::find(root, files)?])
}

/// What there is to do below `out`.
fn work<'a>(out: &'a Path, package: &'a Package) -> Result<Work<'a>, Error> {
    for (path, text) in &package.files {
        if let State::Other(found) = state(out, path, text)?
            && !has_header(&found)
        {
            return Err(Error::new(ErrorKind::Io, "the file was not generated, so it is not overwritten")
                .of("", shown(out, path))
                .help("move it away, or choose another folder"));
        }
    }
    let mut work = Work::find(out, &package.files)?;
    work.orphans = orphans(out, package)?;
    Ok(work)
}

/// Compares `out` with the package and writes nothing.
///
/// # Errors
/// [`ErrorKind::Io`] if a file can't be read or something else stands in its place.
pub fn check(out: &Path, package: &Package) -> Result<Vec<Difference>, Error> {
    let mut differences = check_files(out, &package.files)?;
    differences.extend(orphans(out, package)?.into_iter().map(|path| Difference::Orphan { path }));
    differences.sort();
    Ok(differences)
}

/// Compares some files below `root` with their texts and writes nothing; what [`write_files`](super::write_files) would change.
///
/// # Errors
/// As for [`check`].
pub fn check_files(root: &Path, files: &BTreeMap<String, String>) -> Result<Vec<Difference>, Error> {
    let mut differences = Vec::new();
    for (path, text) in files {
        match state(root, path, text)? {
            State::Same => {}
            State::Missing => differences.push(Difference::Missing { path: path.clone() }),
            State::Other(found) => differences.push(changed(path, text, &found)),
        }
    }
    differences.extend(leftovers(root)?.into_iter().map(|path| Difference::Leftover { path }));
    differences.sort();
    Ok(differences)
}

/// One way in which a folder differs from its package; paths are relative to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Difference {
    /// The file has another text.
    Changed {
        /// The file.
        path: String,
        /// The first line that differs, from 1.
        line: usize,
        /// The line as it should be; `None` if the file should end before it.
        expected: Option<String>,
        /// The line as it is; `None` if the file ends before it.
        found: Option<String>,
    },
    /// The file is not there.
    Missing {
        /// The file.
        path: String,
    },
    /// The file carries our header and is not part of the package.
    Orphan {
        /// The file.
        path: String,
    },
    /// A temporary file of a run that was killed.
    Leftover {
        /// The file.
        path: String,
    },
}

impl Difference {
    /// The same difference with its path shown in another way.
    #[must_use]
    pub fn at(mut self, show: impl Fn(&str) -> String) -> Self {
        let (Self::Changed { path, .. } | Self::Missing { path } | Self::Orphan { path } | Self::Leftover { path }) =
            &mut self;
        *path = show(path);
        self
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { path, line, expected, found } => {
                let side = |text: &Option<String>| text.as_deref().map_or("the end of the file".to_owned(), short);
                write!(f, "changed: {path}, line {line}\n  expected: {}\n     found: {}", side(expected), side(found))
            }
            Self::Missing { path } => write!(f, "missing: {path}"),
            Self::Orphan { path } => write!(f, "orphan: {path} (no longer generated)"),
            Self::Leftover { path } => write!(f, "leftover: {path} (a run was killed)"),
        }
    }
}

/// A line as it is printed: quoted, so that blanks at its end can be seen, and not longer than a screen is wide.
fn short(line: &str) -> String {
    const MAX_SHOWN: usize = 100;
    let cut: String = line.chars().take(MAX_SHOWN).collect();
    if cut.len() < line.len() { format!("{cut:?}…") } else { format!("{cut:?}") }
}

/// The first line that differs. Texts that only differ in their last line break differ in the empty line after it.
fn changed(path: &str, expected: &str, found: &str) -> Difference {
    let (mut left, mut right) = (expected.split('\n'), found.split('\n'));
    let mut line = 1;
    loop {
        match (left.next(), right.next()) {
            (Some(a), Some(b)) if a == b => line += 1,
            (a, b) => {
                return Difference::Changed {
                    path: path.to_owned(),
                    line,
                    expected: a.map(str::to_owned),
                    found: b.map(str::to_owned),
                };
            }
        }
    }
}

/// Our files below `out` that are not part of the package, those of killed runs apart; nothing if there is no such folder.
fn orphans(out: &Path, package: &Package) -> Result<Vec<String>, Error> {
    let mut found = Vec::new();
    if out.exists() {
        for path in files(out)? {
            let is_leftover = name_of(&path).starts_with(TEMPORARY);
            if !is_leftover && !package.files.contains_key(&path) && is_ours(out, &path)? {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Whether a file carries our header. Only its start is read: other files may be of any size.
fn is_ours(out: &Path, path: &str) -> Result<bool, Error> {
    let mut start = Vec::new();
    File::open(out.join(path))
        .and_then(|file| file.take(4096).read_to_end(&mut start))
        .map_err(|error| io_error("the file can't be read", &error).of("", shown(out, path)))?;
    Ok(has_header(&String::from_utf8_lossy(&start)))
}

/// Whether a comment of the first five lines starts with our mark. A text that only speaks of the mark has no header.
fn has_header(text: &str) -> bool {
    text.lines().take(5).any(|line| {
        let comment = ["//", "#", "<!--"].iter().find_map(|open| line.trim_start().strip_prefix(open));
        comment.is_some_and(|comment| comment.trim_start().starts_with(HEADER_MARK))
    })
}
