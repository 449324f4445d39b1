//! Schemas with `anyOf`, `oneOf`, `allOf` or several types in, Rust types out.
//!
//! ```text
//! reduce: schema → shape     finish: → shape in reading order     here: → named types     key: what forms are known by
//! ```
//!
//! A form that one schema says by itself is lowered like any other value; forms that several schemas say together are put
//! together here. No shape is refused for being unusual: a union that no type can say is any JSON, and the rules check
//! the value in any case. Must not know names, locks or files.

mod finish;
mod key;
#[cfg(test)]
mod laws;
mod object;
mod reduce;
mod shape;
#[cfg(test)]
mod tests;

use super::value::{choice_of, integer, item_of, nullable, unboxed};
use super::{Direction, Lowering, listed};
use crate::ir::{Form, Item, Origin, Ty, TypeKind, Union};
use crate::schema::Schema;
use shape::{Parts, Shape};

/// What a type that is put together stands for.
#[derive(Clone, Copy)]
struct About<'s> {
    /// The schema that gives it a place and texts.
    schema: &'s Schema,
    /// Whether it is all that the schema says, and so the type for whoever refers to it.
    whole: bool,
}

impl<'s> Lowering<'s> {
    /// The type of a schema that combines others.
    pub(super) fn union(&mut self, schema: &'s Schema, origin: &Origin) -> Ty {
        let (shape, visited) = reduce::shape_of(schema, &self.document, self.direction);
        self.reduced += visited;
        let shape = shape.map_or(Shape::Any, finish::finished);
        self.shaped(shape, origin, About { schema, whole: true })
    }

    /// The type of values that all of `schemas` accept.
    pub(super) fn intersected(&mut self, schemas: &[&'s Schema], origin: &Origin) -> Ty {
        self.of_several(schemas, origin, |shapes| shapes.into_iter().try_fold(Shape::Any, shape::intersect))
    }

    /// The type of values that any of `schemas` accepts.
    pub(super) fn united(&mut self, schemas: &[&'s Schema], origin: &Origin) -> Ty {
        self.of_several(schemas, origin, shape::unite)
    }

    fn of_several(
        &mut self,
        schemas: &[&'s Schema],
        origin: &Origin,
        combine: fn(Vec<Shape<'s>>) -> Option<Shape<'s>>,
    ) -> Ty {
        let mut shapes = Vec::with_capacity(schemas.len());
        for schema in schemas {
            let (shape, visited) = reduce::shape_of(schema, &self.document, self.direction);
            self.reduced += visited;
            shapes.extend(shape);
        }
        let Some(schema) = schemas.first() else { return Ty::Json };
        let shape = combine(shapes).map_or(Shape::Any, finish::finished);
        self.shaped(shape, origin, About { schema, whole: false })
    }

    /// The type of a finished shape.
    fn shaped(&mut self, shape: Shape<'s>, origin: &Origin, about: About<'s>) -> Ty {
        let (shape, nulls) = shape.split_null();
        let ty = shape.map_or(Ty::Json, |shape| self.present(shape, origin, about));
        if nulls { nullable(ty) } else { ty }
    }

    /// The type of a value that is not null.
    fn present(&mut self, shape: Shape<'s>, origin: &Origin, about: About<'s>) -> Ty {
        match shape {
            Shape::Bool => Ty::Bool,
            Shape::Integer(parts) => parts.sole().map_or(Ty::I64, |schema| {
                let values = listed(schema).unwrap_or_default();
                integer(schema, &values.iter().collect::<Vec<_>>())
            }),
            Shape::Number => Ty::F64,
            Shape::Text => Ty::Text,
            Shape::Media(kind) => Ty::Media(kind),
            Shape::Choice(values, parts) => self.one_of_texts(&values, &parts, origin, about),
            Shape::List(items, parts) => self.nested(|lowering| match parts.sole() {
                Some(schema) => lowering.array(schema, origin),
                None => Ty::List(Box::new(lowering.part(*items, None, origin, about))),
            }),
            Shape::Map(values, parts) => {
                self.nested(|lowering| Ty::Map(Box::new(lowering.part(*values, parts.sole(), origin, about))))
            }
            Shape::Object(object) => self.nested(|lowering| lowering.put_together(object, origin, about)),
            Shape::Union(forms) if !forms.is_empty() => self.forms(forms, origin, about),
            Shape::Union(_) | Shape::Any | Shape::Unknown | Shape::Null | Shape::Implied(_) => Ty::Json,
        }
    }

    /// The type of the values in a list or a map.
    fn part(&mut self, shape: Shape<'s>, sole: Option<&'s Schema>, origin: &Origin, about: About<'s>) -> Ty {
        let origin = item_of(origin);
        unboxed(match sole {
            Some(schema) => self.ty(schema, &origin),
            None => self.shaped(shape, &origin, About { whole: false, ..about }),
        })
    }

    fn one_of_texts(&mut self, values: &[String], parts: &Parts<'s>, origin: &Origin, about: About<'s>) -> Ty {
        // Beside other forms of a response, a text that is not listed is one of those.
        let open = self.direction == Direction::Response && !matches!(origin, Origin::Form { item: Item::Whole, .. });
        let choice = TypeKind::Choice(choice_of(values.iter().map(String::as_str), open));
        let id = match about.whole {
            true => self.named(about.schema, origin, false, |_, _| choice).0,
            false => self.declared(parts.sole().unwrap_or(about.schema), origin, |_, _| choice),
        };
        Ty::Named(id)
    }

    fn forms(&mut self, shapes: Vec<Shape<'s>>, origin: &Origin, about: About<'s>) -> Ty {
        let tag = key::tag(&shapes);
        let known = key::known(&shapes, tag.as_deref());
        let ranks = finish::ranks(&shapes);
        let open = self.direction == Direction::Response;
        let build = |lowering: &mut Self, id| {
            let forms = shapes.into_iter().zip(known).enumerate().map(|(place, (shape, known))| {
                let key::Known { key, by } = known;
                let origin = Origin::Form { owner: id, form: place, item: Item::Whole };
                let about = About { whole: false, ..about };
                let ty = match (shape, &tag) {
                    (Shape::Object(object), Some(tag)) => {
                        lowering.nested(|lowering| lowering.tagged(&object, (tag, &key), &origin, about))
                    }
                    (shape, _) => lowering.shaped(shape, &origin, about),
                };
                Form { key, by, rank: ranks[place], name: String::new(), ty }
            });
            let forms = forms.collect();
            TypeKind::Union(Union { forms, tag, open })
        };
        if about.whole {
            let (id, inside) = self.named(about.schema, origin, false, build);
            return if inside { Ty::Boxed(id) } else { Ty::Named(id) };
        }
        Ty::Named(self.declared(about.schema, origin, build))
    }
}
