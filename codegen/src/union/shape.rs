//! What is left of a schema once only the form of its values counts, and the two ways of combining forms: [`unite`] for
//! `anyOf` and `oneOf`, [`intersect`] for `allOf` and for keywords that stand side by side. Must not know JSON Schema's
//! spelling, names or Rust.
//!
//! A shape may accept more than its schema did: bounds and the like stay in the rule table. It never accepts less, but
//! that objects which say nothing of other keys are closed in the end. `None` stands for the shape that no value has.

use std::collections::HashSet;

/// The form of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    /// Any value: no schema has spoken.
    Any,
    /// Any value, as nobody can say which; unlike `Any` it stays so whatever else holds. Settled, it is `Any`.
    Unknown,
    Null,
    Bool,
    Integer,
    Number,
    Text,
    Media(Media),
    /// One of these texts, in published order, without repeats.
    Choice(Vec<String>),
    List(Box<Shape>),
    /// An object whose keys are free. Only settled shapes have it: before, it is an object without fields.
    Map(Box<Shape>),
    Object(Object),
    /// Two or more forms, never `Any`, `Unknown` or another union; none at all for the items of a list that has to be
    /// empty.
    Union(Vec<Shape>),
}

/// The kinds of media that a string can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Media {
    Image,
    Video,
    Audio,
}

/// An object with known keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object {
    pub(super) fields: Vec<Field>,
    pub(super) rest: Rest,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field {
    pub(super) key: String,
    pub(super) shape: Shape,
    pub(super) required: bool,
}

/// What `additionalProperties` says about the other keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest {
    /// Nothing: more keys may come from another branch of an `allOf`; in the end it counts as `Closed`, so that
    /// overlapping objects can't swallow each other's keys.
    Unsaid,
    Closed,
    Open(Box<Shape>),
}

/// Above this product of sizes an intersection is not worked out, as `allOf` of many unions grows without end.
const MOST_PAIRS: usize = 100_000;

impl Shape {
    /// A choice without repeats.
    pub(super) fn choice(values: impl IntoIterator<Item = String>) -> Self {
        let mut seen = HashSet::new();
        Self::Choice(values.into_iter().filter(|value| seen.insert(value.clone())).collect())
    }

    /// How many shapes this one consists of.
    fn size(&self) -> usize {
        1 + match self {
            Self::List(inner) | Self::Map(inner) => inner.size(),
            Self::Union(branches) => branches.iter().map(Self::size).sum(),
            Self::Object(object) => {
                let rest = if let Rest::Open(rest) = &object.rest { rest.size() } else { 0 };
                rest + object.fields.iter().map(|field| field.shape.size()).sum::<usize>()
            }
            _ => 0,
        }
    }

    /// The shape without null, and whether null was part of it.
    pub(super) fn split_null(&self) -> (Option<Self>, bool) {
        match self {
            Self::Null => (None, true),
            Self::Union(branches) if branches.contains(&Self::Null) => {
                (unite(branches.iter().filter(|branch| **branch != Self::Null).cloned()), true)
            }
            _ => (Some(self.clone()), false),
        }
    }
}

impl Object {
    pub(super) fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The values that `key` may have; none if it may not be there.
    fn values_of(&self, key: &str) -> Option<&Shape> {
        match (self.field(key), &self.rest) {
            (Some(field), _) => Some(&field.shape),
            (None, Rest::Unsaid) => Some(&Shape::Any),
            (None, Rest::Open(rest)) => Some(rest),
            (None, Rest::Closed) => None,
        }
    }

    /// Whether the two differ at most in what is required.
    fn same_fields(&self, other: &Self) -> bool {
        let found = |field: &Field| other.field(&field.key).is_some_and(|twin| twin.shape == field.shape);
        self.rest == other.rest && self.fields.len() == other.fields.len() && self.fields.iter().all(found)
    }
}

/// The values of any of `branches`: flat, without repeats, one choice for all listed texts.
pub(super) fn unite(branches: impl IntoIterator<Item = Shape>) -> Option<Shape> {
    let mut flat = Vec::new();
    let mut values = Vec::new();
    let mut slot = None;
    let parts = branches.into_iter().flat_map(|branch| match branch {
        Shape::Union(inner) => inner,
        other => vec![other],
    });
    let mut any = false;
    for part in parts {
        match part {
            Shape::Unknown => return Some(Shape::Unknown),
            Shape::Any => any = true,
            Shape::Choice(more) => {
                slot.get_or_insert(flat.len());
                values.extend(more);
            }
            Shape::Object(object) => absorb(&mut flat, object),
            other if flat.contains(&other) => {}
            other => flat.push(other),
        }
    }
    if any {
        return Some(Shape::Any);
    }
    if let Some(slot) = slot {
        flat.insert(slot, Shape::choice(values));
    }
    if flat.len() > 1 { Some(Shape::Union(flat)) } else { flat.pop() }
}

/// Adds an object; one that differs only in what is required loosens the one that is there.
fn absorb(flat: &mut Vec<Shape>, object: Object) {
    let twin = flat.iter_mut().find_map(|shape| match shape {
        Shape::Object(twin) if twin.same_fields(&object) => Some(twin),
        _ => None,
    });
    let Some(twin) = twin else {
        return flat.push(Shape::Object(object));
    };
    for field in &mut twin.fields {
        field.required &= object.field(&field.key).is_some_and(|other| other.required);
    }
}

/// The values that have both shapes; the order of several intersections doesn't matter.
pub(super) fn intersect(left: Shape, right: Shape) -> Option<Shape> {
    if left.size().saturating_mul(right.size()) > MOST_PAIRS {
        return Some(Shape::Unknown);
    }
    meet(left, right)
}

fn meet(left: Shape, right: Shape) -> Option<Shape> {
    use Shape::{Any, Choice, Integer, List, Media, Number, Object, Text, Union, Unknown};
    match (left, right) {
        (Unknown, _) | (_, Unknown) => Some(Unknown),
        (Any, other) | (other, Any) => Some(other),
        (left, right) if left == right => Some(left),
        (Union(branches), other) => unite(branches.into_iter().filter_map(|branch| meet(branch, other.clone()))),
        (other, Union(branches)) => unite(branches.into_iter().filter_map(|branch| meet(other.clone(), branch))),
        (Integer, Number) | (Number, Integer) => Some(Integer),
        (Media(kind), Text) | (Text, Media(kind)) => Some(Media(kind)),
        (Choice(values), Text | Media(_)) | (Text | Media(_), Choice(values)) => Some(Choice(values)),
        (Choice(left), Choice(right)) => {
            let known: HashSet<&String> = right.iter().collect();
            let both: Vec<String> = left.into_iter().filter(|value| known.contains(value)).collect();
            (!both.is_empty()).then_some(Choice(both))
        }
        (List(left), List(right)) => {
            let items = meet(*left, *right);
            Some(List(Box::new(items.unwrap_or_else(|| Union(Vec::new())))))
        }
        (Object(left), Object(right)) => meet_objects(&left, &right),
        _ => None,
    }
}

/// Both objects' keys in one; none if a required key can have no value.
fn meet_objects(left: &Object, right: &Object) -> Option<Shape> {
    let more = right.fields.iter().filter(|field| left.field(&field.key).is_none());
    let mut fields = Vec::with_capacity(left.fields.len() + right.fields.len());
    for Field { key, .. } in left.fields.iter().chain(more) {
        let required = [left, right].iter().any(|side| side.field(key).is_some_and(|field| field.required));
        let values = left.values_of(key).zip(right.values_of(key));
        match values.and_then(|(left, right)| meet(left.clone(), right.clone())) {
            Some(shape) => fields.push(Field { key: key.clone(), shape, required }),
            None if required => return None,
            None => {}
        }
    }
    let rest = match (&left.rest, &right.rest) {
        (Rest::Closed, _) | (_, Rest::Closed) => Rest::Closed,
        (Rest::Unsaid, rest) | (rest, Rest::Unsaid) => rest.clone(),
        (Rest::Open(left), Rest::Open(right)) => {
            meet((**left).clone(), (**right).clone()).map_or(Rest::Closed, |shape| Rest::Open(Box::new(shape)))
        }
    };
    Some(Shape::Object(Object { fields, rest }))
}
