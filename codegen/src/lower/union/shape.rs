//! What is left of a schema once only the form of its values counts, and the two ways of combining forms: [`unite`] for
//! `anyOf` and `oneOf`, [`intersect`] for `allOf` and for keywords that stand side by side. Must not know JSON Schema's
//! spelling, names or Rust.
//!
//! A shape may accept more than its schema did: bounds and the like stay in the rules. It never accepts less, but that
//! objects which say nothing of other keys are closed in the end. `None` stands for the shape that no value has.

use std::cmp::Ordering;
use std::collections::HashSet;

use crate::ir::Media;
use crate::schema::Schema;

/// The form of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape<'s> {
    /// Any value: no schema has spoken.
    Any,
    /// Any value, as nobody can say which; unlike `Any` it stays so whatever else holds. Finished, it is `Any`.
    Unknown,
    Null,
    Bool,
    Integer(Parts<'s>),
    Number,
    Text,
    Media(Media),
    /// One of these texts, in published order, without repeats.
    Choice(Vec<String>, Parts<'s>),
    List(Box<Shape<'s>>, Parts<'s>),
    /// An object whose keys are free. Only finished shapes have it: before, it is an object without fields.
    Map(Box<Shape<'s>>, Parts<'s>),
    Object(Object<'s>),
    /// An object or a list of this shape (none at all for a union without forms), or anything that is none: a schema without a type speaks of one kind of value
    /// alone. Finished, it is the object or the list.
    Implied(Box<Shape<'s>>),
    /// Two or more forms, never `Any`, `Unknown` or another union; none at all for the items of a list that has to be
    /// empty.
    Union(Vec<Shape<'s>>),
}

/// The schemas that a shape comes from; no part of what it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts<'s> {
    /// All of them hold.
    pub(super) all: Vec<&'s Schema>,
    /// Whether there are others, one of which holds.
    pub(super) others: bool,
    /// Whether a reference leads to it.
    pub(super) referred: bool,
}

impl PartialEq for Parts<'_> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Parts<'_> {}

impl PartialOrd for Parts<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Parts<'_> {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl<'s> Parts<'s> {
    pub(super) fn of(schema: &'s Schema) -> Self {
        Self { all: vec![schema], ..Self::default() }
    }

    /// The one schema that says it all.
    pub(super) fn sole(&self) -> Option<&'s Schema> {
        match self.all.as_slice() {
            [one] if !self.others => Some(one),
            _ => None,
        }
    }

    fn has(&self, schema: &Schema) -> bool {
        self.all.iter().any(|one| std::ptr::eq(*one, schema))
    }

    /// Both hold.
    pub(super) fn and(mut self, other: &Self) -> Self {
        for schema in &other.all {
            if !self.has(schema) {
                self.all.push(schema);
            }
        }
        self.others |= other.others;
        self
    }

    /// One of the two holds.
    fn or(&mut self, other: &Self) {
        let before = self.all.len();
        self.all.retain(|one| other.has(one));
        self.others |= other.others || self.all.len() < before || self.all.len() < other.all.len();
    }
}

/// An object with known keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object<'s> {
    pub(super) fields: Vec<Field<'s>>,
    pub(super) rest: Rest<'s>,
    pub(super) parts: Parts<'s>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Field<'s> {
    pub(super) key: String,
    pub(super) shape: Shape<'s>,
    pub(super) required: bool,
    pub(super) parts: Parts<'s>,
}

/// What `additionalProperties` says about the other keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rest<'s> {
    /// Nothing: more keys may come from another branch of an `allOf`; in the end it counts as `Closed`, so that
    /// overlapping objects can't swallow each other's keys.
    Unsaid,
    Closed,
    Open(Box<Shape<'s>>, Parts<'s>),
}

/// Above this product of sizes an intersection is not worked out, as `allOf` of many unions grows without end.
const MAX_PAIRS: usize = 100_000;

impl<'s> Shape<'s> {
    /// A choice without repeats.
    pub(super) fn choice(values: impl IntoIterator<Item = String>, parts: Parts<'s>) -> Self {
        let mut seen = HashSet::new();
        Self::Choice(values.into_iter().filter(|value| seen.insert(value.clone())).collect(), parts)
    }

    /// How many shapes this one consists of.
    fn size(&self) -> usize {
        1 + match self {
            Self::List(inner, _) | Self::Map(inner, _) | Self::Implied(inner) => inner.size(),
            Self::Union(branches) => branches.iter().map(Self::size).sum(),
            Self::Object(object) => {
                let rest = if let Rest::Open(rest, _) = &object.rest { rest.size() } else { 0 };
                rest + object.fields.iter().map(|field| field.shape.size()).sum::<usize>()
            }
            _ => 0,
        }
    }

    /// The shape without null, and whether null was part of it.
    pub(super) fn split_null(self) -> (Option<Self>, bool) {
        match self {
            Self::Null => (None, true),
            Self::Union(branches) if branches.contains(&Self::Null) => {
                (unite(branches.into_iter().filter(|branch| *branch != Self::Null)), true)
            }
            other => (Some(other), false),
        }
    }
}

impl<'s> Object<'s> {
    pub(super) fn field(&self, key: &str) -> Option<&Field<'s>> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The one text that `key` always has.
    pub(super) fn constant(&self, key: &str) -> Option<&str> {
        match self.field(key) {
            Some(Field { required: true, shape: Shape::Choice(values, _), .. }) if values.len() == 1 => {
                values.first().map(String::as_str)
            }
            _ => None,
        }
    }

    /// The values that `key` may have, and who says so; none if it may not be there.
    fn values_of(&self, key: &str) -> Option<(Shape<'s>, Parts<'s>)> {
        match (self.field(key), &self.rest) {
            (Some(field), _) => Some((field.shape.clone(), field.parts.clone())),
            (None, Rest::Unsaid) => Some((Shape::Any, Parts::default())),
            (None, Rest::Open(rest, parts)) => Some(((**rest).clone(), parts.clone())),
            (None, Rest::Closed) => None,
        }
    }

    /// Whether the two differ at most in what is required.
    fn same_fields(&self, other: &Self) -> bool {
        let found = |field: &Field<'_>| other.field(&field.key).is_some_and(|twin| twin.shape == field.shape);
        self.rest == other.rest && self.fields.len() == other.fields.len() && self.fields.iter().all(found)
    }
}

/// The values of any of `branches`: flat, without repeats, one choice for all listed texts.
pub(super) fn unite<'s>(branches: impl IntoIterator<Item = Shape<'s>>) -> Option<Shape<'s>> {
    let (mut flat, mut values, mut slot) = (Vec::new(), Vec::new(), None);
    let mut parts_of_choice: Option<Parts<'s>> = None;
    let parts = branches.into_iter().flat_map(|branch| match branch {
        Shape::Union(inner) => inner,
        other => vec![other],
    });
    let mut any = false;
    for part in parts {
        match part {
            Shape::Unknown => return Some(Shape::Unknown),
            Shape::Any => any = true,
            Shape::Choice(more, parts) => {
                slot.get_or_insert(flat.len());
                values.extend(more);
                match &mut parts_of_choice {
                    Some(known) => known.or(&parts),
                    None => parts_of_choice = Some(parts),
                }
            }
            Shape::Object(object) => absorb(&mut flat, object),
            other => add(&mut flat, other),
        }
    }
    if any {
        return Some(Shape::Any);
    }
    if let Some(slot) = slot {
        flat.insert(slot, Shape::choice(values, parts_of_choice.unwrap_or_default()));
    }
    if flat.len() > 1 { Some(Shape::Union(flat)) } else { flat.pop() }
}

/// Adds a form that is no object, unless it is there.
fn add<'s>(flat: &mut Vec<Shape<'s>>, shape: Shape<'s>) {
    use Shape::{Integer, List, Map};
    let Some(twin) = flat.iter_mut().find(|twin| **twin == shape) else { return flat.push(shape) };
    if let (Integer(known) | List(_, known) | Map(_, known), Integer(more) | List(_, more) | Map(_, more)) =
        (twin, &shape)
    {
        known.or(more);
    }
}

/// Adds an object; one that differs only in what is required loosens the one that is there.
fn absorb<'s>(flat: &mut Vec<Shape<'s>>, object: Object<'s>) {
    let twin = flat.iter_mut().find_map(|shape| match shape {
        Shape::Object(twin) if twin.same_fields(&object) => Some(twin),
        _ => None,
    });
    let Some(twin) = twin else {
        return flat.push(Shape::Object(object));
    };
    for field in &mut twin.fields {
        if let Some(other) = object.field(&field.key) {
            field.required &= other.required;
            field.parts.or(&other.parts);
        }
    }
    // All of them may name a field, so all are kept.
    let (before, more) = (twin.parts.all.len(), object.parts);
    twin.parts = std::mem::take(&mut twin.parts).and(&more);
    twin.parts.others |= twin.parts.all.len() > before || more.all.len() < before;
}

/// The values that have both shapes; the order of several intersections doesn't matter.
pub(super) fn intersect<'s>(left: Shape<'s>, right: Shape<'s>) -> Option<Shape<'s>> {
    if left.size().saturating_mul(right.size()) > MAX_PAIRS {
        return Some(Shape::Unknown);
    }
    meet(left, right)
}

fn meet<'s>(left: Shape<'s>, right: Shape<'s>) -> Option<Shape<'s>> {
    use Shape::{Any, Choice, Implied, Integer, List, Media, Number, Object, Text, Union, Unknown};
    match (left, right) {
        (Unknown, _) | (_, Unknown) => Some(Unknown),
        (Any, other) | (other, Any) => Some(other),
        (Union(branches), other) => unite(branches.into_iter().filter_map(|branch| meet(branch, other.clone()))),
        (other, Union(branches)) => unite(branches.into_iter().filter_map(|branch| meet(other.clone(), branch))),
        (Implied(left), Implied(right)) => Some(Implied(Box::new(meet_implied(*left, *right)))),
        (Implied(left), right) | (right, Implied(left)) => match (&*left, &right) {
            (Object(_), Object(_)) | (List(..), List(..)) => meet(*left, right),
            (Union(_), Object(_)) => None,
            _ => Some(right),
        },
        (Integer(left), Integer(right)) => Some(Integer(left.and(&right))),
        (Integer(parts), Number) | (Number, Integer(parts)) => Some(Integer(Parts { others: true, ..parts })),
        (Media(kind), Text) | (Text, Media(kind)) => Some(Media(kind)),
        (Choice(values, parts), Text | Media(_)) | (Text | Media(_), Choice(values, parts)) => {
            Some(Choice(values, parts))
        }
        (Choice(left, parts), Choice(right, more)) => {
            let known: HashSet<&String> = right.iter().collect();
            let both: Vec<String> = left.into_iter().filter(|value| known.contains(value)).collect();
            (!both.is_empty()).then(|| Choice(both, parts.and(&more)))
        }
        (List(left, parts), List(right, more)) => {
            let items = meet(*left, *right).unwrap_or_else(|| Union(Vec::new()));
            Some(List(Box::new(items), parts.and(&more)))
        }
        (Object(left), Object(right)) => meet_objects(&left, &right),
        (left, right) => (left == right).then_some(left),
    }
}

/// What two schemas without a type say. Of an object and a list it is the object, as it is of one schema that speaks of
/// both; the union without forms stands for an object that none can be.
fn meet_implied<'s>(left: Shape<'s>, right: Shape<'s>) -> Shape<'s> {
    match (&left, &right) {
        (Shape::List(..), Shape::Object(_) | Shape::Union(_)) => right,
        (Shape::Object(_) | Shape::Union(_), Shape::List(..)) => left,
        _ => meet(left, right).unwrap_or_else(|| Shape::Union(Vec::new())),
    }
}

/// Both objects' keys in one; none if a required key can have no value.
fn meet_objects<'s>(left: &Object<'s>, right: &Object<'s>) -> Option<Shape<'s>> {
    let more = right.fields.iter().filter(|field| left.field(&field.key).is_none());
    let mut fields = Vec::with_capacity(left.fields.len() + right.fields.len());
    for Field { key, .. } in left.fields.iter().chain(more) {
        let required = [left, right].iter().any(|side| side.field(key).is_some_and(|field| field.required));
        let both = left.values_of(key).zip(right.values_of(key));
        let both = both.and_then(|((left, parts), (right, more))| Some((meet(left, right)?, parts.and(&more))));
        match both {
            Some((shape, parts)) => fields.push(Field { key: key.clone(), shape, required, parts }),
            None if required => return None,
            None => {}
        }
    }
    let rest = match (&left.rest, &right.rest) {
        (Rest::Closed, _) | (_, Rest::Closed) => Rest::Closed,
        (Rest::Unsaid, rest) | (rest, Rest::Unsaid) => rest.clone(),
        (Rest::Open(left, parts), Rest::Open(right, more)) => meet((**left).clone(), (**right).clone())
            .map_or(Rest::Closed, |shape| Rest::Open(Box::new(shape), parts.clone().and(more))),
    };
    Some(Shape::Object(Object { fields, rest, parts: left.parts.clone().and(&right.parts) }))
}
