//! What a look for work finds and what it costs, on both databases: held against the rule for each job by itself, and against the
//! number of jobs that can't be taken.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use fastrand::Rng;

use super::budgets::day_of;
use super::db::{Arg, Db, Statement, Tx, args};
use super::laws::{Desk, both};
use super::{BatchId, Budget, NewJob, Store};
use crate::{Lock, Usd};

pub(super) const MODELS: [&str; 3] = ["a/one", "a/two", "b/three"];

pub(super) fn job(key: usize, model: &str, price: i64) -> NewJob {
    let (input, quote) = ("{}".to_owned(), Usd::from_micros(price).into());
    NewJob { key: key.to_string(), model: model.to_owned(), input, lock: Lock::new("version = 1"), quote }
}

pub(super) async fn sql(store: &Store, text: &'static str, args: &[Arg]) {
    let mut tx = store.db.begin().await.expect("begun");
    tx.run(&Statement { name: "a test's", text }, args).await.expect(text);
    tx.commit().await.expect("committed");
}

/// A job as its row has it, beside what its batch, its model and the day allow.
#[derive(Clone, Copy, Debug)]
struct Seen {
    id: i64,
    batch: i64,
    is_free: bool,
    not_before: i64,
    needs: i64,
    left: i64,
}

const SEEN: Statement = Statement {
    name: "a test's",
    text: "SELECT jobs.id, jobs.batch,
            CASE WHEN jobs.state = 'queued' AND jobs.held = 0 AND batches.paused = 0 AND models.paused = 0 THEN $1 / $1 ELSE $1 - $1 END,
            jobs.not_before, CASE WHEN jobs.quote > models.dearest THEN jobs.quote ELSE models.dearest END,
            b.spend_limit - b.spent - b.reserved, m.spend_limit - m.spent - m.reserved, d.spend_limit - d.spent - d.reserved
        FROM jobs JOIN batches ON batches.id = jobs.batch
            JOIN models ON models.account = jobs.account AND models.name = jobs.model
            JOIN budgets AS b ON b.account = jobs.account AND b.kind = 'batch' AND b.number = jobs.batch
            JOIN budgets AS m ON m.account = jobs.account AND m.kind = 'model' AND m.name = jobs.model
            LEFT JOIN budgets AS d ON d.account = jobs.account AND d.kind = 'day' AND d.number = $2
        WHERE jobs.account = $1 ORDER BY jobs.id",
};

async fn seen(store: &Store) -> (i64, Vec<Seen>) {
    let mut tx = store.db.read().await.expect("begun");
    let now = tx.now().await.expect("a time");
    let rows = tx.rows(&SEEN, &args![store.account, day_of(now)]).await.expect("rows");
    let read = rows.iter().map(|row| {
        let left = (5..8).filter_map(|index| row.get::<Option<i64>>(index).expect("a number")).min();
        Seen {
            id: row.get(0).expect("a number"),
            batch: row.get(1).expect("a number"),
            is_free: row.get::<i64>(2).expect("a number") > 0,
            not_before: row.get(3).expect("a number"),
            needs: row.get(4).expect("a number"),
            left: left.unwrap_or(i64::MAX),
        }
    });
    (now, read.collect())
}

/// Jobs of two batches and three models in all that can be wrong with them.
async fn anything(store: &Store, rng: &mut Rng) -> [BatchId; 2] {
    let batches = [store.batch("first").await.expect("a batch"), store.batch("second").await.expect("a batch")];
    let plain = rng.u8(0..4) == 0;
    for batch in batches {
        let jobs: Vec<NewJob> = (0..rng.usize(0..15))
            .map(|key| job(key, MODELS[rng.usize(0..3)], if plain { 20 } else { rng.i64(1..5) * 10 }))
            .collect();
        store.add(batch, &jobs).await.expect("added");
    }
    if plain {
        return batches;
    }
    let (now, all) = seen(store).await;
    for one in &all {
        let then = [0, 0, now - 5, now - 2, now, now + 1, now + 500][rng.usize(0..7)];
        let (held, state) = (i64::from(rng.u8(0..6) == 0), if rng.u8(0..6) == 0 { "refused" } else { "queued" });
        let text = "UPDATE jobs SET not_before = $2, held = $3, state = $4 WHERE id = $1";
        sql(store, text, &args![one.id, then, held, state]).await;
    }
    for (batch, name) in batches.into_iter().zip(["first", "second"]) {
        if rng.u8(0..5) == 0 {
            sql(store, "UPDATE batches SET paused = 1 WHERE account = $1 AND name = $2", &args![store.account, name])
                .await;
        }
        limit(store, rng, &Budget::Batch(batch)).await;
    }
    for model in MODELS {
        if rng.u8(0..5) == 0 {
            store.pause_model(model, "a test").await.expect("paused");
        }
        let dearest = rng.i64(0..5) * 10;
        let text = "UPDATE models SET dearest = $3 WHERE account = $1 AND name = $2";
        sql(store, text, &args![store.account, model, dearest]).await;
        limit(store, rng, &Budget::Model(model.to_owned())).await;
    }
    limit(store, rng, &Budget::EachDay).await;
    batches
}

async fn limit(store: &Store, rng: &mut Rng, budget: &Budget) {
    if rng.bool() {
        return;
    }
    store.set_limit(budget, Some(Usd::from_micros(rng.i64(0..6) * 10))).await.expect("set");
    if rng.bool() {
        let text = "UPDATE budgets SET spent = $2, reserved = $3 WHERE account = $1 AND spend_limit IS NOT NULL AND number <> -1";
        sql(store, text, &args![store.account, rng.i64(0..30), rng.i64(0..3) * 10]).await;
    }
}

#[test]
fn a_look_finds_each_job_that_could_be_submitted_and_no_other() {
    both(async |desk| {
        let mut some = 0;
        for seed in 0..80 {
            let store = desk.store(&format!("looks {seed}")).await;
            let batches = anything(&store, &mut Rng::with_seed(seed)).await;
            let (now, all) = seen(&store).await;
            for only in [None, Some(batches[0]), Some(batches[1])] {
                let store = only.map_or_else(|| store.clone(), |batch| store.clone().only(batch));
                let ours = |one: &&Seen| only.is_none_or(|batch| batch.0 == one.batch);
                let free: Vec<&Seen> = all.iter().filter(ours).filter(|one| one.is_free).collect();
                let could: Vec<i64> = free
                    .iter()
                    .filter(|one| one.not_before <= now && one.needs <= one.left)
                    .map(|one| one.id)
                    .collect();
                for most in [1, 4, 1000] {
                    let found: Vec<i64> =
                        store.candidates(most).await.expect("a list").iter().map(|found| found.job).collect();
                    assert_eq!(found.len(), could.len().min(most), "seed {seed}, {only:?}: {found:?} of {could:?}");
                    assert!(found.is_sorted(), "seed {seed}: {found:?}");
                    assert!(found.iter().all(|id| could.contains(id)), "seed {seed}, {only:?}: {found:?} of {could:?}");
                    // Where nothing is too dear and nobody has waited, the oldest are first.
                    if free.iter().all(|one| one.needs <= one.left && one.not_before == 0) {
                        assert_eq!(found, could[..found.len()], "seed {seed}");
                    }
                }
                some += could.len();
            }
        }
        assert!(some > 400, "{some}: hardly any job could be submitted");
    });
}

#[test]
fn the_next_time_is_that_of_a_job_which_only_waits() {
    both(async |desk| {
        let mut some = 0;
        for seed in 0..50 {
            let store = desk.store(&format!("next {seed}")).await;
            let batches = anything(&store, &mut Rng::with_seed(seed)).await;
            let (now, all) = seen(&store).await;
            for only in [None, Some(batches[1])] {
                let ours = |one: &&Seen| only.is_none_or(|batch| batch.0 == one.batch);
                let waits = all.iter().filter(ours).filter(|one| one.is_free && one.not_before > now);
                let expected = waits.map(|one| one.not_before - now + 1).min();
                let store = only.map_or_else(|| store.clone(), |batch| store.clone().only(batch));
                assert_eq!(store.next_at().await.expect("an answer"), expected, "seed {seed}, {only:?}");
                some += usize::from(expected.is_some());
            }
        }
        assert!(some > 20, "{some}: hardly any job waited");
    });
}

/// Many jobs that can't be taken, before ten that can, each for a reason of its own. `$2` is how many.
const CLOSED: [(&str, &str); 8] = [
    ("their model pauses", "UPDATE models SET paused = 1 WHERE account = $1 AND name = 'a/one'"),
    ("their batch pauses", "UPDATE batches SET paused = 1 WHERE account = $1 AND name = 'first'"),
    (
        "their model's budget is used up",
        "UPDATE budgets SET spend_limit = 29 WHERE account = $1 AND kind = 'model' AND name = 'a/one'",
    ),
    (
        "their batch's budget is used up",
        "UPDATE budgets SET spend_limit = 29 WHERE account = $1 AND kind = 'batch'
            AND number = (SELECT id FROM batches WHERE account = $1 AND name = 'first')",
    ),
    ("their model is too dear", "UPDATE models SET dearest = 1000 WHERE account = $1 AND name = 'a/one'"),
    ("they wait", "UPDATE jobs SET not_before = 9000000000000000 WHERE account = $1 AND quote = 30"),
    ("they are held", "UPDATE jobs SET held = 1 WHERE account = $1 AND quote = 30"),
    (
        "they are too dear",
        "UPDATE jobs SET model = 'b/three', batch = (SELECT MAX(id) FROM batches WHERE account = $1)
        WHERE account = $1 AND quote = 30",
    ),
];

const MANY: &str = "INSERT INTO jobs (account, batch, key, model, input, lock, quote, quoted)
    SELECT account, batch, 'many-' || CAST(n AS TEXT), model, input, lock, quote, quoted FROM jobs,
        (WITH RECURSIVE numbers (n) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT n + 1 FROM numbers WHERE n < $2)
            SELECT n FROM numbers) AS numbers
    WHERE account = $1 AND key = '0'";

/// A store in which so many jobs can't be taken, and ten others can.
async fn closed(desk: &Desk, label: &str, text: &'static str, count: i64) -> Store {
    let store = desk.store(label).await;
    let first = store.batch("first").await.expect("a batch");
    store.add(first, &[job(0, MODELS[0], 30)]).await.expect("added");
    sql(&store, MANY, &args![store.account, count]).await;
    let second = store.batch("second").await.expect("a batch");
    let others: Vec<NewJob> = (10..20).map(|key| job(key, MODELS[2], 10)).collect();
    store.add(second, &others).await.expect("added");
    store.set_limit(&Budget::EachDay, Some(Usd::from_micros(200))).await.expect("set");
    store.set_limit(&Budget::Model(MODELS[2].to_owned()), Some(Usd::from_micros(29))).await.expect("set");
    sql(&store, text, &args![store.account]).await;
    if matches!(store.db, Db::Postgres(_)) {
        sql(&store, "ANALYZE", &[]).await;
    }
    store
}

const FETCHED: Statement = Statement {
    name: "a test's",
    text: "SELECT CAST(seq_tup_read + COALESCE(idx_tup_fetch, 0) AS BIGINT) FROM pg_stat_xact_user_tables WHERE relname = 'jobs'",
};

/// What the second of two looks costs: the instructions of SQLite's machine, or the rows of `jobs` that PostgreSQL read.
async fn cost<T>(store: &Store, look: impl AsyncFn(&mut Tx) -> T) -> (T, u64) {
    look(&mut store.db.read().await.expect("begun")).await;
    let steps = Arc::new(AtomicU64::new(0));
    if let Db::Sqlite(pool) = &store.db {
        let steps = Arc::clone(&steps);
        let mut connection = pool.acquire().await.expect("a connection");
        connection.lock_handle().await.expect("it").set_progress_handler(1, move || {
            steps.fetch_add(1, Ordering::Relaxed);
            true
        });
    }
    let mut tx = store.db.read().await.expect("begun");
    // What the connection did before may be counted, too.
    let before = fetched(&mut tx).await;
    let found = look(&mut tx).await;
    let rows = fetched(&mut tx).await - before;
    let cost = if tx.is_postgres() { rows.unsigned_abs() } else { steps.load(Ordering::Relaxed) };
    (found, cost)
}

async fn fetched(tx: &mut Tx) -> i64 {
    if !tx.is_postgres() {
        return 0;
    }
    tx.value(&FETCHED, &[]).await.expect("it counts").unwrap_or_default()
}

#[test]
fn a_look_costs_the_same_however_many_jobs_cannot_be_taken() {
    both(async |desk| {
        for (why, text) in CLOSED {
            let mut costs = Vec::new();
            for count in [100, 3000] {
                let store = closed(&desk, &format!("{why} {count}"), text, count).await;
                let (found, cost) =
                    cost(&store, async |tx: &mut Tx| store.candidates_in(tx, 8).await.expect("a list")).await;
                assert!(found.len() == 8 && found.iter().all(|found| found.model == MODELS[2]), "{why}: {found:?}");
                costs.push(cost);
            }
            assert!(costs[1] < costs[0] * 2 + 500, "{why}: {costs:?}");
        }
    });
}

#[test]
fn downloads_that_did_not_work_cost_no_look() {
    both(async |desk| {
        let mut costs = Vec::new();
        for count in [100, 3000] {
            let store =
                closed(&desk, &format!("downloads {count}"), "UPDATE jobs SET heard = NULL WHERE account = $1", count)
                    .await;
            let life = store.register("here", 1000).await.expect("registered");
            let text = "UPDATE jobs SET state = 'succeeded', output = '{}', files = 'pending',
                files_owner = CASE WHEN quote = 30 THEN $2 ELSE NULL END WHERE account = $1";
            sql(&store, text, &args![store.account, life.worker()]).await;
            let look = async |tx: &mut Tx| store.open_downloads(tx, 8).await.expect("a list").len();
            let (found, cost) = cost(&store, look).await;
            assert_eq!(found, 8);
            costs.push(cost);
            // Its end makes them somebody else's.
            let other = store.register("here", 1000).await.expect("registered");
            store.leave(life).await.expect("left");
            let taken = store.take_download(other.worker()).await.expect("an answer").expect("one");
            assert_eq!(taken.key, "0");
        }
        assert!(costs[1] < costs[0] * 2 + 500, "{costs:?}");
    });
}
