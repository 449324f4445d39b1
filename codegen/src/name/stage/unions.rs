//! The names of objects' fields, also of those that are forms of one value. Must not know how a name is made.
//!
//! Each object is named by itself in Rust. In readable JSON, objects that one value may be are named together, unless a tag
//! tells them apart: a key has one name in all of them, and no two keys have the same. So readable names tell the forms
//! apart exactly as wire keys do. Where other keys may stand among theirs, a readable name could be one of those, and all
//! keep their wire keys; so they do where two keys want one name.

use std::collections::{BTreeMap, BTreeSet};

use super::recall::Recalled;
use super::{Written, place::Place, with_paths};
use crate::ir::{Extra, Object, Ty, Type, TypeId, TypeKind, Union};
use crate::lock::LockedField;
use crate::name::ident::is_readable;
use crate::name::{FieldLabel, FieldName, NameProblem, NodeKey, name_fields};

/// Objects that are named together.
#[derive(Debug, Default)]
pub(super) struct Group {
    members: Vec<TypeId>,
    /// Whether they keep their wire keys in readable JSON.
    has_other_keys: bool,
    /// Whether a tag, which is called the same in all JSON, tells which of them a value is.
    has_tag: bool,
}

impl Group {
    /// All of them.
    pub(super) fn members(&self) -> &[TypeId] {
        &self.members
    }

    /// The first of them.
    pub(super) fn first(&self) -> TypeId {
        self.members.first().copied().unwrap_or_default()
    }

    /// Those that have readable names in JSON, together where these have to tell them apart.
    fn told_apart_by_keys(&self) -> Vec<&[TypeId]> {
        match (self.has_other_keys, self.has_tag) {
            (true, _) => Vec::new(),
            (false, true) => self.members.chunks(1).collect(),
            (false, false) => vec![&self.members],
        }
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
            // One with a node id has to have one name in all of them.
            has_tag: union.tag.as_ref().is_some_and(|tag| NodeKey::parse(tag).is_none()),
        });
        for id in objects(union, types) {
            match group_of.insert(id, place) {
                // The group that had it is one with this.
                Some(other) if other != place => {
                    let other = std::mem::take(&mut groups[other]);
                    other.members.iter().for_each(|id| _ = group_of.insert(*id, place));
                    groups[place].has_other_keys |= other.has_other_keys;
                    groups[place].has_tag &= other.has_tag;
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
            groups.push(Group { members: vec![id], ..Group::default() });
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

/// Names the fields of a group. Where nobody can be asked, an error stops nothing: what has no name keeps its key.
pub(super) fn name_group(
    group: &Group,
    types: &mut [Type],
    written: &Written,
    known: &[Recalled<'_>],
) -> Result<(), Vec<NameProblem>> {
    let (mut names, mut problems) = (Vec::new(), Vec::new());
    for id in &group.members {
        let taken: Vec<&str> = known[*id].taken.iter().copied().collect();
        let mut labels = labels(&[*id], types, written, known, |locked| Some(&locked.name));
        let count = labels.len();
        labels.retain(|label| !known[*id].open.contains_key(&label.key));
        match name_fields(&as_fields(&labels), &taken) {
            // Some are left out only where Rust will see none of them.
            Ok(found) if found.len() == count => names.push((*id, found)),
            Ok(_) => names.push((*id, nameless(count))),
            Err(found) => {
                problems.extend(with_paths(found, &Place::of(types, *id), &taken));
                names.push((*id, nameless(count)));
            }
        }
    }
    if !problems.is_empty() && !written.asks_nobody {
        return Err(problems);
    }
    let mut json: BTreeMap<TypeId, BTreeMap<String, String>> = BTreeMap::new();
    for members in group.told_apart_by_keys() {
        let found = json_names(members, types, written, known);
        json.extend(members.iter().map(|id| (*id, found.clone())));
    }
    for (id, names) in names {
        let TypeKind::Object(object) = &mut types[id].kind else { continue };
        for (field, name) in object.fields.iter_mut().zip(names) {
            let is_readable = field.fixed.is_none() || NodeKey::parse(&field.key).is_some();
            let readable = json.get(&id).and_then(|json| json.get(&field.key)).filter(|_| is_readable);
            field.json.clone_from(readable.unwrap_or(&field.key));
            field.name = name.ident;
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Names in Rust for fields that only JSON will see.
fn nameless(count: usize) -> Vec<FieldName> {
    (0..count).map(|place| FieldName::from_readable(&format!("field_{place}"))).collect()
}

/// The names in readable JSON of all keys of some objects. Keys that want one name keep their spelling, unless they have a
/// name already.
fn json_names(
    members: &[TypeId],
    types: &[Type],
    written: &Written,
    known: &[Recalled<'_>],
) -> BTreeMap<String, String> {
    let mut taken: BTreeSet<String> =
        members.iter().flat_map(|id| &known[*id].taken).map(|name| (*name).to_owned()).collect();
    let (open, mut labels): (Vec<Label>, Vec<Label>) = labels(members, types, written, known, locked_json)
        .into_iter()
        .partition(|label| members.iter().any(|id| known[*id].open.contains_key(&label.key)));
    taken.extend(open.iter().map(|label| label.key.clone()));
    let mut names: BTreeMap<String, String> = open.into_iter().map(|label| (label.key.clone(), label.key)).collect();
    loop {
        let unavailable: Vec<&str> = taken.iter().map(String::as_str).collect();
        let problems = match name_fields(&as_fields(&labels), &unavailable) {
            Ok(found) => {
                names.extend(labels.into_iter().zip(found).map(|(label, name)| (label.key, name.json)));
                return names;
            }
            Err(problems) => problems,
        };
        let is_at_fault = |label: &Label| problems.iter().any(|problem| problem.keys.contains(&label.key));
        let (at_fault, others): (Vec<Label>, Vec<Label>) = labels.into_iter().partition(is_at_fault);
        if at_fault.is_empty() {
            names.extend(others.into_iter().map(|label| (label.key.clone(), label.key)));
            return names;
        }
        for label in at_fault {
            let name = label.locked.unwrap_or_else(|| label.key.clone());
            taken.insert(name.clone());
            names.insert(label.key, name);
        }
        labels = others;
    }
}

/// The name that a field has in stored inputs, if that is a readable one.
fn locked_json(locked: &LockedField) -> Option<&str> {
    let is_key = locked.json == locked.field.key;
    (!is_key || locked.field.input.is_none() && is_readable(&locked.json)).then_some(&locked.json)
}

/// What the name of a key is made of.
struct Label {
    key: String,
    title: String,
    pinned: Option<String>,
    locked: Option<String>,
}

fn as_fields(labels: &[Label]) -> Vec<FieldLabel<'_>> {
    let mut fields = Vec::with_capacity(labels.len());
    for Label { key, title, pinned, locked } in labels {
        fields.push(FieldLabel { key, title, pinned: pinned.as_deref(), locked: locked.as_deref() });
    }
    fields
}

/// The keys of some objects, each once; `name_of` says which of its locked names a field keeps.
fn labels(
    members: &[TypeId],
    types: &[Type],
    written: &Written,
    known: &[Recalled<'_>],
    name_of: fn(&LockedField) -> Option<&str>,
) -> Vec<Label> {
    let mut labels: Vec<Label> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for id in members {
        let Some(object) = object(types, *id) else { continue };
        let owner = Place::of(types, *id);
        let locked = known[*id].fields.iter().copied().chain(std::iter::repeat(None));
        for (field, locked) in object.fields.iter().zip(locked) {
            let pinned = written.overrides.name_at(&owner.key(&field.key).text(), written.lock.as_ref());
            let pinned = pinned.map(str::to_owned);
            let locked = locked.and_then(name_of).map(str::to_owned);
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

/// Gives the parts of unions, which have tables alone, the names that their objects have; the input's come first.
pub(super) fn name_tables(types: &mut [Type], input_types: usize) {
    // An object is found by its place in its file.
    let (input, output) = types.split_at_mut(input_types);
    name_tables_of_file(input);
    name_tables_of_file(output);
}

fn name_tables_of_file(types: &mut [Type]) {
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
            let mut wholes = std::iter::successors(Some(&*pointer), |part| whole_of(part));
            let name = wholes.find_map(|whole| names.get(&(whole.to_owned(), field.key.clone()))).cloned().flatten();
            field.json = name.unwrap_or_else(|| field.key.clone());
        }
    }
}

/// Where the schema stands that has this one as a part: `/anyOf/0` is one of the whole.
fn whole_of(part: &str) -> Option<&str> {
    let (keyword, _) = part.rsplit_once('/')?;
    let (whole, keyword) = keyword.rsplit_once('/')?;
    matches!(keyword, "allOf" | "anyOf" | "oneOf").then_some(whole)
}
