//! Rules: what a value must keep, as data. Lowering writes them, the emitter of tables, docs, locks and `diff` read them.

use serde::Serialize;
use serde_json::{Number, Value};

use super::{Media, TypeId};

/// A rule of JSON Schema (or RunComfy's own) that the checker enforces.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub enum Rule {
    /// The JSON types a value may have
    Type(Vec<String>),
    /// `enum` and `const`
    Values(Vec<Value>),
    /// `minimum`
    Minimum(Number),
    /// `maximum`
    Maximum(Number),
    /// `exclusiveMinimum`
    ExclusiveMinimum(Number),
    /// `exclusiveMaximum`
    ExclusiveMaximum(Number),
    /// `multipleOf`
    MultipleOf(Number),
    /// `minLength`
    MinLength(u64),
    /// `maxLength`
    MaxLength(u64),
    /// `pattern`
    Pattern(String),
    /// `items`
    Items(Vec<Rule>),
    /// `prefixItems`
    PrefixItems(Vec<Vec<Rule>>),
    /// `minItems`
    MinItems(u64),
    /// `maxItems`
    MaxItems(u64),
    /// `uniqueItems`
    UniqueItems,
    /// The field table of a struct
    Properties(TypeId),
    /// `additionalProperties` with a schema
    AdditionalProperties(Vec<Rule>),
    /// `additionalProperties: false`
    NoAdditionalProperties,
    /// `propertyNames`
    PropertyNames(Vec<Rule>),
    /// `minProperties`
    MinProperties(u64),
    /// `maxProperties`
    MaxProperties(u64),
    /// `allOf`
    AllOf(Vec<Vec<Rule>>),
    /// `anyOf`
    AnyOf(Vec<Vec<Rule>>),
    /// `oneOf`
    OneOf(Vec<Vec<Rule>>),
    /// A URL, a `data:` URI or the name of a sample
    Media(Media),
    /// A rule of `validations`
    Validation {
        /// `file_size_mb<` and the like
        rule: String,
        /// The bound
        value: Number,
        /// The server's own words
        message: String,
    },
    /// Keywords that a library checks
    Fragment {
        /// The keywords as published, in the words of JSON Schema 2020-12
        keywords: Value,
        /// The same with all that they depend on: a document of its own
        document: Value,
    },
    /// `false`: nothing is valid
    Never,
}

impl Rule {
    /// The rules within this one, list by list: those of items, of other properties, of each part of a combination. What a
    /// field table says is not among them.
    #[must_use]
    pub fn lists(&self) -> Vec<&[Self]> {
        match self {
            Self::Items(rules) | Self::AdditionalProperties(rules) | Self::PropertyNames(rules) => vec![rules],
            Self::PrefixItems(lists) | Self::AllOf(lists) | Self::AnyOf(lists) | Self::OneOf(lists) => {
                lists.iter().map(Vec::as_slice).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Calls `visit` for this rule and all within it.
    pub fn visit<'r>(&'r self, visit: &mut dyn FnMut(&'r Self)) {
        visit(self);
        self.lists().into_iter().flatten().for_each(|rule| rule.visit(visit));
    }
}
