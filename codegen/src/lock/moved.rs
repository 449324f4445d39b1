//! `[moved]` of `overrides.toml`: a maintainer's answers to a stop. In: the locked and the published fields of the root
//! object and the answers. Out: the pairs that are settled. Must not know the matching rules.
//!
//! `name = "new_key"` says which published field a locked one is now; `name = ""` says that it was removed. An answer
//! that the lock already holds is spent and has no effect, so that a line left behind can't misroute a later change.

use std::collections::BTreeMap;

use super::field::Field;
use super::file::LockedField;
use crate::error::{Error, ErrorKind, Errors};

/// The positions of locked fields and what they are in the published list now; `None` if they were removed.
pub(super) type Settled = BTreeMap<usize, Option<usize>>;

/// Looks up both sides of every answer.
pub(super) fn settle(
    locked: &[&LockedField],
    new: &[Field],
    moved: &BTreeMap<String, String>,
) -> Result<Settled, Errors> {
    let mut settled = Settled::default();
    let mut errors = Errors::default();
    let mut taken: BTreeMap<usize, &str> = BTreeMap::new();
    for (name, key) in moved {
        let Some(o) = locked.iter().position(|field| field.name == *name) else {
            let names = locked.iter().map(|field| field.name.as_str());
            errors.push(unused(name, key, "the lock has no field of that name", nearest(name, names)));
            continue;
        };
        let is_spent =
            if key.is_empty() { locked[o].retired } else { !locked[o].retired && locked[o].field.key == *key };
        if key.is_empty() {
            if !is_spent {
                settled.insert(o, None);
            }
            continue;
        }
        let Some(n) = new.iter().position(|field| field.key == *key) else {
            let keys = new.iter().map(|field| field.key.as_str());
            errors.push(unused(name, key, "the schema has no field with that key", nearest(key, keys)));
            continue;
        };
        if let Some(other) = taken.insert(n, name) {
            errors.push(unused(name, key, &format!("`{other}` is moved to that key too"), None));
        } else if !is_spent {
            settled.insert(o, Some(n));
        }
    }
    errors.or(settled)
}

/// Makes sure that what the rules found agrees with every answer, spent ones included.
///
/// So a lock never contradicts the answers beside it, and a line that has had its day is reported before it can take
/// effect again.
pub(super) fn check_spent(
    locked: &[&LockedField],
    new: &[Field],
    moved: &BTreeMap<String, String>,
    pairs: &BTreeMap<usize, usize>,
) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for (o, field) in locked.iter().enumerate() {
        let now = pairs.get(&o).map_or("", |n| new[*n].key.as_str());
        if let Some(key) = moved.get(&field.name).filter(|key| *key != now) {
            let reason = if now.is_empty() { "it was removed".to_owned() } else { format!("it is at {now:?} now") };
            errors.push(unused(&field.name, key, &format!("the move is done, and {reason}"), None));
        }
    }
    errors.or(())
}

fn unused(name: &str, key: &str, reason: &str, nearest: Option<&str>) -> Error {
    let help = match nearest {
        Some(nearest) => {
            format!("did you mean `{nearest}`? If the move is done and locked, delete the line")
        }
        None => "delete the line".to_owned(),
    };
    Error::new(ErrorKind::UnusedOverride, format!("`{name} = {key:?}` under [moved] matches nothing: {reason}"))
        .help(help)
}

/// The text that is most like the given one, if any is at all.
fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|text| (strsim::jaro_winkler(wanted, text), text))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, text)| text)
}
