//! A maintainer's answers to stops, as `[moved]` of `overrides.toml` and the lock hold them. Plain data; must not know what
//! an answer leads to.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::toml_text::quoted;

/// What became of a locked field.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Spelled")]
pub enum Answer {
    /// It has this key now: `"901_value"`.
    Key(String),
    /// It is gone: `""`.
    Removed,
    /// It still has its key: `false`. The same as naming that key, for where a spent line names it already.
    Stays,
    /// It has a key again that a spent line names already: `{ again = "901_value" }`.
    Again(String),
}

/// An answer as TOML has it.
#[derive(Deserialize)]
#[serde(untagged, expecting = "an answer is the key that the field has now, \"\" if it was removed, or false")]
enum Spelled {
    Text(String),
    Flag(bool),
    Table { again: String },
}

impl TryFrom<Spelled> for Answer {
    type Error = &'static str;

    fn try_from(spelled: Spelled) -> Result<Self, Self::Error> {
        match spelled {
            Spelled::Text(key) if key.is_empty() => Ok(Self::Removed),
            Spelled::Text(key) => Ok(Self::Key(key)),
            Spelled::Table { again } => Ok(Self::Again(again)),
            Spelled::Flag(false) => Ok(Self::Stays),
            Spelled::Flag(true) => Err("`true` is no answer: write the key that the field has now"),
        }
    }
}

impl fmt::Display for Answer {
    /// As it stands in TOML.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(key) => f.write_str(&quoted(key)),
            Self::Removed => f.write_str("\"\""),
            Self::Stays => f.write_str("false"),
            Self::Again(key) => write!(f, "{{ again = {} }}", quoted(key)),
        }
    }
}

/// The answers for one struct, by the locked names of its fields.
pub type Answers = BTreeMap<String, Answer>;
