//! How often and when a call is made again. The waiting is done by the crate backon.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};

use super::error::Error;

/// How often a call is made again when it fails in a way that may pass: no connection, 429, 5xx, a garbled answer.
///
/// The pause doubles each time, up to `max_delay`, and is drawn at random between once and twice that, so that many
/// clients don't come back at the same moment. A `Retry-After` of the server lengthens it.
///
/// Calls that read are repeated in all these cases, and so is cancelling. A submit is repeated only when it certainly
/// did not arrive: without a connection, and after 429.
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
        may_repeat: fn(&Error) -> bool,
        call: impl FnMut() -> F,
    ) -> Result<T, Error> {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(self.max_retries)
            .with_jitter();
        call.retry(pauses)
            .when(may_repeat)
            .adjust(|error, pause| self.pause(error.retry_after(), pause?))
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
