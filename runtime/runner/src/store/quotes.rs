//! Quotes: a job as it would be, kept until it expires. Who says "run" names a quote and can say nothing else: neither another input
//! nor a price. One quote is one job, however often it is run. Must not know models.

use super::Store;
use super::batches::{ADD, BatchId};
use super::budgets::day_of;
use super::db::{Statement, args};
use crate::names::Lock;
use crate::{Error, Quote, Usd};

/// A job as it would be.
#[derive(Clone, Debug)]
pub struct NewQuote {
    /// The batch that its job will belong to.
    pub batch: BatchId,
    /// The model.
    pub model: String,
    /// What the model meant on the wire when it was quoted.
    pub digest: String,
    /// The input as JSON, with readable names.
    pub input: String,
    /// What the names mean.
    pub lock: Lock,
    /// The digest of what would be sent. A job whose input has another one by then is not sent.
    pub wire: String,
    /// What is reserved for it.
    pub price: Usd,
    /// What was published of its price, in words.
    pub published: String,
    /// For how long it holds, in milliseconds.
    pub lifetime: i64,
}

/// A quote that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptQuote {
    /// Its id, which becomes the key of its job.
    pub id: String,
    /// The model.
    pub model: String,
    /// What the model meant on the wire.
    pub digest: String,
    /// What is reserved for its job.
    pub price: Usd,
    /// What was published of its price, in words.
    pub published: String,
    /// Until when it holds, in milliseconds since 1970.
    pub expires_at: i64,
}

/// What became of a quote that was to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuoteRun {
    /// It is a job now.
    New,
    /// It was one already: nothing is done twice.
    Known,
    /// There is no such quote.
    NoQuote,
    /// It does not hold any more.
    Expired,
    /// A job of its model has cost this by now, which is more than one may.
    TooDear(Usd),
    /// The day's budget has this left beside what other jobs wait for.
    OverBudget {
        /// What is left.
        left: Usd,
        /// What the job needs.
        needs: Usd,
    },
}

const KEEP: Statement = Statement {
    name: "keep a quote",
    text: "INSERT INTO quotes (id, account, batch, model, digest, input, lock, wire, price, published, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
};
const QUOTE: Statement = Statement {
    name: "quote",
    text: "SELECT id, model, digest, price, published, expires_at, batch, input, lock FROM quotes
        WHERE account = $1 AND id = $2",
};
const IS_JOB: Statement =
    Statement { name: "job of a quote", text: "SELECT COUNT(*) FROM jobs WHERE batch = $1 AND key = $2" };
const DEAREST: Statement =
    Statement { name: "dearest", text: "SELECT dearest FROM models WHERE account = $1 AND name = $2" };
const WAITING: Statement = Statement {
    name: "waiting",
    text: "SELECT CAST(COALESCE(SUM(CASE WHEN jobs.quote > models.dearest THEN jobs.quote ELSE models.dearest END), 0) AS BIGINT)
        FROM jobs JOIN models ON models.account = jobs.account AND models.name = jobs.model
        WHERE jobs.account = $1 AND jobs.state = 'queued'",
};

impl Store {
    /// Keeps a quote under an id that nobody guesses.
    ///
    /// # Errors
    /// A price of nothing; what the database says.
    pub async fn keep_quote(&self, quote: NewQuote) -> Result<KeptQuote, Error> {
        let NewQuote { batch, model, digest, input, lock, wire, price, published, lifetime } = quote;
        Quote::Bounded(price).reserves()?;
        let id = format!("{:032x}", fastrand::u128(..));
        let mut tx = self.db.begin().await?;
        let expires_at = tx.now().await? + lifetime;
        self.keep_model(&mut tx, &model, &lock.digest, &lock.text).await?;
        let values = args![
            id.as_str(),
            self.account,
            batch.0,
            model.as_str(),
            digest.as_str(),
            input.as_str(),
            lock.digest.as_str(),
            wire.as_str(),
            price.micros(),
            published.as_str(),
            expires_at
        ];
        tx.run(&KEEP, &values).await?;
        tx.commit().await?;
        Ok(KeptQuote { id, model, digest, price, published, expires_at })
    }

    /// A quote, whether it still holds or not.
    ///
    /// # Errors
    /// What the database says.
    pub async fn quote(&self, id: &str) -> Result<Option<KeptQuote>, Error> {
        let mut tx = self.db.read().await?;
        let Some(row) = tx.row(&QUOTE, &args![self.account, id]).await? else { return Ok(None) };
        Ok(Some(KeptQuote {
            id: row.get(0)?,
            model: row.get(1)?,
            digest: row.get(2)?,
            price: Usd::from_micros(row.get(3)?),
            published: row.get(4)?,
            expires_at: row.get(5)?,
        }))
    }

    /// Makes a job of a quote, unless it is one. No job may be worth more than `per_job`, and the day's budget must have room for
    /// it beside all that waits; what is submitted, the intent decides once more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn run_quote(&self, id: &str, per_job: Usd) -> Result<QuoteRun, Error> {
        let mut tx = self.db.begin().await?;
        let Some(row) = tx.row(&QUOTE, &args![self.account, id]).await? else { return Ok(QuoteRun::NoQuote) };
        let (model, price): (String, i64) = (row.get(1)?, row.get(3)?);
        let (expires_at, batch): (i64, i64) = (row.get(5)?, row.get(6)?);
        let (input, lock): (String, String) = (row.get(7)?, row.get(8)?);
        let now = tx.now().await?;
        // From here on, whoever else runs a quote or reserves money waits for this: two can't both find the last dollar.
        let left = self.hold_day(&mut tx, day_of(now)).await?;
        if tx.value::<i64>(&IS_JOB, &args![batch, id]).await?.unwrap_or_default() > 0 {
            return Ok(QuoteRun::Known);
        }
        if now >= expires_at {
            return Ok(QuoteRun::Expired);
        }
        let dearest = tx.value::<i64>(&DEAREST, &args![self.account, model.as_str()]).await?.unwrap_or_default();
        let needs = price.max(dearest);
        if needs > per_job.micros() {
            return Ok(QuoteRun::TooDear(Usd::from_micros(needs)));
        }
        if let Some(left) = left {
            let left = left - tx.value::<i64>(&WAITING, &args![self.account]).await?.unwrap_or_default();
            if needs > left {
                let (left, needs) = (Usd::from_micros(left.max(0)), Usd::from_micros(needs));
                return Ok(QuoteRun::OverBudget { left, needs });
            }
        }
        let quoted = Quote::Bounded(Usd::from_micros(price));
        let values =
            args![self.account, batch, id, model.as_str(), input.as_str(), lock.as_str(), price, quoted.as_str()];
        tx.run(&ADD, &values).await?;
        tx.commit().await?;
        Ok(QuoteRun::New)
    }
}
