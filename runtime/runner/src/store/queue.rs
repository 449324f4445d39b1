//! Which queued jobs could be submitted now, and when the next one can. However many jobs can't, since their batch or their model
//! pauses, has no room left or waits for a time, a look costs what it finds: it goes from model to model of each batch, and steps over
//! those that are closed. Must not decide: an intent does.

use super::Store;
use super::budgets::{day_of, row_of_day};
use super::db::{Row, Statement, Tx, args};
use crate::Error;

/// A job that could be submitted now, as it was seen.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Candidate {
    /// The job.
    pub job: i64,
    /// The intent is for this epoch.
    pub epoch: i64,
    /// Its batch.
    pub batch: i64,
    /// The caller's key.
    pub key: String,
    /// The model.
    pub model: String,
    /// The input, with readable names.
    pub input: String,
    /// The digest of the lock that they are from.
    pub lock: String,
    /// The digest of what may be sent, where the job is that of a quote.
    pub quoted: Option<String>,
}

/// What two indexes hold, and no other job: the words are theirs, or they are not used.
macro_rules! queued {
    () => {
        "jobs.account = $1 AND jobs.state = 'queued' AND jobs.held = 0"
    };
}

/// The models of each batch that goes on of which a job is queued, one step in an index for each. Batches are those after `$3`
/// and up to `$4`.
macro_rules! models_of_batches {
    () => {
        concat!(
            "WITH RECURSIVE of_batches (batch) AS (
            SELECT CAST($3 AS BIGINT)
            UNION ALL
            SELECT (SELECT MIN(jobs.batch) FROM jobs WHERE ",
            queued!(),
            " AND jobs.batch > of_batches.batch AND jobs.batch <= $4)
            FROM of_batches WHERE of_batches.batch IS NOT NULL
        ), of_models (batch, model) AS (
            SELECT batches.id, '' FROM of_batches JOIN batches ON batches.id = of_batches.batch
            WHERE batches.paused = 0 AND of_batches.batch > $3
            UNION ALL
            SELECT of_models.batch, (SELECT MIN(jobs.model) FROM jobs WHERE ",
            queued!(),
            " AND jobs.batch = of_models.batch AND jobs.model > of_models.model)
            FROM of_models WHERE of_models.model IS NOT NULL
        )"
        )
    };
}

/// Those of them that are open: no pause, and the budgets of batch, day (`$5`) and model have room for the cheapest job. `room` is
/// what the narrowest of the three has left; `all_fit` where that is enough for the dearest.
macro_rules! open_models {
    () => {
        concat!(
            models_of_batches!(),
            ", lefts (batch, model, dearest, of_batch, of_day, of_model) AS (
            SELECT of_models.batch, of_models.model, models.dearest,
                COALESCE(of_batch.spend_limit - of_batch.spent - of_batch.reserved, 9223372036854775807),
                COALESCE(of_day.spend_limit - of_day.spent - of_day.reserved, 9223372036854775807),
                COALESCE(of_model.spend_limit - of_model.spent - of_model.reserved, 9223372036854775807)
            FROM of_models
                JOIN models ON models.account = $1 AND models.name = of_models.model AND models.paused = 0
                JOIN budgets AS of_batch ON of_batch.account = $1 AND of_batch.kind = 'batch'
                    AND of_batch.number = of_models.batch AND of_batch.name = ''
                JOIN budgets AS of_model ON of_model.account = $1 AND of_model.kind = 'model'
                    AND of_model.number = 0 AND of_model.name = of_models.model
                LEFT JOIN budgets AS of_day ON of_day.account = $1 AND of_day.kind = 'day'
                    AND of_day.name = '' AND of_day.number = ",
            row_of_day!("$1", "$5"),
            "
        ), rooms (batch, model, dearest, room) AS (
            SELECT batch, model, dearest, CASE WHEN of_batch <= of_day AND of_batch <= of_model THEN of_batch
                WHEN of_day <= of_model THEN of_day ELSE of_model END FROM lefts
        ), open_models (batch, model, room, all_fit) AS MATERIALIZED (
            SELECT batch, model, room, room >= (SELECT MAX(jobs.quote) FROM jobs WHERE ",
            queued!(),
            " AND jobs.batch = rooms.batch AND jobs.model = rooms.model)
            FROM rooms WHERE dearest <= room AND room >= (SELECT MIN(jobs.quote) FROM jobs WHERE ",
            queued!(),
            " AND jobs.batch = rooms.batch AND jobs.model = rooms.model)
        )"
        )
    };
}

/// Up to `$6` jobs of an open model: the oldest, and of those that waited for a time who waited longest; the cheapest, where there
/// is no room for the dearest. The orders are those of the two indexes and of no other. By `id` alone, the oldest could be looked for in
/// an index that held jobs are in, too; without `+ 0`, the cheapest by time, past all that are too dear.
macro_rules! of_open_model {
    () => {
        concat!(
            "SELECT id FROM (SELECT jobs.id FROM jobs WHERE open_models.all_fit AND ",
            queued!(),
            " AND jobs.batch = open_models.batch AND jobs.model = open_models.model
                AND jobs.not_before BETWEEN 0 AND 0 ORDER BY jobs.not_before, jobs.id LIMIT $6) AS fresh
            UNION ALL SELECT id FROM (SELECT jobs.id FROM jobs WHERE open_models.all_fit AND ",
            queued!(),
            " AND jobs.batch = open_models.batch AND jobs.model = open_models.model
                AND jobs.not_before BETWEEN 1 AND $2 ORDER BY jobs.not_before, jobs.id LIMIT $6) AS waited
            UNION ALL SELECT id FROM (SELECT jobs.id FROM jobs WHERE NOT open_models.all_fit AND ",
            queued!(),
            " AND jobs.batch = open_models.batch AND jobs.model = open_models.model
                AND jobs.quote <= open_models.room AND jobs.not_before + 0 <= $2 ORDER BY jobs.quote, jobs.id LIMIT $6) AS cheap"
        )
    };
}

/// What a candidate is made of.
macro_rules! columns {
    () => {
        "jobs.id, jobs.epoch, jobs.batch, jobs.key, jobs.model, jobs.input, jobs.lock,
            (SELECT quotes.wire FROM quotes WHERE quotes.id = jobs.key AND quotes.batch = jobs.batch)"
    };
}

const CANDIDATES: Statement = Statement {
    name: "candidates",
    text: concat!(
        open_models!(),
        " SELECT ",
        columns!(),
        " FROM jobs WHERE jobs.id IN (
            SELECT first.id FROM open_models JOIN jobs AS first ON first.id IN (",
        of_open_model!(),
        ") ORDER BY first.id LIMIT $6)
        ORDER BY jobs.id"
    ),
};
/// `OFFSET 0` keeps PostgreSQL from joining all jobs, which it does while it knows nothing of a table that was just filled.
const CANDIDATES_POSTGRES: Statement = Statement {
    name: "candidates",
    text: concat!(
        open_models!(),
        ", chosen (id) AS MATERIALIZED (
            SELECT first.id FROM open_models CROSS JOIN LATERAL (",
        of_open_model!(),
        ") AS first ORDER BY first.id LIMIT $6)
        SELECT job.* FROM chosen CROSS JOIN LATERAL (SELECT ",
        columns!(),
        " FROM jobs WHERE jobs.id = chosen.id OFFSET 0) AS job
        ORDER BY chosen.id"
    ),
};
const NEXT: Statement = Statement {
    name: "next",
    text: concat!(
        models_of_batches!(),
        " SELECT MIN(first) FROM (
            SELECT (SELECT MIN(jobs.not_before) FROM jobs WHERE ",
        queued!(),
        " AND jobs.batch = of_models.batch AND jobs.model = of_models.model AND jobs.not_before > $2) AS first
            FROM of_models JOIN models ON models.account = $1 AND models.name = of_models.model AND models.paused = 0
        ) AS firsts"
    ),
};

impl Store {
    /// In how many milliseconds the next job may be submitted that waits for a time; `None` if none does.
    ///
    /// # Errors
    /// What the database says.
    pub async fn next_at(&self) -> Result<Option<i64>, Error> {
        let mut tx = self.db.read().await?;
        let now = tx.now().await?;
        let (after, up_to) = self.seen_batches();
        let then: Option<Option<i64>> = tx.value(&NEXT, &args![self.account, now, after, up_to]).await?;
        Ok(then.flatten().map(|then| then - now + 1))
    }

    /// Jobs that could be submitted now, the oldest first; of a model whose dearest job no budget has room for, the cheapest. What it
    /// gives is no promise: [`intent`](Self::intent) decides.
    ///
    /// # Errors
    /// What the database says.
    pub async fn candidates(&self, most: usize) -> Result<Vec<Candidate>, Error> {
        self.candidates_in(&mut self.db.read().await?, most).await
    }

    pub(super) async fn candidates_in(&self, tx: &mut Tx, most: usize) -> Result<Vec<Candidate>, Error> {
        let (now, most) = (tx.now().await?, i64::try_from(most).unwrap_or(i64::MAX));
        let (after, up_to) = self.seen_batches();
        let statement = if tx.is_postgres() { &CANDIDATES_POSTGRES } else { &CANDIDATES };
        let rows = tx.rows(statement, &args![self.account, now, after, up_to, day_of(now), most]).await?;
        rows.iter().map(candidate).collect()
    }

    /// The batches whose jobs are worked on: those after the first number, up to the second.
    pub(super) fn seen_batches(&self) -> (i64, i64) {
        self.only.map_or((-1, i64::MAX), |batch| (batch.0 - 1, batch.0))
    }
}

fn candidate(row: &Row) -> Result<Candidate, Error> {
    Ok(Candidate {
        job: row.get(0)?,
        epoch: row.get(1)?,
        batch: row.get(2)?,
        key: row.get(3)?,
        model: row.get(4)?,
        input: row.get(5)?,
        lock: row.get(6)?,
        quoted: row.get(7)?,
    })
}
