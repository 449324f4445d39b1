//! The Rust types of values, as data: scalars, lists, maps, tuples, and types of the model by their place.

use serde::Serialize;

use super::TypeId;

/// The Rust type of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Ty {
    /// `bool`
    Bool,
    /// `i64`
    I64,
    /// `u64`
    U64,
    /// `f64`
    F64,
    /// `String`
    Text,
    /// `ImageInput` and the like
    Media(Media),
    /// Any JSON value
    Json,
    /// `Vec<_>`
    List(Box<Ty>),
    /// `BTreeMap<String, _>`
    Map(Box<Ty>),
    /// `(_, _)`
    Tuple(Vec<Ty>),
    /// One of the model's own types
    Named(TypeId),
    /// One of the model's own types, which contains itself
    Boxed(TypeId),
    /// `Option<_>` for `null`
    Nullable(Box<Ty>),
}

impl Ty {
    /// The named types in it, each with its place: empty for the value itself, `/items` for those of a list.
    #[must_use]
    pub fn places(&self) -> Vec<(String, TypeId)> {
        let below = |part: &str, ty: &Self| -> Vec<(String, TypeId)> {
            ty.places().into_iter().map(|(at, id)| (format!("/{part}{at}"), id)).collect()
        };
        match self {
            Self::Named(id) | Self::Boxed(id) => vec![(String::new(), *id)],
            Self::Nullable(inner) => inner.places(),
            Self::List(items) => below("items", items),
            Self::Map(values) => below("additionalProperties", values),
            Self::Tuple(parts) => {
                parts.iter().enumerate().flat_map(|(at, part)| below(&format!("prefixItems/{at}"), part)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// The kinds of media inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Media {
    /// A still picture
    Image,
    /// A film
    Video,
    /// A sound
    Audio,
}
