//! `names.lock`: what it holds. Reading a text into a [`Lock`] is `read`, writing it is `render`. Must not know schemas.
//!
//! The fields of a type stand in the order of its struct: that of the first published schema, later ones appended.
//! Nothing is ever dropped from a lock: what is gone stays as `retired`, so that its name is not given to another.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::answer::Answer;
use super::field::Field;

/// The name of a model's root object, which needs no `type` in the file.
pub const ROOT: &str = "Input";

/// The names of one model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// The names of each struct's required fields, in the order of `new`'s parameters. Types without any are absent.
    pub required: BTreeMap<String, Vec<String>>,
    /// All fields, retired ones included: struct after struct, in struct order.
    pub fields: Vec<LockedField>,
}

/// One field, or one form of a union, and all names that come with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedField {
    /// The struct or the union it belongs to; [`ROOT`] for the model's own fields.
    pub owner: String,
    /// The Rust name.
    pub name: String,
    /// The name in stored inputs: the Rust name without a keyword's `_`.
    pub json: String,
    /// Names it had before an override renamed it. They are not given to others either.
    pub former: Vec<String>,
    /// What it is recognised by. The values of the definition are those of `values` that aren't retired.
    pub field: Field,
    /// The types that were made for it: structs and enums.
    pub types: Vec<LockedType>,
    /// Its enum values, in the order in which they were first published.
    pub values: Vec<LockedValue>,
    /// What `overrides.toml` decided about it.
    pub applied: Applied,
    /// Whether it is gone from the schema.
    pub retired: bool,
}

/// The lines of `overrides.toml` that were applied to a field and still stand there. They go by keys, which belong to
/// other fields after the next renumbering; what the lock remembers is bound to its field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The path that `[names]` names it by; of a form, what `[variants]` does.
    pub named: Option<String>,
    /// The entry of `[types]` that corrects its type. The definition in the lock is the published one.
    pub corrected: Option<Corrected>,
    /// The answer of `[moved]`.
    pub moved: Option<Answer>,
}

/// An entry of `[types]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrected {
    /// The path that it was written for.
    pub path: String,
    /// The type.
    #[serde(rename = "type")]
    pub kind: String,
}

/// A type that was made for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedType {
    /// Where inside the field, as the caller counts: empty for the field's own value, `/items` for those of an array.
    pub at: String,
    /// The Rust name.
    pub name: String,
    /// The path that `[type_names]` of `overrides.toml` names it by; see [`Applied`].
    pub named: Option<String>,
    /// Whether the field doesn't need the type any more.
    pub retired: bool,
}

/// One of the values a field lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockedValue {
    /// Where inside the field; see [`LockedType::at`].
    pub at: String,
    /// The value itself, which is its identity: a string as it is, anything else as JSON text.
    pub text: String,
    /// The Rust variant; `None` where values have no names, as with integers.
    pub variant: Option<String>,
    /// Whether it is gone from the schema.
    pub retired: bool,
}

impl Lock {
    /// The fields of one struct, retired ones included, in struct order.
    pub fn fields_of<'a>(&'a self, owner: &str) -> impl Iterator<Item = &'a LockedField> {
        self.all_of(owner).filter(|field| !field.is_form())
    }

    /// The forms of one union, retired ones included, in the order of the enum.
    pub fn forms_of<'a>(&'a self, owner: &str) -> impl Iterator<Item = &'a LockedField> {
        self.all_of(owner).filter(|field| field.is_form())
    }

    /// The types that have fields or forms here, or had some.
    pub fn owners(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|field| field.owner.as_str())
    }

    /// The fields and the forms of one type: it has both where it was a struct once and a union another time.
    pub(super) fn all_of<'a>(&'a self, owner: &str) -> impl Iterator<Item = &'a LockedField> {
        self.fields.iter().filter(move |field| field.owner == owner)
    }

    /// The path that `[type_names]` names a type by.
    pub(crate) fn line_of_type(&self, name: &str) -> Option<&str> {
        let mut made = self.fields.iter().flat_map(|field| &field.types);
        made.find_map(|made| made.named.as_deref().filter(|_| made.name == name))
    }

    /// All names that were ever given to a type of this model and are not free for another.
    pub fn type_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().flat_map(|field| field.types.iter().map(|made| made.name.as_str()))
    }
}

impl LockedField {
    /// Whether it is a form of a union, which is named like a type. Names of fields begin with a small letter or `_`.
    fn is_form(&self) -> bool {
        self.name.starts_with(|first: char| first.is_ascii_uppercase())
    }

    /// The locked variant of a value, which may be a retired one that came back.
    #[must_use]
    pub fn variant(&self, at: &str, text: &str) -> Option<&str> {
        self.values.iter().find(|value| value.at == at && value.text == text)?.variant.as_deref()
    }

    /// The locked name of the type made at a place inside the field, in use or retired.
    #[must_use]
    pub fn type_name(&self, at: &str) -> Option<&str> {
        self.types.iter().find(|made| made.at == at).map(|made| made.name.as_str())
    }
}

#[cfg(test)]
mod tests;
