//! What to tell a maintainer when a name can't be found. Knows how `overrides.toml` is written, not what is wrong.

pub(super) use crate::toml_text::quoted as toml_string;

/// One reason why the names of a model, or the modules of a set of models, can't be found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameProblem {
    /// The wire keys, enum values, owner paths or model ids at fault, sorted.
    pub keys: Vec<String>,
    /// One sentence that says what is wrong.
    pub message: String,
    /// What to do; may hold lines to paste into `overrides.toml`.
    pub help: String,
    /// The name of a removed field that a newcomer wants: it may be that field.
    pub retired: Option<String>,
    /// Whether a name in `overrides.toml` is at fault, not the schema.
    pub is_written: bool,
}

impl NameProblem {
    /// A problem with its keys put in order.
    pub(super) fn new(keys: &[&str], message: String, help: String) -> Self {
        let mut keys: Vec<String> = keys.iter().map(|&key| key.to_owned()).collect();
        keys.sort();
        Self { keys, message, help, retired: None, is_written: false }
    }
}

/// How much of a key or value a message shows, in characters.
const SHOWN: usize = 60;

/// A key or value as a message shows it: quoted, control characters escaped, shortened where it is long.
pub(super) fn shown(text: &str) -> String {
    let mut start: String = text.chars().take(SHOWN).collect();
    if start.len() < text.len() {
        start.push('…');
    }
    format!("`{}`", start.escape_debug())
}

/// Several keys or values, in order, as a sentence shows them: `` `a`, `b` and `c` ``.
pub(super) fn shown_list(texts: &[&str]) -> String {
    let mut sorted = texts.to_vec();
    sorted.sort_unstable();
    let mut parts: Vec<String> = sorted.into_iter().map(shown).collect();
    match parts.pop() {
        Some(last) if !parts.is_empty() => format!("{} and {last}", parts.join(", ")),
        last => last.unwrap_or_default(),
    }
}

/// The lines to paste: a table of `overrides.toml` with one entry per key, sorted. The maintainer replaces the dots.
pub(super) fn lines_to_paste(table: &str, keys: &[&str]) -> String {
    let mut sorted = keys.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let entries: String = sorted.into_iter().map(|key| format!("\n{} = \"…\"", toml_string(key))).collect();
    format!("[{table}]{entries}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_paste_are_toml_even_for_hostile_keys() {
        let keys = ["57:8_text", "a\"b\\c", "line\nbreak", "nul\0", "del\u{7f}", "rtl\u{202e}"];
        let table: toml::Table = lines_to_paste("names", &keys).parse().expect("the lines are TOML");
        let names = table.get("names").and_then(toml::Value::as_table).expect("a table");
        for key in keys {
            assert!(names.contains_key(key), "{key:?}");
        }
    }

    #[test]
    fn a_long_key_is_shortened_in_a_message() {
        assert_eq!(shown("short"), "`short`");
        assert_eq!(shown(&"é".repeat(1000)).chars().count(), SHOWN + 3);
    }
}
