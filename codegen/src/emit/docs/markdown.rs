//! Published texts in, Markdown for rustdoc out. Published texts are hostile until proven otherwise: what leaves here
//! can't end a comment, open a code block, make a link or turn the reading direction. Must not know Rust syntax.

use serde_json::Value;

/// Published texts longer than this many characters are cut in docs; the field table has them whole.
const MAX_TEXT: usize = 4_000;

/// One line of Markdown that shows `text` as it is. Line breaks become spaces, invisible characters go.
#[must_use]
pub(in crate::emit) fn prose(text: &str) -> String {
    let words: Vec<String> =
        text.chars().filter(visible).take(MAX_TEXT).collect::<String>().split_whitespace().map(word).collect();
    let mut line = words.join(" ");
    // `1.` and `1)` at the start of a line would number it.
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        line.insert(digits, '\\');
    }
    if text.chars().count() > MAX_TEXT {
        line.push('…');
    }
    line
}

/// One word of prose: URLs become links that show themselves, and characters that mean something to Markdown are escaped.
fn word(word: &str) -> String {
    if let Some(url) = url(word) {
        return format!("<{url}>{}", escape(&word[url.len()..]));
    }
    escape(word)
}

/// A URL as a link that shows itself; `None` if the text is more than a URL.
#[must_use]
pub(in crate::emit) fn link(text: &str) -> Option<String> {
    (url(text) == Some(text)).then(|| format!("<{text}>"))
}

fn url(word: &str) -> Option<&str> {
    let rest = word.strip_prefix("https://").or_else(|| word.strip_prefix("http://"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#&=%+:@".contains(c);
    let end = rest.find(|c| !plain(c)).unwrap_or(rest.len());
    let url = word[..word.len() - rest.len() + end].trim_end_matches(['.', ':', '?']);
    (end > 0).then_some(url)
}

fn escape(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for (index, c) in word.char_indices() {
        let starts_block = index == 0 && matches!(c, '+' | '-' | '=');
        if starts_block || "\\`*_[]<>#|~&$^{}!".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    // Not an address that rustdoc would want to be a link.
    out.replace("://", ":\\//")
}

/// Characters a reader can see; marks that turn the reading direction can make code read as what it is not.
fn visible(c: &char) -> bool {
    let bidi = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    let line_break = matches!(c, '\n' | '\r' | '\t');
    !bidi && (line_break || !c.is_control())
}

/// `text` as inline code, whatever backticks are in it.
#[must_use]
pub(in crate::emit) fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .flat_map(|c| {
            let plain = visible(&c) && !c.is_control();
            plain.then_some(c).into_iter().chain((!plain).then(|| c.escape_default()).into_iter().flatten())
        })
        .take(MAX_TEXT)
        .collect();
    let runs = shown.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(runs + 1);
    let pad = if shown.is_empty() || shown.starts_with(['`', ' ']) || shown.ends_with(['`', ' ']) { " " } else { "" };
    if shown.is_empty() { "the empty string".to_owned() } else { format!("{fence}{pad}{shown}{pad}{fence}") }
}

/// A JSON value as inline code; a string without its quotes.
#[must_use]
pub(in crate::emit) fn value(value: &Value) -> String {
    match value {
        Value::String(text) => code(text),
        other => code(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_and_html_lose_their_meaning() {
        assert_eq!(prose("# [a](b) <i> `c` *d*\n\n    code"), "\\# \\[a\\](b) \\<i\\> \\`c\\` \\*d\\* code");
        assert_eq!(prose("1. one"), "1\\. one");
    }

    #[test]
    fn urls_are_links_that_show_themselves() {
        assert_eq!(prose("See https://a.example/b_c."), "See <https://a.example/b_c>.");
        assert_eq!(prose("(https://a.example)"), "(https:\\//a.example)");
    }

    #[test]
    fn marks_that_turn_text_around_are_dropped() {
        assert_eq!(prose("a\u{202e}b\u{0}c"), "abc");
        assert_eq!(code("a\u{202e}b"), "`a\\u{202e}b`");
    }

    #[test]
    fn code_survives_backticks() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code(""), "the empty string");
    }
}
