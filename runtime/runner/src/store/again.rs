//! What a person lets be done again: jobs that were refused or failed, and jobs that are held. Must not decide for them.

use super::Store;
use super::batches::BatchId;
use super::db::{Statement, args};
use super::job::State;
use crate::Error;

/// What became of a person's wish to try again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retried {
    /// How many jobs are in the queue again.
    pub again: u64,
    /// How many stay, since they have cost something and nobody said that they may be paid for again.
    pub paid: u64,
    /// How many stay until their cost is known.
    pub unsettled: u64,
}

/// Jobs of a batch in a state that may be made again. What they have cost so far stays spent.
macro_rules! may_be_made_again {
    () => {
        "account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2)
            AND state = $3 AND (settled = 1 OR state = 'refused') AND (spent = 0 OR $4 = 1)"
    };
}

const KEEP_ATTEMPTS: Statement = Statement {
    name: "keep attempts",
    text: concat!(
        "INSERT INTO attempts (job, epoch, state, request_id, cost, ended_at, heard)
        SELECT id, epoch, state, request_id,
            spent - (SELECT CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM attempts WHERE attempts.job = jobs.id), ended_at, heard
        FROM jobs WHERE ",
        may_be_made_again!(),
        " ON CONFLICT DO NOTHING"
    ),
};
const RETRY: Statement = Statement {
    name: "retry",
    text: concat!(
        "UPDATE jobs SET epoch = epoch + 1, state = 'queued', not_before = 0, settled = 0, by_hand = 0, request_id = NULL,
            ended_at = NULL
        WHERE EXISTS (SELECT 1 FROM attempts WHERE attempts.job = jobs.id AND attempts.epoch = jobs.epoch) AND ",
        may_be_made_again!()
    ),
};
const LEFT: Statement = Statement {
    name: "left",
    text: "SELECT CAST(COALESCE(SUM(CASE WHEN settled = 1 OR state = 'refused' THEN 1 ELSE 0 END), 0) AS BIGINT), COUNT(*)
        FROM jobs WHERE account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2) AND state = $3",
};
const RELEASE: Statement =
    Statement { name: "release", text: "UPDATE jobs SET held = 0 WHERE id = $1 AND account = $2 AND held = 1" };
const RELEASE_BATCH: Statement = Statement {
    name: "release a batch",
    text: "UPDATE jobs SET held = 0
        WHERE account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2) AND held = 1
            AND state = 'queued' AND NOT EXISTS (SELECT 1 FROM strays WHERE strays.job = jobs.id)",
};
const HOLD: Statement = Statement {
    name: "hold",
    text: "UPDATE jobs SET held = 1, heard = $3 WHERE batch = $1 AND key = $2 AND state = 'queued' AND held = 0",
};
const HELD: Statement = Statement {
    name: "held",
    text: "SELECT id, epoch, key, model, COALESCE(heard, '') FROM jobs
        WHERE account = $1 AND held = 1 AND state = 'queued' ORDER BY id",
};

/// A queued job that a person must look at first.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HeldJob {
    /// The job.
    pub job: i64,
    /// A decision is for this epoch.
    pub epoch: i64,
    /// The caller's key.
    pub key: String,
    /// The model.
    pub model: String,
    /// Why it is held.
    pub reason: String,
}

impl Store {
    /// Holds a queued job until a person [releases](Self::release) it, and says whether it did: it is not submitted before.
    ///
    /// # Errors
    /// What the database says.
    pub async fn hold_job(&self, batch: BatchId, key: &str, why: &str) -> Result<bool, Error> {
        self.one(&HOLD, &args![batch.0, key, why]).await.map(|changed| changed > 0)
    }

    /// Puts jobs of a batch into the queue again that were refused, failed or were cancelled. What one of them has cost stays
    /// spent; one that has cost anything stays as it is, unless `pay_again`. What was requested so far stays in the table.
    ///
    /// # Errors
    /// Another state; what the database says.
    pub async fn retry(&self, batch: &str, state: State, pay_again: bool) -> Result<Retried, Error> {
        if !matches!(state, State::Refused | State::Failed | State::Cancelled) {
            return Err(Error::Refused(format!(
                "jobs that are {state} can't be made again: refused, failed, cancelled"
            )));
        }
        let mut tx = self.db.begin().await?;
        let values = args![self.account, batch, state.as_str(), i64::from(pay_again)];
        tx.run(&KEEP_ATTEMPTS, &values).await?;
        let again = tx.run(&RETRY, &values).await?;
        let mut retried = Retried { again, ..Retried::default() };
        if let Some(row) = tx.row(&LEFT, &values[..3]).await? {
            let (paid, all): (i64, i64) = (row.get(0)?, row.get(1)?);
            (retried.paid, retried.unsettled) = (paid.unsigned_abs(), (all - paid).unsigned_abs());
        }
        tx.commit().await?;
        Ok(retried)
    }

    /// The queued jobs that a person must look at before they are submitted.
    ///
    /// # Errors
    /// What the database says.
    pub async fn held(&self) -> Result<Vec<HeldJob>, Error> {
        let mut tx = self.db.read().await?;
        let read = |row: &super::db::Row| {
            let (job, epoch, key) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(HeldJob { job, epoch, key, model: row.get(3)?, reason: row.get(4)? })
        };
        tx.rows(&HELD, &args![self.account]).await?.iter().map(read).collect()
    }

    /// Lets a job be submitted that was held back, and says whether it was.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release(&self, job: i64) -> Result<bool, Error> {
        self.one(&RELEASE, &args![job, self.account]).await.map(|changed| changed > 0)
    }

    /// Lets all jobs of a batch be submitted that are held back, but for those whose id turned up: each of these is paid for
    /// already, and [released](Self::release) by itself. Gives how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release_batch(&self, batch: &str) -> Result<u64, Error> {
        self.one(&RELEASE_BATCH, &args![self.account, batch]).await
    }
}
