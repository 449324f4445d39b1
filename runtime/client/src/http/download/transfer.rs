//! One file over the wire. In: a URL that may be fetched and a partial file. Out: the partial file, whole. Continues where
//! it was cut, restarts where the server's file has changed, and gives up only after several tries without progress.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use futures_util::StreamExt as _;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap, HeaderName, IF_RANGE, LAST_MODIFIED, RANGE, RETRY_AFTER,
};
use reqwest::{Response, StatusCode, Url};
use tracing::debug;

use super::part::Part;
use super::{DownloadErrorKind, Downloader};

const FIRST_WAIT: Duration = Duration::from_millis(200);
/// The longest wait, also if a server asks for more.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Why a try ended before the file was whole.
struct Cut {
    kind: DownloadErrorKind,
    /// How long the server asked to wait.
    wait: Option<Duration>,
}

impl<E: Into<DownloadErrorKind>> From<E> for Cut {
    fn from(kind: E) -> Self {
        Self { kind: kind.into(), wait: None }
    }
}

/// Brings what is missing of the file. `progress` hears the bytes that are there, and how many there will be.
pub(super) async fn transfer(
    downloader: &Downloader,
    url: &Url,
    part: &mut Part,
    progress: &(dyn Fn(u64, Option<u64>) + Sync),
) -> Result<(), DownloadErrorKind> {
    let patience = || {
        let waits =
            ExponentialBuilder::default().with_min_delay(FIRST_WAIT).with_factor(3.0).with_max_delay(LONGEST_WAIT);
        waits.with_jitter().with_max_times(downloader.tries).build()
    };
    let mut waits = patience();
    loop {
        let before = part.len();
        let cut = match attempt(downloader, url, part, progress).await {
            Ok(()) => return Ok(()),
            Err(cut) => cut,
        };
        part.flush().await?;
        if !cut.kind.is_retryable() {
            return Err(cut.kind);
        }
        if part.len() > before {
            waits = patience();
        }
        let Some(wait) = waits.next() else { return Err(cut.kind) };
        debug!(received = part.len(), error = %cut.kind, "download was cut; it will be continued");
        tokio::time::sleep(wait.max(cut.wait.unwrap_or_default())).await;
    }
}

async fn attempt(
    downloader: &Downloader,
    url: &Url,
    part: &mut Part,
    progress: &(dyn Fn(u64, Option<u64>) + Sync),
) -> Result<(), Cut> {
    // The ranges are of the file itself, so it must come as it is.
    let mut request = downloader.http.get(url.clone()).header(ACCEPT_ENCODING, "identity");
    let continued = part.validator().map(str::to_owned);
    if let Some(validator) = &continued {
        request = request.header(RANGE, format!("bytes={}-", part.len())).header(IF_RANGE, validator);
    }
    let response = request.send().await?;
    let total = match response.status() {
        StatusCode::OK => {
            part.restart(validator(response.headers())).await?;
            response.content_length()
        }
        StatusCode::PARTIAL_CONTENT if continued.is_some() => {
            let (start, total) = content_range(response.headers()).unwrap_or_default();
            let now = validator(response.headers());
            if start != Some(part.len()) || (now.is_some() && now != continued) {
                part.restart(None).await?;
                return Err(cut("the server sent another part than the one that was asked for"));
            }
            total
        }
        StatusCode::RANGE_NOT_SATISFIABLE if continued.is_some() => {
            // `If-Range` came first, so it is the same version; then this means that nothing was missing.
            let (_, total) = content_range(response.headers()).unwrap_or_default();
            if total == Some(part.len()) {
                return Ok(());
            }
            part.restart(None).await?;
            return Err(cut("the server refused to continue the file"));
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => return Err(DownloadErrorKind::NotFound.into()),
        status => return Err(refused(status, response.headers())),
    };
    if total.is_some_and(|total| total > downloader.max_bytes) {
        return Err(DownloadErrorKind::TooLarge { limit: downloader.max_bytes }.into());
    }
    receive(downloader.max_bytes, response, part, total, progress).await
}

async fn receive(
    limit: u64,
    response: Response,
    part: &mut Part,
    total: Option<u64>,
    progress: &(dyn Fn(u64, Option<u64>) + Sync),
) -> Result<(), Cut> {
    progress(part.len(), total);
    let mut body = response.bytes_stream();
    while let Some(bytes) = body.next().await {
        let bytes = bytes?;
        if part.len() + bytes.len() as u64 > limit {
            return Err(DownloadErrorKind::TooLarge { limit }.into());
        }
        part.append(&bytes).await?;
        progress(part.len(), total);
    }
    match total {
        Some(total) if total != part.len() => Err(cut("the file ended too early")),
        _ => Ok(()),
    }
}

fn cut(problem: &'static str) -> Cut {
    DownloadErrorKind::Connection(problem.into()).into()
}

fn refused(status: StatusCode, headers: &HeaderMap) -> Cut {
    let seconds = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let wait = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_WAIT));
    Cut { kind: DownloadErrorKind::Status(status.as_u16()), wait }
}

/// What `If-Range` may hold: a strong ETag, else the date. A weak ETag says nothing about bytes.
fn validator(headers: &HeaderMap) -> Option<String> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    match text(ETAG) {
        Some(tag) if !tag.starts_with("W/") => Some(tag),
        _ => text(LAST_MODIFIED),
    }
}

/// First byte and total of `bytes 5-9/10` or `bytes */10`.
fn content_range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let start = range.split_once('-').and_then(|(start, _)| start.trim().parse().ok());
    Some((start, total.trim().parse().ok()))
}
