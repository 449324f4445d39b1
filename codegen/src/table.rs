//! What the table of an object holds: the named representation in, fields, rules, numbers and constants as the runtime has
//! them out. There are two ways on from here, which both match on every kind of rule: tokens, in [`emit`](crate::emit), and
//! values in memory, in the package `runcomfy-live`. Must not know how either is written.

use serde_json::Number as JsonNumber;
use serde_json::Value;

use crate::ir::{Extra, Field, Rule, Ty, Type, TypeKind};

/// Samples of the playground longer than this many characters are cut, in docs and in the field table.
const MAX_SAMPLE: usize = 160;

/// The table of one object.
#[derive(Clone, Debug)]
pub struct Table<'t> {
    /// The fields, in order.
    pub fields: Vec<Entry<'t>>,
    /// Rules for the object as a whole.
    pub rules: &'t [Rule],
    /// Whether keys that are not in the table are fine.
    pub open: bool,
    /// Whether an open table is that of an input.
    pub strict: bool,
}

/// One field of a table.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The readable name.
    pub name: &'t str,
    /// The wire key.
    pub key: &'t str,
    /// Former readable names.
    pub aliases: Vec<&'t str>,
    /// The published title; may be empty.
    pub title: &'t str,
    /// The published description; may be empty.
    pub description: &'t str,
    /// Whether it must be given.
    pub required: bool,
    /// The published default, as JSON text; of a sample only the beginning.
    pub default: Option<String>,
    /// What a value must keep.
    pub rules: &'t [Rule],
}

impl<'t> Table<'t> {
    /// The table of a type; `None` for types that have none, such as enums.
    #[must_use]
    pub fn of(of: &'t Type) -> Option<Self> {
        let (object, is_part) = match &of.kind {
            TypeKind::Object(object) => (object, false),
            TypeKind::Table(object) => (object, true),
            TypeKind::Choice(_) | TypeKind::Union(_) => return None,
        };
        Some(Self {
            fields: object.fields.iter().map(Entry::of).collect(),
            rules: &object.rules,
            open: is_part || matches!(object.extra, Extra::Open | Extra::Beside),
            strict: !is_part && object.extra == Extra::Beside,
        })
    }
}

impl<'t> Entry<'t> {
    fn of(field: &'t Field) -> Self {
        Self {
            name: &field.json,
            key: &field.key,
            aliases: field.aliases.iter().map(|alias| alias.json.as_str()).collect(),
            title: &field.title,
            description: &field.description,
            required: field.required,
            default: default(field).map(|default| default.to_string()),
            rules: &field.rules,
        }
    }
}

/// Whether the published default is a sample of the playground: nobody wants it in a job of theirs.
pub(crate) fn is_sample(field: &Field) -> bool {
    matches!(field.ty, Ty::Media(_)) || (field.required && field.ty == Ty::Text)
}

/// The published default as people need it: of a sample, the beginning says enough.
pub(crate) fn default(field: &Field) -> Option<Value> {
    let default = field.default.as_ref()?;
    match default {
        Value::String(text) if is_sample(field) && text.chars().count() > MAX_SAMPLE => {
            Some(Value::String(text.chars().take(MAX_SAMPLE).chain(['…']).collect()))
        }
        whole => Some(whole.clone()),
    }
}

/// A number, by the variant of the runtime's type that holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// `Int`
    Int(i64),
    /// `UInt`, for what is above `i64::MAX`
    UInt(u64),
    /// `Float`
    Float(f64),
}

impl Number {
    /// The number that JSON has.
    #[must_use]
    pub fn of(number: &JsonNumber) -> Self {
        if let Some(int) = number.as_i64() {
            Self::Int(int)
        } else if let Some(int) = number.as_u64() {
            Self::UInt(int)
        } else {
            Self::Float(number.as_f64().unwrap_or_default())
        }
    }
}

/// A listed value, by the variant of the runtime's type that holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant<'v> {
    /// `Null`
    Null,
    /// `Bool`
    Bool(bool),
    /// `Int`, `UInt` or `Float`
    Number(Number),
    /// `Str`
    Text(&'v str),
    /// `Json`: a list or an object, as text
    Composed(String),
}

impl<'v> Constant<'v> {
    /// The value that JSON has.
    #[must_use]
    pub fn of(value: &'v Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(boolean) => Self::Bool(*boolean),
            Value::Number(number) => Self::Number(Number::of(number)),
            Value::String(text) => Self::Text(text),
            composed => Self::Composed(composed.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_cut_and_a_default_is_not() {
        let text = "ü".repeat(200);
        let of = |required, ty| Field {
            name: "text".to_owned(),
            json: "text".to_owned(),
            aliases: Vec::new(),
            key: "7_text".to_owned(),
            title: String::new(),
            description: String::new(),
            required,
            default: Some(Value::String(text.clone())),
            ty,
            rules: Vec::new(),
            format: String::new(),
            fixed: None,
        };
        let cut = default(&of(true, Ty::Text)).expect("a default");
        assert_eq!(cut.as_str().map(|cut| (cut.chars().count(), cut.ends_with("ü…"))), Some((161, true)));
        assert_eq!(default(&of(false, Ty::Text)).as_ref().and_then(Value::as_str), Some(&*text));
    }
}
