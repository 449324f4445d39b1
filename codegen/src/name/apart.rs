//! Tells names apart that would be the same: ways to spell each name go in, names come out of which no two are equal.
//! Must not know what is named.
//!
//! The whole set is looked at, and all members of a clash are treated alike, so the order of a list never shows.

use std::collections::{BTreeMap, BTreeSet};

/// The names to find, and what stands in their way.
pub(super) struct Contest<'a> {
    /// One per name: its spelling if that is fixed, because someone wrote it down or it has been published.
    pub(super) fixed: &'a [Option<String>],
    /// Names that nobody may get.
    pub(super) taken: &'a BTreeSet<&'a str>,
    /// How many marks there are. The first is tried first.
    pub(super) marks: u32,
    /// How the name at an index is spelled with a set of marks, as bits. A mark that says nothing changes nothing.
    pub(super) spell: &'a dyn Fn(usize, u32) -> String,
}

impl Contest<'_> {
    /// The names, in the order of the list.
    ///
    /// Whoever shares a name gets the first mark that makes a difference in its group; fixed names stay, and the
    /// others make room. This is repeated, because a longer name can meet another one.
    ///
    /// # Errors
    /// The groups that no mark tells apart, as sorted indices, under the name they want; one index alone wants a name
    /// that is taken.
    pub(super) fn decide(&self) -> Result<Vec<String>, BTreeMap<String, Vec<usize>>> {
        let mut marks = vec![0u32; self.fixed.len()];
        let mut names: Vec<String> = (0..marks.len()).map(|index| self.name(index, 0)).collect();
        loop {
            let clashes = self.clashes(&names);
            // Found for all groups before anything is changed: a group must not see what another one has become.
            let changes: Vec<(usize, u32)> =
                clashes.iter().filter_map(|(name, group)| self.difference(name, group, &marks)).flatten().collect();
            if changes.is_empty() {
                return if clashes.is_empty() { Ok(names) } else { Err(clashes) };
            }
            for (index, changed) in changes {
                marks[index] = changed;
                names[index] = self.name(index, changed);
            }
        }
    }

    fn name(&self, index: usize, marks: u32) -> String {
        self.fixed[index].clone().unwrap_or_else(|| (self.spell)(index, marks))
    }

    /// The indices behind each name that more than one wants, or that is taken.
    fn clashes(&self, names: &[String]) -> BTreeMap<String, Vec<usize>> {
        let mut groups: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, name) in names.iter().enumerate() {
            groups.entry(name).or_default().push(index);
        }
        groups.retain(|name, group| group.len() > 1 || self.taken.contains(name));
        groups.into_iter().map(|(name, group)| (name.to_owned(), group)).collect()
    }

    /// The first mark that makes a difference in a group: the marks its members have then.
    fn difference(&self, name: &str, group: &[usize], marks: &[u32]) -> Option<Vec<(usize, u32)>> {
        let free = || group.iter().copied().filter(|&index| self.fixed[index].is_none());
        let stays = self.taken.contains(name) || group.iter().any(|&index| self.fixed[index].is_some());
        (0..self.marks).find_map(|mark| {
            let changes: Vec<(usize, u32)> = free().map(|index| (index, marks[index] | 1 << mark)).collect();
            let mut spellings: BTreeSet<String> =
                changes.iter().map(|&(index, marks)| self.name(index, marks)).collect();
            if stays {
                spellings.insert(name.to_owned());
            }
            (spellings.len() > 1).then_some(changes)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each name is a list of parts: the first is always there, the others are what the marks add.
    fn decide(names: &[&[&str]], fixed: &[&str], taken: &[&str]) -> Result<Vec<String>, BTreeMap<String, Vec<usize>>> {
        let fixed: Vec<Option<String>> =
            names.iter().map(|parts| fixed.contains(&parts[0]).then(|| parts[0].to_owned())).collect();
        let taken = taken.iter().copied().collect();
        let spell = |index: usize, marks: u32| -> String {
            let parts = names[index].iter().enumerate();
            parts.filter(|&(at, _)| at == 0 || marks & (1 << (at - 1)) != 0).map(|(_, part)| *part).collect()
        };
        Contest { fixed: &fixed, taken: &taken, marks: 2, spell: &spell }.decide()
    }

    #[test]
    fn both_get_the_first_mark_that_makes_a_difference() {
        assert_eq!(decide(&[&["a", "1", "3"], &["a", "2", "3"]], &[], &[]), Ok(vec!["a1".into(), "a2".into()]));
        assert_eq!(decide(&[&["a", "1", "3"], &["a", "1", "4"]], &[], &[]), Ok(vec!["a3".into(), "a4".into()]));
    }

    #[test]
    fn a_longer_name_that_meets_another_is_told_apart_again() {
        let names = decide(&[&["a", "b", "1"], &["a", "c", "2"], &["ab", "", "3"]], &[], &[]);
        assert_eq!(names, Ok(vec!["ab1".into(), "ac".into(), "ab3".into()]));
    }

    #[test]
    fn the_newcomer_makes_room_for_what_is_taken() {
        assert_eq!(decide(&[&["a", "1"]], &[], &["a"]), Ok(vec!["a1".into()]));
        assert_eq!(decide(&[&["a"]], &[], &["a"]), Err(BTreeMap::from([("a".into(), vec![0])])));
    }

    #[test]
    fn what_no_mark_tells_apart_is_reported_whole() {
        let clash = decide(&[&["a", "", "1"], &["b"], &["a", "", "1"]], &[], &[]);
        assert_eq!(clash, Err(BTreeMap::from([("a".into(), vec![0, 2])])));
    }
}
