//! A job as its row has it, and how a row is held while a transaction decides. Must not change anything.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use super::Store;
use super::budgets::Part;
use super::db::{Row, Statement, Tx, args};
use crate::{Error, Usd};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Not submitted.
    Queued,
    /// Somebody is about to submit it, or does.
    Submitting,
    /// Nobody knows whether it was taken; only a person resolves that.
    Unknown,
    /// Taken; its id is known, and it is followed.
    Submitted,
    /// There is an output.
    Succeeded,
    /// It failed.
    Failed,
    /// It was cancelled before it ran.
    Cancelled,
    /// Its input was refused.
    Refused,
    /// A person gave it up; what it had reserved counts as spent.
    GivenUp,
}

impl State {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::Queued,
        Self::Submitting,
        Self::Unknown,
        Self::Submitted,
        Self::Succeeded,
        Self::Failed,
        Self::Cancelled,
        Self::Refused,
        Self::GivenUp,
    ];

    /// The word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Submitting => "submitting",
            Self::Unknown => "unknown",
            Self::Submitted => "submitted",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Refused => "refused",
            Self::GivenUp => "given up",
        }
    }

    pub(super) fn read(word: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == word);
        found.ok_or_else(|| Error::Refused(format!("the table says {word:?}, which is no state of this program")))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A job whose outcome nobody knows, with all that is known of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Doubt {
    /// The job.
    pub job: i64,
    /// A decision is for this epoch.
    pub epoch: i64,
    /// The caller's key.
    pub key: String,
    /// The model.
    pub model: String,
    /// When it was sent, in milliseconds since 1970.
    pub sent_at: Option<i64>,
    /// The machine and the process that sent it.
    pub sender: Option<String>,
    /// The digest of what was sent.
    pub wire: Option<String>,
    /// What was heard.
    pub heard: Option<String>,
    /// What it keeps reserved.
    pub reserved: Usd,
}

/// An id that came for a row that could not take it: a job that is paid for beside the one in the row.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Stray {
    /// The job.
    pub job: i64,
    /// The caller's key.
    pub key: String,
    /// The id.
    pub request_id: String,
    /// Whether its cost is known.
    pub settled: bool,
}

/// A row that no other transaction changes before this one ends.
pub(super) struct Held {
    pub(super) part: Part,
    pub(super) state: State,
    pub(super) epoch: i64,
    pub(super) reserved: i64,
    /// What an intent reserves.
    pub(super) price: i64,
    pub(super) request_id: Option<String>,
}

/// What is held of rows whose numbers are `$1`, with commas between them.
macro_rules! held {
    ($numbers:literal, $lock:literal) => {
        concat!(
            "SELECT id, batch, model, day, state, epoch, reserved, quote, request_id FROM jobs WHERE account = $2 AND id ",
            $numbers,
            " ORDER BY id ",
            $lock
        )
    };
}
const HOLD: Statement =
    Statement { name: "hold rows", text: held!("IN (SELECT value FROM json_each('[' || $1 || ']'))", "") };
const HOLD_POSTGRES: Statement =
    Statement { name: "hold rows", text: held!("= ANY (CAST(string_to_array($1, ',') AS BIGINT[]))", "FOR UPDATE") };
const DEAREST: Statement =
    Statement { name: "dearest", text: "SELECT dearest FROM models WHERE account = $1 AND name = $2" };

impl Store {
    pub(super) async fn hold(&self, tx: &mut Tx, job: i64) -> Result<Held, Error> {
        let mut held = self.hold_all(tx, &[job]).await?;
        held.remove(&job).ok_or_else(|| Error::Refused(format!("there is no job {job} of this account")))
    }

    /// Holds all rows that there are of these, in one order for all: no transaction waits for one that waits for it.
    pub(super) async fn hold_all(&self, tx: &mut Tx, jobs: &[i64]) -> Result<BTreeMap<i64, Held>, Error> {
        let numbers = jobs.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let hold = if tx.is_postgres() { &HOLD_POSTGRES } else { &HOLD };
        let rows = tx.rows(hold, &args![numbers.as_str(), self.account]).await?;
        // Only now: whoever had a row before may have made the model dearer.
        let (mut all, mut dearest) = (BTreeMap::new(), HashMap::new());
        for row in rows {
            let part = Part { account: self.account, batch: row.get(1)?, model: row.get(2)?, day: row.get(3)? };
            let (state, epoch, reserved) = (State::read(&row.get::<String>(4)?)?, row.get(5)?, row.get(6)?);
            if !dearest.contains_key(&part.model) {
                let found: Option<i64> = tx.value(&DEAREST, &args![self.account, part.model.as_str()]).await?;
                dearest.insert(part.model.clone(), found.unwrap_or_default());
            }
            let price = dearest[&part.model].max(row.get(7)?);
            all.insert(row.get(0)?, Held { part, state, epoch, reserved, price, request_id: row.get(8)? });
        }
        Ok(all)
    }
}

const DOUBTS: Statement = Statement {
    name: "doubts",
    text: "SELECT jobs.id, jobs.epoch, jobs.key, jobs.model, jobs.sent_at, workers.machine, workers.process, jobs.wire,
            jobs.heard, jobs.reserved
        FROM jobs LEFT JOIN workers ON workers.id = jobs.sender
        WHERE jobs.account = $1 AND jobs.state = 'unknown' ORDER BY jobs.id",
};
const STRAYS: Statement = Statement {
    name: "strays",
    text: "SELECT jobs.id, jobs.key, strays.request_id, strays.settled FROM strays JOIN jobs ON jobs.id = strays.job
        WHERE jobs.account = $1 ORDER BY jobs.id, strays.request_id",
};

impl Store {
    /// The jobs whose outcome nobody knows.
    ///
    /// # Errors
    /// What the database says.
    pub async fn doubts(&self) -> Result<Vec<Doubt>, Error> {
        let mut tx = self.db.read().await?;
        tx.rows(&DOUBTS, &args![self.account]).await?.iter().map(doubt).collect()
    }

    /// The ids that came for rows which could not take them: each is a job that is paid for twice, or was given up.
    ///
    /// # Errors
    /// What the database says.
    pub async fn strays(&self) -> Result<Vec<Stray>, Error> {
        let mut tx = self.db.read().await?;
        let read = |row: &Row| {
            let settled = row.get::<i64>(3)? != 0;
            Ok(Stray { job: row.get(0)?, key: row.get(1)?, request_id: row.get(2)?, settled })
        };
        tx.rows(&STRAYS, &args![self.account]).await?.iter().map(read).collect()
    }
}

fn doubt(row: &Row) -> Result<Doubt, Error> {
    let machine: Option<String> = row.get(5)?;
    let process: Option<i64> = row.get(6)?;
    Ok(Doubt {
        job: row.get(0)?,
        epoch: row.get(1)?,
        key: row.get(2)?,
        model: row.get(3)?,
        sent_at: row.get(4)?,
        sender: machine.map(|machine| format!("{machine}, process {}", process.unwrap_or_default())),
        wire: row.get(7)?,
        heard: row.get(8)?,
        reserved: Usd::from_micros(row.get(9)?),
    })
}
