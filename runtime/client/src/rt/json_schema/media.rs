//! Media inputs in words of JSON Schema. In: a kind. Out: a pattern for what the checker takes as media of this kind, and
//! a hint for people and language models. Must not know rules or tables.

use crate::media::{Forms, MediaKind};

/// No white space, no control characters, and none of those that end the host of a URL.
const HOST: &str = r"[^\s\x00-\x1f\x7f-\x9f/?#\\@";
const REST: &str = r"(?:[/?#\\][^\s\x00-\x1f\x7f-\x9f]*)?";
const SAMPLE: &str = r"(?![wW]{3}\.)[^\s\x00-\x20\x7f/\\:?#]+\.[A-Za-z0-9]{2,5}";
const BASE64: &str = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)";

/// A regular expression of ECMA-262: an https URL, a `data:` URI of this kind, or the name of a sample.
pub(super) fn pattern(kind: MediaKind) -> String {
    let https = any_case("https");
    let user = r"(?:[^\s\x00-\x1f\x7f-\x9f/?#\\]*@)?";
    let data = format!("{}:{}", any_case("data"), any_case(kind.media_type()));
    let base64 = any_case("base64");
    format!("^(?:{https}://{user}{HOST}:]{HOST}]*{REST}|{data}/[^;,]+(?:;[^;,]*)*;{base64},{BASE64}|{SAMPLE})$")
}

/// What to give, in words.
pub(super) fn hint(kind: MediaKind) -> String {
    format!("Takes {}.", Forms(kind))
}

fn any_case(word: &str) -> String {
    let letter = |c: char| match c.is_ascii_alphabetic() {
        true => format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase()),
        false => c.to_string(),
    };
    word.chars().map(letter).collect()
}

#[cfg(all(test, feature = "pattern"))]
mod tests {
    use super::*;
    use crate::media::check;
    use crate::rt::regress_matcher;

    #[test]
    fn the_pattern_takes_what_the_checker_takes() {
        let matches = regress_matcher(&pattern(MediaKind::Image)).expect("a pattern");
        let texts = [
            "https://example.com",
            "HTTPS://u:p@example.com:8/x?y#z",
            "https://a@b@c/d@e",
            "https://",
            "https:///a.png",
            "https://u@/a.png",
            "https://:80/",
            "https://a b/",
            "https://a/ b",
            "https://a\u{7f}b",
            "http://a.b/c",
            "data:image/png;base64,QUJD",
            "DATA:Image/svg+xml;charset=utf-8;BASE64,QUI=",
            "data:image/png;base64;base64,QQ==",
            "data:image/png;base64,QUJ",
            "data:image/png;base64,",
            "data:image/png,QUJD",
            "data:image/;base64,QUJD",
            "data:video/mp4;base64,QUJD",
            "data:image/png;base64,Q_JD",
            "Runcomfy_Example_1290_1.png",
            "ä.png",
            "www.example.com",
            ".png",
            "dir/cat.png",
            "a prompt",
            "cat.toolong",
            "",
        ];
        for text in texts {
            assert_eq!(matches(text), check(MediaKind::Image, text).is_ok(), "{text:?}");
        }
    }
}
