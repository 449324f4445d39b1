//! Old and new fields in, what links them out: equal keys, and marks that occur exactly once in both lists. Everything
//! is counted on the whole lists, never on what another rule left over. This module draws no conclusions.

use std::collections::BTreeMap;

use super::field::Field;

/// Links between two lists; every field has at most one.
#[derive(Debug)]
pub(super) struct Links {
    /// The new field that each old one is linked with.
    pub(super) of_old: Vec<Option<usize>>,
    /// The old field that each new one is linked with.
    pub(super) of_new: Vec<Option<usize>>,
}

/// What speaks for a pair of fields being one.
#[derive(Debug)]
pub(super) struct Evidence {
    /// Equal wire keys.
    pub(super) key: Links,
    /// Titles that occur once in each list; for fields without such a title, title, input part and definition together.
    pub(super) mark: Links,
    /// Whether an old field's mark is such a triple, which says less than a title.
    pub(super) weak: Vec<bool>,
}

impl Evidence {
    /// Gathers all links between the two lists.
    pub(super) fn gather(old: &[&Field], new: &[&Field]) -> Self {
        let key = Links::once_in_both(old, new, |field| Some(&field.key));
        let title = Links::once_in_both(old, new, |field| Some(&field.title).filter(|title| !title.is_empty()));
        let triple = Links::once_in_both(old, new, |field| Some((&field.title, &field.input, &field.definition)));
        let mut mark = title;
        let mut weak = vec![false; old.len()];
        for (o, n) in triple.pairs() {
            // Equal triples have equal titles, so both sides have the title link or neither has.
            if mark.of_old[o].is_none() && mark.of_new[n].is_none() {
                (mark.of_old[o], mark.of_new[n], weak[o]) = (Some(n), Some(o), true);
            }
        }
        Self { key, mark, weak }
    }

    /// The fields that hang together by links, as lists of old and of new positions. Since a field has at most one link
    /// by key and one by mark, such a group is a chain or a ring in which the two kinds alternate.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut seen_old = vec![false; self.key.of_old.len()];
        let mut seen_new = vec![false; self.key.of_new.len()];
        let mut groups = Vec::new();
        for start in 0..seen_old.len() {
            if seen_old[start] {
                continue;
            }
            let mut group = Group::default();
            let mut open = vec![start];
            seen_old[start] = true;
            while let Some(o) = open.pop() {
                group.old.push(o);
                for n in [self.key.of_old[o], self.mark.of_old[o]].into_iter().flatten() {
                    if std::mem::replace(&mut seen_new[n], true) {
                        continue;
                    }
                    group.new.push(n);
                    for next in [self.key.of_new[n], self.mark.of_new[n]].into_iter().flatten() {
                        if !std::mem::replace(&mut seen_old[next], true) {
                            open.push(next);
                        }
                    }
                }
            }
            groups.push(group);
        }
        groups
    }
}

/// Fields that hang together by links.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// Positions in the old list.
    pub(super) old: Vec<usize>,
    /// Positions in the new list.
    pub(super) new: Vec<usize>,
}

impl Group {
    /// The group's links of one kind.
    pub(super) fn pairs(&self, links: &Links) -> Vec<(usize, usize)> {
        self.old.iter().filter_map(|&o| Some((o, links.of_old[o]?))).collect()
    }

    /// Whether links of one kind alone account for every field of the group.
    pub(super) fn is_covered_by(&self, pairs: &[(usize, usize)]) -> bool {
        pairs.len() == self.old.len() && pairs.len() == self.new.len()
    }
}

impl Links {
    /// All links, in the order of the old list.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        self.of_old.iter().enumerate().filter_map(|(o, n)| Some((o, (*n)?)))
    }

    /// Links the fields whose mark occurs exactly once in each list.
    fn once_in_both<'a, M: Ord>(old: &[&'a Field], new: &[&'a Field], mark: impl Fn(&'a Field) -> Option<M>) -> Self {
        let (in_old, in_new) = (positions(old, &mark), positions(new, &mark));
        let mut links = Self { of_old: vec![None; old.len()], of_new: vec![None; new.len()] };
        for (mark, at) in &in_old {
            if let ([o], Some([n])) = (at.as_slice(), in_new.get(mark).map(Vec::as_slice)) {
                (links.of_old[*o], links.of_new[*n]) = (Some(*n), Some(*o));
            }
        }
        links
    }
}

/// Where each mark occurs.
fn positions<'a, M: Ord>(fields: &[&'a Field], mark: impl Fn(&'a Field) -> Option<M>) -> BTreeMap<M, Vec<usize>> {
    let mut at: BTreeMap<M, Vec<usize>> = BTreeMap::new();
    for (position, field) in fields.iter().enumerate() {
        if let Some(mark) = mark(field) {
            at.entry(mark).or_default().push(position);
        }
    }
    at
}
