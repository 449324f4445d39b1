//! Downloads. In: an output, and a folder. Out: its files on disk, each whole or as a `.part` that the next call continues.
//! Has a connection of its own, which never knew a token.

mod client;
mod error;
mod hosts;
mod name;
mod part;
mod transfer;
mod urls;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, ClientBuilder, Url};
use tracing::{Instrument as _, debug, debug_span};

use self::hosts::{Hosts, Refusal};
use self::name::FileName;
use self::part::{Part, Target};
use self::urls::media_urls;
use crate::rt::AsValue;

pub use self::error::{DownloadError, DownloadErrorKind};

/// The most bytes of a file unless [`max_bytes`](DownloaderBuilder::max_bytes) says otherwise: 2 GiB, the limit of the
/// vendor's command line program.
pub const MAX_DOWNLOAD_BYTES: u64 = 2 << 30;

const READ_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
const TRIES: usize = 5;
const MOST_REDIRECTS: usize = 5;

/// Saves the files of outputs. Cheap to clone; clones share their connections.
///
/// - Files are fetched from RunComfy's hosts only, by https, unless [`allow_host`](DownloaderBuilder::allow_host) names
///   more. Redirects too. The token is never sent.
/// - A file is written as `name.part`, with a note beside it (`name.part.json`: the URL without its query, and the file's
///   version), and renamed when it is whole. A download that was cut, in this program or an earlier one, continues where
///   it ended, unless the server's file has changed since.
/// - There is no limit to how long a download takes, only to how long it may stand still.
#[derive(Clone)]
pub struct Downloader {
    http: Client,
    hosts: Arc<Hosts>,
    max_bytes: u64,
    tries: usize,
    progress: Option<Arc<Listener>>,
}

/// Who hears how far a download is.
type Listener = dyn Fn(&DownloadProgress<'_>) + Send + Sync;

/// How far a download is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DownloadProgress<'a> {
    /// What the file will be called, unless somebody else takes the name.
    pub path: &'a Path,
    /// How many bytes are there, with those of earlier tries. Falls to 0 when a file has changed.
    pub received: u64,
    /// How many there will be, if the server says so.
    pub total: Option<u64>,
    /// Which of the output's files this is, from 0.
    pub index: usize,
    /// How many files the output has.
    pub count: usize,
}

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Where it came from.
    pub url: String,
    /// How large it is, in bytes.
    pub bytes: u64,
}

impl Downloader {
    /// Starts with RunComfy's hosts, 2 GiB, and 30 seconds of silence.
    pub fn builder() -> DownloaderBuilder {
        DownloaderBuilder {
            http: ClientBuilder::new(),
            hosts: Ok(Hosts::runcomfy()),
            max_bytes: MAX_DOWNLOAD_BYTES,
            read_timeout: READ_TIMEOUT,
            tries: TRIES,
        }
    }

    /// The same, with somebody who hears how far each file is: at its start and after each piece that was received.
    #[must_use]
    pub fn on_progress(mut self, progress: impl Fn(&DownloadProgress<'_>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// Saves all files of an output in `folder`, which is made if need be, one after the other.
    ///
    /// The output is typed, JSON, or one URL. Its files are the URLs in it: under the keys `image`, `images`, `video`,
    /// `videos`, `audio`, `audios`, `url`, `urls`, `path`, `paths`, bare or in lists at any depth; under other keys if
    /// their host is allowed. The names are those of the URLs, made safe for every system. A name that is taken is never
    /// overwritten: the next file is `name-1.mp4`. An output without media gives an empty list.
    ///
    /// # Errors
    /// [`DownloadError`] for the first file that could not be saved; it holds the files that were
    /// ([`saved`](DownloadError::saved)). Files are not lost by calling again, but those are saved once more.
    pub async fn all(&self, output: &impl AsValue, folder: impl AsRef<Path>) -> Result<Vec<SavedFile>, DownloadError> {
        let mut urls = media_urls(output);
        urls.retain(|found| found.is_media || self.hosts.parse(&found.url).is_ok());
        let mut saved = Vec::with_capacity(urls.len());
        for (index, found) in urls.iter().enumerate() {
            let target = |url: &Url| Target::Folder(folder.as_ref().to_owned(), FileName::of(url));
            let span = debug_span!("download", index, count = urls.len());
            match self.save(&found.url, target, (index, urls.len())).instrument(span).await {
                Ok(file) => saved.push(file),
                Err(error) => return Err(error.with_saved(saved)),
            }
        }
        Ok(saved)
    }

    /// Saves one file as `path`. Its folder is made if need be.
    ///
    /// # Errors
    /// [`DownloadError`], with [`DownloadErrorKind::Exists`] if there already is something at `path`.
    pub async fn file(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        let target = |_: &Url| Target::Path(path.as_ref().to_owned());
        self.save(url, target, (0, 1)).instrument(debug_span!("download")).await
    }

    async fn save(
        &self,
        text: &str,
        target: impl FnOnce(&Url) -> Target,
        (index, count): (usize, usize),
    ) -> Result<SavedFile, DownloadError> {
        let url = self.hosts.parse(text).map_err(|refusal| DownloadError::new(public(text), None, refusal.into()))?;
        let public_url = public(url.as_str());
        let failed = |(path, kind)| DownloadError::new(public_url, Some(path), kind);
        let mut part = Part::claim(target(&url), public_url).await.map_err(failed)?;
        let path = part.path.clone();
        let progress = |received, total| {
            if let Some(progress) = &self.progress {
                progress(&DownloadProgress { path: &path, received, total, index, count });
            }
        };
        if let Err(kind) = transfer::transfer(self, &url, &mut part, &progress).await {
            let worthless = matches!(kind, DownloadErrorKind::TooLarge { .. });
            return Err(failed((part.leave(worthless).await, kind)));
        }
        let (path, bytes) = part.finish().await.map_err(failed)?;
        debug!(path = %path.display(), bytes, "saved");
        Ok(SavedFile { path, url: text.to_owned(), bytes })
    }
}

/// A URL without what may be a secret in it.
fn public(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

impl fmt::Debug for Downloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloader").field("hosts", &self.hosts).field("max_bytes", &self.max_bytes).finish()
    }
}

/// Settings of a [`Downloader`].
#[derive(Debug)]
#[must_use = "nothing happens before `build`"]
pub struct DownloaderBuilder {
    http: ClientBuilder,
    hosts: Result<Hosts, String>,
    max_bytes: u64,
    read_timeout: Duration,
    tries: usize,
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

    /// How long a download may stand still before it is tried again; 30 seconds if not set.
    pub fn read_timeout(self, read_timeout: Duration) -> Self {
        Self { read_timeout, ..self }
    }

    /// How often a download is continued without having got any further; 5 times if not set, 0 for never.
    pub fn retries(self, tries: usize) -> Self {
        Self { tries, ..self }
    }

    /// Changes the settings of the connections: proxy, certificates, user agent. What this type promises (no redirect to
    /// other hosts, no referrer, the timeouts) is set afterwards. Put no secrets into default headers: they are sent to
    /// every host that is allowed.
    pub fn connections(self, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        Self { http: change(self.http), ..self }
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
            .redirect(Policy::custom(move |attempt| follow(&allowed, attempt)))
            .referer(false)
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(self.read_timeout)
            .build()
            .map_err(|error| InvalidDownloader(error.to_string()))?;
        Ok(Downloader { http, hosts, max_bytes: self.max_bytes, tries: self.tries, progress: None })
    }
}

/// The settings of a downloader can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDownloader(String);

impl fmt::Display for InvalidDownloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidDownloader {}

fn follow(hosts: &Hosts, attempt: Attempt<'_>) -> reqwest::redirect::Action {
    match hosts.check(attempt.url()) {
        Ok(()) if attempt.previous().len() > MOST_REDIRECTS => attempt.error(Refusal::Url("too many redirects")),
        Ok(()) => attempt.follow(),
        Err(refusal) => attempt.error(refusal),
    }
}
