//! The first form of the matching rules: pairs by key where keys are trusted, by witness else, and nothing in between.
//! In: a case. Out: pairs, or `None` where it stops. It stops more often than the rules of today; where it pairs, both
//! have to agree.

use std::collections::BTreeMap;

use super::{Case, TrueField};

/// What the first form of the rules says.
#[must_use]
pub fn pairs(case: &Case) -> Option<Vec<(usize, usize)>> {
    let (old, new) = (&case.old, &case.new);
    let at_key = |fields: &[TrueField], key| fields.iter().position(|field| field.key() == key);
    let titles = witnesses(old, new, |field| Some(&field.title).filter(|title| !title.is_empty()));
    let contained =
        old.iter().all(|o| at_key(new, o.key()).is_some()) || new.iter().all(|n| at_key(old, n.key()).is_some());
    let trusted = contained && titles.iter().all(|(o, n)| old[*o].key() == new[*n].key());
    let pairs: Vec<(usize, usize)> = if trusted {
        (0..old.len()).filter_map(|o| Some((o, at_key(new, old[o].key())?))).collect()
    } else {
        let triples = witnesses(old, new, |field| Some((&field.title, field.part, field.definition())));
        let is_free = |(o, n): &(usize, usize)| titles.iter().all(|title| title.0 != *o && title.1 != *n);
        titles.iter().copied().chain(triples.into_iter().filter(is_free)).collect()
    };
    let partner = |o: usize| pairs.iter().find(|pair| pair.0 == o).map(|pair| &new[pair.1]);
    for &(o, n) in &pairs {
        let (was, now) = (&old[o], &new[n]);
        if was.key() == now.key() && was.title != now.title && was.definition() != now.definition() {
            return None;
        }
        if was.key() != now.key() && (was.kind != now.kind || was.part != now.part) {
            return None;
        }
        let took = |other: usize| {
            other != o
                && old[other].definition() == now.definition()
                && partner(other).is_none_or(|partner| partner.definition() != old[other].definition())
        };
        if was.definition() != now.definition() && (0..old.len()).any(took) {
            return None;
        }
        let exchanged = |before: usize| before != o && old[before].definition() == was.definition();
        let old_key_exists = at_key(new, was.key()).is_some();
        if was.key() != now.key() && old_key_exists && at_key(old, now.key()).is_some_and(exchanged) {
            return None;
        }
    }
    let left_old = (0..old.len()).filter(|o| pairs.iter().all(|pair| pair.0 != *o));
    for o in left_old {
        let mut left_new = (0..new.len()).filter(|n| pairs.iter().all(|pair| pair.1 != *n));
        if left_new.any(|n| old[o].part == new[n].part && old[o].kind == new[n].kind) {
            return None;
        }
    }
    Some(pairs)
}

/// Fields whose mark occurs exactly once in each list.
fn witnesses<'a, M: Ord>(
    old: &'a [TrueField],
    new: &'a [TrueField],
    mark: impl Fn(&'a TrueField) -> Option<M>,
) -> Vec<(usize, usize)> {
    let count = |fields: &'a [TrueField]| {
        let mut at: BTreeMap<M, Vec<usize>> = BTreeMap::new();
        for (position, field) in fields.iter().enumerate() {
            if let Some(mark) = mark(field) {
                at.entry(mark).or_default().push(position);
            }
        }
        at
    };
    let (in_old, in_new) = (count(old), count(new));
    let once = |(mark, at): (&M, &Vec<usize>)| match (at.as_slice(), in_new.get(mark)?.as_slice()) {
        ([o], [n]) => Some((*o, *n)),
        _ => None,
    };
    in_old.iter().filter_map(once).collect()
}
