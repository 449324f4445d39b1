//! What the other forms of a union know of a form that was gone: its fields as published in, the same as it knew them out.
//! Must not know the lock's rules.
//!
//! What several forms have at one key is one field. While a form is gone, the others see its titles and rules change; the
//! form that comes back is told by them which of its fields that is.

use crate::ir::{Item, Origin, Type, TypeId, TypeKind};
use crate::lock::{Field, LockedField};

/// Describes each field that another form has, and that this one had under the same name, as it was when the form went.
/// `locked` are the fields that the form had; `of_type` are those that are known of a type, in struct order.
pub(super) fn as_known_before<'k, 'l: 'k>(
    id: TypeId,
    fields: &mut [Field],
    types: &[Type],
    locked: &[&LockedField],
    of_type: impl Fn(TypeId) -> &'k [Option<&'l LockedField>],
) {
    for field in fields.iter_mut().filter(|field| field.input.is_some()) {
        let siblings: Vec<&LockedField> = at_key(&field.key, id, types, &of_type);
        let is_it = |old: &&&LockedField| {
            old.retired
                && old.field.input == field.input
                && old.field.definition.kind() == field.definition.kind()
                && siblings.iter().any(|sibling| sibling.name == old.name || sibling.former.contains(&old.name))
        };
        let mut found = locked.iter().filter(is_it);
        if let (Some(old), None) = (found.next(), found.next()) {
            field.title.clone_from(&old.field.title);
            field.definition.clone_from(&old.field.definition);
        }
    }
}

/// The locked fields that the other forms of a type's union have at a key.
fn at_key<'k, 'l: 'k>(
    key: &str,
    id: TypeId,
    types: &[Type],
    of_type: &impl Fn(TypeId) -> &'k [Option<&'l LockedField>],
) -> Vec<&'l LockedField> {
    let Origin::Form { owner, item: Item::Whole, .. } = types[id].origin else { return Vec::new() };
    let TypeKind::Union(union) = &types[owner].kind else { return Vec::new() };
    let others =
        union.forms.iter().flat_map(|form| form.ty.places()).filter(|(at, other)| at.is_empty() && *other != id);
    let of_other = |(_, other): (_, TypeId)| {
        let TypeKind::Object(object) = &types[other].kind else { return None };
        let place = object.fields.iter().position(|field| field.key == key)?;
        of_type(other).get(place).copied().flatten()
    };
    others.filter_map(of_other).collect()
}
