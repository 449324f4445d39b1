//! The account of submissions: opened before anything is done with one, with what struck it and what became of it. Must
//! not decide what a submission comes to.

use serde_json::Value;

use super::{Backend, Job};
use crate::account::{Account, Outcome, Submission, shortened};
use crate::catalog::Model;
use crate::faults::dice::hash;
use crate::queue::{JobNumber, Phase};
use crate::{Fault, IdForm, Usd, lock};

/// A submission, with its job instead of its outcome once there is one.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) submission: Submission,
    pub(super) job: Option<JobNumber>,
    pub(super) id_form: Option<IdForm>,
}

/// A submission from its arrival to its end: its place in the account, and what it is rolled by.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    pub(super) entry: usize,
    pub(crate) key: [u8; 8],
}

impl Backend {
    /// Opens the account of a submission before anything is done with it.
    pub(crate) fn open(&self, model_id: &str, body: &[u8]) -> Ticket {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let seed_key = self.catalog.get(model_id).and_then(Model::seed_key);
        let marker = self.config.marker.as_deref().or(seed_key).and_then(|key| value.get(key)).cloned();
        let key = match &marker {
            Some(marker) => hash(0, model_id, marker.to_string().as_bytes(), 0),
            None => hash(0, model_id, body, 0),
        };
        self.enter(model_id, shortened(value), marker.map(shortened), key)
    }

    /// Opens the account of a submission whose body nobody read.
    pub(crate) fn open_unread(&self, model_id: &str) -> Ticket {
        self.enter(model_id, Value::Null, None, 0)
    }

    fn enter(&self, model_id: &str, body: Value, marker: Option<Value>, key: u64) -> Ticket {
        let submission = Submission {
            request_id: None,
            model_id: model_id.to_owned(),
            body,
            marker,
            at: self.clock.now(),
            outcome: Outcome::Dropped,
            cost: Usd::ZERO,
            fault: None,
            ambiguous: false,
        };
        let entries = &mut lock(&self.books).entries;
        entries.push(Entry { submission, job: None, id_form: None });
        Ticket { entry: entries.len() - 1, key: key.to_le_bytes() }
    }

    /// Notes which fault struck a submission.
    pub(crate) fn struck(&self, ticket: &Ticket, fault: Fault) {
        let submission = &mut lock(&self.books).entries[ticket.entry].submission;
        submission.fault = Some(fault);
        submission.ambiguous = fault.is_ambiguous();
    }

    /// The job of a submission gets an id of this form.
    pub(crate) fn name_differently(&self, ticket: &Ticket, form: IdForm) {
        lock(&self.books).entries[ticket.entry].id_form = Some(form);
    }

    /// The body of a submission, as the account has it.
    pub(crate) fn sent(&self, ticket: &Ticket) -> Value {
        lock(&self.books).entries[ticket.entry].submission.body.clone()
    }

    /// Notes that the client of a submission went away before it had the answer.
    pub(crate) fn hung_up(&self, ticket: &Ticket) {
        lock(&self.books).entries[ticket.entry].submission.ambiguous = true;
    }

    /// Notes that a submission was refused before it came to [`Backend::submit`].
    pub(crate) fn rejected(&self, ticket: &Ticket, code: u32) {
        lock(&self.books).entries[ticket.entry].submission.outcome = Outcome::Rejected(code);
    }

    /// Everything that was submitted, as it is now.
    pub(crate) fn account(&self) -> Account {
        let books = &mut *lock(&self.books);
        books.queue.advance(self.clock.now());
        let entries = books.entries.iter().map(|entry| {
            let mut submission = entry.submission.clone();
            if let Some(number) = entry.job {
                let phase = books.queue.phase(number);
                submission.outcome = outcome(&books.jobs[number], phase);
                submission.cost = cost(&books.jobs[number], phase);
            }
            submission
        });
        Account::new(entries.collect())
    }
}

fn outcome(job: &Job, phase: Phase) -> Outcome {
    match phase {
        Phase::Waiting => Outcome::InQueue,
        Phase::Running { .. } => Outcome::InProgress,
        Phase::Done { .. } if job.fate.fails => Outcome::Failed,
        Phase::Done { .. } => Outcome::Succeeded,
        Phase::Cancelled { .. } => Outcome::Cancelled,
    }
}

/// Assumed: only success is paid for.
pub(super) fn cost(job: &Job, phase: Phase) -> Usd {
    if outcome(job, phase) == Outcome::Succeeded { job.price } else { Usd::ZERO }
}
