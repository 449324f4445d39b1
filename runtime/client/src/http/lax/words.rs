//! Texts, numbers and words of lax JSON: bytes in, the same as JSON knows it out. Must not know what is around them.

use serde_json::Number;

use super::{CUT, Reader};

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

impl Reader<'_> {
    /// Reads a text, its quotes included.
    pub(super) fn string(&mut self) -> Result<(), &'static str> {
        self.put(b"\"");
        self.at += 1;
        loop {
            let plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1f | 0x80..);
            self.copy_while(plain);
            match self.peek() {
                None => return Err(CUT),
                Some(b'"') => {
                    self.at += 1;
                    self.put(b"\"");
                    return Ok(());
                }
                Some(b'\\') => self.escape(),
                Some(byte @ 0..=0x1f) => {
                    self.at += 1;
                    self.put(format!("\\u{byte:04x}").as_bytes());
                }
                Some(_) => {
                    let run = self.take_while(|byte| *byte >= 0x80);
                    self.put(String::from_utf8_lossy(run).as_bytes());
                }
            }
        }
    }

    fn escape(&mut self) {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = match rest.get(1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') => match unit(rest) {
                Some(0xd800..=0xdbff) if matches!(rest.get(6..).and_then(unit), Some(0xdc00..=0xdfff)) => 12,
                Some(0xd800..=0xdfff) => {
                    self.at += 6;
                    return self.put(REPLACEMENT);
                }
                Some(_) => 6,
                None => 0,
            },
            _ => 0,
        };
        match rest.get(..length) {
            Some(escape) if length > 0 => {
                self.at += length;
                self.put(escape);
            }
            _ => {
                self.at += 1;
                self.put(REPLACEMENT);
            }
        }
    }

    pub(super) fn space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn put(&mut self, text: &[u8]) {
        if self.hidden.is_none() {
            self.text.extend_from_slice(text);
        }
    }
}

impl<'a> Reader<'a> {
    /// Reads what is neither text nor list nor object, and writes null for what JSON does not know.
    pub(super) fn word(&mut self) -> Result<&'a [u8], &'static str> {
        let word = self.take_while(|byte| byte.is_ascii_alphanumeric() || b"+-._#()".contains(byte));
        if word.is_empty() {
            return Err("a value is missing");
        }
        let text: &[u8] = match word {
            b"true" | b"True" => b"true",
            b"false" | b"False" => b"false",
            number if is_number(number) => number,
            _ => b"null",
        };
        self.put(text);
        Ok(word)
    }

    fn take_while(&mut self, belongs: impl Fn(&u8) -> bool) -> &'a [u8] {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn copy_while(&mut self, belongs: impl Fn(&u8) -> bool) {
        let run = self.take_while(belongs);
        self.put(run);
    }
}

/// The UTF-16 unit of `\u` and four digits.
fn unit(escape: &[u8]) -> Option<u16> {
    let digits = escape.strip_prefix(b"\\u")?.get(..4)?;
    let is_hex = digits.iter().all(u8::is_ascii_hexdigit);
    is_hex.then(|| u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()).flatten()
}

pub(super) fn is_number(word: &[u8]) -> bool {
    serde_json::from_slice::<Number>(word).is_ok()
}
