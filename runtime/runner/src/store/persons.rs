//! What a person decides: about an unknown outcome, as they saw it, and when what paused goes on. Must not decide for them.

use super::Store;
use super::budgets::{Part, day_of};
use super::db::{Statement, Tx, args};
use super::job::{Held, State};
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
const IS_HELD: Statement = Statement {
    name: "is, of a held job",
    text: "UPDATE jobs SET epoch = epoch + 1, state = 'submitted', request_id = $3, owner = NULL, held = 0, day = $4, reserved = $5
        WHERE id = $1 AND epoch = $2 AND state = 'queued' AND held = 1",
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
const ADOPT: Statement = Statement {
    name: "adopt a stray",
    text: "DELETE FROM strays WHERE job = $1 AND request_id = $2 RETURNING day, reserved, spent",
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
const RESTORED: Statement = Statement {
    name: "restored",
    text: "UPDATE jobs SET held = 1, heard = 'the store was restored from a backup' WHERE account = $1 AND state = 'queued'",
};
/// The lost time may have raised an epoch, whatever state the job was in, but not that far: what is still on its way from there,
/// such as an id in a spool, is for no epoch that will be.
const RAISE: Statement =
    Statement { name: "raise epochs", text: "UPDATE jobs SET epoch = epoch + 1000000 WHERE account = $1" };
const ALL_GONE: Statement =
    Statement { name: "all gone", text: "UPDATE workers SET gone = 1 WHERE account = $1 AND gone = 0" };
impl Store {
    /// Carries out a decision about a job as it was seen: if it has moved on since, nothing happens. Of a queued job that is
    /// held, a person may say that it [is](Word::Is) in the account; its money is reserved then, whatever the limits say.
    ///
    /// # Errors
    /// [`Error::MovedOn`]; an id that is another job's; what the database says.
    pub async fn resolve(&self, (job, epoch): (i64, i64), word: &Word) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let mut held = self.hold(&mut tx, job).await?;
        let changed = match word {
            Word::Is(request_id) => {
                let known: Option<i64> = tx.value(&KNOWN, &args![self.account, request_id.as_str(), job]).await?;
                if known.unwrap_or_default() > 0 {
                    return Err(Error::Refused(format!("the request {request_id} is another job's: look again")));
                }
                if let Some(row) = tx.row(&ADOPT, &args![job, request_id.as_str()]).await? {
                    // It stood beside the row, and is the job's own from now on.
                    let part = Part { day: row.get(0)?, ..held.part.clone() };
                    part.shift(&mut tx, -row.get::<i64>(1)?, -row.get::<i64>(2)?).await?;
                }
                match held.state {
                    State::Queued => self.is_held(&mut tx, (job, epoch), &mut held, request_id).await?,
                    _ => tx.run(&IS, &args![job, epoch, request_id.as_str()]).await?,
                }
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

    async fn is_held(
        &self,
        tx: &mut Tx,
        (job, epoch): (i64, i64),
        held: &mut Held,
        request_id: &str,
    ) -> Result<u64, Error> {
        held.part.day = day_of(tx.now().await?);
        let changed = tx.run(&IS_HELD, &args![job, epoch, request_id, held.part.day, held.price]).await?;
        if changed > 0 {
            held.part.shift(tx, held.price, 0).await?;
        }
        Ok(changed)
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

    /// Says that this store was restored from a backup: what it has as queued may have been submitted since, so every such job is
    /// held until a person [releases](Self::release) it, or says what [became](Self::resolve) of it. Workers that still run count as
    /// gone, so that what they were about to submit is unknown once its lease is over. Gives how many jobs are held.
    ///
    /// # Errors
    /// What the database says.
    pub async fn restored(&self) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        tx.run(&ALL_GONE, &args![self.account]).await?;
        tx.run(&RAISE, &args![self.account]).await?;
        let held = tx.run(&RESTORED, &args![self.account]).await?;
        tx.commit().await?;
        Ok(held)
    }

    /// A transaction of one statement.
    pub(super) async fn one(&self, statement: &Statement, args: &[super::db::Arg]) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let changed = tx.run(statement, args).await?;
        tx.commit().await?;
        Ok(changed)
    }
}
