//! What is left of a model when its sentences are out: names, values and patterns, in; those that are sentences all the same,
//! out. They can't be left out, since they are sent or told apart by, so whoever asked for facts decides about each. Must not
//! know where a model was read.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{Error, ErrorKind, ModelId};

/// The most words of a name or a value. What has more was written to be read.
const MAX_WORDS: usize = 8;

/// The most characters of a name or a value.
const MAX_CHARACTERS: usize = 100;

/// From this number of words on, what ends as a sentence does is one.
const FEW_WORDS: usize = 4;

/// Why a model can't be taken without its sentences: each name, value or pattern that is one, unless a person has accepted it. The
/// texts are the schemas that are left, and the name that people see, by the place that errors name.
pub(crate) fn sentences<'t>(
    id: &ModelId,
    schemas: impl IntoIterator<Item = (&'t str, &'t str)>,
    display_name: Option<&str>,
    accepted: &BTreeSet<String>,
) -> Vec<Error> {
    let mut found = Vec::new();
    for (at, schema) in schemas {
        walk(at, "", &serde_json::from_str(schema).unwrap_or_default(), &mut found);
    }
    found.extend(
        display_name.filter(|name| is_sentence(name)).map(|name| ("/display_name".to_owned(), name.to_owned())),
    );
    let refused = found.into_iter().filter(|(_, text)| !accepted.contains(text));
    refused.map(|(place, text)| refusal(id, &text).at(place)).collect()
}

fn refusal(id: &ModelId, text: &str) -> Error {
    let message = format!("facts only were asked for, and this may be a sentence: {:?}", shortened(text));
    let text = toml::Value::from(text);
    Error::new(ErrorKind::InvalidSchema, message).of(id.as_str(), "").help(format!(
        "the model stays as it was; if the text may be passed on, write into {id}/overrides.toml: [accept], then `texts = \
         [{text}]`, or take the model with all its texts"
    ))
}

/// Enough of a text to be found by.
fn shortened(text: &str) -> String {
    let start: String = text.chars().take(MAX_CHARACTERS).collect();
    if start.len() < text.len() { start + "…" } else { start }
}

/// Places of texts that are sentences, as JSON pointers below `at`, with the texts.
fn walk(at: &str, keyword: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(text) => take(at, keyword == "pattern", text, found),
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(place, value)| walk(&format!("{at}/{place}"), keyword, value, found));
        }
        Value::Object(map) => {
            for (name, value) in map {
                let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                take(&at, keyword == "patternProperties", name, found);
                walk(&at, name, value, found);
            }
        }
        _ => {}
    }
}

fn take(at: &str, is_pattern: bool, text: &str, found: &mut Vec<(String, String)>) {
    let is_sentence = if is_pattern { text.split_whitespace().count() > MAX_WORDS } else { is_sentence(text) };
    if is_sentence {
        found.push((at.to_owned(), text.to_owned()));
    }
}

/// Whether a text was written to be read: it is long, or it ends as sentences do, or another begins in it. Addresses are not.
fn is_sentence(text: &str) -> bool {
    if text.starts_with("https://") || text.starts_with("http://") {
        return text.contains(char::is_whitespace);
    }
    let words = words(text);
    let ends = |part: &str| part.trim_end().ends_with(['.', '!', '?', '…', '。', '！', '？']);
    let goes_on = text.split_inclusive(char::is_whitespace).any(ends) || text.contains(['。', '！', '？']);
    words > MAX_WORDS || text.chars().count() > MAX_CHARACTERS || words >= FEW_WORDS && goes_on
}

/// How many words a text has; those of scripts that put no space between words have two characters.
fn words(text: &str) -> usize {
    let is_joined = |c: char| matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
    let spaced = text.split(|c: char| !c.is_alphanumeric() || is_joined(c));
    spaced.filter(|word| word.contains(char::is_alphabetic)).count()
        + text.chars().filter(|c| is_joined(*c)).count() / 2
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_and_values_of_real_models_are_no_sentences() {
        for text in [
            "Seedance 2.5 Reference to Video 1080p",
            "Wan 2.2 VACE Fun: Bild zu Video",
            "1024x576 (16:9)",
            "vivi_mixed_en_zh_ja_es_id",
            "mp3_44100_128",
            "generate_multi_clip_switch",
            "No.",
            "Best quality, slow",
            "文字生成视频",
            "https://json-schema.org/draft/2020-12/schema-of-all-that-is-known-and-unknown-in-the-world",
        ] {
            assert!(!is_sentence(text), "{text}");
        }
    }

    #[test]
    fn what_was_written_to_be_read_is_a_sentence() {
        for text in [
            "Makes a film of it.",
            "Fast! Use it for drafts",
            "the_mode_that_is_best_for_most_films_with_people",
            "One two three four five six seven eight nine",
            "画像から動画を生成します。",
            "从一张图片和一段文字生成一段视频并配上合适的音乐",
            &"x".repeat(101),
            "https://h/ says more about it",
        ] {
            assert!(is_sentence(text), "{text}");
        }
    }

    #[test]
    fn every_place_that_may_hold_one_is_looked_at() {
        let text = "Somebody wrote this sentence.";
        let words = "a b c d e f g h i";
        let schema = json!({
            "properties": {text: {"type": "string"}, "a/b": {"enum": ["x", text], "const": text, "pattern": words}},
            "patternProperties": {words: {}, "^Is this one? No. Never.$": {}},
            "required": [text], "$defs": {text: true}, "default": text, "items": {"$ref": text},
        });
        let mut found = Vec::new();
        walk("/s", "", &schema, &mut found);
        let mut places: Vec<&str> = found.iter().map(|(place, _)| &**place).collect();
        places.sort_unstable();
        let expected = [
            "/s/$defs/Somebody wrote this sentence.",
            "/s/default",
            "/s/items/$ref",
            "/s/patternProperties/a b c d e f g h i",
            "/s/properties/Somebody wrote this sentence.",
            "/s/properties/a~1b/const",
            "/s/properties/a~1b/enum/1",
            "/s/properties/a~1b/pattern",
            "/s/required/0",
        ];
        assert_eq!(places, expected);
        assert!(found.iter().all(|(_, found)| found == text || found == words));
    }
}
