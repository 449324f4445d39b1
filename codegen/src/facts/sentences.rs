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

/// Marks that end a sentence and nothing else, so that two words before one are enough.
const CLEAR_MARKS: &[char] = &['。', '｡', '！', '？', '؟', '۔', '।', '॥', '။', '។', '።', '։', '‼', '⁇', '⁈', '⁉'];

/// Words that are written with a full stop wherever they stand.
const ABBREVIATIONS: &[&str] =
    &["approx", "ca", "dr", "etc", "fig", "incl", "max", "min", "mr", "mrs", "no", "nr", "resp", "st", "vol", "vs"];

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
    let parts = id.as_str().split('/').filter(|part| is_sentence(part));
    found.extend(parts.map(|part| ("/model_id".to_owned(), part.to_owned())));
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
    let is_sentence = if is_pattern { pattern_words(text) > MAX_WORDS } else { is_sentence(text) };
    if is_sentence {
        found.push((at.to_owned(), text.to_owned()));
    }
}

/// Whether a text was written to be read: it is long, or it ends as sentences do, or another begins in it. Addresses are not.
pub(super) fn is_sentence(text: &str) -> bool {
    if text.starts_with("https://") || text.starts_with("http://") {
        return !is_visible_ascii(text);
    }
    let words = words(text);
    let parts: Vec<&str> = text.split_whitespace().collect();
    let goes_on = parts.iter().enumerate().any(|(place, part)| ends(part, place + 1 == parts.len()));
    words > MAX_WORDS
        || text.chars().count() > MAX_CHARACTERS
        || words >= FEW_WORDS && goes_on
        || words > 1 && text.contains(CLEAR_MARKS)
}

/// Whether a text is an address of a page.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with("https://") && is_visible_ascii(text)
}

/// As the standard has addresses.
fn is_visible_ascii(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text may be the unit of a price: a few words, joined somehow.
pub(crate) fn is_unit(text: &str) -> bool {
    !text.contains(char::is_whitespace) && words(text) <= FEW_WORDS && !is_sentence(text)
}

/// Whether a sentence ends with this part of a text. The full stop of an abbreviation, of a letter or of a number within the text
/// ends none.
fn ends(part: &str, is_last: bool) -> bool {
    let part = part.trim_end_matches(['"', '\'', ')', ']', '»', '”', '’', '*']);
    let Some(word) = part.strip_suffix('.') else { return part.ends_with(['!', '?', '…']) };
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    match word.chars().filter(|c| c.is_alphabetic()).count() {
        0 => is_last,
        1 => false,
        _ => !word.contains('.') && !ABBREVIATIONS.contains(&&*word.to_lowercase()),
    }
}

/// How many words a value of a pattern may have at least: those of the longest of its alternatives, blanks in any spelling between
/// them. Classes of characters are no words.
fn pattern_words(pattern: &str) -> usize {
    let blanks = ["\\s", "\\ ", "\\x20", "\\u0020", "\\t", "\\n"];
    let mut pattern = blanks.iter().fold(pattern.to_owned(), |text, blank| text.replace(blank, " "));
    while let Some(start) = pattern.find('[') {
        let end = pattern[start..].find(']').map_or(pattern.len(), |length| start + length + 1);
        pattern.replace_range(start..end, " ");
    }
    let plain = pattern.replace(['\\', '^', '$', '+', '*', '?'], " ");
    plain.split('|').map(words).max().unwrap_or_default()
}

/// How many words a text has; those of scripts that put no space between words have two characters.
fn words(text: &str) -> usize {
    let is_joined = |c: char| matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}');
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
            "U.S. English vs. U.K. English",
            "b. c. d. e. f",
            "http://json-schema.org/draft-07/schema#",
            "1. Fast or 2. slow",
            "Dr. Who and Mr. Bean",
            "慢！",
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
            "Try it. Use it for drafts",
            "\"Makes a film (of it.)\"",
            "It takes at most 30.",
            "یہ ایک فلم بناتا ہے۔",
            "هل هذا فيلم؟",
            "यह फिल्म बनाता है।",
            "慢。画质高。",
            "https://h/画像から動画を生成します",
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
    fn a_pattern_has_the_words_of_what_it_matches() {
        for (pattern, words) in [
            (r"^Write\sone\s+short[ ]text\x20about\u0020what[\s_]you\ want$", 8),
            (r"^(mp3|wav|flac|ogg|opus|aac|m4a|wma|aiff|alac|amr)$", 1),
            (r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", 0),
            (r"^https?://[^\s/]+\.example\.com/", 3),
        ] {
            assert_eq!(pattern_words(pattern), words, "{pattern}");
        }
    }

    #[test]
    fn an_id_and_a_unit_have_few_words() {
        let id = |text: &str| sentences(&ModelId::parse(text).expect("an id"), [], None, &BTreeSet::new()).len();
        assert_eq!((id("a/b-c-d-e-f/g-h-i-j-k"), id("a/this-makes-a-film-of-one-picture-that-you-have")), (0, 1));
        let units = [
            "second",
            "1000_tokens",
            "second_of_video",
            "per second",
            "each_film_that_you_made",
            "片片片片片片片片片片",
        ];
        assert_eq!(units.map(is_unit), [true, true, true, false, false, false]);
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
