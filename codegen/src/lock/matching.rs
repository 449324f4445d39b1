//! Which published field is which locked one. In: the locked and the published fields of one type. Out: the pairs; what
//! is in none was removed or added. Or the questions that only a maintainer can answer. Plain data; this module must not
//! know the lock's file, overrides or names.
//!
//! A plain key is its own identity. For node-id keys, which change whenever a workflow is exported again, there are
//! three things to go by: the key, the title and the definition. The rules look for what kept two of them; one alone
//! only counts where nothing speaks against it:
//!
//! - A **mark** is a title that occurs exactly once in the old list and once in the new; for fields without such a
//!   title, the triple of title, input part and definition.
//! - Keys are **trusted** if one key set contains the other and no title mark changed its key. Then equal keys are pairs.
//! - Otherwise the links by key and by mark are looked at together, as the chains and rings they form:
//!   1. Key and mark agree, or there is only a mark: a pair.
//!   2. There is only a key: a *doubtful* pair if the definition is the same, else none.
//!   3. They disagree: the marks win, since a title says what a field is for and an id doesn't. But if a mark asks for a
//!      changed definition where a key kept it, titles were exchanged: the keys win if they account for every field of
//!      the chain with its definition; if not, it stops. It also stops if ids and titles may have been exchanged alike:
//!      in a ring if every key kept its definition, in a chain if the keys account for more fields than the marks and
//!      one of them kept its definition. All these stops are rule (c).
//! - It stops if (a) a field paired by its trusted key changed title and definition at once, or a field paired by its
//!   mark changed type or input part; (b) a field took on the definition that another old field had and lost; (d) an
//!   unpaired field shares input part and type with an unpaired or doubtful one on the other side. Titles and samples that
//!   were left out on one side, and are there on the other, are no change by (a).
//!
//! So a change that leaves each field its definition, and its key or its unique title, never stops, but where fields of
//! equal definition pass ids or titles on among themselves and the keys account for all of them too. Fields of different
//! definition are not exchanged by any change of ids, titles or bounds, nor by ids together with one of the others. Only
//! if two fields exchange titles, get new bounds and are renumbered at once does nothing give them away.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, Group};
use super::field::{Definition, Field};
use super::stop::{Candidate, Rule, Stop};

/// A locked field: what it is called and what it was recognised by.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The readable name, for messages.
    pub name: &'a str,
    /// What it was when it was locked.
    pub field: &'a Field,
}

/// A locked and a published field that are the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pairing {
    /// Position in the old list.
    pub old: usize,
    /// Position in the new list.
    pub new: usize,
}

/// Pairs the fields of two lists, in the order of the old one.
///
/// Keys must be distinct within each list.
///
/// # Errors
/// Every question that has to be answered before the fields can be told apart; never an empty list.
pub fn match_fields(old: &[Known<'_>], new: &[&Field]) -> Result<Vec<Pairing>, Vec<Stop>> {
    let old_nodes: Vec<usize> = (0..old.len()).filter(|&o| old[o].field.input.is_some()).collect();
    let new_nodes: Vec<usize> = (0..new.len()).filter(|&n| new[n].input.is_some()).collect();
    let matcher =
        Matcher::new(old_nodes.iter().map(|&o| old[o]).collect(), new_nodes.iter().map(|&n| new[n]).collect());
    let mut pairings: Vec<Pairing> =
        matcher.run()?.into_iter().map(|pair| Pairing { old: old_nodes[pair.old], new: new_nodes[pair.new] }).collect();

    let plain: BTreeMap<&str, usize> =
        new.iter().enumerate().filter(|(_, f)| f.input.is_none()).map(|(n, f)| (f.key.as_str(), n)).collect();
    for (o, known) in old.iter().enumerate().filter(|(_, known)| known.field.input.is_none()) {
        if let Some(&n) = plain.get(known.field.key.as_str()) {
            pairings.push(Pairing { old: o, new: n });
        }
    }
    pairings.sort_unstable();
    Ok(pairings)
}

/// A pair, and whether nothing but its key speaks for it.
#[derive(Clone, Copy, Debug)]
struct Pair {
    old: usize,
    new: usize,
    doubtful: bool,
}

/// The node-id fields of both lists and what links them.
struct Matcher<'a> {
    known: Vec<Known<'a>>,
    old: Vec<&'a Field>,
    new: Vec<&'a Field>,
    evidence: Evidence,
}

impl<'a> Matcher<'a> {
    fn new(known: Vec<Known<'a>>, new: Vec<&'a Field>) -> Self {
        let old: Vec<&Field> = known.iter().map(|known| known.field).collect();
        let evidence = Evidence::gather(&old, &new);
        Self { known, old, new, evidence }
    }

    fn run(&self) -> Result<Vec<Pair>, Vec<Stop>> {
        let mut stops = Vec::new();
        let mut pairs = Vec::new();
        if self.keys_are_trusted() {
            let by_key = self.evidence.key.pairs();
            pairs.extend(by_key.map(|(old, new)| Pair { old, new, doubtful: false }));
        } else {
            for group in self.evidence.groups() {
                match self.read(&group) {
                    Ok(found) => pairs.extend(found),
                    Err(stop) => stops.push((group, stop)),
                }
            }
        }
        for pair in &pairs {
            stops.extend(self.check(*pair, &pairs));
        }
        stops.extend(self.check_rest(&pairs, &stops));
        // Two fields that took on each other's marks raise one question, not two.
        let mut asked = BTreeSet::new();
        let stops = stops.into_iter().map(|(_, stop)| stop).filter(|stop| asked.insert(stop.question()));
        let stops: Vec<Stop> = stops.collect();
        if stops.is_empty() { Ok(pairs) } else { Err(stops) }
    }

    /// Whether the graph looks as if its nodes kept their ids.
    fn keys_are_trusted(&self) -> bool {
        let Evidence { key, mark, weak } = &self.evidence;
        (key.of_old.iter().all(Option::is_some) || key.of_new.iter().all(Option::is_some))
            && mark.pairs().all(|(o, n)| weak[o] || key.of_old[o] == Some(n))
    }

    /// Whether a pair kept its definition and its input part.
    fn is_unchanged(&self, o: usize, n: usize) -> bool {
        self.old[o].definition == self.new[n].definition && self.old[o].input == self.new[n].input
    }

    /// The pairs of one chain or ring of links, where keys aren't trusted.
    fn read(&self, group: &Group) -> Result<Vec<Pair>, Stop> {
        let by_key = group.pairs(&self.evidence.key);
        let by_mark = group.pairs(&self.evidence.mark);
        let firm = |pairs: Vec<(usize, usize)>| {
            pairs.into_iter().map(|(old, new)| Pair { old, new, doubtful: false }).collect()
        };
        let kept = |pair: &&(usize, usize)| self.is_unchanged(pair.0, pair.1);
        if by_key == by_mark || by_key.is_empty() {
            return Ok(firm(by_mark));
        }
        if by_mark.is_empty() {
            return Ok(by_key.iter().filter(kept).map(|&(old, new)| Pair { old, new, doubtful: true }).collect());
        }
        let keys_explain_all = group.is_covered_by(&by_key) && by_key.iter().filter(kept).count() == by_key.len();
        if by_mark.iter().any(|&(o, n)| self.is_contradicted(o, n)) {
            return if keys_explain_all { Ok(firm(by_key)) } else { Err(self.describe(Rule::KeyAgainstTitle, group)) };
        }
        let is_ring = group.is_covered_by(&by_mark) && group.is_covered_by(&by_key);
        let keys_leave_nothing = group.is_covered_by(&by_key) && by_key.iter().any(|pair| kept(&pair));
        if keys_explain_all || (keys_leave_nothing && !is_ring) {
            return Err(self.describe(Rule::KeyAgainstTitle, group));
        }
        Ok(firm(by_mark))
    }

    /// Whether a key that kept its definition speaks against a mark that did not.
    fn is_contradicted(&self, o: usize, n: usize) -> bool {
        let key = &self.evidence.key;
        let kept_by_key = key.of_old[o].is_some_and(|other| other != n && self.is_unchanged(o, other))
            || key.of_new[n].is_some_and(|other| other != o && self.is_unchanged(other, n));
        kept_by_key && !self.is_unchanged(o, n)
    }

    /// Rules (a) and (b) for one pair.
    fn check(&self, pair: Pair, pairs: &[Pair]) -> Option<(Group, Stop)> {
        let (old, new) = (self.old[pair.old], self.new[pair.new]);
        let alone = || Group { old: vec![pair.old], new: vec![pair.new] };
        if old.key == new.key && old.title != new.title && old.definition != new.definition && !texts_alone(old, new) {
            return Some(self.stop(Rule::TitleAndDefinition, alone()));
        }
        if old.key != new.key && (old.definition.kind != new.definition.kind || old.input != new.input) {
            return Some(self.stop(Rule::TypeOrInput, alone()));
        }
        if old.definition == new.definition {
            return None;
        }
        let loser = (0..self.old.len()).find(|&other| {
            other != pair.old
                && self.old[other].definition == new.definition
                && !pairs.iter().any(|p| p.old == other && self.new[p.new].definition == new.definition)
        })?;
        let mut group = alone();
        group.old.push(loser);
        group.new.extend(pairs.iter().filter(|p| p.old == loser).map(|p| p.new));
        Some(self.stop(Rule::TookDefinition, group))
    }

    /// Rule (d): fields of one shape that are left over on both sides. A doubtful pair counts as left over too, unless
    /// everything of its shape is paired.
    fn check_rest(&self, pairs: &[Pair], asked: &[(Group, Stop)]) -> Vec<(Group, Stop)> {
        let paired_old: BTreeSet<usize> = pairs.iter().map(|pair| pair.old).collect();
        let paired_new: BTreeSet<usize> = pairs.iter().map(|pair| pair.new).collect();
        let firm = || pairs.iter().filter(|pair| !pair.doubtful);
        let mut rest_old: BTreeSet<usize> = (0..self.old.len()).collect();
        let mut rest_new: BTreeSet<usize> = (0..self.new.len()).collect();
        rest_old.retain(|&o| !firm().any(|p| p.old == o) && !asked.iter().any(|(group, _)| group.old.contains(&o)));
        rest_new.retain(|&n| !firm().any(|p| p.new == n) && !asked.iter().any(|(group, _)| group.new.contains(&n)));

        let mut by_shape: BTreeMap<(Option<&str>, &str), Group> = BTreeMap::new();
        for &o in &rest_old {
            by_shape.entry(shape(self.old[o])).or_default().old.push(o);
        }
        for &n in &rest_new {
            by_shape.entry(shape(self.new[n])).or_default().new.push(n);
        }
        let is_open = |group: &Group| {
            group.old.iter().any(|o| !paired_old.contains(o)) || group.new.iter().any(|n| !paired_new.contains(n))
        };
        let ambiguous = by_shape.into_values().filter(|group| !group.old.is_empty() && !group.new.is_empty());
        ambiguous.filter(is_open).map(|group| self.stop(Rule::LeftOver, group)).collect()
    }

    fn stop(&self, rule: Rule, group: Group) -> (Group, Stop) {
        let stop = self.describe(rule, &group);
        (group, stop)
    }

    fn describe(&self, rule: Rule, group: &Group) -> Stop {
        let old = group.old.iter().map(|&o| Candidate::old(self.known[o].name, self.old[o]));
        let new = group.new.iter().map(|&n| Candidate::new(self.new[n]));
        Stop::new(rule, old.collect(), new.collect())
    }
}

/// Whether nothing but texts came or went, since a schema that was taken over without them has them now, or the other way.
fn texts_alone(old: &Field, new: &Field) -> bool {
    let without = |field: &Field| Definition { default: None, ..field.definition.clone() };
    old.is_bare != new.is_bare && new.definition.may_have_samples() && without(old) == without(new)
}

/// Input part and type: fields of different shape are never taken for one another.
fn shape(field: &Field) -> (Option<&str>, &str) {
    (field.input.as_deref(), field.definition.kind())
}

#[cfg(test)]
mod tests;
