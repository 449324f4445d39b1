//! One job from its intent to its known cost. Must not know which job is next.

use std::time::Duration;

use runcomfy_client::{Ending, Error as CallError, Json, SubmitOutcome};

use super::{Progress, Shared, millis, state_after};
use crate::models::Unwritable;
use crate::spool::Entry;
use crate::store::{Answer, Candidate, End, Ended, HeardId, Noted, ReadBack, Unsettled};
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

/// A job whose id is in the table, and which this worker follows.
pub(super) struct Taken {
    pub(super) job: i64,
    pub(super) epoch: i64,
    pub(super) key: String,
    pub(super) request_id: String,
}

/// How long to wait before a submit that did not arrive, where the server says nothing.
const AGAIN: Duration = Duration::from_secs(2);
/// How long to ask for a cost that the server does not know yet.
const COST: Duration = Duration::from_secs(60);
/// How long a job is asked for whose server gives errors that don't pass, before it is left to the next start.
const STUBBORN: u32 = 10;

impl Shared {
    /// Submits a job. Gives what is to be followed then.
    pub(super) async fn submit(&self, mut sent: Sent) -> Option<Taken> {
        if sent.in_doubt {
            let read = || self.store.read_back(sent.job, sent.epoch, &sent.nonce);
            match self.repeat("an intent can't be read back", read).await {
                Some(ReadBack::Stands) => {}
                Some(ReadBack::LeaseOver) => {
                    let answer = Answer::NotSent { wait: 0 };
                    self.note(&sent, &answer, "nothing was sent: its lease was over").await;
                    return None;
                }
                Some(ReadBack::No) | None => return None,
            }
        }
        let deadline = sent.deadline;
        tracing::trace!(target: "runcomfy_runner::store", statement = "send", "runs");
        let input = std::mem::take(&mut sent.input);
        let outcome = self.client.submit_once(&sent.model, &input, move || clock::now() < deadline).await;
        tracing::trace!(target: "runcomfy_runner::store", statement = "send", "ran");
        let reason = outcome.reason().unwrap_or_default();
        let answer = match outcome {
            SubmitOutcome::Taken { request_id } => return self.taken(sent, request_id, None).await,
            SubmitOutcome::Unknown(doubt) => match *doubt.request_ids() {
                [ref request_id] => return self.taken(sent, request_id.clone(), Some(doubt.to_string())).await,
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
        None
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
    async fn taken(&self, sent: Sent, request_id: String, heard: Option<String>) -> Option<Taken> {
        let Sent { job, epoch, key, .. } = sent;
        let entry = Entry { job, epoch, request_id };
        if let Err(error) = self.spool.keep(&entry).await {
            self.trouble(&format!("the id {} of {key} is on no disk yet", entry.request_id), &error);
        }
        tracing::trace!(target: "runcomfy_runner::store", statement = "spool", "ran");
        let note = || {
            let id = HeardId { job, epoch, request_id: entry.request_id.clone(), heard: heard.clone() };
            self.heard.say(id, async |all| self.store.note_ids(&all, self.life.worker()).await)
        };
        let noted = self.repeat("an id can't be noted", note).await?;
        self.spool.forget(&entry);
        let request_id = entry.request_id;
        self.tell(Progress::Submitted { key: key.clone(), request_id: request_id.clone() });
        match noted {
            Noted::Row => return Some(Taken { job, epoch, key, request_id }),
            Noted::Beside => {
                let text = format!("the request {request_id} of {key} came for a job that had moved on");
                self.tell(Progress::Trouble(text));
                self.unpriced().push_back(Unsettled { job, request_id, stray: true });
            }
            Noted::Known | Noted::Nothing => {}
        }
        None
    }

    /// Waits for the end of a job and notes it, with its cost.
    pub(super) async fn follow(&self, taken: Taken) {
        let Some((end, cost)) = self.end_of(&taken).await else { return };
        // What it takes to note is not carried by a job that waits.
        Box::pin(self.ended(taken, end, cost)).await;
    }

    /// Notes how a job ended, and its cost.
    async fn ended(&self, Taken { job, epoch, key, request_id }: Taken, end: End, cost: Option<f64>) {
        let ending = Ended { job, epoch, end, cost: cost.and_then(Usd::from_dollars) };
        let note = || self.endings.say(ending.clone(), async |all| self.store.ended(&all).await);
        if self.repeat("an ending can't be noted", note).await != Some(true) {
            return;
        }
        self.changes(job);
        self.tell(Progress::Ended { key, state: ending.end.state() });
        if ending.cost.is_none() {
            self.unpriced().push_back(Unsettled { job, request_id, stray: false });
        }
    }

    /// How a job ended, and what it cost if that is known; `None` if the worker stops first, or the server does not tell.
    async fn end_of(&self, Taken { key, request_id, .. }: &Taken) -> Option<(End, Option<f64>)> {
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
