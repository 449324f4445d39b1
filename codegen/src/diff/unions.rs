//! One union, old and new, in; what changed about its forms out: which came or went, and what they hold. What changed
//! within an object or an enum of a form is told of that type.

use std::collections::BTreeMap;

use super::around::Around;
use super::kind::{ChangeKind, Strictness};
use super::report::{Change, Place};
use super::show;
use crate::ir::{Form, Union};

/// As many forms are named in one sentence.
const MAX_NAMED: usize = 8;

/// Compares the forms of a union: by their variants, else by what they are known by.
pub(super) fn compare(place: &Place<'_>, old: &Union, new: &Union, around: Around<'_>, changes: &mut Vec<Change>) {
    let pairs = pair(old, new);
    for (before, after) in &pairs {
        let place = place.part(&format!("::{}", before.name));
        if before.name != after.name {
            let sentence = format!("the form has another name: {}", show::arrow(&before.name, &after.name));
            changes.push(place.change(ChangeKind::VariantRenamed, &before.name, &after.name, sentence));
        }
        if !around.pairs.are_same(&before.ty, &after.ty) {
            let (before, after) = (show::ty(&before.ty, around.old.list), show::ty(&after.ty, around.new.list));
            let sentence = format!("the form holds another type: {}", show::arrow(&before, &after));
            changes.push(place.change(ChangeKind::UnionChanged, before, after, sentence));
        }
    }
    let gone = names(old, |form| pairs.iter().any(|(before, _)| std::ptr::eq(*before, form)));
    let fresh = names(new, |form| pairs.iter().any(|(_, after)| std::ptr::eq(*after, form)));
    if !gone.is_empty() {
        let sentence = format!("forms are gone: {}", show::names(&gone, MAX_NAMED));
        let change = place.change(ChangeKind::VariantsRemoved, gone.join(", "), "", sentence);
        changes.push(Change { strictness: Some(Strictness::Tightened), ..change });
    }
    if !fresh.is_empty() {
        let sentence = format!("new forms: {}", show::names(&fresh, MAX_NAMED));
        let change = place.change(ChangeKind::VariantsAdded, "", fresh.join(", "), sentence);
        changes.push(Change { strictness: Some(Strictness::Loosened), ..change });
    }
}

/// The forms that are in both, in the old order.
pub(super) fn pair<'a>(old: &'a Union, new: &'a Union) -> Vec<(&'a Form, &'a Form)> {
    let by_name: BTreeMap<&str, &Form> = new.forms.iter().map(|form| (form.name.as_str(), form)).collect();
    let is_old = |form: &&Form| old.forms.iter().any(|known| known.name == form.name);
    let newcomers: Vec<&Form> = new.forms.iter().filter(|form| !is_old(form)).collect();
    let same = |form: &'a Form| {
        let by_key = || newcomers.iter().copied().find(|newcomer| newcomer.key == form.key);
        by_name.get(form.name.as_str()).copied().or_else(by_key).map(|after| (form, after))
    };
    old.forms.iter().filter_map(same).collect()
}

fn names(of: &Union, is_in_both: impl Fn(&Form) -> bool) -> Vec<&str> {
    of.forms.iter().filter(|form| !is_in_both(form)).map(|form| form.name.as_str()).collect()
}
