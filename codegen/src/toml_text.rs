//! Keys and texts as TOML has them, on one line, with all that a reviewer could not see escaped.

use std::fmt::Write as _;

/// A text as a TOML string on one line. What a reviewer could not see, such as marks that reverse the direction of
/// reading, is escaped, which no library's writer does.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            _ if is_invisible(character) => {
                let _ = write!(out, "\\U{:08X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A key as TOML wants it.
pub(crate) fn key(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if bare { key.to_owned() } else { quoted(key) }
}

/// Control characters, marks of reading direction, joiners, and line and paragraph separators.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn hostile_texts_are_visible_and_survive() {
        for text in ["", "\"", "a\\b", "line\r\nline\t", "\0\u{7f}\u{85}", "abc\u{202E}cba", "'''", "\u{10FFFF}é"] {
            let quoted = quoted(text);
            assert!(!quoted.contains('\n') && !quoted.contains('\u{202E}') && !quoted.contains('\u{7f}'), "{quoted}");
            let table: toml::Table = toml::from_str(&format!("text = {quoted}")).expect("a TOML string");
            assert_eq!(table["text"].as_str(), Some(text));
        }
    }
}
