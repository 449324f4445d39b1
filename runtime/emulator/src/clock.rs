//! Emulated time: tokio's clock, sped up, plus what a test skipped. Real moments in, time since the start out.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::lock;

/// Where emulated time comes from. It stands still with tokio's paused clock.
#[derive(Debug)]
pub(crate) struct Clock {
    started: Instant,
    /// The date that responses give for the start.
    date: SystemTime,
    speed: f64,
    skipped: Mutex<Duration>,
}

impl Clock {
    pub(crate) fn new(speed: f64) -> Self {
        Self { started: Instant::now(), date: SystemTime::now(), speed, skipped: Mutex::default() }
    }

    /// Emulated time since the start.
    pub(crate) fn now(&self) -> Duration {
        let elapsed = Duration::try_from_secs_f64(self.started.elapsed().as_secs_f64() * self.speed);
        elapsed.unwrap_or(Duration::MAX).saturating_add(*lock(&self.skipped))
    }

    pub(crate) fn skip(&self, time: Duration) {
        let mut skipped = lock(&self.skipped);
        *skipped = skipped.saturating_add(time);
    }

    /// The date of a moment, as the API writes it; `None` beyond the calendar.
    pub(crate) fn date(&self, at: Duration) -> Option<String> {
        let date = time::OffsetDateTime::from(self.date.checked_add(at)?);
        date.format(&time::format_description::well_known::Rfc3339).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_is_tokios_sped_up_and_what_was_skipped() {
        let clock = Clock::new(10.0);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert_eq!(clock.now(), Duration::from_secs(30));
        clock.skip(Duration::from_secs(5));
        assert_eq!(clock.now(), Duration::from_secs(35));
        clock.skip(Duration::MAX);
        assert_eq!((clock.now(), clock.date(clock.now())), (Duration::MAX, None));
    }
}
