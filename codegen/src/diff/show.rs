//! Names, values and types in, short texts for people out. What is published is hostile: here it is made harmless, once,
//! for terminals and for Markdown.

use serde_json::Value;

use crate::ir::{Media, Ty, Type, TypeKind};

/// As many characters of a value are shown; [`Change::old`](super::Change::old) holds all of them.
const MAX_SHOWN: usize = 80;

/// A text as a code span of Markdown, which is readable as plain text too: nothing in it can end the span or the line,
/// move the cursor or turn the direction of writing. Nothing is `none`.
pub(super) fn code(text: &str) -> String {
    if text.is_empty() {
        return "none".to_owned();
    }
    let shown = harmless(text);
    let fence = "`".repeat(longest_run(&shown) + 1);
    // A span loses one space at both ends, and a backtick would become part of the fence.
    let pad = if shown.starts_with([' ', '`']) || shown.ends_with([' ', '`']) { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// The text without what does not print, and not too long.
fn harmless(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown = String::new();
    for character in characters.by_ref().take(MAX_SHOWN) {
        match character {
            '\'' | '"' | '\\' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    if characters.next().is_some() {
        shown.push('…');
    }
    shown
}

/// How many backticks follow each other at most.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// `` `old` → `new` ``
pub(super) fn arrow(old: &str, new: &str) -> String {
    format!("{} → {}", code(old), code(new))
}

/// The first names as code, and how many more there are.
pub(super) fn names(all: &[&str], most: usize) -> String {
    let shown: Vec<String> = all.iter().take(most).map(|name| code(name)).collect();
    match all.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A value as JSON.
pub(super) fn json(value: Option<&Value>) -> String {
    value.map(Value::to_string).unwrap_or_default()
}

/// The Rust type of a value.
pub(super) fn ty(of: &Ty, types: &[Type]) -> String {
    match of {
        Ty::Bool => "bool".to_owned(),
        Ty::I64 => "i64".to_owned(),
        Ty::U64 => "u64".to_owned(),
        Ty::F64 => "f64".to_owned(),
        Ty::Text => "String".to_owned(),
        Ty::Media(Media::Image) => "ImageInput".to_owned(),
        Ty::Media(Media::Video) => "VideoInput".to_owned(),
        Ty::Media(Media::Audio) => "AudioInput".to_owned(),
        Ty::Json => "Json".to_owned(),
        Ty::List(item) => format!("Vec<{}>", ty(item, types)),
        Ty::Map(value) => format!("BTreeMap<String, {}>", ty(value, types)),
        Ty::Tuple(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| ty(part, types)).collect();
            format!("({})", parts.join(", "))
        }
        Ty::Named(id) => name(*id, types).to_owned(),
        Ty::Boxed(id) => format!("Box<{}>", name(*id, types)),
        Ty::Nullable(inner) => format!("Option<{}>", ty(inner, types)),
    }
}

/// The type as a struct's field has it.
pub(super) fn field_ty(of: &Ty, required: bool, types: &[Type]) -> String {
    let value = ty(of, types);
    if required { value } else { format!("Option<{value}>") }
}

fn name(id: usize, types: &[Type]) -> &str {
    types.get(id).map_or("", |of| of.name.as_str())
}

/// What the named type in `of` is, to tell apart two types of one name.
pub(super) fn nature(of: &Ty, types: &[Type]) -> &'static str {
    match of {
        Ty::List(inner) | Ty::Map(inner) | Ty::Nullable(inner) => nature(inner, types),
        Ty::Named(id) | Ty::Boxed(id) => match types.get(*id).map(|of| &of.kind) {
            Some(TypeKind::Object(_)) => "a struct",
            Some(TypeKind::Choice(_)) => "an enum",
            Some(TypeKind::Union(_)) => "a union",
            Some(TypeKind::Table(_)) | None => "another type",
        },
        _ => "another type",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser};

    #[test]
    fn backticks_in_a_title_do_not_end_the_code() {
        assert_eq!(code("a `b` c"), "``a `b` c``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn line_breaks_and_marks_that_turn_the_direction_are_spelled_out() {
        assert_eq!(code("a\nb\u{202e}c\u{1b}[31m"), r"`a\nb\u{202e}c\u{1b}[31m`");
    }

    #[test]
    fn a_long_prompt_is_cut_by_characters_not_by_bytes() {
        let shown = code(&"ü".repeat(1_000_000));
        assert_eq!(shown, format!("`{}…`", "ü".repeat(MAX_SHOWN)));
    }

    proptest! {
        #[test]
        fn any_text_is_one_code_span(text in r#"[`<>|*_\[\]\\ "'&@#a-z\n\r\t\u{202e}é]{1,100}"#) {
            let markdown = format!("- text {} text", code(&text));
            let spans: Vec<String> = Parser::new_ext(&markdown, Options::all())
                .filter_map(|event| match event {
                    Event::Code(code) => Some(code.to_string()),
                    Event::Html(html) | Event::InlineHtml(html) => Some(format!("HTML {html}")),
                    _ => None,
                })
                .collect();
            let blank = text.trim_matches(' ').is_empty();
            prop_assert_eq!(spans.len(), 1);
            prop_assert!(blank || spans[0] == harmless(&text), "{:?} became {:?}", text, spans);
        }
    }
}
