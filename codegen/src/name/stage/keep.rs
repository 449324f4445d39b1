//! The next lock of a model: the old one and the named representation in, what `names.lock` will hold out. Must not know
//! how the names were found.

use super::describe;
use super::recall::Recalled;
use crate::ir::{Object, Type, TypeKind};
use crate::lock::{Lock, NamedField, NamedShape, NamedType, NamedValue};

/// The lock that remembers both. `types` are named, in the locked order.
pub(super) fn keep(old: Option<&Lock>, types: &[Type], known: &[Recalled<'_>]) -> Lock {
    let named = types.iter().zip(known).filter_map(|(of, known)| match &of.kind {
        TypeKind::Object(object) => Some(structure(&of.name, object, types, known)),
        TypeKind::Choice(_) | TypeKind::Union(_) | TypeKind::Table(_) => None,
    });
    Lock::build(old, &named.collect::<Vec<_>>())
}

fn structure(name: &str, object: &Object, types: &[Type], known: &Recalled<'_>) -> NamedType {
    let fields = object.fields.iter().zip(&known.fields).map(|(field, known)| NamedField {
        field: describe::field(field, types),
        was: known.map(|known| known.name.clone()),
        name: field.name.clone(),
        json: field.json.clone(),
        types: field.ty.places().into_iter().map(|(at, id)| NamedShape { at, name: types[id].name.clone() }).collect(),
        values: describe::listed(field, types)
            .into_iter()
            .map(|value| NamedValue { at: value.at, text: value.text, variant: value.variant })
            .collect(),
    });
    NamedType {
        name: name.to_owned(),
        fields: fields.collect(),
        required: object.required.iter().map(|place| object.fields[*place].name.clone()).collect(),
    }
}
