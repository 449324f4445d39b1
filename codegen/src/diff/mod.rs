//! Two named catalogues in, what changed for users out, and that as text, Markdown or JSON. Pure. Must not know files,
//! git or the lock: both catalogues were named with locks, so a renumbered field has its name still, and another key.
//!
//! # Verdicts
//!
//! The verdict is about code that compiles today against the generated crate, and about inputs it stored as readable JSON.
//! Requests are written by users, responses are read by them, so the two break in different ways.
//!
//! | change | request | response |
//! |---|---|---|
//! | model or shared shape added | compatible | compatible |
//! | model or shared shape removed; module moved; feature renamed; output of another type | breaking | breaking |
//! | optional field added | compatible: structs are `#[non_exhaustive]` | compatible |
//! | required field added | breaking: `new` takes one more | compatible |
//! | field removed, renamed; name in stored JSON changed | breaking | breaking |
//! | former name of a field understood / no longer understood | compatible / breaking | |
//! | required ↔ optional | breaking: `T` ↔ `Option<T>`, and `new` | breaking: `T` ↔ `Option<T>` |
//! | type or kind of media changed; type renamed; a form of a union holds another type | breaking | breaking |
//! | variants of an enum, or forms of a union, added | compatible: enums are `#[non_exhaustive]` | compatible |
//! | variants removed or renamed | breaking | breaking |
//! | place for unknown keys: came / went | compatible / breaking | |
//! | parameters of `new` reordered | breaking, unless they are named by the literal `Required` | |
//! | fields or variants reordered | compatible | compatible |
//! | bounds, length, pattern, listed values, number of items, other rules | compatible, marked by [`Strictness`] | same |
//! | default changed | compatible: the server behaves differently | same |
//! | wire key changed; variant respelled on the wire | compatible, and [`Change::wrong_keys`] | same |
//! | title, description, format, display name | docs only | docs only |
//!
//! Two flags lie across the verdicts. [`Change::wrong_keys`]: the API is unchanged or not, but released versions send keys
//! that mean something else from now on, so a release can't wait. [`Change::unknown_key`]: released versions that set a
//! removed field send a key the server no longer knows.
//!
//! # What is the same
//!
//! Forms of a union are the same by the name of their variant.
//!
//! Models are the same by id, shared shapes by the name of their type, fields and types by name, enum values by their
//! string on the wire. A field of another name is *renamed* if it has the old key, and the old title or definition; a type
//! of another name if it stands where the old one stood. A type that comes or goes is not reported by itself: the field
//! that names it is. Where a field's type changed, one change tells that and whether values were lost or won.
//!
//! Rules are the same if they allow the same values, whatever their words: `minimum: 1` of an integer is
//! `exclusiveMinimum: 0`, forms have no order, and what `allOf` says in parts is one. Keywords that only a library checks
//! (`not`, `if`, `contains` and the like) are compared by their words. A change is told once, where it is: of the struct
//! or enum that has it, else at the place of the value (`Input.size<integer>` for one form of a union, `Input.urls[]`,
//! `Input.size<object>.width`). A change is called tightened or loosened only where that is certain, else changed.
//!
//! # JSON
//!
//! [`json`] writes one object: `format` (1; a greater number means that something here was removed or changed its
//! meaning), `verdict` (`breaking`, `compatible`, `docs_only` or null), `wrong_keys`, `unknown_keys`, `bump` (a
//! [`Suggestion`]), `models` ([`Counts`]) and `changes` (each a [`Change`]). Enum values are in snake case; new kinds of
//! changes and new members may appear under the same format.

mod around;
mod bump;
mod choices;
mod facets;
mod fields;
mod forms;
mod kind;
#[cfg(test)]
mod laws;
mod meaning;
mod models;
mod moved;
mod objects;
mod pair;
mod render;
mod report;
mod rules;
mod show;
mod split;
mod typed;
mod unions;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

pub use bump::{Bump, Suggestion};
pub use kind::{ChangeKind, Direction, Strictness, Verdict};
pub use render::{changelog, json, markdown, text};
pub use report::{Change, Counts, Report};
pub use semver::Version;

use crate::ModelId;
use crate::ir::{Catalog, Model, Shared};
use report::Place;

/// What changed for users from `old` to `new`, both with the Rust names that their users have or will have. The same
/// report whatever the order of models.
#[must_use]
pub fn compare(old: &Catalog, new: &Catalog) -> Report {
    let mut report = Report::default();
    for (old, new) in respelt(both(&old.models, &new.models, |model: &Model| &model.id)) {
        let changes = match (old, new) {
            (Some(old), Some(new)) => {
                let changes = models::compare(old, new);
                let worst = changes.iter().map(|change| change.verdict).max();
                worst.into_iter().for_each(|worst| report.models.count(worst));
                changes
            }
            (Some(old), None) => {
                report.models.removed += 1;
                let place = Place::model(&old.id);
                vec![place.change(ChangeKind::ModelRemoved, &old.id, "", "the model is gone")]
            }
            (None, Some(new)) => {
                report.models.added += 1;
                vec![Place::model(&new.id).change(ChangeKind::ModelAdded, "", &new.id, "new model")]
            }
            (None, None) => Vec::new(),
        };
        report.changes.extend(changes);
    }
    for (old, new) in both(&old.shared, &new.shared, shape_name) {
        report.changes.extend(shape(old, new));
    }
    report.changes.sort();
    report
}

fn shape(old: Option<&Shared>, new: Option<&Shared>) -> Vec<Change> {
    match (old, new) {
        (Some(old), Some(new)) => models::compare_shared(old, new),
        (Some(old), None) => {
            let place = Place::model(&old.path);
            vec![place.change(ChangeKind::SharedShapeRemoved, shape_name(old), "", "the shared output shape is gone")]
        }
        (None, Some(new)) => {
            let place = Place::model(&new.path);
            vec![place.change(ChangeKind::SharedShapeAdded, "", shape_name(new), "new shared output shape")]
        }
        (None, None) => Vec::new(),
    }
}

/// A shared shape is known by the name of its first type.
fn shape_name(shape: &Shared) -> &str {
    shape.types.first().map_or("", |of| of.name.as_str())
}

/// The pairs of models, those together whose ids are two spellings of one.
fn respelt<'a>(mut pairs: Vec<(Option<&'a Model>, Option<&'a Model>)>) -> Vec<(Option<&'a Model>, Option<&'a Model>)> {
    for gone in (0..pairs.len()).filter(|at| pairs[*at].1.is_none()).collect::<Vec<_>>() {
        let Some(spelling) = pairs[gone].0.map(|old| ModelId::spelling(&old.id)) else { continue };
        let is_it = |(old, new): &(Option<&Model>, Option<&Model>)| {
            old.is_none() && new.is_some_and(|new| ModelId::spelling(&new.id) == spelling)
        };
        if let Some(came) = pairs.iter().position(is_it) {
            pairs[gone].1 = pairs[came].1.take();
        }
    }
    pairs
}

/// Everything of two lists, by its name, in order.
fn both<'a, T>(old: &'a [T], new: &'a [T], name: fn(&T) -> &str) -> Vec<(Option<&'a T>, Option<&'a T>)> {
    let by_name = |list: &'a [T]| -> BTreeMap<&'a str, &'a T> { list.iter().map(|one| (name(one), one)).collect() };
    let (old, new) = (by_name(old), by_name(new));
    let names: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
    names.into_iter().map(|name| (old.get(name).copied(), new.get(name).copied())).collect()
}
