//! A shape in, the finished one out: what nobody has spoken about is decided, and the forms of unions stand in the order in
//! which a reader tries them out. Must not know JSON Schema's spelling.
//!
//! The first form that reads a value holds it, and whatever reads a value writes it back the same. So the stricter forms
//! come first: texts that are listed before any text, closed objects before open ones. No order depends on the published
//! one; forms of one [rank](ranks) may stand in any.

use super::shape::{Object, Parts, Rest, Shape, unite};

/// The shape as it stays.
pub(super) fn finished(shape: Shape<'_>) -> Shape<'_> {
    match shape {
        Shape::List(items, parts) => Shape::List(Box::new(finished(*items)), parts),
        Shape::Map(values, parts) => Shape::Map(Box::new(finished(*values)), parts),
        Shape::Object(object) => finished_object(object),
        Shape::Union(branches) => finished_union(branches),
        Shape::Implied(inner) => finished(*inner),
        Shape::Unknown => Shape::Any,
        other => other,
    }
}

fn finished_object(mut object: Object<'_>) -> Shape<'_> {
    for field in &mut object.fields {
        field.shape = finished(std::mem::replace(&mut field.shape, Shape::Any));
    }
    object.rest = match object.rest {
        Rest::Open(values, parts) if object.fields.is_empty() => return Shape::Map(Box::new(finished(*values)), parts),
        Rest::Unsaid if object.fields.is_empty() => return Shape::Map(Box::new(Shape::Any), Parts::default()),
        Rest::Open(values, parts) => Rest::Open(Box::new(finished(*values)), parts),
        Rest::Unsaid | Rest::Closed => Rest::Closed,
    };
    Shape::Object(object)
}

fn finished_union(branches: Vec<Shape<'_>>) -> Shape<'_> {
    match unite(branches.into_iter().map(finished)) {
        Some(Shape::Union(mut branches)) => {
            branches.sort_by_cached_key(|branch| (rank(branch), sorted(branch.clone())));
            Shape::Union(branches)
        }
        Some(other) => other,
        None => Shape::Any,
    }
}

/// The ranks of forms in reading order, from 0 up.
pub(super) fn ranks(forms: &[Shape<'_>]) -> Vec<usize> {
    let mut ranks: Vec<Vec<usize>> = forms.iter().map(rank).collect();
    ranks.dedup();
    forms.iter().map(|form| ranks.iter().position(|of_some| *of_some == rank(form)).unwrap_or_default()).collect()
}

/// The shape with its keys and values sorted, for an order that does not depend on the published one.
fn sorted(shape: Shape<'_>) -> Shape<'_> {
    match shape {
        Shape::Choice(mut values, parts) => {
            values.sort();
            Shape::Choice(values, parts)
        }
        Shape::List(items, parts) => Shape::List(Box::new(sorted(*items)), parts),
        Shape::Map(values, parts) => Shape::Map(Box::new(sorted(*values)), parts),
        Shape::Object(mut object) => {
            for field in &mut object.fields {
                field.shape = sorted(std::mem::replace(&mut field.shape, Shape::Any));
            }
            object.fields.sort();
            Shape::Object(object)
        }
        Shape::Union(branches) => Shape::Union(branches.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// The order in which to try the branches: the stricter first, objects that require most, listed texts before any text.
fn rank(shape: &Shape<'_>) -> Vec<usize> {
    let within = |first: usize, inner: &Shape<'_>| [vec![first], rank(inner)].concat();
    match shape {
        Shape::Null => vec![0],
        Shape::Bool => vec![1],
        Shape::Integer(_) => vec![2],
        Shape::Number => vec![3],
        Shape::List(items, _) => within(4, items),
        Shape::Object(object) => {
            let required = object.fields.iter().filter(|field| field.required).count();
            let open = usize::from(matches!(object.rest, Rest::Open(..)));
            // Keys say nothing here: node ids change.
            let mut fields: Vec<_> = object.fields.iter().map(|field| rank(&field.shape)).collect();
            fields.sort();
            let ranks = vec![5, open, usize::MAX - required, usize::MAX - object.fields.len()];
            ranks.into_iter().chain(fields.concat()).collect()
        }
        Shape::Map(values, _) => within(6, values),
        Shape::Choice(..) => vec![7],
        Shape::Media(kind) => vec![8, *kind as usize],
        Shape::Text => vec![9],
        Shape::Union(branches) => [vec![10], branches.iter().flat_map(rank).collect()].concat(),
        Shape::Implied(inner) => rank(inner),
        Shape::Any | Shape::Unknown => vec![11],
    }
}
