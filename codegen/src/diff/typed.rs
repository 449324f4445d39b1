//! The Rust types of a value, old and new, in; what a comparison of these types tells by itself out: fields of structs,
//! variants, forms that came or went. So that nothing is told twice. Must not know how it is told.

use std::collections::BTreeSet;

use super::around::Around;
use super::meaning::{Domain, Objects};
use super::unions;
use crate::ir::{Choice, Field, Object, Ty, Type, TypeId, TypeKind};

/// A struct, old and new.
type Structs<'a> = ((TypeId, &'a Object), (TypeId, &'a Object));

/// The types that the values at a place may have, each old one with the new one that it is.
#[derive(Clone, Default)]
pub(super) struct Typed<'a> {
    /// No unions, and nothing nullable.
    pairs: Vec<(&'a Ty, &'a Ty)>,
    /// The struct whose own rules these are.
    whole: Option<Structs<'a>>,
    /// Whether a union tells that forms are gone.
    pub(super) gone: bool,
    /// Whether a union tells that there are new forms.
    pub(super) fresh: bool,
}

impl<'a> Typed<'a> {
    pub(super) fn of(old: &'a Ty, new: &'a Ty, around: Around<'a>) -> Self {
        let mut typed = Self::default();
        typed.add(old, new, around, &mut BTreeSet::new());
        typed
    }

    /// The values of a struct, which is compared as a type.
    pub(super) fn whole(old: (TypeId, &'a Object), new: (TypeId, &'a Object)) -> Self {
        Self { whole: Some((old, new)), ..Self::default() }
    }

    fn add(&mut self, old: &'a Ty, new: &'a Ty, around: Around<'a>, met: &mut BTreeSet<(TypeId, TypeId)>) {
        match (old, new) {
            (Ty::Nullable(old), new) => self.add(old, new, around, met),
            (old, Ty::Nullable(new)) => self.add(old, new, around, met),
            (Ty::Named(from) | Ty::Boxed(from), Ty::Named(to) | Ty::Boxed(to)) => {
                let kinds = (kind(around.old.list, *from), kind(around.new.list, *to));
                let (Some(TypeKind::Union(before)), Some(TypeKind::Union(after))) = kinds else {
                    return self.pairs.push((old, new));
                };
                if met.insert((*from, *to)) && around.pairs.are_same(old, new) {
                    let pairs = unions::pair(before, after);
                    self.gone |= pairs.len() < before.forms.len();
                    self.fresh |= pairs.len() < after.forms.len();
                    pairs.into_iter().for_each(|(old, new)| self.add(&old.ty, &new.ty, around, met));
                }
            }
            _ => self.pairs.push((old, new)),
        }
    }

    fn within(&self, around: Around<'a>, inner: impl Fn(&'a Ty) -> Option<&'a Ty>) -> Self {
        let mut typed = Self::default();
        for (old, new) in &self.pairs {
            if let (Some(old), Some(new)) = (inner(old), inner(new)) {
                typed.add(old, new, around, &mut BTreeSet::new());
            }
        }
        typed
    }

    /// The types of a list's items.
    pub(super) fn items(&self, around: Around<'a>) -> Self {
        self.within(around, |ty| if let Ty::List(items) = ty { Some(items.as_ref()) } else { None })
    }

    /// The types at one place of a list.
    pub(super) fn item_at(&self, place: usize, around: Around<'a>) -> Self {
        self.within(around, |ty| match ty {
            Ty::List(items) => Some(items.as_ref()),
            Ty::Tuple(parts) => parts.get(place),
            _ => None,
        })
    }

    /// The types of a map's values.
    pub(super) fn values(&self, around: Around<'a>) -> Self {
        self.within(around, |ty| if let Ty::Map(values) = ty { Some(values.as_ref()) } else { None })
    }

    /// The types of a field of the structs among them, by its name in readable JSON.
    pub(super) fn field(&self, name: &str, around: Around<'a>) -> Self {
        let mut typed = Self::default();
        for ((_, old), (_, new)) in self.structs(around) {
            if let (Some(old), Some(new)) = (field(old, name), field(new, name)) {
                typed.add(&old.ty, &new.ty, around, &mut BTreeSet::new());
            }
        }
        typed
    }

    /// Whether the place alone does not say of which form a change is.
    pub(super) fn has_forms(&self) -> bool {
        self.whole.is_none()
            && (self.pairs.len() != 1 || matches!(self.pairs.first(), Some((Ty::Json, _) | (_, Ty::Json))))
    }

    fn structs(&self, around: Around<'a>) -> Vec<Structs<'a>> {
        let named = self.pairs.iter().filter_map(|(old, new)| match (kinds(old, new, around)?, old, new) {
            (
                (TypeKind::Object(before), TypeKind::Object(after)),
                Ty::Named(from) | Ty::Boxed(from),
                Ty::Named(to) | Ty::Boxed(to),
            ) => Some(((*from, before), (*to, after))),
            _ => None,
        });
        named.chain(self.whole).collect()
    }

    /// The variants that are told to be gone and to be new, as JSON.
    pub(super) fn variants(&self, around: Around<'a>) -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut gone, mut fresh) = (BTreeSet::new(), BTreeSet::new());
        for (old, new) in &self.pairs {
            if let Some((TypeKind::Choice(before), TypeKind::Choice(after))) = kinds(old, new, around) {
                gone.extend(missing(before, after));
                fresh.extend(missing(after, before));
            }
        }
        (gone, fresh)
    }

    /// Whether one of the structs has all that is said of a key, old and new; the key by its name in readable JSON.
    pub(super) fn tells_of(&self, name: &str, old: &Objects, new: &Objects, around: Around<'a>) -> bool {
        let says = |object: &Object, objects: &Objects, values: &dyn Fn(&Field) -> Domain| match field(object, name) {
            Some(field) => field.required == objects.requires(name) && values(field).is_same(objects.at(name)),
            None => !objects.keys.contains_key(name),
        };
        let mut structs = self.structs(around).into_iter();
        structs.any(|((from, before), (to, after))| {
            let pair = (from, to);
            says(before, old, &|field| around.old_values(pair, field))
                && says(after, new, &|field| around.new_values(pair, field))
        })
    }
}

fn kind(types: &[Type], id: TypeId) -> Option<&TypeKind> {
    types.get(id).map(|of| &of.kind)
}

/// What two named types are, if they are the same.
fn kinds<'a>(old: &Ty, new: &Ty, around: Around<'a>) -> Option<(&'a TypeKind, &'a TypeKind)> {
    match (old, new) {
        (Ty::Named(from) | Ty::Boxed(from), Ty::Named(to) | Ty::Boxed(to)) if around.pairs.are_same(old, new) => {
            kind(around.old.list, *from).zip(kind(around.new.list, *to))
        }
        _ => None,
    }
}

fn field<'a>(object: &'a Object, name: &str) -> Option<&'a Field> {
    object.fields.iter().find(|field| field.json == name)
}

/// The values that the other enum lacks.
fn missing(of: &Choice, other: &Choice) -> Vec<String> {
    let known: BTreeSet<&str> = other.values.iter().map(|one| one.value.as_str()).collect();
    let missing = of.values.iter().filter(|one| !known.contains(one.value.as_str()));
    missing.map(|one| serde_json::Value::from(one.value.as_str()).to_string()).collect()
}
