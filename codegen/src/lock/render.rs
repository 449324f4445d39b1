//! Lock to text, one property or value a line, so that two branches that touch different fields merge without help. The
//! reading side is [`read`](super::read).

use std::fmt::Write as _;

use super::file::{Lock, LockedField, ROOT};

/// What a lock begins with.
const HEADER: &str = "\
# The published names of this model, so that they stay when its keys change.
# Written by the generator. Review the diff, and never edit by hand: `overrides.toml` is for that.
version = 1
";

/// The text of a lock.
pub(super) fn render(lock: &Lock) -> String {
    let mut out = String::from(HEADER);
    if !lock.required.is_empty() {
        out.push_str("\n[required]\n");
    }
    for (owner, names) in &lock.required {
        list(&mut out, &bare_or_quoted(owner), names.iter().map(|name| quoted(name)));
    }
    for field in &lock.fields {
        render_field(&mut out, field);
    }
    out
}

fn render_field(out: &mut String, locked: &LockedField) {
    let definition = &locked.field.definition;
    out.push_str("\n[[field]]\n");
    if locked.owner != ROOT {
        property(out, "type", &locked.owner);
    }
    property(out, "name", &locked.name);
    if locked.json != locked.name {
        property(out, "json", &locked.json);
    }
    list(out, "former", locked.former.iter().map(|name| quoted(name)));
    property(out, "key", &locked.field.key);
    if let Some(input) = &locked.field.input {
        property(out, "input", input);
    }
    if !locked.field.title.is_empty() {
        property(out, "title", &locked.field.title);
    }
    property(out, "kind", &definition.kind);
    for (keyword, value) in &definition.bounds {
        property(out, &format!("bounds.{}", bare_or_quoted(keyword)), value);
    }
    if let Some(default) = &definition.default {
        property(out, "default", default);
    }
    list(out, "types", locked.types.iter().map(|made| entry([("at", &made.at), ("name", &made.name)], made.retired)));
    list(
        out,
        "values",
        locked.values.iter().map(|value| {
            let variant = value.variant.as_deref().unwrap_or_default();
            entry([("at", value.at.as_str()), ("text", &value.text), ("variant", variant)], value.retired)
        }),
    );
    if locked.retired {
        out.push_str("retired = true\n");
    }
}

/// `key = "text"`.
fn property(out: &mut String, key: &str, text: &str) {
    // Writing to a string can't fail, here and below.
    let _ = writeln!(out, "{key} = {}", quoted(text));
}

/// An array with one item a line; nothing if it is empty.
fn list(out: &mut String, key: &str, items: impl ExactSizeIterator<Item = String>) {
    if items.len() == 0 {
        return;
    }
    let _ = writeln!(out, "{key} = [");
    for item in items {
        let _ = writeln!(out, "    {item},");
    }
    out.push_str("]\n");
}

/// One line of `types` or `values`. Empty texts are left out, but for that of an empty enum value.
fn entry<'a, const N: usize>(texts: [(&str, impl AsRef<str> + 'a); N], retired: bool) -> String {
    let mut parts: Vec<String> = texts
        .iter()
        .filter(|(key, text)| !text.as_ref().is_empty() || *key == "text")
        .map(|(key, text)| format!("{key} = {}", quoted(text.as_ref())))
        .collect();
    if retired {
        parts.push("retired = true".to_owned());
    }
    format!("{{ {} }}", parts.join(", "))
}

/// A key as TOML wants it.
fn bare_or_quoted(key: &str) -> String {
    let bare = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if bare { key.to_owned() } else { quoted(key) }
}

/// A text as a TOML string on one line. What a reviewer could not see, such as marks that reverse the direction of
/// reading, is escaped, which no library's writer does.
pub(super) fn quoted(text: &str) -> String {
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
