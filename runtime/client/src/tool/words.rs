//! What a dialect can't say, in words for the language model. In: a keyword and its value. Out: a few words. Must not know
//! dialects.

use crate::Json;
use crate::media::{Forms, MediaKind};
use crate::rt::media_pattern;

/// How much of a keyword's value is shown.
const MAX_VALUE: usize = 240;

/// What a keyword says.
pub(super) fn words(keyword: &str, value: &Json) -> String {
    let value_text = || short(value);
    match keyword {
        "minimum" => format!("at least {value}"),
        "maximum" => format!("at most {value}"),
        "exclusiveMinimum" => format!("above {value}"),
        "exclusiveMaximum" => format!("below {value}"),
        "multipleOf" => format!("a multiple of {value}"),
        "minLength" => format!("at least {}", count(value, "character")),
        "maxLength" => format!("at most {}", count(value, "character")),
        "minItems" => format!("at least {}", count(value, "item")),
        "maxItems" => format!("at most {}", count(value, "item")),
        "minProperties" => format!("at least {}", count(value, "property")),
        "maxProperties" => format!("at most {}", count(value, "property")),
        "uniqueItems" => "no two items are equal".to_owned(),
        "enum" => format!("one of {}", listed(value)),
        "pattern" => pattern(value),
        "default" => format!("default: {}", value_text()),
        "examples" => format!("example: {}", short(value.get(0).unwrap_or(value))),
        "oneOf" => "fits exactly one of the forms".to_owned(),
        "prefixItems" => format!("the first items are, in this order: {}", value_text()),
        "unevaluatedProperties" | "additionalProperties" if *value == Json::Bool(false) => "no other names".to_owned(),
        "additionalProperties" => format!("other names have values like {}", value_text()),
        "unevaluatedItems" if *value == Json::Bool(false) => "no other items".to_owned(),
        "not" => format!("must not fit {}", value_text()),
        "contains" => format!("some item fits {}", value_text()),
        "propertyNames" => format!("names fit {}", value_text()),
        "patternProperties" => format!("values by the pattern of their names: {}", value_text()),
        keyword => format!("{keyword}: {}", value_text()),
    }
}

/// Two bounds of one length in one.
pub(super) fn range(low: &Json, high: &Json, unit: &str) -> String {
    if low == high { count(low, unit) } else { format!("{low} to {}", count(high, unit)) }
}

fn count(value: &Json, unit: &str) -> String {
    let plural = match unit {
        "property" => "properties".to_owned(),
        unit => format!("{unit}s"),
    };
    if value.as_u64() == Some(1) { format!("1 {unit}") } else { format!("{value} {plural}") }
}

fn listed(values: &Json) -> String {
    let texts: Vec<String> = values.as_array().into_iter().flatten().map(Json::to_string).collect();
    cut(&texts.join(", "))
}

/// The pattern of media is longer than what it means.
fn pattern(value: &Json) -> String {
    let kinds = [MediaKind::Image, MediaKind::Video, MediaKind::Audio];
    let kind = kinds.into_iter().find(|kind| value.as_str() == Some(media_pattern(*kind).as_str()));
    kind.map_or_else(|| format!("matches the pattern {}", short(value)), |kind| format!("takes {}", Forms(kind)))
}

/// The compact text of a value, or its beginning.
pub(super) fn short(value: &Json) -> String {
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text of at most so many characters; one that is longer ends with a word.
pub(super) fn within(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let end = text.char_indices().nth(most.saturating_sub(2)).map_or(text.len(), |(end, _)| end);
    let kept = text[..end].rsplit_once(' ').map_or(&text[..end], |(kept, _)| kept);
    format!("{kept} …")
}

/// A description with more to say: its sentences end, and the first of the new words is capital.
pub(super) fn described(description: &str, more: &[String]) -> String {
    let mut text = description.trim_end().to_owned();
    let mut said = text.to_lowercase();
    for words in more {
        if said.contains(&words.to_lowercase()) {
            continue;
        }
        if !text.is_empty() {
            text += if text.ends_with(['.', '!', '?', ':']) { " " } else { ". " };
        }
        let mut letters = words.chars();
        text.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        text += letters.as_str();
        text += ".";
        said = text.to_lowercase();
    }
    text
}
