//! JSON text in, ordered JSON tree out, strictly: a key written twice is an error, since one of the two would be lost.
//! Knows nothing of schemas.

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;

use crate::{Error, ErrorKind, SourceFile};

/// Why a text is no usable JSON, and where. What to do about it depends on where the text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The end of a sentence: `the key "a" is there twice`.
    pub why: String,
    /// The JSON pointer of the value in which it was found.
    pub pointer: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in bytes.
    pub column: usize,
    /// Whether a key stands twice.
    pub is_repeat: bool,
}

/// Reads a whole text.
///
/// # Errors
/// A [`Fault`]: not JSON, nested deeper than 128 levels, a number that no `f64` holds, or an object with a key twice.
pub fn read(text: &str) -> Result<Value, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let mut walk = Walk::default();
    let value = Strict(&mut walk).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Fault { why: without_place(&error), pointer: walk.pointer, line, column, is_repeat: walk.is_repeat }
    })
}

/// What an error of serde_json says, without line and column.
#[must_use]
pub fn without_place(error: &serde_json::Error) -> String {
    let told = error.to_string();
    match told.rsplit_once(" at line ") {
        _ if told.starts_with("recursion limit") => "it nests deeper than the 128 levels that are read here".to_owned(),
        Some((why, _)) => why.to_owned(),
        None => told,
    }
}

/// Reads a file of the schema folder.
///
/// # Errors
/// [`ErrorKind::Json`] with line and column, as for [`read`].
pub fn parse(file: &SourceFile) -> Result<Value, Error> {
    read(&file.text).map_err(|fault| {
        Error::new(ErrorKind::Json, format!("this is not usable JSON: {}", fault.why))
            .of("", &file.path)
            .at(format!("line {}, column {}", fault.line, fault.column))
            .help("restore the file from version control, or take the model over again")
    })
}

/// Where in the JSON a reader is.
#[derive(Default)]
struct Walk {
    pointer: String,
    is_repeat: bool,
}

/// Builds a [`Value`], refusing repeated keys.
struct Strict<'w>(&'w mut Walk);

impl Strict<'_> {
    /// Reads a part; after an error, the pointer stays where it is.
    fn part<T, E>(&mut self, name: impl fmt::Display, read: impl FnOnce(Strict<'_>) -> Result<T, E>) -> Result<T, E> {
        let length = self.0.pointer.len();
        push(&mut self.0.pointer, name);
        let part = read(Strict(self.0))?;
        self.0.pointer.truncate(length);
        Ok(part)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
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

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = self.part(list.len(), |part| items.next_element_seed(part))? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                self.0.is_repeat = true;
                push(&mut self.0.pointer, &key);
                return Err(de::Error::custom(format_args!("the key {key:?} is there twice")));
            }
            let value = self.part(&key, |part| entries.next_value_seed(part))?;
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Appends one part to a JSON pointer, escaped as RFC 6901 asks.
#[must_use]
pub fn join(pointer: &str, part: impl fmt::Display) -> String {
    let mut joined = pointer.to_owned();
    push(&mut joined, part);
    joined
}

fn push(pointer: &mut String, part: impl fmt::Display) {
    pointer.push('/');
    pointer.push_str(&part.to_string().replace('~', "~0").replace('/', "~1"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile { path: "a/b/input.json".into(), text: text.into() }
    }

    #[test]
    fn a_key_twice_is_refused_with_its_place() {
        let text = "{\n  \"c\": [{},\n {\"a/b\": {\"a\": 1},\n  \"a\\/b\": 2}]\n}";
        let fault = read(text).expect_err("one of the two would be lost");
        assert_eq!((fault.pointer.as_str(), fault.line, fault.is_repeat), ("/c/1/a~1b", 4, true), "{fault:?}");
        let error = parse(&file(text)).expect_err("a fault");
        assert_eq!((error.kind, error.place.as_str()), (ErrorKind::Json, "line 4, column 8"));
        assert!(error.message.contains("the key \"a/b\" is there twice"), "{error}");
    }

    #[test]
    fn what_no_reader_keeps_is_refused_with_its_place() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        for (value, why) in [
            ("1e400", "number out of range"),
            ("\"\\ud800\"", "hex escape"),
            (&deep, "128 levels"),
            ("NaN", "expected"),
        ] {
            let fault = read(&format!("{{\"a\": 1,\n\"b\": [1, {value}]}}")).expect_err(why);
            let is_there = fault.pointer.starts_with("/b/1") && fault.line == 2 && !fault.is_repeat;
            assert!(is_there && fault.why.contains(why), "{fault:?}");
        }
    }

    #[test]
    fn key_order_is_kept() {
        let value = parse(&file("{\"z\":1,\"a\":{\"y\":2,\"b\":3}}")).expect("valid");
        assert_eq!(value.to_string(), "{\"z\":1,\"a\":{\"y\":2,\"b\":3}}");
    }

    #[test]
    fn text_behind_the_value_is_refused() {
        assert!(parse(&file("{} {}")).is_err());
    }
}
