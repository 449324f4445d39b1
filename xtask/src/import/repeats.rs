//! Keys that are there twice: valid JSON in, the first such key out. `serde_json` keeps the last value and says nothing.

use std::collections::HashSet;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};

/// The first key that an object of this JSON has twice, with the line (from 1, within the JSON) of the second.
pub(super) fn repeated_key(json: &str) -> Option<(String, usize)> {
    let mut repeated = None;
    let error = serde_json::Deserializer::from_str(json).deserialize_any(Unique(&mut repeated)).err()?;
    repeated.map(|key| (key, error.line()))
}

/// Walks JSON until a key is there twice.
struct Unique<'a>(&'a mut Option<String>);

impl<'de> DeserializeSeed<'de> for Unique<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Unique(self.0))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = entries.next_key::<String>()? {
            if seen.contains(&key) {
                *self.0 = Some(key);
                return Err(A::Error::custom("repeated key"));
            }
            entries.next_value_seed(Unique(self.0))?;
            seen.insert(key);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_twice_is_found_at_any_depth_with_its_line() {
        assert_eq!(repeated_key("{\"a\": [{\"b\": 1,\n\"c\": {},\n\"\\u0062\": 2}]}"), Some(("b".to_owned(), 3)));
        assert_eq!(repeated_key("{\"a\": {\"a\": [null, true, -1, 1.5]}, \"b\": {\"a\": 1}}"), None);
    }
}
