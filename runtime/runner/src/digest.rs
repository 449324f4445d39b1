//! SHA-256 in hexadecimal digits. Must not know of what.

use std::fmt::Write as _;
use std::io::{self, Read};

use sha2::{Digest as _, Sha256};

/// Of some parts, each with its length, so that no two lists of parts are the same.
pub(crate) fn of(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    digits(&hash.finalize())
}

/// Of a text, as programs at hand count it.
pub(crate) fn of_text(text: &str) -> String {
    digits(&Sha256::digest(text))
}

/// Of all that a reader gives, and its length.
pub(crate) fn of_reader(mut reader: impl Read) -> io::Result<(u64, String)> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 64 << 10]);
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok((bytes, digits(&hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn parts_are_told_apart() {
        assert_ne!(super::of(&["ab", "c"]), super::of(&["a", "bc"]));
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(super::of_reader(&b""[..]).expect("read"), (0, empty.to_owned()));
    }
}
