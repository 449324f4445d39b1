//! What RunComfy does to a model without notice, as far as the stability contract promises that nobody notices. In: a
//! [`Spec`]. Out: the same fields, published in another way.

use std::collections::BTreeMap;

use fastrand::Rng;
use serde_json::{Value, json};

use super::shape::{Maker, Shape, TrueUnion};
use super::{Key, Spec, random_title};

/// A change that keeps the API as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// New node ids, old ones of other fields among them.
    Renumber,
    /// Node ids go round among the fields.
    Rotate,
    /// All in another order that has an order without a meaning: properties, `required`, listed values, types, forms.
    Reorder,
    /// Other titles at the same keys.
    Retitle,
    /// Titles in another script at the same keys.
    Translate,
    /// Both at once: new ids, and everything in another order.
    RenumberAndReorder,
    /// Both at once: other titles, and everything in another order.
    RetitleAndReorder,
}

/// All of them.
pub const CHANGES: [Change; 7] = [
    Change::Renumber,
    Change::Rotate,
    Change::Reorder,
    Change::Retitle,
    Change::Translate,
    Change::RenumberAndReorder,
    Change::RetitleAndReorder,
];

impl Change {
    /// The model after the change.
    #[must_use]
    pub fn apply(self, rng: &mut Rng, spec: &Spec) -> Spec {
        let mut next = spec.clone();
        match self {
            Self::Renumber => renumber(rng, &mut next),
            Self::Rotate => rotate(&mut next),
            Self::Reorder => reorder(rng, &mut next),
            Self::Retitle => retitle(rng, &mut next),
            Self::Translate => {
                next.each_field(&mut |field| field.title = format!("参数 {}", field.uid));
            }
            Self::RenumberAndReorder => {
                renumber(rng, &mut next);
                reorder(rng, &mut next);
            }
            Self::RetitleAndReorder => {
                retitle(rng, &mut next);
                reorder(rng, &mut next);
            }
        }
        next
    }
}

/// Where a schema may list values.
const LISTS: [&str; 5] =
    ["/enum", "/items/enum", "/additionalProperties/enum", "/additionalProperties/items/enum", "/prefixItems/0/enum"];

/// A change that users notice, and that moves no other name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// One more form.
    Form,
    /// One form less.
    FormGone,
    /// Every enum lists one more value, before the others.
    Values,
    /// One more field in a form.
    Field,
    /// A field of a form goes, and another comes.
    FieldForAnother,
}

impl Growth {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Form, Self::FormGone, Self::Values, Self::Field, Self::FieldForAnother];

    /// The model `spec` after the change, with titles that it didn't have `before`, and identities counted from `uid`;
    /// `None` if there is nothing to change.
    #[must_use]
    pub fn apply(self, rng: &mut Rng, spec: &Spec, before: &Spec, uid: usize) -> Option<Spec> {
        let mut next = spec.clone();
        let mut maker = Maker::of(spec, uid);
        for title in before.titles() {
            maker = maker.without(&Key::Plain(String::new()), &title);
        }
        let mut changed = false;
        for field in &mut next.fields {
            field.shape.each(&mut |shape| changed |= self.change(rng, shape, &mut maker));
        }
        changed.then_some(next)
    }

    fn change(self, rng: &mut Rng, shape: &mut Shape, maker: &mut Maker) -> bool {
        if let (Self::Values, Shape::Plain(schema)) = (self, &mut *shape) {
            let lists = LISTS.map(|at| schema.pointer(at).is_some().then_some(at));
            let Some(at) = lists.into_iter().flatten().next() else { return false };
            let Some(Value::Array(values)) = schema.pointer_mut(at) else { return false };
            let value = if values[0].is_string() { json!("A_B") } else { json!(77) };
            values.insert(0, value);
            return true;
        }
        let Shape::Union(TrueUnion { forms, .. }) = shape else { return false };
        let objects: Vec<usize> =
            (0..forms.len()).filter(|form| matches!(forms[*form].shape, Shape::Object(_))).collect();
        let some = objects[rng.usize(0..objects.len())];
        match self {
            Self::Form => forms.insert(rng.usize(0..=forms.len()), maker.form(rng, 1, &[])),
            // A union of one form is none.
            Self::FormGone if forms.len() < 3 => return false,
            Self::FormGone => {
                // One object stays: it is what tells fields apart.
                let gone = rng.usize(0..forms.len());
                let is_last = objects.as_slice() == [gone];
                drop(forms.remove(if is_last { (gone + 1) % forms.len() } else { gone }));
            }
            Self::Field => {
                let Shape::Object(fields) = &mut forms[some].shape else { return false };
                fields.insert(0, maker.field(rng, 1));
            }
            Self::FieldForAnother => {
                let is_of_other = |uid: usize| {
                    let others = forms.iter().enumerate().filter(|(place, _)| *place != some);
                    others.into_iter().any(|(_, form)| form.fields().iter().any(|field| field.uid == uid))
                };
                let own: Vec<usize> =
                    forms[some].fields().iter().map(|field| field.uid).filter(|uid| !is_of_other(*uid)).collect();
                let Shape::Object(fields) = &mut forms[some].shape else { return false };
                // Without any that it had for itself, it would be another form.
                let [gone, _, ..] = own.as_slice() else { return false };
                fields.retain(|field| field.uid != *gone);
                fields.insert(0, maker.field(rng, 1));
            }
            Self::Values => return false,
        }
        true
    }
}

fn retitle(rng: &mut Rng, spec: &mut Spec) {
    // A title that another field had would be an exchange of titles.
    let (mut taken, mut titles) = (spec.titles(), BTreeMap::new());
    spec.each_field(&mut |field| {
        let title = titles.entry(field.uid).or_insert_with(|| {
            loop {
                let title = random_title(rng);
                if taken.insert(title.clone()) {
                    break title;
                }
            }
        });
        field.title.clone_from(title);
    });
}

/// Draws all node ids anew from the old ones and as many others.
fn renumber(rng: &mut Rng, spec: &mut Spec) {
    let old: Vec<u32> = spec.nodes().into_iter().collect();
    let last = old.last().copied().unwrap_or(0);
    let mut pool: Vec<u32> = old.iter().copied().chain((last + 1..).take(old.len())).collect();
    rng.shuffle(&mut pool);
    give_ids(spec, &old.into_iter().zip(pool).collect());
}

/// Every node gets the id of the next one.
fn rotate(spec: &mut Spec) {
    let ids: Vec<u32> = spec.nodes().into_iter().collect();
    let next = ids.iter().cycle().skip(1).copied();
    give_ids(spec, &ids.iter().copied().zip(next).collect());
}

fn give_ids(spec: &mut Spec, ids: &BTreeMap<u32, u32>) {
    spec.each_key(&mut |key| {
        if let Key::Node(nodes) = key {
            nodes.iter_mut().for_each(|(node, _)| *node = ids[node]);
        }
    });
}

fn reorder(rng: &mut Rng, spec: &mut Spec) {
    rng.shuffle(&mut spec.fields);
    spec.each_field(&mut |field| {
        field.required = field.required.map(|_| rng.u32(..));
    });
    for field in &mut spec.fields {
        field.shape.each(&mut |shape| match shape {
            Shape::Plain(schema) => shuffle_values(rng, schema),
            Shape::Object(fields) => rng.shuffle(fields),
            Shape::Union(union) => rng.shuffle(&mut union.forms),
            Shape::List(_) | Shape::Map(_) => {}
        });
    }
}

/// The schema with everything in another order whose order says nothing.
fn shuffle_values(rng: &mut Rng, schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    for (keyword, value) in map.iter_mut() {
        match (keyword.as_str(), value) {
            ("enum" | "required" | "type", Value::Array(values)) => rng.shuffle(values),
            ("items" | "additionalProperties", part) => shuffle_values(rng, part),
            ("prefixItems", Value::Array(parts)) => parts.iter_mut().for_each(|part| shuffle_values(rng, part)),
            ("anyOf" | "oneOf" | "allOf", Value::Array(parts)) => {
                parts.iter_mut().for_each(|part| shuffle_values(rng, part));
                rng.shuffle(parts);
            }
            ("properties", Value::Object(properties)) => {
                let mut parts: Vec<_> = std::mem::take(properties).into_iter().collect();
                parts.iter_mut().for_each(|(_, part)| shuffle_values(rng, part));
                rng.shuffle(&mut parts);
                properties.extend(parts);
            }
            _ => {}
        }
    }
}
