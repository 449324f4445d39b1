//! A batch as people fill it: typed inputs or JSON lines, keys that make adding twice harmless, a budget. Must not know who
//! runs it.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::Duration;

use runcomfy_client::{Json, Model, ModelInfo};
use serde::{Deserialize, Serialize};

use crate::models::{self, Found};
use crate::names::Lock;
use crate::store::{BatchId, Budget, KeptQuote, NewJob, NewQuote, Store, Summary};
use crate::{Error, Models, Quote, Usd, digest, media};

/// Jobs that belong together, by a name.
#[derive(Clone, Debug)]
pub struct Batch {
    store: Store,
    id: BatchId,
    name: String,
    folder: PathBuf,
}

/// A line of a file with jobs.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The model.
    pub model: String,
    /// The input, with readable names. Media is an `https` URL, the name of a sample, or `file:` and a path.
    pub input: Json,
    /// The job's key; by default it is made of model and input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// An input on its way into a store, unchecked.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prepared {
    /// With the contents of its files as `data:` URIs, as [`ModelInfo::check`] and [`ModelInfo::to_wire`] take it.
    pub whole: Json,
    /// The digest of the model and of the input as the store has it, by which equal jobs are told: files count by their path
    /// and content.
    pub digest: String,
}

impl Prepared {
    /// Reads the files of an input with readable names, in which media is an `https` URL, the name of a sample, or `file:` and a path.
    /// Paths that are not absolute begin in `folder`.
    ///
    /// # Errors
    /// A file that is not there or is no media of its kind; media as a `data:` URI.
    pub fn new(info: &ModelInfo, input: &Json, folder: &Path) -> Result<Self, Error> {
        let text = noted(info, input, folder).map_err(Error::Refused)?;
        let mut whole: Json = serde_json::from_str(&text).map_err(|error| Error::Refused(error.to_string()))?;
        media::fill_in(info.schema, &mut whole).map_err(Error::Refused)?;
        Ok(Self { whole, digest: digest::of(&[info.id, &text]) })
    }
}

/// An input as the table has it: files by path and digest.
fn noted(info: &ModelInfo, input: &Json, folder: &Path) -> Result<String, String> {
    let mut input = input.clone();
    media::note_files(info.schema, &mut input, folder)?;
    Ok(input.to_string())
}

impl Line {
    /// A job without a key.
    #[must_use]
    pub fn new(model: impl Into<String>, input: Json) -> Self {
        Self { model: model.into(), input, key: None }
    }
}

impl Batch {
    /// The batch of that name, which is made if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn open(store: &Store, name: &str) -> Result<Self, Error> {
        let id = store.batch(name).await?;
        Ok(Self { store: store.clone(), id, name: name.to_owned(), folder: PathBuf::new() })
    }

    /// Sets where the paths of files begin that are not absolute: by default, the current folder.
    #[must_use]
    pub fn files_from(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Its number in the store.
    #[must_use]
    pub fn id(&self) -> BatchId {
        self.id
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
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

    /// Adds typed inputs, after a check of each, and gives how many are new. A quote is a figure for the most that one costs, or
    /// [what is published](Quote::published). A file is named by [`media_file`](crate::media_file).
    ///
    /// # Errors
    /// An input that breaks its schema, by its number, or an unknown price; then none is added. What the database says.
    pub async fn add<M: Model + Serialize>(
        &self,
        inputs: impl IntoIterator<Item = M>,
        quote: impl Into<Quote>,
    ) -> Result<u64, Error> {
        let mut lines = Vec::new();
        for (number, input) in inputs.into_iter().enumerate() {
            let input = serde_json::to_value(&input);
            let input = input.map_err(|error| Error::Refused(format!("input {number}: {error}")))?;
            lines.push(Line::new(M::ID, input));
        }
        let info = models::named(models::info::<M>()).map_err(Error::Refused)?;
        let found = BTreeMap::from([(M::ID.to_owned(), Found { info, quote: quote.into() })]);
        self.add_found(&found, &lines).await
    }

    /// Adds jobs from JSON lines, such as `{"model": "a/b/c", "input": {"prompt": "…"}}`, as [`add_lines`](Self::add_lines) does.
    ///
    /// # Errors
    /// A line that can't be read, by its number; then none is added. What `add_lines` refuses.
    pub async fn add_json_lines(&self, models: &Models, text: &str, figure: Option<Usd>) -> Result<u64, Error> {
        let mut lines = Vec::new();
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let line = serde_json::from_str(line);
            lines.push(line.map_err(|error| Error::Refused(format!("line {}: {error}", number + 1)))?);
        }
        self.add_lines(models, &lines, figure).await
    }

    /// Adds jobs after a check of each, all or none, and gives how many are new. A key that is there already is the same job; a
    /// job without one has the digest of its model and input, and its number among equals, for a key. The figure is the most that one
    /// costs; without it, what is published for its model counts.
    ///
    /// # Errors
    /// A model that is not there, or whose names are in doubt; an input that breaks its schema, by its number; an unknown price; a
    /// key that is there with another input; what the database says.
    pub async fn add_lines(&self, models: &Models, lines: &[Line], figure: Option<Usd>) -> Result<u64, Error> {
        let mut found = BTreeMap::new();
        for line in lines {
            if !found.contains_key(&line.model) {
                let mut model = models.find(&line.model).map_err(Error::Refused)?;
                model.quote = figure.map_or(model.quote, Quote::Bounded);
                found.insert(line.model.clone(), model);
            }
        }
        self.add_found(&found, lines).await
    }

    /// Keeps a job as it would be, with `price` reserved for it, for as long as `lifetime`; `published` says what is known of its price.
    /// [`Store::run_quote`] makes a job of it.
    ///
    /// # Errors
    /// A model without a lock; an input that breaks its schema; a price of nothing; what the database says.
    pub async fn quote(
        &self,
        info: &'static ModelInfo,
        input: &Json,
        price: Usd,
        published: &str,
        lifetime: Duration,
    ) -> Result<KeptQuote, Error> {
        let info = models::named(info).map_err(Error::Refused)?;
        let (input, wire) = self.written(info, input).map_err(Error::Refused)?;
        let quote = NewQuote {
            batch: self.id,
            model: info.id.to_owned(),
            digest: info.digest.map(|digest| digest.to_string()).unwrap_or_default(),
            input,
            lock: Lock::new(info.lock),
            wire: models::wire_digest(info.id, &wire),
            price,
            published: published.to_owned(),
            lifetime: i64::try_from(lifetime.as_millis()).unwrap_or(i64::MAX),
        };
        self.store.keep_quote(quote).await
    }

    async fn add_found(&self, found: &BTreeMap<String, Found>, lines: &[Line]) -> Result<u64, Error> {
        let locks: BTreeMap<&str, Lock> =
            found.iter().map(|(id, model)| (id.as_str(), Lock::new(model.info.lock))).collect();
        let mut equals: HashMap<String, u32> = HashMap::new();
        let mut rows = Vec::with_capacity(lines.len());
        for (number, line) in lines.iter().enumerate() {
            let model = &found[&line.model];
            let refused = |error: String| Error::Refused(format!("job {} ({}): {error}", number + 1, line.model));
            let (input, _) = self.written(model.info, &line.input).map_err(refused)?;
            model.quote.reserves().map_err(|error| refused(error.to_string()))?;
            let made = || {
                let digest = digest::of(&[&line.model, &input]);
                let number = equals.entry(digest.clone()).or_default();
                *number += 1;
                format!("{}-{number}", &digest[..16])
            };
            rows.push((line.key.clone().unwrap_or_else(made), line.model.as_str(), input));
        }
        let job = |(key, model, input): &(String, &str, String)| NewJob {
            key: key.clone(),
            model: (*model).to_owned(),
            input: input.clone(),
            lock: locks[model].clone(),
            quote: found[*model].quote.clone(),
        };
        let jobs: Vec<NewJob> = rows.iter().map(job).collect();
        self.store.add(self.id, &jobs).await
    }

    /// An input as the table has it, files by path and digest, and as it would be sent.
    fn written(&self, info: &ModelInfo, input: &Json) -> Result<(String, Json), String> {
        let text = noted(info, input, &self.folder)?;
        match models::to_wire(info, &text) {
            Ok(wire) => Ok((text, wire)),
            Err(models::Unwritable::Input(why) | models::Unwritable::File(why)) => Err(why),
        }
    }
}
