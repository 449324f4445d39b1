//! An object of JSON as it is written: a text in, its keys with the text of each value out, and back. No number is rounded
//! and no key moved. Knows nothing of schemas.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The keys of an object in their order, each with the text of its value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Pairs {
    /// Reads an object; `None` for anything else.
    pub(crate) fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }

    /// The text of a value.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(there, _)| there == key).map(|(_, value)| value.as_str())
    }

    /// Puts a value in the place of the one that is there.
    pub(crate) fn set(&mut self, key: &str, value: String) {
        if let Some(place) = self.0.iter_mut().find(|(there, _)| there == key) {
            place.1 = value;
        }
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.retain(|(there, _)| there != key);
    }
}

impl fmt::Display for Pairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pairs: Vec<String> =
            self.0.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
        write!(f, "{{{}}}", pairs.join(","))
    }
}

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    pairs.push((key, value.get().to_owned()));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

/// The texts of a list's items; `None` for anything else.
pub(crate) fn items(json: &str) -> Option<Vec<String>> {
    let items: Vec<Box<RawValue>> = serde_json::from_str(json).ok()?;
    Some(items.into_iter().map(|item| item.get().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_the_order_of_keys_stay() {
        let json = r#"{"b":1.50,"a":{"c": 18446744073709551616},"d\"":[1e2]}"#;
        assert_eq!(Pairs::read(json).map(|pairs| pairs.to_string()).as_deref(), Some(json));
        assert_eq!((Pairs::read("[]"), items("[1.0, {}]")), (None, Some(vec!["1.0".to_owned(), "{}".to_owned()])));
    }
}
