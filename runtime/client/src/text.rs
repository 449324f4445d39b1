//! Texts of others, made fit for messages: quoted, escaped and shortened. Must not know what the texts mean, but for
//! `data:` URIs, which are media of any length.

use std::borrow::Cow;
use std::fmt;

/// How many characters of a value a message quotes.
const MAX_VALUE: usize = 60;

/// How many characters of a server's answer a message quotes.
#[cfg(feature = "http")]
const MAX_ANSWER: usize = 300;

/// How many values or names a message lists.
const MAX_LISTED: usize = 16;

/// How many bytes a login may have that ends its authority too early. Bounded, for texts may be megabytes of such.
const MAX_CUT_LOGIN: usize = 256;

/// A text in quotes, with control and invisible characters escaped, cut after `limit` characters; `data:` URIs are cut
/// soon after their header whatever the limit.
pub(crate) struct Quoted<'a> {
    pub(crate) text: &'a str,
    pub(crate) limit: usize,
}

impl<'a> Quoted<'a> {
    /// A value that was given.
    pub(crate) fn value(text: &'a str) -> Self {
        Self { text, limit: MAX_VALUE }
    }

    /// What a server says.
    #[cfg(feature = "http")]
    pub(crate) fn answer(text: &'a str) -> Self {
        Self { text, limit: MAX_ANSWER }
    }
}

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_data = is_data_uri(self.text);
        let limit = if is_data { self.limit.min(data_uri_limit(self.text)) } else { self.limit };
        let text = if is_data { Cow::Borrowed(self.text) } else { without_logins(self.text) };
        match text.char_indices().nth(limit) {
            Some((end, _)) if end < text.len() => {
                write!(f, "\"{}…\" ({} bytes)", escaped(text.get(..end).unwrap_or("")), self.text.len())
            }
            _ => write!(f, "\"{}\"", escaped(&text)),
        }
    }
}

/// What stands between double quotes: an apostrophe ends no such text.
fn escaped(text: &str) -> String {
    let quoted = format!("{text:?}");
    quoted.get(1..quoted.len() - 1).unwrap_or_default().to_owned()
}

/// A text without quotes around it: only what could forge a line is escaped.
#[cfg(feature = "http")]
pub(crate) struct Plain<'a>(pub(crate) &'a str);

#[cfg(feature = "http")]
impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        without_logins(self.0).chars().try_for_each(|c| match c {
            '\'' | '"' | '\\' => fmt::Write::write_char(f, c),
            other => write!(f, "{}", other.escape_debug()),
        })
    }
}

/// The text with `…` in place of the user names and passwords of the URLs in it.
pub(crate) fn without_logins(text: &str) -> Cow<'_, str> {
    let (mut kept, mut rest) = (String::new(), text);
    let last = text.rfind('@').unwrap_or(0);
    while text.len() - rest.len() < last
        && let Some(start) = authority(rest)
    {
        let (before, after) = rest.split_at(start);
        kept.push_str(before);
        rest = match login(after) {
            Some(end) => {
                kept.push('…');
                &after[end..]
            }
            None => after,
        };
    }
    if kept.is_empty() { text.into() } else { (kept + rest).into() }
}

/// Where the first authority of a URL may begin: after two slashes of either kind, also escaped ones, or after `https:` with
/// fewer, which is read as the same.
fn authority(text: &str) -> Option<usize> {
    let is_slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    let bytes = text.as_bytes();
    let of_web = |end: usize| {
        let before = |scheme: &str| end.checked_sub(scheme.len()).and_then(|start| bytes.get(start..end));
        ["http:", "https:"]
            .iter()
            .any(|scheme| before(scheme).is_some_and(|b| b.eq_ignore_ascii_case(scheme.as_bytes())))
    };
    let mut at = 0;
    while at < bytes.len() {
        let slashes = bytes[at..].iter().take_while(|byte| is_slash(byte)).count();
        // `\/` is one.
        let slanted = bytes[at..at + slashes].iter().filter(|byte| **byte == b'/').count();
        if slanted >= 2 || slanted == 0 && slashes >= 2 || of_web(at) {
            return Some(at + slashes);
        }
        at += slashes.max(1);
    }
    None
}

/// Where the user name and the password end with which an authority begins. A password that is not encoded as it should be
/// may hold anything but white space and quotes.
fn login(text: &str) -> Option<usize> {
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '"' | '<' | '>');
    let authority = text.split(|c| ends(c) || matches!(c, '/' | '\\' | '?' | '#')).next().unwrap_or_default();
    let port = authority.rsplit_once(':').filter(|_| !authority.starts_with('[')).map_or("", |(_, port)| port);
    let is_cut = !port.bytes().all(|byte| byte.is_ascii_digit());
    let beyond = || {
        let near = text.as_bytes().iter().take(MAX_CUT_LOGIN);
        let word = near.take_while(|byte| !ends(char::from(**byte)));
        word.enumerate().filter(|(_, byte)| **byte == b'@').last().map(|(at, _)| at)
    };
    let end = authority.rfind('@').or_else(|| if is_cut { beyond() } else { None });
    end.filter(|end| *end > 0)
}

/// Whether the text looks like a `data:` URI.
pub(crate) fn is_data_uri(text: &str) -> bool {
    text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

/// A header of usual length and the first characters of the payload.
fn data_uri_limit(text: &str) -> usize {
    let header = text.find(',').map_or(0, |comma| comma + 1);
    header.min(40) + 8
}

/// Texts, quoted and listed.
pub(crate) struct Texts<'a>(pub(crate) &'a [&'a str]);

impl fmt::Display for Texts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, self.0.iter().map(|text| Quoted::value(text)))
    }
}

/// Writes the items with commas between them, at most [`MAX_LISTED`], then how many more there are.
pub(crate) fn write_list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl ExactSizeIterator<Item = T>,
) -> fmt::Result {
    let more = items.len().saturating_sub(MAX_LISTED);
    for (index, item) in items.take(MAX_LISTED).enumerate() {
        if index > 0 {
            f.write_str(", ")?;
        }
        item.fmt(f)?;
    }
    if more > 0 {
        write!(f, " and {more} more")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str, limit: usize) -> String {
        Quoted { text, limit }.to_string()
    }

    #[test]
    fn what_could_forge_a_line_is_escaped() {
        assert_eq!(quoted("a\nb\u{202e}\"", MAX_VALUE), r#""a\nb\u{202e}\"""#);
        assert_eq!(quoted("I'm", MAX_VALUE), "\"I'm\"");
        #[cfg(feature = "http")]
        assert_eq!(Plain("I'm \"a\"\n\u{202e}").to_string(), "I'm \"a\"\\n\\u{202e}");
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(quoted("äöüß", 3), "\"äöü…\" (8 bytes)");
        assert_eq!(quoted("äöü", 3), "\"äöü\"");
    }

    #[test]
    fn no_text_shows_the_login_of_a_url() {
        for (text, shown) in [
            ("https://u:secret@h/a?b", "https://…@h/a?b"),
            ("see (HTTPS://secret@h), or ftp://u:se@cret@h.", "see (HTTPS://…@h), or ftp://…@h."),
            ("https:u:secret@h https:/u:secret@h https:\\\\u:secret@h", "https:…@h https:/…@h https:\\\\…@h"),
            (r#"{"a":"https:\/\/u:secret@h\/a@b"}"#, r#"{"a":"https:\/\/…@h\/a@b"}"#),
            ("//u:secret@h/", "//…@h/"),
            ("https://u:se/cr?et#secret@h/", "https://…@h/"),
            ("https://u:p%40secret@[::1]:80/ä", "https://…@[::1]:80/ä"),
        ] {
            assert_eq!(without_logins(text), shown);
            assert!(!quoted(text, MAX_VALUE).contains("secret"), "{text}");
        }
        for kept in
            ["https://h:80/@a/b@c", "https://[::1]:80/a@b", "a@b.c", "16:9 @home", "https://h/?a=b@c", "https://@h", ""]
        {
            assert_eq!(without_logins(kept), kept);
        }
        let hostile = "//a:b".repeat(20_000) + "@";
        assert!(without_logins(&hostile).ends_with("//…@"));
        #[cfg(feature = "http")]
        assert_eq!(Plain("no https://u:secret@h/").to_string(), "no https://…@h/");
    }

    #[test]
    fn data_uris_are_cut_after_their_header() {
        let uri = format!("data:image/png;base64,{}", "A".repeat(1000));
        assert_eq!(quoted(&uri, usize::MAX), "\"data:image/png;base64,AAAAAAAA…\" (1022 bytes)");
    }
}
