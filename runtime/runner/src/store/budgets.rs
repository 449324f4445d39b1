//! Budgets: counters of what jobs hold and have spent, by batch, day and model. A counter is changed in the transaction that
//! changes the job, always in this order. Must not know why.

use std::collections::BTreeMap;

use super::Store;
use super::batches::BatchId;
use super::db::{Statement, Tx, args};
use crate::{Error, Usd};

/// The budgets that a job counts against.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) account: i64,
    pub(super) batch: i64,
    /// Days since 1970, UTC.
    pub(super) day: i64,
    pub(super) model: String,
}

/// Which budget.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Budget {
    /// Of all jobs of a batch.
    Batch(BatchId),
    /// Of all jobs of the account, each day anew, by UTC.
    EachDay,
    /// Of all jobs of a model, for good.
    Model(String),
}

const RESERVE: Statement = Statement {
    name: "reserve",
    text: "UPDATE budgets SET reserved = reserved + $5
        WHERE account = $1 AND kind = $2 AND number = $3 AND name = $4
            AND (spend_limit IS NULL OR spent + reserved + $5 <= spend_limit)",
};
const MOVE: Statement = Statement {
    name: "move money",
    text: "UPDATE budgets SET reserved = reserved + $5, spent = spent + $6
        WHERE account = $1 AND kind = $2 AND number = $3 AND name = $4",
};
const OPEN: Statement = Statement {
    name: "open a budget",
    text: "INSERT INTO budgets (account, kind, number, name) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
};
const OPEN_DAY: Statement = Statement {
    name: "open a day",
    text: "INSERT INTO budgets (account, kind, number, name, spend_limit) VALUES ($1, 'day', $2, '',
            (SELECT spend_limit FROM budgets WHERE account = $1 AND kind = 'day' AND number = -1 AND name = ''))
        ON CONFLICT DO NOTHING",
};
const LIMIT: Statement = Statement {
    name: "set a limit",
    text: "UPDATE budgets SET spend_limit = $5 WHERE account = $1 AND kind = $2 AND name = $4 AND (number = $3 OR $3 = -1)",
};
macro_rules! used {
    () => {
        "SELECT reserved, spent, spend_limit FROM budgets WHERE account = $1 AND kind = $2 AND number = $3 AND name = $4"
    };
}
const USED: Statement = Statement { name: "used", text: used!() };
/// In a file, who may write holds everything.
const HOLD: Statement = Statement { name: "hold a budget", text: concat!(used!(), " FOR UPDATE") };
const USED_OF_DAY: Statement = Statement {
    name: "used of a day",
    text: concat!(
        "SELECT reserved, spent, spend_limit FROM budgets WHERE account = $1 AND kind = 'day' AND name = '' AND number = ",
        row_of_day!("$1", "$2")
    ),
};
/// The row of a day; of one that is not opened yet, the one that it will be made of.
macro_rules! row_of_day {
    ($account:literal, $day:literal) => {
        concat!(
            "(SELECT MAX(days.number) FROM budgets AS days WHERE days.account = ",
            $account,
            " AND days.kind = 'day' AND days.name = '' AND days.number IN (-1, ",
            $day,
            "))"
        )
    };
}
pub(super) use row_of_day;

/// The budgets of jobs, for a statement about rows of `jobs`; today is `$3`.
macro_rules! joined_budgets {
    () => {
        concat!(
            "
            JOIN models ON models.account = jobs.account AND models.name = jobs.model
            JOIN budgets AS of_batch ON of_batch.account = jobs.account AND of_batch.kind = 'batch'
                AND of_batch.number = jobs.batch AND of_batch.name = ''
            JOIN budgets AS of_model ON of_model.account = jobs.account AND of_model.kind = 'model'
                AND of_model.number = 0 AND of_model.name = jobs.model
            LEFT JOIN budgets AS of_day ON of_day.account = jobs.account AND of_day.kind = 'day'
                AND of_day.name = '' AND of_day.number = ",
            row_of_day!("$1", "$3")
        )
    };
}
pub(super) use joined_budgets;

/// Whether each of them has room for what an intent would reserve.
macro_rules! has_room {
    () => {
        "
            (of_batch.spend_limit IS NULL OR of_batch.spent + of_batch.reserved + jobs.quote <= of_batch.spend_limit)
            AND (of_batch.spend_limit IS NULL OR of_batch.spent + of_batch.reserved + models.dearest <= of_batch.spend_limit)
            AND (of_model.spend_limit IS NULL OR of_model.spent + of_model.reserved + jobs.quote <= of_model.spend_limit)
            AND (of_model.spend_limit IS NULL OR of_model.spent + of_model.reserved + models.dearest <= of_model.spend_limit)
            AND (of_day.spend_limit IS NULL OR of_day.spent + of_day.reserved + jobs.quote <= of_day.spend_limit)
            AND (of_day.spend_limit IS NULL OR of_day.spent + of_day.reserved + models.dearest <= of_day.spend_limit)"
    };
}
pub(super) use has_room;

/// The row that holds the limit of each new day.
const EACH_DAY: i64 = -1;

/// Milliseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1000;

/// The day of a time, by UTC.
pub(super) fn day_of(now: i64) -> i64 {
    now.div_euclid(DAY)
}

impl Budget {
    fn key(&self) -> (&'static str, i64, &str) {
        match self {
            Self::Batch(batch) => ("batch", batch.0, ""),
            Self::EachDay => ("day", EACH_DAY, ""),
            Self::Model(name) => ("model", 0, name),
        }
    }
}

impl Part {
    /// The three, in the order in which they are changed.
    fn keys(&self) -> [(&'static str, i64, &str); 3] {
        [("batch", self.batch, ""), ("day", self.day, ""), ("model", 0, self.model.as_str())]
    }

    /// Reserves in all three of each of these, which are of one day, or says which has too little left. Then the transaction is not
    /// to be committed.
    pub(super) async fn reserve(tx: &mut Tx, parts: &[(&Self, i64)]) -> Result<Option<&'static str>, Error> {
        // All transactions change budgets in one order, as the words for their kinds happen to be: none waits for another that
        // waits for it.
        let mut amounts: BTreeMap<(&str, i64, &str), i64> = BTreeMap::new();
        for (part, price) in parts {
            part.keys().into_iter().for_each(|key| *amounts.entry(key).or_default() += price);
        }
        let Some((Self { account, day, .. }, _)) = parts.first() else { return Ok(None) };
        tx.run(&OPEN_DAY, &args![*account, *day]).await?;
        for ((kind, number, name), amount) in amounts {
            if tx.run(&RESERVE, &args![*account, kind, number, name, amount]).await? == 0 {
                return Ok(Some(kind));
            }
        }
        Ok(None)
    }

    /// Changes what is reserved and what is spent, whatever the limits say.
    pub(super) async fn shift(&self, tx: &mut Tx, reserved: i64, spent: i64) -> Result<(), Error> {
        Self::shift_all(tx, &[(self, reserved, spent)]).await
    }

    /// The same for many jobs of an account: each counter is changed once.
    pub(super) async fn shift_all(tx: &mut Tx, parts: &[(&Self, i64, i64)]) -> Result<(), Error> {
        let Some((Self { account, .. }, ..)) = parts.first() else { return Ok(()) };
        let mut amounts: BTreeMap<(&str, i64, &str), (i64, i64)> = BTreeMap::new();
        for (part, reserved, spent) in parts {
            for key in part.keys() {
                let amount = amounts.entry(key).or_default();
                *amount = (amount.0 + reserved, amount.1 + spent);
            }
        }
        for day in amounts.keys().filter(|(kind, ..)| *kind == "day").map(|(_, day, _)| *day) {
            tx.run(&OPEN_DAY, &args![*account, day]).await?;
        }
        for ((kind, number, name), (reserved, spent)) in amounts {
            tx.run(&MOVE, &args![*account, kind, number, name, reserved, spent]).await?;
        }
        Ok(())
    }
}

impl Store {
    /// Makes the counters of a batch and of a model.
    pub(super) async fn open_budget(&self, tx: &mut Tx, budget: &Budget) -> Result<(), Error> {
        let (kind, number, name) = budget.key();
        tx.run(&OPEN, &args![self.account, kind, number, name]).await.map(drop)
    }

    /// What a day has left beside what is reserved and spent; `None` where it has no limit. It may be less than nothing. Until this
    /// transaction ends, nobody else changes it or holds it.
    pub(super) async fn hold_day(&self, tx: &mut Tx, day: i64) -> Result<Option<i64>, Error> {
        tx.run(&OPEN_DAY, &args![self.account, day]).await?;
        let hold = if tx.is_postgres() { &HOLD } else { &USED };
        let Some(row) = tx.row(hold, &args![self.account, "day", day, ""]).await? else { return Ok(None) };
        let (reserved, spent): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok(row.get::<Option<i64>>(2)?.map(|limit| limit - spent - reserved))
    }

    /// Sets how much may be spent; what is spent and reserved already counts.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_limit(&self, budget: &Budget, limit: Option<Usd>) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        self.open_budget(&mut tx, budget).await?;
        if *budget == Budget::EachDay {
            // An intent may be about to open one of these with the old limit: this waits for it, and then changes its row too.
            let today = day_of(tx.now().await?);
            for day in [today, today + 1] {
                tx.run(&OPEN_DAY, &args![self.account, day]).await?;
            }
        }
        let (kind, number, name) = budget.key();
        tx.run(&LIMIT, &args![self.account, kind, number, name, limit.map(Usd::micros)]).await?;
        tx.commit().await
    }

    /// What is reserved, what is spent, and the limit.
    ///
    /// # Errors
    /// What the database says.
    pub async fn used(&self, budget: &Budget) -> Result<(Usd, Usd, Option<Usd>), Error> {
        let mut tx = self.db.read().await?;
        let row = match budget {
            Budget::EachDay => {
                let today = day_of(tx.now().await?);
                tx.row(&USED_OF_DAY, &args![self.account, today]).await?
            }
            Budget::Batch(_) | Budget::Model(_) => {
                let (kind, number, name) = budget.key();
                tx.row(&USED, &args![self.account, kind, number, name]).await?
            }
        };
        let Some(row) = row else {
            return Ok(Default::default());
        };
        let usd = |index| Ok::<_, Error>(Usd::from_micros(row.get(index)?));
        Ok((usd(0)?, usd(1)?, row.get::<Option<i64>>(2)?.map(Usd::from_micros)))
    }
}
