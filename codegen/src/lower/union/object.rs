//! Objects that are forms of a union, or that several schemas say together: a shape in, a struct out.

use super::super::object::bare_field;
use super::super::{Direction, Lowered, Lowering};
use super::About;
use super::shape::{Field, Object, Rest};
use crate::ir::{self, Extra, Item, Origin, Ty, TypeId, TypeKind};
use crate::name::is_readable;

impl<'s> Lowering<'s> {
    /// The struct of an object that has no tag.
    pub(super) fn put_together(&mut self, object: Object<'s>, origin: &Origin, about: About<'s>) -> Ty {
        // What is called the same in readable JSON is one type, wherever it is used.
        let is_plain =
            !matches!(object.rest, Rest::Open(..)) && object.fields.iter().all(|field| is_readable(&field.key));
        // The place of a schema that is the union itself is taken.
        let sole = object.parts.sole().filter(|schema| about.whole || schema.pointer != about.schema.pointer);
        if let (Some(schema), true) = (sole, is_plain) {
            let name = schema.pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~");
            // A place in a list is no name.
            let is_named = object.parts.referred && name.parse::<usize>().is_err();
            let origin = if is_named { &Origin::Definition(name) } else { origin };
            let (id, inside) = self.structure(schema, origin);
            return if inside { Ty::Boxed(id) } else { Ty::Named(id) };
        }
        if about.whole {
            let build = |lowering: &mut Self, id| TypeKind::Object(lowering.fields(&object, None, id, (origin, about)));
            let (id, inside) = self.named(about.schema, origin, false, build);
            return if inside { Ty::Boxed(id) } else { Ty::Named(id) };
        }
        self.private(&object, None, origin, about)
    }

    /// The struct of a form that a tag tells from the others.
    pub(super) fn tagged(&mut self, object: &Object<'s>, tag: (&str, &str), origin: &Origin, about: About<'s>) -> Ty {
        self.private(object, Some(tag), origin, about)
    }

    /// A struct that belongs to its union alone.
    fn private(&mut self, object: &Object<'s>, tag: Option<(&str, &str)>, origin: &Origin, about: About<'s>) -> Ty {
        let schema = object.parts.all.first().copied().unwrap_or(about.schema);
        let build = |lowering: &mut Self, id| TypeKind::Object(lowering.fields(object, tag, id, (origin, about)));
        Ty::Named(self.declared(schema, origin, build))
    }

    /// The fields of the struct `id`; `tag` is the key and the value of its union's tag.
    fn fields(
        &mut self,
        object: &Object<'s>,
        tag: Option<(&str, &str)>,
        id: TypeId,
        (origin, about): (&Origin, About<'s>),
    ) -> ir::Object {
        self.tables.insert(id);
        let about = About { whole: false, ..about };
        let is_form = matches!(origin, Origin::Form { item: Item::Whole, .. });
        let mut fields = Vec::with_capacity(object.fields.len());
        for (place, field) in object.fields.iter().enumerate() {
            let fixed = tag.filter(|(key, _)| *key == field.key).map(|(_, value)| value.to_owned());
            let origin = Origin::Field { owner: id, field: place, item: Item::Whole };
            fields.push(self.one_field(field, fixed, &origin, about));
        }
        let wanted = object.parts.all.iter().flat_map(|part| &part.object.required);
        let place = |key: &String| fields.iter().position(|field: &ir::Field| field.key == *key);
        let mut required: Vec<usize> = wanted.filter_map(place).collect();
        let mut seen = std::collections::HashSet::new();
        required.retain(|place| fields[*place].required && fields[*place].fixed.is_none() && seen.insert(*place));
        let extra = match (self.direction, &object.rest) {
            (Direction::Response, _) => Extra::Open,
            (Direction::Request, Rest::Open(..)) if is_form => Extra::Beside,
            (Direction::Request, Rest::Open(..)) => Extra::Map,
            (Direction::Request, Rest::Unsaid | Rest::Closed) => Extra::None,
        };
        let parts = object.parts.all.iter().map(|part| part.pointer.clone()).collect();
        ir::Object { fields, required, extra, is_input: false, rules: Vec::new(), parts }
    }

    fn one_field(&mut self, field: &Field<'s>, fixed: Option<String>, origin: &Origin, about: About<'s>) -> ir::Field {
        let parts = &field.parts;
        let lowered = match parts.sole() {
            Some(part) if fixed.is_none() => self.value(part, origin),
            _ => {
                let schema = parts.all.first().copied().unwrap_or(about.schema);
                let ty = match &fixed {
                    Some(_) => Ty::Text,
                    None => self.shaped(field.shape.clone(), origin, About { schema, ..about }),
                };
                let rules = parts.all.iter().flat_map(|part| self.rules(part, true)).collect();
                Lowered { ty, rules }
            }
        };
        let made = match parts.all.is_empty() {
            false => self.field(&field.key, &parts.all, lowered, field.required),
            true => {
                ir::Field { ty: lowered.ty, rules: lowered.rules, required: field.required, ..bare_field(&field.key) }
            }
        };
        ir::Field { fixed, ..made }
    }
}
