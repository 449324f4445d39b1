//! A batch in numbers: by state, by model, and in dollars. Must not change anything.

use std::collections::BTreeMap;
use std::fmt;

use super::Store;
use super::batches::BatchId;
use super::budgets::{Budget, day_of, has_room, joined_budgets, row_of_day};
use super::db::{Row, Statement, args};
use super::job::State;
use crate::{Error, Usd};

/// A batch in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// How many jobs are in each state.
    pub states: BTreeMap<State, u64>,
    /// The same by model, with what each has cost.
    pub models: BTreeMap<String, ModelSummary>,
    /// How many jobs are known to have cost something.
    pub paid: u64,
    /// How many queued jobs no budget has room for: neither the batch's, nor the day's, nor their model's.
    pub over_budget: u64,
    /// How many queued jobs are held until a person releases them.
    pub held: u64,
    /// How many jobs have ended and have no known cost.
    pub unsettled: u64,
    /// How many outputs wait to be downloaded.
    pub unfetched: u64,
    /// What jobs hold that may still cost something.
    pub reserved: Usd,
    /// What is spent.
    pub spent: Usd,
    /// What the batch may spend.
    pub limit: Option<Usd>,
    /// Why nothing more is submitted.
    pub paused: Option<String>,
}

/// The jobs of one model in a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelSummary {
    /// How many jobs are in each state.
    pub states: BTreeMap<State, u64>,
    /// What they hold that may still cost something.
    pub reserved: Usd,
    /// What they have cost.
    pub spent: Usd,
    /// Why no more jobs of this model are submitted.
    pub paused: Option<String>,
}

impl Summary {
    /// How many jobs are in a state.
    #[must_use]
    pub fn count(&self, state: State) -> u64 {
        self.states.get(&state).copied().unwrap_or_default()
    }
}

/// Some lines for people.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let jobs: u64 = self.states.values().sum();
        let states: Vec<String> = self.states.iter().map(|(state, count)| format!("{count} {state}")).collect();
        writeln!(f, "{jobs} jobs: {}", states.join(", "))?;
        write!(f, "{} paid: {} spent, {} reserved", self.paid, self.spent, self.reserved)?;
        if let Some(limit) = self.limit {
            write!(f, ", of {limit}")?;
        }
        for (count, what) in [
            (self.over_budget, "held back: no budget has room for them"),
            (self.held, "held until a person releases them"),
            (self.count(State::Unknown), "in doubt until a person resolves them: they keep their reservations"),
            (self.unsettled, "without a known cost: they keep their reservations"),
            (self.unfetched, "with files that wait to be downloaded"),
        ] {
            if count > 0 {
                write!(f, "\n{count} {what}")?;
            }
        }
        if let Some(reason) = &self.paused {
            write!(f, "\npaused: {reason}")?;
        }
        for (model, of) in &self.models {
            if let Some(reason) = &of.paused {
                write!(f, "\n{model} is paused: {reason}")?;
            }
        }
        Ok(())
    }
}

const STATES: Statement = Statement {
    name: "states",
    text: "SELECT model, state, COUNT(*),
            CAST(COALESCE(SUM(CASE WHEN settled = 0 AND state IN ('succeeded', 'failed', 'cancelled') THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN files = 'pending' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN held = 1 AND state = 'queued' THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(CASE WHEN spent > 0 THEN 1 ELSE 0 END), 0) AS BIGINT),
            CAST(COALESCE(SUM(reserved), 0) AS BIGINT), CAST(COALESCE(SUM(spent), 0) AS BIGINT)
        FROM jobs WHERE batch = $1 GROUP BY model, state",
};
const BESIDE: Statement = Statement {
    name: "beside",
    text: "SELECT jobs.model, CAST(SUM(strays.reserved) AS BIGINT), CAST(SUM(strays.spent) AS BIGINT)
        FROM strays JOIN jobs ON jobs.id = strays.job WHERE jobs.batch = $1 GROUP BY jobs.model",
};
const OVER_BUDGET: Statement = Statement {
    name: "over budget",
    text: concat!(
        "SELECT COUNT(*) FROM jobs",
        joined_budgets!(),
        " WHERE jobs.account = $1 AND jobs.batch = $2 AND jobs.state = 'queued' AND jobs.held = 0 AND NOT (",
        has_room!(),
        ")"
    ),
};
const PAUSED: Statement = Statement { name: "paused", text: "SELECT reason FROM batches WHERE id = $1 AND paused = 1" };
const PAUSED_MODELS: Statement = Statement {
    name: "paused models",
    text: "SELECT name, COALESCE(reason, '') FROM models WHERE account = $1 AND paused = 1",
};

impl Store {
    /// A batch in numbers.
    ///
    /// # Errors
    /// What the database says.
    pub async fn summary(&self, batch: BatchId) -> Result<Summary, Error> {
        let (reserved, spent, limit) = self.used(&Budget::Batch(batch)).await?;
        let mut summary = Summary { reserved, spent, limit, ..Summary::default() };
        let mut tx = self.db.read().await?;
        for row in tx.rows(&STATES, &args![batch.0]).await? {
            summary.add(&row)?;
        }
        for row in tx.rows(&BESIDE, &args![batch.0]).await? {
            let of = summary.models.entry(row.get(0)?).or_default();
            of.add(row.get(1)?, row.get(2)?);
        }
        let today = day_of(tx.now().await?);
        let over: Option<i64> = tx.value(&OVER_BUDGET, &args![self.account, batch.0, today]).await?;
        summary.over_budget = over.unwrap_or_default().unsigned_abs();
        summary.paused = tx.value::<Option<String>>(&PAUSED, &args![batch.0]).await?.map(Option::unwrap_or_default);
        for row in tx.rows(&PAUSED_MODELS, &args![self.account]).await? {
            if let Some(of) = summary.models.get_mut(&row.get::<String>(0)?) {
                of.paused = Some(row.get(1)?);
            }
        }
        Ok(summary)
    }
}

impl Summary {
    /// Counts a row of a model and a state.
    fn add(&mut self, row: &Row) -> Result<(), Error> {
        let number = |index| Ok::<_, Error>(row.get::<i64>(index)?.unsigned_abs());
        let (state, count) = (State::read(&row.get::<String>(1)?)?, number(2)?);
        *self.states.entry(state).or_default() += count;
        self.unsettled += number(3)?;
        self.unfetched += number(4)?;
        self.held += number(5)?;
        self.paid += number(6)?;
        let of = self.models.entry(row.get(0)?).or_default();
        of.states.insert(state, count);
        of.add(row.get(7)?, row.get(8)?);
        Ok(())
    }
}

impl ModelSummary {
    fn add(&mut self, reserved: i64, spent: i64) {
        self.reserved = Usd::from_micros(self.reserved.micros() + reserved);
        self.spent = Usd::from_micros(self.spent.micros() + spent);
    }
}
