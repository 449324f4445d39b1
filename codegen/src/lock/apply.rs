//! The lock put to use. In: the lock and the published fields of one struct. Out: every field's locked name and place.
//! Must not know how newcomers are named or what a schema looks like. The next lock is made by
//! [`build`](super::build).

pub(crate) mod partial;

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, Answers};
use super::field::Field;
use super::file::{Lock, LockedField};
use super::matching::{Known, match_fields};
use super::moved::{Answered, is_spent, overtaken, prepare, waits};
use super::stop::{Candidate, Rule, Stop};
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
    /// The answers that were given, now or before: what the next lock is to remember.
    pub given: Answers,
    /// What is worth telling although it stops nothing: answers that wait, and such that had their day.
    pub notes: Vec<Error>,
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
/// A retired field comes back with its old name if it has its old plain key, or the same title, input part and definition as
/// no other; where only its definition is another one, that is a question. Everything else is a newcomer.
///
/// # Errors
/// [`ErrorKind::Ambiguous`](crate::ErrorKind::Ambiguous) for each question that the rules leave open,
/// [`ErrorKind::UnusedOverride`](crate::ErrorKind::UnusedOverride) for answers that no schema can make true.
pub fn resolve<'a>(
    lock: Option<&'a Lock>,
    owner: &str,
    fields: &[Field],
    required: &[String],
    answers: &Answers,
) -> Result<Resolution<'a>, Errors> {
    let locked: Vec<&LockedField> = lock.map(|lock| lock.fields_of(owner).collect()).unwrap_or_default();
    let mut found = resolve_forms(owner, &locked, fields, answers)?;
    let locked_required = lock.and_then(|lock| lock.required.get(owner)).map(Vec::as_slice).unwrap_or_default();
    found.required = required_order(locked_required, &found.order, fields, required);
    Ok(found)
}

/// The same for the forms of a union, which are recognised like fields, but nothing requires them. `locked` are those that
/// the lock has for it.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_forms<'a>(
    owner: &str,
    locked: &[&'a LockedField],
    fields: &[Field],
    answers: &Answers,
) -> Result<Resolution<'a>, Errors> {
    let Paired { pairs, given, notes } = pair(owner, locked, fields, answers)?;
    let mut order: Vec<Slot<'a>> = pairs.iter().map(|(&o, &n)| Slot { field: n, locked: Some(locked[o]) }).collect();
    let paired: BTreeSet<usize> = pairs.values().copied().collect();
    order.extend((0..fields.len()).filter(|n| !paired.contains(n)).map(|field| Slot { field, locked: None }));

    let gone = locked.iter().enumerate().filter(|(o, _)| !pairs.contains_key(o));
    let retired: Vec<&LockedField> = gone.map(|(_, field)| *field).collect();
    let former = locked.iter().flat_map(|field| field.former.iter().map(String::as_str));
    let taken = retired.iter().map(|field| field.name.as_str()).chain(former).collect();
    Ok(Resolution { order, required: Vec::new(), retired, taken, given, notes })
}

/// Which locked field is which published one, in struct order, and what the answers had to do with it.
struct Paired {
    pairs: BTreeMap<usize, usize>,
    given: Answers,
    notes: Vec<Error>,
}

/// Pairs the fields. Answers are given question by question, as a maintainer would have been asked; what nobody asks for
/// decides nothing that the rules can decide.
fn pair(owner: &str, locked: &[&LockedField], fields: &[Field], answers: &Answers) -> Result<Paired, Errors> {
    let prepared = prepare(owner, locked, fields, answers)?;
    let mut given = Answered::default();
    let mut pairs = loop {
        let stops = match match_rest(locked, fields, &given) {
            Ok(pairs) => break pairs,
            Err(stops) => stops,
        };
        let before = given.len();
        let ready = prepared.ready.iter().map(|(&o, &n)| (o, n));
        given.extend(ready.filter(|&(o, n)| stops.iter().any(|stop| is_asked(stop, locked, fields, o, n))));
        if given.len() == before {
            return questions(owner, locked, stops, &prepared.waiting);
        }
    };
    let mut notes = Vec::new();
    for (&o, &n) in &prepared.ready {
        if given.contains_key(&o) {
            continue;
        }
        match unasked(locked, fields, &mut pairs, o, n) {
            Ok(()) => drop(given.insert(o, n)),
            Err(reason) => {
                let name = &locked[o].name;
                notes.extend(answers.get(name).map(|answer| waits(owner, name, answer, &reason)));
            }
        }
    }
    revive(locked, fields, &mut pairs, &given);
    if let Err(stops) = come_back(locked, fields, &mut pairs, &given) {
        return questions(owner, locked, stops, &prepared.waiting);
    }
    notes.extend(prepared.waiting.into_values());
    notes.extend(overtaken(owner, locked, fields, answers, &pairs));
    let is_given = |name: &String, answer: &Answer| {
        let place = locked.iter().position(|field| field.name == *name);
        place.is_some_and(|o| given.contains_key(&o) || is_spent(locked[o], answer))
    };
    let given = answers.iter().filter(|(name, answer)| is_given(name, answer));
    Ok(Paired { pairs, given: given.map(|(name, answer)| (name.clone(), answer.clone())).collect(), notes })
}

/// The errors of the questions, each with the answers that name a key which is not there.
fn questions(
    owner: &str,
    locked: &[&LockedField],
    stops: Vec<Stop>,
    waiting: &BTreeMap<&str, Error>,
) -> Result<Paired, Errors> {
    let mut errors = Errors::default();
    for stop in stops {
        let about = waiting.iter().filter(|(name, _)| stop.asks(name, None));
        let about: String = about.map(|(_, note)| format!("\n{}", note.message)).collect();
        let error = Error::from(stop.about(owner, locked));
        let help = error.help.trim_end().to_owned() + &about;
        errors.push(error.help(help));
    }
    errors.or(Paired { pairs: BTreeMap::new(), given: Answers::new(), notes: Vec::new() })
}

/// Whether a stop asks for the answer: for one that it prints, or for the true key where that is none of these.
fn is_asked(stop: &Stop, locked: &[&LockedField], fields: &[Field], o: usize, n: Option<usize>) -> bool {
    let name = &locked[o].name;
    let Some(n) = n else { return stop.asks(name, None) };
    stop.asks(name, Some(&fields[n].key)) || (stop.asks(name, None) && !is_odd(locked, fields, o, n))
}

/// Whether a field would be at another node, with another type or input part: most likely a misspelt key.
fn is_odd(locked: &[&LockedField], fields: &[Field], o: usize, n: usize) -> bool {
    let (old, new) = (&locked[o].field, &fields[n]);
    let has_nodes = old.input.is_some() && new.input.is_some();
    has_nodes && old.key != new.key && (old.input != new.input || old.definition.kind() != new.definition.kind())
}

/// Gives an answer that nobody asked for, if both sides of it are left over, or it is what the rules found.
///
/// # Errors
/// Why it waits, as the end of a sentence.
fn unasked(
    locked: &[&LockedField],
    fields: &[Field],
    pairs: &mut BTreeMap<usize, usize>,
    o: usize,
    n: Option<usize>,
) -> Result<(), String> {
    let at = |n: usize| format!("nobody asks, and it is at {:?} now", fields[n].key);
    match (pairs.get(&o).copied(), n) {
        (Some(now), Some(n)) if now == n && locked[o].field.key != fields[n].key => Ok(()),
        (Some(now), _) => Err(at(now)),
        (None, None) => Ok(()),
        (None, Some(n)) => match pairs.iter().find(|(_, now)| **now == n) {
            Some((other, _)) => Err(format!("nobody asks, and `{}` is at that key now", locked[*other].name)),
            // A removed field may come back as anything; its name is asked about then.
            None if !locked[o].retired && is_odd(locked, fields, o, n) => {
                Err("nobody asks, and the field there has another type or input part".to_owned())
            }
            None => {
                pairs.insert(o, n);
                Ok(())
            }
        },
    }
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

/// Gives retired fields their place that came back under another node id: for certain if title, input part and definition are
/// those of one retired field and of one newcomer alone.
///
/// # Errors
/// The question for each title that retired fields had and newcomers of their type and input part have now.
fn come_back(
    locked: &[&LockedField],
    fields: &[Field],
    pairs: &mut BTreeMap<usize, usize>,
    answered: &Answered,
) -> Result<(), Vec<Stop>> {
    let is_alike = |one: &Field, other: &Field| {
        // The one value that a tag has says as much as a title.
        let has_marks = one.input.is_some() && (!one.title.is_empty() || one.definition.values.len() == 1);
        has_marks
            && (&one.input, &one.title, one.definition.kind()) == (&other.input, &other.title, other.definition.kind())
    };
    let mut stops: Vec<Stop> = Vec::new();
    let paired: BTreeSet<usize> = pairs.values().copied().collect();
    for n in (0..fields.len()).filter(|n| !paired.contains(n)) {
        let is_open = |o: &usize| locked[*o].retired && !pairs.contains_key(o) && !answered.contains_key(o);
        let old: Vec<usize> =
            (0..locked.len()).filter(is_open).filter(|o| is_alike(&locked[*o].field, &fields[n])).collect();
        let new: Vec<usize> = (0..fields.len())
            .filter(|other| !paired.contains(other) && is_alike(&fields[*other], &fields[n]))
            .collect();
        match (old.as_slice(), new.as_slice()) {
            ([], _) => {}
            ([o], [_]) if locked[*o].field.definition == fields[n].definition => drop(pairs.insert(*o, n)),
            (_, [first, ..]) if *first != n => {}
            _ => {
                let old = old.iter().map(|o| Candidate::old(&locked[*o].name, &locked[*o].field));
                let new = new.iter().map(|n| Candidate::new(&fields[*n]));
                stops.push(Stop::new(Rule::CameBack, old.collect(), new.collect()));
            }
        }
    }
    if stops.is_empty() { Ok(()) } else { Err(stops) }
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
