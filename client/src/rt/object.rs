//! Macros: the impls that generated types share, so that generated code has none of them spelled out. In: a type with
//! the few methods that tell it apart. Out: its standard traits, each a call to code that is not generic.

use super::node::Node;
use super::read::Place;
use crate::choice::{UnknownChoice, UnknownValue};
use crate::invalid::ViolationKind;

/// `object!(Type, TABLE)` for a struct that is an [`Object`](super::Object): `Debug`, `PartialEq`, `Serialize`,
/// `Deserialize`, [`AsValue`](super::AsValue), [`FromValue`](super::FromValue).
#[doc(hidden)]
#[macro_export]
macro_rules! __object {
    ($type:ident, $table:path) => {
        impl ::core::fmt::Debug for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::rt::debug_object(::core::stringify!($type), self, f)
            }
        }

        impl ::core::cmp::PartialEq for $type {
            fn eq(&self, other: &Self) -> bool {
                $crate::rt::same_object(self, other)
            }
        }

        impl $crate::rt::serde::Serialize for $type {
            #[inline]
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::rt::serialize_object(self, serializer)
            }
        }

        impl<'de> $crate::rt::serde::Deserialize<'de> for $type {
            #[inline]
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::rt::deserialize_object(deserializer)
            }
        }

        impl $crate::rt::AsValue for $type {
            #[inline]
            fn as_value(&self) -> $crate::rt::Value<'_> {
                $crate::rt::Value::Object(self)
            }
        }

        impl $crate::rt::FromValue for $type {
            #[inline]
            fn from_node(node: $crate::rt::Node, place: &mut $crate::rt::Place<'_>) -> ::core::option::Option<Self> {
                $crate::rt::read_object(&$table, node, place)
            }
        }
    };
}

/// `choice!(Type)` for a closed enum of texts with `ALL` and `as_str(self)`: `Display`, `FromStr`, `Serialize`, `Deserialize`,
/// [`AsValue`](super::AsValue), [`FromValue`](super::FromValue), [`StandIn`](super::StandIn).
#[doc(hidden)]
#[macro_export]
macro_rules! __choice {
    ($type:ident) => {
        $crate::__text_enum!($type);

        impl ::core::str::FromStr for $type {
            type Err = $crate::UnknownChoice;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|value| value.as_str() == text);
                found.ok_or_else(|| $crate::rt::unknown_choice(text, &mut Self::ALL.iter().map(|value| value.as_str())))
            }
        }

        impl<'de> $crate::rt::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::rt::serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err($crate::rt::serde::de::Error::custom)
            }
        }

        impl $crate::rt::FromValue for $type {
            fn from_node(node: $crate::rt::Node, place: &mut $crate::rt::Place<'_>) -> ::core::option::Option<Self> {
                match $crate::rt::read_text(node, place)?.parse() {
                    ::core::result::Result::Ok(value) => ::core::option::Option::Some(value),
                    ::core::result::Result::Err(error) => $crate::rt::refuse_choice(&error, place),
                }
            }
        }

        impl $crate::rt::StandIn for $type {
            fn stand_in() -> Self {
                const FIRST: $type = $type::ALL[0];
                FIRST
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

        impl ::core::convert::From<&str> for $type {
            fn from(text: &str) -> Self {
                let found = Self::ALL.iter().find(|value| value.as_str() == text);
                found.cloned().unwrap_or_else(|| Self::Unknown($crate::rt::unknown_value(text)))
            }
        }

        impl ::core::str::FromStr for $type {
            type Err = ::core::convert::Infallible;

            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(text.into())
            }
        }

        impl<'de> $crate::rt::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::rt::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::rt::serde::Deserialize>::deserialize(deserializer)?;
                ::core::result::Result::Ok(text.as_str().into())
            }
        }

        impl $crate::rt::FromValue for $type {
            fn from_node(node: $crate::rt::Node, place: &mut $crate::rt::Place<'_>) -> ::core::option::Option<Self> {
                $crate::rt::read_text(node, place).map(|text| text.as_str().into())
            }
        }

        impl $crate::rt::StandIn for $type {
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
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::rt::serde::Serialize for $type {
            fn serialize<S: $crate::rt::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
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

/// `union!(Type)` for a type that has serde's traits: [`AsValue`](super::AsValue), [`FromValue`](super::FromValue).
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($type:ident) => {
        impl $crate::rt::AsValue for $type {
            #[inline]
            fn as_value(&self) -> $crate::rt::Value<'_> {
                $crate::rt::Value::Typed(self)
            }
        }

        impl $crate::rt::FromValue for $type {
            fn from_node(node: $crate::rt::Node, place: &mut $crate::rt::Place<'_>) -> ::core::option::Option<Self> {
                $crate::rt::read_typed(node, place)
            }
        }
    };
}

/// The error for a text that is not one of an enum's values.
pub fn unknown_choice(given: &str, allowed: &mut dyn Iterator<Item = &'static str>) -> UnknownChoice {
    UnknownChoice::new(given, allowed.collect())
}

/// A value of an open enum that has no variant.
pub fn unknown_value(text: &str) -> UnknownValue {
    UnknownValue::new(text)
}

/// Reads a text; `None` after telling `place` that it is not one.
pub fn read_text(node: Node, place: &mut Place<'_>) -> Option<String> {
    super::FromValue::from_node(node, place)
}

/// Tells `place` that a text is not one of an enum's values.
pub fn refuse_choice<T>(error: &UnknownChoice, place: &mut Place<'_>) -> Option<T> {
    let given = Node::Str(error.given().to_owned());
    place.refuse(ViolationKind::Value, &given, &error.allowed_text())
}
