//! Nodes: a document of any serde format as a tree. Keeps the order of properties and those that are given twice, which
//! readers report; keeps integers exact. Must not know tables or types.

use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::number::Number;
use super::path::MAX_DEPTH;
use super::value::{AsValue, Entries, Extra, Value};
use crate::Json;

/// A value that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// Null, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An integer above `i64::MAX`.
    UInt(u64),
    /// Any other number. Integers beyond 64 bits become the nearest float.
    Float(f64),
    /// A text.
    Str(String),
    /// A list.
    List(Vec<Node>),
    /// An object: its properties in their order, repeated ones included.
    Map(Vec<(String, Node)>),
}

/// The key under which `serde_json` hands over numbers if some crate of the program turned on `arbitrary_precision`.
const NUMBER_KEY: &str = "$serde_json::private::Number";

impl Node {
    /// Takes JSON apart; `None` if it nests deeper than an input may.
    pub(crate) fn from_json(json: Json) -> Option<Self> {
        Self::from_json_at(json, 0)
    }

    fn from_json_at(json: Json, depth: usize) -> Option<Self> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match json {
            Json::Null => Self::Null,
            Json::Bool(bool) => Self::Bool(bool),
            Json::Number(number) => Number::from_json(&number).into(),
            Json::String(text) => Self::Str(text),
            Json::Array(items) => {
                Self::List(items.into_iter().map(|item| Self::from_json_at(item, depth + 1)).collect::<Option<_>>()?)
            }
            Json::Object(entries) => {
                let node = |(name, value)| Some((name, Self::from_json_at(value, depth + 1)?));
                Self::Map(entries.into_iter().map(node).collect::<Option<_>>()?)
            }
        })
    }

    /// The node as JSON: of repeated properties the last, for numbers that are not finite null.
    pub fn into_json(self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Bool(bool) => bool.into(),
            Self::Int(int) => int.into(),
            Self::UInt(int) => int.into(),
            Self::Float(float) => float.into(),
            Self::Str(text) => text.into(),
            Self::List(items) => items.into_iter().map(Self::into_json).collect(),
            Self::Map(entries) => {
                entries.into_iter().map(|(name, node)| (name, node.into_json())).collect::<Extra>().into()
            }
        }
    }

    /// A number from its JSON text.
    fn from_number_text(text: &str) -> Option<Self> {
        if let Ok(int) = text.parse() {
            Some(Self::Int(int))
        } else if let Ok(int) = text.parse() {
            Some(Self::UInt(int))
        } else {
            text.parse().ok().map(Self::Float)
        }
    }
}

impl From<Number> for Node {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(int) => Self::Int(int),
            Number::UInt(int) => i64::try_from(int).map_or(Self::UInt(int), Self::Int),
            Number::Float(float) => Self::Float(float),
        }
    }
}

impl AsValue for Node {
    fn as_value(&self) -> Value<'_> {
        match self {
            Self::Null => Value::Null,
            Self::Bool(bool) => Value::Bool(*bool),
            Self::Int(int) => Value::Int(*int),
            Self::UInt(int) => Value::UInt(*int),
            Self::Float(float) => Value::Float(*float),
            Self::Str(text) => Value::Str(text),
            Self::List(items) => Value::List(items),
            Self::Map(entries) => Value::Map(entries),
        }
    }
}

impl Entries for Vec<(String, Node)> {
    fn count(&self) -> usize {
        self.len()
    }

    fn each(&self, see: &mut dyn FnMut(&str, Value<'_>)) {
        self.iter().for_each(|(name, node)| see(name, node.as_value()));
    }

    fn entry(&self, name: &str) -> Value<'_> {
        self.iter().find(|(own, _)| own == name).map_or(Value::Absent, |(_, node)| node.as_value())
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        NodeVisitor { depth: 0 }.deserialize(deserializer)
    }
}

/// Builds a node and counts how deep it is in, for not every format has a limit of its own.
#[derive(Clone, Copy)]
struct NodeVisitor {
    depth: usize,
}

impl NodeVisitor {
    fn deeper<E: Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if depth > MAX_DEPTH {
            return Err(E::custom(format_args!("nests too deep, allowed {MAX_DEPTH} levels")));
        }
        Ok(Self { depth })
    }
}

impl<'de> DeserializeSeed<'de> for NodeVisitor {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of JSON")
    }

    fn visit_bool<E>(self, bool: bool) -> Result<Node, E> {
        Ok(Node::Bool(bool))
    }

    fn visit_i64<E>(self, int: i64) -> Result<Node, E> {
        Ok(Node::Int(int))
    }

    fn visit_u64<E>(self, int: u64) -> Result<Node, E> {
        Ok(Number::UInt(int).into())
    }

    fn visit_i128<E>(self, int: i128) -> Result<Node, E> {
        let small = i64::try_from(int).map(Node::Int).or_else(|_| u64::try_from(int).map(Node::UInt));
        Ok(small.unwrap_or(Node::Float(int as f64)))
    }

    fn visit_u128<E>(self, int: u128) -> Result<Node, E> {
        Ok(u64::try_from(int).map_or(Node::Float(int as f64), |int| Number::UInt(int).into()))
    }

    fn visit_f64<E>(self, float: f64) -> Result<Node, E> {
        Ok(Node::Float(float))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Str(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Node, E> {
        Ok(Node::Str(text))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Node, A::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = list.next_element_seed(inner)? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let inner = self.deeper()?;
        let mut entries = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = map.next_value_seed(inner)?;
            entries.push((name, value));
        }
        match entries.as_slice() {
            [(name, Node::Str(text))] if name == NUMBER_KEY => {
                Node::from_number_text(text).ok_or_else(|| A::Error::custom("not a number"))
            }
            _ => Ok(Node::Map(entries)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn node(text: &str) -> Node {
        serde_json::from_str(text).expect("the text is JSON")
    }

    #[test]
    fn integers_stay_exact_and_properties_keep_their_order_and_number() {
        let node = node(r#"{"b": [-9223372036854775808, 18446744073709551615, 1.0], "a": null, "b": "x"}"#);
        let b = Node::List(vec![Node::Int(i64::MIN), Node::UInt(u64::MAX), Node::Float(1.0)]);
        let entries = [("b", b), ("a", Node::Null), ("b", Node::Str("x".to_owned()))];
        assert_eq!(node, Node::Map(entries.map(|(name, node)| (name.to_owned(), node)).to_vec()));
    }

    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        let number = |text: &str| node(&format!("{{\"{NUMBER_KEY}\": \"{text}\"}}"));
        assert_eq!(number("18446744073709551615"), Node::UInt(u64::MAX));
        assert_eq!(number("-1"), Node::Int(-1));
        assert_eq!(number("1.5e3"), Node::Float(1500.0));
    }

    #[test]
    fn depth_is_limited_whatever_the_source() {
        let nested = |depth| (0..depth).fold(json!(null), |inner, _| json!([inner]));
        assert!(Node::from_json(nested(MAX_DEPTH)).is_some());
        assert!(Node::from_json(nested(MAX_DEPTH + 1)).is_none());
        assert!(serde_json::from_value::<Node>(nested(MAX_DEPTH)).is_ok());
        assert!(serde_json::from_value::<Node>(nested(MAX_DEPTH + 1)).is_err());
    }
}
