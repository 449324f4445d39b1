//! The names of unions: their forms, and the objects that are forms of one value. Must not know how a name is made.
//!
//! Objects that one JSON value may be are named together: a key has one name in all of them, and no two keys have the
//! same. So readable names tell the forms apart exactly as wire keys do. Where other keys may stand among theirs, a
//! readable name could be one of those, and all keep their wire keys in readable JSON; so they do where two keys want one
//! name.

use std::collections::{BTreeMap, BTreeSet};

use super::recall::Recalled;
use super::{Written, place::Place, with_paths};
use crate::ir::{Extra, Object, Ty, Type, TypeId, TypeKind, Union};
use crate::name::{FieldLabel, FieldName, NameProblem, name_fields, name_variants};

/// Objects that are named together.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: Vec<TypeId>,
    /// Whether they keep their wire keys in readable JSON.
    has_other_keys: bool,
}

impl Group {
    /// The first of them.
    pub(super) fn first(&self) -> TypeId {
        self.members.first().copied().unwrap_or_default()
    }
}

/// Every object of the list in one group.
pub(super) fn groups(types: &[Type]) -> Vec<Group> {
    let mut group_of: BTreeMap<TypeId, usize> = BTreeMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for of in types {
        let TypeKind::Union(union) = &of.kind else { continue };
        let place = groups.len();
        groups.push(Group {
            members: Vec::new(),
            has_other_keys: union.open || union.forms.iter().any(|form| has_any_key(&form.ty)),
        });
        for id in objects(union, types) {
            match group_of.insert(id, place) {
                // The group that had it is one with this.
                Some(other) if other != place => {
                    let other = std::mem::take(&mut groups[other]);
                    other.members.iter().for_each(|id| _ = group_of.insert(*id, place));
                    groups[place].has_other_keys |= other.has_other_keys;
                    groups[place].members.extend(other.members);
                    groups[place].members.retain(|member| *member != id);
                    groups[place].members.push(id);
                }
                Some(_) => {}
                None => groups[place].members.push(id),
            }
        }
    }
    for (id, of) in types.iter().enumerate() {
        if matches!(of.kind, TypeKind::Object(_)) && !group_of.contains_key(&id) {
            groups.push(Group { members: vec![id], has_other_keys: false });
        }
    }
    for group in &mut groups {
        group.members.sort_unstable();
        let is_union = group.members.iter().any(|id| group_of.contains_key(id));
        group.has_other_keys |=
            is_union && group.members.iter().any(|id| object(types, *id).is_some_and(|it| it.extra != Extra::None));
    }
    groups.retain(|group| !group.members.is_empty());
    groups
}

/// The objects that a union's value may be.
fn objects<'t>(union: &'t Union, types: &'t [Type]) -> impl Iterator<Item = TypeId> + 't {
    union.forms.iter().filter_map(|form| match form.ty {
        Ty::Named(id) | Ty::Boxed(id) => object(types, id).map(|_| id),
        _ => None,
    })
}

fn has_any_key(ty: &Ty) -> bool {
    matches!(ty, Ty::Map(_) | Ty::Json)
}

fn object(types: &[Type], id: TypeId) -> Option<&Object> {
    if let TypeKind::Object(object) = &types[id].kind { Some(object) } else { None }
}

/// Names the fields of a group.
pub(super) fn name_group(
    group: &Group,
    types: &mut [Type],
    written: &Written,
    known: &[Recalled<'_>],
) -> Result<(), Vec<NameProblem>> {
    let labels = labels(group, types, written, known);
    let taken: BTreeSet<&str> = group.members.iter().flat_map(|id| known[*id].taken.iter().copied()).collect();
    let taken: Vec<&str> = taken.into_iter().collect();
    let owner = group.members.first().map(|id| Place::of(types, *id)).unwrap_or_default();
    let found: Vec<FieldLabel<'_>> = labels.iter().map(Label::as_field).collect();
    let names = match name_fields(&found, &taken) {
        Ok(names) => names,
        // Readable names could not tell them apart, so each object is named by itself.
        Err(_) if group.members.len() > 1 => return apart(group, types, written, known),
        Err(problems) => return Err(with_paths(problems, &owner, &taken)),
    };
    let names: BTreeMap<&str, FieldName> = labels.iter().map(|label| label.key.as_str()).zip(names).collect();
    for id in &group.members {
        let TypeKind::Object(object) = &mut types[*id].kind else { continue };
        for field in &mut object.fields {
            let Some(name) = names.get(field.key.as_str()) else { continue };
            field.name.clone_from(&name.ident);
            field.json =
                if group.has_other_keys || field.fixed.is_some() { field.key.clone() } else { name.json.clone() };
        }
    }
    Ok(())
}

/// Names the fields of each object of a group by itself; all keep their wire keys in readable JSON.
fn apart(group: &Group, types: &mut [Type], written: &Written, known: &[Recalled<'_>]) -> Result<(), Vec<NameProblem>> {
    let mut problems = Vec::new();
    for id in &group.members {
        let alone = Group { members: vec![*id], has_other_keys: true };
        problems.extend(name_group(&alone, types, written, known).err().into_iter().flatten());
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// What the name of a key is made of.
struct Label {
    key: String,
    title: String,
    pinned: Option<String>,
    locked: Option<String>,
}

impl Label {
    fn as_field(&self) -> FieldLabel<'_> {
        FieldLabel {
            key: &self.key,
            title: &self.title,
            pinned: self.pinned.as_deref(),
            locked: self.locked.as_deref(),
        }
    }
}

fn labels(group: &Group, types: &[Type], written: &Written, known: &[Recalled<'_>]) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for id in &group.members {
        let Some(object) = object(types, *id) else { continue };
        let owner = Place::of(types, *id);
        let locked = known[*id].fields.iter().copied().chain(std::iter::repeat(None));
        for (field, locked) in object.fields.iter().zip(locked) {
            let pinned = written.overrides.name_at(&owner.key(&field.key).text(), written.lock.as_ref());
            let pinned = pinned.map(str::to_owned);
            let locked = locked.map(|locked| locked.name.clone());
            let Some(place) = places.get(&field.key) else {
                places.insert(field.key.clone(), labels.len());
                labels.push(Label { key: field.key.clone(), title: field.title.clone(), pinned, locked });
                continue;
            };
            let label = &mut labels[*place];
            // Titles that differ name nothing.
            if label.title != field.title {
                label.title.clear();
            }
            label.pinned = label.pinned.take().or(pinned);
            label.locked = label.locked.take().or(locked);
        }
    }
    labels
}

/// Gives the parts of unions, which have tables alone, the names that their objects have.
pub(super) fn name_tables(types: &mut [Type]) {
    let mut names: BTreeMap<(String, String), Option<String>> = BTreeMap::new();
    for of in types.iter() {
        let TypeKind::Object(object) = &of.kind else { continue };
        let own = std::slice::from_ref(&of.pointer);
        let parts = if object.parts.is_empty() { own } else { &object.parts };
        for (part, field) in parts.iter().flat_map(|part| object.fields.iter().map(move |field| (part, field))) {
            let name = names.entry((part.clone(), field.key.clone())).or_insert_with(|| Some(field.json.clone()));
            if name.as_ref() != Some(&field.json) {
                *name = None;
            }
        }
    }
    for of in types {
        let pointer = of.pointer.clone();
        let TypeKind::Table(table) = &mut of.kind else { continue };
        for field in &mut table.fields {
            let name = names.get(&(pointer.clone(), field.key.clone())).cloned().flatten();
            field.json = name.unwrap_or_else(|| field.key.clone());
        }
    }
}

/// Names the forms of a union; `wish` is the name that it wants.
pub(super) fn name_forms(
    union: &mut Union,
    wish: &str,
    pinned: &BTreeMap<String, String>,
    locked: &BTreeMap<String, String>,
) -> Result<(), Vec<NameProblem>> {
    let keys: Vec<&str> = union.forms.iter().map(|form| form.key.as_str()).collect();
    let names = name_variants(wish, &keys, pinned, locked)?;
    for (form, name) in union.forms.iter_mut().zip(names) {
        form.name = name;
    }
    Ok(())
}
