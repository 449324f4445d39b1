//! Settings of downloads. Must not fetch anything.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{ClientBuilder, Url};

use super::hosts::{Hosts, Refusal};
use super::template::Naming;
use super::{Downloader, MAX_DOWNLOAD_BYTES};
use crate::http::bare;

const READ_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const TRIES: usize = 5;
const MAX_REDIRECTS: usize = 5;

/// Settings of a [`Downloader`].
#[derive(Debug)]
#[must_use = "nothing happens before `build`"]
pub struct DownloaderBuilder {
    http: Result<ClientBuilder, String>,
    hosts: Result<Hosts, String>,
    max_bytes: u64,
    read_timeout: Duration,
    tries: usize,
}

impl Downloader {
    /// Starts with RunComfy's hosts, 2 GiB, and 30 seconds of silence.
    pub fn builder() -> DownloaderBuilder {
        DownloaderBuilder {
            http: bare::connections().map_err(|error| error.to_string()),
            hosts: Ok(Hosts::runcomfy()),
            max_bytes: MAX_DOWNLOAD_BYTES,
            read_timeout: READ_TIMEOUT,
            tries: TRIES,
        }
    }
}

impl DownloaderBuilder {
    /// Allows one more host: `files.example.com`, `files.example.com:8443`, or `*.example.com` for all hosts below it.
    pub fn allow_host(mut self, rule: &str) -> Self {
        self.hosts = self.hosts.and_then(|mut hosts| hosts.allow(rule).map(|()| hosts));
        self
    }

    /// Allows the host of this URL, also by http, if it is this machine: an emulator. A `Client` does this for its base
    /// URL.
    pub fn allow_local(mut self, url: &Url) -> Self {
        if let Ok(hosts) = &mut self.hosts {
            hosts.allow_local(url);
        }
        self
    }

    /// The most bytes of a file; [`MAX_DOWNLOAD_BYTES`] if not set.
    pub fn max_bytes(self, max_bytes: u64) -> Self {
        Self { max_bytes, ..self }
    }

    /// How long a download may stand still before it is tried again; 30 seconds if not set. One that gets less than 1 KiB
    /// for each second of that time stands still, too.
    pub fn read_timeout(self, read_timeout: Duration) -> Self {
        Self { read_timeout, ..self }
    }

    /// How often a download is continued without having got any further; 5 times if not set, 0 for never.
    pub fn max_retries(self, tries: usize) -> Self {
        Self { tries, ..self }
    }

    /// Changes the settings of the connections: proxy, user agent. What this type promises (no redirect to other hosts, no
    /// referrer, the timeouts) is set afterwards. Put no secrets into default headers: they are sent to every host that is
    /// allowed.
    ///
    /// TLS is set already, so that settings of reqwest for certificates have no effect: give another
    /// `tls_backend_preconfigured`, or trust the system's authorities by the feature `native-roots`.
    pub fn connections(self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        Self { http: self.http.map(change), ..self }
    }

    /// Makes the downloader.
    ///
    /// # Errors
    /// A text that names the host rule that can't be read, or says why there can be no connections.
    pub fn build(self) -> Result<Downloader, InvalidDownloader> {
        let hosts = Arc::new(self.hosts.map_err(InvalidDownloader)?);
        let allowed = Arc::clone(&hosts);
        let http = self
            .http
            .map_err(InvalidDownloader)?
            .redirect(Policy::custom(move |attempt| follow(&allowed, attempt)))
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(self.read_timeout)
            .build()
            .map_err(|error| InvalidDownloader(error.to_string()))?;
        let (naming, job) = (Naming::default(), (None, None));
        let Self { max_bytes, tries, read_timeout, .. } = self;
        Ok(Downloader { http, hosts, max_bytes, tries, read_timeout, progress: None, naming, job })
    }
}

/// The settings of a downloader can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDownloader(String);

impl InvalidDownloader {
    pub(super) fn new(problem: String) -> Self {
        Self(problem)
    }
}

impl fmt::Display for InvalidDownloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidDownloader {}

fn follow(hosts: &Hosts, attempt: Attempt<'_>) -> reqwest::redirect::Action {
    match hosts.check(attempt.url()) {
        Ok(()) if attempt.previous().len() > MAX_REDIRECTS => attempt.error(Refusal::Url("too many redirects")),
        Ok(()) => attempt.follow(),
        Err(refusal) => attempt.error(refusal),
    }
}
