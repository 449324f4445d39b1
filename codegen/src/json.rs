//! JSON text in, ordered JSON tree out, strictly: a key written twice is an error, since one of the two would be lost.
//! Knows nothing of schemas.

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

use crate::{Error, ErrorKind, SourceFile};

/// Parses a whole file.
///
/// # Errors
/// [`ErrorKind::Json`] with line and column: not JSON, nested deeper than 128 levels, or an object with a key twice.
pub fn parse(file: &SourceFile) -> Result<Value, Error> {
    let mut reader = serde_json::Deserializer::from_str(&file.text);
    let value = Strict.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        // A key that stands twice is noticed inside its object, and reported where the object ends.
        let object = if error.is_data() { "the object that ends at " } else { "" };
        let help = if error.to_string().starts_with("recursion limit") {
            "it nests deeper than the 128 levels that are read here; report it to RunComfy"
        } else {
            "import the model again, or restore the file from version control"
        };
        Error::new(ErrorKind::Json, format!("this is not usable JSON: {error}"))
            .of("", &file.path)
            .at(format!("{object}line {}, column {}", error.line(), error.column()))
            .help(help)
    })
}

/// Builds a [`Value`], refusing repeated keys.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number that is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(Strict)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Strict)?;
            if map.contains_key(&key) {
                return Err(de::Error::custom(format_args!("the key {key:?} stands twice in one object")));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Appends one part to a JSON pointer, escaped as RFC 6901 asks.
#[must_use]
pub fn join(pointer: &str, part: impl fmt::Display) -> String {
    let part = part.to_string().replace('~', "~0").replace('/', "~1");
    format!("{pointer}/{part}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "a/b/input.json".into(), text: text.into() }
    }

    #[test]
    fn a_key_twice_is_refused_with_its_line() {
        let error = parse(&file("{\n  \"a\": 1,\n  \"a\": 2\n}")).expect_err("one of the two would be lost");
        assert_eq!(error.kind, ErrorKind::Json);
        assert!(error.message.contains("\"a\" stands twice"), "{error}");
        assert_eq!(error.place, "the object that ends at line 4, column 1");
    }

    #[test]
    fn key_order_is_kept() {
        let value = parse(&file("{\"z\":1,\"a\":{\"y\":2,\"b\":3}}")).expect("valid");
        assert_eq!(value.to_string(), "{\"z\":1,\"a\":{\"y\":2,\"b\":3}}");
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_overflow() {
        let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(parse(&file(&text)).expect_err("too deep").kind, ErrorKind::Json);
    }

    #[test]
    fn text_behind_the_value_is_refused() {
        assert!(parse(&file("{} {}")).is_err());
    }
}
