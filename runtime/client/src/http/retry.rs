//! How often and when a call is made again. The waiting is done by the crate backon.

use std::time::Duration;

use tokio::time::Instant;

use backon::{ExponentialBuilder, Retryable as _};

use std::time::SystemTime;

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use super::error::Error;

/// How often a call is made again when it fails in a way that may pass: no connection, 429, 5xx, a garbled answer.
///
/// The pause doubles each time, up to `max_delay`, and is drawn at random between once and twice that, so that many
/// clients don't come back at the same moment. A `Retry-After` of the server lengthens it.
///
/// Calls that read are repeated in all these cases, and so is cancelling. A submit is repeated only when it certainly
/// was not taken: see [`Client::submit`](crate::Client::submit).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a call is repeated; 0 for never. 4 by default.
    pub max_retries: usize,
    /// The first pause. Half a second by default.
    pub min_delay: Duration,
    /// The longest pause before the drawing. 10 seconds by default.
    pub max_delay: Duration,
    /// The longest `Retry-After` that is waited for; a call that is to wait longer fails at once. One minute by default.
    pub max_retry_after: Duration,
}

/// The longest pause that a server can ask for; what is longer counts as this.
const MAX_PAUSE: Duration = Duration::from_secs(24 * 60 * 60);

/// What `Retry-After` asks for: seconds, also with a fraction, or a date. A date counts from the server's own
/// clock, which may be wrong, or, where it does not tell, from ours. Where it is said more than once, by a server and those
/// between, the longest pause keeps all of them.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let date = |text: &str| httpdate::parse_http_date(text.trim()).ok();
    let texts = |name| headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let until = |text: &str| {
        let until = date(text)?;
        let now = texts(DATE).find_map(date).unwrap_or_else(SystemTime::now);
        Some(until.duration_since(now).unwrap_or_default())
    };
    let pause = |text: &str| until(text).or_else(|| text.split(',').filter_map(seconds).max());
    texts(RETRY_AFTER).filter_map(pause).max().map(|pause| pause.min(MAX_PAUSE))
}

/// A number of seconds, also with a fraction.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let seconds = is_number.then(|| text.parse::<f64>().ok()).flatten()?;
    Some(Duration::try_from_secs_f64(seconds).unwrap_or(MAX_PAUSE))
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 4,
            min_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// No call is repeated.
    #[must_use]
    pub fn never() -> Self {
        Self { max_retries: 0, ..Self::default() }
    }

    /// Sets how often a call is repeated.
    #[must_use]
    pub fn max_retries(mut self, max_retries: usize) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets the first pause and the longest.
    #[must_use]
    pub fn delays(mut self, min: Duration, max: Duration) -> Self {
        (self.min_delay, self.max_delay) = (min, max);
        self
    }

    /// Sets the longest `Retry-After` that is waited for.
    #[must_use]
    pub fn max_retry_after(mut self, limit: Duration) -> Self {
        self.max_retry_after = limit;
        self
    }

    /// Makes the call, and makes it again as long as its error is one of those.
    pub(crate) async fn run<T, F: Future<Output = Result<T, Error>>>(
        &self,
        may_repeat: impl FnMut(&Error) -> bool,
        call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        self.run_until(|| None, may_repeat, call).await
    }

    /// The same, without repeats that would come after this time.
    pub(crate) async fn run_until<T, F: Future<Output = Result<T, Error>>>(
        &self,
        end: impl Fn() -> Option<Instant>,
        may_repeat: impl FnMut(&Error) -> bool,
        call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let is_in_time =
            |pause: &Duration| end().is_none_or(|end| *pause < end.saturating_duration_since(Instant::now()));
        let pauses = ExponentialBuilder::new()
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(self.max_retries)
            .with_jitter();
        call.retry(pauses)
            .when(may_repeat)
            .adjust(|error, pause| self.pause(error.retry_after(), pause?).filter(is_in_time))
            .notify(|error, pause| tracing::debug!(%error, ?pause, "will try again"))
            .await
    }

    /// The pause before the next attempt; `None` to give up.
    fn pause(&self, retry_after: Option<Duration>, pause: Duration) -> Option<Duration> {
        match retry_after {
            Some(after) if after > self.max_retry_after => None,
            Some(after) => Some(after.max(pause)),
            None => Some(pause),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date_by_the_clock_of_the_server() {
        let server = "Wed, 25 Nov 2026 01:00:00 GMT";
        for (text, expected) in [
            ("7", Some(7.0)),
            (" 0 ", Some(0.0)),
            ("0.5", Some(0.5)),
            ("1.25", Some(1.25)),
            ("99999999999999999999999999", Some(86_400.0)),
            ("Wed, 25 Nov 2026 01:00:30 GMT", Some(30.0)),
            ("Wednesday, 25-Nov-26 01:00:30 GMT", Some(30.0)),
            ("Wed, 25 Nov 2026 00:00:00 GMT", Some(0.0)),
            ("Wed, 25 Nov 2099 00:00:00 GMT", Some(86_400.0)),
            ("soon", None),
            ("-1", None),
            ("1.2.3", None),
            ("", None),
            ("5, 10", Some(10.0)),
            ("5,soon", Some(5.0)),
            (",", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().expect("a header"));
            headers.insert(DATE, server.parse().expect("a header"));
            assert_eq!(retry_after(&headers), expected.map(Duration::from_secs_f64), "{text}");
        }
    }

    #[test]
    fn of_several_pauses_the_longest_keeps_all_of_them() {
        let mut headers = HeaderMap::new();
        headers.append(DATE, "never".parse().expect("a header"));
        headers.append(DATE, "Wed, 25 Nov 2026 01:00:00 GMT".parse().expect("a header"));
        for (text, longest) in
            [("soon", None), ("5", Some(5)), ("2", Some(5)), ("Wed, 25 Nov 2026 01:00:30 GMT", Some(30))]
        {
            headers.append(RETRY_AFTER, text.parse().expect("a header"));
            assert_eq!(retry_after(&headers), longest.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_date_without_the_clock_of_the_server_counts_from_ours() {
        let mut headers = HeaderMap::new();
        let later = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(600));
        headers.insert(RETRY_AFTER, later.parse().expect("a header"));
        assert!(retry_after(&headers).is_some_and(|pause| (590..=600).contains(&pause.as_secs())));
    }
}
