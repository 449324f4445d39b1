//! A field or a type without published texts in, one sentence of what its type and its rules say out. Must not know Rust
//! syntax.

use super::{code, item_count, length, list, media, range, unit_of};
use crate::ir::{Choice, Field, Media, Object, Rule, Ty, Type, TypeKind};

/// The labels of facts that the sentence tells.
pub(super) const TOLD: &[&str] = &["range", "values", "length", "items", "takes"];

/// How many values or fields the sentence spells out.
const MAX_SHOWN: usize = 8;

/// What a field is, as far as its type, its rules and its key say.
pub(super) fn field(field: &Field, types: &[Type]) -> String {
    // `min` is a least value in keys, and one letter is anything.
    let is_mark = |mark: &&str| mark.len() > 1 && *mark != "min";
    let mark = field.key.rsplit_once('_').map(|(_, mark)| mark).filter(is_mark);
    let unit = mark.filter(|_| matches!(field.ty, Ty::I64 | Ty::U64 | Ty::F64)).and_then(unit_of);
    let unit = unit.map(|unit| format!(", in {unit}")).unwrap_or_default();
    sentence(&(what(&field.ty, &field.rules, types) + &unit))
}

/// The values of a string enum.
pub(in crate::emit) fn choice(choice: &Choice) -> String {
    sentence(&one_of(choice))
}

/// What an object has.
pub(in crate::emit) fn object(object: &Object) -> String {
    sentence(&with_fields(object))
}

fn sentence(words: &str) -> String {
    let mut rest = words.chars();
    let first = rest.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", rest.as_str())
}

fn what(ty: &Ty, rules: &[Rule], types: &[Type]) -> String {
    let values = rules.iter().find_map(|rule| match rule {
        Rule::Values(values) => Some(list(values)),
        _ => None,
    });
    match (ty, values) {
        (Ty::Nullable(inner), _) => format!("{}, or null", what(inner, rules, types)),
        (Ty::Named(id) | Ty::Boxed(id), _) => named(&types[*id]),
        (_, Some(values)) => format!("one of {values}"),
        (Ty::Bool, _) => "`true` or `false`".to_owned(),
        (Ty::I64 | Ty::U64, _) => number("a whole number", rules),
        (Ty::F64, _) => number("a number", rules),
        (Ty::Text, _) => length(rules).map_or("a text".to_owned(), |count| format!("a text of {count}")),
        (Ty::Media(kind), _) => media(*kind).to_owned(),
        (Ty::Json, _) => "any JSON value".to_owned(),
        (Ty::List(of), _) => {
            let count = item_count(rules).map(|count| format!("{count} ")).unwrap_or_default();
            format!("a list of {count}{}", several(of, types))
        }
        (Ty::Map(of), _) => format!("an object whose values are {}", several(of, types)),
        (Ty::Tuple(parts), _) => format!("a list of {} values", parts.len()),
    }
}

fn named(of: &Type) -> String {
    match &of.kind {
        TypeKind::Choice(choice) => one_of(choice),
        TypeKind::Object(object) | TypeKind::Table(object) => with_fields(object),
        TypeKind::Union(_) => "a value of one of several forms".to_owned(),
    }
}

/// Values of a type, as the end of a sentence.
fn several(ty: &Ty, types: &[Type]) -> String {
    const SOURCES: &str = "https URLs, `data:` URIs or names of hosted samples";
    match ty {
        Ty::Bool => "`true` and `false`".to_owned(),
        Ty::I64 | Ty::U64 => "whole numbers".to_owned(),
        Ty::F64 => "numbers".to_owned(),
        Ty::Text => "texts".to_owned(),
        Ty::Media(Media::Image) => format!("images: {SOURCES}"),
        Ty::Media(Media::Video) => format!("videos: {SOURCES}"),
        Ty::Media(Media::Audio) => format!("audio files: {SOURCES}"),
        Ty::Named(id) | Ty::Boxed(id) => format!("values, each {}", named(&types[*id])),
        Ty::List(_) | Ty::Tuple(_) => "lists".to_owned(),
        Ty::Map(_) => "objects".to_owned(),
        Ty::Json => "any JSON".to_owned(),
        Ty::Nullable(inner) => format!("{} or null", several(inner, types)),
    }
}

fn number(what: &str, rules: &[Rule]) -> String {
    match range(rules) {
        None => what.to_owned(),
        Some(range) if range.contains(" to ") => format!("{what} from {range}"),
        Some(range) => format!("{what}, {range}"),
    }
}

fn one_of(choice: &Choice) -> String {
    let values: Vec<String> = choice.values.iter().map(|one| code(&one.value)).collect();
    match (values.as_slice(), choice.open) {
        ([only], false) => format!("only {only}"),
        (values, false) => format!("one of {}", shown(values)),
        (values, true) => format!("one of {}, or a value that a newer server has", shown(values)),
    }
}

fn with_fields(object: &Object) -> String {
    let fields: Vec<String> = object.fields.iter().map(|field| code(&field.json)).collect();
    if fields.is_empty() { "an object".to_owned() } else { format!("an object with {}", shown(&fields)) }
}

fn shown(all: &[String]) -> String {
    match all.len().checked_sub(MAX_SHOWN) {
        // The last one takes less room than saying that it is there.
        None | Some(0 | 1) => all.join(", "),
        Some(more) => format!("{} and {more} more", all[..MAX_SHOWN].join(", ")),
    }
}
