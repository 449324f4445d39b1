//! Reading of the types every table is made of. Must not know tables.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::read::StandIn;
use crate::Json;
use crate::invalid::ViolationKind;
use crate::schema::describe::Range;
use crate::schema::node::Node;
use crate::schema::number::Number;
use crate::schema::place::{FromValue, Place};
use crate::schema::rule::Rule;
use crate::schema::value::AsValue as _;

impl FromValue for bool {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        match node {
            Node::Bool(bool) => Some(bool),
            node => place.wrong_type(&node, "true or false"),
        }
    }
}

/// Takes `1.0` for `1`, as JSON Schema does.
impl FromValue for i64 {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        match node {
            Node::Int(int) => Some(int),
            Node::Float(float) if Number::Float(float).is_integer() && in_range(float, Self::MIN as f64) => {
                Some(float as Self)
            }
            node => place.no_integer(&node, (Number::Int(Self::MIN), Number::Int(Self::MAX)), "an integer"),
        }
    }
}

/// Takes `1.0` for `1`, as JSON Schema does.
impl FromValue for u64 {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        match node {
            Node::Int(int) if int >= 0 => Some(int.unsigned_abs()),
            Node::UInt(int) => Some(int),
            Node::Float(float) if Number::Float(float).is_integer() && (0.0..U64_END).contains(&float) => {
                Some(float as Self)
            }
            node => place.no_integer(&node, (Number::UInt(0), Number::UInt(Self::MAX)), "an integer from 0"),
        }
    }
}

impl Place<'_> {
    /// Reports a value that is no integer, or one beyond the ends of its Rust type. The field's own bounds are nearer.
    fn no_integer<T>(&mut self, node: &Node, (low, high): (Number, Number), allowed: &str) -> Option<T> {
        let Some(number) = node.as_value().number().filter(|number| number.is_integer()) else {
            return self.wrong_type(node, allowed);
        };
        let (kind, end) = match number.compare(low) {
            Some(Ordering::Less) => (ViolationKind::Minimum, Rule::Minimum(low)),
            _ => (ViolationKind::Maximum, Rule::Maximum(high)),
        };
        let bounds: Vec<Rule> = std::iter::once(end).chain(self.rules().iter().copied()).collect();
        self.refuse(kind, node, &Range(&bounds).to_string())
    }
}

/// 2^64, the first float above `u64`.
const U64_END: f64 = 18_446_744_073_709_551_616.0;

/// Whether a float is in the range of `i64`, whose ends are `low` and, exclusive, `-low`.
fn in_range(float: f64, low: f64) -> bool {
    (low..-low).contains(&float)
}

/// Integers that a float can't hold are refused: another number would be sent.
impl FromValue for f64 {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        const ALLOWED: &str = "a number that a 64-bit float can hold";
        match node {
            Node::Int(int) if int as Self as i128 == i128::from(int) => Some(int as Self),
            Node::UInt(int) if int as Self as i128 == i128::from(int) => Some(int as Self),
            Node::Int(_) | Node::UInt(_) => place.refuse(ViolationKind::Precision, &node, ALLOWED),
            Node::Float(float) => Some(float),
            node => place.wrong_type(&node, "a number"),
        }
    }
}

impl FromValue for String {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        match node {
            Node::Str(text) => Some(text),
            // The URL of a file, about which nothing else is said.
            Node::Map(entries) if place.is_forgiving() => match <[(String, Node); 1]>::try_from(entries) {
                Ok([(key, Node::Str(url))]) if key == "url" => Some(url),
                Ok(entries) => place.wrong_type(&Node::Map(entries.into()), "a string"),
                Err(entries) => place.wrong_type(&Node::Map(entries), "a string"),
            },
            node => place.wrong_type(&node, "a string"),
        }
    }
}

impl FromValue for Json {
    const NULLABLE: bool = true;

    fn from_node(node: Node, _: &mut Place<'_>) -> Option<Self> {
        Some(node.into_json())
    }
}

/// Null is the `None` of the innermost option.
impl<T: FromValue> FromValue for Option<T> {
    const OPTIONAL: bool = true;
    const NULLABLE: bool = T::OPTIONAL || T::NULLABLE;

    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        if !Self::NULLABLE && matches!(node, Node::Null) { Some(None) } else { Some(Some(T::from_node(node, place)?)) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromValue> FromValue for Box<T> {
    const OPTIONAL: bool = T::OPTIONAL;
    const NULLABLE: bool = T::NULLABLE;

    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        Some(Self::new(T::from_node(node, place)?))
    }

    fn absent() -> Option<Self> {
        Some(Self::new(T::absent()?))
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        let mut items = Self::new();
        let count = place.each_item(node, &mut |node, place| {
            if let Some(item) = T::from_node(node, place) {
                items.push(item);
            }
        })?;
        // First all of them, then the verdict: every item has its faults reported.
        if items.len() == count { Some(items) } else { None }
    }
}

impl Place<'_> {
    /// Shows the items of a list to `read`, with their places, and tells how many there are.
    fn each_item(&mut self, node: Node, read: &mut dyn FnMut(Node, &mut Place<'_>)) -> Option<usize> {
        let nodes = match node {
            Node::List(nodes) => nodes,
            node if self.is_forgiving() => vec![node],
            node => return self.wrong_type(&node, "a list"),
        };
        let count = nodes.len();
        nodes.into_iter().enumerate().for_each(|(index, node)| read(node, &mut self.item(index)));
        Some(count)
    }
}

impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
        let Node::Map(nodes) = node else {
            return place.wrong_type(&node, "an object");
        };
        let mut entries = Self::new();
        for (name, node) in nodes {
            match entries.entry(name) {
                Entry::Occupied(entry) => {
                    place.name_fault(entry.key(), ViolationKind::Duplicate, String::new(), String::new());
                }
                Entry::Vacant(entry) => {
                    if let Some(value) = T::from_node(node, &mut place.entry(entry.key())) {
                        entry.insert(value);
                    }
                }
            }
        }
        Some(entries)
    }
}

macro_rules! tuples {
    ($($count:literal: $($type:ident $name:ident $index:tt),*;)*) => {$(
        impl<$($type: FromValue),*> FromValue for ($($type,)*) {
            fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
                const ALLOWED: &str = concat!("a list of ", $count);
                match node {
                    Node::List(nodes) => match <[Node; $count]>::try_from(nodes) {
                        Ok([$($name),*]) => {
                            let items = ($($type::from_node($name, &mut place.item($index)),)*);
                            Some(($(items.$index?,)*))
                        }
                        Err(nodes) if nodes.len() < $count => place.refuse(ViolationKind::MinItems, &Node::List(nodes), ALLOWED),
                        Err(nodes) => place.refuse(ViolationKind::MaxItems, &Node::List(nodes), ALLOWED),
                    },
                    node => place.wrong_type(&node, ALLOWED),
                }
            }
        }

        impl<$($type: StandIn),*> StandIn for ($($type,)*) {
            fn stand_in() -> Self {
                ($($type::stand_in(),)*)
            }
        }
    )*};
}
tuples! {
    2: A a 0, B b 1;
    3: A a 0, B b 1, C c 2;
    4: A a 0, B b 1, C c 2, D d 3;
    5: A a 0, B b 1, C c 2, D d 3, E e 4;
    6: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5;
    7: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6;
    8: A a 0, B b 1, C c 2, D d 3, E e 4, F f 5, G g 6, H h 7;
}

macro_rules! stand_ins {
    ($($type:ty $(, $parameter:ident)?;)*) => {$(
        impl$(<$parameter>)? StandIn for $type {
            fn stand_in() -> Self {
                Self::default()
            }
        }
    )*};
}
stand_ins! {
    bool;
    i64;
    u64;
    f64;
    String;
    Json;
    Option<T>, T;
    Vec<T>, T;
    BTreeMap<String, T>, T;
}

impl<T: StandIn> StandIn for Box<T> {
    fn stand_in() -> Self {
        Self::new(T::stand_in())
    }
}
