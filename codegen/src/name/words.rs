//! Text that people wrote (titles, keys, values) goes in, words of ASCII letters and digits come out, or nothing where
//! the text is in another script. Must not know what the words will be used for.

use unicode_script::{Script, UnicodeScript};

/// One word: ASCII letters and digits, spelled as in the text; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word(String);

/// Words that hold capitals of their own, and how they are written in a type's name. As in `Uuid`, what is an
/// abbreviation has one capital.
///
/// Words all in capitals (`FPS`, `CFG`, `VAE`, `URLs`) are read as one word anyway and need no entry.
const BRANDS: &[(&str, &str)] = &[
    ("AnimateDiff", "AnimateDiff"),
    ("ComfyUI", "ComfyUi"),
    ("ControlNet", "ControlNet"),
    ("ControlNets", "ControlNets"),
    ("DWPose", "DwPose"),
    ("FaceID", "FaceId"),
    ("InstantID", "InstantId"),
    ("IPAdapter", "IpAdapter"),
    ("IPAdapters", "IpAdapters"),
    ("KSampler", "KSampler"),
    ("LoRA", "Lora"),
    ("LoRAs", "Loras"),
    ("LyCORIS", "Lycoris"),
    ("OpenPose", "OpenPose"),
    ("PuLID", "Pulid"),
    ("RunComfy", "RunComfy"),
    ("sRGB", "Srgb"),
    ("TeaCache", "TeaCache"),
    ("TikTok", "TikTok"),
    ("YouTube", "YouTube"),
];

impl Word {
    /// The spelling of the text.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The form for fields and modules: `controlnet`.
    pub(super) fn lower(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// The form for types and variants: `ControlNet`, `Fps`, `720p`.
    pub(super) fn pascal(&self) -> String {
        if let Some(pascal) = brand(&self.0) {
            return pascal.to_owned();
        }
        let mut pascal = self.lower();
        if let Some(first) = pascal.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        pascal
    }
}

/// The words of a text, or `None` where there are none or where a letter is of another script than Latin.
///
/// Latin letters lose their diacritics, apostrophes vanish, every other symbol separates. Capitals separate as well
/// (`aB` → `a`, `B`), but for abbreviations (`HTMLPage` → `HTML`, `Page`; `URLs`) and the brands above. A digit belongs to
/// the letters before it (`mp3`) and to a unit behind it (`4K`, `16khz`), not to a new word (`Image2Video` → `Image2`,
/// `Video`).
pub(super) fn words(text: &str) -> Option<Vec<Word>> {
    let plain = latin(text)?;
    let words: Vec<Word> = plain.split(' ').flat_map(Pieces).map(|piece| Word(piece.to_owned())).collect();
    (!words.is_empty()).then_some(words)
}

/// The same for a text that must have a name, whatever its script: letters are written as they sound (`北京` → `Bei`,
/// `Jing`). `None` for symbols alone.
pub(super) fn transliterated(text: &str) -> Option<Vec<Word>> {
    words(text).or_else(|| words(&deunicode::deunicode_with_tofu(text, " ")))
}

/// A text without what is in parentheses: `Resolution (W:H)` → `Resolution `.
pub(super) fn without_parentheses(text: &str) -> String {
    split_parentheses(text).0
}

/// What is in a text's parentheses, several apart by a space: `Steps (High Noise)` → `High Noise`.
pub(super) fn parenthesised(text: &str) -> String {
    split_parentheses(text).1
}

/// What is outside and what is inside of parentheses. One that is never closed, or never opened, is only a symbol.
fn split_parentheses(text: &str) -> (String, String) {
    let pairs = pairs(text);
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        if pairs.binary_search(&at).is_err() {
            if depth == 0 {
                outside.push(c)
            } else {
                inside.push(c)
            }
            continue;
        }
        depth = if is_open(c) { depth + 1 } else { depth - 1 };
        outside.push(' ');
        inside.push(' ');
    }
    (outside, inside.trim().to_owned())
}

/// Where the parentheses that belong to a pair are, in order.
fn pairs(text: &str) -> Vec<usize> {
    let (mut open, mut pairs) = (Vec::new(), Vec::new());
    for (at, c) in text.char_indices() {
        if is_open(c) {
            open.push(at);
        } else if matches!(c, ')' | '）')
            && let Some(start) = open.pop()
        {
            pairs.extend([start, at]);
        }
    }
    pairs.sort_unstable();
    pairs
}

fn is_open(c: char) -> bool {
    matches!(c, '(' | '（')
}

/// The text in ASCII letters and digits, with spaces for all else; `None` where it has letters of another script.
fn latin(text: &str) -> Option<String> {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| !is_silent(c)) {
        if c.is_ascii() || !c.is_alphanumeric() {
            plain.push(if c.is_ascii_alphanumeric() { c } else { ' ' });
        } else if matches!(c.script(), Script::Latin | Script::Common) {
            let ascii = deunicode::deunicode_char(c).unwrap_or(" ");
            plain.extend(ascii.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }));
        } else {
            return None;
        }
    }
    Some(plain)
}

/// Characters that neither belong to a word nor end it: apostrophes, combining marks, marks that are not seen.
fn is_silent(c: char) -> bool {
    let apostrophe = matches!(c, '\'' | '‘' | '’' | 'ʼ' | '＇');
    let unseen = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    apostrophe || unseen || c.script() == Script::Inherited
}

/// How a brand is written in a type's name; `None` for other words. Case does not matter: keys are in lower case.
fn brand(word: &str) -> Option<&'static str> {
    BRANDS.iter().find(|(spelled, _)| spelled.eq_ignore_ascii_case(word)).map(|&(_, pascal)| pascal)
}

/// Cuts letters and digits where a new word begins.
struct Pieces<'a>(&'a str);

impl<'a> Iterator for Pieces<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let (piece, rest) = self.0.split_at(piece_length(self.0));
        self.0 = rest;
        Some(piece)
    }
}

/// The length of the first word of a text of ASCII letters and digits.
fn piece_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let brand_length = BRANDS
        .iter()
        .map(|(spelled, _)| spelled.len())
        .filter(|&length| match text.get(..length) {
            Some(start) if length == text.len() => brand(start).is_some(),
            Some(start) => !bytes[length].is_ascii_lowercase() && BRANDS.iter().any(|&(spelled, _)| spelled == start),
            None => false,
        })
        .max();
    brand_length.unwrap_or_else(|| (1..bytes.len()).find(|&at| starts_word(bytes, at)).unwrap_or(bytes.len()))
}

/// Whether a word ends before `at`; `at` is neither the first byte nor past the end.
fn starts_word(bytes: &[u8], at: usize) -> bool {
    let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    if !bytes[at].is_ascii_uppercase() {
        return false;
    }
    let plural = bytes.get(at + 1) == Some(&b's') && !is_lower(at + 2);
    match bytes[at - 1] {
        before if before.is_ascii_lowercase() => true,
        before if before.is_ascii_uppercase() => is_lower(at + 1) && !plural,
        _ => is_lower(at + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lower(text: &str) -> String {
        words(text).map_or_else(String::new, |words| words.iter().map(Word::lower).collect::<Vec<_>>().join(" "))
    }

    fn pascal(text: &str) -> String {
        words(text).map_or_else(String::new, |words| words.iter().map(Word::pascal).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn capitals_separate_but_not_in_abbreviations() {
        assert_eq!(lower("Guidance Scale"), "guidance scale");
        assert_eq!(lower("aspectRatio"), "aspect ratio");
        assert_eq!(lower("HTMLPage"), "html page");
        assert_eq!(lower("FPS"), "fps");
        assert_eq!(lower("VAE URLs"), "vae urls");
        assert_eq!(lower("imageIDsList"), "image ids list");
        assert_eq!(pascal("CFG scale"), "Cfg Scale");
    }

    #[test]
    fn digits_stay_with_their_unit() {
        assert_eq!(lower("Image2Video"), "image2 video");
        assert_eq!(lower("I2V"), "i2v");
        assert_eq!(lower("4K Upscale"), "4k upscale");
        assert_eq!(lower("4KUpscale"), "4k upscale");
        assert_eq!(lower("CFG 2"), "cfg 2");
        assert_eq!(lower("v2.1"), "v2 1");
        assert_eq!(lower("wav_16khz"), "wav 16khz");
        assert_eq!(lower("image_url_1"), "image url 1");
    }

    #[test]
    fn brands_stay_whole_wherever_they_stand() {
        assert_eq!(lower("LoRA Scale"), "lora scale");
        assert_eq!(lower("ComfyUI"), "comfyui");
        assert_eq!(lower("sRGB"), "srgb");
        assert_eq!(lower("myLoRAsList"), "my loras list");
        assert_eq!(lower("SDXLControlNet2"), "sdxl controlnet 2");
        assert_eq!(pascal("controlnet_strength"), "ControlNet Strength");
        assert_eq!(lower("LoRAstrength"), "lo r astrength", "not the brand: a letter follows");
    }

    #[test]
    fn each_brand_would_be_torn_or_misspelled_without_its_entry() {
        for &(spelled, written) in BRANDS {
            assert_eq!(lower(spelled), spelled.to_ascii_lowercase());
            let bytes = spelled.as_bytes();
            assert!((1..bytes.len()).any(|at| starts_word(bytes, at)), "{spelled} needs no entry");
            assert!(written.eq_ignore_ascii_case(spelled), "{written} is not {spelled}");
        }
    }

    #[test]
    fn latin_letters_lose_their_diacritics() {
        assert_eq!(lower("Größe"), "grosse");
        assert_eq!(lower("Négatif Prompt"), "negatif prompt");
        assert_eq!(lower("e\u{301}cran"), "ecran");
        assert_eq!(lower("Ｆｒａｍｅｓ"), "frames");
    }

    #[test]
    fn letters_of_another_script_give_no_words() {
        for text in ["提示词", "Подсказка", "プロンプト", "Prompt 提示", "Δt", "مطالبة"] {
            assert_eq!(words(text), None, "{text}");
        }
    }

    #[test]
    fn what_must_have_a_name_is_written_as_it_sounds() {
        let sound =
            |text: &str| transliterated(text).map(|words| words.iter().map(Word::lower).collect::<Vec<_>>().join(" "));
        for (text, expected) in
            [("北京", "bei jing"), ("Москва 1", "moskva 1"), ("Größe", "grosse"), ("日本 HD", "ri ben hd")]
        {
            assert_eq!(sound(text).as_deref(), Some(expected));
        }
        for symbols in ["", "—", "\0", "(", "\u{200b}"] {
            assert_eq!(sound(symbols), None, "{symbols:?}");
        }
    }

    #[test]
    fn symbols_separate_and_apostrophes_vanish() {
        assert_eq!(lower("Don't stop"), "dont stop");
        assert_eq!(lower("a&b/c"), "a b c");
        assert_eq!(lower("Shot 🎬 Type"), "shot type");
        assert_eq!(lower("nul\0byte"), "nul byte");
        assert_eq!(lower("pro\u{ad}mpt\u{202e}"), "prompt");
        for text in ["", "   ", "—", "🎬", "\0", "()", "'"] {
            assert_eq!(words(text), None, "{text:?}");
        }
    }

    #[test]
    fn parentheses_may_nest_and_may_be_unbalanced() {
        let both = |text: &str| (without_parentheses(text).trim().to_owned(), parenthesised(text));
        let pair = |outside: &str, inside: &str| (outside.to_owned(), inside.to_owned());
        assert_eq!(both("Resolution (W:H)"), pair("Resolution", "W:H"));
        assert_eq!(both("Steps（High）"), pair("Steps", "High"));
        assert_eq!(lower(&parenthesised("A (b) (c)")), "b c");
        assert_eq!(both("A (b"), pair("A (b", ""));
        assert_eq!(both("A) b"), pair("A) b", ""));
        assert_eq!(both("(A)"), pair("", "A"));
        assert_eq!(lower(&parenthesised("A (b (c) d)")), "b c d");
    }

    #[test]
    fn a_title_of_a_megabyte_is_read_in_one_pass() {
        let title = "(Aé ".repeat(250_000);
        assert_eq!(words(&title).map(|words| words.len()), Some(250_000));
        assert_eq!(parenthesised(&title), "");
        let nested = format!("{}x{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(parenthesised(&nested), "x");
    }
}
