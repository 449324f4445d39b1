//! The next lock of a model: the old one, `overrides.toml` and the named representation in, what `names.lock` will hold out. Must not know
//! how the names were found.

use super::form_lines::line_for;
use super::place::Place;
use super::recall::Recalled;
use super::targets::named_by;
use super::type_names::expected_name;
use super::{Written, describe};
use crate::ir::{Object, Ty, Type, TypeId, TypeKind, Union};
use crate::lock::{self, Lock, NamedField, NamedShape, NamedType, NamedValue};

/// The lock that remembers both. `types` are named, in the locked order.
pub(super) fn keep(written: &Written, types: &[Type], all: &[Recalled<'_>]) -> Lock {
    let named = all.iter().enumerate().filter_map(|(id, known)| match &types[id].kind {
        TypeKind::Object(object) => Some(structure(id, object, types, known, written)),
        TypeKind::Union(union) => {
            let called = expected_name(types, id, written, all);
            Some(forms((id, &called), union, types, known, written))
        }
        TypeKind::Choice(_) | TypeKind::Table(_) => None,
    });
    Lock::build(written.lock.as_ref(), &named.collect::<Vec<_>>())
}

fn structure(id: TypeId, object: &Object, types: &[Type], known: &Recalled<'_>, written: &Written) -> NamedType {
    let owner = Place::of(types, id);
    let fields = object.fields.iter().zip(&known.fields).map(|(field, known)| NamedField {
        field: written.published(&owner, field, types),
        was: known.map(|known| known.name.clone()),
        named: named_by(written, &owner.key(&field.key).text(), *known),
        corrected: written.corrected.get(&owner.key(&field.key).text()).map(|correct| correct.entry.clone()),
        name: field.name.clone(),
        json: field.json.clone(),
        types: shapes(&field.ty, types),
        values: values(describe::listed(field, types)),
    });
    NamedType {
        name: types[id].name.clone(),
        was: known.name.map(str::to_owned),
        fields: fields.collect(),
        required: object.required.iter().map(|place| object.fields[*place].name.clone()).collect(),
        answers: known.given.clone(),
    }
}

/// A union is kept like a struct, its forms like fields.
fn forms(
    (id, called): (TypeId, &str),
    union: &Union,
    types: &[Type],
    known: &Recalled<'_>,
    written: &Written,
) -> NamedType {
    let forms = union.forms.iter().zip(&known.fields).map(|(form, old)| NamedField {
        field: lock::Field { is_bare: written.is_bare, ..describe::form(form, types) },
        was: old.map(|old| old.name.clone()),
        named: line_for(written, called, form, *old, known),
        corrected: None,
        name: form.name.clone(),
        json: form.name.clone(),
        types: shapes(&form.ty, types),
        values: values(describe::listed_in(&form.ty, types)),
    });
    NamedType {
        name: types[id].name.clone(),
        was: known.name.map(str::to_owned),
        fields: forms.collect(),
        required: Vec::new(),
        answers: known.given.clone(),
    }
}

fn shapes(ty: &Ty, types: &[Type]) -> Vec<NamedShape> {
    ty.places().into_iter().map(|(at, id)| NamedShape { at, name: types[id].name.clone() }).collect()
}

fn values(listed: Vec<describe::Listed>) -> Vec<NamedValue> {
    let named = |value: describe::Listed| NamedValue { at: value.at, text: value.text, variant: value.variant };
    listed.into_iter().map(named).collect()
}
