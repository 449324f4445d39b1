//! The forms of a union and its lock in, the forms by what the lock knows them by out. An object that gained a key, or a
//! list that is not alone any more, is the form that it was. Must not know how forms are named.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Ty, Type, TypeId, TypeKind};
use crate::lock::{Lock, LockedField};

/// The names of all forms that a union has or had, by their keys.
pub(super) fn known_names(lock: &Lock, owner: &str) -> BTreeMap<String, String> {
    lock.fields_of(owner).map(|form| (form.field.key.clone(), form.name.clone())).collect()
}

/// Gives forms that the lock knows by another key that key. Objects go by the keys they share, lists and maps by being the
/// only ones.
pub(super) fn pair_forms(id: TypeId, lock: &Lock, owner: &str, types: &mut [Type]) {
    let TypeKind::Union(union) = &types[id].kind else { return };
    let now: BTreeSet<&str> = union.forms.iter().map(|form| form.key.as_str()).collect();
    let known: BTreeSet<&str> = lock.fields_of(owner).map(|form| form.field.key.as_str()).collect();
    let gone: Vec<&LockedField> =
        lock.fields_of(owner).filter(|form| !form.retired && !now.contains(form.field.key.as_str())).collect();
    let new: Vec<usize> =
        (0..union.forms.len()).filter(|place| !known.contains(union.forms[*place].key.as_str())).collect();
    let mut pairs: Vec<(f64, &str, &str, usize)> = Vec::new();
    for old in &gone {
        for place in &new {
            let form = &union.forms[*place];
            let score = likeness(old, &form.ty, lock, types);
            if score > 0.0 {
                pairs.push((score, &old.field.key, &form.key, *place));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    let (mut taken_old, mut renamed) = (BTreeSet::new(), BTreeMap::new());
    for (_, old, _, place) in pairs {
        if !renamed.contains_key(&place) && taken_old.insert(old) {
            renamed.insert(place, old.to_owned());
        }
    }
    let TypeKind::Union(union) = &mut types[id].kind else { return };
    for (place, key) in renamed {
        union.forms[place].key = key;
    }
}

/// How alike a locked form and a form are: 0 for not at all.
fn likeness(old: &LockedField, now: &Ty, lock: &Lock, types: &[Type]) -> f64 {
    let kind = old.field.definition.kind();
    match now {
        Ty::Named(id) | Ty::Boxed(id) => {
            let (TypeKind::Object(object), Some(name)) = (&types[*id].kind, old.type_name("")) else { return 0.0 };
            let before: BTreeSet<&str> =
                lock.fields_of(name).filter(|field| !field.retired).map(|field| field.field.key.as_str()).collect();
            let after: BTreeSet<&str> = object.fields.iter().map(|field| field.key.as_str()).collect();
            before.intersection(&after).count() as f64 / before.union(&after).count().max(1) as f64
        }
        Ty::List(_) | Ty::Tuple(_) if kind.starts_with("array of") || kind.starts_with("tuple of") => 1.0,
        Ty::Map(_) if kind.starts_with("map of") => 1.0,
        _ => 0.0,
    }
}
