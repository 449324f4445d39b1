//! The types of one side in; all that is said of the fields of each struct out, whoever says it: the struct itself, or the
//! rules of the values that have it. So a rule that moved from the one to the other is no change. Must not know what changed.

use std::collections::{BTreeMap, BTreeSet};

use super::meaning::{Domain, Kind, Objects, domain};
use crate::ir::{Origin, Rule, Ty, Type, TypeId, TypeKind};

/// What is said of the fields of each struct; nothing where that is not the same for all of its values.
pub(super) struct Wholes<'t> {
    types: &'t [Type],
    found: BTreeMap<TypeId, Option<Objects>>,
    /// The unions whose forms were looked at.
    unions: BTreeSet<TypeId>,
}

impl<'t> Wholes<'t> {
    pub(super) fn of(types: &'t [Type]) -> Self {
        let mut wholes = Self { types, found: BTreeMap::new(), unions: BTreeSet::new() };
        for (id, of) in types.iter().enumerate() {
            let TypeKind::Object(object) = &of.kind else { continue };
            if matches!(of.origin, Origin::Fixed(_)) {
                wholes.value(&Ty::Named(id), &domain(&rules_of(id, &object.rules), types));
            }
            for field in &object.fields {
                wholes.value(&field.ty, &domain(&field.rules, types));
            }
        }
        wholes
    }

    /// What is said of the fields of a struct.
    pub(super) fn get(&self, id: TypeId) -> Option<&Objects> {
        self.found.get(&id)?.as_ref()
    }

    /// A value of this type, of which all this is said.
    fn value(&mut self, ty: &Ty, said: &Domain) {
        match ty {
            Ty::Nullable(inner) => self.value(inner, said),
            Ty::List(items) => self.value(items, &only(said, |kind| as_list(kind, usize::MAX))),
            Ty::Tuple(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    self.value(part, &only(said, |kind| as_list(kind, place)));
                }
            }
            Ty::Map(values) => self.value(values, &only(said, |kind| as_object(kind).map(|it| &it.rest))),
            Ty::Named(id) | Ty::Boxed(id) => match self.types.get(*id).map(|of| &of.kind) {
                Some(TypeKind::Object(_)) => self.object(*id, only_object(said)),
                Some(TypeKind::Union(union)) if self.unions.insert(*id) => {
                    // Which of the forms is which of the sets is not known.
                    union.forms.iter().for_each(|form| self.value(&form.ty, &Domain::Any));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn object(&mut self, id: TypeId, said: Option<Objects>) {
        let known = self.found.entry(id).or_insert_with(|| said.clone());
        if *known != said {
            *known = None;
        }
    }
}

/// The rules of a struct as a value: those of its fields, and those of the whole.
pub(super) fn rules_of(id: TypeId, whole: &[Rule]) -> Vec<Rule> {
    std::iter::once(Rule::Properties(id)).chain(whole.iter().cloned()).collect()
}

/// What is said of the one form that this finds something in; anything, where there is none or another.
fn only<'d>(said: &'d Domain, part: impl Fn(&'d Kind) -> Option<&'d Domain>) -> Domain {
    let Domain::Forms(forms) = said else { return Domain::Any };
    let mut found = forms.iter().filter_map(|form| part(&form.kind));
    match (found.next(), found.next()) {
        (Some(only), None) => only.clone(),
        _ => Domain::Any,
    }
}

fn only_object(said: &Domain) -> Option<Objects> {
    let Domain::Forms(forms) = said else { return None };
    let mut found = forms.iter().filter_map(|form| as_object(&form.kind));
    found.next().filter(|_| found.next().is_none()).filter(|only| only.listed.is_none()).cloned()
}

fn as_list(kind: &Kind, place: usize) -> Option<&Domain> {
    if let Kind::Lists(lists) = kind { Some(lists.at(place)) } else { None }
}

fn as_object(kind: &Kind) -> Option<&Objects> {
    if let Kind::Objects(objects) = kind { Some(objects) } else { None }
}
