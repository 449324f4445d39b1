//! One field that is in both catalogues in; what changed about it out: its names, its key, its type, its rules, its texts.

use std::collections::BTreeMap;

use super::around::Around;
use super::kind::{ChangeKind, Strictness};
use super::meaning::Domain;
use super::moved::Moved;
use super::report::{Change, Place};
use super::rules;
use super::show;
use super::typed::Typed;
use crate::ir::{Alias, Field, Media, Ty};

/// Compares a field, with the values that it may have. `owners` gives the names of all new fields by their keys.
pub(super) fn compare<'a>(
    place: &Place<'_>,
    (old, old_values): (&'a Field, &Domain),
    (new, new_values): (&'a Field, &Domain),
    owners: &BTreeMap<&str, &str>,
    around: Around<'a>,
    changes: &mut Vec<Change>,
) {
    names(place, old, new, changes);
    if old.key != new.key {
        changes.push(key(place, old, new, owners));
    }
    presence(place, old, new, around, changes);
    if around.pairs.are_same(&old.ty, &new.ty) {
        let typed = Typed::of(&old.ty, &new.ty, around);
        rules::compare(place, (&old.rules, old_values), (&new.rules, new_values), &typed, around, changes);
    } else {
        // Of values of two types there is nothing more to tell, but where their keys are now.
        let strictness = rules::strictness(old_values, new_values);
        let keys = Moved::between(&old.ty, &new.ty, around);
        let change = Change { strictness, ..ty(place, old, new, around) };
        changes.push(keys.told(change, place.is_request()));
    }
    if old.default != new.default {
        let (before, after) = (show::json(old.default.as_ref()), show::json(new.default.as_ref()));
        let sentence = format!("the server's default: {}", show::arrow(&before, &after));
        changes.push(place.change(ChangeKind::DefaultChanged, before, after, sentence));
    }
    texts(place, (&old.title, &old.description), (&new.title, &new.description), changes);
    text(place, ChangeKind::FormatChanged, "format", &old.format, &new.format, changes);
}

/// Compares the texts of a field or a type.
pub(super) fn texts(place: &Place<'_>, old: (&str, &str), new: (&str, &str), changes: &mut Vec<Change>) {
    text(place, ChangeKind::Retitled, "title", old.0, new.0, changes);
    text(place, ChangeKind::DescriptionChanged, "description", old.1, new.1, changes);
}

fn text(place: &Place<'_>, kind: ChangeKind, what: &str, old: &str, new: &str, changes: &mut Vec<Change>) {
    if old != new {
        changes.push(place.change(kind, old, new, format!("{what}: {}", show::arrow(old, new))));
    }
}

fn names(place: &Place<'_>, old: &Field, new: &Field, changes: &mut Vec<Change>) {
    if old.name != new.name {
        let sentence = format!("renamed to {}", show::code(&new.name));
        changes.push(place.change(ChangeKind::FieldRenamed, &old.name, &new.name, sentence));
    } else if old.json != new.json {
        let sentence = format!("the name in stored JSON: {}", show::arrow(&old.json, &new.json));
        changes.push(place.change(ChangeKind::StoredNameChanged, &old.json, &new.json, sentence));
    }
    let known = |field: &Field, alias: &Alias| field.json == alias.json || field.aliases.contains(alias);
    for alias in new.aliases.iter().filter(|alias| !known(old, alias)) {
        let sentence = format!("the name {} means it too", show::code(&alias.json));
        changes.push(place.change(ChangeKind::AliasAdded, "", &alias.json, sentence));
    }
    for alias in old.aliases.iter().filter(|alias| !known(new, alias)) {
        let sentence = format!("the former name {} is gone", show::code(&alias.json));
        changes.push(place.change(ChangeKind::AliasRemoved, &alias.json, "", sentence));
    }
}

fn key(place: &Place<'_>, old: &Field, new: &Field, owners: &BTreeMap<&str, &str>) -> Change {
    let mut sentence = format!("the key on the wire: {}", show::arrow(&old.key, &new.key));
    if let Some(owner) = owners.get(old.key.as_str()) {
        sentence.push_str(&format!("; what released versions send there now reaches {}", show::code(owner)));
    }
    Change { wrong_keys: true, ..place.change(ChangeKind::WireKeyChanged, &old.key, &new.key, sentence) }
}

fn presence(place: &Place<'_>, old: &Field, new: &Field, around: Around<'_>, changes: &mut Vec<Change>) {
    let (kind, what) = match (old.required, new.required) {
        (false, true) => (ChangeKind::BecameRequired, "required"),
        (true, false) => (ChangeKind::BecameOptional, "optional"),
        _ => return,
    };
    let before = show::field_ty(&old.ty, old.required, around.old.list);
    let after = show::field_ty(&new.ty, new.required, around.new.list);
    let sentence = format!("{what} from now on: {}", show::arrow(&before, &after));
    let strictness = Some(if new.required { Strictness::Tightened } else { Strictness::Loosened });
    changes.push(Change { strictness, ..place.change(kind, before, after, sentence) });
}

fn ty(place: &Place<'_>, old: &Field, new: &Field, around: Around<'_>) -> Change {
    let (before, after) = (show::ty(&old.ty, around.old.list), show::ty(&new.ty, around.new.list));
    let kind = match (without_media_kind(&old.ty), without_media_kind(&new.ty)) {
        (Some(old), Some(new)) if old == new => ChangeKind::MediaKindChanged,
        _ => ChangeKind::TypeChanged,
    };
    let sentence = if before == after {
        let natures = (show::nature(&old.ty, around.old.list), show::nature(&new.ty, around.new.list));
        format!("{} was {} and is {}", show::code(&before), natures.0, natures.1)
    } else {
        format!("the type: {}", show::arrow(&before, &after))
    };
    place.change(kind, before, after, sentence)
}

/// The type with every kind of media as one; `None` for a type that is no media, nor media in lists and maps.
fn without_media_kind(of: &Ty) -> Option<Ty> {
    match of {
        Ty::Media(_) => Some(Ty::Media(Media::Image)),
        Ty::List(inner) => Some(Ty::List(Box::new(without_media_kind(inner)?))),
        Ty::Map(inner) => Some(Ty::Map(Box::new(without_media_kind(inner)?))),
        Ty::Nullable(inner) => Some(Ty::Nullable(Box::new(without_media_kind(inner)?))),
        _ => None,
    }
}
