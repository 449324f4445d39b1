//! One run at a time in a schema folder: a folder in, a hold on it out, which ends with the process at the latest. Knows
//! nothing of what the runs do.

use std::fs::File;
use std::path::Path;

use fs4::TryLockError;

use super::read::io_error;
use crate::{Error, ErrorKind};

/// A folder that is ours until this is dropped; `None` where the file system knows no locks.
#[derive(Debug)]
pub struct Hold(Option<File>);

impl Drop for Hold {
    /// Closing would not do: a process that another thread starts has the file too, until it runs its program.
    fn drop(&mut self) {
        if let Some(file) = &self.0 {
            // What can't be released ends with the process.
            let _ = fs4::FileExt::unlock(file);
        }
    }
}

/// Holds a folder.
///
/// # Errors
/// [`ErrorKind::Io`] if another run holds it, or it can't be opened.
pub fn hold(folder: &Path) -> Result<Hold, Error> {
    let of = |error: Error| error.of("", folder.display().to_string());
    let file = handle(folder).map_err(|error| of(io_error("the folder can't be held", &error)))?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => Ok(Hold(Some(file))),
        Err(TryLockError::WouldBlock) => Err(of(Error::new(ErrorKind::Io, "another run is at work in the folder"))
            .help("run the command again when that one has ended; nothing was changed")),
        // Network file systems; without locks, two runs are their user's care.
        Err(TryLockError::Error(_)) => Ok(Hold(None)),
    }
}

/// A folder can be locked as it is.
#[cfg(unix)]
fn handle(folder: &Path) -> std::io::Result<File> {
    File::open(folder)
}

/// A folder can't be opened like a file here; a hidden file in it stands for it.
#[cfg(not(unix))]
fn handle(folder: &Path) -> std::io::Result<File> {
    let file = folder.join(".runcomfy-codegen-hold");
    File::options().create(true).truncate(false).write(true).open(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_held_once_and_free_again_afterwards() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = hold(folder.path()).expect("free");
        let refused = hold(folder.path()).expect_err("held");
        assert!(refused.message.contains("another run") && !refused.help.is_empty(), "{refused}");
        drop(held);
        hold(folder.path()).expect("free again");
        assert!(hold(&folder.path().join("nowhere")).is_err());
    }

    #[test]
    fn a_folder_is_free_again_though_a_child_process_still_has_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = hold(folder.path()).expect("free");
        // What a child has between fork and exec: the same open file.
        let of_a_child = held.0.as_ref().expect("locks").try_clone().expect("a second handle");
        drop(held);
        hold(folder.path()).expect("free again");
        drop(of_a_child);
    }
}
