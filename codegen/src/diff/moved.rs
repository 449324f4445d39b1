//! A value of two types in, an old one and a new one; which keys of its objects are not where they were, out. For values whose
//! types are compared no further. Must not know why the types differ.

use std::collections::BTreeSet;

use super::around::Around;
use super::report::Change;
use super::show;
use crate::ir::{Ty, Type, TypeKind};

/// As many keys are named in one sentence.
const MAX_NAMED: usize = 8;

/// Keys that released versions send and that are not what they were.
#[derive(Default)]
pub(super) struct Moved<'a> {
    /// Those whose field has another key now, or that another field has.
    wrong: Vec<&'a str>,
    /// Those that nobody has.
    unknown: Vec<&'a str>,
}

impl<'a> Moved<'a> {
    pub(super) fn between(old: &'a Ty, new: &'a Ty, around: Around<'a>) -> Self {
        let (mut before, mut after) = (BTreeSet::new(), BTreeSet::new());
        keys(old, around.old.list, &mut Vec::new(), &mut before);
        keys(new, around.new.list, &mut Vec::new(), &mut after);
        let mut moved = Self::default();
        if after.is_empty() {
            // No object is left that could have them.
            return moved;
        }
        for (name, key) in before.difference(&after) {
            match after.iter().any(|(other, with)| other == name || with == key) {
                true => moved.wrong.push(key),
                false => moved.unknown.push(key),
            }
        }
        moved
    }

    /// The change of the types with what this means for requests.
    pub(super) fn told(&self, change: Change, is_request: bool) -> Change {
        let mut sentence = change.sentence;
        if !self.wrong.is_empty() {
            sentence.push_str(&format!("; the keys within it moved: {}", show::names(&self.wrong, MAX_NAMED)));
        }
        Change {
            sentence,
            wrong_keys: change.wrong_keys || !self.wrong.is_empty(),
            unknown_key: change.unknown_key || is_request && !self.unknown.is_empty(),
            ..change
        }
    }
}

/// The names and keys of the objects that a value, its items or its forms may be.
fn keys<'a>(ty: &'a Ty, types: &'a [Type], met: &mut Vec<usize>, found: &mut BTreeSet<(&'a str, &'a str)>) {
    match ty {
        Ty::Nullable(inner) | Ty::List(inner) | Ty::Map(inner) => keys(inner, types, met, found),
        Ty::Tuple(parts) => parts.iter().for_each(|part| keys(part, types, met, found)),
        Ty::Named(id) | Ty::Boxed(id) if !met.contains(id) => {
            met.push(*id);
            match types.get(*id).map(|of| &of.kind) {
                Some(TypeKind::Object(object)) => {
                    found.extend(object.fields.iter().map(|field| (field.json.as_str(), field.key.as_str())));
                }
                Some(TypeKind::Union(union)) => {
                    union.forms.iter().for_each(|form| keys(&form.ty, types, met, found));
                }
                _ => {}
            }
        }
        _ => {}
    }
}
