//! The values of one enum go in, its variants come out. Must not know what the enum is for, or how a lock is matched.

use std::collections::{BTreeMap, BTreeSet};

use super::apart::Contest;
use super::ident::{is_variant, pascal, starts_with_digit, variant_ident};
use super::problem::{NameProblem, lines_to_paste, shown, shown_list};
use super::symbols::{spelled_out, with_signs};
use super::words::{Word, transliterated, without_parentheses, words};

/// What is in parentheses; symbols spelled out; capitals spelled out.
const MARKS: u32 = 3;
const SYMBOLS: u32 = 1 << 1;
const CAPITALS: u32 = 1 << 2;

/// Names the variants of the enum `enum_type`; they are in the order of `values`, but do not depend on it.
///
/// `pinned` and `locked` give variants by value, from `overrides.toml` and `names.lock`; the first wins, and neither
/// changes. A locked value that is not in `values` was removed, and its variant is not given to another.
///
/// The words of a value are written in PascalCase. One that starts with a digit gets the first letter of the enum's last
/// word (`720p` of `Resolution` → `R720p`). Between digits `:` and `x` become `x`, anything else `_` (`16:9` → `R16x9`,
/// `1.5` → `R1_5`). Signs of numbers are words (`-1` → `Minus1`), other symbols only where they are all there is (`+` →
/// `Plus`), letters of other scripts are written as they sound, and the empty value is `Empty`. Values that want one name all take in what is in parentheses, if that makes a
/// difference; else all their symbols as words (`a b`, `a-b` → `ASpaceB`, `AHyphenB`); else how their words are
/// capitalised (`480p`, `480P` → `Lower480p`, `Upper480p`).
///
/// # Errors
/// All problems, sorted: values that have no name or that nothing tells apart, and overrides that
/// are not variants. Their help holds the lines to paste into `overrides.toml`.
pub fn name_variants(
    enum_type: &str,
    values: &[&str],
    pinned: &BTreeMap<String, String>,
    locked: &BTreeMap<String, String>,
) -> Result<Vec<String>, Vec<NameProblem>> {
    let naming = Naming { enum_type, letter: letter(enum_type), values, pinned };
    let fixed: Vec<Option<String>> =
        values.iter().map(|&value| pinned.get(value).or_else(|| locked.get(value)).cloned()).collect();
    let present: BTreeSet<&str> = values.iter().copied().collect();
    let removed = locked.iter().filter(|(value, _)| !present.contains(value.as_str()));
    let taken: BTreeSet<&str> = removed.map(|(_, variant)| variant.as_str()).collect();
    let spell = |index: usize, marks: u32| naming.spell(values[index], marks).unwrap_or_default();
    let contest = Contest { fixed: &fixed, taken: &taken, marks: MARKS, spell: &spell };

    let by_value = values.iter().zip(&fixed);
    let mut problems: Vec<NameProblem> =
        by_value.filter_map(|(value, fixed)| naming.problem(value, fixed.as_deref())).collect();
    match contest.decide() {
        Ok(names) if problems.is_empty() => return Ok(names),
        Ok(_) => {}
        // Values that share what is no variant have been reported, each by itself.
        Err(clashes) => problems.extend(
            clashes.iter().filter(|(name, _)| is_variant(name)).map(|(name, group)| naming.clash(name, group, &fixed)),
        ),
    }
    problems.sort();
    Err(problems)
}

/// The first letter of the last word of a type's name that starts with one; `V` for none.
fn letter(enum_type: &str) -> char {
    let words = words(enum_type).unwrap_or_default();
    let mut initials = words.iter().rev().filter_map(|word| word.pascal().chars().next());
    initials.find(char::is_ascii_uppercase).unwrap_or('V')
}

/// What to do where a lock holds what `generate` never writes.
const RESTORE: &str = "names.lock is not edited by hand; restore it from version control";

struct Naming<'a> {
    enum_type: &'a str,
    letter: char,
    values: &'a [&'a str],
    pinned: &'a BTreeMap<String, String>,
}

impl Naming<'_> {
    /// A value's variant. What a mark can't be applied to is spelled without any; `None` where that fails too.
    fn spell(&self, value: &str, marks: u32) -> Option<String> {
        if value.is_empty() {
            return Some("Empty".to_owned());
        }
        let words = value_words(value, marks).or_else(|| value_words(value, 0))?;
        let name = pascal(&words, if marks & CAPITALS == 0 { Word::pascal } else { with_capitals });
        let name = if starts_with_digit(&name) { format!("{}{name}", self.letter) } else { name };
        Some(variant_ident(name))
    }

    /// What is wrong with a value by itself: no name can be made of it, or the one written down is none.
    fn problem(&self, value: &str, fixed: Option<&str>) -> Option<NameProblem> {
        let (message, help) = match fixed {
            Some(name) if is_variant(name) => return None,
            Some(name) if self.pinned.contains_key(value) => (
                format!(
                    "the override {} of the value {} of {} is not a variant",
                    shown(name),
                    shown(value),
                    self.enum_type
                ),
                "write it in PascalCase, with A-Z, a-z and 0-9; an underscore only between two digits".to_owned(),
            ),
            Some(name) => (
                format!("names.lock has the variant {} for the value {}, which is not one", shown(name), shown(value)),
                RESTORE.to_owned(),
            ),
            None if self.spell(value, 0).is_some() => return None,
            None => (
                format!("no variant can be made of the value {} of {}", shown(value), self.enum_type),
                format!("name it in overrides.toml:\n{}", lines_to_paste(&self.table(), &[value])),
            ),
        };
        let is_written = fixed.is_some() && self.pinned.contains_key(value);
        Some(NameProblem { is_written, ..NameProblem::new(&[value], message, help) })
    }

    /// A group that wants one variant: its free values have to be named, or its pinned ones renamed.
    fn clash(&self, name: &str, group: &[usize], fixed: &[Option<String>]) -> NameProblem {
        let values_of = |keep: &dyn Fn(usize) -> bool| -> Vec<&str> {
            group.iter().filter(|&&index| keep(index)).map(|&index| self.values[index]).collect()
        };
        let values = values_of(&|_| true);
        let what = format!("{} of {}", shown_list(&values), self.enum_type);
        let message = match values.as_slice() {
            [_] => {
                format!("the value {what} wants the variant `{name}`, which a removed value had")
            }
            [first, rest @ ..] if rest.contains(first) => {
                format!("the values {what} are not all different")
            }
            _ => format!("the values {what} want one variant: `{name}`"),
        };
        let free = values_of(&|index| fixed[index].is_none());
        let pinned = values_of(&|index| self.pinned.contains_key(self.values[index]));
        let is_written = !pinned.is_empty();
        let to_name = if free.is_empty() { pinned } else { free };
        let help = match to_name.as_slice() {
            [] => RESTORE.to_owned(),
            values => format!("name them in overrides.toml:\n{}", lines_to_paste(&self.table(), values)),
        };
        NameProblem { is_written, ..NameProblem::new(&values, message, help) }
    }

    /// The table of `overrides.toml` that holds this enum's variants by value.
    fn table(&self) -> String {
        format!("variants.{}", self.enum_type)
    }
}

/// The words of a value with a set of marks.
fn value_words(value: &str, marks: u32) -> Option<Vec<Word>> {
    let whole = || words(&with_signs(value));
    let spelled = || words(&spelled_out(value)?);
    let sound = || transliterated(&with_signs(value));
    if marks & SYMBOLS != 0 {
        spelled()
    } else if marks != 0 {
        whole().or_else(spelled).or_else(sound)
    } else {
        let outside = with_signs(&without_parentheses(value));
        let latin = words(&outside).or_else(whole).or_else(spelled);
        latin.or_else(|| transliterated(&outside)).or_else(sound)
    }
}

/// A word and how it is capitalised: `LowerAuto`, `UpperAuto`, `TitleAuto`.
fn with_capitals(word: &Word) -> String {
    let mut letters = word.as_str().chars().filter(char::is_ascii_alphabetic);
    let first_is_upper = letters.next().map(|first| first.is_ascii_uppercase());
    let rest: Vec<bool> = letters.map(|letter| letter.is_ascii_uppercase()).collect();
    let kind = match first_is_upper {
        None => "",
        Some(first) if rest.iter().all(|&upper| upper == first) => {
            if first {
                "Upper"
            } else {
                "Lower"
            }
        }
        Some(true) if !rest.contains(&true) => "Title",
        Some(_) => "Mixed",
    };
    format!("{kind}{}", word.pascal())
}

#[cfg(test)]
mod tests;
