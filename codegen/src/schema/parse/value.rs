//! The values of keywords: JSON in, what the keyword wants out. A value of another form is an error with its pointer, and
//! something harmless stands in for it. Must not know what the keywords mean.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::Parser;
use crate::json::join;
use crate::{Error, ErrorKind};

impl Parser<'_> {
    pub(super) fn lists_of_strings(&mut self, value: &Value, at: &str) -> Value {
        let Value::Object(map) = value else {
            self.wrong(at, "this", "an object of lists", value);
            return Value::Null;
        };
        let lists = map.iter().map(|(name, value)| (name.clone(), self.strings(value, &join(at, name)).into()));
        Value::Object(lists.collect())
    }

    pub(super) fn types(&mut self, value: &Value, at: &str) -> Vec<String> {
        match value {
            Value::String(one) => vec![one.clone()],
            Value::Array(types) if types.is_empty() => {
                self.wrong(at, "this", "a type or several", value);
                Vec::new()
            }
            _ => self.strings(value, at),
        }
    }

    /// A list of strings; one that is there twice says no more than once.
    pub(super) fn strings(&mut self, value: &Value, at: &str) -> Vec<String> {
        let list = self.list(value, at).unwrap_or_default();
        let strings = list.iter().enumerate().map(|(index, item)| self.string(item, &join(at, index)));
        let mut seen = BTreeSet::new();
        strings.filter(|string| seen.insert(string.clone())).collect()
    }

    pub(super) fn list<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v [Value]> {
        if let Value::Array(list) = value {
            return Some(list);
        }
        self.wrong(at, "this", "an array", value);
        None
    }

    pub(super) fn string(&mut self, value: &Value, at: &str) -> String {
        if let Value::String(text) = value {
            return text.clone();
        }
        self.wrong(at, "this", "a string", value);
        String::new()
    }

    pub(super) fn boolean(&mut self, value: &Value, at: &str) -> bool {
        if let Value::Bool(boolean) = value {
            return *boolean;
        }
        self.wrong(at, "this", "true or false", value);
        false
    }

    pub(super) fn number(&mut self, value: &Value, at: &str) -> Option<Number> {
        if let Value::Number(number) = value {
            return Some(number.clone());
        }
        self.wrong(at, "this", "a number", value);
        None
    }

    pub(super) fn positive(&mut self, value: &Value, at: &str) -> Option<Number> {
        let number = self.number(value, at)?;
        if number.as_f64().is_some_and(|number| number > 0.0) {
            return Some(number);
        }
        self.wrong(at, "this", "a number above 0", value);
        None
    }

    /// A whole number from 0; `1.0` counts as one.
    pub(super) fn count(&mut self, value: &Value, at: &str) -> Option<u64> {
        // The cast saturates: nothing has more characters or items than that.
        let whole = |number: f64| (number.fract() == 0.0 && number >= 0.0).then_some(number as u64);
        let count = value.as_u64().or_else(|| value.as_f64().and_then(whole));
        if count.is_none() {
            self.wrong(at, "this", "a whole number from 0", value);
        }
        count
    }

    pub(super) fn wrong(&mut self, at: &str, what: &str, expected: &str, given: &Value) {
        let message = format!("{what} must be {expected}, but is {}", excerpt(given));
        let error = Error::new(ErrorKind::InvalidSchema, message).at(at);
        self.errors.push(error.help("report it to RunComfy, unless somebody edited what it published"));
    }
}

/// The start of a JSON text, short enough for a message.
fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
