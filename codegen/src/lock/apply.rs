//! The lock put to use. In: the lock and the published fields of one struct. Out: every field's locked name and place.
//! Must not know how newcomers are named or what a schema looks like. The next lock is made by
//! [`build`](super::build).

use std::collections::{BTreeMap, BTreeSet};

use super::field::Field;
use super::file::{Lock, LockedField};
use super::matching::{Known, match_fields};
use super::moved::{check_spent, settle};
use crate::error::{Error, Errors};

/// What the lock says about the published fields of one struct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution<'a> {
    /// Every published field once, in struct order: the locked order, then newcomers as published.
    pub order: Vec<Slot<'a>>,
    /// The required fields in the order of `new`'s parameters, as positions in the published list.
    pub required: Vec<usize>,
    /// Locked fields that are not in the schema now.
    pub retired: Vec<&'a LockedField>,
    /// Names that newcomers can't have although no published field has them: those of retired fields, and former ones.
    pub taken: BTreeSet<&'a str>,
}

/// One published field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot<'a> {
    /// Its position in the published list.
    pub field: usize,
    /// What the lock knows of it, names of types and variants included; `None` for a newcomer.
    pub locked: Option<&'a LockedField>,
}

/// Finds out which published field is which locked one.
///
/// `owner` is the locked name of the struct, [`ROOT`](super::ROOT) for the model's own; `fields` are its fields and
/// `required` the keys of the required ones, both as published; `moved` are the answers of `overrides.toml` (empty for
/// other structs than the root).
///
/// A retired field comes back with its old name if it has its old plain key, or the same node-id key, title and
/// definition; everything else is a newcomer.
///
/// # Errors
/// [`ErrorKind::Ambiguous`](crate::ErrorKind::Ambiguous) for each question that the rules leave open,
/// [`ErrorKind::UnusedOverride`](crate::ErrorKind::UnusedOverride) for answers to questions nobody asked.
pub fn resolve<'a>(
    lock: Option<&'a Lock>,
    owner: &str,
    fields: &[Field],
    required: &[String],
    moved: &BTreeMap<String, String>,
) -> Result<Resolution<'a>, Errors> {
    let locked: Vec<&LockedField> = lock.map(|lock| lock.fields_of(owner).collect()).unwrap_or_default();
    let pairs = pair(&locked, fields, moved)?;
    let mut order: Vec<Slot<'a>> = pairs.iter().map(|(&o, &n)| Slot { field: n, locked: Some(locked[o]) }).collect();
    let paired: BTreeSet<usize> = pairs.values().copied().collect();
    order.extend((0..fields.len()).filter(|n| !paired.contains(n)).map(|field| Slot { field, locked: None }));

    let gone = locked.iter().enumerate().filter(|(o, _)| !pairs.contains_key(o));
    let retired: Vec<&LockedField> = gone.map(|(_, field)| *field).collect();
    let former = locked.iter().flat_map(|field| field.former.iter().map(String::as_str));
    let taken = retired.iter().map(|field| field.name.as_str()).chain(former).collect();
    let locked_required = lock.and_then(|lock| lock.required.get(owner)).map(Vec::as_slice).unwrap_or_default();
    let required = required_order(locked_required, &order, fields, required);
    Ok(Resolution { order, required, retired, taken })
}

/// Locked positions and the published ones they are now, in struct order.
fn pair(
    locked: &[&LockedField],
    fields: &[Field],
    moved: &BTreeMap<String, String>,
) -> Result<BTreeMap<usize, usize>, Errors> {
    let settled = settle(locked, fields, moved)?;
    let settled_new: BTreeSet<usize> = settled.values().flatten().copied().collect();
    let old: Vec<usize> = (0..locked.len()).filter(|o| !locked[*o].retired && !settled.contains_key(o)).collect();
    let new: Vec<usize> = (0..fields.len()).filter(|n| !settled_new.contains(n)).collect();

    let known: Vec<Known<'_>> = old.iter().map(|&o| Known { name: &locked[o].name, field: &locked[o].field }).collect();
    let published: Vec<&Field> = new.iter().map(|&n| &fields[n]).collect();
    let mut pairs: BTreeMap<usize, usize> = settled.iter().filter_map(|(&o, &n)| Some((o, n?))).collect();
    match match_fields(&known, &published) {
        Ok(found) => pairs.extend(found.iter().map(|pairing| (old[pairing.old], new[pairing.new]))),
        Err(stops) => {
            let mut errors = Errors::default();
            stops.into_iter().for_each(|stop| errors.push(Error::from(stop)));
            errors.or(())?;
        }
    }
    revive(locked, fields, &mut pairs, &settled);
    check_spent(locked, fields, moved, &pairs)?;
    Ok(pairs)
}

/// Gives retired fields that certainly came back their place.
fn revive(
    locked: &[&LockedField],
    fields: &[Field],
    pairs: &mut BTreeMap<usize, usize>,
    settled: &BTreeMap<usize, Option<usize>>,
) {
    let mut paired: BTreeSet<usize> = pairs.values().copied().collect();
    // The last one that had a key is the one that comes back.
    for (o, candidate) in locked.iter().enumerate().rev() {
        if !candidate.retired || settled.contains_key(&o) {
            continue;
        }
        let is_back =
            |field: &Field| *field == candidate.field || (field.input.is_none() && field.key == candidate.field.key);
        let back = (0..fields.len()).find(|n| !paired.contains(n) && is_back(&fields[*n]));
        if let Some(n) = back {
            paired.insert(n);
            pairs.insert(o, n);
        }
    }
}

/// Locked parameters that are still required, then those that became so, as published.
fn required_order(locked: &[String], order: &[Slot<'_>], fields: &[Field], required: &[String]) -> Vec<usize> {
    let position = |key: &String| fields.iter().position(|field| field.key == *key);
    let published: Vec<usize> = required.iter().filter_map(position).collect();
    let by_name = |name: &String| {
        order.iter().find(|slot| slot.locked.is_some_and(|locked| locked.name == *name)).map(|slot| slot.field)
    };
    let mut sorted: Vec<usize> = Vec::new();
    let stayed = locked.iter().filter_map(by_name).filter(|n| published.contains(n));
    for n in stayed.chain(published.iter().copied()) {
        if !sorted.contains(&n) {
            sorted.push(n);
        }
    }
    sorted
}

#[cfg(test)]
mod tests;
