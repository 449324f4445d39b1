//! Answers in UTF-16 and UTF-32, as JSON once allowed them, in UTF-8. Bytes in, bytes out. Must not know what they say.

use bytes::Bytes;

/// The bytes in UTF-8, if they begin as a text in another form of Unicode does: with its mark, or with a character of ASCII.
pub(super) fn utf8(bytes: Bytes) -> Bytes {
    let (width, is_big) = match *bytes.get(..4).unwrap_or(&bytes) {
        [0, 0, 0xfe, 0xff] | [0, 0, 0, _] => (4, true),
        [0xff, 0xfe, 0, 0] | [_, 0, 0, 0] => (4, false),
        [0xfe, 0xff, ..] | [0, _, ..] => (2, true),
        [0xff, 0xfe, ..] | [_, 0, ..] => (2, false),
        _ => return bytes,
    };
    let units = bytes.chunks_exact(width).map(|unit| {
        let add = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        if is_big { unit.iter().fold(0, add) } else { unit.iter().rev().fold(0, add) }
    });
    let text: String = match width {
        2 => char::decode_utf16(units.map(|unit| unit as u16)).map(|read| read.unwrap_or('\u{fffd}')).collect(),
        _ => units.map(|unit| char::from_u32(unit).unwrap_or('\u{fffd}')).collect(),
    };
    text.into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_unicode_is_read_with_and_without_its_mark() {
        let text = "{\"a\": \"é🎬\"}";
        for text in [text.to_owned(), format!("\u{feff}{text}")] {
            let (short, long) = (text.encode_utf16(), text.chars().map(u32::from));
            for bytes in [
                text.clone().into_bytes(),
                short.clone().flat_map(u16::to_le_bytes).collect(),
                short.flat_map(u16::to_be_bytes).collect(),
                long.clone().flat_map(u32::to_le_bytes).collect(),
                long.flat_map(u32::to_be_bytes).collect(),
            ] {
                assert_eq!(utf8(bytes.into()), text.as_bytes());
            }
        }
    }

    #[test]
    fn what_was_cut_off_is_read_as_far_as_it_came() {
        assert_eq!(utf8(Bytes::from_static(b"{\0\"\0a")), b"{\"".as_slice());
        for short in [&b""[..], b"{", b"caf\xe9", b"\0"] {
            assert_eq!(utf8(Bytes::copy_from_slice(short)), short);
        }
    }
}
