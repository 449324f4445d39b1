//! Batches and the jobs that are added to them. Must not know models.

use std::collections::BTreeMap;

use super::Store;
use super::budgets::Budget;
use super::db::{Statement, Tx, args};
use crate::names::Lock;
use crate::{Error, Quote};

/// The number of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BatchId(pub(super) i64);

/// A job to be added.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// The caller's key; the same key again is the same job.
    pub key: String,
    /// The model.
    pub model: String,
    /// The input as JSON, with readable names.
    pub input: String,
    /// What the names mean.
    pub lock: Lock,
    /// What is known of its price.
    pub quote: Quote,
}

const NEW: Statement = Statement {
    name: "new batch",
    text: "INSERT INTO batches (account, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
};
const BATCH: Statement = Statement { name: "batch", text: "SELECT id FROM batches WHERE account = $1 AND name = $2" };
const MODEL: Statement =
    Statement { name: "new model", text: "INSERT INTO models (account, name) VALUES ($1, $2) ON CONFLICT DO NOTHING" };
pub(super) const ADD: Statement = Statement {
    name: "add a job",
    text: "INSERT INTO jobs (account, batch, key, model, input, lock, quote, quoted) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT DO NOTHING",
};
const LOCK: Statement = Statement {
    name: "keep a lock",
    text: "INSERT INTO locks (account, model, digest, text) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
};
const BATCHES_OF: Statement = Statement {
    name: "batches of jobs",
    text: "SELECT name FROM batches WHERE account = $1
            AND EXISTS (SELECT 1 FROM jobs WHERE jobs.batch = batches.id AND jobs.id BETWEEN $2 AND $3) ORDER BY name",
};
const NAMES: Statement =
    Statement { name: "names of batches", text: "SELECT name FROM batches WHERE account = $1 ORDER BY id" };
const LOCK_OF: Statement =
    Statement { name: "lock", text: "SELECT text FROM locks WHERE account = $1 AND model = $2 AND digest = $3" };
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
    pub async fn add(&self, batch: BatchId, jobs: &[NewJob]) -> Result<u64, Error> {
        let mut tx = self.db.begin().await?;
        let mut new = 0;
        // In one order for all who add: nobody waits for one that waits for them.
        let named = jobs.iter().map(|job| ((job.model.as_str(), job.lock.digest.as_str()), job.lock.text.as_str()));
        for ((model, digest), text) in named.collect::<BTreeMap<_, _>>() {
            self.keep_model(&mut tx, model, digest, text).await?;
        }
        for job in jobs {
            let (key, model, input) = (job.key.as_str(), job.model.as_str(), job.input.as_str());
            let quote = job.quote.reserves().map_err(|error| Error::Refused(format!("the job {key}: {error}")))?;
            let lock = job.lock.digest.as_str();
            let values = args![self.account, batch.0, key, model, input, lock, quote.micros(), job.quote.as_str()];
            let added = tx.run(&ADD, &values).await?;
            new += added;
            if added == 0 && tx.value::<i64>(&SAME, &args![batch.0, key, model, input]).await? == Some(0) {
                let text = format!("the job {key} is there with another input: give this one another key");
                return Err(Error::Refused(text));
            }
        }
        tx.commit().await?;
        Ok(new)
    }

    /// Makes sure that the model, its budget and this lock of it are there.
    pub(super) async fn keep_model(&self, tx: &mut Tx, model: &str, digest: &str, text: &str) -> Result<(), Error> {
        tx.run(&MODEL, &args![self.account, model]).await?;
        self.open_budget(tx, &Budget::Model(model.to_owned())).await?;
        tx.run(&LOCK, &args![self.account, model, digest, text]).await.map(drop)
    }

    /// The names of all batches, in the order in which they were made.
    ///
    /// # Errors
    /// What the database says.
    pub async fn batches(&self) -> Result<Vec<String>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.rows(&NAMES, &args![self.account]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// The names of the batches that jobs between these belong to.
    ///
    /// # Errors
    /// What the database says.
    pub async fn batches_of(&self, (first, last): (i64, i64)) -> Result<Vec<String>, Error> {
        let mut tx = self.db.read().await?;
        let rows = tx.rows(&BATCHES_OF, &args![self.account, first, last]).await?;
        rows.iter().map(|row| row.get(0)).collect()
    }

    /// A lock under which inputs of a model were added.
    ///
    /// # Errors
    /// None has this digest; what the database says.
    pub async fn lock(&self, model: &str, digest: &str) -> Result<Lock, Error> {
        let mut tx = self.db.read().await?;
        let text: Option<String> = tx.value(&LOCK_OF, &args![self.account, model, digest]).await?;
        let lock = text.map(Lock::new).filter(|lock| lock.digest == digest);
        lock.ok_or_else(|| Error::Refused(format!("the store has no names.lock {digest} of {model}")))
    }
}
