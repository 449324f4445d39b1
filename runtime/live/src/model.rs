//! A model that the program was not compiled with. It is a [`ModelInfo`] like any other, and knows besides how old it is and what of it is
//! in doubt. Must not know how it was made.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use runcomfy_client::ModelInfo;

use crate::entry::Entry;
use crate::kept::Kept;

/// A model met at run time. Cheap to clone.
///
/// It stands wherever a [`ModelInfo`] does: [`check`](ModelInfo::check), [`to_wire`](ModelInfo::to_wire),
/// [`json_schema`](ModelInfo::json_schema), and [`Client::submit_checked`](runcomfy_client::Client::submit_checked) take it
/// by reference.
#[derive(Clone)]
pub struct LiveModel {
    pub(crate) kept: &'static Kept,
    pub(crate) info: &'static ModelInfo,
    pub(crate) entry: Arc<Entry>,
    pub(crate) as_of: SystemTime,
}

impl LiveModel {
    /// The model as data, as compiled ones have it, with the price and the page of its [entry](Self::entry).
    #[must_use]
    pub fn info(&self) -> &'static ModelInfo {
        self.info
    }

    /// What the catalogue says of it: texts, price, categories.
    #[must_use]
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The name for people; the id where there is none.
    #[must_use]
    pub fn display_name(&self) -> &str {
        self.entry.display_name.as_deref().unwrap_or(&self.entry.id)
    }

    /// When the server, or the folder, said so.
    #[must_use]
    pub fn as_of(&self) -> SystemTime {
        self.as_of
    }

    /// How long ago that was; zero if the clock was set back since.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.as_of.elapsed().unwrap_or_default()
    }

    /// The fields whose readable names are not certain, each with its path by wire keys and the reason. They are filled by
    /// their wire keys; all others have their names.
    pub fn doubts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.kept.doubts.iter().map(|doubt| (doubt.path.as_str(), doubt.why.as_str()))
    }

    /// Keywords of the schema that this version does not know: only the server checks them.
    #[must_use]
    pub fn unchecked(&self) -> &[String] {
        &self.kept.unchecked
    }

    /// What was written down of its names and can't be used any more.
    #[must_use]
    pub fn unused(&self) -> &[String] {
        &self.kept.unused
    }
}

impl Deref for LiveModel {
    type Target = ModelInfo;

    fn deref(&self) -> &ModelInfo {
        self.info
    }
}

impl fmt::Debug for LiveModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doubts: Vec<&str> = self.doubts().map(|(path, _)| path).collect();
        f.debug_struct("LiveModel").field("id", &self.id).field("doubts", &doubts).finish_non_exhaustive()
    }
}
