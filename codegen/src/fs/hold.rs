//! One run at a time in a schema folder: a folder in, a hold on it out, which ends with the process at the latest. Knows
//! nothing of what the runs do.

use std::fs::File;
use std::path::Path;

use fs4::TryLockError;

use super::read::io_error;
use crate::{Error, ErrorKind};

/// A folder that is ours until this is dropped; `None` where the file system knows no locks.
#[derive(Debug)]
pub struct Hold(#[expect(dead_code, reason = "it is released when it is closed")] Option<File>);

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
}
