//! One struct, old and new, in; what changed about it as a whole out: fields that came or went, their order, what `new`
//! takes. The fields that stayed are compared in [`fields`].

use std::collections::{BTreeMap, HashSet};

use super::around::Around;
use super::kind::{ChangeKind, Strictness};
use super::meaning::domain;
use super::pair::Fields;
use super::report::{Change, Place};
use super::show;
use super::typed::Typed;
use super::whole::rules_of;
use super::{fields, rules};
use crate::ir::{Extra, Field, Object, Rule, TypeId};

/// As many fields are named in one sentence.
const MAX_NAMED: usize = 8;

/// Compares a struct.
pub(super) fn compare<'a>(
    place: &Place<'_>,
    (from, old): (TypeId, &'a Object),
    (to, new): (TypeId, &'a Object),
    around: Around<'a>,
    changes: &mut Vec<Change>,
) {
    let pair = (from, to);
    let fields = Fields::pair(old, around.old, new, around.new);
    let owners = new.fields.iter().map(|field| (field.key.as_str(), field.name.as_str())).collect();
    for field in &fields.removed {
        changes.push(removed(&place.part(&format!(".{}", field.name)), field, &owners, around));
    }
    for field in &fields.added {
        changes.push(added(&place.part(&format!(".{}", field.name)), field, around));
    }
    for (before, after) in &fields.both {
        let values = (around.old_values(pair, before), around.new_values(pair, after));
        let place = place.part(&format!(".{}", before.name));
        fields::compare(&place, (before, &values.0), (after, &values.1), &owners, around, changes);
    }
    order(place, new, &fields, changes);
    if takes_parameters(old) && takes_parameters(new) {
        parameters(place, old, new, &fields, changes);
    }
    extra(place, old.extra, new.extra, changes);
    if old.rules.is_empty() && new.rules.is_empty() {
        return;
    }
    let rules = |id, rules: &[Rule]| if around.knows(pair) { rules_of(id, rules) } else { rules.to_vec() };
    let (old_rules, new_rules) = (rules(from, &old.rules), rules(to, &new.rules));
    let objects = |mut rules: Vec<Rule>| {
        rules.push(Rule::Type(vec!["object".to_owned()]));
        rules
    };
    let (old_rules, new_rules) = (objects(old_rules), objects(new_rules));
    let domains = (domain(&old_rules, around.old.list), domain(&new_rules, around.new.list));
    let typed = Typed::whole((from, old), (to, new));
    rules::compare(place, (&old.rules, &domains.0), (&new.rules, &domains.1), &typed, around, changes);
}

/// `owners` gives the new fields by their keys.
fn removed(place: &Place<'_>, field: &Field, owners: &BTreeMap<&str, &str>, around: Around<'_>) -> Change {
    let ty = show::field_ty(&field.ty, field.required, around.old.list);
    let key = show::code(&field.key);
    let strictness = field.required.then_some(Strictness::Loosened);
    let change = |sentence: String| Change { strictness, ..place.change(ChangeKind::FieldRemoved, ty, "", sentence) };
    match owners.get(field.key.as_str()) {
        Some(owner) => {
            let sentence = format!("the field is gone; its key {key} belongs to {} now", show::code(owner));
            Change { wrong_keys: true, ..change(sentence) }
        }
        None if place.is_request() => {
            let sentence = format!("the field is gone; the server no longer knows its key {key}");
            Change { unknown_key: true, ..change(sentence) }
        }
        None => change("the field is gone".to_owned()),
    }
}

fn added(place: &Place<'_>, field: &Field, around: Around<'_>) -> Change {
    let ty = show::field_ty(&field.ty, field.required, around.new.list);
    let code = show::code(&ty);
    let (kind, sentence) = match (field.required, place.is_request()) {
        (false, _) => (ChangeKind::OptionalFieldAdded, format!("new optional field, {code}")),
        (true, true) => (ChangeKind::RequiredFieldAdded, format!("new required field, {code}; `new` takes it too")),
        (true, false) => (ChangeKind::RequiredFieldAdded, format!("new field that is always there, {code}")),
    };
    let strictness = field.required.then_some(Strictness::Tightened);
    Change { strictness, ..place.change(kind, "", ty, sentence) }
}

/// Fields that stayed, in another order among themselves.
fn order(place: &Place<'_>, new: &Object, fields: &Fields<'_>, changes: &mut Vec<Change>) {
    let old_names: BTreeMap<&str, &str> =
        fields.both.iter().map(|(old, new)| (new.name.as_str(), old.name.as_str())).collect();
    let before: Vec<&str> = fields.both.iter().map(|(old, _)| old.name.as_str()).collect();
    let after: Vec<&str> = new.fields.iter().filter_map(|field| old_names.get(field.name.as_str()).copied()).collect();
    if before != after {
        let sentence = "the fields stand in another order";
        changes.push(place.change(ChangeKind::FieldsReordered, before.join(", "), after.join(", "), sentence));
    }
}

/// Whether `new` takes the required fields one by one. Where it takes a literal that names them, order means nothing;
/// responses have no `new`.
fn takes_parameters(object: &Object) -> bool {
    object.extra != Extra::Open && !object.takes_literal()
}

fn required(object: &Object) -> impl Iterator<Item = &Field> {
    object.required.iter().filter_map(|place| object.fields.get(*place))
}

/// Parameters that stayed, in another order among themselves.
fn parameters(place: &Place<'_>, old: &Object, new: &Object, fields: &Fields<'_>, changes: &mut Vec<Change>) {
    let stayed = fields.both.iter().filter(|(old, new)| old.required && new.required);
    let old_names: BTreeMap<&str, &str> = stayed.map(|(old, new)| (new.name.as_str(), old.name.as_str())).collect();
    let known: HashSet<&str> = old_names.values().copied().collect();
    let before: Vec<&str> =
        required(old).map(|field| field.name.as_str()).filter(|name| known.contains(name)).collect();
    let after: Vec<&str> = required(new).filter_map(|field| old_names.get(field.name.as_str()).copied()).collect();
    if before != after {
        let (first, then) = (show::names(&before, MAX_NAMED), show::names(&after, MAX_NAMED));
        let sentence = format!("`new` takes {then} in this order, not {first}");
        changes.push(place.change(ChangeKind::ParametersReordered, before.join(", "), after.join(", "), sentence));
    }
}

/// Types that are compared agree on whether they are open, so what is left is the map for unknown keys.
fn extra(place: &Place<'_>, old: Extra, new: Extra, changes: &mut Vec<Change>) {
    let place = place.part(".extra");
    match (old, new) {
        (Extra::None, Extra::Map) => {
            changes.push(place.change(ChangeKind::ExtraAdded, "", "Extra", "unknown keys can be sent"));
        }
        (Extra::Map, Extra::None) => {
            changes.push(place.change(ChangeKind::ExtraRemoved, "Extra", "", "unknown keys can't be sent any more"));
        }
        _ => {}
    }
}
