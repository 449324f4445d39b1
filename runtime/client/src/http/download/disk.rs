//! What is asked of a file system, and what to do where it can't: not every one has locks, hard links, or a rename that
//! replaces nothing. In: paths in a folder that others may write to. Out: files that are ours alone. Must not know URLs.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use same_file::Handle;
use tempfile::TempPath;

/// What some file systems lack.
pub(super) trait Disk: Send + Sync + std::fmt::Debug {
    /// Locks the file against other programs, for as long as it is open.
    fn lock(&self, file: &File) -> Result<(), TryLockError>;
    /// Renames in one step, never over another file.
    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()>;
}

/// The file system as it is.
#[derive(Debug)]
pub(super) struct System;

impl Disk for System {
    fn lock(&self, file: &File) -> Result<(), TryLockError> {
        FileExt::try_lock(file)
    }

    fn rename_new(&self, from: &Path, to: &Path) -> io::Result<()> {
        TempPath::try_from_path(from)?.persist_noclobber(to).map_err(|failed| {
            _ = failed.path.keep();
            failed.error
        })
    }
}

/// A file that nobody else writes to.
#[derive(Debug)]
pub(super) struct Lock(Option<PathBuf>);

impl Lock {
    /// `None` if somebody else has it. Where files can't be locked, a file beside it says that it is in use. One that a
    /// killed program left stays: nobody can know that its owner is gone, so what it guards is never continued.
    pub(super) fn take(disk: &dyn Disk, file: &File, path: &Path) -> io::Result<Option<Self>> {
        match disk.lock(file) {
            Ok(()) => Ok(Some(Self(None))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(_)) => {
                let beside = with_suffix(path, ".lock");
                match File::create_new(&beside) {
                    Ok(_) => Ok(Some(Self(Some(beside)))),
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(None),
                    Err(error) => Err(error),
                }
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(beside) = &self.0 {
            _ = fs::remove_file(beside);
        }
    }
}

/// Opens a file for reading and writing; with `create`, makes it if there is none. `None` if what is there is not ours alone
/// to write to: a link, a file with a second name, a pipe, a device.
pub(super) fn open_own(path: &Path, create: bool) -> io::Result<Option<File>> {
    match fs::symlink_metadata(path) {
        Ok(found) if !is_own(&found) => return Ok(None),
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(create).truncate(false);
    // A link that took its place since is not followed, and a pipe is not waited for.
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    let file = options.open(path)?;
    Ok(is_own(&file.metadata()?).then_some(file))
}

fn is_own(found: &fs::Metadata) -> bool {
    #[cfg(unix)]
    let names = std::os::unix::fs::MetadataExt::nlink(found);
    #[cfg(not(unix))]
    let names = 1;
    // Some file systems don't count, and say 0.
    found.is_file() && names <= 1
}

/// Whether the open file is still the one under this name.
pub(super) fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = Handle::from_file(file.try_clone()?)?;
    match Handle::from_path(path) {
        Ok(named) => Ok(open == named),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

pub(super) fn is_there(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives a file its name, never over another file: that is [`ErrorKind::AlreadyExists`].
pub(super) fn place(disk: &dyn Disk, from: &Path, to: &Path) -> io::Result<()> {
    match disk.rename_new(from, to) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {}
        done => return done,
    }
    // Whatever the reason was, this way needs neither links nor a special rename: an empty file takes the name, if it is
    // free, and is replaced. If it fails too, its error is the one that the user can do something about.
    drop(File::create_new(to)?);
    fs::rename(from, to).inspect_err(|_| _ = fs::remove_file(to))
}

/// Writes what was written to disk, as far as the file system knows how to.
pub(super) fn synced(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::InvalidInput) => Ok(()),
        other => other,
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A number for which nothing is taken, from this one upwards. Asks about the logarithm of how many are taken, so that
/// many files of one name cost no more than as many of different names.
pub(super) fn first_free(from: u32, mut taken: impl FnMut(u32) -> io::Result<bool>) -> io::Result<Option<u32>> {
    if !taken(from)? {
        return Ok(Some(from));
    }
    let (mut last_taken, mut step) = (from, 1_u32);
    let mut free = loop {
        let Some(number) = last_taken.checked_add(step) else { return Ok(None) };
        if !taken(number)? {
            break number;
        }
        last_taken = number;
        step = step.saturating_mul(2);
    };
    while free - last_taken > 1 {
        let middle = last_taken + (free - last_taken) / 2;
        if taken(middle)? { last_taken = middle } else { free = middle }
    }
    Ok(Some(free))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_files_of_one_name_are_not_asked_for_one_by_one() {
        let (mut files, mut questions) = (0, 0);
        for _ in 0..10_000 {
            let number = first_free(0, |number| {
                questions += 1;
                Ok(number < files)
            });
            assert_eq!(number.expect("no error"), Some(files), "no gaps");
            files += 1;
        }
        assert!(questions < 10_000 * 30, "{questions}");
    }

    #[test]
    fn a_gap_is_as_good_as_the_end() {
        let number = first_free(0, |number| Ok(number != 5 && number < 20)).expect("no error");
        assert!([Some(5), Some(20)].contains(&number), "{number:?}");
        assert_eq!(first_free(0, |_| Ok(true)).expect("no error"), None);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_ours_alone_is_not_opened() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("mine"), "mine").expect("a file");
        symlink(path("mine"), path("link")).expect("a link");
        symlink(path("nowhere"), path("dangling")).expect("a link");
        fs::hard_link(path("mine"), path("hard")).expect("a link");
        let made = std::process::Command::new("mkfifo").arg(path("pipe")).status().expect("mkfifo");
        assert!(made.success());
        fs::create_dir(path("folder")).expect("a folder");
        for name in ["link", "dangling", "hard", "mine", "pipe", "folder"] {
            assert!(open_own(&path(name), true).expect("no error").is_none(), "{name}");
        }
        assert!(!path("nowhere").exists());
        assert!(open_own(&path("new"), true).expect("no error").is_some());
    }
}
