//! Bytes to text, with limits: a path or a stream in, a `String` out. Knows nothing of what the text says.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::{Error, ErrorKind};

/// The largest file that is read, in bytes: 16 MiB. The longest published schema is a thousandth of that.
pub const MAX_BYTES: u64 = 16 << 20;

/// Reads a text file of at most [`MAX_BYTES`].
///
/// # Errors
/// [`ErrorKind::Io`] without a file (the caller knows how to call it) if the file can't be read, is none, is too large, or
/// is not text.
pub fn read_text(path: &Path) -> Result<String, Error> {
    // Looked at before it is opened: opening a pipe may wait forever.
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(Error::new(ErrorKind::Io, "this is a folder, a pipe or a device, not a file").help("move it away"));
    }
    let file = File::open(path).map_err(|error| io_error("the file can't be read", &error))?;
    decode(read_bounded(file)?)
}

/// Reads at most [`MAX_BYTES`], and stops there however much would follow.
///
/// # Errors
/// [`ErrorKind::Io`] if reading fails or there is more.
pub fn read_bounded(source: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = source.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    match read.map_err(|error| io_error("the file can't be read", &error))? {
        count if count as u64 > MAX_BYTES => Err(Error::new(ErrorKind::Io, "the file is larger than 16 MiB")
            .help("no published schema or page is; check that it is the right file")),
        _ => Ok(bytes),
    }
}

/// Turns bytes into text, without a byte order mark.
///
/// # Errors
/// [`ErrorKind::Io`], with the line of the first byte that is not UTF-8.
pub fn decode(bytes: Vec<u8>) -> Result<String, Error> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(ErrorKind::Io, "the file is not UTF-8").at(format!("line {line}")).help("save it as UTF-8 text")
    })?;
    Ok(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// An error of the operating system, in its words.
pub(super) fn io_error(message: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{message}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xEF\xBB\xBF{}".to_vec()).expect("UTF-8"), "{}");
    }

    #[test]
    fn what_is_no_file_is_not_waited_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = read_text(folder.path()).expect_err("a folder");
        assert!(error.message.contains("not a file"), "{error}");
        #[cfg(unix)]
        assert!(read_text(Path::new("/dev/zero")).is_err(), "endless");
    }

    #[test]
    fn bytes_that_are_no_text_are_refused_with_their_line() {
        let error = decode(b"a\nb\n\xFC".to_vec()).expect_err("Latin-1");
        assert_eq!((error.place.as_str(), error.help.as_str()), ("line 3", "save it as UTF-8 text"));
        assert!(decode(b"\xFF\xFE{\0".to_vec()).is_err(), "UTF-16");
    }

    #[test]
    fn an_endless_stream_is_given_up_at_the_limit() {
        let error = read_bounded(io::repeat(b' ')).expect_err("endless");
        assert!(error.message.contains("16 MiB"));
        assert_eq!(read_bounded(io::repeat(b' ').take(MAX_BYTES)).expect("just fits").len() as u64, MAX_BYTES);
    }
}
