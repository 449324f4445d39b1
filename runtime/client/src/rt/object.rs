//! Macros: the impls that generated types share, so that generated code has none of them spelled out. In: a type with
//! the few methods that tell it apart. Out: its standard traits, each a call to code that is not generic.

use std::fmt::Display;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer};

use crate::choice::{UnknownChoice, UnknownValue};
use crate::invalid::ViolationKind;
use crate::schema::describe::Given;
use crate::schema::node::Node;
use crate::schema::place::Place;
use crate::schema::value::Value;

/// `object!(Type, TABLE)` for a struct that is an [`Object`](super::Object): `Debug`, `PartialEq`, `Serialize`,
/// `Deserialize`, [`AsValue`](super::AsValue), [`FromValue`](super::FromValue); with the feature `schemars` also `JsonSchema`.
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident, $table:path) => {
        $crate::__json_schema!($type, $table);
        $crate::__stored!($type, $crate::rt::deserialize_object, |node, place| $crate::rt::read_object(
            &$table, node, place
        ));

        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug_object(::core::stringify!($type), self, f)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::rt::same_object(self, other)
            }
        }

        impl $crate::rt::AsValue for $type {
            #[inline]
            fn as_value(&self) -> $crate::rt::Value<'_> {
                $crate::rt::Value::Object(self)
            }
        }
    };
}

/// What all generated types have in common: `Serialize` by their [`AsValue`](super::AsValue), `Deserialize` by
/// the function that is given, [`FromValue`](super::FromValue) by the expression.
#[doc(hidden)]
#[macro_export]
macro_rules! __stored {
    ($type:ident, $deserialize:path, |$node:ident, $place:ident| $read:expr) => {
        impl $crate::rt::serde::Serialize for $type {
            #[inline]
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize_value($crate::rt::AsValue::as_value(self), serializer)
            }
        }

        impl<'de> $crate::rt::serde::Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $deserialize(deserializer)
            }
        }

        impl $crate::rt::FromValue for $type {
            #[inline]
            fn from_node($node: $crate::rt::Node, $place: &mut $crate::rt::Place<'_>) -> ::core::option::Option<Self> {
                $read
            }
        }
    };
}

/// Without the feature `schemars`, objects have no JSON Schema.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($type:ident, $table:path) => {};
}

/// `choice!(Type)` for a closed enum of texts with `ALL` and `as_str(self)`: `Display`, `FromStr`, `Serialize`, `Deserialize`,
/// [`AsValue`](super::AsValue), [`FromValue`](super::FromValue), [`StandIn`](super::StandIn).
#[doc(hidden)]
#[macro_export]
macro_rules! __choice {
    ($type:ident) => {
        $crate::__text_enum!($type);

        const _: () = {
            /// One function of its own for all that is found by a text.
            #[inline]
            fn texts(place: usize) -> ::core::option::Option<&'static str> {
                if place < $type::ALL.len() {
                    ::core::option::Option::Some($type::ALL[place].as_str())
                } else {
                    ::core::option::Option::None
                }
            }

            $crate::__stored!($type, $crate::rt::deserialize_choice, |node, place| {
                let place = $crate::rt::read_choice(node, place, texts)?;
                ::core::option::Option::Some(Self::ALL[place])
            });

            impl ::core::str::FromStr for $type {
                type Err = $crate::UnknownChoice;

                #[inline]
                fn from_str(text: &str) -> ::core::result::Result<Self, $crate::UnknownChoice> {
                    let place = $crate::rt::choose(text, texts)?;
                    ::core::result::Result::Ok(Self::ALL[place])
                }
            }
        };

        impl $crate::rt::StandIn for $type {
            #[inline]
            fn stand_in() -> Self {
                Self::ALL[0]
            }
        }
    };
}

/// `open_choice!(Type)` for an enum of texts with `ALL` (the known values), `as_str(&self)` and the variant
/// `Unknown(UnknownValue)`: as `choice!`, and never refuses a text.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_choice {
    ($type:ident) => {
        $crate::__text_enum!($type);
        $crate::__stored!($type, $crate::rt::deserialize_choice, |node, place| $crate::rt::read_text(node, place)
            .map(|text| text.as_str().into()));

        impl ::core::convert::From<&str> for $type {
            #[inline]
            fn from(text: &str) -> Self {
                match $crate::rt::known(text, |place| Self::ALL.get(place).map(Self::as_str)) {
                    ::core::option::Option::Some(place) => Self::ALL[place].clone(),
                    ::core::option::Option::None => Self::Unknown($crate::rt::unknown_value(text)),
                }
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl $crate::rt::StandIn for $type {
            #[inline]
            fn stand_in() -> Self {
                "".into()
            }
        }
    };
}

/// What open and closed enums of texts have in common.
#[doc(hidden)]
#[macro_export]
macro_rules! __text_enum {
    ($type:ident) => {
        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::rt::AsValue for $type {
            #[inline]
            fn as_value(&self) -> $crate::rt::Value<'_> {
                $crate::rt::Value::Str(self.as_str())
            }
        }
    };
}

/// The texts of an enum's values by their places; `None` beyond the last.
pub type Texts = fn(usize) -> Option<&'static str>;

/// The place of a closed enum's value with this text.
///
/// # Errors
/// The text is not one of the values.
pub fn choose(text: &str, texts: Texts) -> Result<usize, UnknownChoice> {
    known(text, texts).ok_or_else(|| UnknownChoice::new(text, (0..).map_while(texts).collect()))
}

/// The place of an enum's value with this text, if there is one.
pub fn known(text: &str, texts: Texts) -> Option<usize> {
    (0..).map_while(texts).position(|known| known == text)
}

/// Reads an enum from any serde format.
///
/// # Errors
/// The format's error, or the text is not one of the values.
pub fn deserialize_choice<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
}

/// Reads the place of a closed enum's value; `None` after telling `place` what is wrong.
pub fn read_choice(node: Node, place: &mut Place<'_>, texts: Texts) -> Option<usize> {
    match choose(&read_text(node, place)?, texts) {
        Ok(found) => Some(found),
        Err(error) => {
            let given = Given(Value::Str(error.given())).to_string();
            place.fault(ViolationKind::Value, given, error.allowed_text(), error.hint());
            None
        }
    }
}

/// A value of an open enum that has no variant.
pub fn unknown_value(text: &str) -> UnknownValue {
    UnknownValue::new(text)
}

/// Reads a text; `None` after telling `place` that it is not one.
pub fn read_text(node: Node, place: &mut Place<'_>) -> Option<String> {
    super::FromValue::from_node(node, place)
}
