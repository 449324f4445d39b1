//! What people name on a command line: paths in, texts and folders out, with messages that say which flag was meant.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::fs::{decode, read_bounded};
use crate::{Error, ErrorKind};

/// The text of a file, or of standard input for `-`, with the name that messages give it; at most 16 MiB.
///
/// # Errors
/// [`ErrorKind::Io`] if it can't be read, is too large, or is no text.
pub fn input(path: &Path) -> Result<(String, String), Error> {
    let (name, bytes) = if path == Path::new("-") {
        ("standard input".to_owned(), read_bounded(io::stdin().lock()))
    } else {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|error| {
            Error::new(ErrorKind::Io, format!("the file can't be read: {error}")).of("", name.as_str())
        })?;
        (name, read_bounded(file))
    };
    let text = bytes.and_then(decode).map_err(|error| error.of("", name.as_str()))?;
    Ok((name, text))
}

/// Refuses what is not a folder, by the flag that named it.
///
/// # Errors
/// [`ErrorKind::Io`] if there is nothing, a file, or nothing that may be seen.
pub fn existing_folder(flag: &str, path: &Path) -> Result<(), Error> {
    let why = match path.metadata() {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => "is a file, not a folder".to_owned(),
        Err(error) => format!("can't be read: {error}"),
    };
    Err(Error::new(ErrorKind::Io, format!("the folder of `{flag}` {why}"))
        .of("", path.display().to_string())
        .help(format!("create the folder, or name another one with `{flag}`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_is_a_file_or_not_there_is_named_with_its_flag() {
        for (path, why) in [("Cargo.toml", "is a file"), ("nowhere", "can't be read")] {
            let error = existing_folder("--schemas", Path::new(path)).expect_err("no folder");
            let said = error.message.contains(why) && error.message.contains("--schemas");
            assert!(said && error.file == path, "{error}");
        }
    }
}
