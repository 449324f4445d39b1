//! Enums of texts: what the enums of requests and responses share. In: a text. Out: a value, or an error that lists the
//! values. Must not know where such an enum is used.

use std::fmt;

use crate::nearest::{did_you_mean, nearest};
use crate::text::{Quoted, Texts};

/// A value of a response that this version does not know. Opaque, so that code that looks for such a value does not
/// stop working, unnoticed, when the value gets a name of its own: compare the enum's `as_str()` instead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownValue(String);

impl UnknownValue {
    pub(crate) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The value as the server sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is not one of an enum's values. Prints the text, the values, and the one that was probably meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownChoice {
    given: String,
    allowed: Vec<&'static str>,
}

impl UnknownChoice {
    pub(crate) fn new(given: &str, allowed: Vec<&'static str>) -> Self {
        Self { given: given.to_owned(), allowed }
    }

    /// The text.
    pub fn given(&self) -> &str {
        &self.given
    }

    /// The values as messages list them.
    pub(crate) fn allowed_text(&self) -> String {
        Texts(&self.allowed).to_string()
    }

    /// The values.
    pub fn allowed(&self) -> &[&'static str] {
        &self.allowed
    }

    /// The value that was probably meant: the one that is only a few typing errors away, if there is one.
    pub fn meant(&self) -> Option<&'static str> {
        nearest(self.allowed.iter().copied(), &self.given)
    }

    /// The same as advice, which may be empty.
    pub(crate) fn hint(&self) -> String {
        did_you_mean(self.meant().into_iter(), &self.given)
    }
}

impl fmt::Display for UnknownChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given = Quoted::value(&self.given);
        write!(f, "{given} is not one of the values, allowed {}", Texts(&self.allowed))?;
        match self.hint().as_str() {
            "" => Ok(()),
            hint => write!(f, "; {hint}"),
        }
    }
}

impl std::error::Error for UnknownChoice {}
