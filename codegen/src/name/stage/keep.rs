//! The next lock of a model: the old one, `overrides.toml` and the named representation in, what `names.lock` will hold out. Must not know
//! how the names were found.

use super::recall::Recalled;
use super::{Written, describe, join, named_by, path_of};
use crate::ir::{Object, Type, TypeKind};
use crate::lock::{Lock, NamedField, NamedShape, NamedType, NamedValue};

/// The lock that remembers both. `types` are named, in the locked order.
pub(super) fn keep(written: &Written, types: &[Type], known: &[Recalled<'_>]) -> Lock {
    let named = types.iter().zip(known).filter_map(|(of, known)| match &of.kind {
        TypeKind::Object(object) => Some(structure(of, object, types, known, written)),
        TypeKind::Choice(_) | TypeKind::Union(_) | TypeKind::Table(_) => None,
    });
    Lock::build(written.lock.as_ref(), &named.collect::<Vec<_>>())
}

fn structure(of: &Type, object: &Object, types: &[Type], known: &Recalled<'_>, written: &Written) -> NamedType {
    let owner = path_of(&of.pointer);
    let fields = object.fields.iter().zip(&known.fields).map(|(field, known)| NamedField {
        field: written.published(&owner, field, types),
        was: known.map(|known| known.name.clone()),
        named: named_by(written, &join(&owner, &field.key), *known),
        corrected: written.corrected.get(&join(&owner, &field.key)).map(|correct| correct.entry.clone()),
        name: field.name.clone(),
        json: field.json.clone(),
        types: field.ty.places().into_iter().map(|(at, id)| NamedShape { at, name: types[id].name.clone() }).collect(),
        values: describe::listed(field, types)
            .into_iter()
            .map(|value| NamedValue { at: value.at, text: value.text, variant: value.variant })
            .collect(),
    });
    NamedType {
        name: of.name.clone(),
        fields: fields.collect(),
        required: object.required.iter().map(|place| object.fields[*place].name.clone()).collect(),
        answers: known.name.and_then(|name| written.overrides.moved.get(name)).cloned().unwrap_or_default(),
    }
}
