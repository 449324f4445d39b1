//! From `submitted` to a known cost: who follows a job, how it ended, and what it cost. Must not know how it was submitted.

use std::collections::BTreeMap;

use super::Store;
use super::budgets::{DAY, Part};
use super::db::{Row, Statement, Tx, args};
use super::job::State;
use super::many::at_once;
use crate::{Error, Usd};

/// A job that somebody follows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Followed {
    /// The job.
    pub job: i64,
    /// The epoch under which its ending is to be written.
    pub epoch: i64,
    /// The caller's key.
    pub key: String,
    /// The model.
    pub model: String,
    /// What the server is asked for.
    pub request_id: String,
}

/// How a job ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum End {
    /// There is an output, as JSON.
    Succeeded {
        /// The output.
        output: String,
    },
    /// It failed, or nobody can make out how it ended.
    Failed {
        /// Why.
        reason: String,
    },
    /// It was cancelled before it ran.
    Cancelled,
}

impl End {
    /// What stands in the row: the state, the output, what was heard, and how it is with the files.
    fn columns(&self) -> (State, Option<&str>, Option<&str>, &'static str) {
        match self {
            Self::Succeeded { output } => (State::Succeeded, Some(output), None, "pending"),
            Self::Failed { reason } => (State::Failed, None, Some(reason), "none"),
            Self::Cancelled => (State::Cancelled, None, None, "none"),
        }
    }

    /// The state of a job that ended so.
    pub(crate) fn state(&self) -> State {
        self.columns().0
    }
}

/// The end of a job, as whoever follows it writes it.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The job.
    pub job: i64,
    /// The epoch under which it is followed.
    pub epoch: i64,
    /// How it ended.
    pub end: End,
    /// What it cost, if that is known already.
    pub cost: Option<Usd>,
}

/// Something that is paid for and whose cost is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Unsettled {
    /// The job.
    pub job: i64,
    /// Whom to ask for.
    pub request_id: String,
    /// Whether it is a stray, beside the job's own request.
    pub stray: bool,
}

/// Who says what something cost.
#[derive(Clone, Copy)]
enum Whose {
    Servers,
    Persons,
}

const ABANDONED: Statement = Statement {
    name: "abandoned",
    text: "SELECT id, epoch, key, model, request_id FROM jobs
        WHERE account = $1 AND state = 'submitted' AND (owner IS NULL OR owner IN (SELECT id FROM workers WHERE gone = 1))
            AND ($3 = -1 OR batch = $3)
        ORDER BY id LIMIT $2",
};
const TAKE_OVER: Statement = Statement {
    name: "take over",
    text: "UPDATE jobs SET epoch = epoch + 1, owner = $3
        WHERE id = $1 AND epoch = $2 AND state = 'submitted'
            AND (owner IS NULL OR owner IN (SELECT id FROM workers WHERE gone = 1))
            AND EXISTS (SELECT 1 FROM workers WHERE workers.id = $3 AND workers.gone = 0)",
};
const ENDED: Statement = Statement {
    name: "ended",
    text: "UPDATE jobs SET state = $3, ended_at = $4, output = $5, heard = $6, files = $7, owner = NULL
        WHERE id = $1 AND epoch = $2 AND state = 'submitted' AND account = $8
        RETURNING batch, day, model, reserved",
};
const UNSETTLED: Statement = Statement {
    name: "unsettled",
    text: "SELECT id, request_id, CAST(0 AS BIGINT) FROM jobs
        WHERE account = $1 AND settled = 0 AND state IN ('succeeded', 'failed', 'cancelled') AND request_id IS NOT NULL
            AND id > $3
        ORDER BY id LIMIT $2",
};
const UNSETTLED_STRAYS: Statement = Statement {
    name: "unsettled strays",
    text: "SELECT strays.job, strays.request_id, CAST(1 AS BIGINT) FROM strays JOIN jobs ON jobs.id = strays.job
        WHERE jobs.account = $1 AND strays.settled = 0 AND strays.job > $3 ORDER BY strays.job LIMIT $2",
};
const SETTLE: Statement = Statement {
    name: "settle",
    text: "UPDATE jobs SET settled = 1, reserved = 0, spent = spent + $2
        WHERE id = $1 AND settled = 0 AND state IN ('succeeded', 'failed', 'cancelled')",
};
/// The server's word comes first: a day is what it has for that.
const SETTLE_BY_HAND: Statement = Statement {
    name: "settle by hand",
    text: "UPDATE jobs SET settled = 1, by_hand = 1, reserved = 0, spent = spent + $2
        WHERE id = $1 AND settled = 0 AND state IN ('succeeded', 'failed', 'cancelled') AND ended_at <= $3",
};
const SETTLE_STRAY_BY_HAND: Statement = Statement {
    name: "settle a stray by hand",
    text: "UPDATE strays SET settled = 1, by_hand = 1, reserved = 0, spent = $3
        WHERE job = $1 AND request_id = $2 AND settled = 0 AND heard_at <= $4",
};
const STRAY: Statement =
    Statement { name: "hold a stray", text: "SELECT day, reserved FROM strays WHERE job = $1 AND request_id = $2" };
const SETTLE_STRAY: Statement = Statement {
    name: "settle a stray",
    text: "UPDATE strays SET settled = 1, reserved = 0, spent = $3 WHERE job = $1 AND request_id = $2 AND settled = 0",
};
const DEARER: Statement = Statement {
    name: "dearer",
    text: "UPDATE models SET dearest = $3 WHERE account = $1 AND name = $2 AND dearest < $3",
};

impl Store {
    /// Takes over submitted jobs that nobody follows: of workers that are gone, and those that a person resolved. Reading may
    /// be done twice; the epoch sees to it that writing isn't.
    ///
    /// # Errors
    /// What the database says.
    pub async fn take_over(&self, worker: i64, most: usize) -> Result<Vec<Followed>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        // Mostly there are none, and who only reads keeps nobody waiting.
        if self.db.read().await?.rows(&ABANDONED, &args![self.account, 1, self.seen()]).await?.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let mut taken = Vec::new();
        for row in tx.rows(&ABANDONED, &args![self.account, most, self.seen()]).await? {
            let (job, epoch): (i64, i64) = (row.get(0)?, row.get(1)?);
            if tx.run(&TAKE_OVER, &args![job, epoch, worker]).await? > 0 {
                let (key, model, request_id) = (row.get(2)?, row.get(3)?, row.get(4)?);
                taken.push(Followed { job, epoch: epoch + 1, key, model, request_id });
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// Writes how jobs ended, in one transaction: what costs time is the commit, and the budgets that all of them count against. A
    /// reservation stays until its cost is known. Gives of each whether the row was the writer's, as if it had been the only one.
    pub async fn ended(&self, endings: &[Ended]) -> Vec<Result<bool, Error>> {
        at_once(endings, |endings| self.end(endings)).await
    }

    async fn end(&self, endings: &[Ended]) -> Result<Vec<bool>, Error> {
        let mut tx = self.db.begin().await?;
        let now = tx.now().await?;
        let (mut done, mut settled) = (vec![false; endings.len()], Vec::new());
        // Rows first, in one order for all, then models, then budgets: no transaction waits for one that waits for it.
        let mut order: Vec<usize> = (0..endings.len()).collect();
        order.sort_unstable_by_key(|index| endings[*index].job);
        for index in order {
            let Ended { job, epoch, end, cost } = &endings[index];
            let (state, output, heard, files) = end.columns();
            let values = args![*job, *epoch, state.as_str(), now, output, heard, files, self.account];
            let Some(row) = tx.row(&ENDED, &values).await? else { continue };
            done[index] = true;
            let part = Part { account: self.account, batch: row.get(0)?, day: row.get(1)?, model: row.get(2)? };
            if let Some(cost) = cost.map(Usd::micros)
                && tx.run(&SETTLE, &args![*job, cost]).await? > 0
            {
                settled.push((part, row.get::<i64>(3)?, cost));
            }
        }
        self.charge(&mut tx, &settled).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Moves what jobs had reserved to what they cost.
    async fn charge(&self, tx: &mut Tx, settled: &[(Part, i64, i64)]) -> Result<(), Error> {
        let mut dearest: BTreeMap<&str, i64> = BTreeMap::new();
        for (part, _, cost) in settled {
            let dearest = dearest.entry(&part.model).or_default();
            *dearest = (*dearest).max(*cost);
        }
        // Before the budgets, as whoever pauses a model has it: nobody waits for one that waits for them.
        for (model, cost) in dearest {
            tx.run(&DEARER, &args![self.account, model, cost]).await?;
        }
        let parts: Vec<_> = settled.iter().map(|(part, reserved, cost)| (part, -reserved, *cost)).collect();
        Part::shift_all(tx, &parts).await
    }

    /// What is paid for and whose cost is not known, strays too.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unsettled(&self, most: usize) -> Result<Vec<Unsettled>, Error> {
        self.unsettled_after(0, most).await
    }

    /// The same of jobs with higher numbers than this.
    ///
    /// # Errors
    /// What the database says.
    pub async fn unsettled_after(&self, job: i64, most: usize) -> Result<Vec<Unsettled>, Error> {
        let mut tx = self.db.read().await?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let mut all = tx.rows(&UNSETTLED, &args![self.account, limit, job]).await?;
        all.extend(tx.rows(&UNSETTLED_STRAYS, &args![self.account, limit, job]).await?);
        let read = |row: &Row| {
            let stray = row.get::<i64>(2)? != 0;
            Ok(Unsettled { job: row.get(0)?, request_id: row.get(1)?, stray })
        };
        let mut all: Vec<Unsettled> = all.iter().map(read).collect::<Result<_, Error>>()?;
        all.sort_unstable_by_key(|what| what.job);
        all.truncate(most);
        Ok(all)
    }

    /// Writes what something cost, once, whoever says it first. Gives whether it was this call.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle(&self, what: &Unsettled, cost: Usd) -> Result<bool, Error> {
        self.settle_by(what, cost, Whose::Servers).await
    }

    /// Writes what a person read on their bill, of what ended more than a day ago and has no known cost; of a stray, of what was
    /// heard of then: until then the server may still tell. What it says later changes nothing. Gives whether this call wrote it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn settle_by_hand(&self, what: &Unsettled, cost: Usd) -> Result<bool, Error> {
        self.settle_by(what, cost, Whose::Persons).await
    }

    async fn settle_by(&self, what: &Unsettled, cost: Usd, whose: Whose) -> Result<bool, Error> {
        let mut tx = self.db.begin().await?;
        let held = self.hold(&mut tx, what.job).await?;
        let (mut part, mut reserved) = (held.part, held.reserved);
        let (job, request_id, micros) = (what.job, what.request_id.as_str(), cost.micros());
        let before = tx.now().await? - DAY;
        if what.stray
            && let Some(row) = tx.row(&STRAY, &args![job, request_id]).await?
        {
            (part.day, reserved) = (row.get(0)?, row.get(1)?);
        }
        let changed = match (what.stray, whose) {
            (true, Whose::Servers) => tx.run(&SETTLE_STRAY, &args![job, request_id, micros]).await?,
            (true, Whose::Persons) => tx.run(&SETTLE_STRAY_BY_HAND, &args![job, request_id, micros, before]).await?,
            (false, Whose::Servers) => tx.run(&SETTLE, &args![job, micros]).await?,
            (false, Whose::Persons) => tx.run(&SETTLE_BY_HAND, &args![job, micros, before]).await?,
        };
        if changed > 0 {
            self.charge(&mut tx, &[(part, reserved, micros)]).await?;
        }
        tx.commit().await?;
        Ok(changed > 0)
    }
}
