//! The types and fields of one model, old and new, in; which of them are the same to users out. Both sides have their
//! Rust names: the lock has already told which field is which. Must not judge changes.

use std::collections::{BTreeMap, BTreeSet};

use super::kind::Direction;
use super::meaning::domain;
use super::unions;
use crate::ir::{Extra, Field, Object, Ty, Type, TypeId, TypeKind};

/// The types of one model, or of one shared shape.
#[derive(Clone, Copy)]
pub(super) struct Types<'a> {
    /// All of them: a `TypeId` is a place in this list.
    pub(super) list: &'a [Type],
    /// As many of them, from the first, belong to the request.
    pub(super) inputs: usize,
}

impl<'a> Types<'a> {
    pub(super) fn direction(self, id: TypeId) -> Direction {
        if id < self.inputs { Direction::Request } else { Direction::Response }
    }

    fn get(self, id: TypeId) -> Option<&'a TypeKind> {
        self.list.get(id).map(|of| &of.kind)
    }

    /// Types that users can name, by direction and name.
    fn by_name(self) -> BTreeMap<(Direction, &'a str), TypeId> {
        let named = self.list.iter().enumerate().filter(|(_, of)| !matches!(of.kind, TypeKind::Table(_)));
        named.map(|(id, of)| ((self.direction(id), of.name.as_str()), id)).collect()
    }
}

/// Which new type an old one is.
pub(super) struct Pairs {
    to_new: BTreeMap<TypeId, TypeId>,
}

impl Pairs {
    /// Types of one name are the same; of the others, those that are at the same place of fields that are the same.
    /// `outputs` are the types of the whole output, if it is the model's own.
    pub(super) fn find(old: Types<'_>, new: Types<'_>, outputs: Option<(&Ty, &Ty)>) -> Self {
        let by_name = new.by_name();
        let same_name = old.by_name().into_iter().filter_map(|(name, id)| Some((id, *by_name.get(&name)?)));
        let to_new: BTreeMap<_, _> = same_name.filter(|(from, to)| are_alike(old, *from, new, *to)).collect();
        let mut taken: BTreeSet<TypeId> = to_new.values().copied().collect();
        let mut queue: Vec<(TypeId, TypeId)> = to_new.iter().map(|(from, to)| (*from, *to)).collect();
        let mut pairs = Self { to_new };
        let mut found = outputs.map(|(old, new)| places(old, new)).unwrap_or_default();
        loop {
            for (from, to) in found {
                let is_free = !pairs.to_new.contains_key(&from) && !taken.contains(&to);
                if is_free && are_alike(old, from, new, to) {
                    pairs.to_new.insert(from, to);
                    taken.insert(to);
                    queue.push((from, to));
                }
            }
            let Some((from, to)) = queue.pop() else { return pairs };
            found = match (old.get(from), new.get(to)) {
                (Some(TypeKind::Object(before)), Some(TypeKind::Object(after))) => {
                    let fields = Fields::pair(before, old, after, new).both;
                    fields.iter().flat_map(|(old, new)| places(&old.ty, &new.ty)).collect()
                }
                (Some(TypeKind::Union(before)), Some(TypeKind::Union(after))) => {
                    let forms = unions::pair(before, after);
                    forms.iter().flat_map(|(old, new)| places(&old.ty, &new.ty)).collect()
                }
                _ => Vec::new(),
            };
        }
    }

    /// The pairs, by old type.
    pub(super) fn iter(&self) -> impl Iterator<Item = (TypeId, TypeId)> {
        self.to_new.iter().map(|(old, new)| (*old, *new))
    }

    /// Whether two Rust types are the same, new names aside.
    pub(super) fn are_same(&self, old: &Ty, new: &Ty) -> bool {
        match (old, new) {
            (Ty::Named(old), Ty::Named(new)) | (Ty::Boxed(old), Ty::Boxed(new)) => self.to_new.get(old) == Some(new),
            (Ty::List(old), Ty::List(new)) | (Ty::Map(old), Ty::Map(new)) | (Ty::Nullable(old), Ty::Nullable(new)) => {
                self.are_same(old, new)
            }
            (Ty::Tuple(old), Ty::Tuple(new)) => {
                old.len() == new.len() && old.iter().zip(new).all(|(old, new)| self.are_same(old, new))
            }
            (Ty::Named(_) | Ty::Boxed(_), _) | (_, Ty::Named(_) | Ty::Boxed(_)) => false,
            _ => old == new,
        }
    }
}

/// The named types that stand at the same place of two types.
fn places(old: &Ty, new: &Ty) -> Vec<(TypeId, TypeId)> {
    match (old, new) {
        (Ty::Named(old) | Ty::Boxed(old), Ty::Named(new) | Ty::Boxed(new)) => vec![(*old, *new)],
        (Ty::List(old), Ty::List(new)) | (Ty::Map(old), Ty::Map(new)) | (Ty::Nullable(old), Ty::Nullable(new)) => {
            places(old, new)
        }
        (Ty::Tuple(old), Ty::Tuple(new)) => old.iter().zip(new).flat_map(|(old, new)| places(old, new)).collect(),
        _ => Vec::new(),
    }
}

/// Whether two types are of one nature, so that it makes sense to compare them in detail.
fn are_alike(old: Types<'_>, from: TypeId, new: Types<'_>, to: TypeId) -> bool {
    old.direction(from) == new.direction(to)
        && match (old.get(from), new.get(to)) {
            (Some(TypeKind::Object(old)), Some(TypeKind::Object(new))) => {
                (old.extra == Extra::Open) == (new.extra == Extra::Open)
            }
            (Some(TypeKind::Choice(old)), Some(TypeKind::Choice(new))) => old.open == new.open,
            (Some(TypeKind::Union(old)), Some(TypeKind::Union(new))) => old.open == new.open,
            _ => false,
        }
}

/// The fields of a struct, old and new.
pub(super) struct Fields<'a> {
    /// In both, in the old order.
    pub(super) both: Vec<(&'a Field, &'a Field)>,
    /// Only in the old one.
    pub(super) removed: Vec<&'a Field>,
    /// Only in the new one.
    pub(super) added: Vec<&'a Field>,
}

impl<'a> Fields<'a> {
    /// A name makes a field: the lock keeps it through renumbering. Of what is left, equal keys are paired if title or
    /// definition say that it is the same field under a new name; a key alone proves nothing, since nodes are renumbered.
    ///
    /// What is written by itself is no field to users.
    pub(super) fn pair(old: &'a Object, old_types: Types<'_>, new: &'a Object, new_types: Types<'_>) -> Self {
        let (old, new) = (seen(old), seen(new));
        let old_names: BTreeSet<&str> = old.iter().map(|field| field.name.as_str()).collect();
        let by_name: BTreeMap<&str, &Field> = new.iter().map(|field| (field.name.as_str(), *field)).collect();
        let newcomers = || new.iter().copied().filter(|field| !old_names.contains(field.name.as_str()));
        let by_key: BTreeMap<&str, &Field> = newcomers().map(|field| (field.key.as_str(), field)).collect();
        let mut fields = Self { both: Vec::new(), removed: Vec::new(), added: Vec::new() };
        let mut renamed = BTreeSet::new();
        for field in old.iter().copied() {
            let same_key = || {
                let newcomer = by_key.get(field.key.as_str()).copied();
                newcomer.filter(|newcomer| is_renamed(field, old_types, newcomer, new_types))
            };
            if let Some(same_name) = by_name.get(field.name.as_str()) {
                fields.both.push((field, same_name));
            } else if let Some(newcomer) = same_key() {
                renamed.insert(newcomer.name.as_str());
                fields.both.push((field, newcomer));
            } else {
                fields.removed.push(field);
            }
        }
        fields.added = newcomers().filter(|field| !renamed.contains(field.name.as_str())).collect();
        fields
    }
}

fn seen(object: &Object) -> Vec<&Field> {
    object.fields.iter().filter(|field| field.fixed.is_none()).collect()
}

/// Whether two fields of one key and two names are the same field.
fn is_renamed(old: &Field, old_types: Types<'_>, new: &Field, new_types: Types<'_>) -> bool {
    let same_title = !old.title.is_empty() && old.title == new.title;
    same_title
        || (old.default == new.default
            && have_one_shape(&old.ty, &new.ty)
            && domain(&old.rules, old_types.list).is_same(&domain(&new.rules, new_types.list)))
}

/// Whether two types are the same but for what their named types are called.
fn have_one_shape(old: &Ty, new: &Ty) -> bool {
    match (old, new) {
        (Ty::Named(_) | Ty::Boxed(_), Ty::Named(_) | Ty::Boxed(_)) => true,
        (Ty::List(old), Ty::List(new)) | (Ty::Map(old), Ty::Map(new)) | (Ty::Nullable(old), Ty::Nullable(new)) => {
            have_one_shape(old, new)
        }
        (Ty::Tuple(old), Ty::Tuple(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| have_one_shape(old, new))
        }
        _ => old == new,
    }
}
