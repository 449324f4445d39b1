//! The client for programs without async: the same calls, which return when they are done.
//!
//! In: a [`crate::Client`]. Out: calls that wait for it. It has a small runtime of its own, one thread, that serves all
//! clones; the program needs none. Called inside an async runtime it works too, but holds up the thread it is called on: use
//! [`crate::Client`] there, or the runtime's `spawn_blocking`.
//!
//! ```no_run
//! # use runcomfy_client::Model;
//! # fn make<M: Model>(input: &M) -> Result<(), Box<dyn std::error::Error>> {
//! use runcomfy_client::blocking::Client;
//!
//! let client = Client::from_env()?;
//! let done = client.run(input)?; // check, submit, wait, fetch
//! client.download_all(&done.output, "out")?;
//! # Ok(())
//! # }
//! ```

mod downloader;
mod runtime;

use std::fmt;
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use futures_util::{Stream, StreamExt as _};

use self::runtime::Background;
use crate::http::{CatalogueEntry, CataloguePage, CatalogueQuery, ConfigError, Done, Ending, Verification};
use crate::schema::{AsValue, FromValue};
use crate::{Cancellation, DownloadError, Error, Json, Model, ModelInfo, SavedFile, Update};

pub use self::downloader::Downloader;

/// A client of RunComfy's Model API whose calls wait. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    client: crate::Client,
    background: Background,
}

impl Client {
    /// A client with the token and the base URL of the environment, as [`crate::Client::from_env`].
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn from_env() -> Result<Self, Error> {
        Self::from_client(crate::Client::from_env()?)
    }

    /// A client with this token, as [`crate::Client::new`].
    ///
    /// # Errors
    /// [`Error::Config`].
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        Self::from_client(crate::Client::new(token)?)
    }

    /// A client with the settings of another one: take [`crate::Client::builder`] for them.
    ///
    /// # Errors
    /// [`Error::Config`] if the system gives no thread.
    pub fn from_client(client: crate::Client) -> Result<Self, Error> {
        let background = Background::start()
            .map_err(|error| ConfigError::Http { reason: format!("the runtime can't start: {error}") })?;
        Ok(Self { client, background })
    }

    /// As [`crate::Client::submit`].
    ///
    /// # Errors
    /// As there.
    pub fn submit<M: Model>(&self, input: &M) -> Result<Job<M::Output>, Error> {
        self.background.wait(self.client.submit(input)).map(|job| self.adopt(job))
    }

    /// As [`crate::Client::run`].
    ///
    /// # Errors
    /// As there.
    pub fn run<M: Model>(&self, input: &M) -> Result<Done<M::Output>, Error> {
        self.background.wait(self.client.run(input))
    }

    /// As [`crate::Client::submit_json`].
    ///
    /// # Errors
    /// As there.
    pub fn submit_json(&self, model_id: &str, input: &Json) -> Result<Job, Error> {
        self.background.wait(self.client.submit_json(model_id, input)).map(|job| self.adopt(job))
    }

    /// As [`crate::Client::submit_checked`].
    ///
    /// # Errors
    /// As there.
    pub fn submit_checked(&self, model: &ModelInfo, input: &Json) -> Result<Job, Error> {
        self.background.wait(self.client.submit_checked(model, input)).map(|job| self.adopt(job))
    }

    /// As [`crate::Client::job`].
    ///
    /// # Errors
    /// As there.
    pub fn job<M: Model>(&self, request_id: &str) -> Result<Job<M::Output>, Error> {
        self.client.job::<M>(request_id).map(|job| self.adopt(job))
    }

    /// As [`crate::Client::untyped_job`].
    ///
    /// # Errors
    /// As there.
    pub fn untyped_job(&self, request_id: &str) -> Result<Job, Error> {
        self.client.untyped_job(request_id).map(|job| self.adopt(job))
    }

    /// The same job with calls that wait, for jobs out of an [`Ending`].
    #[must_use]
    pub fn adopt<O>(&self, job: crate::Job<O>) -> Job<O> {
        Job { job, background: self.background.clone() }
    }

    /// As [`crate::Client::verify`].
    ///
    /// # Errors
    /// As there.
    pub fn verify<M: Model>(&self) -> Result<Verification, Error> {
        self.background.wait(self.client.verify::<M>())
    }

    /// As [`crate::Client::verify_model`].
    ///
    /// # Errors
    /// As there.
    pub fn verify_model(&self, model: &ModelInfo) -> Result<Verification, Error> {
        self.background.wait(self.client.verify_model(model))
    }

    /// As [`crate::Client::catalogue_page`].
    ///
    /// # Errors
    /// As there.
    pub fn catalogue_page(&self, query: &CatalogueQuery) -> Result<CataloguePage, Error> {
        self.background.wait(self.client.catalogue_page(query))
    }

    /// As [`crate::Client::catalogue_page_bytes`].
    ///
    /// # Errors
    /// As there.
    pub fn catalogue_page_bytes(&self, query: &CatalogueQuery) -> Result<Vec<u8>, Error> {
        self.background.wait(self.client.catalogue_page_bytes(query))
    }

    /// As [`crate::Client::catalogue`]; each page is asked for when it is needed.
    pub fn catalogue(&self, query: CatalogueQuery) -> Items<CatalogueEntry> {
        Items { stream: Box::pin(self.client.catalogue(query)), background: self.background.clone() }
    }

    /// As [`crate::Client::catalogue_entry`].
    ///
    /// # Errors
    /// As there.
    pub fn catalogue_entry(&self, model_id: &str) -> Result<Option<CatalogueEntry>, Error> {
        self.background.wait(self.client.catalogue_entry(model_id))
    }

    /// As [`crate::Client::catalogue_entry_bytes`].
    ///
    /// # Errors
    /// As there.
    pub fn catalogue_entry_bytes(&self, model_id: &str) -> Result<Option<Vec<u8>>, Error> {
        self.background.wait(self.client.catalogue_entry_bytes(model_id))
    }

    /// As [`crate::Client::categories`].
    ///
    /// # Errors
    /// As there.
    pub fn categories(&self) -> Result<Vec<String>, Error> {
        self.background.wait(self.client.categories())
    }

    /// As [`crate::Client::download_all`].
    ///
    /// # Errors
    /// As there.
    pub fn download_all(
        &self,
        output: &(impl AsValue + Sync),
        folder: impl AsRef<Path>,
    ) -> Result<Vec<SavedFile>, DownloadError> {
        self.background.wait(self.client.download_all(output, folder.as_ref()))
    }

    /// As [`crate::Client::download`].
    ///
    /// # Errors
    /// As there.
    pub fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        self.background.wait(self.client.download(url, path.as_ref()))
    }

    /// As [`crate::Client::downloader`]: for progress, and for names of files.
    #[must_use]
    pub fn downloader(&self) -> Downloader {
        Downloader::new(self.client.downloader(), self.background.clone())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

/// A job that was submitted. Dropping it changes nothing on the server.
pub struct Job<O = Json> {
    job: crate::Job<O>,
    background: Background,
}

impl<O> Job<O> {
    /// The id by which the server knows the job.
    #[must_use]
    pub fn request_id(&self) -> &str {
        self.job.request_id()
    }

    /// The model; `None` if the handle was made from a bare id.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        self.job.model_id()
    }

    /// As [`crate::Job::untyped`].
    #[must_use]
    pub fn untyped(&self) -> Job<Json> {
        Job { job: self.job.untyped(), background: self.background.clone() }
    }

    /// As [`crate::Job::status`].
    ///
    /// # Errors
    /// As there.
    pub fn status(&self) -> Result<Update, Error> {
        self.background.wait(self.job.status())
    }

    /// As [`crate::Job::updates`]; the iterator waits for each item.
    pub fn updates(&self) -> Items<Update> {
        Items { stream: Box::pin(self.job.untyped().updates()), background: self.background.clone() }
    }

    /// As [`crate::Job::cancel`].
    ///
    /// # Errors
    /// As there.
    pub fn cancel(&self) -> Result<Cancellation, Error> {
        self.background.wait(self.job.cancel())
    }
}

impl<O: FromValue> Job<O> {
    /// As [`crate::Job::wait`].
    ///
    /// # Errors
    /// As there.
    pub fn wait(&self) -> Result<Ending<O>, Error>
    where
        O: Send,
    {
        self.background.wait(self.job.wait())
    }

    /// As [`crate::Job::wait_timeout`].
    ///
    /// # Errors
    /// As there.
    pub fn wait_timeout(&self, limit: Duration) -> Result<Ending<O>, Error>
    where
        O: Send,
    {
        self.background.wait(self.job.wait_timeout(limit))
    }

    /// As [`crate::Job::result`].
    ///
    /// # Errors
    /// As there.
    pub fn result(&self) -> Result<Ending<O>, Error>
    where
        O: Send,
    {
        self.background.wait(self.job.result())
    }

    /// As [`crate::Job::cost`].
    ///
    /// # Errors
    /// As there.
    pub fn cost(&self, limit: Duration) -> Result<Option<f64>, Error> {
        self.background.wait(self.job.cost(limit))
    }
}

impl<O> fmt::Debug for Job<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.job.fmt(f)
    }
}

/// What a stream brings, one after the other.
#[must_use = "nothing is asked for before the first item is taken"]
pub struct Items<T> {
    stream: Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>,
    background: Background,
}

impl<T: Send> Iterator for Items<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.background.wait(self.stream.next())
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
