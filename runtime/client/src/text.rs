//! Texts of others, made fit for messages: quoted, escaped and shortened. Must not know what the texts mean, but for
//! `data:` URIs, which are media of any length.

use std::fmt;

/// How many characters of a value a message quotes.
const MAX_VALUE: usize = 60;

/// How many characters of a server's answer a message quotes.
#[cfg(feature = "http")]
const MAX_ANSWER: usize = 300;

/// How many values or names a message lists.
const MAX_LISTED: usize = 16;

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
        let limit = if is_data_uri(self.text) { self.limit.min(data_uri_limit(self.text)) } else { self.limit };
        match self.text.char_indices().nth(limit) {
            Some((end, _)) if end < self.text.len() => {
                write!(f, "\"{}…\" ({} bytes)", escaped(self.text.get(..end).unwrap_or("")), self.text.len())
            }
            _ => write!(f, "\"{}\"", escaped(self.text)),
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
        self.0.chars().try_for_each(|c| match c {
            '\'' | '"' | '\\' => fmt::Write::write_char(f, c),
            other => write!(f, "{}", other.escape_debug()),
        })
    }
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
    fn data_uris_are_cut_after_their_header() {
        let uri = format!("data:image/png;base64,{}", "A".repeat(1000));
        assert_eq!(quoted(&uri, usize::MAX), "\"data:image/png;base64,AAAAAAAA…\" (1022 bytes)");
    }
}
