//! The forms that two sets of values are made of, old and new, in; which form is which out. Must not know what is told of it.

use std::collections::BTreeSet;

use super::meaning::{Form, Kind};

/// Which forms are the same, changed or not: of one type, the most alike first.
pub(super) fn pair<'f>(old: &'f [Form], new: &'f [Form]) -> Vec<(&'f Form, &'f Form)> {
    let mut all: Vec<(f64, usize, usize)> = Vec::new();
    for (place, before) in old.iter().enumerate() {
        for (other, after) in new.iter().enumerate() {
            all.extend(likeness(before, after).map(|likeness| (likeness, place, other)));
        }
    }
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let (mut olds, mut news, mut pairs) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (_, place, other) in all {
        if !olds.contains(&place) && !news.contains(&other) {
            olds.insert(place);
            news.insert(other);
            pairs.push((&old[place], &new[other]));
        }
    }
    pairs
}

/// Whether a form has one that it is on the other side.
pub(super) fn is_paired(form: &Form, pairs: &[(&Form, &Form)]) -> bool {
    pairs.iter().any(|(one, other)| std::ptr::eq(*one, form) || std::ptr::eq(*other, form))
}

/// How alike two forms are; none if nothing speaks for their being one.
fn likeness(old: &Form, new: &Form) -> Option<f64> {
    if old.kind.is_within(&new.kind) && new.kind.is_within(&old.kind) {
        return Some(if old.demands == new.demands { 3.0 } else { 2.0 });
    }
    match (&old.kind, &new.kind) {
        (Kind::Null, Kind::Null)
        | (Kind::Booleans(_), Kind::Booleans(_))
        | (Kind::Numbers(_), Kind::Numbers(_))
        | (Kind::Texts(_), Kind::Texts(_))
        | (Kind::Lists(_), Kind::Lists(_)) => Some(0.5),
        (Kind::Objects(old), Kind::Objects(new)) => {
            let all: BTreeSet<&String> = old.keys.keys().chain(new.keys.keys()).collect();
            let both = |name: &&&String| old.keys.contains_key(**name) && new.keys.contains_key(**name);
            // A key without a value in common, such as a tag, tells two objects apart.
            let is_apart =
                all.iter().any(|name| old.requires(name) && new.requires(name) && old.at(name).is_apart(new.at(name)));
            let shared = all.iter().filter(both).count() as f64 / all.len().max(1) as f64;
            Some(shared - if is_apart { 1.0 } else { 0.0 }).filter(|likeness| *likeness >= 0.0)
        }
        _ => None,
    }
}

/// A form of each type that is split: one that has no partner, but is within another of the other side.
pub(super) fn split<'f>(old: &'f [Form], new: &'f [Form], pairs: &[(&Form, &Form)]) -> Vec<&'f Form> {
    let is_within = |form: &Form, others: &[Form]| others.iter().any(|other| form.is_within(other));
    let lost = old.iter().filter(|form| !is_paired(form, pairs) && is_within(form, new));
    let found = new.iter().filter(|form| !is_paired(form, pairs) && is_within(form, old));
    let mut types: Vec<&Form> = Vec::new();
    for form in lost.chain(found) {
        if !types.iter().any(|known| known.is_alike(form)) {
            types.push(form);
        }
    }
    types
}
