//! A report in, what a reader should see of it out: urgent and bad things first, models that changed alike told once, long
//! lists cut.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::diff::kind::{ChangeKind, Strictness, Verdict};
use crate::diff::report::{Change, Report};

/// As many models of a group are shown with their changes.
const MAX_MODELS: usize = 3;

/// As many changes of one kind are shown of a model.
const MAX_ALIKE: usize = 8;

/// What to show of a report.
pub(super) struct Outline<'r> {
    /// Models that are new, and models that are gone.
    pub(super) added: Vec<&'r str>,
    pub(super) removed: Vec<&'r str>,
    /// The models that changed: wrong keys first, then the worst.
    pub(super) groups: Vec<Group<'r>>,
}

/// Models with the same kinds of changes.
pub(super) struct Group<'r> {
    /// The first of them, with what changed.
    pub(super) shown: Vec<(&'r str, Vec<Line<'r>>)>,
    /// The others.
    pub(super) others: Vec<&'r str>,
}

/// A line about a model.
pub(super) enum Line<'r> {
    /// One change.
    Change(&'r Change),
    /// As many more changes like the one before.
    More(usize),
}

/// What makes two models alike: the kinds of their changes. What can't wait comes first, then the worst.
type Likeness = Vec<(Reverse<bool>, Reverse<Verdict>, ChangeKind, Option<Strictness>, bool)>;

impl<'r> Outline<'r> {
    pub(super) fn of(report: &'r Report) -> Self {
        let (mut added, mut removed) = (Vec::new(), Vec::new());
        let mut by_model: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
        for change in &report.changes {
            match change.kind {
                ChangeKind::ModelAdded => added.push(change.model.as_str()),
                ChangeKind::ModelRemoved => removed.push(change.model.as_str()),
                _ => by_model.entry(&change.model).or_default().push(change),
            }
        }
        let mut alike: BTreeMap<Likeness, Vec<(&str, Vec<&Change>)>> = BTreeMap::new();
        for (model, changes) in by_model {
            alike.entry(likeness(&changes)).or_default().push((model, changes));
        }
        Self { added, removed, groups: alike.into_values().map(Group::of).collect() }
    }
}

fn likeness(changes: &[&Change]) -> Likeness {
    let mark = |change: &&Change| {
        let (urgent, worst) = (Reverse(change.wrong_keys), Reverse(change.verdict));
        (urgent, worst, change.kind, change.strictness, change.unknown_key)
    };
    let mut marks: Likeness = changes.iter().map(mark).collect();
    marks.sort();
    marks.dedup();
    marks
}

impl<'r> Group<'r> {
    fn of(mut models: Vec<(&'r str, Vec<&'r Change>)>) -> Self {
        // "And one more model" takes the place of that model.
        let shown = if models.len() == MAX_MODELS + 1 { models.len() } else { MAX_MODELS };
        let others = models.split_off(shown.min(models.len()));
        Self {
            shown: models.into_iter().map(|(model, changes)| (model, lines(changes))).collect(),
            others: others.into_iter().map(|(model, _)| model).collect(),
        }
    }
}

/// What can't wait first, then the worst; of many changes of one kind the first few.
fn lines(mut changes: Vec<&Change>) -> Vec<Line<'_>> {
    changes.sort_by_key(|change| (Reverse(change.wrong_keys), Reverse(change.verdict), change.kind));
    let mut lines = Vec::new();
    for alike in changes.chunk_by(|one, next| one.kind == next.kind) {
        let shown = if alike.len() == MAX_ALIKE + 1 { alike.len() } else { MAX_ALIKE };
        lines.extend(alike.iter().take(shown).map(|change| Line::Change(change)));
        lines.extend(alike.len().checked_sub(shown).filter(|more| *more > 0).map(Line::More));
    }
    lines
}
