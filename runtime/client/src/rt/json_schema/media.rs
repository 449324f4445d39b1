//! Media inputs in words of JSON Schema. In: a kind. Out: a pattern for what the checker takes as media of this kind, and
//! a hint for people and language models. Must not know rules or tables.

use crate::media::host::LOCAL;
use crate::media::{Forms, MediaKind};

/// What ends a host, and what can't be in a URL; in brackets it is "anything else".
const NO_NAME: &str = r"\s\x00-\x1f\x7f-\x9f/?#\\@:\[\]";
const PORT: &str = r"(?::[^\s\x00-\x1f\x7f-\x9f/?#\\@]*)?";
const REST: &str = r"(?:[/?#\\][^\s\x00-\x1f\x7f-\x9f]*)?";
const SAMPLE: &str = r"(?![wW]{3}\.)[^\s\x00-\x20\x7f/\\:?#]+\.[A-Za-z0-9]{2,5}";
const BASE64: &str = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)";
const BYTE: &str = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
/// The starts of addresses that are not of the public internet.
const PRIVATE: &str = concat!(
    r"(?:0|10|127|22[4-9]|2[3-9][0-9])\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.",
    r"|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.",
);

/// A regular expression of ECMA-262: a public https URL, a `data:` URI of this kind, or the name of a sample.
pub(crate) fn pattern(kind: MediaKind) -> String {
    let https = any_case("https");
    let user = r"(?:[^\s\x00-\x1f\x7f-\x9f/?#\\]*@)?";
    let host = host();
    let data = format!("{}:{}", any_case("data"), any_case(kind.media_type()));
    let base64 = any_case("base64");
    format!("^(?:{https}://{user}{host}{PORT}{REST}|{data}/[^;,]+(?:;[^;,]*)*;{base64},{BASE64}|{SAMPLE})$")
}

/// A host that the internet can reach: a name with a dot whose last part is no number and not kept for local use, or a
/// public address.
fn host() -> String {
    let local = LOCAL.map(any_case).join("|");
    let name = format!(
        r"(?![^{NO_NAME}]*\.(?:{local})\.?(?:[:/?#\\]|$))[^{NO_NAME}.][^{NO_NAME}]*\.[^{NO_NAME}.0-9][^{NO_NAME}.]*\.?"
    );
    let v4 = format!(r"(?!{PRIVATE}){BYTE}(?:\.{BYTE}){{3}}\.?");
    let v6 = r"\[[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:.]*\]";
    format!("(?:{name}|{v4}|{v6})")
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
    use crate::media::{MediaForm, check};
    use crate::rt::regress_matcher;
    use proptest::prelude::*;

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
            "https://localhost/a.png",
            "https://a.localhost.",
            "https://10.0.0.1/",
            "https://8.8.8.8:443/a",
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
            assert_eq!(matches(text), is_fit(text), "{text:?}");
        }
    }

    fn is_fit(text: &str) -> bool {
        check(MediaKind::Image, MediaForm::Any, text).is_ok()
    }

    proptest! {
        #[test]
        fn hosts_are_public_by_the_pattern_as_by_the_checker(
            user in "([a-z]@)?", parts in proptest::collection::vec(part(), 1..5), end in r"\.?(:[0-9]{1,2})?([/?#\\][a@.]?)?",
        ) {
            let matches = regress_matcher(&pattern(MediaKind::Image)).expect("a pattern");
            let text = format!("https://{user}{}{end}", parts.join("."));
            prop_assert_eq!(matches(&text), is_fit(&text), "{}", text);
        }
    }

    /// A part of a host, between dots.
    fn part() -> impl Strategy<Value = String> {
        const KNOWN: [&str; 20] = [
            "0",
            "10",
            "100",
            "64",
            "127",
            "172",
            "16",
            "32",
            "192",
            "168",
            "169",
            "254",
            "255",
            "localhost",
            "Local",
            "internal",
            "com",
            "[2001:db8::1]",
            "[::1]",
            "",
        ];
        prop_oneof![
            6 => proptest::sample::select(&KNOWN).prop_map(str::to_owned),
            2 => (0_u16..300).prop_map(|number| number.to_string()),
            1 => "[a-z0-9é_-]{1,3}",
        ]
    }
}
