//! The emulator from outside: options in, a running server out, and the handle that tests hold.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::Semaphore;

use crate::backend::Backend;
use crate::builder::Builder;
use crate::catalog::Source;
use crate::http::door::{Door, Limits, Serving};
use crate::http::{self, Site, Visit};
use crate::{Account, Error, Faults, Logged, lock};

impl Builder {
    /// Reads the schemas and starts. Needs a tokio runtime with I/O and time, whose tasks answer: a program that blocks the only
    /// thread of that runtime, such as with the blocking client, waits for ever.
    ///
    /// # Errors
    /// A schema folder that can't be understood, an option that makes no sense or names a model that is not there, a port
    /// that is taken.
    pub async fn start(self) -> Result<Emulator, Error> {
        self.faults.check()?;
        if !(self.config.speed.is_finite() && self.config.speed > 0.0) {
            return Err(Error::new(format!("the speed must be above 0, but is {}", self.config.speed)));
        }
        let catalog = self.catalog()?;
        let taken = |error| Error::new(format!("port {}: {error}", self.port));
        let limits = Limits { connections: self.config.connections, read: self.config.read_limit };
        let door = Door::take(self.port, limits).map_err(taken)?;
        let files_door = Door::take(0, limits).map_err(taken)?;
        let refused = self.faults.refused_at_start;
        let site = Site {
            backend: Arc::new(Backend::new(self.config, catalog, self.faults)),
            api: door.host(),
            files: files_door.host(),
            visits: http::Visits::default(),
            log: http::Log::new(self.listener),
            large: Arc::new(Semaphore::new(1)),
        };
        let base_url = format!("{}/v1", site.api.origin);
        let serving = [
            door.serve(http::api(&site), refused).map_err(taken)?,
            files_door.serve(http::files(&site), Duration::ZERO).map_err(taken)?,
        ];
        Ok(Emulator { site, base_url, serving })
    }
}

/// A running emulator. Dropping it stops it at once; [`stop`](Self::stop) lets the requests under way end.
pub struct Emulator {
    site: Site,
    base_url: String,
    serving: [Serving; 2],
}

impl Emulator {
    /// Options for an emulator of the models in a schema folder.
    pub fn builder(schemas: impl Into<PathBuf>) -> Builder {
        Builder::new(Source::Folder(schemas.into()))
    }

    /// Options for an emulator of the models whose files a program carries: each with its path below the folder, such as
    /// `community/wan-2-2/vace-fun/model.toml`, and its text.
    pub fn builder_of_texts<P: Into<String>, T: Into<String>>(texts: impl IntoIterator<Item = (P, T)>) -> Builder {
        let texts = texts.into_iter().map(|(path, text)| (path.into(), text.into()));
        Builder::new(Source::Texts(texts.collect()))
    }

    /// The origin of the API, such as `http://127.0.0.1:41234`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.site.api.origin
    }

    /// The API's base URL with its version, as clients take it: `http://127.0.0.1:41234/v1`.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The origin of the media files: another one than the API's, as at RunComfy.
    #[must_use]
    pub fn files_url(&self) -> &str {
        &self.site.files.origin
    }

    /// The token that requests must bring.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.site.backend.config.token
    }

    /// The ids of the models, sorted.
    #[must_use]
    pub fn model_ids(&self) -> Vec<String> {
        self.site.backend.catalog.keys().cloned().collect()
    }

    /// The smallest body that a model takes; `None` if there is no such model, or its schema has rules for which no value
    /// could be made up.
    #[must_use]
    pub fn example_body(&self, model_id: &str) -> Option<Value> {
        self.site.backend.catalog.get(model_id)?.example.clone()
    }

    /// Changes what goes wrong from the next request on. Scripts count from now; shares that make no sense are an error.
    ///
    /// # Errors
    /// As for [`Builder::start`]; then nothing is changed.
    pub fn set_faults(&self, faults: Faults) -> Result<(), Error> {
        faults.check()?;
        self.site.backend.dice().set_faults(faults);
        Ok(())
    }

    /// Lets emulated time pass at once: jobs finish, results expire, costs become known.
    pub fn advance(&self, time: Duration) {
        self.site.backend.skip(time);
    }

    /// Refuses new connections, or takes them again. The port stays ours, and connections that are open stay open.
    pub async fn refuse_connections(&self, refuse: bool) {
        self.site.api.door.set_open(!refuse).await;
    }

    /// Everything that was submitted so far, as it is now.
    #[must_use]
    pub fn account(&self) -> Account {
        self.site.backend.account()
    }

    /// Every request that reached the host of the files so far, followed redirects included.
    #[must_use]
    pub fn visits(&self) -> Vec<Visit> {
        lock(&self.site.visits).clone()
    }

    /// The last 100,000 requests to both hosts, in the order of arrival, with or without a token.
    #[must_use]
    pub fn requests(&self) -> Vec<Logged> {
        self.site.log.requests()
    }

    /// Takes no more connections, lets the requests under way end, for two seconds at most, and stops.
    pub async fn stop(self) {
        let [api, files] = self.serving;
        tokio::join!(api.stop(), files.stop());
    }
}

/// Without the token and the account.
impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.url())
            .field("files_url", &self.files_url())
            .finish_non_exhaustive()
    }
}
