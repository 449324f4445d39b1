//! `overrides.toml`, what a maintainer decides by hand for one model: text in, plain data out. An entry that matches
//! nothing is an error: a decision that silently does nothing is worse than none. One for a schema that is still to come
//! stands in `[next]`, and waits; so does one whose field, type or value was there and is gone. Must not know what is
//! decided.

mod matching;
mod next;
mod text;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::lock::{Answers, Lock};
use crate::{Error, SourceFile};
pub use matching::Targets;
pub(crate) use matching::{unused, without_keyword, without_text};
pub use next::{Next, NextAccept};
pub use text::accepted_everywhere;
pub(crate) use text::standing;

/// The decisions for one model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// `[names]`: the readable name of a field, by its wire key; in nested objects, by a path such as `camera/lens`.
    pub names: BTreeMap<String, String>,
    /// `[type_names]`: the Rust name of a type, by the path of the field it is the type of, or of a union's form, such as
    /// `image_size<object>`.
    pub type_names: BTreeMap<String, String>,
    /// `[variants.<Type>]`: the variant of an enum's value or a union's form, by the name of the type and the value, or what
    /// `names.lock` knows the form by.
    pub variants: BTreeMap<String, BTreeMap<String, String>>,
    /// `[moved]` and `[moved.<Type>]`: the wire key that a locked field has now, by the names of its type and its own;
    /// empty if it was removed. The answer to a stop. Fields of the whole input stand under `Input`.
    #[serde(deserialize_with = "text::by_owner")]
    pub moved: BTreeMap<String, Answers>,
    /// `[aliases.<Type>]`: the name a field had, and the one it has now. The old one stays as a deprecated setter and is
    /// still read.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// `[types]`: what a field of the input really is, where the published type is wrong, by its wire key or path.
    pub types: BTreeMap<String, Correction>,
    /// `[accept]`: what is left unchecked knowingly.
    pub accept: Accept,
    /// `[next]`: which of all these are for a schema that is still to come.
    pub next: Next,
}

/// The type that a field really has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Correction {
    /// `true` or `false`
    Boolean,
    /// A whole number
    Integer,
    /// Any number
    Number,
    /// A text
    String,
    /// A list
    Array,
    /// An object
    Object,
    /// A picture, or a list of them where the published type is a list
    Image,
    /// A film, or a list of them
    Video,
    /// A sound, or a list of them
    Audio,
}

impl Correction {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

/// What is left unchecked knowingly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Keywords of the schemas that nothing here knows.
    pub keywords: BTreeSet<String>,
    /// Where typify reads a schema differently and a person has found our reading right: `input.json#/properties/size`.
    pub second_opinion: BTreeSet<String>,
    /// Names and values that look like sentences and that a person has found to be facts, word by word: `sync --facts-only`
    /// takes them.
    pub texts: BTreeSet<String>,
}

impl Overrides {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`](crate::ErrorKind::Toml) with the line: not TOML, or a table that there is not.
    pub fn parse(file: &SourceFile) -> Result<Self, Error> {
        let tables = "the tables are [names], [type_names], [variants.<Type>], [moved], [aliases.<Type>], [types] and [accept], \
                      and all but [moved] below [next] for schemas that are still to come";
        text::read::<Self>(file, tables)?.with_next().map_err(|error| error.of("", &file.path))
    }

    /// The name that the field at a path gets, unless the lock says that the line was written for another field.
    #[must_use]
    pub fn name_at(&self, path: &str, lock: Option<&Lock>) -> Option<&str> {
        let (path, name) = self.names.get_key_value(path)?;
        let mut locked = lock.into_iter().flat_map(|lock| &lock.fields);
        let is_spent = locked.any(|field| field.applied.named.as_ref() == Some(path) && field.json == *name);
        (!is_spent).then_some(name.as_str())
    }

    /// The type that the field at a path gets, unless the lock says that the line was written for another field.
    #[must_use]
    pub fn type_at(&self, path: &str, lock: Option<&Lock>) -> Option<Correction> {
        let correction = *self.types.get(path)?;
        let corrected =
            lock.into_iter().flat_map(|lock| &lock.fields).filter_map(|field| field.applied.corrected.as_ref());
        let is_spent = corrected.into_iter().any(|entry| entry.path == path && entry.kind == correction.name());
        (!is_spent).then_some(correction)
    }
}

#[cfg(test)]
mod tests;
