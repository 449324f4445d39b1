//! What a person decides: about an unknown outcome, as they saw it, and when what paused goes on. Must not decide for them.

use super::Store;
use super::db::{Statement, args};
use crate::Error;

/// A person's decision about a job whose outcome nobody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// It was taken, and this is its id.
    Is(String),
    /// It is not in the account. A process that sleeps could still send it: be sure that the one that sent it has ended.
    WasNotSubmitted,
    /// Nobody will ever know. What it has reserved counts as spent.
    GiveUp,
}

const IS: Statement = Statement {
    name: "is",
    text: "UPDATE jobs SET epoch = epoch + 1, state = 'submitted', request_id = $3, owner = NULL
        WHERE id = $1 AND epoch = $2 AND state = 'unknown'",
};
const WAS_NOT_SUBMITTED: Statement = Statement {
    name: "was not submitted",
    text: "UPDATE jobs SET epoch = epoch + 1, state = 'queued', reserved = 0, owner = NULL
        WHERE id = $1 AND epoch = $2 AND state = 'unknown'",
};
const GIVE_UP: Statement = Statement {
    name: "give up",
    text: "UPDATE jobs SET epoch = epoch + 1, state = 'given up', spent = spent + reserved, reserved = 0, owner = NULL
        WHERE id = $1 AND epoch = $2 AND state = 'unknown'",
};
const KNOWN: Statement =
    Statement { name: "known", text: "SELECT COUNT(*) FROM jobs WHERE account = $1 AND request_id = $2 AND id <> $3" };
const RESUME: Statement = Statement {
    name: "resume",
    text: "UPDATE batches SET paused = 0, reason = NULL WHERE account = $1 AND name = $2 AND paused = 1",
};
const RESUME_MODEL: Statement = Statement {
    name: "resume a model",
    text: "UPDATE models SET paused = 0, reason = NULL WHERE account = $1 AND name = $2 AND paused = 1",
};
const RELEASE: Statement =
    Statement { name: "release", text: "UPDATE jobs SET held = 0 WHERE id = $1 AND account = $2 AND held = 1" };
const RETRY: Statement = Statement {
    name: "retry",
    text:
        "UPDATE jobs SET epoch = epoch + 1, state = 'queued', not_before = 0
        WHERE account = $1 AND state = 'refused' AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2)",
};
const RESTORED: Statement = Statement {
    name: "restored",
    text: "UPDATE jobs SET held = 1, heard = 'the store was restored from a backup' WHERE account = $1 AND state = 'queued'",
};

impl Store {
    /// Carries out a decision about a job as it was seen: if it has moved on since, nothing happens.
    ///
    /// # Errors
    /// [`Error::MovedOn`]; an id that is another job's; what the database says.
    pub async fn resolve(&self, (job, epoch): (i64, i64), word: &Word) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let held = self.hold(&mut tx, job).await?;
        let changed = match word {
            Word::Is(request_id) => {
                let known: Option<i64> = tx.value(&KNOWN, &args![self.account, request_id.as_str(), job]).await?;
                if known.unwrap_or_default() > 0 {
                    return Err(Error::Refused(format!("the request {request_id} is another job's: look again")));
                }
                tx.run(&IS, &args![job, epoch, request_id.as_str()]).await?
            }
            Word::WasNotSubmitted => tx.run(&WAS_NOT_SUBMITTED, &args![job, epoch]).await?,
            Word::GiveUp => tx.run(&GIVE_UP, &args![job, epoch]).await?,
        };
        if changed == 0 {
            return Err(Error::MovedOn { job });
        }
        match word {
            Word::Is(_) => {}
            Word::WasNotSubmitted => held.part.shift(&mut tx, -held.reserved, 0).await?,
            Word::GiveUp => held.part.shift(&mut tx, -held.reserved, held.reserved).await?,
        }
        tx.commit().await
    }

    /// Lets a batch go on that paused, and says whether it did.
    ///
    /// # Errors
    /// What the database says.
    pub async fn resume(&self, batch: &str) -> Result<bool, Error> {
        self.one(&RESUME, &args![self.account, batch]).await.map(|changed| changed > 0)
    }

    /// Lets a model go on that paused, and says whether it did.
    ///
    /// # Errors
    /// What the database says.
    pub async fn resume_model(&self, model: &str) -> Result<bool, Error> {
        self.one(&RESUME_MODEL, &args![self.account, model]).await.map(|changed| changed > 0)
    }

    /// Lets a job be submitted that was held back, and says whether it was.
    ///
    /// # Errors
    /// What the database says.
    pub async fn release(&self, job: i64) -> Result<bool, Error> {
        self.one(&RELEASE, &args![job, self.account]).await.map(|changed| changed > 0)
    }

    /// Puts the jobs of a batch whose input was refused into the queue again; none of them was paid for. Gives how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn retry_refused(&self, batch: &str) -> Result<u64, Error> {
        self.one(&RETRY, &args![self.account, batch]).await
    }

    /// Says that this store was restored from a backup: what it has as queued may have been submitted since, so every such job is
    /// held until a person [releases](Self::release) it. Gives how many.
    ///
    /// # Errors
    /// What the database says.
    pub async fn restored(&self) -> Result<u64, Error> {
        self.one(&RESTORED, &args![self.account]).await
    }

    /// A transaction of one statement.
    pub(super) async fn one(&self, statement: &Statement, args: &[super::db::Arg]) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let changed = tx.run(statement, args).await?;
        tx.commit().await?;
        Ok(changed)
    }
}
