//! The text of a saved page: bytes in, what people see out, with the line it came from. Knows neither JSON nor schemas.

use runcomfy_codegen::{Error, ErrorKind, fs};

use super::html;

/// Turns the bytes of a saved page into text: UTF-8 or, with a byte order mark, UTF-16, which some editors and shells
/// save by default. The mark is dropped and CRLF becomes LF.
///
/// # Errors
/// [`ErrorKind::Io`], with the line where there is one, if the bytes are no text.
pub fn decode(bytes: Vec<u8>) -> Result<String, Error> {
    let text = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => utf16(&bytes[2..], u16::from_le_bytes)?,
        Some([0xFE, 0xFF]) => utf16(&bytes[2..], u16::from_be_bytes)?,
        _ => fs::decode(bytes)?,
    };
    if text.contains('\0') {
        return Err(not_text("the page holds NUL bytes, so it is not plain text or HTML"));
    }
    Ok(text.replace("\r\n", "\n"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, Error> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    let text: Result<String, _> = char::decode_utf16(pairs.iter().map(|pair| unit(*pair))).collect();
    match text {
        Ok(text) if odd.is_empty() => Ok(text),
        _ => Err(not_text("the page starts like UTF-16 and is not")),
    }
}

fn not_text(message: &str) -> Error {
    Error::new(ErrorKind::Io, message).help("save the page again as HTML, or copy its text into a file in UTF-8")
}

/// What people see of a page, and where in the saved file it stands.
#[derive(Debug)]
pub(super) struct Text {
    /// What people see.
    pub(super) text: String,
    /// Offsets into `text` with the line of the file they came from, ascending; between them, line breaks count.
    marks: Vec<(usize, usize)>,
}

impl Text {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { text: String::new(), marks: vec![(0, 1)] }
    }

    /// The text of a saved page. It is HTML if it starts with a tag, a comment or a declaration: the text of a page may
    /// well hold `<token>` or quote HTML further down, but does not start so.
    pub(super) fn of(saved: &str) -> Self {
        let mut start = saved.trim_start().chars();
        let is_html =
            start.next() == Some('<') && start.next().is_some_and(|c| c.is_ascii_alphabetic() || "!?".contains(c));
        if is_html {
            return html::text(saved);
        }
        Self { text: saved.to_owned(), ..Self::new() }
    }

    /// Says that what is appended next came from this line of the file.
    pub(super) fn mark(&mut self, line: usize) {
        // Marks beyond the end belong to blanks that were cut off since.
        while self.marks.last().is_some_and(|(at, _)| *at > self.text.len()) {
            self.marks.pop();
        }
        self.marks.push((self.text.len(), line));
    }

    /// The line of the saved file, from 1, of an offset into the text.
    ///
    /// Exact for plain text and for preformatted HTML; elsewhere in HTML, where line breaks mean nothing, the line on
    /// which the surrounding piece of text starts.
    pub(super) fn line(&self, offset: usize) -> usize {
        let next = self.marks.partition_point(|(at, _)| *at <= offset);
        let (at, line) = self.marks[next.saturating_sub(1)];
        let between = self.text.as_bytes().get(at..offset).unwrap_or_default();
        line + between.iter().filter(|byte| **byte == b'\n').count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_with_a_mark_is_read_and_without_one_refused() {
        assert_eq!(decode(b"\xFF\xFE{\0\xFC\0".to_vec()).expect("little endian"), "{ü");
        assert_eq!(decode(b"\xFE\xFF\0{\0\xFC".to_vec()).expect("big endian"), "{ü");
        for bytes in [&b"{\0}\0"[..], b"\xFF\xFE\0\xD8", b"\xFF\xFEa\0b"] {
            assert!(decode(bytes.to_vec()).expect_err("no text").help.contains("UTF-8"), "{bytes:?}");
        }
    }

    #[test]
    fn marks_and_line_ends_of_other_systems_are_dropped() {
        assert_eq!(decode(b"\xEF\xBB\xBFa\r\nb".to_vec()).expect("UTF-8"), "a\nb");
    }

    #[test]
    fn a_plain_page_that_speaks_of_tags_is_not_html() {
        assert_eq!(Text::of("Bearer <token>\n<b>").text, "Bearer <token>\n<b>");
        assert_eq!(Text::of("\n<p>a</p>").text.trim(), "a");
        assert_eq!(Text::of("< 5 <b>").text, "< 5 <b>");
    }
}
