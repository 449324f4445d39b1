//! Following a job: its status again and again, at the policy's pace, until it has ended. Must not know what the status
//! or the result look like on the wire.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tracing::Instrument as _;

use super::ending::{Ending, StillRunning};
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
    /// Since when the server has not answered.
    silent: Option<Instant>,
    /// When the server last said something that this version understands.
    understood: Instant,
    last: Option<Update>,
    polls: u32,
}

impl<O> Watch<O> {
    pub(crate) fn new(job: Job<O>) -> Self {
        let now = Instant::now();
        Self { started: job.submitted_at().unwrap_or(now), job, silent: None, understood: now, last: None, polls: 0 }
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
                Err(error) => {
                    let since = *self.silent.get_or_insert_with(Instant::now);
                    self.sit_out(error, since).await?;
                }
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
        self.silent = None;
        if update.status.is_live() {
            self.understood = Instant::now();
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

    /// Lets an error pass, for as long as the server wants to be left alone; gives it back if there is no use in that.
    async fn sit_out(&self, error: Error, since: Instant) -> Result<(), Error> {
        let silence = since.elapsed();
        let may_pass = match &error {
            Error::Api(error) => !error.is_settled(),
            error => error.is_retryable(),
        };
        let limit = self.job.client().inner().outage_limit;
        if !may_pass || silence >= limit {
            return Err(error);
        }
        tracing::warn!(request_id = self.job.request_id(), %error, ?silence, "no news");
        sleep(error.retry_after().unwrap_or_default().min(limit - silence)).await;
        Ok(())
    }
}

impl<O: FromValue> Watch<O> {
    /// Waits for the end.
    async fn end(&mut self) -> Result<Ending<O>, Error> {
        // Apart from `silent`: a status that is answered must not excuse a result that never is.
        let mut no_result = None;
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
                        let (job, waited) = (self.job.clone(), self.started.elapsed());
                        return Ok(Ending::StillRunning(StillRunning { job, last: self.last.clone(), waited }));
                    }
                    no_result = None;
                }
                Ok(ending) => return Ok(ending),
                Err(error) => self.sit_out(error, *no_result.get_or_insert_with(Instant::now)).await?,
            }
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
