//! `[moved]` of `overrides.toml`: a maintainer's answers to a stop. In: the locked and the published fields of one
//! struct and the answers. Out: what they say, and what becomes of those that say nothing now. Must not know the matching
//! rules.
//!
//! An answer is good for one question. Before that is asked, it *waits*: so it can be written down before the schema that it
//! is about is there. The lock remembers a given answer while its line stands, and a line that the lock remembers is *spent*:
//! it decides nothing any more, so it can't answer a later question that nobody put to the maintainer. The same answer to a
//! later question is spelled in another way, which the stop prints.

use std::collections::BTreeMap;

use super::answer::{Answer, Answers};
use super::field::Field;
use super::file::{LockedField, ROOT};
use crate::error::{Error, ErrorKind, Errors};
use crate::likeness::nearest;
use crate::toml_text::quoted;

/// The positions of locked fields and what they are in the published list now; `None` if they were removed.
pub(super) type Answered = BTreeMap<usize, Option<usize>>;

/// The table of `overrides.toml` that holds the answers for a struct.
pub(super) fn table(owner: &str) -> String {
    if owner == ROOT { "[moved]".to_owned() } else { format!("[moved.{owner}]") }
}

/// What the answers say of the published fields.
#[derive(Default)]
pub(super) struct Prepared<'a> {
    /// What can be given as soon as it is asked for.
    pub(super) ready: Answered,
    /// What names a key that is not there.
    pub(super) waiting: BTreeMap<&'a str, Error>,
}

/// Looks up both sides of every answer that isn't spent.
///
/// # Errors
/// For answers that no schema can make true: of fields that the lock doesn't know, and two with one key.
pub(super) fn prepare<'a>(
    owner: &str,
    locked: &[&LockedField],
    new: &[Field],
    answers: &'a Answers,
) -> Result<Prepared<'a>, Errors> {
    let mut prepared = Prepared::default();
    let mut errors = Errors::default();
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for (name, answer) in answers {
        let Some(o) = locked.iter().position(|field| field.name == *name) else {
            let help = match nearest(name, locked.iter().map(|field| field.name.as_str())) {
                Some(nearest) => format!("did you mean `{nearest}`? Otherwise delete the line"),
                None => "delete the line".to_owned(),
            };
            let message = format!("`{name} = {answer}` under {} matches nothing", table(owner));
            let message = format!("{message}: the lock has no field of that name");
            errors.push(Error::new(ErrorKind::UnusedOverride, message).help(help));
            continue;
        };
        if is_spent(locked[o], answer) {
            continue;
        }
        if *answer == Answer::Removed {
            prepared.ready.insert(o, None);
            continue;
        }
        let key = expected(locked[o], answer);
        if let Some(other) = taken.insert(key, name) {
            let message = format!("`{name} = {answer}` under {}: `{other}` is moved to that key too", table(owner));
            errors.push(Error::new(ErrorKind::UnusedOverride, message).help("delete the line that is wrong"));
        }
        match new.iter().position(|field| field.key == key) {
            Some(n) => drop(prepared.ready.insert(o, Some(n))),
            None => {
                let meant = nearest(key, new.iter().map(|field| field.key.as_str()));
                let meant = meant.map(|key| format!(", unless `{key}` is meant")).unwrap_or_default();
                let reason = format!("the schema has no field with that key{meant}");
                prepared.waiting.insert(name, waits(owner, name, answer, &reason));
            }
        }
    }
    errors.or(prepared)
}

/// Tells of spent answers that stop being true: once, since the lock knows the field's new key afterwards.
pub(super) fn overtaken(
    owner: &str,
    locked: &[&LockedField],
    new: &[Field],
    answers: &Answers,
    pairs: &BTreeMap<usize, usize>,
) -> Vec<Error> {
    let mut notes = Vec::new();
    for (o, field) in locked.iter().enumerate() {
        let Some(answer) = answers.get(&field.name).filter(|answer| is_spent(field, answer)) else { continue };
        let now = pairs.get(&o).map(|n| new[*n].key.as_str());
        let before = (!field.retired).then_some(field.field.key.as_str());
        if now == before {
            continue;
        }
        let now = now.map_or("it is removed".to_owned(), |key| format!("it is at {} now", quoted(key)));
        let message = format!("`{} = {answer}` under {} had its day: {now}", field.name, table(owner));
        notes.push(Error::new(ErrorKind::UnusedOverride, message).help("delete the line; it decides nothing any more"));
    }
    notes
}

/// Whether the lock remembers the very answer.
pub(super) fn is_spent(field: &LockedField, answer: &Answer) -> bool {
    field.applied.moved.as_ref() == Some(answer)
}

/// The key that a field has if the answer is true; empty if it is gone.
fn expected<'a>(field: &'a LockedField, answer: &'a Answer) -> &'a str {
    match answer {
        Answer::Key(key) | Answer::Again(key) => key,
        Answer::Removed => "",
        Answer::Stays => &field.field.key,
    }
}

/// The note on an answer that nobody asked for yet.
pub(crate) fn waits(owner: &str, name: &str, answer: &Answer, reason: &str) -> Error {
    let message = format!("`{name} = {answer}` under {} waits: {reason}", table(owner));
    Error::new(ErrorKind::UnusedOverride, message)
        .help("it is given when a schema comes that asks for it; delete the line if it is for none")
}
