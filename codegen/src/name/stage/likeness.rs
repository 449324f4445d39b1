//! Which objects of a union are which old ones, by all their fields: the fields of the old and of the new objects in, the
//! pairs that leave no doubt out. Plain data; must not know locks' files, types or names.
//!
//! A field speaks for a pair if it has kept its key, where keys can be trusted, else if it has kept its title and input
//! part; where that finds nothing, if it has kept its key and its definition. Nothing is paired for what other objects have
//! too: at least one field has to be an object's own.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use crate::lock::{Definition, Field};

/// The fields of one object.
pub(super) type Fields = Vec<Field>;

/// Pairs of an old and a new object, as places in the two lists.
pub(super) fn pairs(old: &[Fields], new: &[Fields]) -> Vec<(usize, usize)> {
    let own = (0..old.len()).map(|place| own(old, place)).collect();
    let likeness = Likeness { old, new, own, keys_are_trusted: keys_are_trusted(old, new) };
    let mut found = likeness.best();
    let doubtful: Vec<(usize, usize)> = found.iter().copied().filter(|pair| likeness.is_doubtful(*pair)).collect();
    found.retain(|pair| !doubtful.contains(pair));
    // Whose keys it may have got is in doubt as well.
    let may_be = |place: usize| doubtful.iter().any(|(o, n)| *n != place && likeness.has_keys_of(*o, place));
    found.retain(|(_, n)| !may_be(*n));
    found
}

/// Whether the node ids seem to be the old ones: no key has come while another went, and no title changed its key.
fn keys_are_trusted(old: &[Fields], new: &[Fields]) -> bool {
    let nodes = |side: &[Fields]| -> BTreeMap<String, String> {
        let of_nodes = side.iter().flatten().filter(|field| field.input.is_some());
        of_nodes.map(|field| (field.key.clone(), field.title.clone())).collect()
    };
    let (old, new) = (nodes(old), nodes(new));
    let at = |side: &BTreeMap<String, String>, title: &str| -> Option<String> {
        let mut keys = side.iter().filter(|(_, own)| *own == title).map(|(key, _)| key.clone());
        keys.next().filter(|_| keys.next().is_none())
    };
    let moved = |title: &String| !title.is_empty() && at(&old, title).zip(at(&new, title)).is_some_and(|(a, b)| a != b);
    let keys = |side: &BTreeMap<String, String>| side.keys().cloned().collect::<BTreeSet<_>>();
    let (old_keys, new_keys) = (keys(&old), keys(&new));
    (old_keys.is_subset(&new_keys) || new_keys.is_subset(&old_keys)) && !old.values().any(moved)
}

struct Likeness<'a> {
    old: &'a [Fields],
    new: &'a [Fields],
    /// The fields of each old object that no other has.
    own: Vec<Vec<&'a Field>>,
    keys_are_trusted: bool,
}

impl Likeness<'_> {
    /// Each pair whose objects are more alike than either is like any other that is left.
    fn best(&self) -> Vec<(usize, usize)> {
        let mut scores: BTreeMap<(usize, usize), f64> = BTreeMap::new();
        for o in 0..self.old.len() {
            for n in 0..self.new.len() {
                let score = self.score(o, n);
                if score > 0.0 {
                    scores.insert((o, n), score);
                }
            }
        }
        let mut found = Vec::new();
        while !scores.is_empty() {
            let (of_old, of_new) = (highest(&scores, |pair| pair.0), highest(&scores, |pair| pair.1));
            let is_best = |pair: &(usize, usize)| of_old[&pair.0] == Some(*pair) && of_new[&pair.1] == Some(*pair);
            let best: Vec<(usize, usize)> = scores.keys().copied().filter(is_best).collect();
            if best.is_empty() {
                break;
            }
            scores.retain(|(o, n), _| best.iter().all(|pair| pair.0 != *o && pair.1 != *n));
            found.extend(best);
        }
        found.extend(self.left_alone(&found));
        found
    }

    /// Of the objects that nothing speaks for, those that kept a field of their own, key and definition, though its title is
    /// another one: as they alone did. A type alone is no definition to go by, but where every title is another one, and
    /// nothing else could tell; then the lock's rules ask about the fields.
    fn left_alone(&self, found: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let is_it = |new: &Field, old: &Field| (&new.key, &new.definition) == (&old.key, &old.definition);
        let are_retitled = self.are_retitled();
        let kept = |(o, n): (usize, usize)| {
            let says_more = |old: &Field| are_retitled || old.definition != Definition::new(old.definition.kind());
            let is_mark = |old: &&&Field| old.input.is_some() && says_more(old);
            let own = self.own[o].iter().filter(is_mark);
            own.into_iter().any(|old| {
                let everywhere = self.new.iter().flatten().filter(|new| is_it(new, old)).count();
                everywhere == 1 && self.new[n].iter().any(|new| is_it(new, old))
            })
        };
        let pairs = (0..self.old.len()).flat_map(|o| (0..self.new.len()).map(move |n| (o, n)));
        let is_left = |(o, n): &(usize, usize)| found.iter().all(|pair| pair.0 != *o && pair.1 != *n);
        let left: Vec<(usize, usize)> = pairs.filter(is_left).filter(|pair| kept(*pair)).collect();
        let is_alone = |(o, n): &(usize, usize)| left.iter().filter(|pair| pair.0 == *o || pair.1 == *n).count() == 1;
        left.iter().copied().filter(is_alone).collect()
    }

    /// Whether there were titles, and none of them is there any more.
    fn are_retitled(&self) -> bool {
        let titles = |side: &[Fields]| -> BTreeSet<String> {
            let titled = side.iter().flatten().filter(|field| field.input.is_some() && !field.title.is_empty());
            titled.map(|field| field.title.clone()).collect()
        };
        let (old, new) = (titles(self.old), titles(self.new));
        !old.is_empty() && old.is_disjoint(&new)
    }

    /// How alike two objects are, from 0 to 1.
    fn score(&self, o: usize, n: usize) -> f64 {
        let (old, new) = (&self.old[o], &self.new[n]);
        let mut left: Vec<&Field> = new.iter().collect();
        let mut matched = 0;
        let mut own = self.own[o].clone();
        for field in old {
            let place = left.iter().position(|other| self.are_same(field, other));
            if let Some(place) = place {
                left.remove(place);
                matched += 1;
                own.retain(|one| one.key != field.key);
            }
        }
        if !self.own[o].is_empty() && own.len() == self.own[o].len() {
            return 0.0;
        }
        f64::from(matched) / (old.len() + left.len()).max(1) as f64
    }

    fn are_same(&self, old: &Field, new: &Field) -> bool {
        if constant(old).is_some() && constant(new).is_some() && constant(old) != constant(new) {
            return false;
        }
        match (&old.input, &new.input) {
            (Some(_), Some(_)) if self.keys_are_trusted => old.key == new.key,
            (Some(input), Some(other)) => {
                let is_named = !old.title.is_empty() || old.definition == new.definition;
                input == other && old.title == new.title && is_named
            }
            (None, None) => old.key == new.key,
            _ => false,
        }
    }

    /// Whether all that an old object had for itself is as it was in another new object, but for the titles: then the
    /// titles may have been exchanged, or the ids.
    fn is_doubtful(&self, (o, n): (usize, usize)) -> bool {
        (0..self.new.len()).any(|other| other != n && self.has_keys_of(o, other))
    }

    fn has_keys_of(&self, o: usize, n: usize) -> bool {
        let own = &self.own[o];
        let is_there = |field: &&Field| {
            self.new[n].iter().any(|other| other.key == field.key && other.definition == field.definition)
        };
        own.iter().any(|field| field.input.is_some()) && own.iter().all(is_there)
    }
}

/// The fields of an old object that no other has.
fn own(old: &[Fields], place: usize) -> Vec<&Field> {
    let others = || old.iter().enumerate().filter(|(other, _)| *other != place).flat_map(|(_, fields)| fields);
    let is_own = |field: &&Field| !others().any(|other| other.key == field.key && constant(other) == constant(field));
    old[place].iter().filter(is_own).collect()
}

/// The pair of the highest score for each object of one side; none where two have it.
fn highest(
    scores: &BTreeMap<(usize, usize), f64>,
    side: fn(&(usize, usize)) -> usize,
) -> BTreeMap<usize, Option<(usize, usize)>> {
    let mut highest: BTreeMap<usize, (f64, Option<(usize, usize)>)> = BTreeMap::new();
    for (pair, score) in scores {
        let known = highest.entry(side(pair)).or_insert((*score, Some(*pair)));
        match score.total_cmp(&known.0) {
            Ordering::Greater => *known = (*score, Some(*pair)),
            Ordering::Equal if known.1 != Some(*pair) => known.1 = None,
            _ => {}
        }
    }
    highest.into_iter().map(|(object, (_, pair))| (object, pair)).collect()
}

/// The one value that a field has, if it lists no other.
fn constant(field: &Field) -> Option<&str> {
    field.definition.only_value()
}

#[cfg(test)]
mod tests;
