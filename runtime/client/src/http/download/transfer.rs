//! One file over the wire. In: a URL that may be fetched and a partial file. Out: the partial file, whole. Continues where
//! it was cut, restarts where the server's file has changed, and gives up after several tries that got no further than
//! an earlier one: bytes that come a second time are no progress.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures_util::StreamExt as _;
use reqwest::header::{ACCEPT_ENCODING, IF_RANGE, RANGE};
use reqwest::{Response, StatusCode, Url};
use tokio::time::Instant;
use tracing::debug;

use super::Downloader;
use super::part::Part;
use super::promise::{Brings, Known, Said, empty, other_total, typed};
use crate::http::error::{DownloadErrorKind, Unexpected};
use crate::http::retry::retry_after;

const MIN_WAIT: Duration = Duration::from_millis(200);
const MAX_WAIT: Duration = Duration::from_secs(60);
/// How many bytes a second a download gets at least, over the time that it may stand still: what drips never ends.
const MIN_PACE: u128 = 1024;
/// How much of a file's beginning is looked at.
pub(super) const BEGINNING: u64 = 512;

/// Why a transfer failed.
pub(super) struct Failed {
    pub(super) kind: DownloadErrorKind,
    /// What is there can't be continued, or contradicts what the server says now.
    pub(super) worthless: bool,
    /// It came too slowly, so that what came is no progress.
    slow: bool,
    /// How long the server asked to wait.
    pub(super) wait: Option<Duration>,
}

impl<E: Into<DownloadErrorKind>> From<E> for Failed {
    fn from(kind: E) -> Self {
        let kind = kind.into();
        Self { worthless: matches!(kind, DownloadErrorKind::TooLarge { .. }), kind, slow: false, wait: None }
    }
}

/// One file that is being fetched.
pub(super) struct Transfer<'a> {
    pub(super) downloader: &'a Downloader,
    pub(super) url: &'a Url,
    /// What the file is said to be.
    pub(super) said: Said<'a>,
    /// Hears the bytes that are there, and how many there will be.
    pub(super) progress: &'a (dyn Fn(u64, Option<u64>) + Sync),
    /// Whether the server's ranges were right so far.
    pub(super) ranges: bool,
}

impl Transfer<'_> {
    /// Brings what is missing of the file.
    pub(super) async fn run(mut self, part: &mut Part) -> Result<(), Failed> {
        let patience = || {
            let waits =
                ExponentialBuilder::default().with_min_delay(MIN_WAIT).with_factor(3.0).with_max_delay(MAX_WAIT);
            waits.with_jitter().with_max_times(self.downloader.tries).build()
        };
        let (mut waits, mut furthest) = (patience(), part.len());
        loop {
            let failed = match self.attempt(part).await {
                Ok(()) => return Ok(()),
                Err(failed) => failed,
            };
            part.flush().await?;
            let asked = failed.wait.unwrap_or_default();
            if !failed.kind.is_retryable() || asked > MAX_WAIT {
                return Err(failed);
            }
            if part.len() > furthest && !failed.slow {
                (waits, furthest) = (patience(), part.len());
            }
            let Some(wait) = waits.next() else { return Err(failed) };
            debug!(received = part.len(), error = %failed.kind, "download was cut; it will be continued");
            tokio::time::sleep(wait.max(asked)).await;
        }
    }

    async fn attempt(&mut self, part: &mut Part) -> Result<(), Failed> {
        let mut request = self.downloader.http.get(self.url.clone()).header(ACCEPT_ENCODING, "identity");
        let version = part.promise().strong().filter(|_| self.ranges && part.len() > 0);
        if let Some(version) = version {
            request = request.header(RANGE, format!("bytes={}-", part.len())).header(IF_RANGE, version);
        }
        let rest = version.is_some();
        let response = request.send().await?;
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
            StatusCode::RANGE_NOT_SATISFIABLE if rest => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(DownloadErrorKind::NotFound.into()),
            status => {
                let wait = retry_after(response.headers());
                return Err(Failed { wait, ..DownloadErrorKind::Status(status.as_u16()).into() });
            }
        }
        let typed = typed(response.headers());
        let known = self.known(part, rest);
        let brings = known.read(response.status(), response.headers()).map_err(|broken| {
            self.ranges &= !broken.of_part;
            Failed { worthless: broken.of_part, ..broken.unexpected.into() }
        })?;
        let (end, total) = match brings {
            Brings::Nothing => (None, Some(part.len())),
            Brings::Rest { end, total } => (Some(end), Some(total)),
            Brings::Whole(promise) => {
                let total = promise.total;
                self.within_limit(total.unwrap_or_default())?;
                part.restart(promise).await?;
                (total, total)
            }
        };
        if part.len() < total.unwrap_or(u64::MAX) {
            self.within_limit(total.unwrap_or_default())?;
            self.receive(response, part, end, total).await?;
        }
        let beginning = part.beginning(BEGINNING).await?;
        match self.said.beginning(&beginning, typed) {
            Ok(()) => Ok(()),
            Err(unexpected) => contradicted(part, unexpected).await,
        }
    }

    fn known<'p>(&'p self, part: &'p Part, rest: bool) -> Known<'p> {
        Known { promise: part.promise(), len: part.len(), rest, said: self.said }
    }

    fn within_limit(&self, bytes: u64) -> Result<(), DownloadErrorKind> {
        let limit = self.downloader.max_bytes;
        if bytes > limit { Err(DownloadErrorKind::TooLarge { limit }) } else { Ok(()) }
    }

    /// Looks now and then whether enough came since it looked last.
    fn keeps_pace(&self, looked: &mut (Instant, u64), len: u64) -> Result<(), Failed> {
        let (since, before) = *looked;
        let (time, came) = (since.elapsed(), len - before);
        if time < self.downloader.read_timeout {
            return Ok(());
        }
        *looked = (Instant::now(), len);
        if u128::from(came) * 1000 >= time.as_millis() * MIN_PACE {
            return Ok(());
        }
        let problem = format!("only {came} bytes came in {:.1} seconds", time.as_secs_f64());
        Err(Failed { slow: true, ..DownloadErrorKind::Connection(problem.into()).into() })
    }

    /// Appends the body, which goes up to `end`.
    async fn receive(
        &self,
        response: Response,
        part: &mut Part,
        end: Option<u64>,
        total: Option<u64>,
    ) -> Result<(), Failed> {
        (self.progress)(part.len(), total);
        let mut body = response.bytes_stream();
        let mut looked = (Instant::now(), part.len());
        while let Some(bytes) = body.next().await {
            let bytes = bytes?;
            let len = part.len() + bytes.len() as u64;
            self.within_limit(len)?;
            self.keeps_pace(&mut looked, len)?;
            if let Some(end) = end.filter(|end| len > *end) {
                return contradicted(part, other_total(end, len)).await;
            }
            part.append(&bytes).await?;
            (self.progress)(part.len(), total);
        }
        match total {
            // Also at the end of a part that was shorter than what was asked for.
            Some(total) if total != part.len() => {
                let problem = format!("the file ended after {} of {total} bytes", part.len());
                Err(DownloadErrorKind::Connection(problem.into()).into())
            }
            None if part.len() == 0 => Err(empty().into()),
            _ => Ok(()),
        }
    }
}

/// Drops what is there, which is no part of what was promised; the promise stands.
async fn contradicted(part: &mut Part, unexpected: Unexpected) -> Result<(), Failed> {
    part.restart(part.promise().clone()).await?;
    Err(unexpected.into())
}
