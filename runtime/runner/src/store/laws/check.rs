//! The model's laws, read from the tables and the server's account. Must not know which statement keeps them.

use super::super::State;
use super::super::db::{Statement, args};
use super::world::{At, PRICE, Worker, World};

const ROWS: Statement = Statement {
    name: "rows",
    text: "SELECT id, state, epoch, request_id, reserved, spent, settled FROM jobs WHERE account = $1",
};
const BESIDE: Statement = Statement {
    name: "beside",
    text: "SELECT strays.job, strays.request_id, strays.reserved, strays.spent FROM strays JOIN jobs ON jobs.id = strays.job
        WHERE jobs.account = $1",
};
const ATTEMPTS: Statement = Statement {
    name: "attempts",
    text: "SELECT attempts.job, attempts.request_id FROM attempts JOIN jobs ON jobs.id = attempts.job
        WHERE jobs.account = $1 AND attempts.request_id IS NOT NULL",
};
const COUNTERS: Statement = Statement {
    name: "counters",
    text: "SELECT kind, CAST(SUM(reserved) AS BIGINT), CAST(SUM(spent) AS BIGINT) FROM budgets WHERE account = $1 GROUP BY kind",
};

struct Row {
    job: i64,
    state: State,
    epoch: i64,
    id: Option<String>,
    reserved: i64,
    spent: i64,
    settled: bool,
}

#[derive(Default)]
struct Tables {
    rows: Vec<Row>,
    /// Job, id, reserved, spent.
    strays: Vec<(i64, String, i64, i64)>,
    /// Job and id of what a person let be made again.
    attempts: Vec<(i64, String)>,
    counters: Vec<(String, i64, i64)>,
}

impl World {
    async fn tables(&self) -> Result<Tables, crate::Error> {
        let mut tx = self.store.db.begin().await?;
        let mut tables = Tables::default();
        for row in tx.rows(&ROWS, &args![self.store.account]).await? {
            tables.rows.push(Row {
                job: row.get(0)?,
                state: State::read(&row.get::<String>(1)?)?,
                epoch: row.get(2)?,
                id: row.get(3)?,
                reserved: row.get(4)?,
                spent: row.get(5)?,
                settled: row.get::<i64>(6)? != 0,
            });
        }
        for row in tx.rows(&BESIDE, &args![self.store.account]).await? {
            tables.strays.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
        for row in tx.rows(&ATTEMPTS, &args![self.store.account]).await? {
            tables.attempts.push((row.get(0)?, row.get(1)?));
        }
        for row in tx.rows(&COUNTERS, &args![self.store.account]).await? {
            tables.counters.push((row.get(0)?, row.get(1)?, row.get(2)?));
        }
        Ok(tables)
    }

    pub(super) async fn check(&self) -> Result<(), String> {
        let tables = self.tables().await.map_err(|error| error.to_string())?;
        let laws = [self.offence, self.of_money(&tables)].into_iter().flatten().next();
        let of_jobs = || tables.rows.iter().find_map(|row| self.of_a_job(&tables, row));
        match laws.or_else(of_jobs) {
            None => Ok(()),
            Some(law) => Err(law.to_owned()),
        }
    }

    fn of_money(&self, tables: &Tables) -> Option<&'static str> {
        // What a job cost beyond its reservation, nobody could know.
        let paid: i64 = self.server.iter().map(|taken| taken.cost.min(PRICE).micros()).sum();
        if paid > self.budget.micros() {
            return Some("more is paid than the budget allows");
        }
        let rows = tables.rows.iter().map(|row| (row.reserved, row.spent));
        let beside = tables.strays.iter().map(|stray| (stray.2, stray.3));
        let sum = rows.chain(beside).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
        let counted = |kind: &str| tables.counters.iter().find(|counter| counter.0 == kind).map(|c| (c.1, c.2));
        let as_counted = ["batch", "day", "model"].iter().all(|kind| counted(kind).unwrap_or_default() == sum);
        (!as_counted).then_some("the budgets are not what the jobs hold and have spent")
    }

    fn of_a_job(&self, tables: &Tables, row: &Row) -> Option<&'static str> {
        let job = row.job;
        let retried = self.retried.get(&job).map(Vec::as_slice).unwrap_or_default();
        let since = retried.last().copied().unwrap_or_default();
        let ever = || self.server.iter().filter(move |taken| taken.job == job);
        let taken = || ever().filter(move |taken| taken.epoch > since);
        let stray = |id: &str| tables.strays.iter().any(|stray| (stray.0, stray.1.as_str()) == (job, id));
        let held = |id: &str| self.workers.iter().any(|worker| worker.spool.iter().any(|spooled| spooled.2 == id));
        let attempt = |id: &str| tables.attempts.iter().any(|attempt| (attempt.0, attempt.1.as_str()) == (job, id));
        let kept = |id: &str| row.id.as_deref() == Some(id) || stray(id) || held(id) || attempt(id);
        let busy = |worker: &Worker| worker.later.iter().chain([&worker.at]).any(|at| is_about(at, job));
        let at_work = self.workers.iter().any(|worker| worker.life.is_some() && busy(worker));
        let given_up = self.given_up.contains(&job);
        if taken().count() > 1 {
            return Some("a job is paid twice, though the person was right");
        }
        let unaware = matches!(row.state, State::Queued | State::Refused);
        if taken().count() > 0 && unaware && !at_work && !taken().any(|taken| held(&taken.id)) {
            return Some("a paid job that the table does not know");
        }
        if !ever().filter(|taken| taken.heard).all(|taken| kept(&taken.id)) {
            return Some("an id that was heard is thrown away");
        }
        if ever().any(|taken| stray(&taken.id) && (attempt(&taken.id) || row.id.as_ref() == Some(&taken.id))) {
            return Some("one request is charged twice");
        }
        if row.state == State::Unknown && taken().any(|taken| taken.epoch == row.epoch && stray(&taken.id)) {
            return Some("a job whose id is known stays in doubt");
        }
        let followed = matches!(row.state, State::Submitted | State::Succeeded | State::Failed);
        if row.id.is_some() && !followed {
            return Some("a job whose id is known is not followed");
        }
        if self.endings.get(&job).is_some_and(|times| *times as usize > 1 + retried.len()) {
            return Some("an ending is written twice");
        }
        let own = ever().filter(|taken| row.id.as_ref() == Some(&taken.id) || attempt(&taken.id));
        let cost: i64 = own.map(|taken| taken.cost.micros()).sum();
        if row.settled && !given_up && row.spent != cost {
            return Some("what is spent is not what the job cost");
        }
        if given_up && row.state != State::GivenUp {
            return Some("a person's decision is undone");
        }
        None
    }

    /// When nothing goes wrong any more, nothing stays half done.
    pub(super) async fn finished(&self) -> Result<(), String> {
        let tables = self.tables().await.map_err(|error| error.to_string())?;
        for row in &tables.rows {
            let law = match row.state {
                State::Submitting => "an intent that nobody ends",
                State::Submitted => "a submitted job that nobody follows",
                State::Unknown => "a doubt that a person can't resolve",
                State::Succeeded | State::Failed if !row.settled => "a cost that nobody writes",
                _ => continue,
            };
            return Err(law.to_owned());
        }
        Ok(())
    }
}

fn is_about(at: &At, job: i64) -> bool {
    job == match at {
        At::Idle => return false,
        At::Saw(seen) => return seen.iter().any(|seen| seen.job == job),
        At::InDoubt(sent) | At::Intent(sent) | At::Waiting(sent) | At::HeardId(sent, _) | At::Heard(sent, _) => {
            sent.job
        }
        At::Following(followed) => followed.job,
        At::Costing(what, _) => what.job,
    }
}
