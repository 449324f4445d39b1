//! One model, or one shared output shape, old and new, in; all its changes out.

use super::around::Around;
use super::kind::ChangeKind;
use super::objects;
use super::pair::{Pairs, Types};
use super::report::{Change, Place};
use super::whole::Wholes;
use super::{choices, fields, show, unions};
use crate::ir::{Model, Module, Output, Shared, Type, TypeId, TypeKind};

/// What changed about a model that is in both catalogues.
pub(super) fn compare(old: &Model, new: &Model) -> Vec<Change> {
    let place = Place::model(&old.id);
    let mut changes = Vec::new();
    if old.id != new.id {
        let sentence = format!(
            "the id is spelt {} now; released versions send to {}, which is not listed",
            show::code(&new.id),
            show::code(&old.id)
        );
        let change = place.change(ChangeKind::IdRespelt, &old.id, &new.id, sentence);
        changes.push(Change { wrong_keys: true, ..change });
    }
    module(&place, &old.module, &new.module, &mut changes);
    if old.display_name != new.display_name {
        let sentence = format!("the name RunComfy shows: {}", show::arrow(&old.display_name, &new.display_name));
        changes.push(place.change(ChangeKind::DisplayNameChanged, &old.display_name, &new.display_name, sentence));
    }
    let outputs = match (&old.output, &new.output) {
        (Output::Own(old), Output::Own(new)) => Some((old, new)),
        _ => None,
    };
    let (before, after) = (types_of(old), types_of(new));
    let pairs = Pairs::find(before, after, outputs);
    output(&place, old, new, &pairs, &mut changes);
    types(&old.id, before, after, &pairs, &mut changes);
    changes
}

/// What changed about a shared shape of one name. Its file is only its address.
pub(super) fn compare_shared(old: &Shared, new: &Shared) -> Vec<Change> {
    let (before, after) = (Types { list: &old.types, inputs: 0 }, Types { list: &new.types, inputs: 0 });
    let pairs = Pairs::find(before, after, None);
    let mut changes = Vec::new();
    types(&new.path, before, after, &pairs, &mut changes);
    changes
}

fn types_of(model: &Model) -> Types<'_> {
    Types { list: &model.types, inputs: model.input_types }
}

fn module(place: &Place<'_>, old: &Module, new: &Module, changes: &mut Vec<Change>) {
    let path = |of: &Module| format!("{}::{}::{}", of.provider, of.family, of.variant);
    let (before, after) = (path(old), path(new));
    if before != after {
        let sentence = format!("the module: {}", show::arrow(&before, &after));
        changes.push(place.change(ChangeKind::ModuleMoved, before, after, sentence));
    }
    let features = [(&old.feature, &new.feature), (&old.provider_feature, &new.provider_feature)];
    for (before, after) in features.into_iter().filter(|(before, after)| before != after) {
        let sentence = format!("the Cargo feature: {}", show::arrow(before, after));
        changes.push(place.change(ChangeKind::FeatureRenamed, before, after, sentence));
    }
}

fn output(place: &Place<'_>, old: &Model, new: &Model, pairs: &Pairs, changes: &mut Vec<Change>) {
    let is_same = match (&old.output, &new.output) {
        (Output::Shared(old), Output::Shared(new)) => old == new,
        (Output::Own(old), Output::Own(new)) => pairs.are_same(old, new),
        _ => false,
    };
    if !is_same {
        let name = |model: &Model| match &model.output {
            Output::Shared(name) => format!("shared::{name}"),
            Output::Own(ty) => show::ty(ty, &model.types),
        };
        let (before, after) = (name(old), name(new));
        let sentence = format!("the output is another type: {}", show::arrow(&before, &after));
        changes.push(place.change(ChangeKind::OutputReplaced, before, after, sentence));
    }
}

/// Compares the types that are in both. A type comes or goes with the field that names it, which is reported.
fn types(model: &str, old: Types<'_>, new: Types<'_>, pairs: &Pairs, changes: &mut Vec<Change>) {
    let wholes = [&Wholes::of(old.list), &Wholes::of(new.list)];
    let around = Around { old, new, pairs, wholes };
    for (from, to) in around.pairs.iter() {
        if let (Some(before), Some(after)) = (around.old.list.get(from), around.new.list.get(to)) {
            let place = Place::named(model, around.old.direction(from), &before.name);
            named(&place, (from, before), (to, after), around, changes);
        }
    }
}

fn named(
    place: &Place<'_>,
    (from, old): (TypeId, &Type),
    (to, new): (TypeId, &Type),
    around: Around<'_>,
    changes: &mut Vec<Change>,
) {
    if old.name != new.name {
        let sentence = format!("the type is called {} now", show::code(&new.name));
        changes.push(place.change(ChangeKind::TypeRenamed, &old.name, &new.name, sentence));
    }
    fields::texts(place, (&old.title, &old.description), (&new.title, &new.description), changes);
    match (&old.kind, &new.kind) {
        (TypeKind::Object(old), TypeKind::Object(new)) => {
            objects::compare(place, (from, old), (to, new), around, changes);
        }
        (TypeKind::Choice(old), TypeKind::Choice(new)) => choices::compare(place, old, new, changes),
        (TypeKind::Union(old), TypeKind::Union(new)) => unions::compare(place, old, new, around, changes),
        _ => {}
    }
}
