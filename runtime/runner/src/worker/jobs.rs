//! One job from its intent to its known cost. Must not know which job is next.

use std::time::Duration;

use runcomfy_client::{Ending, Error as CallError, Json, OutcomeUnknown, SubmitOutcome};

use super::{Progress, Shared, millis, state_after};
use crate::models::Unwritable;
use crate::spool::Entry;
use crate::store::{Answer, Candidate, End, Noted, ReadBack, Unsettled};
use crate::{Error, State, Usd, clock};

/// A job whose intent was committed, or may have been.
pub(super) struct Sent {
    pub(super) job: i64,
    pub(super) epoch: i64,
    pub(super) nonce: String,
    pub(super) key: String,
    pub(super) model: String,
    pub(super) input: Json,
    /// Until when it may leave, by the clock that runs during sleep.
    pub(super) deadline: Duration,
    pub(super) in_doubt: bool,
}

/// How long to wait before a submit that did not arrive, where the server says nothing.
const AGAIN: Duration = Duration::from_secs(2);
/// How long to ask for a cost that the server does not know yet.
const COST: Duration = Duration::from_secs(60);
/// How long a job is asked for whose server gives errors that don't pass, before it is left to the next start.
const STUBBORN: u32 = 10;

impl Shared {
    pub(super) async fn submit(&self, mut sent: Sent) {
        if sent.in_doubt {
            let read = || self.store.read_back(sent.job, sent.epoch, &sent.nonce);
            match self.repeat("an intent can't be read back", read).await {
                Some(ReadBack::Stands) => {}
                Some(ReadBack::LeaseOver) => {
                    let answer = Answer::NotSent { wait: 0 };
                    return self.note(&sent, &answer, "nothing was sent: its lease was over").await;
                }
                Some(ReadBack::No) | None => return,
            }
        }
        let deadline = sent.deadline;
        tracing::trace!(target: "runcomfy_runner::store", statement = "send", "runs");
        let outcome = {
            // Neither it nor the room to send it is carried by a job that waits.
            let input = std::mem::take(&mut sent.input);
            Box::pin(self.client.submit_once(&sent.model, &input, move || clock::now() < deadline)).await
        };
        tracing::trace!(target: "runcomfy_runner::store", statement = "send", "ran");
        let reason = outcome.reason().unwrap_or_default();
        let answer = match outcome {
            SubmitOutcome::Taken { request_id } => return self.taken(&sent, request_id, None).await,
            SubmitOutcome::Unknown(doubt) => match *doubt.request_ids() {
                [ref request_id] => return self.taken(&sent, request_id.clone(), Some(&heard(&doubt))).await,
                _ => Answer::Lost,
            },
            SubmitOutcome::NotSent(error) => Answer::NotSent { wait: millis(error.retry_after().unwrap_or(AGAIN)) },
            SubmitOutcome::InputRefused(_) => Answer::InputRefused,
            SubmitOutcome::AccountRefused(_) => Answer::AccountRefused,
            SubmitOutcome::UnknownModel(_) => Answer::UnknownModel,
            // An outcome of a newer client is one that nobody knows here.
            _ => Answer::Lost,
        };
        self.note(&sent, &answer, &reason).await;
    }

    async fn note(&self, sent: &Sent, answer: &Answer, reason: &str) {
        let note = || self.store.note_answer((sent.job, sent.epoch), answer, reason);
        if self.repeat("an answer can't be noted", note).await.is_some() {
            let (key, state) = (sent.key.clone(), state_after(answer));
            self.tell(Progress::NotSubmitted { key, state, reason: reason.to_owned() });
        }
    }

    /// An input that can't be sent: its job is refused, or held for a person, without anything being sent.
    pub(super) async fn unwritable(&self, candidate: &Candidate, why: Unwritable) -> Result<(), Error> {
        let (state, reason, noted) = match why {
            Unwritable::Input(reason) => {
                let noted = self.store.refuse_unsent(candidate, &reason).await?;
                (State::Refused, reason, noted)
            }
            Unwritable::File(reason) => {
                let noted = self.store.hold_unsent(candidate, &reason).await?;
                (State::Queued, format!("held: {reason}"), noted)
            }
        };
        if noted {
            self.tell(Progress::NotSubmitted { key: candidate.key.clone(), state, reason });
        }
        Ok(())
    }

    /// An id was heard: it stands on the disk before the table is told.
    async fn taken(&self, sent: &Sent, request_id: String, heard: Option<&str>) {
        let entry = Entry { job: sent.job, epoch: sent.epoch, request_id };
        if let Err(error) = self.spool.keep(&entry) {
            self.trouble(&format!("the id {} of {} is on no disk yet", entry.request_id, sent.key), &error);
        }
        tracing::trace!(target: "runcomfy_runner::store", statement = "spool", "ran");
        let place = (entry.job, entry.epoch);
        let note = || self.store.note_id(place, &entry.request_id, self.life.worker(), heard);
        let Some(noted) = self.repeat("an id can't be noted", note).await else { return };
        self.spool.forget(&entry);
        self.tell(Progress::Submitted { key: sent.key.clone(), request_id: entry.request_id.clone() });
        match noted {
            Noted::Row => self.follow(sent.job, sent.epoch, &sent.key, &entry.request_id).await,
            Noted::Beside => {
                let text = format!("the request {} of {} came for a job that had moved on", entry.request_id, sent.key);
                self.tell(Progress::Trouble(text));
                self.unpriced().push_back(Unsettled { job: sent.job, request_id: entry.request_id, stray: true });
            }
            Noted::Known | Noted::Nothing => {}
        }
    }

    /// Waits for the end of a job and notes it, with its cost.
    pub(super) async fn follow(&self, job: i64, epoch: i64, key: &str, request_id: &str) {
        let Some((end, cost)) = self.end_of(key, request_id).await else { return };
        let note = || self.store.ended((job, epoch), &end);
        if self.repeat("an ending can't be noted", note).await != Some(true) {
            return;
        }
        let state = match end {
            End::Succeeded { .. } => State::Succeeded,
            End::Failed { .. } => State::Failed,
            End::Cancelled => State::Cancelled,
        };
        self.changes(job);
        self.tell(Progress::Ended { key: key.to_owned(), state });
        let what = Unsettled { job, request_id: request_id.to_owned(), stray: false };
        let Some(cost) = cost.and_then(Usd::from_dollars) else { return self.unpriced().push_back(what) };
        let note = || self.store.settle(&what, cost);
        self.repeat("a cost can't be noted", note).await;
    }

    /// How a job ended, and what it cost if that is known; `None` if the worker stops first, or the server does not tell.
    async fn end_of(&self, key: &str, request_id: &str) -> Option<(End, Option<f64>)> {
        let job = match self.client.untyped_job(request_id) {
            Ok(job) => job,
            Err(error) => {
                self.trouble(&format!("{key} can't be followed"), &error);
                return None;
            }
        };
        for _ in 0..STUBBORN {
            let waited = tokio::select! {
                waited = job.wait() => waited,
                () = self.until_halted() => return None,
            };
            let ended = |reason: String, cost| Some((End::Failed { reason }, cost));
            match waited {
                Ok(Ending::Succeeded(done)) => {
                    return Some((End::Succeeded { output: done.output.to_string() }, done.cost));
                }
                Ok(Ending::Failed(failure)) => return ended(failure.message, failure.cost),
                Ok(Ending::NoOutput(nothing)) => return ended(nothing.to_string(), nothing.cost),
                Ok(Ending::Cancelled(_)) => return Some((End::Cancelled, None)),
                Ok(other) => self
                    .trouble(key, &other.success().err().as_ref().map_or("not over".to_owned(), CallError::to_string)),
                // It may be known again: a 404 ends no job.
                Err(error) => self.trouble(key, &error),
            }
            tokio::select! {
                () = tokio::time::sleep(AGAIN * 15) => {}
                () = self.until_halted() => return None,
            }
        }
        self.tell(Progress::Trouble(format!("{key} ({request_id}) is left to the next start")));
        None
    }

    /// Asks what something cost, and notes it.
    pub(super) async fn ask_cost(&self, what: &Unsettled) {
        let Ok(job) = self.client.untyped_job(&what.request_id) else { return };
        let cost = tokio::select! {
            cost = job.cost(COST) => cost,
            () = self.until_halted() => return,
        };
        match cost.map(|cost| cost.and_then(Usd::from_dollars)) {
            Ok(Some(cost)) => {
                let note = || self.store.settle(what, cost);
                self.repeat("a cost can't be noted", note).await;
                self.changes(what.job);
            }
            Ok(None) => self.tell(Progress::Trouble(format!("the cost of {} is not known yet", what.request_id))),
            Err(error) => self.trouble(&format!("the cost of {} can't be had", what.request_id), &error),
        }
    }
}

/// What was heard, for the row.
fn heard(doubt: &OutcomeUnknown) -> String {
    doubt.to_string()
}
