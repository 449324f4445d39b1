//! Equality of values as JSON has it: `1` and `1.0` are equal, the order of properties says nothing. Serves `PartialEq`
//! of inputs, `enum`, `const` and `uniqueItems`. Must not know which rule asks, or names.

use std::cmp::Ordering;

use super::write::wire_value;
use crate::schema::number::Number;
use crate::schema::path::MAX_DEPTH;
use crate::schema::rule::Const;
use crate::schema::value::{Entries, Extra, List, Object, Value};

/// Whether two objects of one type are equal: all their fields and their `extra`. NaN differs from itself.
pub fn same_object(a: &dyn Object, b: &dyn Object) -> bool {
    same_objects(a, b, 0)
}

/// Whether two values are the same JSON. Values that nest deeper than an input may are never the same.
pub(crate) fn same(a: Value<'_>, b: Value<'_>) -> bool {
    same_at(a, b, 0)
}

/// Whether a value, untyped JSON being opened, is this constant.
pub(crate) fn is_const(value: Value<'_>, constant: &Const) -> bool {
    match *constant {
        Const::Null => matches!(value, Value::Null),
        Const::Bool(constant) => matches!(value, Value::Bool(bool) if bool == constant),
        Const::Int(int) => is_number(value, Number::Int(int)),
        Const::UInt(int) => is_number(value, Number::UInt(int)),
        Const::Float(float) => is_number(value, Number::Float(float)),
        Const::Str(constant) => value.text() == Some(constant),
        Const::Json(text, parse) => {
            let nested = matches!(value, Value::List(_) | Value::Map(_) | Value::Object(_));
            nested && parse(text).is_some_and(|json| same(value, Value::Json(&json)))
        }
    }
}

fn is_number(value: Value<'_>, constant: Number) -> bool {
    value.number().is_some_and(|number| number.compare(constant) == Some(Ordering::Equal))
}

fn same_at(a: Value<'_>, b: Value<'_>, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    if let (Some(a), Some(b)) = (a.text(), b.text()) {
        return a == b;
    }
    match (a.opened(), b.opened()) {
        (Value::Absent, Value::Absent) | (Value::Null, Value::Null) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::List(a), Value::List(b)) => same_lists(a, b, depth),
        (Value::Map(a), Value::Map(b)) => same_maps(a, b, depth),
        (Value::Object(a), Value::Object(b)) if std::ptr::eq(a.table(), b.table()) => same_objects(a, b, depth),
        // Two views of one thing: both as JSON.
        (a @ Value::Object(_), b) => same_at(Value::Json(&wire_value(a)), b, depth + 1),
        (a, b @ Value::Object(_)) => same_at(a, Value::Json(&wire_value(b)), depth + 1),
        (a, b) => match (a.number(), b.number(), a.text(), b.text()) {
            (Some(a), Some(b), ..) => a.compare(b) == Some(Ordering::Equal),
            (.., Some(a), Some(b)) => a == b,
            _ => false,
        },
    }
}

fn same_lists(a: &dyn List, b: &dyn List, depth: usize) -> bool {
    a.count() == b.count() && (0..a.count()).all(|index| same_at(a.item(index), b.item(index), depth + 1))
}

fn same_maps(a: &dyn Entries, b: &dyn Entries, depth: usize) -> bool {
    let mut equal = a.count() == b.count();
    a.each(&mut |name, value| equal = equal && same_at(value, b.entry(name), depth + 1));
    equal
}

fn same_objects(a: &dyn Object, b: &dyn Object, depth: usize) -> bool {
    let fields =
        a.look(|_, a| b.look(|_, b| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_at(*a, *b, depth + 1))));
    let extra = |object: &dyn Object| object.extra().map_or(0, Extra::len);
    fields.flatten() == Some(true)
        && extra(a) == extra(b)
        && a.extra().zip(b.extra()).is_none_or(|(a, b)| same_maps(a, b, depth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rt::parse_json;
    use serde_json::json;

    #[test]
    fn numbers_are_equal_by_value_and_nothing_else_is_by_chance() {
        assert!(same(Value::Json(&json!([1, {"a": 2.0}])), Value::Json(&json!([1.0, {"a": 2}]))));
        for (a, b) in
            [(json!(0), json!(false)), (json!(""), json!(null)), (json!([]), json!({})), (json!("1"), json!(1))]
        {
            assert!(!same(Value::Json(&a), Value::Json(&b)), "{a} {b}");
        }
        assert!(!same(Value::Json(&json!({"a": 1})), Value::Json(&json!({"b": 1}))));
        assert!(!same(Value::UInt(u64::MAX), Value::Float(u64::MAX as f64)));
    }

    #[test]
    fn constants_of_every_type_are_found() {
        let cases = [
            (json!(null), Const::Null),
            (json!(true), Const::Bool(true)),
            (json!(-1), Const::Int(-1)),
            (json!(u64::MAX), Const::UInt(u64::MAX)),
            (json!(1), Const::Float(1.0)),
            (json!("a"), Const::Str("a")),
            (json!({"b": [1], "a": 2}), Const::Json(r#"{"a": 2, "b": [1]}"#, parse_json)),
        ];
        for (i, (value, _)) in cases.iter().enumerate() {
            for (j, (_, constant)) in cases.iter().enumerate() {
                assert_eq!(is_const(Value::Json(value).opened(), constant), i == j, "{value} {constant:?}");
            }
        }
    }
}
