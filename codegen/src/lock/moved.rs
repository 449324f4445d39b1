//! `[moved]` of `overrides.toml`: a maintainer's answers to a stop. In: the locked and the published fields of one
//! struct and the answers. Out: the pairs that they give. Must not know the matching rules.
//!
//! An answer is good for one question: the lock remembers it while the line stands, and a line that the lock remembers
//! is *spent*. It says nothing any more, so it can't answer a later question that nobody put to the maintainer. The
//! same answer to a later question is spelled in another way, which the stop prints.

use std::collections::BTreeMap;

use super::answer::{Answer, Answers};
use super::field::Field;
use super::file::{LockedField, ROOT};
use crate::error::{Error, ErrorKind, Errors};
use crate::likeness::nearest;

/// The positions of locked fields and what they are in the published list now; `None` if they were removed.
pub(super) type Answered = BTreeMap<usize, Option<usize>>;

/// The table of `overrides.toml` that holds the answers for a struct.
pub(super) fn table(owner: &str) -> String {
    if owner == ROOT { "[moved]".to_owned() } else { format!("[moved.{owner}]") }
}

/// Looks up both sides of every answer that isn't spent.
pub(super) fn answered(
    owner: &str,
    locked: &[&LockedField],
    new: &[Field],
    answers: &Answers,
) -> Result<Answered, Errors> {
    let mut answered = Answered::default();
    let mut errors = Errors::default();
    let mut taken: BTreeMap<usize, &str> = BTreeMap::new();
    for (name, answer) in answers {
        let mut refuse = |reason: &str, nearest| errors.push(unused(owner, name, answer, reason, nearest));
        let Some(o) = locked.iter().position(|field| field.name == *name) else {
            let names = locked.iter().map(|field| field.name.as_str());
            refuse("the lock has no field of that name", nearest(name, names));
            continue;
        };
        if is_spent(locked[o], answer) {
            continue;
        }
        let key = expected(locked[o], answer);
        let n = new.iter().position(|field| field.key == key && *answer != Answer::Removed);
        match n.map(|n| (n, taken.insert(n, name))) {
            None if *answer == Answer::Removed => drop(answered.insert(o, None)),
            None => {
                let keys = new.iter().map(|field| field.key.as_str());
                refuse("the schema has no field with that key", nearest(key, keys));
            }
            Some((_, Some(other))) => refuse(&format!("`{other}` is moved to that key too"), None),
            Some((n, None)) => drop(answered.insert(o, Some(n))),
        }
    }
    errors.or(answered)
}

/// Makes sure that what the rules found agrees with every spent answer, so that a lock never contradicts the lines
/// beside it.
pub(super) fn check_spent(
    owner: &str,
    locked: &[&LockedField],
    new: &[Field],
    answers: &Answers,
    pairs: &BTreeMap<usize, usize>,
) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for (o, field) in locked.iter().enumerate() {
        let Some(answer) = answers.get(&field.name).filter(|answer| is_spent(field, answer)) else { continue };
        let now = pairs.get(&o).map_or("", |n| new[*n].key.as_str());
        if expected(field, answer) != now {
            let reason = if now.is_empty() { "it was removed".to_owned() } else { format!("it is at {now:?} now") };
            errors.push(unused(owner, &field.name, answer, &format!("the move is done, and {reason}"), None));
        }
    }
    errors.or(())
}

/// Whether the lock remembers the very answer.
fn is_spent(field: &LockedField, answer: &Answer) -> bool {
    field.applied.moved.as_ref() == Some(answer)
}

/// The key that a field has if the answer is true; empty if it is gone.
fn expected<'a>(field: &'a LockedField, answer: &'a Answer) -> &'a str {
    match answer {
        Answer::Key(key) => key,
        Answer::Removed => "",
        Answer::Stays => &field.field.key,
    }
}

/// An answer that can't be given.
pub(super) fn unused(owner: &str, name: &str, answer: &Answer, reason: &str, nearest: Option<&str>) -> Error {
    let help = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`? If the move is done and locked, delete the line"),
        None => "delete the line".to_owned(),
    };
    let message = format!("`{name} = {answer}` under {} matches nothing: {reason}", table(owner));
    Error::new(ErrorKind::UnusedOverride, message).help(help)
}
