//! The schema tree: one published JSON Schema with every keyword in its place. Parsing fills it, fixing up repairs it,
//! lowering reads it. It must not know Rust names or types.

mod accepted;
mod parse;
mod pattern;
mod reference;
mod validations;
mod write;

pub use accepted::Accepted;
pub use parse::{parse, parse_accepting};
pub(crate) use reference::{Document, target};
pub use validations::measurable;

use serde_json::{Number, Value};

/// One schema, in the words of JSON Schema. A field is empty where the keyword is absent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// Where in the file it stands, as a JSON pointer.
    pub pointer: String,
    /// A boolean schema: `true`, which takes every value, or `false`, which takes none.
    pub boolean: Option<bool>,
    /// `type`, as published; after fixing up only the seven names of JSON Schema.
    pub types: Vec<String>,
    /// `title`; empty and absent are the same.
    pub title: String,
    /// `description`; empty and absent are the same.
    pub description: String,
    /// `default`, which may be no more than a sample of the playground.
    pub default: Option<Value>,
    /// `format`.
    pub format: String,
    /// `enum`.
    pub values: Option<Vec<Value>>,
    /// `const`.
    pub constant: Option<Value>,
    /// `$ref`.
    pub reference: Option<String>,
    /// The keywords that bound numbers.
    pub number: NumberRules,
    /// The keywords that bound strings.
    pub string: StringRules,
    /// The keywords that bound arrays.
    pub array: ArrayRules,
    /// The keywords that bound objects.
    pub object: ObjectRules,
    /// `allOf`.
    pub all_of: Vec<Schema>,
    /// `anyOf`.
    pub any_of: Vec<Schema>,
    /// `oneOf`.
    pub one_of: Vec<Schema>,
    /// `nullable`, OpenAPI's way to add `null` to the types.
    pub nullable: bool,
    /// `validations`, RunComfy's own rules for media.
    pub validations: Vec<Validation>,
    /// `$defs` and `definitions`, by pointer part (`$defs/Camera`).
    pub definitions: Vec<(String, Schema)>,
    /// The keywords that a library checks, as they are written in draft 2020-12. Beside `patternProperties` that is
    /// `additionalProperties` too, since its meaning depends on them.
    pub others: Vec<(String, Other)>,
}

/// The value of a keyword that a library checks.
#[derive(Clone, Debug, PartialEq)]
pub enum Other {
    /// No schema: `minContains`, `dependentRequired`.
    Value(Value),
    /// A schema: `not`, `if`, `contains`.
    Schema(Box<Schema>),
    /// Schemas by name: `patternProperties`, `dependentSchemas`.
    Schemas(Vec<(String, Schema)>),
}

impl Other {
    /// The schemas in it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Schema> {
        let (one, named): (_, &[_]) = match self {
            Self::Value(_) => (None, &[]),
            Self::Schema(part) => (Some(part.as_ref()), &[]),
            Self::Schemas(parts) => (None, parts),
        };
        one.into_iter().chain(named.iter().map(|(_, part)| part))
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Schema> {
        let (one, named): (_, &mut [_]) = match self {
            Self::Value(_) => (None, &mut []),
            Self::Schema(part) => (Some(part.as_mut()), &mut []),
            Self::Schemas(parts) => (None, parts),
        };
        one.into_iter().chain(named.iter_mut().map(|(_, part)| part))
    }
}

/// Bounds of numbers. The boolean `exclusiveMinimum` of draft 4 is already folded into these.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NumberRules {
    /// `minimum`
    pub minimum: Option<Number>,
    /// `maximum`
    pub maximum: Option<Number>,
    /// `exclusiveMinimum`
    pub exclusive_minimum: Option<Number>,
    /// `exclusiveMaximum`
    pub exclusive_maximum: Option<Number>,
    /// `multipleOf`
    pub multiple_of: Option<Number>,
}

/// Bounds of strings; lengths in Unicode code points.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StringRules {
    /// `minLength`
    pub min_length: Option<u64>,
    /// `maxLength`
    pub max_length: Option<u64>,
    /// `pattern`, an ECMA-262 regular expression
    pub pattern: Option<String>,
}

/// Bounds of arrays.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArrayRules {
    /// `items`, or `additionalItems` where the first items have schemas of their own
    pub items: Option<Box<Schema>>,
    /// `prefixItems`, or the list form of `items`
    pub prefix: Vec<Schema>,
    /// `minItems`
    pub min_items: Option<u64>,
    /// `maxItems`
    pub max_items: Option<u64>,
    /// `uniqueItems`
    pub unique: bool,
}

/// Bounds of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ObjectRules {
    /// `properties`, in published order
    pub properties: Vec<(String, Schema)>,
    /// `required`, in published order
    pub required: Vec<String>,
    /// `additionalProperties`
    pub additional: Option<Box<Schema>>,
    /// `propertyNames`
    pub names: Option<Box<Schema>>,
    /// `minProperties`
    pub min_properties: Option<u64>,
    /// `maxProperties`
    pub max_properties: Option<u64>,
}

/// One entry of `validations`.
#[derive(Clone, Debug, PartialEq)]
pub struct Validation {
    /// `validation_rule`, such as `file_size_mb<` or `width/height>`
    pub rule: String,
    /// `validation_value`
    pub value: Number,
    /// `validation_error`, the server's own words
    pub message: String,
}

/// Whether two values are one value of JSON Schema, where `1.0` is `1`. Lists and objects are compared as written.
pub fn same_value(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i128(), other.as_i128()) {
            (Some(one), Some(other)) => one == other,
            _ => one.as_f64() == other.as_f64(),
        },
        _ => one == other,
    }
}

impl Schema {
    /// Calls `visit` for every direct part that is a schema.
    pub fn for_each_part(&mut self, visit: &mut dyn FnMut(&mut Schema)) {
        self.for_each_own_part(visit);
        self.for_each_other_part(visit);
    }

    /// Calls `visit` for every direct part of the keywords that a library checks.
    pub fn for_each_other_part(&mut self, visit: &mut dyn FnMut(&mut Schema)) {
        self.others.iter_mut().flat_map(|(_, other)| other.parts_mut()).for_each(visit);
    }

    /// Calls `visit` for every other direct part.
    pub fn for_each_own_part(&mut self, visit: &mut dyn FnMut(&mut Schema)) {
        let lists = [&mut self.all_of, &mut self.any_of, &mut self.one_of, &mut self.array.prefix];
        lists.into_iter().flatten().for_each(&mut *visit);
        let boxed = [&mut self.array.items, &mut self.object.additional, &mut self.object.names];
        boxed.into_iter().flatten().for_each(|part| visit(part));
        let named = [&mut self.object.properties, &mut self.definitions];
        named.into_iter().flatten().for_each(|(_, part)| visit(part));
    }

    /// Every direct part that is a schema.
    pub fn parts(&self) -> impl Iterator<Item = &Schema> {
        let lists = [&self.all_of, &self.any_of, &self.one_of, &self.array.prefix];
        let boxed = [&self.array.items, &self.object.additional, &self.object.names];
        let named = [&self.object.properties, &self.definitions];
        let lists = lists.into_iter().flatten();
        let boxed = boxed.into_iter().flatten().map(Box::as_ref);
        let others = self.others.iter().flat_map(|(_, other)| other.parts());
        lists.chain(boxed).chain(named.into_iter().flatten().map(|(_, part)| part)).chain(others)
    }

    /// The same schema without what only people read, and without its place: equal if the same values are valid.
    #[must_use]
    pub fn without_texts(&self) -> Self {
        fn clear(schema: &mut Schema) {
            for text in [&mut schema.pointer, &mut schema.title, &mut schema.description] {
                text.clear();
            }
            schema.default = None;
            schema.for_each_part(&mut clear);
        }
        let mut bare = self.clone();
        clear(&mut bare);
        bare
    }

    /// Whether one of `allOf`, `anyOf` and `oneOf` is there.
    #[must_use]
    pub fn is_combined(&self) -> bool {
        !(self.all_of.is_empty() && self.any_of.is_empty() && self.one_of.is_empty())
    }

    /// Whether `name` is among the types.
    #[must_use]
    pub fn has_type(&self, name: &str) -> bool {
        self.types.iter().any(|one| one == name)
    }
}
