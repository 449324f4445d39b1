//! Texts of others, made fit to be seen: nothing in them moves a cursor, turns the direction of what follows, or is read by a program and
//! seen by nobody. Must not know what the texts mean.

use std::borrow::Cow;

use runcomfy_client::Json;

/// What stands in place of such a character.
const MARK: char = '\u{fffd}';

/// Whether a character is not seen as it is: controls but for tabs and ends of lines, marks of direction, what has no width,
/// tags, and variation selectors but those of emoji. Joiners stay, for scripts need them.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
        || c.is_control() && !matches!(c, '\n' | '\t')
}

/// A text that may have several lines.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    match text.contains(is_unseen) {
        true => text.replace("\r\n", "\n").replace(is_unseen, &MARK.to_string()).into(),
        false => text.into(),
    }
}

/// A text in one line.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    match text.contains(|c| is_unseen(c) || matches!(c, '\n' | '\t')) {
        true => lines(text).split_whitespace().collect::<Vec<_>>().join(" ").into(),
        false => text.into(),
    }
}

/// What goes to a screen: of escapes, only colours and weights stay, which the program's own words have.
pub(crate) fn screen(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return text.into();
    }
    let (mut shown, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find('\u{1b}') {
        let (before, after) = rest.split_at(start);
        let style = style(after);
        shown.push_str(&lines(before));
        match style {
            "" => shown.push(MARK),
            style => shown.push_str(style),
        }
        rest = &after[style.len().max(1)..];
    }
    shown.push_str(&lines(rest));
    shown.into()
}

/// The escape for a colour or a weight that a text begins with, but for those that hide what follows.
fn style(text: &str) -> &str {
    let Some(body) = text.strip_prefix("\u{1b}[") else { return "" };
    let end = body.find(|c: char| !c.is_ascii_digit() && c != ';').unwrap_or(body.len());
    let hides = body[..end].split(';').any(|part| part.trim_start_matches('0') == "8");
    match body[end..].starts_with('m') && !hides {
        true => &text[..text.len() - body.len() + end + 1],
        false => "",
    }
}

/// JSON whose texts, names included, have nothing in them that is not seen: for who reads it, not for who needs it to the letter.
pub(crate) fn json(json: Json) -> Json {
    match json {
        Json::String(text) => lines(&text).into(),
        Json::Array(items) => items.into_iter().map(self::json).collect(),
        Json::Object(fields) => Json::Object(
            fields.into_iter().map(|(name, value)| (line(&name).into_owned(), self::json(value))).collect(),
        ),
        other => other,
    }
}

/// The text of JSON with escapes for what is not seen, which mean the same to who reads it.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return text.into();
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match is_unseen(c) {
            true => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escaped.push_str(&format!("\\u{unit:04x}"))),
            false => escaped.push(c),
        }
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str =
        "a\u{1b}[2J\u{1b}]0;title\u{7}b\u{202e}c\u{9b}31md\re\u{8}f\u{200b}g\u{e0041}h\u{2028}i\u{feff}j\u{7f}k";

    #[test]
    fn nothing_moves_turns_or_hides() {
        for shown in [lines(HOSTILE), line(HOSTILE), screen(HOSTILE)] {
            assert!(!shown.contains(|c: char| is_unseen(c)), "{shown:?}");
            assert!(('a'..='k').all(|c| shown.contains(c)), "{shown:?}");
        }
        assert_eq!(line("one\n  two\tthree"), "one two three");
        assert_eq!(
            lines("एक\u{200d} 👩\u{200d}🚀 ❤\u{fe0f}\r\nb"),
            "एक\u{200d} 👩\u{200d}🚀 ❤\u{fe0f}\r\nb".replace('\r', "")
        );
    }

    #[test]
    fn colours_of_the_program_stay_and_what_hides_goes() {
        let own = "\u{1b}[1m\u{1b}[31merror\u{1b}[0m: x";
        assert_eq!(screen(own), own);
        for hidden in ["\u{1b}[8mx", "\u{1b}[1;08mx", "\u{1b}[2Jx", "\u{1b}", "\u{1b}[", "\u{1b}[31", "\u{1b}c"] {
            assert!(!screen(hidden).contains('\u{1b}'), "{hidden:?}");
        }
    }

    #[test]
    fn escaped_json_means_the_same() {
        let json = Json::from(HOSTILE);
        let text = json.to_string();
        let shown = escaped(&text);
        assert!(!shown.contains(|c: char| is_unseen(c)), "{shown}");
        assert_eq!(serde_json::from_str::<Json>(&shown).expect("JSON"), json);
    }
}
