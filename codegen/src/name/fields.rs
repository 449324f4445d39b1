//! The fields of one object go in, their names in Rust and in stored inputs come out. Must not know how a lock is
//! matched or what a field's type is.

use std::collections::BTreeSet;

use super::apart::Contest;
use super::ident::{FieldName, MAX_LENGTH, is_readable, snake, suggestion, without_marks};
use super::key::NodeKey;
use super::problem::{NameProblem, lines_to_paste, shown, shown_list};
use super::words::{Word, parenthesised, transliterated, without_parentheses, words};

/// The table of `overrides.toml` that holds fields' names by wire key.
const TABLE: &str = "names";

/// What a field's name is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldLabel<'a> {
    /// The wire key; no other field of the object has it.
    pub key: &'a str,
    /// The published title; empty where there is none.
    pub title: &'a str,
    /// The name that `overrides.toml` gives it.
    pub pinned: Option<&'a str>,
    /// The name that `names.lock` has for it, with or without the marks of a Rust identifier.
    pub locked: Option<&'a str>,
}

/// Names the fields of one object; the names are in the order of `labels`, but do not depend on it.
///
/// A name comes from, in this order: the override; the lock; for a node-id key its title without what is in
/// parentheses; for a plain key the key; the key's input part. A title in
/// another script than Latin falls through; a key in one is written as it sounds.
///
/// Fields that want one name all get what tells them apart: first what the parentheses of their titles hold, then
/// their input parts. Names from the override or the lock never change by this, so the newcomer makes room, as it does
/// for a name in `retired`: those of removed fields, which are not given to others. No two of the resulting names are
/// equal, neither in Rust nor in stored inputs.
///
/// # Errors
/// All problems, sorted: fields that have no name, or that only their node ids would tell apart, or an override that
/// is no readable name. Their help holds the lines to paste into `overrides.toml`.
pub fn name_fields(labels: &[FieldLabel<'_>], retired: &[&str]) -> Result<Vec<FieldName>, Vec<NameProblem>> {
    let sources: Vec<Source> = labels.iter().map(Source::of).collect();
    // Only readable names are compared: two that differ there differ as identifiers too, because an identifier is the
    // readable name and marks that can be taken off again.
    let fixed: Vec<Option<String>> =
        labels.iter().map(|label| written_down(label).map(|name| without_marks(name).to_owned())).collect();
    let taken = names_of_others(retired, labels);
    let spell = |index: usize, marks: u32| sources[index].spell(marks);
    let contest = Contest { fixed: &fixed, taken: &taken, marks: MARKS, spell: &spell };

    let mut problems: Vec<NameProblem> = labels.iter().zip(&sources).filter_map(problem).collect();
    match contest.decide() {
        Ok(names) if problems.is_empty() => {
            let names = labels.iter().zip(&names);
            return Ok(names
                .map(|(label, name)| FieldName::from_readable(written_down(label).unwrap_or(name)))
                .collect());
        }
        Ok(_) => {}
        // Fields that share what is no name have been reported, each by itself.
        Err(clashes) => problems.extend(
            clashes.iter().filter(|(name, _)| is_readable(name)).map(|(name, group)| clash(name, group, labels)),
        ),
    }
    problems.sort();
    Err(problems)
}

/// The name that someone wrote down for a field.
fn written_down<'a>(label: &FieldLabel<'a>) -> Option<&'a str> {
    label.pinned.or(label.locked)
}

/// The readable names of removed fields. One that is locked for a field is its own, even if an older field had it.
fn names_of_others<'a>(retired: &[&'a str], labels: &[FieldLabel<'a>]) -> BTreeSet<&'a str> {
    let locked = labels.iter().filter_map(|label| label.locked);
    let locked: BTreeSet<&str> = locked.map(without_marks).collect();
    let retired = retired.iter().copied().map(without_marks);
    retired.filter(|name| !locked.contains(name)).collect()
}

/// What the parentheses hold, and the input part.
const MARKS: u32 = 2;

/// The words a field's name can be made of.
#[derive(Default)]
struct Source {
    base: Vec<Word>,
    /// By mark; empty where there is nothing to add.
    added: [Vec<Word>; MARKS as usize],
}

impl Source {
    fn of(label: &FieldLabel<'_>) -> Self {
        let Some(key) = NodeKey::parse(label.key) else {
            return Self { base: transliterated(label.key).unwrap_or_default(), ..Self::default() };
        };
        let input = transliterated(&key.input_part());
        let held = words(&parenthesised(label.title)).unwrap_or_default();
        match (words(&without_parentheses(label.title)), input) {
            (Some(base), input) => Self { base, added: [held, input.unwrap_or_default()] },
            // Without either there is only the node's id left, which is no name: it changes.
            (None, input) => Self { base: input.unwrap_or_default(), added: [held, Vec::new()] },
        }
    }

    fn spell(&self, marks: u32) -> String {
        let added = self.added.iter().enumerate().filter(|(mark, _)| marks & (1 << mark) != 0);
        let words: Vec<Word> = self.base.iter().chain(added.flat_map(|(_, words)| words)).cloned().collect();
        snake(&words)
    }
}

/// What is wrong with a field by itself: no name can be made of it, or the one written down is none.
fn problem((label, source): (&FieldLabel<'_>, &Source)) -> Option<NameProblem> {
    match (label.pinned, label.locked) {
        (Some(pinned), _) => (!is_readable(pinned)).then(|| bad_pin(label.key, pinned)),
        (None, Some(locked)) => (!is_readable(without_marks(locked))).then(|| bad_lock(label.key, locked)),
        (None, None) => source.base.is_empty().then(|| no_name(label)),
    }
}

fn bad_pin(key: &str, pinned: &str) -> NameProblem {
    let message = format!("the override {} of the field {} is not a readable name", shown(pinned), shown(key));
    let rule = format!("write it in snake_case, with a-z, 0-9 and at most {MAX_LENGTH} characters");
    let help = match suggestion(pinned) {
        Some(name) => format!("{rule}, such as `{name}`"),
        None => rule,
    };
    NameProblem { is_written: true, ..NameProblem::new(&[key], message, help) }
}

fn bad_lock(key: &str, locked: &str) -> NameProblem {
    let message = format!("names.lock has the name {} for the field {}, which is not one", shown(locked), shown(key));
    NameProblem::new(&[key], message, "names.lock is not edited by hand; restore it from version control".to_owned())
}

fn no_name(label: &FieldLabel<'_>) -> NameProblem {
    let message =
        format!("no name can be made of the field {} with the title {}", shown(label.key), shown(label.title));
    let help = format!("name it in overrides.toml:\n{}", lines_to_paste(TABLE, &[label.key]));
    NameProblem::new(&[label.key], message, help)
}

/// A group that wants one name: its free fields have to be named, or its pinned ones renamed.
fn clash(name: &str, group: &[usize], labels: &[FieldLabel<'_>]) -> NameProblem {
    let keys_of =
        |indices: &mut dyn Iterator<Item = &usize>| indices.map(|&index| labels[index].key).collect::<Vec<_>>();
    let keys = keys_of(&mut group.iter());
    let message = match group {
        [_] => format!("the field {} wants the name `{name}`, which a removed field had", shown_list(&keys)),
        _ => format!("the fields {} want one name: `{name}`", shown_list(&keys)),
    };
    let free = keys_of(&mut group.iter().filter(|&&index| written_down(&labels[index]).is_none()));
    let pinned = keys_of(&mut group.iter().filter(|&&index| labels[index].pinned.is_some()));
    let help = match (free.as_slice(), pinned.as_slice()) {
        ([], []) => "names.lock is not edited by hand; restore it from version control".to_owned(),
        ([], pinned) => format!("give other names in overrides.toml:\n{}", lines_to_paste(TABLE, pinned)),
        (free, _) => {
            format!("nothing readable tells them apart; name them in overrides.toml:\n{}", lines_to_paste(TABLE, free))
        }
    };
    let is_written = !pinned.is_empty();
    NameProblem {
        is_written,
        retired: (group.len() == 1).then(|| name.to_owned()),
        ..NameProblem::new(&keys, message, help)
    }
}

#[cfg(test)]
mod tests;
