//! The Rust types of values, as data: scalars, lists, maps, tuples, and types of the model by their place.

use serde::{Deserialize, Serialize};

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
    /// Whether one argument could be of either type, so that two of them are exchanged unnoticed.
    #[must_use]
    pub fn may_stand_for(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Nullable(inner), other) | (other, Self::Nullable(inner)) => inner.may_stand_for(other),
            (Self::Named(one) | Self::Boxed(one), Self::Named(other) | Self::Boxed(other)) => one == other,
            (Self::List(one), Self::List(other)) | (Self::Map(one), Self::Map(other)) => one.may_stand_for(other),
            // Any JSON is made of these, and a number written down is of either kind.
            (Self::Json, Self::Bool | Self::I64 | Self::U64 | Self::F64 | Self::Text)
            | (Self::Bool | Self::I64 | Self::U64 | Self::F64 | Self::Text, Self::Json)
            | (Self::I64, Self::U64)
            | (Self::U64, Self::I64) => true,
            _ => self == other,
        }
    }

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all(deserialize = "lowercase"))]
pub enum Media {
    /// A still picture
    Image,
    /// A film
    Video,
    /// A sound
    Audio,
}

impl Media {
    /// The word for it, in files and in docs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ty;

    #[test]
    fn two_arguments_that_compile_when_exchanged_may_stand_for_each_other() {
        let list = |of: Ty| Ty::List(Box::new(of));
        let null = |of: Ty| Ty::Nullable(Box::new(of));
        for (one, other, may) in [
            (Ty::Text, Ty::Text, true),
            (Ty::Text, null(Ty::Text), true),
            (Ty::Text, Ty::Json, true),
            (Ty::I64, Ty::U64, true),
            (Ty::I64, Ty::F64, false),
            (Ty::Named(3), Ty::Boxed(3), true),
            (Ty::Named(3), Ty::Named(4), false),
            (list(Ty::Named(3)), list(Ty::Named(3)), true),
            (list(Ty::Text), list(Ty::I64), false),
            (list(Ty::Text), Ty::Text, false),
        ] {
            assert_eq!((one.may_stand_for(&other), other.may_stand_for(&one)), (may, may), "{one:?}, {other:?}");
        }
    }
}
