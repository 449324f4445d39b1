//! The token as what no error may quote: texts of a server in, the same without the token out, however it is spelled in them.
//! Must not send it.

use reqwest::header::HeaderValue;

use crate::Json;
use crate::text::without_logins;

/// What stands in its place.
const HIDDEN: &str = "…";

/// The longest spelling of one of its bytes, as in `\u002b`.
const MAX_SPELLING: usize = 6;

/// A token, to be kept out of what errors quote.
#[derive(Clone)]
pub(crate) struct Secret(HeaderValue);

impl Secret {
    /// The token of a header `Authorization`.
    pub(crate) fn new(authorization: HeaderValue) -> Self {
        Self(authorization)
    }

    /// The text without the token, and without the logins of URLs.
    pub(crate) fn keep_out(&self, text: String) -> String {
        without_logins(&self.hide(text)).into_owned()
    }

    fn hide(&self, text: String) -> String {
        let Some(token) = self.token() else { return text };
        let (mut kept, mut rest) = (String::new(), &*text);
        while let Some(first) = rest.chars().next() {
            let (shown, length) = match spelled(rest.as_bytes(), token) {
                Some(length) => (HIDDEN, length),
                None => (&rest[..first.len_utf8()], first.len_utf8()),
            };
            kept += shown;
            rest = &rest[length..];
        }
        kept
    }

    /// The JSON without the token. Its URLs stay whole: what was paid for is behind them.
    pub(crate) fn keep_out_of_json(&self, json: &Json) -> Option<Json> {
        serde_json::from_str(&self.hide(json.to_string())).ok()
    }

    /// The beginning of a text without the token, of that many bytes at most.
    pub(crate) fn keep_out_of_start(&self, text: &[u8], most: usize) -> String {
        // So much that the result is full before a token at the end that is cut off.
        let longest = MAX_SPELLING * self.token().map_or(1, str::len);
        let start = text.get(..most.saturating_mul(1 + longest)).unwrap_or(text);
        let mut kept = self.keep_out(String::from_utf8_lossy(start).into_owned());
        let end = (0..=most.min(kept.len())).rev().find(|end| kept.is_char_boundary(*end));
        kept.truncate(end.unwrap_or(0));
        kept
    }

    /// Whether the text is the token.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.token().is_some_and(|token| text == token)
    }

    fn token(&self) -> Option<&str> {
        self.0.to_str().ok()?.strip_prefix("Bearer ")
    }
}

/// How many bytes at the beginning of a text spell the token: as it is, or escaped as in JSON and in URLs.
fn spelled(text: &[u8], token: &str) -> Option<usize> {
    token.bytes().try_fold(0, |length, byte| Some(length + spelled_byte(&text[length..], byte)?))
}

fn spelled_byte(text: &[u8], byte: u8) -> Option<usize> {
    let is_hex = |digits: &[u8]| {
        let digits = std::str::from_utf8(digits).ok();
        digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) == Some(byte)
    };
    match text {
        [b'\\', b'u', b'0', b'0', high, low, ..] if is_hex(&[*high, *low]) => Some(MAX_SPELLING),
        [b'\\', second, ..] if *second == byte => Some(2),
        [b'%', high, low, ..] if is_hex(&[*high, *low]) => Some(3),
        [first, ..] if *first == byte => Some(1),
        _ => None,
    }
}
