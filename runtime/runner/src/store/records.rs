//! Everything that is known of the jobs of a batch, for people and programs that have no database. Must not change anything.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Store;
use super::batches::BatchId;
use super::db::{Row, Statement, args};
use super::downloads::StoredFile;
use crate::{Error, Usd, digest};

/// A job as it stands in a manifest: what was asked for, what was paid, and what lies on the disk. Amounts are US dollars as
/// decimal text, exact to a millionth; times are RFC 3339 in UTC.
#[derive(Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The caller's key.
    pub key: String,
    /// The model.
    pub model: String,
    /// Where the job stands, as in `succeeded`.
    pub state: String,
    /// The input, with readable names, to the letter.
    pub input: Box<RawValue>,
    /// The SHA-256 of that text.
    pub input_sha256: String,
    /// The SHA-256 of the lock that its names are from.
    pub names_sha256: String,
    /// A digest of model and body as they were sent last.
    pub wire_sha256: Option<String>,
    /// What the server calls the job.
    pub request_id: Option<String>,
    /// The least that was reserved for it.
    pub quote_usd: String,
    /// What all its requests have cost; `None` until the cost of the last one is known.
    pub cost_usd: Option<String>,
    /// Whether a person wrote the last cost.
    pub cost_by_hand: bool,
    /// Which machine submitted it last.
    pub machine: Option<String>,
    /// When.
    pub sent_at: Option<String>,
    /// When its end was heard of.
    pub ended_at: Option<String>,
    /// What was heard of it last, in words.
    pub heard: Option<String>,
    /// What lies under which name below the batch's folder.
    pub files: Vec<StoredFile>,
    /// The requests before a person let it be made again.
    pub attempts: Vec<Attempt>,
    /// Requests beside its own that turned up, and are paid for.
    pub strays: Vec<Attempt>,
}

/// A request of a job beside its last one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Attempt {
    /// How it ended, as in `failed`; `stray` for one that nobody follows.
    pub state: String,
    /// What the server calls it.
    pub request_id: Option<String>,
    /// What it cost; `None` until that is known.
    pub cost_usd: Option<String>,
}

const RECORDS: Statement = Statement {
    name: "records",
    text: "SELECT jobs.id, jobs.key, jobs.model, jobs.state, jobs.input, jobs.lock, jobs.wire, jobs.request_id, jobs.quote,
            jobs.spent, jobs.settled, jobs.by_hand, workers.machine, jobs.sent_at, jobs.ended_at, jobs.heard
        FROM jobs LEFT JOIN workers ON workers.id = jobs.sender
        WHERE jobs.batch = $1 AND jobs.id > $2 ORDER BY jobs.id LIMIT $3",
};
const NUMBER: Statement =
    Statement { name: "number of a job", text: "SELECT id FROM jobs WHERE batch = $1 AND key = $2" };
const FILES: Statement = Statement {
    name: "files",
    text:
        "SELECT files.job, files.name, files.url, files.bytes, files.sha256 FROM files JOIN jobs ON jobs.id = files.job
        WHERE jobs.batch = $1 AND files.job > $2 AND files.job <= $3 ORDER BY files.job, files.name",
};
const ATTEMPTS: Statement = Statement {
    name: "attempts",
    text: "SELECT attempts.job, attempts.state, attempts.request_id, attempts.cost, CAST(1 AS BIGINT)
        FROM attempts JOIN jobs ON jobs.id = attempts.job
        WHERE jobs.batch = $1 AND attempts.job > $2 AND attempts.job <= $3 ORDER BY attempts.job, attempts.epoch",
};
const STRAYS: Statement = Statement {
    name: "strays of records",
    text: "SELECT strays.job, CAST('stray' AS TEXT), strays.request_id, strays.spent, strays.settled
        FROM strays JOIN jobs ON jobs.id = strays.job
        WHERE jobs.batch = $1 AND strays.job > $2 AND strays.job <= $3 ORDER BY strays.job, strays.heard_at",
};

impl Store {
    /// The jobs of a batch after this one, in the order in which they were added, with their numbers.
    ///
    /// # Errors
    /// What the database says.
    pub async fn records(&self, batch: BatchId, after: i64, most: usize) -> Result<Vec<(i64, Record)>, Error> {
        let mut tx = self.db.read().await?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = tx.rows(&RECORDS, &args![batch.0, after, most]).await?;
        let mut records = rows.iter().map(record).collect::<Result<Vec<_>, _>>()?;
        let Some(last) = records.last().map(|(job, _)| *job) else { return Ok(records) };
        let part = args![batch.0, after, last];
        for row in tx.rows(&FILES, &part).await? {
            let bytes = row.get::<i64>(3)?.unsigned_abs();
            let file = StoredFile { name: row.get(1)?, url: row.get(2)?, bytes, sha256: row.get(4)? };
            of(&mut records, &row)?.files.push(file);
        }
        for row in tx.rows(&ATTEMPTS, &part).await? {
            let attempt = attempt(&row)?;
            of(&mut records, &row)?.attempts.push(attempt);
        }
        for row in tx.rows(&STRAYS, &part).await? {
            let stray = attempt(&row)?;
            of(&mut records, &row)?.strays.push(stray);
        }
        Ok(records)
    }

    /// The job of a batch that has this key, with its number; `None` if there is none.
    ///
    /// # Errors
    /// What the database says.
    pub async fn record(&self, batch: BatchId, key: &str) -> Result<Option<(i64, Record)>, Error> {
        let mut tx = self.db.read().await?;
        let Some(job) = tx.value::<i64>(&NUMBER, &args![batch.0, key]).await? else { return Ok(None) };
        drop(tx);
        Ok(self.records(batch, job - 1, 1).await?.pop())
    }
}

/// The record of the job that a row begins with.
fn of<'r>(records: &'r mut [(i64, Record)], row: &Row) -> Result<&'r mut Record, Error> {
    let job: i64 = row.get(0)?;
    let found = records.binary_search_by_key(&job, |(job, _)| *job);
    let index = found.map_err(|_| Error::Refused(format!("the table has a file of job {job}, which is not there")))?;
    Ok(&mut records[index].1)
}

fn record(row: &Row) -> Result<(i64, Record), Error> {
    let input: String = row.get(4)?;
    let input_sha256 = digest::of_text(&input);
    let input =
        RawValue::from_string(input).map_err(|error| Error::Refused(format!("an input of the table: {error}")))?;
    let (spent, settled): (i64, i64) = (row.get(9)?, row.get(10)?);
    let record = Record {
        key: row.get(1)?,
        model: row.get(2)?,
        state: row.get(3)?,
        input,
        input_sha256,
        names_sha256: row.get(5)?,
        wire_sha256: row.get(6)?,
        request_id: row.get(7)?,
        quote_usd: Usd::from_micros(row.get(8)?).decimal(),
        cost_usd: (settled != 0 || spent > 0).then(|| Usd::from_micros(spent).decimal()),
        cost_by_hand: row.get::<i64>(11)? != 0,
        machine: row.get(12)?,
        sent_at: row.get::<Option<i64>>(13)?.and_then(time_of),
        ended_at: row.get::<Option<i64>>(14)?.and_then(time_of),
        heard: row.get(15)?,
        files: Vec::new(),
        attempts: Vec::new(),
        strays: Vec::new(),
    };
    Ok((row.get(0)?, record))
}

fn attempt(row: &Row) -> Result<Attempt, Error> {
    let (cost, settled): (i64, i64) = (row.get(3)?, row.get(4)?);
    Ok(Attempt {
        state: row.get(1)?,
        request_id: row.get(2)?,
        cost_usd: (settled != 0).then(|| Usd::from_micros(cost).decimal()),
    })
}

/// A time of the table, which counts milliseconds since 1970.
fn time_of(millis: i64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(millis) * 1_000_000).ok()?.format(&Rfc3339).ok()
}
