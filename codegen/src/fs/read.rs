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

/// Turns the bytes of a file into text: UTF-8, or UTF-16, which some editors and shells save by default. A byte order mark
/// is dropped; UTF-16 without one is known by the NUL bytes that the letters of any JSON and HTML have there.
///
/// # Errors
/// [`ErrorKind::Io`], with the line where there is one, if the bytes are no text.
pub fn decode(bytes: Vec<u8>) -> Result<String, Error> {
    let text = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => utf16(&bytes[2..], u16::from_le_bytes)?,
        Some([0xFE, 0xFF]) => utf16(&bytes[2..], u16::from_be_bytes)?,
        _ if bytes.contains(&0) => {
            let is_high = |at: usize| bytes.iter().skip(at).step_by(2).filter(|byte| **byte == 0).count();
            utf16(&bytes, if is_high(1) > is_high(0) { u16::from_le_bytes } else { u16::from_be_bytes })?
        }
        _ => utf8(bytes)?,
    };
    if text.contains('\0') {
        return Err(not_text("the file holds NUL bytes, so it is no text"));
    }
    Ok(match text.strip_prefix('\u{FEFF}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn utf8(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|byte| **byte == b'\n').count() + 1;
        not_text("the file is not UTF-8").at(format!("line {line}"))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(not_text("the file looks like UTF-16 and is not")),
    }
}

fn not_text(message: &str) -> Error {
    Error::new(ErrorKind::Io, message).help("save it as UTF-8 text")
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
    fn utf_16_is_read_with_a_mark_and_without_one() {
        let text = "{\"titel\": \"Länge 你好\"}";
        for swap in [u16::to_le_bytes, u16::to_be_bytes] {
            let bytes = |text: &str| text.encode_utf16().flat_map(swap).collect::<Vec<u8>>();
            assert_eq!(decode(bytes(&format!("\u{FEFF}{text}"))).expect("with a mark"), text);
            assert_eq!(decode(bytes(text)).expect("without one"), text);
        }
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
        for bytes in [&b"\xFF\xFE\0\xD8"[..], b"\xFF\xFEa\0b", b"a\0b", b"PK\x03\x04\0\0\0\0", b"{\0\0\0}\0\0\0"] {
            assert!(decode(bytes.to_vec()).expect_err("no text").help.contains("UTF-8"), "{bytes:?}");
        }
    }

    #[test]
    fn an_endless_stream_is_given_up_at_the_limit() {
        let error = read_bounded(io::repeat(b' ')).expect_err("endless");
        assert!(error.message.contains("16 MiB"));
        assert_eq!(read_bounded(io::repeat(b' ').take(MAX_BYTES)).expect("just fits").len() as u64, MAX_BYTES);
    }
}
