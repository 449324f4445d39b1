//! A batch as people fill it: typed inputs or JSON lines, keys that make adding twice harmless, a budget. Must not know who
//! runs it.

use std::collections::HashMap;

use runcomfy_client::{Json, Model};
use serde::{Deserialize, Serialize};

use crate::store::{BatchId, Budget, NewJob, Store, Summary};
use crate::{Error, Usd, digest};

/// Jobs that belong together, by a name.
#[derive(Clone, Debug)]
pub struct Batch {
    store: Store,
    id: BatchId,
}

/// A line of a file with jobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The model.
    pub model: String,
    /// The input, with readable names.
    pub input: Json,
    /// The job's key; by default it is made of model and input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Batch {
    /// The batch of that name, which is made if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open(store: &Store, name: &str) -> Result<Self, Error> {
        Ok(Self { store: store.clone(), id: store.batch(name).await? })
    }

    /// Its number in the store.
    #[must_use]
    pub fn id(&self) -> BatchId {
        self.id
    }

    /// Sets how much it may spend.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_budget(&self, limit: Usd) -> Result<(), Error> {
        self.store.set_limit(&Budget::Batch(self.id), Some(limit)).await
    }

    /// The batch in numbers.
    ///
    /// # Errors
    /// What the database says.
    pub async fn summary(&self) -> Result<Summary, Error> {
        self.store.summary(self.id).await
    }

    /// Adds typed inputs, after a check of each, and gives how many are new. For each, at least `quote` is reserved: what one
    /// costs, as dear as it may get.
    ///
    /// # Errors
    /// An input that breaks its schema, by its number; then none is added. What the database says.
    pub async fn add<M: Model + Serialize>(
        &self,
        inputs: impl IntoIterator<Item = M>,
        quote: Usd,
    ) -> Result<u64, Error> {
        let mut lines = Vec::new();
        for (number, input) in inputs.into_iter().enumerate() {
            let refused = |error: String| Error::Refused(format!("input {number}: {error}"));
            input.validate().map_err(|error| refused(error.to_string()))?;
            let input = serde_json::to_value(&input).map_err(|error| refused(error.to_string()))?;
            lines.push(Line { model: M::ID.to_owned(), input, key: None });
        }
        self.add_lines(&lines, quote).await
    }

    /// Adds jobs from JSON lines, such as `{"model": "a/b/c", "input": {"prompt": "…"}}`, and gives how many are new.
    ///
    /// # Errors
    /// A line that can't be read, by its number; then none is added. What the database says.
    pub async fn add_json_lines(&self, text: &str, quote: Usd) -> Result<u64, Error> {
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line = serde_json::from_str(line);
            lines.push(line.map_err(|error| Error::Refused(format!("line {}: {error}", number + 1)))?);
        }
        self.add_lines(&lines, quote).await
    }

    /// Adds jobs, all or none, and gives how many are new. A key that is there already is the same job; a job without one has
    /// the digest of its model and input, and its number among equals, for a key.
    ///
    /// # Errors
    /// A key that is there with another input; what the database says.
    pub async fn add_lines(&self, lines: &[Line], quote: Usd) -> Result<u64, Error> {
        let mut equals: HashMap<String, u32> = HashMap::new();
        let mut rows = Vec::with_capacity(lines.len());
        for line in lines {
            let input = line.input.to_string();
            let made = || {
                let digest = digest::of(&[&line.model, &input]);
                let number = equals.entry(digest.clone()).or_default();
                *number += 1;
                format!("{}-{number}", &digest[..16])
            };
            rows.push((line.key.clone().unwrap_or_else(made), &line.model, input));
        }
        let jobs: Vec<_> = rows.iter().map(|(key, model, input)| NewJob { key, model, input, quote }).collect();
        self.store.add(self.id, &jobs).await
    }
}
