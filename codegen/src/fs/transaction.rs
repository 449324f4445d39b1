//! Writes a set of files, all or none: texts by path in, changed files out. Knows nothing of what the texts are.

use std::collections::BTreeMap;
use std::fs;
use std::io::{ErrorKind as IoKind, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::{NamedTempFile, TempDir};

use super::read::io_error;
use super::walk::{TEMPORARY, files, name_of, shown};
use crate::{Error, ErrorKind};

/// What a write did; paths are relative to its root, sorted, with `/` between the parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// New files and files with a new text.
    pub written: Vec<String>,
    /// Files that had their text already.
    pub unchanged: Vec<String>,
    /// Orphans, and what a killed run left behind.
    pub removed: Vec<String>,
}

/// Writes those files below `root` whose text is not on disk yet, all or none. The folder and its parents are created.
///
/// Other files are left alone, but for what a killed run left behind.
///
/// # Errors
/// [`ErrorKind::Io`], with the path, if a path leads out of `root` or through a link, if a folder stands where a file
/// should be or the reverse, or if the disk refuses.
pub fn write_files(root: &Path, files: &BTreeMap<String, String>) -> Result<Changes, Error> {
    carry_out([Work::find(root, files)?]).map(|[changes]| changes)
}

/// Writes files as [`write_files`] does, then removes those that they replace, with the folders that leaves empty.
///
/// # Errors
/// As for [`write_files`].
pub fn replace_files(root: &Path, files: &BTreeMap<String, String>, gone: Vec<String>) -> Result<Changes, Error> {
    carry_out([Work { orphans: gone, ..Work::find(root, files)? }]).map(|[changes]| changes)
}

/// What there is to do below one root. It was found by reading alone.
pub(super) struct Work<'a> {
    root: &'a Path,
    stale: Vec<(&'a str, &'a str)>,
    unchanged: Vec<String>,
    leftovers: Vec<String>,
    /// Files to remove in the end, with the folders that leaves empty.
    pub(super) orphans: Vec<String>,
}

impl<'a> Work<'a> {
    /// Compares the files with the disk.
    pub(super) fn find(root: &'a Path, files: &'a BTreeMap<String, String>) -> Result<Self, Error> {
        let leftovers = leftovers(root)?;
        let mut work = Self { root, stale: Vec::new(), unchanged: Vec::new(), leftovers, orphans: Vec::new() };
        for (path, text) in files {
            match state(root, path, text)? {
                State::Same => work.unchanged.push(path.clone()),
                State::Missing | State::Other(_) => work.stale.push((path, text)),
            }
        }
        Ok(work)
    }
}

/// Does the work below all roots, or below none: no file gets its name before all are written.
pub(super) fn carry_out<const N: usize>(works: [Work<'_>; N]) -> Result<[Changes; N], Error> {
    let mut staged = Staged::default();
    for Work { root, leftovers, .. } in &works {
        leftovers.iter().try_for_each(|path| remove(root, path))?;
    }
    for Work { root, stale, .. } in &works {
        stale.iter().try_for_each(|(path, text)| staged.add(root, path, text))?;
    }
    staged.commit()?;
    for Work { root, orphans, .. } in &works {
        for path in orphans {
            remove(root, path)?;
            remove_empty_folders(root, path);
        }
    }
    Ok(works.map(|work| {
        let mut removed = [work.leftovers, work.orphans].concat();
        removed.sort();
        let written = work.stale.into_iter().map(|(path, _)| path.to_owned()).collect();
        Changes { written, unchanged: work.unchanged, removed }
    }))
}

/// What is on disk, compared with what should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There is no such file.
    Missing,
    /// The file has the text, up to line endings.
    Same,
    /// The file has this text instead.
    Other(String),
}

/// Compares one file with its text.
pub(super) fn state(root: &Path, path: &str, text: &str) -> Result<State, Error> {
    let refuse = |place: &Path, why: &str, help: &str| {
        Err(Error::new(ErrorKind::Io, why).of("", place.display().to_string()).help(help))
    };
    if path.is_empty() || !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        return refuse(&root.join(path), "the path leads out of its folder", "");
    }
    let parents = path.match_indices('/').map(|(at, _)| root.join(&path[..at]));
    for folder in parents {
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => {}
            Ok(found) if found.is_symlink() => {
                return refuse(
                    &folder,
                    "a link stands where a folder should be",
                    "remove the link: writing through it would change files elsewhere",
                );
            }
            Ok(_) => {
                return refuse(&folder, "a file stands where a folder should be", "move the file away");
            }
            Err(error) if error.kind() == IoKind::NotFound => return Ok(State::Missing),
            Err(error) => {
                return Err(io_error("the folder can't be read", &error).of("", folder.display().to_string()));
            }
        }
    }
    let file = root.join(path);
    match fs::symlink_metadata(&file) {
        Ok(found) if found.is_file() => {}
        Ok(_) => {
            return refuse(&file, "a folder or a link stands where a file should be", "move it away");
        }
        Err(error) if error.kind() == IoKind::NotFound => return Ok(State::Missing),
        Err(error) => {
            return Err(io_error("the file can't be read", &error).of("", shown(root, path)));
        }
    }
    let bytes =
        fs::read(&file).map_err(|error| io_error("the file can't be read", &error).of("", shown(root, path)))?;
    let found = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(if found == text { State::Same } else { State::Other(found) })
}

/// What killed runs left below `root`; nothing if there is no such folder.
pub(super) fn leftovers(root: &Path) -> Result<Vec<String>, Error> {
    if !root.exists() {
        return Ok(Vec::new());
    }
    Ok(files(root)?.into_iter().filter(|path| name_of(path).starts_with(TEMPORARY)).collect())
}

/// Removes one file, or the folder that a killed run was filling.
pub(super) fn remove(root: &Path, path: &str) -> Result<(), Error> {
    #[cfg(test)]
    super::tests::killed::step();
    let target = root.join(path);
    let removed = if target.is_dir() { fs::remove_dir_all(target) } else { fs::remove_file(target) };
    removed.map_err(|error| io_error("the file can't be removed", &error).of("", shown(root, path)))
}

/// Removes the folders of a removed file, up to `root`, as far as they are empty.
fn remove_empty_folders(root: &Path, path: &str) {
    let parents = path.rmatch_indices('/').map(|(at, _)| &path[..at]);
    for folder in parents {
        if fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
}

/// Files that wait for their names. Those of a folder that is not there yet wait in a temporary one, so that it comes
/// into being with all it holds: a model is there whole, or not at all. Dropped before [`Staged::commit`], everything
/// vanishes, the root included if it was made for this.
#[derive(Default)]
struct Staged {
    files: Vec<(NamedTempFile, PathBuf)>,
    folders: BTreeMap<PathBuf, TempDir>,
    roots: Vec<PathBuf>,
}

impl Staged {
    /// Writes the text beside where it will be.
    fn add(&mut self, root: &Path, path: &str, text: &str) -> Result<(), Error> {
        self.write(root, path, text)
            .map_err(|error| io_error("the file can't be written", &error).of("", shown(root, path)))
    }

    fn write(&mut self, root: &Path, path: &str, text: &str) -> std::io::Result<()> {
        self.make(root)?;
        #[cfg(test)]
        super::tests::killed::step();
        let target = root.join(path);
        let folder = target.parent().unwrap_or(root);
        let missing = folder.ancestors().take_while(|parent| *parent != root && !parent.exists()).last();
        let Some(missing) = missing else {
            let mut file = new_file(folder)?;
            file.write_all(text.as_bytes()).and_then(|()| file.flush())?;
            self.files.push((file, target));
            return Ok(());
        };
        if !self.folders.contains_key(missing) {
            self.folders.insert(missing.to_owned(), new_folder(missing.parent().unwrap_or(root))?);
        }
        let below = target.strip_prefix(missing).unwrap_or(&target);
        let waiting = self.folders[missing].path().join(below);
        fs::create_dir_all(waiting.parent().unwrap_or(root))?;
        fs::write(waiting, text)
    }

    /// Creates the root and its parents, and remembers those that were missing.
    fn make(&mut self, root: &Path) -> std::io::Result<()> {
        let missing: Vec<&Path> =
            root.ancestors().take_while(|parent| !parent.as_os_str().is_empty() && !parent.exists()).collect();
        for parent in missing.into_iter().rev() {
            fs::create_dir(parent)?;
            self.roots.push(parent.to_owned());
        }
        Ok(())
    }

    /// Gives everything its name, the last path first: of a model's files `model.toml` before `input.json`, so that a sync
    /// that was killed in between still sees that the model changes.
    fn commit(mut self) -> Result<(), Error> {
        let fail = |target: &Path, error: &std::io::Error| {
            io_error("the file can't be written", error).of("", target.display().to_string())
        };
        for (target, folder) in std::mem::take(&mut self.folders) {
            #[cfg(test)]
            super::tests::killed::step();
            fs::rename(folder.path(), &target).map_err(|error| fail(&target, &error))?;
            // It has another name now; nothing is to be removed.
            _ = folder.keep();
        }
        for (file, target) in self.files.drain(..).rev() {
            #[cfg(test)]
            super::tests::killed::step();
            file.persist(&target).map_err(|error| fail(&target, &error.error))?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        self.files.clear();
        self.folders.clear();
        for folder in self.roots.drain(..).rev() {
            // A folder with a file in it is in use and stays: that is the refusal we count on.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// A temporary file with the permissions of an ordinary one; by default they are for the owner alone.
fn new_file(folder: &Path) -> std::io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// A temporary folder with the permissions of an ordinary one.
fn new_folder(parent: &Path) -> std::io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(parent)
}
