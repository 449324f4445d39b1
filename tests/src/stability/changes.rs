//! What RunComfy does to a model without notice, as far as the stability contract promises that nobody notices. In: a
//! [`Spec`]. Out: the same fields, published in another way.

use fastrand::Rng;
use serde_json::Value;

use super::{Key, Spec};

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
            Self::Retitle => retitle(rng, spec, &mut next),
            Self::Translate => {
                next.fields.iter_mut().for_each(|field| field.title = format!("参数 {}", field.uid));
            }
            Self::RenumberAndReorder => {
                renumber(rng, &mut next);
                reorder(rng, &mut next);
            }
            Self::RetitleAndReorder => {
                retitle(rng, spec, &mut next);
                reorder(rng, &mut next);
            }
        }
        next
    }
}

fn retitle(rng: &mut Rng, before: &Spec, spec: &mut Spec) {
    for place in 0..spec.fields.len() {
        // A title that another field had would be an exchange of titles.
        spec.fields[place].title = loop {
            let title = spec.free_title(rng);
            if before.fields.iter().all(|field| field.title != title) {
                break title;
            }
        };
    }
}

/// Draws all node ids anew from the old ones and as many others.
fn renumber(rng: &mut Rng, spec: &mut Spec) {
    let mut pool: Vec<u32> = spec.fields.iter().flat_map(|field| nodes(&field.key)).collect();
    pool.extend(60..60 + u32::try_from(pool.len()).unwrap_or(0));
    pool.sort_unstable();
    pool.dedup();
    rng.shuffle(&mut pool);
    let mut ids = pool.into_iter();
    for field in &mut spec.fields {
        if let Key::Node(nodes) = &mut field.key {
            nodes.iter_mut().zip(&mut ids).for_each(|((node, _), id)| *node = id);
        }
    }
}

/// Every field gets the ids of the next one that has as many.
fn rotate(spec: &mut Spec) {
    let single = |key: &Key| matches!(key, Key::Node(nodes) if nodes.len() == 1);
    let places: Vec<usize> = (0..spec.fields.len()).filter(|place| single(&spec.fields[*place].key)).collect();
    let ids: Vec<u32> = places.iter().flat_map(|place| nodes(&spec.fields[*place].key)).collect();
    for (turn, place) in places.iter().enumerate() {
        if let Key::Node(nodes) = &mut spec.fields[*place].key {
            nodes[0].0 = ids[(turn + 1) % ids.len()];
        }
    }
}

fn reorder(rng: &mut Rng, spec: &mut Spec) {
    rng.shuffle(&mut spec.fields);
    for field in &mut spec.fields {
        field.required = field.required.map(|_| rng.u32(..));
        shuffle_values(rng, &mut field.schema);
    }
}

/// The schema with everything in another order whose order says nothing.
fn shuffle_values(rng: &mut Rng, schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    for (keyword, value) in map.iter_mut() {
        match (keyword.as_str(), value) {
            ("enum" | "required" | "type", Value::Array(values)) => rng.shuffle(values),
            ("items" | "additionalProperties", part) => shuffle_values(rng, part),
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

fn nodes(key: &Key) -> Vec<u32> {
    match key {
        Key::Plain(_) => Vec::new(),
        Key::Node(nodes) => nodes.iter().map(|(node, _)| *node).collect(),
    }
}
