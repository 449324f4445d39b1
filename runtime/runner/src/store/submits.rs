//! From `queued` to an intent, and what becomes of an intent nobody heard of any more. Must not know what servers answer, nor which
//! job is next.

use super::Store;
use super::budgets::{Part, day_of};
use super::db::{Statement, args};
use crate::Error;

/// What a worker says of itself when it is about to submit.
#[derive(Clone, Debug)]
pub struct Intent<'a> {
    /// The job.
    pub job: i64,
    /// The epoch in which it was seen.
    pub seen: i64,
    /// The worker.
    pub worker: i64,
    /// Unlike that of any other intent.
    pub nonce: &'a str,
    /// How long the request may be under way, from now on, in milliseconds.
    pub lease: i64,
    /// The digest of what is to be sent.
    pub wire: &'a str,
}

/// What became of an intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intended {
    /// It stands, under this epoch.
    Committed(i64),
    /// Another worker or person was faster, or the batch or the model pauses.
    MovedOn,
    /// This budget has too little left: `batch`, `day` or `model`.
    OverBudget(&'static str),
}

/// What a row says to whoever got no answer to the commit of an intent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// The intent is in the table: it may be sent, if there is time.
    Stands,
    /// It was, and its lease is over: nothing was sent, which is to be noted.
    LeaseOver,
    /// It is not.
    No,
}

/// What became of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noted {
    /// It is in the row; the row is the writer's.
    Row,
    /// The row has it already, and is somebody else's by now.
    Known,
    /// The row could not take it, and an id is kept beside it.
    Beside,
    /// The row is not the writer's any more, and there was nothing to keep.
    Nothing,
}

const INTENT: Statement = Statement {
    name: "intent",
    text: "UPDATE jobs SET state = 'submitting', epoch = epoch + 1, intent = epoch + 1, nonce = $4, owner = $3, sender = $3,
            lease_until = $6, sent_at = $5, wire = $7, heard = NULL, day = $8, reserved = $9, request_id = NULL
        WHERE id = $1 AND state = 'queued' AND epoch = $2 AND held = 0 AND not_before <= $5
            AND EXISTS (SELECT 1 FROM batches WHERE batches.id = jobs.batch AND batches.paused = 0)
            AND EXISTS (SELECT 1 FROM models
                WHERE models.account = jobs.account AND models.name = jobs.model AND models.paused = 0)
            AND EXISTS (SELECT 1 FROM workers WHERE workers.id = $3 AND workers.gone = 0)",
};
const READ_BACK: Statement = Statement {
    name: "read back",
    text: "SELECT state FROM jobs WHERE id = $1 AND epoch = $2 AND intent = $2 AND nonce = $3",
};
const LEASE_OVER: Statement = Statement {
    name: "lease over",
    text: "UPDATE jobs SET state = 'unknown', heard = 'nothing: its worker is gone'
        WHERE account = $1 AND state = 'submitting' AND lease_until < $2
            AND owner IN (SELECT id FROM workers WHERE gone = 1)
        RETURNING id",
};

impl Store {
    /// Says that a job is about to be submitted, and reserves its money. Only what is committed may be sent; after
    /// [`Error::InDoubt`], [`read_back`](Self::read_back) tells.
    ///
    /// # Errors
    /// What the database says.
    pub async fn intent(&self, intent: &Intent<'_>) -> Result<Intended, Error> {
        let (mut done, over) = self.intend(std::slice::from_ref(intent)).await?;
        Ok(over.or_else(|| done.pop()).unwrap_or(Intended::MovedOn))
    }

    /// The same for many jobs, in one transaction: what costs time is the commit. Where a budget has no room for all of them,
    /// each is tried for itself, in their order. Each has its own result, as if it had been the only one.
    pub async fn intents(&self, intents: &[Intent<'_>]) -> Vec<Result<Intended, Error>> {
        match self.intend(intents).await {
            Ok((done, None)) => return done.into_iter().map(Ok).collect(),
            Ok((_, Some(_))) => {}
            Err(error) => return intents.iter().map(|_| Err(error.clone())).collect(),
        }
        let mut done = Vec::with_capacity(intents.len());
        for intent in intents {
            done.push(self.intent(intent).await);
        }
        done
    }

    /// Commits all of them that still are as they were seen, or none, with the budget that has too little left.
    async fn intend(&self, intents: &[Intent<'_>]) -> Result<(Vec<Intended>, Option<Intended>), Error> {
        let mut tx = self.db.begin().await?;
        // Rows first, then budgets: no transaction waits for one that waits for it.
        let jobs: Vec<i64> = intents.iter().map(|intent| intent.job).collect();
        let mut rows = self.hold_all(&mut tx, &jobs).await?;
        // Only now: whoever had a row before may have taken their time.
        let now = tx.now().await?;
        let mut done = Vec::with_capacity(intents.len());
        for &Intent { job, seen, worker, nonce, lease, wire } in intents {
            let held =
                rows.get_mut(&job).ok_or_else(|| Error::Refused(format!("there is no job {job} of this account")))?;
            held.part.day = day_of(now);
            let values = args![job, seen, worker, nonce, now, now + lease, wire, held.part.day, held.price];
            let taken = tx.run(&INTENT, &values).await? > 0;
            done.push(if taken { Intended::Committed(seen + 1) } else { Intended::MovedOn });
        }
        let taken = intents.iter().zip(&done).filter(|(_, done)| **done != Intended::MovedOn);
        let parts: Vec<_> = taken.map(|(intent, _)| &rows[&intent.job]).map(|held| (&held.part, held.price)).collect();
        if parts.is_empty() {
            return Ok((done, None));
        }
        if let Some(kind) = Part::reserve(&mut tx, &parts).await? {
            return Ok((done, Some(Intended::OverBudget(kind))));
        }
        tx.commit().await?;
        Ok((done, None))
    }

    /// Whether an intent whose commit was not answered is in the table.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read_back(&self, job: i64, epoch: i64, nonce: &str) -> Result<ReadBack, Error> {
        let mut tx = self.db.begin().await?;
        // A commit that is still under way has the row: this waits for its end.
        self.hold(&mut tx, job).await?;
        let state = tx.value::<String>(&READ_BACK, &args![job, epoch, nonce]).await?;
        Ok(match state.as_deref() {
            Some("submitting") => ReadBack::Stands,
            Some("unknown") => ReadBack::LeaseOver,
            _ => ReadBack::No,
        })
    }

    /// Finds out which workers are gone, and makes `unknown` of what nobody can hear of any more: [`bury`](Self::bury), then
    /// [`lease_over`](Self::lease_over).
    ///
    /// # Errors
    /// What the database says.
    pub async fn recover(&self) -> Result<(), Error> {
        self.bury().await?;
        self.lease_over().await.map(drop)
    }

    /// Makes `unknown` of what workers that are gone were about to submit, once no request of theirs can be under way. Never
    /// `queued`: it may have arrived. Gives those jobs.
    ///
    /// # Errors
    /// What the database says.
    pub async fn lease_over(&self) -> Result<Vec<i64>, Error> {
        let mut tx = self.db.begin().await?;
        let now = tx.now().await?;
        let jobs = tx.rows(&LEASE_OVER, &args![self.account, now]).await?;
        let jobs = jobs.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
        tx.commit().await?;
        Ok(jobs)
    }
}
