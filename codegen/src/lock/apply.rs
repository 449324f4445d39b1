//! The lock put to use. In: the lock and the published fields of one struct. Out: every field's locked name and place.
//! Must not know how newcomers are named or what a schema looks like. The next lock is made by
//! [`build`](super::build).

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answers;
use super::field::Field;
use super::file::{Lock, LockedField};
use super::matching::{Known, match_fields};
use super::moved::{Answered, answered, check_spent, unused};
use super::stop::Stop;
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
/// `required` the keys of the required ones, both as published; `answers` are those of `overrides.toml`
/// for the struct.
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
    answers: &Answers,
) -> Result<Resolution<'a>, Errors> {
    let locked: Vec<&LockedField> = lock.map(|lock| lock.fields_of(owner).collect()).unwrap_or_default();
    let pairs = pair(owner, &locked, fields, answers)?;
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
    owner: &str,
    locked: &[&LockedField],
    fields: &[Field],
    answers: &Answers,
) -> Result<BTreeMap<usize, usize>, Errors> {
    let answered = answered(owner, locked, fields, answers)?;
    refuse_unasked(owner, locked, fields, answers, &answered)?;
    let mut pairs = match match_rest(locked, fields, &answered) {
        Ok(pairs) => pairs,
        Err(stops) => {
            let mut errors = Errors::default();
            stops.into_iter().for_each(|stop| errors.push(Error::from(stop.about(owner, locked))));
            return errors.or(BTreeMap::new());
        }
    };
    revive(locked, fields, &mut pairs, &answered);
    check_spent(owner, locked, fields, answers, &pairs)?;
    Ok(pairs)
}

/// The pairs that answers give, and those that the rules find among the other fields.
fn match_rest(
    locked: &[&LockedField],
    fields: &[Field],
    answered: &Answered,
) -> Result<BTreeMap<usize, usize>, Vec<Stop>> {
    let answered_new: BTreeSet<usize> = answered.values().flatten().copied().collect();
    let old: Vec<usize> = (0..locked.len()).filter(|o| !locked[*o].retired && !answered.contains_key(o)).collect();
    let new: Vec<usize> = (0..fields.len()).filter(|n| !answered_new.contains(n)).collect();
    let known: Vec<Known<'_>> = old.iter().map(|&o| Known { name: &locked[o].name, field: &locked[o].field }).collect();
    let published: Vec<&Field> = new.iter().map(|&n| &fields[n]).collect();
    let found = match_fields(&known, &published)?;
    let answered = answered.iter().filter_map(|(&o, &n)| Some((o, n?)));
    Ok(answered.chain(found.iter().map(|pairing| (old[pairing.old], new[pairing.new]))).collect())
}

/// Refuses answers that send a field to another node, with another type or input part, though no rule would ask for
/// them: most likely a misspelt key.
fn refuse_unasked(
    owner: &str,
    locked: &[&LockedField],
    fields: &[Field],
    answers: &Answers,
    answered: &Answered,
) -> Result<(), Errors> {
    let is_odd = |o: usize, n: usize| {
        let (old, new) = (&locked[o].field, &fields[n]);
        let has_nodes = old.input.is_some() && new.input.is_some();
        has_nodes && old.key != new.key && (old.input != new.input || old.definition.kind() != new.definition.kind())
    };
    let odd: Vec<usize> = answered.iter().filter_map(|(&o, &n)| n.filter(|&n| is_odd(o, n)).map(|_| o)).collect();
    if odd.is_empty() {
        return Ok(());
    }
    let asked = asked(locked, fields, answered);
    let mut errors = Errors::default();
    for o in odd.into_iter().filter(|o| !asked.contains_key(o)) {
        let name = &locked[o].name;
        let reason = "the field there has another type or input part, and nobody asked";
        if let Some(answer) = answers.get(name) {
            errors.push(unused(owner, name, answer, reason, None));
        }
    }
    errors.or(())
}

/// The answers that the rules ask for, question by question, as a maintainer would have been asked.
fn asked(locked: &[&LockedField], fields: &[Field], answered: &Answered) -> Answered {
    let mut given = Answered::default();
    while let Err(stops) = match_rest(locked, fields, &given) {
        let before = given.len();
        let is_asked = |o: usize, n: Option<usize>| {
            let key = n.map(|n| fields[n].key.as_str());
            stops.iter().any(|stop| stop.asks(&locked[o].name, key))
        };
        given.extend(answered.iter().map(|(&o, &n)| (o, n)).filter(|&(o, n)| is_asked(o, n)));
        if given.len() == before {
            break;
        }
    }
    given
}

/// Gives retired fields that certainly came back their place.
fn revive(locked: &[&LockedField], fields: &[Field], pairs: &mut BTreeMap<usize, usize>, answered: &Answered) {
    let mut paired: BTreeSet<usize> = pairs.values().copied().collect();
    // The last one that had a key is the one that comes back.
    for (o, candidate) in locked.iter().enumerate().rev() {
        if !candidate.retired || answered.contains_key(&o) {
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
