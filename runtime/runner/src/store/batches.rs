//! Batches and the jobs that are added to them. Must not know models.

use super::Store;
use super::budgets::Budget;
use super::db::{Statement, args};
use crate::{Error, Usd};

/// The number of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub(super) i64);

/// A job to be added.
#[derive(Clone, Debug)]
pub struct NewJob<'a> {
    /// The caller's key; the same key again is the same job.
    pub key: &'a str,
    /// The model.
    pub model: &'a str,
    /// The input as JSON, with readable names.
    pub input: &'a str,
    /// The least that is reserved for it.
    pub quote: Usd,
}

const NEW: Statement = Statement {
    name: "new batch",
    text: "INSERT INTO batches (account, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
};
const BATCH: Statement = Statement { name: "batch", text: "SELECT id FROM batches WHERE account = $1 AND name = $2" };
const MODEL: Statement =
    Statement { name: "new model", text: "INSERT INTO models (account, name) VALUES ($1, $2) ON CONFLICT DO NOTHING" };
const ADD: Statement = Statement {
    name: "add a job",
    text: "INSERT INTO jobs (account, batch, key, model, input, quote) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
};
const SAME: Statement = Statement {
    name: "same job",
    text: "SELECT COUNT(*) FROM jobs WHERE batch = $1 AND key = $2 AND model = $3 AND input = $4",
};
impl Store {
    /// The batch of that name, which is made if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn batch(&self, name: &str) -> Result<BatchId, Error> {
        let mut tx = self.db.begin().await?;
        let now = tx.now().await?;
        tx.run(&NEW, &args![self.account, name, now]).await?;
        let batch = BatchId(tx.value(&BATCH, &args![self.account, name]).await?.unwrap_or_default());
        self.open_budget(&mut tx, &Budget::Batch(batch)).await?;
        tx.commit().await?;
        Ok(batch)
    }

    /// Adds jobs, all or none, and gives how many are new. A key that is there already is left as it is.
    ///
    /// # Errors
    /// A key that is there with another input; a job without a price; what the database says.
    pub async fn add(&self, batch: BatchId, jobs: &[NewJob<'_>]) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let mut new = 0;
        for job in jobs {
            if job.quote <= Usd::ZERO {
                return Err(Error::Refused(format!("the job {} has no price: give a figure", job.key)));
            }
            tx.run(&MODEL, &args![self.account, job.model]).await?;
            self.open_budget(&mut tx, &Budget::Model(job.model.to_owned())).await?;
            let values = args![self.account, batch.0, job.key, job.model, job.input, job.quote.micros()];
            let added = tx.run(&ADD, &values).await?;
            new += added;
            let same: Option<i64> = match added {
                0 => tx.value(&SAME, &args![batch.0, job.key, job.model, job.input]).await?,
                _ => continue,
            };
            if same == Some(0) {
                let text = format!("the job {} is there with another input: give this one another key", job.key);
                return Err(Error::Refused(text));
            }
        }
        tx.commit().await?;
        Ok(new)
    }
}
