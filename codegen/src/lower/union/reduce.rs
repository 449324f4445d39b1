//! A schema in, the [`Shape`] of its values out. Every keyword group has one small method here. Must not know names or
//! Rust.
//!
//! Titles, defaults, descriptions and every constraint on a value are dropped (the rules have them), and so are `not`,
//! `if`, `dependent*`, `contains`, `unevaluated*`, `patternProperties` and `propertyNames`, which no Rust type can say;
//! where they speak of keys, the object stays open. `anyOf` is taken for `oneOf`. What is wrong with a reference is told
//! where the rules are made.

use serde_json::Value;

use super::super::value::media;
use super::super::{Direction, listed};
use super::shape::{Field, Object, Parts, Rest, Shape, intersect, unite};
use crate::schema::{Document, Schema};

/// Schemas visited per union, references followed included; what takes more is any value, as nobody can read its type.
const MAX_SCHEMAS: usize = 10_000;
/// Nesting and references followed; past it, a schema counts as any value.
const DEEPEST: usize = 48;
/// Nesting of values, for rustc gives up on types that nest much deeper.
const DEEPEST_VALUE: usize = 16;

/// Keywords that may bring in keys which no type knows of.
const MORE_KEYS: [&str; 4] = ["patternProperties", "then", "else", "dependentSchemas"];

/// The shape of the values of `schema`, none if no value can be valid, and how many schemas were visited for it.
pub(super) fn shape_of<'s>(
    schema: &'s Schema,
    document: &Document<'s>,
    direction: Direction,
) -> (Option<Shape<'s>>, usize) {
    let mut walk = Walk { document, direction, trail: vec![schema], level: 0, depth: 0, visited: 0 };
    let shape = walk.shape(schema);
    (if walk.visited > MAX_SCHEMAS { Some(Shape::Unknown) } else { shape }, walk.visited)
}

struct Walk<'d, 's> {
    document: &'d Document<'s>,
    direction: Direction,
    /// The schemas being followed by reference. One that comes back is recursion, and ends in any value.
    trail: Vec<&'s Schema>,
    /// How many values deep: properties and items count, branches don't.
    level: usize,
    depth: usize,
    visited: usize,
}

impl<'s> Walk<'_, 's> {
    /// A shape, none for "no value".
    fn shape(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        self.visited += 1;
        if self.depth >= DEEPEST || self.level >= DEEPEST_VALUE || self.visited > MAX_SCHEMAS {
            return Some(Shape::Unknown);
        }
        self.depth += 1;
        let shape = match schema.boolean {
            Some(any) => any.then_some(Shape::Any),
            None => self.keywords(schema),
        };
        self.depth -= 1;
        shape
    }

    /// Keywords that stand side by side all hold.
    fn keywords(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        let mut shape = self.own(schema);
        let mut narrow = |with: Option<Shape<'s>>| {
            shape = shape.take().zip(with).and_then(|(shape, with)| intersect(shape, with));
        };
        if let Some(reference) = &schema.reference {
            narrow(self.reference(reference));
        }
        for branches in [&schema.any_of, &schema.one_of] {
            if !branches.is_empty() {
                let shapes: Vec<Shape<'s>> = branches.iter().filter_map(|branch| self.shape(branch)).collect();
                narrow(unite(shapes));
            }
        }
        schema.all_of.iter().for_each(|branch| narrow(self.shape(branch)));
        shape
    }

    fn reference(&mut self, reference: &str) -> Option<Shape<'s>> {
        let Some(target) = self.document.referred(reference) else { return Some(Shape::Unknown) };
        if self.trail.iter().any(|earlier| std::ptr::eq(*earlier, target)) {
            return Some(Shape::Unknown);
        }
        self.trail.push(target);
        let shape = self.shape(target);
        self.trail.pop();
        shape
    }

    /// What `type`, `enum`, `const` and the keywords of objects and arrays say.
    fn own(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        let values = listed(schema);
        let values = values.as_deref();
        if schema.types.is_empty() && values.is_none() {
            return self.implied(schema);
        }
        let types = match values {
            Some(values) if schema.types.is_empty() => types_of(values),
            _ => schema.types.iter().map(String::as_str).collect(),
        };
        let shapes: Vec<Shape<'s>> = types.into_iter().filter_map(|name| self.of_type(name, schema, values)).collect();
        unite(shapes)
    }

    /// Without a type, the keywords of objects and arrays speak of those alone.
    fn implied(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        let object = &schema.object;
        let shape = if !object.properties.is_empty() || !object.required.is_empty() || object.additional.is_some() {
            self.object(schema)?
        } else if schema.array.items.is_some() || !schema.array.prefix.is_empty() {
            self.array(schema)
        } else {
            return Some(Shape::Any);
        };
        Some(Shape::Implied(Box::new(shape)))
    }

    /// The values of one type; none if `values` lists no value of it.
    fn of_type(&mut self, name: &str, schema: &'s Schema, values: Option<&[Value]>) -> Option<Shape<'s>> {
        let listed = |fits: fn(&Value) -> bool| values.is_none_or(|values| values.iter().any(fits));
        let (possible, shape) = match name {
            "null" => (listed(Value::is_null), Shape::Null),
            "boolean" => (listed(Value::is_boolean), Shape::Bool),
            "integer" => (listed(Value::is_number), Shape::Integer(Parts::of(schema))),
            "number" => (listed(Value::is_number), Shape::Number),
            "string" => (listed(Value::is_string), self.text(schema, values)),
            "array" if values.is_some() => {
                (listed(Value::is_array), Shape::List(Box::new(Shape::Unknown), Parts::default()))
            }
            "object" if values.is_some() => (listed(Value::is_object), free_object()),
            "array" => (true, self.array(schema)),
            "object" => return self.object(schema),
            // An unknown type, which the rules report.
            _ => (true, Shape::Unknown),
        };
        possible.then_some(shape)
    }

    /// A string: one of the listed ones, a medium, or any text.
    fn text(&self, schema: &'s Schema, values: Option<&[Value]>) -> Shape<'s> {
        match (values, media(schema)) {
            (Some(values), _) => {
                Shape::choice(values.iter().filter_map(Value::as_str).map(str::to_owned), Parts::of(schema))
            }
            (None, Some(kind)) if self.direction == Direction::Request => Shape::Media(kind),
            (None, _) => Shape::Text,
        }
    }

    fn array(&mut self, schema: &'s Schema) -> Shape<'s> {
        let items = match &schema.array.items {
            _ if !schema.array.prefix.is_empty() => Shape::Unknown,
            Some(items) => self.deeper(items).unwrap_or_else(|| Shape::Union(Vec::new())),
            None => Shape::Any,
        };
        Shape::List(Box::new(items), Parts::of(schema))
    }

    fn object(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        let object = &schema.object;
        let mut fields: Vec<Field<'s>> = Vec::with_capacity(object.properties.len());
        for (key, property) in &object.properties {
            let required = object.required.contains(key);
            match self.deeper(property) {
                Some(shape) => {
                    fields.push(Field { key: key.clone(), shape, required, parts: Parts::of(property) });
                }
                None if required => return None,
                None => {}
            }
        }
        for key in &object.required {
            if !fields.iter().any(|field| field.key == *key) {
                fields.push(Field { key: key.clone(), shape: Shape::Any, required: true, parts: Parts::default() });
            }
        }
        let brings_keys = schema.others.iter().any(|(keyword, _)| MORE_KEYS.contains(&keyword.as_str()));
        let rest = match &object.additional {
            _ if brings_keys => Rest::Open(Box::new(Shape::Unknown), Parts::default()),
            None => Rest::Unsaid,
            Some(rest) => match self.deeper(rest) {
                None => Rest::Closed,
                Some(shape) => Rest::Open(Box::new(shape), Parts::of(rest)),
            },
        };
        let referred = matches!(self.trail.as_slice(), [_, .., last] if std::ptr::eq(*last, schema));
        Some(Shape::Object(Object { fields, rest, parts: Parts { referred, ..Parts::of(schema) } }))
    }

    /// The shape of a value inside this one.
    fn deeper(&mut self, schema: &'s Schema) -> Option<Shape<'s>> {
        self.level += 1;
        let shape = self.shape(schema);
        self.level -= 1;
        shape
    }
}

/// An object with any keys.
fn free_object<'s>() -> Shape<'s> {
    let rest = Rest::Open(Box::new(Shape::Unknown), Parts::default());
    Shape::Object(Object { fields: Vec::new(), rest, parts: Parts::default() })
}

/// The types of listed values.
fn types_of(values: &[Value]) -> Vec<&'static str> {
    let whole = |value: &Value| value.is_i64() || value.is_u64() || !value.is_number();
    let number = if values.iter().all(whole) { "integer" } else { "number" };
    let name = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => number,
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let mut names: Vec<&str> = values.iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    names
}
