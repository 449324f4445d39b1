//! The next lock of a model: the old one, `overrides.toml` and the named representation in, what `names.lock` will hold out. Must not know
//! how the names were found.

use super::form_lines::line_for;
use super::place::Place;
use super::recall::Recalled;
use super::targets::named_by;
use super::type_names::{expected_name, line_of_type};
use super::{Written, describe};
use crate::ir::{Object, Ty, Type, TypeId, TypeKind, Union};
use crate::lock::{self, Corrected, Lock, NamedField, NamedShape, NamedType, NamedValue};
use crate::overrides::Overrides;

/// The lock that remembers both. `types` are named, in the locked order.
pub(super) fn keep(written: &Written, types: &[Type], all: &[Recalled<'_>]) -> Lock {
    let named = (0..all.len()).filter_map(|id| match &types[id].kind {
        TypeKind::Object(object) => Some(structure(id, object, types, all, written)),
        TypeKind::Union(union) => {
            let called = expected_name(types, id, written, all);
            Some(forms((id, &called), union, types, all, written))
        }
        TypeKind::Choice(_) | TypeKind::Table(_) => None,
    });
    let old = written.lock.clone().map(|lock| without_deleted_lines(lock, &written.overrides));
    Lock::build(old.as_ref(), &named.collect::<Vec<_>>())
}

/// The lock without what it remembers of lines that do not stand any more.
fn without_deleted_lines(mut lock: Lock, overrides: &Overrides) -> Lock {
    for field in &mut lock.fields {
        let of_forms = overrides.variants.get(&field.owner);
        let is_named = |path: &String| {
            overrides.names.get(path) == Some(&field.json)
                || of_forms.and_then(|lines| lines.get(path)) == Some(&field.name)
        };
        field.applied.named = field.applied.named.take().filter(is_named);
        let is_corrected =
            |entry: &Corrected| overrides.types.get(&entry.path).is_some_and(|it| it.name() == entry.kind);
        field.applied.corrected = field.applied.corrected.take().filter(is_corrected);
        for made in &mut field.types {
            made.named = made.named.take().filter(|path| overrides.type_names.get(path) == Some(&made.name));
        }
    }
    lock
}

fn structure(id: TypeId, object: &Object, types: &[Type], all: &[Recalled<'_>], written: &Written) -> NamedType {
    let (owner, known) = (Place::of(types, id), &all[id]);
    let fields = object.fields.iter().zip(&known.fields).map(|(field, known)| NamedField {
        field: written.published(&owner, field, types),
        was: known.map(|known| known.name.clone()),
        named: named_by(written, &owner.key(&field.key).text(), *known),
        corrected: written.corrected.get(&owner.key(&field.key).text()).map(|correct| correct.entry.clone()),
        name: field.name.clone(),
        json: field.json.clone(),
        types: shapes(&field.ty, types, written, all),
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
    all: &[Recalled<'_>],
    written: &Written,
) -> NamedType {
    let known = &all[id];
    let forms = union.forms.iter().zip(&known.fields).map(|(form, old)| NamedField {
        field: lock::Field { is_bare: written.is_bare, ..describe::form(form, types) },
        was: old.map(|old| old.name.clone()),
        named: line_for(written, called, form, *old, known),
        corrected: None,
        name: form.name.clone(),
        json: form.name.clone(),
        types: shapes(&form.ty, types, written, all),
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

fn shapes(ty: &Ty, types: &[Type], written: &Written, all: &[Recalled<'_>]) -> Vec<NamedShape> {
    let shape = |(at, id): (String, TypeId)| {
        let named = line_of_type(types, id, all, written);
        NamedShape { at, name: types[id].name.clone(), named }
    };
    ty.places().into_iter().map(shape).collect()
}

fn values(listed: Vec<describe::Listed>) -> Vec<NamedValue> {
    let named = |value: describe::Listed| NamedValue { at: value.at, text: value.text, variant: value.variant };
    listed.into_iter().map(named).collect()
}
