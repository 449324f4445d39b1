//! Following a job: its status again and again, at the policy's pace, until it has ended. Must not know what the status
//! or the result look like on the wire.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::ending::{Ending, StillRunning, Unrecognised};
use super::error::Error;
use super::job::Job;
use super::poll::{PollContext, pause};
use super::status::{Status, Update};
use crate::Json;
use crate::rt::FromValue;

/// How long a job is followed while the server says nothing that this version understands.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A job that is being followed.
pub(crate) struct Watch<O = Json> {
    job: Job<O>,
    /// The submit, or the beginning of the watch.
    started: Instant,
    /// When the server last answered.
    heard: Instant,
    /// When the server last said something that this version understands.
    understood: Instant,
    last: Option<Update>,
    polls: u32,
}

impl<O> Watch<O> {
    pub(crate) fn new(job: Job<O>) -> Self {
        let now = Instant::now();
        Self { started: job.submitted_at().unwrap_or(now), job, heard: now, understood: now, last: None, polls: 0 }
    }

    /// Waits for the next news. What may pass is sat out, up to the client's limit.
    pub(crate) async fn next(&mut self) -> Result<Update, Error> {
        loop {
            // A job that was resumed may have ended long ago.
            if self.polls > 0 || self.job.submitted_at().is_some() {
                sleep(self.pause()).await;
            }
            self.polls = self.polls.saturating_add(1);
            // Boxed, so that it takes no room while this sleeps.
            match Box::pin(self.job.status()).await {
                Ok(update) => return Ok(self.note(update)),
                Err(error) => self.sit_out(error)?,
            }
        }
    }

    fn pause(&self) -> Duration {
        let (status, position) = match &self.last {
            Some(update) => (Some(&update.status), update.queue_position),
            None => (None, None),
        };
        let seen = PollContext::new(status, position, self.started.elapsed(), self.polls);
        pause(&*self.job.client().inner().poll, &seen)
    }

    fn note(&mut self, update: Update) -> Update {
        self.heard = Instant::now();
        if update.status.is_live() {
            self.understood = self.heard;
        }
        if self.last.as_ref() != Some(&update) {
            tracing::debug!(
                request_id = self.job.request_id(),
                status = update.status.as_str(),
                queue_position = update.queue_position,
                polls = self.polls,
                "news"
            );
        }
        self.last = Some(update.clone());
        update
    }

    /// Whether an error may be waited out.
    fn sit_out(&self, error: Error) -> Result<(), Error> {
        let silence = self.heard.elapsed();
        if !error.is_retryable() || silence >= self.job.client().inner().outage_limit {
            return Err(error);
        }
        tracing::warn!(request_id = self.job.request_id(), %error, ?silence, "no news");
        Ok(())
    }
}

impl<O: FromValue> Watch<O> {
    /// Waits for the end.
    async fn end(&mut self) -> Result<Ending<O>, Error> {
        loop {
            let update = self.next().await?;
            if update.status == Status::Cancelled {
                return Ok(Ending::Cancelled(self.job.clone()));
            }
            if update.status.is_live() {
                continue;
            }
            // It is over, or the status is an unknown one. The result knows.
            match Box::pin(self.job.result()).await {
                Ok(Ending::StillRunning(state)) => {
                    let goes_on = state.last.is_some_and(|last| last.status.is_live());
                    if goes_on && !update.status.is_over() {
                        self.understood = Instant::now();
                    }
                    if self.understood.elapsed() >= PATIENCE {
                        return Ok(Ending::Unknown(self.unrecognised(&update)));
                    }
                }
                Ok(ending) => return Ok(ending),
                Err(error) => self.sit_out(error)?,
            }
        }
    }

    fn unrecognised(&self, update: &Update) -> Unrecognised {
        Unrecognised {
            request_id: self.job.request_id().to_owned(),
            status: update.status.as_str().to_owned(),
            body: String::new(),
        }
    }
}

/// Waits until the job has ended or the time is up.
pub(crate) async fn wait<O: FromValue>(job: &Job<O>, limit: Option<Duration>) -> Result<Ending<O>, Error> {
    let begun = Instant::now();
    let span = tracing::debug_span!("wait", request_id = job.request_id(), model_id = job.model_id());
    let mut watch = Watch::new(job.clone());
    let ending = match limit {
        Some(limit) => timeout(limit, watch.end()).instrument(span).await,
        None => Ok(watch.end().instrument(span).await),
    };
    ending.unwrap_or_else(|_| {
        Ok(Ending::StillRunning(StillRunning { job: job.clone(), last: watch.last, waited: begun.elapsed() }))
    })
}
