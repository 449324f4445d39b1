//! A shape in, one that a Rust type reads back exactly as it was written out. Must not know JSON Schema's spelling.
//!
//! Serde tries the variants of an untagged enum in order, and reads an object's struct from a list too. So the order of
//! branches matters, and where no order helps, the union becomes any value.

use super::names;
use super::shape::{Object, Rest, Shape, unite};

/// The shape with its branches in reading order, and without anything that can't be named or told apart.
pub(super) fn settle(shape: Shape) -> Shape {
    match shape {
        Shape::List(items) => Shape::List(Box::new(settle(*items))),
        Shape::Map(values) => Shape::Map(Box::new(settle(*values))),
        Shape::Choice(values) if names::variants("Preset", &values).is_none() => Shape::Text,
        Shape::Object(object) => settle_object(object),
        Shape::Union(branches) => settle_union(branches),
        Shape::Unknown => Shape::Any,
        other => other,
    }
}

fn settle_object(mut object: Object) -> Shape {
    let keys: Vec<&str> = object.fields.iter().map(|field| field.key.as_str()).collect();
    if names::fields(&keys).is_none() {
        return Shape::Map(Box::new(Shape::Any));
    }
    for field in &mut object.fields {
        field.shape = settle(std::mem::replace(&mut field.shape, Shape::Any));
    }
    // No name and no order of branches depends on the published order of keys.
    object.fields.sort();
    object.rest = match object.rest {
        Rest::Open(values) if object.fields.is_empty() => {
            return Shape::Map(Box::new(settle(*values)));
        }
        Rest::Unsaid if object.fields.is_empty() => return Shape::Map(Box::new(Shape::Any)),
        Rest::Open(values) => Rest::Open(Box::new(settle(*values))),
        Rest::Unsaid | Rest::Closed => Rest::Closed,
    };
    Shape::Object(object)
}

fn settle_union(branches: Vec<Shape>) -> Shape {
    match unite(branches.into_iter().map(settle)) {
        Some(Shape::Union(mut branches)) => {
            branches.sort_by(|first, second| rank(first).cmp(&rank(second)).then_with(|| first.cmp(second)));
            let mut pairs = branches
                .iter()
                .enumerate()
                .flat_map(|(at, first)| branches[at + 1..].iter().map(move |second| (first, second)));
            if pairs.any(|(first, second)| misreads(first, second)) { Shape::Any } else { Shape::Union(branches) }
        }
        // A choice that lost its names next to another text is no union any more.
        Some(other) => other,
        None => Shape::Any,
    }
}

/// The order in which serde has to try the branches: the stricter first, lists before objects, objects before texts.
fn rank(shape: &Shape) -> Vec<usize> {
    let within = |first: usize, inner: &Shape| [vec![first], rank(inner)].concat();
    match shape {
        Shape::Null => vec![0],
        Shape::Bool => vec![1],
        Shape::Integer => vec![2],
        Shape::Number => vec![3],
        Shape::List(items) => within(4, items),
        Shape::Object(object) => {
            let required = object.fields.iter().filter(|field| field.required).count();
            let open = usize::from(matches!(object.rest, Rest::Open(_)));
            let mut ranks = vec![5, open, usize::MAX - required, usize::MAX - object.fields.len()];
            ranks.extend(object.fields.iter().flat_map(|field| rank(&field.shape)));
            ranks
        }
        Shape::Map(values) => within(6, values),
        Shape::Choice(_) => vec![7],
        Shape::Media(kind) => vec![8, *kind as usize],
        Shape::Text => vec![9],
        Shape::Union(branches) => [vec![10], branches.iter().flat_map(rank).collect()].concat(),
        Shape::Any | Shape::Unknown => vec![11],
    }
}

/// Whether `first`, tried before `second`, would take a value of `second` for its own and write it back differently.
fn misreads(first: &Shape, second: &Shape) -> bool {
    match (first, second) {
        (Shape::Union(branches), other) => branches.iter().any(|branch| misreads(branch, other)),
        (other, Shape::Union(branches)) => branches.iter().any(|branch| misreads(other, branch)),
        (Shape::Object(_), Shape::List(_) | Shape::Any) => true,
        (Shape::List(first), Shape::List(second)) | (Shape::Map(first), Shape::Map(second)) => misreads(first, second),
        (Shape::List(first), Shape::Any) | (Shape::Map(first), Shape::Any) => misreads(first, second),
        (Shape::Object(first), Shape::Object(second)) => {
            first.fields.iter().any(|field| value_at(second, &field.key).is_some_and(|it| misreads(&field.shape, it)))
                || rest_misreads(first, second)
        }
        (Shape::Object(first), Shape::Map(values)) => first.fields.iter().any(|field| misreads(&field.shape, values)),
        (Shape::Map(values), Shape::Object(second)) => second.fields.iter().any(|field| misreads(values, &field.shape)),
        _ => false,
    }
}

/// What an object says about the value of `key`.
fn value_at<'o>(object: &'o Object, key: &str) -> Option<&'o Shape> {
    match (object.field(key), &object.rest) {
        (Some(field), _) => Some(&field.shape),
        (None, Rest::Open(rest)) => Some(rest),
        (None, Rest::Unsaid | Rest::Closed) => None,
    }
}

/// The same question for the keys that `first` doesn't know.
fn rest_misreads(first: &Object, second: &Object) -> bool {
    let Rest::Open(rest) = &first.rest else {
        return false;
    };
    let unknown = second.fields.iter().filter(|field| first.field(&field.key).is_none());
    let mut shapes = unknown.map(|field| &field.shape);
    shapes.any(|shape| misreads(rest, shape)) || matches!(&second.rest, Rest::Open(other) if misreads(rest, other))
}
