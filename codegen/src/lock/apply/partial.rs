//! The lock put to use where nobody can be asked: what its rules can't tell is left open, and all else is found as ever. In:
//! the lock and the published fields of one struct. Out: the locked names and places of those that can be told, and
//! the others. Must not know what becomes of those.

use std::collections::{BTreeMap, BTreeSet};

use super::{Answers, Field, Lock, LockedField, Resolution, Slot, come_back, match_rest, required_order, revive};
use crate::lock::moved::Answered;
use crate::lock::stop::Stop;

/// What the lock can tell of the fields of one struct.
#[derive(Debug, Default)]
pub(crate) struct Partial<'a> {
    /// As [`resolve`](super::resolve) finds it; what is left open is a newcomer to it.
    pub found: Resolution<'a>,
    /// The keys of the fields that may be one that the lock knows, each with the question that nobody answers.
    pub open: BTreeMap<String, String>,
}

/// Finds out which published field is which locked one, as far as the rules can tell without an answer.
pub(crate) fn resolve_partly<'a>(
    lock: Option<&'a Lock>,
    owner: &str,
    fields: &[Field],
    required: &[String],
) -> Partial<'a> {
    let locked: Vec<&LockedField> = lock.map(|lock| lock.fields_of(owner).collect()).unwrap_or_default();
    let (mut lost, mut open): (BTreeSet<String>, BTreeMap<String, String>) = Default::default();
    let (known, left, pairs) = loop {
        let known: Vec<&'a LockedField> = locked.iter().copied().filter(|field| !lost.contains(&field.name)).collect();
        let left: Vec<usize> = (0..fields.len()).filter(|n| !open.contains_key(&fields[*n].key)).collect();
        let published: Vec<Field> = left.iter().map(|n| fields[*n].clone()).collect();
        let stops = match pairs(&known, &published) {
            Ok(pairs) => break (known, left, pairs),
            Err(stops) => stops,
        };
        let before = lost.len() + open.len();
        for stop in &stops {
            lost.extend(stop.old.iter().filter_map(|old| old.name.clone()));
            open.extend(stop.new.iter().map(|new| (new.key.clone(), stop.to_string())));
        }
        if lost.len() + open.len() == before {
            // A question without sides would be asked forever.
            open.extend(fields.iter().map(|field| (field.key.clone(), String::new())));
        }
    };
    let mut order: Vec<Slot<'a>> =
        pairs.iter().map(|(&o, &n)| Slot { field: left[n], locked: Some(known[o]) }).collect();
    let paired: BTreeSet<usize> = order.iter().map(|slot| slot.field).collect();
    order.extend((0..fields.len()).filter(|n| !paired.contains(n)).map(|field| Slot { field, locked: None }));
    let is_kept =
        |field: &LockedField| order.iter().any(|slot| slot.locked.is_some_and(|kept| kept.name == field.name));
    let retired: Vec<&'a LockedField> = locked.iter().copied().filter(|field| !is_kept(field)).collect();
    let former = locked.iter().flat_map(|field| field.former.iter().map(String::as_str));
    let taken = retired.iter().map(|field| field.name.as_str()).chain(former).collect();
    let locked_required = lock.and_then(|lock| lock.required.get(owner)).map(Vec::as_slice).unwrap_or_default();
    let required = required_order(locked_required, &order, fields, required);
    Partial { found: Resolution { order, required, retired, taken, given: Answers::new(), notes: Vec::new() }, open }
}

/// Which locked field is which published one by the rules alone.
fn pairs(locked: &[&LockedField], fields: &[Field]) -> Result<BTreeMap<usize, usize>, Vec<Stop>> {
    let nothing = Answered::default();
    let mut pairs = match_rest(locked, fields, &nothing)?;
    revive(locked, fields, &mut pairs, &nothing);
    come_back(locked, fields, &mut pairs, &nothing)?;
    Ok(pairs)
}
