//! A model that is published otherwise than the program knows it: what differs, as data and in words.

use std::fmt;

/// How a model's published schema differs from what this program was compiled with. To mend it, take a newer version of
/// the crate that has the model, or generate it again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drift {
    /// The model.
    pub model_id: String,
    /// What differs; at least one.
    pub changes: Vec<KeyChange>,
}

/// One difference between the published schema and the compiled one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyChange {
    /// The field has another key now: its title is there.
    #[non_exhaustive]
    Moved {
        /// The field's readable name.
        name: &'static str,
        /// The key that this program sends.
        key: &'static str,
        /// The key that is published.
        now: String,
    },
    /// The field's key is not published any more.
    #[non_exhaustive]
    Removed {
        /// The field's readable name.
        name: &'static str,
        /// The key that this program sends.
        key: &'static str,
    },
    /// A key is published that this program does not know.
    #[non_exhaustive]
    Added {
        /// The key.
        key: String,
        /// Whether it must be given.
        required: bool,
    },
    /// The field must be given now, or need not any more.
    #[non_exhaustive]
    Required {
        /// The field's readable name.
        name: &'static str,
        /// Its key.
        key: &'static str,
        /// Whether it must be given now.
        required: bool,
    },
    /// The field has another type now.
    #[non_exhaustive]
    Type {
        /// The field's readable name.
        name: &'static str,
        /// Its key.
        key: &'static str,
        /// The types that this program knows.
        was: String,
        /// The type that is published.
        now: String,
    },
}

impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is published with other keys than this program was compiled with:", self.model_id)?;
        self.changes.iter().try_for_each(|change| write!(f, "\n  {change}"))
    }
}

impl std::error::Error for Drift {}

impl fmt::Display for KeyChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let must = |required: &bool| if *required { "must be given now" } else { "need not be given any more" };
        match self {
            Self::Moved { name, key, now } => write!(f, "{name} ({key}): has the key {now:?} now"),
            Self::Removed { name, key } => write!(f, "{name} ({key}): is gone"),
            Self::Added { key, required } => {
                write!(f, "{key:?}: is new{}", if *required { " and must be given" } else { "" })
            }
            Self::Required { name, key, required } => write!(f, "{name} ({key}): {}", must(required)),
            Self::Type { name, key, was, now } => write!(f, "{name} ({key}): was {was}, is {now}"),
        }
    }
}
