//! How fields and forms come, go, come back and are split in two. Must not know how often.

use std::collections::BTreeMap;

use fastrand::Rng;

use super::MAX_FIELDS;
use crate::stability::changes::Growth;
use crate::stability::shape::Shape;
use crate::stability::{Key, Spec, TrueField};
use crate::year::published::{Fresh, Published, give_free_nodes};

pub(super) fn exchange_titles(rng: &mut Rng, spec: &mut Spec) -> bool {
    let count = spec.fields.len();
    if count < 2 {
        return false;
    }
    let one = rng.usize(0..count);
    let other = (one + rng.usize(1..count)) % count;
    let title = spec.fields[one].title.clone();
    spec.fields[one].title = std::mem::replace(&mut spec.fields[other].title, title);
    true
}

pub(super) fn add(rng: &mut Rng, model: &mut Published, fresh: &mut Fresh, before: &Spec) -> bool {
    let spec = &mut model.spec;
    if spec.fields.len() >= MAX_FIELDS {
        return false;
    }
    let field = fresh.field(rng, spec, before);
    spec.fields.insert(rng.usize(0..=spec.fields.len()), field);
    true
}

/// What is gone may come back as people knew it: as it was before the week.
pub(super) fn remove(some: usize, model: &mut Published, before: &Spec) -> bool {
    let unions = |fields: &[TrueField]| fields.iter().filter(|field| field.shape.has_union()).count();
    let is_last_union = model.spec.fields[some].shape.has_union() && unions(&model.spec.fields) == 1;
    if model.spec.fields.len() < 3 || is_last_union {
        return false;
    }
    let gone = model.spec.fields.remove(some);
    model.attic.extend(before.fields.iter().find(|field| field.uid == gone.uid).cloned());
    true
}

/// A field comes back as it was, but perhaps under another node id.
pub(super) fn bring_back(rng: &mut Rng, model: &mut Published, before: &Spec) -> bool {
    if model.attic.is_empty() || model.spec.fields.len() >= MAX_FIELDS {
        return false;
    }
    let mut field = model.attic.remove(rng.usize(0..model.attic.len()));
    let titles = model.spec.titles();
    // What was gone and is back in one week was never gone.
    let is_new = before.fields.iter().all(|known| known.uid != field.uid);
    let is_elsewhere = rng.bool();
    give_free_nodes(rng, std::slice::from_mut(&mut field), &[before, &model.spec], is_elsewhere);
    let is_free = !titles.contains(&field.title) && model.spec.fields.iter().all(|other| other.key != field.key);
    if is_new && is_free {
        model.spec.fields.push(field);
    }
    is_new && is_free
}

/// `Steps` becomes `Steps (High)` and `Steps (Low)`.
pub(super) fn split(rng: &mut Rng, some: usize, model: &mut Published, fresh: &mut Fresh, before: &Spec) -> bool {
    let spec = &mut model.spec;
    let field = &mut spec.fields[some];
    let is_plain = matches!((&field.shape, &field.key), (Shape::Plain(_), Key::Node(_)));
    if !is_plain || field.title.contains('(') || before.fields.len() >= MAX_FIELDS {
        return false;
    }
    let mut other = TrueField { uid: fresh.uid(), title: format!("{} (Low)", field.title), ..field.clone() };
    field.title += " (High)";
    give_free_nodes(rng, std::slice::from_mut(&mut other), &[before, spec], true);
    spec.fields.push(other);
    true
}

pub(super) fn grow(growth: Growth, rng: &mut Rng, spec: &mut Spec, fresh: &mut Fresh, before: &Spec) -> bool {
    let Some(mut grown) = growth.apply(rng, spec, before, fresh.uid()) else { return false };
    let mut known = Vec::new();
    spec.each_field(&mut |field| known.push(field.uid));
    fresh.retitle_all(rng, &mut grown.fields, &|field| !known.contains(&field.uid));
    let mut fields: Vec<TrueField> = Vec::new();
    grown.each_field(&mut |field| fields.push(field.clone()));
    // A node id that was another field's a moment ago would be an event of its own.
    let came = fields.iter().filter(|field| !known.contains(&field.uid));
    let is_free = came.flat_map(|field| field.key.nodes()).all(|node| !before.nodes().contains(&node));
    if is_free && fields.len() < 4 * MAX_FIELDS {
        *spec = grown;
        return true;
    }
    false
}

/// Some form that is an object, of some union, at any depth: the nodes and the fields that it has.
fn some_form(rng: &mut Rng, spec: &mut Spec) -> Option<(Vec<u32>, Vec<usize>)> {
    let mut forms = Vec::new();
    for field in &mut spec.fields {
        field.shape.each(&mut |shape| {
            let Shape::Union(union) = shape else { return };
            forms.extend(union.forms.iter().map(|form| form.fields().to_vec()).filter(|fields| !fields.is_empty()));
        });
    }
    let fields = forms.get(rng.usize(0..forms.len().max(1)))?;
    Some((fields.iter().flat_map(|field| field.key.nodes()).collect(), fields.iter().map(|field| field.uid).collect()))
}

pub(super) fn reorder_forms(rng: &mut Rng, spec: &mut Spec) -> bool {
    let before = spec.fields.clone();
    for field in &mut spec.fields {
        field.shape.each(&mut |shape| {
            if let Shape::Union(union) = shape {
                rng.shuffle(&mut union.forms);
            }
        });
    }
    spec.fields != before
}

pub(super) fn retitle_form(rng: &mut Rng, spec: &mut Spec, fresh: &mut Fresh) -> bool {
    let Some((_, fields)) = some_form(rng, spec) else { return false };
    fresh.retitle_all(rng, &mut spec.fields, &|field| fields.contains(&field.uid));
    true
}

/// What other forms share has the same new id there.
pub(super) fn renumber_form(rng: &mut Rng, spec: &mut Spec, before: &Spec) -> bool {
    let Some((nodes, _)) = some_form(rng, spec) else { return false };
    let mut free = (2000..).filter(|node| !before.nodes().contains(node) && !spec.nodes().contains(node));
    let ids: BTreeMap<u32, u32> = nodes.iter().map(|node| (*node, free.next().unwrap_or_default())).collect();
    spec.each_key(&mut |key| {
        if let Key::Node(nodes) = key {
            nodes.iter_mut().for_each(|(node, _)| *node = ids.get(node).copied().unwrap_or(*node));
        }
    });
    !nodes.is_empty()
}

pub(super) fn lose_form(rng: &mut Rng, model: &mut Published, before: &Spec) -> bool {
    for field in &mut model.spec.fields {
        let Shape::Union(union) = &mut field.shape else { continue };
        let objects = union.forms.iter().filter(|form| !form.fields().is_empty()).count();
        // Of one object and others, the object is what tells fields apart.
        if objects > 1 && union.forms.len() > 2 {
            let gone = union.forms.remove(rng.usize(0..union.forms.len()));
            let known = before.fields.iter().find(|known| known.uid == field.uid);
            let forms = known.map_or(&[][..], |known| match &known.shape {
                Shape::Union(union) => &union.forms,
                _ => &[],
            });
            let known = forms.iter().find(|form| form.uid == gone.uid).cloned();
            model.forms.extend(known.map(|form| (field.uid, form)));
            return true;
        }
    }
    false
}

pub(super) fn bring_form_back(rng: &mut Rng, model: &mut Published, before: &Spec) -> bool {
    if model.forms.is_empty() {
        return false;
    }
    let (owner, mut form) = model.forms.remove(rng.usize(0..model.forms.len()));
    let now = model.spec.clone();
    let is_new = |field: &TrueField| match &field.shape {
        Shape::Union(union) => union.forms.iter().all(|known| known.uid != form.uid),
        _ => true,
    };
    if !before.fields.iter().filter(|field| field.uid == owner).all(is_new) {
        return false;
    }
    let Some(field) = model.spec.fields.iter_mut().find(|field| field.uid == owner) else { return false };
    let Shape::Union(union) = &mut field.shape else { return false };
    let shared: Vec<TrueField> = union.fields().into_iter().cloned().collect();
    if let Shape::Object(fields) = &mut form.shape {
        // What all forms share is as they have it now.
        for field in fields.iter_mut() {
            if let Some(known) = shared.iter().find(|known| known.uid == field.uid) {
                field.clone_from(known);
            }
        }
        let mut own: Vec<TrueField> = fields.iter().filter(|field| !shared.contains(field)).cloned().collect();
        let is_taken = own.iter().any(|field| now.titles().contains(&field.title));
        if own.is_empty() || is_taken {
            return false;
        }
        let is_elsewhere = rng.bool();
        give_free_nodes(rng, &mut own, &[before, &now], is_elsewhere);
        fields.retain(|field| shared.contains(field));
        fields.extend(own);
    }
    union.forms.push(form);
    true
}
