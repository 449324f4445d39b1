//! A job that is being followed: its status again and again, at the policy's pace, until it has ended. Must not know what the status
//! or the result look like on the wire, nor what other handles of the job heard: that is in `heard`.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::ending::{Ending, StillRunning};
use super::error::{Error, OutOfReach, TransportError, TransportErrorKind};
use super::heard::{Asked, Silence};
use super::job::Job;
use super::status::{Status, Update};
use crate::Json;
use crate::schema::FromValue;

/// How long a job is followed while the server says nothing that this version understands.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// For how long at least the result of a job that has ended is asked for.
const OUT_OF_REACH: Duration = Duration::from_secs(60);

/// The shortest outage that is sat out: one answer must have the time to come.
const MIN_OUTAGE: Duration = Duration::from_secs(1);

/// How long the answer may take at most to the last question of a wait, which is asked when an outage has lasted as long
/// as it may.
const LAST_ANSWER: Duration = Duration::from_secs(10);

/// Later than any program waits.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// A job that is being followed.
pub(crate) struct Watch<O = Json> {
    job: Job<O>,
    begun: Instant,
    /// When the wait is over.
    end: Option<Instant>,
    /// How much of what was heard of the job has been seen here.
    seen: u32,
}

impl<O> Watch<O> {
    pub(crate) fn new(job: Job<O>, end: Option<Instant>) -> Self {
        let seen = job.heard().news();
        Self { job, begun: Instant::now(), end, seen }
    }

    /// What logs of the wait are told in: here, as the documentation names this module.
    pub(crate) fn span(&self) -> tracing::Span {
        tracing::debug_span!("wait", request_id = self.job.request_id(), model_id = self.job.model_id())
    }

    /// Waits for the next news, also for those that another handle asked for. What may pass is sat out, up to the
    /// client's limit.
    pub(crate) async fn next(&mut self) -> Result<Update, Error> {
        let job = self.job.untyped();
        loop {
            let noted = job.noted().notified();
            if let Some(pause) = self.pause() {
                // Sooner if another handle hears something.
                let _ = timeout_at(pause, noted).await;
                continue;
            }
            let turn = job.turn();
            let mut turn = turn.lock().await;
            // Another one may have asked meanwhile.
            if self.pause().is_some() {
                continue;
            }
            if let Some(update) = self.news() {
                return Ok(update);
            }
            let limit = self.outage_limit();
            if let Some(Err(error)) = turn.status.finished() {
                job.heard().leave_out_idle_time();
                self.tolerate(error, Asked::Status, limit, may_pass_of_status)?;
                continue;
            }
            if !turn.status.is_under_way() {
                let mut heard = job.heard();
                heard.note_early_question();
                heard.leave_out_idle_time();
            }
            let patience = |sent| self.patience(sent, Asked::Status, limit);
            let ask = |audience| job.status_question(job.waits(Asked::Status, limit, audience));
            // Boxed, so that it takes no room while this sleeps.
            match Box::pin(turn.status.answer(patience, ask)).await.unwrap_or_else(|| Err(self.no_answer())) {
                Ok(update) => {
                    self.seen = job.heard().news();
                    return Ok(update);
                }
                Err(error) => self.tolerate(error, Asked::Status, limit, may_pass_of_status)?,
            }
        }
    }

    /// How long an outage is sat out.
    fn outage_limit(&self) -> Duration {
        self.job.client().inner().outage_limit.max(MIN_OUTAGE)
    }

    /// Until when the answer may take to a question that was sent then.
    fn patience(&self, sent: Instant, what: Asked, limit: Duration) -> Instant {
        let end = limit_of(self.job.heard().silence(what), sent, limit);
        let answer = LAST_ANSWER.min(limit).min(self.job.client().inner().request_timeout);
        if sent < end { end } else { sent + answer }
    }

    /// What is said of a question that took too long.
    fn no_answer(&self) -> Error {
        let error = TransportError::new(TransportErrorKind::Timeout, "it took as long as an outage may last");
        Error::from(error).about(self.job.request_id())
    }

    /// Until when there is nothing to do.
    fn pause(&self) -> Option<Instant> {
        let heard = self.job.heard();
        let ask_at = heard.ask_at(self.begun, self.end);
        (heard.news() == self.seen && ask_at > Instant::now()).then_some(ask_at)
    }

    /// What was heard and not yet seen here, or an end that need not be asked for.
    fn news(&mut self) -> Option<Update> {
        let heard = self.job.heard();
        let unseen = if heard.news() == self.seen { heard.end() } else { heard.last() };
        self.seen = heard.news();
        unseen.cloned()
    }

    /// Goes on after an error that may pass, up to the client's limit, and not before the server's `Retry-After`; at the
    /// limit a last question is asked. Any other error is given back.
    fn tolerate(&self, error: Error, what: Asked, limit: Duration, may_pass: fn(&Error) -> bool) -> Result<(), Error> {
        let inner = self.job.client().inner();
        let mut heard = self.job.heard();
        let asked = heard.last_asked();
        let this = heard.silence(what);
        let (since, end) = (*this.since.get_or_insert(asked), limit_of(this, asked, limit));
        this.note(&error);
        if !may_pass(&error) || asked >= end {
            let error = this.end(error);
            heard.postpone(&*inner.poll, Duration::ZERO);
            return Err(error);
        }
        let (request_id, silence) = (self.job.request_id(), since.elapsed());
        match what {
            Asked::Status => tracing::warn!(request_id, %error, ?silence, "no news"),
            Asked::Result => tracing::warn!(request_id, %error, ?silence, "no result"),
        }
        heard.postpone(&*inner.poll, error.retry_after().unwrap_or_default());
        heard.ask_by(end);
        Ok(())
    }
}

/// When a silence has lasted as long as it may, which always comes.
fn limit_of(silence: &Silence, asked: Instant, limit: Duration) -> Instant {
    silence.until(asked, limit).unwrap_or_else(|| Instant::now() + FOR_EVER)
}

/// Whether the next answer may be another one.
fn may_pass(error: &Error) -> bool {
    match error {
        Error::Api(error) => !error.is_final(),
        error => error.is_retryable(),
    }
}

/// The same of a status: a list, or JSON of another kind, is none.
fn may_pass_of_status(error: &Error) -> bool {
    matches!(error, Error::Decode(_)) || may_pass(error)
}

impl<O: FromValue> Watch<O> {
    /// Waits for the end of the job.
    pub(crate) async fn ending(&mut self) -> Result<Ending<O>, Error> {
        loop {
            let update = self.next().await?;
            if update.status.is_live() {
                continue;
            }
            // It is over, or the status is an unknown one. The result knows, also that a cancelled job ran all the same.
            let is_cancelled = update.status == Status::Cancelled;
            match Box::pin(self.result(&update.status)).await {
                Ok(Ending::StillRunning(_)) if is_cancelled => return Ok(Ending::Cancelled(self.job.clone())),
                Err(error) if is_cancelled && has_nothing(&error) => {
                    return Ok(Ending::Cancelled(self.job.clone()));
                }
                Ok(Ending::StillRunning(state)) => {
                    let goes_on = state.last.is_some_and(|last| last.status.is_live());
                    let mut heard = self.job.heard();
                    if goes_on && !update.status.is_over() {
                        heard.understood = Instant::now();
                    }
                    heard.result_answered();
                    heard.result_says_no_end();
                    heard.postpone(&*self.job.client().inner().poll, Duration::ZERO);
                    heard.ask_soon_if_output_is_missing();
                    if heard.understood.elapsed() >= PATIENCE {
                        let (job, waited) = (self.job.clone(), self.begun.elapsed());
                        return Ok(Ending::StillRunning(StillRunning { job, last: heard.last().cloned(), waited }));
                    }
                }
                Ok(ending) => {
                    self.job.heard().result_answered();
                    return Ok(ending);
                }
                Err(error) => match self.tolerate_result(error, &update.status) {
                    Err(Error::OutOfReach(_)) if is_cancelled => return Ok(Ending::Cancelled(self.job.clone())),
                    tolerated => tolerated?,
                },
            }
        }
    }

    /// The result as it is now, or the answer to the question for it that is under way.
    async fn result(&self, status: &Status) -> Result<Ending<O>, Error> {
        let job = self.job.untyped();
        let turn = job.turn();
        let mut turn = turn.lock().await;
        if !turn.result.is_under_way() {
            job.heard().leave_out_idle_time();
        }
        let limit = self.result_limit(status);
        let patience = |sent| self.patience(sent, Asked::Result, limit);
        let ask = |audience| {
            job.heard().asked();
            job.result_question(job.waits(Asked::Result, limit, audience))
        };
        let answer = turn.result.answer(patience, ask).await.unwrap_or_else(|| Err(self.no_answer()))?;
        Ending::read(&self.job, &answer).map_err(|error| error.about(self.job.request_id()))
    }

    /// How long a result is asked for that is not there.
    fn result_limit(&self, status: &Status) -> Duration {
        if status.is_over() { self.outage_limit().max(OUT_OF_REACH) } else { self.outage_limit() }
    }

    /// As [`tolerate`](Self::tolerate). The result of a job that has ended is paid for: also an answer that nothing is known
    /// to change is asked for again for a while, and after that the error says that the job is not to be submitted again.
    fn tolerate_result(&self, error: Error, status: &Status) -> Result<(), Error> {
        let is_refused = |error: &Error| matches!(error, Error::Api(_)) && !error.is_auth();
        let (limit, may_pass): (_, fn(&Error) -> bool) =
            match status.is_over() && !may_pass(&error) && is_refused(&error) {
                true => (OUT_OF_REACH, |_| true),
                false => (self.result_limit(status), may_pass),
            };
        // What was read and does not fit its type is in reach: as JSON.
        let is_lost = |cause: &Error| match cause {
            Error::Api(_) => !cause.is_auth(),
            Error::Decode(cause) => cause.output().is_none(),
            Error::Transport(_) => true,
            _ => false,
        };
        let is_last = |cause: Error| match status.is_over() && is_lost(&cause) {
            true => OutOfReach { request_id: self.job.request_id().to_owned(), cause }.into(),
            false => cause,
        };
        self.tolerate(error, Asked::Result, limit, may_pass).map_err(is_last)
    }
}

/// Whether the server has no result, it says.
fn has_nothing(error: &Error) -> bool {
    matches!(error, Error::Api(_)) && !error.is_retryable() && !error.is_auth()
}
