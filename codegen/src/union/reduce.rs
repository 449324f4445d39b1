//! A schema and its document in, the [`Shape`] of its values out. Every keyword group has one small method here.
//! Must not know names or Rust.
//!
//! Titles, defaults, examples, descriptions and every constraint on a value are dropped (the rule table has them), and so
//! are `not`, `if`, `dependent*`, `contains`, `unevaluated*`, `patternProperties` and `propertyNames`, which no Rust type
//! can say; where they speak of keys, the object stays open. `anyOf` is taken for `oneOf`. Tuples become lists of any
//! values.

use serde_json::{Map, Value};

use super::reference::{below, resolve};
use super::shape::{Field, Media, Object, Rest, Shape, intersect, unite};
use crate::error::{Error, ErrorKind};

/// Schemas visited per field, references followed included; what takes more is any value, as nobody can read its type.
const MOST_SCHEMAS: usize = 10_000;
/// Nesting and references followed; past it, a schema counts as any value.
const DEEPEST: usize = 48;
/// Nesting of values, for rustc gives up on types that nest much deeper.
const DEEPEST_VALUE: usize = 16;

/// Keywords that may bring in keys which no type knows of.
const MORE_KEYS: [&str; 4] = ["then", "else", "dependentSchemas", "dependencies"];

/// The shape of the values of `schema`, which stands at `pointer` of `document`; none if no value can be valid.
///
/// # Errors
/// A reference that leads nowhere, out of the document, or back to itself without a value in between; a keyword whose
/// value has the wrong form.
pub(super) fn shape_of(schema: &Value, document: &Value, pointer: &str) -> Result<Option<Shape>, Error> {
    let mut walk = Walk { document, trail: vec![(pointer.to_owned(), 0)], level: 0, depth: 0, visited: 0 };
    let shape = walk.shape(schema, pointer)?;
    Ok(if walk.visited > MOST_SCHEMAS { Some(Shape::Unknown) } else { shape })
}

struct Walk<'d> {
    document: &'d Value,
    /// The schemas being followed by reference, each with the `level` it was entered at.
    trail: Vec<(String, usize)>,
    /// How many values deep: properties and items count, branches don't.
    level: usize,
    depth: usize,
    visited: usize,
}

/// A shape, none for "no value".
type Found = Result<Option<Shape>, Error>;

impl Walk<'_> {
    fn shape(&mut self, schema: &Value, at: &str) -> Found {
        self.visited += 1;
        if self.depth >= DEEPEST || self.level >= DEEPEST_VALUE || self.visited > MOST_SCHEMAS {
            return Ok(Some(Shape::Unknown));
        }
        self.depth += 1;
        let shape = match schema {
            Value::Bool(any) => Ok(any.then_some(Shape::Any)),
            Value::Object(schema) => self.keywords(schema, at),
            _ => Err(invalid(at, "a schema is an object, `true` or `false`")),
        };
        self.depth -= 1;
        shape
    }

    /// Keywords that stand side by side all hold.
    fn keywords(&mut self, schema: &Map<String, Value>, at: &str) -> Found {
        let mut shape = self.own(schema, at)?;
        let mut narrow = |with: Option<Shape>| {
            shape = shape.take().zip(with).and_then(|(shape, with)| intersect(shape, with));
        };
        if let Some(reference) = schema.get("$ref") {
            narrow(self.reference(reference, at)?);
        }
        for keyword in ["anyOf", "oneOf"] {
            if let Some(branches) = list(schema, keyword, at)? {
                narrow(self.branches(branches, &below(at, keyword))?);
            }
        }
        for (index, branch) in list(schema, "allOf", at)?.into_iter().flatten().enumerate() {
            narrow(self.shape(branch, &format!("{at}/allOf/{index}"))?);
        }
        if schema.get("nullable") == Some(&Value::Bool(true)) {
            shape = unite(shape.into_iter().chain([Shape::Null]));
        }
        Ok(shape)
    }

    fn branches(&mut self, branches: &[Value], at: &str) -> Found {
        let mut shapes = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            shapes.extend(self.shape(branch, &format!("{at}/{index}"))?);
        }
        Ok(unite(shapes))
    }

    /// Follows a reference. One that comes back at a deeper value is recursion, and ends in any value there; one that
    /// comes back at the same value says nothing at all.
    fn reference(&mut self, reference: &Value, at: &str) -> Found {
        let reference = reference.as_str().ok_or_else(|| invalid(at, "`$ref` is a string"))?;
        let (schema, target) = resolve(self.document, reference, at)?;
        if let Some((_, level)) = self.trail.iter().find(|(earlier, _)| *earlier == target) {
            if *level < self.level {
                return Ok(Some(Shape::Unknown));
            }
            let message = format!("`$ref` to {reference:?} leads back to itself");
            return Err(Error::new(ErrorKind::Reference, message).at(at).help("break the circle"));
        }
        self.trail.push((target.clone(), self.level));
        let shape = self.shape(schema, &target);
        self.trail.pop();
        shape
    }

    /// What `type`, `enum`, `const` and the keywords of objects and arrays say.
    fn own(&mut self, schema: &Map<String, Value>, at: &str) -> Found {
        let values = match schema.get("const") {
            Some(value) => Some(std::slice::from_ref(value)),
            None => list(schema, "enum", at)?.map(Vec::as_slice),
        };
        let types = match types(schema, at)? {
            types if types.is_empty() => implied_types(schema, values),
            types => types,
        };
        if types.is_empty() {
            return Ok(Some(Shape::Any));
        }
        let mut shapes = Vec::new();
        for name in types {
            shapes.extend(self.of_type(name, schema, values, at)?);
        }
        Ok(unite(shapes))
    }

    /// The values of one type; none if `values` lists no value of it.
    fn of_type(&mut self, name: &str, schema: &Map<String, Value>, values: Option<&[Value]>, at: &str) -> Found {
        let listed = |fits: fn(&Value) -> bool| values.is_none_or(|values| values.iter().any(fits));
        let (possible, shape) = match name {
            "null" => (listed(Value::is_null), Shape::Null),
            "boolean" => (listed(Value::is_boolean), Shape::Bool),
            "integer" => (listed(Value::is_number), Shape::Integer),
            "number" => (listed(Value::is_number), Shape::Number),
            "string" => (listed(Value::is_string), text(schema, values)),
            "array" if values.is_some() => (listed(Value::is_array), Shape::List(Box::new(Shape::Unknown))),
            "object" if values.is_some() => (listed(Value::is_object), free_object()),
            "array" => (true, self.array(schema, at)?),
            "object" => return self.object(schema, at),
            _ => {
                return Err(invalid(at, &format!("{name:?} is not a type of JSON Schema")));
            }
        };
        Ok(possible.then_some(shape))
    }

    fn array(&mut self, schema: &Map<String, Value>, at: &str) -> Result<Shape, Error> {
        let items = match schema.get("items") {
            _ if schema.contains_key("prefixItems") => Shape::Unknown,
            Some(Value::Array(_)) => Shape::Unknown,
            Some(items) => self.deeper(items, &below(at, "items"))?.unwrap_or_else(|| Shape::Union(Vec::new())),
            None => Shape::Any,
        };
        let items = match (media(schema), items) {
            (Some(kind), Shape::Text | Shape::Any) => Shape::Media(kind),
            (_, items) => items,
        };
        Ok(Shape::List(Box::new(items)))
    }

    fn object(&mut self, schema: &Map<String, Value>, at: &str) -> Found {
        let required = list(schema, "required", at)?.map_or(&[][..], Vec::as_slice);
        let is_required = |key: &str| required.iter().any(|name| name == key);
        let mut fields = Vec::new();
        for (key, property) in object(schema, "properties", at)?.into_iter().flatten() {
            let place = below(&below(at, "properties"), key);
            match self.deeper(property, &place)? {
                Some(shape) => fields.push(Field { key: key.clone(), shape, required: is_required(key) }),
                None if is_required(key) => return Ok(None),
                None => {}
            }
        }
        for key in required.iter().filter_map(Value::as_str) {
            if !fields.iter().any(|field| field.key == key) {
                fields.push(Field { key: key.to_owned(), shape: Shape::Any, required: true });
            }
        }
        let rest = match schema.get("additionalProperties") {
            _ if schema.contains_key("patternProperties") => Rest::Open(Box::new(Shape::Unknown)),
            None if MORE_KEYS.iter().any(|keyword| schema.contains_key(*keyword)) => {
                Rest::Open(Box::new(Shape::Unknown))
            }
            None => Rest::Unsaid,
            Some(rest) => match self.deeper(rest, &below(at, "additionalProperties"))? {
                None => Rest::Closed,
                Some(rest) => Rest::Open(Box::new(rest)),
            },
        };
        Ok(Some(Shape::Object(Object { fields, rest })))
    }

    /// The shape of a value inside this one.
    fn deeper(&mut self, schema: &Value, at: &str) -> Found {
        self.level += 1;
        let shape = self.shape(schema, at);
        self.level -= 1;
        shape
    }
}

/// An object with any keys.
fn free_object() -> Shape {
    let rest = Rest::Open(Box::new(Shape::Unknown));
    Shape::Object(Object { fields: Vec::new(), rest })
}

/// `type`, as a list; empty if it is not there.
fn types<'s>(schema: &'s Map<String, Value>, at: &str) -> Result<Vec<&'s str>, Error> {
    let bad = || invalid(at, "`type` is the name of a type, or a list of names");
    match schema.get("type") {
        None => Ok(Vec::new()),
        Some(Value::String(name)) => Ok(vec![name]),
        Some(Value::Array(names)) => names.iter().map(|name| name.as_str().ok_or_else(bad)).collect(),
        Some(_) => Err(bad()),
    }
}

/// The types that a schema without `type` is about: those of its listed values, or the one its keywords are for.
fn implied_types(schema: &Map<String, Value>, values: Option<&[Value]>) -> Vec<&'static str> {
    let has = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    let Some(values) = values else {
        return match () {
            () if has(&["properties", "required", "additionalProperties"]) => vec!["object"],
            () if has(&["items", "prefixItems"]) => vec!["array"],
            () => Vec::new(),
        };
    };
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

/// A string: one of the listed ones, a medium, or any text.
fn text(schema: &Map<String, Value>, values: Option<&[Value]>) -> Shape {
    match (values, media(schema)) {
        (Some(values), _) => Shape::choice(values.iter().filter_map(Value::as_str).map(str::to_owned)),
        (None, Some(kind)) => Shape::Media(kind),
        (None, None) => Shape::Text,
    }
}

/// The kind of media that `format` speaks of, in the singular or the plural.
fn media(schema: &Map<String, Value>) -> Option<Media> {
    match schema.get("format")?.as_str()? {
        "image_uri" | "image_uris" => Some(Media::Image),
        "video_uri" | "video_uris" => Some(Media::Video),
        "audio_uri" | "audio_uris" => Some(Media::Audio),
        _ => None,
    }
}

fn list<'s>(schema: &'s Map<String, Value>, keyword: &str, at: &str) -> Result<Option<&'s Vec<Value>>, Error> {
    let found = schema.get(keyword);
    found.map(|value| value.as_array().ok_or_else(|| invalid(at, &format!("`{keyword}` is a list")))).transpose()
}

fn object<'s>(
    schema: &'s Map<String, Value>,
    keyword: &str,
    at: &str,
) -> Result<Option<&'s Map<String, Value>>, Error> {
    let found = schema.get(keyword);
    found.map(|value| value.as_object().ok_or_else(|| invalid(at, &format!("`{keyword}` is an object")))).transpose()
}

fn invalid(at: &str, message: &str) -> Error {
    Error::new(ErrorKind::InvalidSchema, message).at(at)
}
