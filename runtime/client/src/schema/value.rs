//! Values: what the walkers (check, write, compare) see of an input. In: Rust values through [`AsValue`]. Out: a small
//! borrowed view of them. Must not know rules or formats, nor how values are read.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::number::Number;
use super::table::Table;
use crate::Json;
use crate::media::MediaForm;

/// The entries an input carries beyond its fields.
pub type Extra = serde_json::Map<String, Json>;

/// A view of a value.
#[derive(Clone, Copy)]
pub enum Value<'a> {
    /// Not set, and so not sent.
    Absent,
    /// An explicit null.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer.
    UInt(u64),
    /// A float; may be NaN or infinite.
    Float(f64),
    /// A text.
    Str(&'a str),
    /// A media source, and what it was made as.
    Media(MediaForm, &'a str),
    /// A list.
    List(&'a dyn List),
    /// A struct with a field table.
    Object(&'a dyn Object),
    /// A map from names to values.
    Map(&'a dyn Entries),
    /// Untyped JSON.
    Json(&'a Json),
}

/// A struct with a field table.
pub trait Object: Debug {
    /// The fields.
    fn table(&self) -> &'static Table;

    /// Shows the values of the fields, in the order of the table, to `see`, once.
    fn values(&self, see: &mut dyn FnMut(&[Value<'_>]));

    /// The entries beyond the fields, if the struct has room for them.
    fn extra(&self) -> Option<&Extra> {
        None
    }
}

/// A list of values.
pub trait List {
    /// How many items there are.
    fn count(&self) -> usize;

    /// The item at `index`; [`Value::Absent`] beyond the end, and nowhere else.
    fn item(&self, index: usize) -> Value<'_>;
}

/// A map from names to values.
pub trait Entries {
    /// How many entries there are.
    fn count(&self) -> usize;

    /// Shows each entry to `see`.
    fn each(&self, see: &mut dyn FnMut(&str, Value<'_>));

    /// The entry of this name; [`Value::Absent`] if there is none, and only then.
    fn entry(&self, name: &str) -> Value<'_>;
}

/// A Rust value that can be viewed as a [`Value`].
pub trait AsValue {
    /// The view.
    fn as_value(&self) -> Value<'_>;
}

impl<'a> Value<'a> {
    /// The value with untyped JSON taken apart by one level.
    pub(crate) fn opened(self) -> Self {
        match self {
            Self::Json(Json::Null) => Self::Null,
            Self::Json(Json::Bool(bool)) => Self::Bool(*bool),
            Self::Json(Json::Number(number)) => Number::from_json(number).into(),
            Self::Json(Json::String(text)) => Self::Str(text),
            Self::Json(Json::Array(items)) => Self::List(items),
            Self::Json(Json::Object(entries)) => Self::Map(entries),
            other => other,
        }
    }

    /// The value, an absent one as null: so where something must stand, as in lists and for required fields.
    pub(crate) fn or_null(self) -> Self {
        match self {
            Self::Absent => Self::Null,
            value => value,
        }
    }

    pub(crate) fn is_absent(self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(crate) fn number(self) -> Option<Number> {
        match self {
            Self::Int(int) => Some(Number::Int(int)),
            Self::UInt(int) => Some(Number::UInt(int)),
            Self::Float(float) => Some(Number::Float(float)),
            _ => None,
        }
    }

    /// What it was made as, if it is media.
    pub(crate) fn form(self) -> MediaForm {
        match self {
            Self::Media(form, _) => form,
            _ => MediaForm::Any,
        }
    }

    pub(crate) fn text(self) -> Option<&'a str> {
        match self {
            Self::Str(text) | Self::Media(_, text) => Some(text),
            _ => None,
        }
    }
}

impl From<Number> for Value<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(int) => Self::Int(int),
            Number::UInt(int) => Self::UInt(int),
            Number::Float(float) => Self::Float(float),
        }
    }
}

impl Number {
    /// Exact for integers of 64 bits; other numbers become the nearest float, NaN if there is none.
    pub(crate) fn from_json(number: &serde_json::Number) -> Self {
        if let Some(int) = number.as_i64() {
            Self::Int(int)
        } else if let Some(int) = number.as_u64() {
            Self::UInt(int)
        } else {
            Self::Float(number.as_f64().unwrap_or(f64::NAN))
        }
    }
}

impl dyn Object + '_ {
    /// What `look` makes of the fields' values; required ones are never absent. `None` if the object shows nothing,
    /// which no generated one does.
    pub(crate) fn look<R>(&self, look: impl FnOnce(&Table, &[Value<'_>]) -> R) -> Option<R> {
        let (mut look, mut result) = (Some(look), None);
        self.values(&mut |values| result = look.take().map(|look| look(self.table(), values)));
        result
    }
}

macro_rules! scalars {
    ($($type:ty => $variant:ident),*) => {$(
        impl AsValue for $type {
            #[inline]
            fn as_value(&self) -> Value<'_> {
                Value::$variant(*self)
            }
        }
    )*};
}
scalars!(bool => Bool, i64 => Int, u64 => UInt, f64 => Float);

impl AsValue for String {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl AsValue for Json {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        Value::Json(self)
    }
}

impl<T: AsValue> AsValue for Box<T> {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        (**self).as_value()
    }
}

/// `None` is absent; in an option of an option, the inner `None` is null.
impl<T: AsValue> AsValue for Option<T> {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        match self {
            None => Value::Absent,
            Some(value) => value.as_value().or_null(),
        }
    }
}

impl<T: AsValue> AsValue for Vec<T> {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        Value::List(self)
    }
}

impl<T: AsValue> List for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn item(&self, index: usize) -> Value<'_> {
        self.get(index).map_or(Value::Absent, |item| item.as_value().or_null())
    }
}

impl<T: AsValue> AsValue for BTreeMap<String, T> {
    #[inline]
    fn as_value(&self) -> Value<'_> {
        Value::Map(self)
    }
}

impl<T: AsValue> Entries for BTreeMap<String, T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn each(&self, see: &mut dyn FnMut(&str, Value<'_>)) {
        self.iter().for_each(|(name, value)| see(name, value.as_value().or_null()));
    }

    fn entry(&self, name: &str) -> Value<'_> {
        self.get(name).map_or(Value::Absent, |value| value.as_value().or_null())
    }
}

impl Entries for Extra {
    fn count(&self) -> usize {
        self.len()
    }

    fn each(&self, see: &mut dyn FnMut(&str, Value<'_>)) {
        self.iter().for_each(|(name, value)| see(name, Value::Json(value)));
    }

    fn entry(&self, name: &str) -> Value<'_> {
        self.get(name).map_or(Value::Absent, Value::Json)
    }
}

macro_rules! tuples {
    ($($count:literal: $($type:ident $index:tt),*;)*) => {$(
        impl<$($type: AsValue),*> AsValue for ($($type,)*) {
            #[inline]
            fn as_value(&self) -> Value<'_> {
                Value::List(self)
            }
        }

        impl<$($type: AsValue),*> List for ($($type,)*) {
            fn count(&self) -> usize {
                $count
            }

            fn item(&self, index: usize) -> Value<'_> {
                match index {
                    $($index => self.$index.as_value().or_null(),)*
                    _ => Value::Absent,
                }
            }
        }
    )*};
}
tuples! {
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
    5: A 0, B 1, C 2, D 3, E 4;
    6: A 0, B 1, C 2, D 3, E 4, F 5;
    7: A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}
