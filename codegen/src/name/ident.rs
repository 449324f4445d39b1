//! Words go in, identifiers come out that compile and clash with nothing generated code relies on. Knows what is named
//! (a field, a type, a variant, a module), not where the words come from.

use super::reserved;
use super::words::{Word, words};
use crate::model_id::is_device;

/// The longest name, in characters, before the marks that make it an identifier.
///
/// Words beyond it are left out; a first word that is longer by itself is cut. Names that become equal by this are told
/// apart, or reported, like any others.
pub const MAX_LENGTH: usize = 64;

/// What is appended to types and variants that would be reserved otherwise.
const VALUE: &str = "Value";

/// A field's two names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FieldName {
    /// The name in Rust, of the field and of its setter: `type_`, `_4k`.
    pub ident: String,
    /// The name in stored inputs: `type`, `4k`. It differs from [`ident`](Self::ident) only in the marks, and not for
    /// `extra_`, because `extra` is the name of the map of unchecked entries.
    pub json: String,
}

impl FieldName {
    /// The names for a readable name, with or without the marks of an identifier.
    ///
    /// A mark that is there stays in the identifier even if it would not be needed, so that a name written down once
    /// survives a change of the lists of reserved names.
    pub(super) fn from_readable(name: &str) -> Self {
        let plain = without_marks(name);
        let reserved = is_keyword(name) || reserved::METHODS.contains(&name) || name == reserved::EXTRA;
        let ident = format!("{}{name}{}", leading_mark(name), if reserved { "_" } else { "" });
        let json = if plain == reserved::EXTRA { ident.clone() } else { plain.to_owned() };
        Self { ident, json }
    }
}

/// Whether a name can be written as a field: snake_case in ASCII letters and digits, not longer than [`MAX_LENGTH`].
pub(crate) fn is_readable(name: &str) -> bool {
    name.len() <= MAX_LENGTH
        && name
            .split('_')
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// A field's identifier without what only makes it one: `type_` → `type`, `_4k` → `4k`.
pub(super) fn without_marks(ident: &str) -> &str {
    let ident = ident.strip_suffix('_').unwrap_or(ident);
    ident.strip_prefix('_').filter(|rest| starts_with_digit(rest)).unwrap_or(ident)
}

/// The readable form of a name that is not: `LoRA Scale` → `lora_scale`.
pub(super) fn suggestion(name: &str) -> Option<String> {
    words(name).map(|words| snake(&words))
}

/// The words in snake_case.
pub(super) fn snake(words: &[Word]) -> String {
    joined(words, Word::lower, |_, _| "_")
}

/// The words in PascalCase. Between two digits stays an underscore, or `v2.1` and `v21` would be one.
pub(super) fn pascal(words: &[Word], spell: impl Fn(&Word) -> String) -> String {
    joined(words, spell, |before, after| if ends_with_digit(before) && starts_with_digit(after) { "_" } else { "" })
}

/// A type's identifier, for a name in PascalCase. So that the literal of a struct's required fields has its name, no type
/// ends as that does.
pub(super) fn type_ident(pascal: &str) -> String {
    let name = if starts_with_digit(pascal) { format!("T{pascal}") } else { pascal.to_owned() };
    let name = marked(name, reserved::TYPES, VALUE);
    if name.ends_with(reserved::LITERAL) { name + VALUE } else { name }
}

/// A variant's identifier, for a name in PascalCase that does not start with a digit.
pub(super) fn variant_ident(pascal: String) -> String {
    marked(pascal, reserved::VARIANTS, VALUE)
}

/// Whether a name can be a variant.
pub(super) fn is_variant(name: &str) -> bool {
    is_pascal(name) && !reserved::VARIANTS.contains(&name)
}

/// Whether a name can be a type.
pub(super) fn is_type(name: &str) -> bool {
    is_pascal(name) && !reserved::TYPES.contains(&name)
}

/// PascalCase as rustc's lints understand it, not longer than [`MAX_LENGTH`] and a mark.
fn is_pascal(name: &str) -> bool {
    let starts = name.starts_with(|c: char| c.is_ascii_uppercase());
    let underscores = name.split('_').collect::<Vec<_>>();
    let between_digits = underscores.windows(2).all(|pair| ends_with_digit(pair[0]) && starts_with_digit(pair[1]));
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    starts && between_digits && plain && name.len() <= MAX_LENGTH + VALUE.len()
}

/// The module for a segment of a model id that may stand anywhere but at the crate's root: `seedance-2.5` →
/// `seedance_2_5`. Empty where the segment has no letters or digits.
pub(super) fn module(segment: &str) -> String {
    let lower = segment.to_ascii_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let name = words.join("_");
    let name = format!("{}{name}", leading_mark(&name));
    // A module is a file or a folder too: `con-` would be `con.rs`, which Windows takes for a device.
    if is_device(&name) { name + "_" } else { marked(name, reserved::KEYWORDS, "_") }
}

/// The module for a segment that stands at the crate's root.
pub(super) fn root_module(segment: &str) -> String {
    marked(module(segment), reserved::ROOT_MODULES, "_")
}

pub(super) fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit())
}

fn ends_with_digit(text: &str) -> bool {
    text.ends_with(|c: char| c.is_ascii_digit())
}

fn is_keyword(name: &str) -> bool {
    reserved::KEYWORDS.contains(&name)
}

fn leading_mark(name: &str) -> &'static str {
    if starts_with_digit(name) { "_" } else { "" }
}

/// The name, with the mark if it is in the list.
fn marked(name: String, reserved: &[&str], mark: &str) -> String {
    if reserved.contains(&name.as_str()) { name + mark } else { name }
}

/// As many words as fit into [`MAX_LENGTH`], the first cut if it does not.
fn joined(words: &[Word], spell: impl Fn(&Word) -> String, gap: impl Fn(&str, &str) -> &'static str) -> String {
    let mut name = String::new();
    for word in words.iter().map(spell) {
        let gap = if name.is_empty() { "" } else { gap(&name, &word) };
        if name.len() + gap.len() + word.len() <= MAX_LENGTH {
            name.push_str(gap);
            name.push_str(&word);
        } else {
            if name.is_empty() {
                name.extend(word.chars().take(MAX_LENGTH));
            }
            break;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(text: &str) -> FieldName {
        FieldName::from_readable(&suggestion(text).expect("has words"))
    }

    #[test]
    fn every_reserved_name_becomes_an_identifier_that_is_not_reserved() {
        for name in reserved::KEYWORDS.iter().chain(reserved::METHODS).filter(|name| is_readable(name)) {
            let field = field(name);
            assert_eq!(field, FieldName { ident: format!("{name}_"), json: (*name).to_owned() });
            assert!(syn::parse_str::<syn::Ident>(&field.ident).is_ok(), "{name}");
        }
        for name in reserved::KEYWORDS.iter().filter(|name| is_readable(name)) {
            assert!(syn::parse_str::<syn::Ident>(&module(name)).is_ok(), "{name}");
        }
        for name in reserved::TYPES {
            assert_eq!(type_ident(name), format!("{name}Value"));
            assert!(syn::parse_str::<syn::Ident>(&type_ident(name)).is_ok(), "{name}");
        }
        for name in reserved::VARIANTS {
            assert_eq!(variant_ident((*name).to_owned()), format!("{name}Value"));
        }
    }

    #[test]
    fn no_keyword_that_syn_knows_is_missing_from_the_list() {
        let known = "abstract as async await become box break const continue crate do dyn else enum extern false final fn for \
            if impl in let loop macro match mod move mut override priv pub ref return Self self static struct super trait true \
            try type typeof unsafe unsized use virtual where while yield _";
        for word in known.split_whitespace() {
            assert!(syn::parse_str::<syn::Ident>(word).is_err(), "{word} is a keyword to syn");
            assert!(is_keyword(word), "{word}");
        }
        assert!(syn::parse_str::<syn::Ident>("gen").is_ok(), "syn leaves this one to us");
        assert_eq!(field("gen").ident, "gen_");
    }

    #[test]
    fn a_leading_digit_is_marked_in_rust_only() {
        assert_eq!(field("4K Upscale"), FieldName { ident: "_4k_upscale".into(), json: "4k_upscale".into() });
        assert_eq!(module("4K-image-to-video"), "_4k_image_to_video");
        assert_eq!(type_ident("4kUpscale"), "T4kUpscale");
    }

    #[test]
    fn extra_is_marked_in_stored_inputs_too() {
        assert_eq!(field("Extra"), FieldName { ident: "extra_".into(), json: "extra_".into() });
        assert_eq!(FieldName::from_readable("extra_"), field("Extra"));
    }

    #[test]
    fn a_name_read_back_from_its_identifier_is_the_same() {
        for name in ["prompt", "type", "4k", "add", "extra", "image_url_1"] {
            let field = field(name);
            assert_eq!(FieldName::from_readable(&field.ident), field);
        }
        let no_longer_reserved = FieldName { ident: "prompt_".into(), json: "prompt".into() };
        assert_eq!(FieldName::from_readable("prompt_"), no_longer_reserved);
    }

    #[test]
    fn a_long_name_ends_with_a_whole_word() {
        let name = suggestion(&"abcdefghi ".repeat(1000)).expect("has words");
        assert_eq!(name, ["abcdefghi"; 6].join("_"));
        assert_eq!(suggestion(&"a".repeat(1000)).map(|name| name.len()), Some(MAX_LENGTH));
    }

    #[test]
    fn digits_of_two_words_stay_apart_in_a_type() {
        let pascal = |text: &str| words(text).map(|words| pascal(&words, Word::pascal));
        assert_eq!(pascal("portrait_4_3").as_deref(), Some("Portrait4_3"));
        assert_eq!(pascal("v2.1").as_deref(), Some("V2_1"));
        assert_eq!(pascal("v21").as_deref(), Some("V21"));
    }
}
