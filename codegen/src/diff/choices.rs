//! One string enum, old and new, in; what changed about its variants out.

use std::collections::BTreeMap;

use super::kind::{ChangeKind, Strictness};
use super::report::{Change, Place};
use super::show;
use crate::ir::{Choice, ChoiceValue};

/// As many variants are named in one sentence.
const MAX_NAMED: usize = 8;

/// Compares the variants of an enum. A value is its string on the wire.
pub(super) fn compare(place: &Place<'_>, old: &Choice, new: &Choice, changes: &mut Vec<Change>) {
    let (before, after) = (by_value(old), by_value(new));
    let gone: Vec<&ChoiceValue> = old.values.iter().filter(|one| !after.contains_key(one.value.as_str())).collect();
    let fresh: Vec<&ChoiceValue> = new.values.iter().filter(|one| !before.contains_key(one.value.as_str())).collect();
    let same_variant = |one: &ChoiceValue, others: &[&ChoiceValue]| -> Option<String> {
        others.iter().find(|other| other.variant == one.variant).map(|other| other.value.clone())
    };
    for one in &old.values {
        if let Some(now) = after.get(one.value.as_str()).filter(|now| **now != one.variant) {
            let sentence = format!("{} has another name: {}", show::code(&one.value), show::arrow(&one.variant, now));
            let place = place.part(&format!("::{}", one.variant));
            changes.push(place.change(ChangeKind::VariantRenamed, &one.variant, *now, sentence));
        }
    }
    for one in &gone {
        let Some(now) = same_variant(one, &fresh) else { continue };
        let sentence = format!("stands for another value on the wire: {}", show::arrow(&one.value, &now));
        let place = place.part(&format!("::{}", one.variant));
        let change = place.change(ChangeKind::ValueRespelled, &one.value, &now, sentence);
        changes.push(Change { wrong_keys: true, ..change });
    }
    let removed: Vec<&str> =
        gone.iter().filter(|one| same_variant(one, &fresh).is_none()).map(|one| one.variant.as_str()).collect();
    let added: Vec<&str> =
        fresh.iter().filter(|one| same_variant(one, &gone).is_none()).map(|one| one.variant.as_str()).collect();
    if !removed.is_empty() {
        let sentence = format!("variants are gone: {}", show::names(&removed, MAX_NAMED));
        let change = place.change(ChangeKind::VariantsRemoved, removed.join(", "), "", sentence);
        changes.push(Change { strictness: Some(Strictness::Tightened), ..change });
    }
    if !added.is_empty() {
        let sentence = format!("new variants: {}", show::names(&added, MAX_NAMED));
        let change = place.change(ChangeKind::VariantsAdded, "", added.join(", "), sentence);
        changes.push(Change { strictness: Some(Strictness::Loosened), ..change });
    }
    order(place, old, new, changes);
}

fn by_value(choice: &Choice) -> BTreeMap<&str, &str> {
    choice.values.iter().map(|one| (one.value.as_str(), one.variant.as_str())).collect()
}

fn order(place: &Place<'_>, old: &Choice, new: &Choice, changes: &mut Vec<Change>) {
    let common = |one: &Choice, other: &Choice| -> Vec<String> {
        let known = by_value(other);
        one.values.iter().filter(|one| known.contains_key(one.value.as_str())).map(|one| one.value.clone()).collect()
    };
    let (before, after) = (common(old, new), common(new, old));
    if before != after {
        let sentence = "the variants stand in another order, and so does `ALL`";
        let (before, after) = (before.join(", "), after.join(", "));
        changes.push(place.change(ChangeKind::VariantsReordered, before, after, sentence));
    }
}
