//! JSON among prose: the text of a page in, its JSON objects out, whole or broken. Knows no schema and no file.
//!
//! Where an object ends is found by counting brackets outside strings; whether it is JSON is left to the generator's reader. Two
//! things that pages do to JSON are undone on the way: blanks that browsers copy as U+00A0 and the like become spaces
//! between tokens (inside strings they are content), and inside a shell's quotes `'\''` and `'"'"'` become `'`.

use crate::json::{self, Fault};
use serde_json::Value;

/// An object that is JSON from brace to brace.
#[derive(Debug)]
pub(super) struct Whole {
    /// The offset of the opening brace.
    pub(super) start: usize,
    /// The offset behind the closing brace.
    pub(super) end: usize,
    /// The object as it was published: the same tokens, the two repairs aside.
    pub(super) json: String,
    /// What it says; of a key that is there twice, the last value.
    pub(super) value: Value,
    /// The first key that is there twice.
    pub(super) repeat: Option<Fault>,
}

/// An object that stops being JSON.
#[derive(Debug)]
pub(super) struct Broken {
    /// The offset of the opening brace.
    pub(super) start: usize,
    /// The offset at which it stops being JSON; the length of the text if that ends first.
    pub(super) end: usize,
    /// The keys of the object itself that were read before.
    pub(super) keys: Vec<String>,
    /// Why it is no JSON although every bracket is closed.
    pub(super) why: Option<String>,
}

/// The objects on a page, in order; objects inside objects are not listed.
///
/// A brace counts if a string follows or the text ends: `{request_id}` in a URL is prose.
pub(super) fn objects(text: &str) -> Vec<Result<Whole, Broken>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('{')).map(|brace| at + brace) {
        let next = text[start + 1..].trim_start_matches(is_blank).chars().next();
        if matches!(next, Some('"') | None) {
            let object = object(text, start);
            at = object.as_ref().map_or_else(|broken| broken.end, |whole| whole.end).max(start + 1);
            found.push(object);
        } else {
            at = start + 1;
        }
    }
    found
}

/// The object that starts at a brace.
fn object(text: &str, start: usize) -> Result<Whole, Broken> {
    let mut scan = Scan::new(text, start);
    let closed = scan.run();
    let end = scan.at;
    if !closed {
        return Err(Broken { start, end, keys: scan.keys, why: None });
    }
    let repeat = match json::read(&scan.json) {
        Ok(value) => return Ok(Whole { start, end, json: scan.json, value, repeat: None }),
        Err(fault) => Some(fault).filter(|fault| fault.is_repeat),
    };
    match serde_json::from_str(&scan.json) {
        Ok(value) => Ok(Whole { start, end, json: scan.json, value, repeat }),
        Err(error) => {
            // Its column can't be carried over to a text with blanks of more bytes; its line can.
            let at = line_start(text, start, error.line()).min(end);
            let why = json::without_place(&error);
            Err(Broken { start, end: at, keys: scan.keys, why: Some(why) })
        }
    }
}

/// The offset at which the `line`th line begins, counted from the one that holds `start`.
pub(super) fn line_start(text: &str, start: usize, line: usize) -> usize {
    let breaks = text[start..].match_indices('\n');
    match line.checked_sub(2) {
        Some(index) => breaks.map(|(at, _)| start + at + 1).nth(index).unwrap_or(text.len()),
        None => start,
    }
}

/// One walk from an opening brace to the one that closes it.
struct Scan<'t> {
    text: &'t str,
    at: usize,
    /// Whether the object stands in a shell's single quotes.
    shell: bool,
    /// What was read, repaired.
    json: String,
    depth: usize,
    /// Where in `json` the last string of the object itself starts and ends.
    last: Option<(usize, usize)>,
    keys: Vec<String>,
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        let shell = text[..start].ends_with('\'');
        Self { text, at: start, shell, json: String::new(), depth: 0, last: None, keys: Vec::new() }
    }

    /// Reads to the closing brace. `false`: stopped at a character that JSON doesn't have there, or at the end.
    fn run(&mut self) -> bool {
        while let Some(c) = self.text[self.at..].chars().next() {
            match c {
                '"' => {
                    if !self.string() {
                        return false;
                    }
                    continue;
                }
                '{' | '[' => self.depth += 1,
                '}' | ']' => self.depth = self.depth.saturating_sub(1),
                ':' if self.depth == 1 => self.key(),
                // Punctuation, numbers, and the letters of `true`, `false`, `null` and of exponents.
                ',' | ':' | '+' | '-' | '.' | '0'..='9' | 'E' => {}
                'a' | 'e' | 'f' | 'l' | 'n' | 'r' | 's' | 't' | 'u' => {}
                c if is_blank(c) => {}
                _ => return false,
            }
            self.json.push(if is_blank(c) && c != '\n' { ' ' } else { c });
            self.at += c.len_utf8();
            if self.depth == 0 {
                return true;
            }
        }
        false
    }

    /// Reads a string, quotes included. `false`: the line ends first, which no JSON string does.
    fn string(&mut self) -> bool {
        let from = self.json.len();
        let mut escaped = false;
        loop {
            let rest = &self.text[self.at..];
            if let Some(quote) =
                self.shell.then(|| ["'\\''", "'\"'\"'"].into_iter().find(|quote| rest.starts_with(quote))).flatten()
            {
                self.json.push('\'');
                self.at += quote.len();
                continue;
            }
            let Some(c) = rest.chars().next().filter(|c| *c != '\n') else {
                return false;
            };
            self.json.push(c);
            self.at += c.len_utf8();
            if c == '"' && !escaped && self.json.len() > from + 1 {
                self.last = Some((from, self.json.len()));
                return true;
            }
            escaped = c == '\\' && !escaped;
        }
    }

    /// Notes the last string as a key of the object itself.
    fn key(&mut self) {
        let key = self.last.take().and_then(|(from, to)| serde_json::from_str(&self.json[from..to]).ok());
        self.keys.extend(key);
    }
}

/// What may stand between tokens: blanks of JSON, and those that browsers and editors put in their place.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Result<Whole, Broken> {
        let mut all = objects(text);
        assert_eq!(all.len(), 1, "{text}");
        all.remove(0)
    }

    #[test]
    fn braces_in_prose_urls_and_strings_are_no_objects() {
        assert!(objects("GET /v1/requests/{request_id}/status { prompt: 1 } {}").is_empty());
        assert_eq!(only(r#"see: {"a": "}{\"\\"} end"#).expect("whole").json, r#"{"a": "}{\"\\"}"#);
    }

    #[test]
    fn non_breaking_blanks_are_repaired_between_tokens_and_kept_in_strings() {
        let found = only("{\u{A0}\u{202F}\"a\u{A0}b\"\u{A0}:\u{FEFF}1}").expect("whole");
        assert_eq!(found.json, "{  \"a\u{A0}b\" : 1}");
    }

    #[test]
    fn quotes_of_the_shell_are_undone_only_inside_its_quotes() {
        for quote in [r"'\''", r#"'"'"'"#, "'"] {
            let found = only(&format!("--data '{{\"a\": \"it{quote}s\"}}'")).expect("whole");
            assert_eq!(found.value["a"], "it's", "{quote}");
        }
        assert!(only(r#"{"a": "it'\''s"}"#).is_err());
    }

    #[test]
    fn what_breaks_off_says_where_and_what_was_read() {
        let text = "{\"type\": \"object\",\n\"properties\": {\"x\": {\n\nFollow us";
        let broken = only(text).expect_err("cut");
        assert_eq!(broken.keys, ["type", "properties"]);
        assert!(text[broken.end..].starts_with("Follow"));
        for text in ["{", "{\"a", "{\"a\":", "{\"a\": [1, {\"b\": 2}"] {
            assert_eq!(only(text).expect_err("cut").end, text.len(), "{text}");
        }
        let text = "{\"a\": \"cut in a string\nProse";
        assert_eq!(&text[only(text).expect_err("cut").end..], "\nProse");
        let text = "{\"a\": 1,\n \"b\": }\n";
        assert!(text[only(text).expect_err("no JSON").end..].starts_with(" \"b\""));
    }

    #[test]
    fn deep_nesting_is_refused_not_overflown() {
        let text = format!("{{\"a\": {}", "[".repeat(100_000) + &"]".repeat(100_000) + "}");
        assert!(only(&text).is_err());
    }
}
