//! The store against the model in `tests/runner-model`: random schedules of workers, crashes, lost commits, late answers and
//! a person's decisions, on a real database; after each step the model's laws. And that a store that lacks a guard is caught.

mod check;
mod outside;
mod world;

use sqlx::sqlite::SqliteSynchronous;
use test_postgres::Cluster;

use super::Store;
use super::db::mishap;
use world::{Mix, World};

/// How many things happen before everybody is left to finish.
const STEPS: usize = 100;
/// How many schedules there are of each mix.
const SEEDS: u64 = 150;
/// In how many of them a guard's absence is found at the latest.
const SEEDS_TO_FIND: u64 = 2000;

/// Which database a test is on.
#[derive(Clone, Copy)]
pub(super) enum On {
    Sqlite,
    Postgres(&'static Cluster),
}

/// A store of one test; each schedule is an account of its own in it.
pub(super) struct Desk {
    _folder: tempfile::TempDir,
    first: Store,
}

impl Desk {
    async fn new(on: On) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let first = match on {
            // The power does not fail in this test.
            On::Sqlite => {
                Store::of_file(&folder.path().join("jobs.db"), SqliteSynchronous::Off, "https://api", "").await
            }
            On::Postgres(cluster) => Store::open(&cluster.database(), "https://api", "").await,
        };
        Self { _folder: folder, first: first.expect("a store") }
    }

    pub(super) async fn store(&self, label: &str) -> Store {
        let Store { db, locks, .. } = self.first.clone();
        Store::of_db(db, locks, "https://api", label).await.expect("an account")
    }

    /// The first law that a schedule breaks, in an account of its own, and how.
    async fn broken(&self, label: &str, seed: u64, mix: Mix) -> Option<String> {
        let mut world = World::new(self.store(label).await, seed, mix).await;
        let broken = match world.run(STEPS).await {
            Ok(()) => world.finish().await.err(),
            Err(law) => Some(law),
        };
        mishap::next_commit(mishap::Commit::Works);
        broken.map(|law| format!("seed {seed}, {mix:?}: {law}\n    {}", world.told.join("\n    ")))
    }
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(test);
}

/// A test on both databases.
pub(super) fn both(test: impl AsyncFn(Desk)) {
    let postgres = Cluster::shared().map(On::Postgres);
    for on in [Some(On::Sqlite), postgres].into_iter().flatten() {
        block_on(async { test(Desk::new(on).await).await });
    }
}

mod sqlite {
    use super::{Mix, On, WEAKENED, WEAKENED_OF_PERSONS, all_break, none_breaks};

    #[test]
    fn no_schedule_breaks_a_law() {
        none_breaks(On::Sqlite);
    }

    #[test]
    fn a_statement_without_its_guard_breaks_a_law() {
        all_break(On::Sqlite, WEAKENED, Mix::Doubts);
    }

    #[test]
    fn a_persons_decision_without_its_guard_breaks_a_law() {
        all_break(On::Sqlite, WEAKENED_OF_PERSONS, Mix::Persons);
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use super::{Cluster, Mix, On, WEAKENED, WEAKENED_OF_PERSONS, all_break, none_breaks};

    #[test]
    fn no_schedule_breaks_a_law() {
        let Some(cluster) = Cluster::shared() else { return };
        none_breaks(On::Postgres(cluster));
    }

    #[test]
    fn a_statement_without_its_guard_breaks_a_law() {
        let Some(cluster) = Cluster::shared() else { return };
        all_break(On::Postgres(cluster), WEAKENED, Mix::Doubts);
    }

    #[test]
    fn a_persons_decision_without_its_guard_breaks_a_law() {
        let Some(cluster) = Cluster::shared() else { return };
        all_break(On::Postgres(cluster), WEAKENED_OF_PERSONS, Mix::Persons);
    }
}

fn none_breaks(on: On) {
    block_on(async {
        let desk = Desk::new(on).await;
        for (seed, mix) in (0..SEEDS).flat_map(|seed| [(seed, Mix::Doubts), (seed, Mix::Persons)]) {
            let broken = desk.broken(&format!("{mix:?}-{seed}"), seed, mix).await;
            assert!(broken.is_none(), "{}", broken.unwrap_or_default());
        }
    });
}

/// Statements without a guard, each with the rule of the model that it breaks. `ResolveRaises` is not among them: the states in
/// the statements guard against the same.
const WEAKENED: &[(&str, &str, &str)] = &[
    (
        "NeverRequeue",
        "lease over",
        "UPDATE jobs SET state = 'queued', reserved = 0 WHERE account = $1 AND state = 'submitting' AND lease_until < $2
            AND owner IN (SELECT id FROM workers WHERE gone = 1) RETURNING id",
    ),
    (
        "LeaseOutlasts",
        "lease over",
        "UPDATE jobs SET state = 'unknown' WHERE account = $1 AND state = 'submitting' AND $2 = $2
            AND owner IN (SELECT id FROM workers WHERE gone = 1) RETURNING id",
    ),
    ("Nonce", "read back", "SELECT state FROM jobs WHERE id = $1 AND epoch = $2 AND intent = $2 AND $3 = $3"),
    (
        "Fenced",
        "back to the queue",
        "UPDATE jobs SET state = 'queued', reserved = 0, not_before = $3, heard = $4 WHERE id = $1 AND $2 = $2
            AND state <> 'queued'",
    ),
    (
        "Fenced",
        "note the id",
        "UPDATE jobs SET state = 'submitted', request_id = $3, owner = $4, heard = $5
            WHERE id = $1 AND $2 = $2 AND account = $6",
    ),
    (
        "LateNews",
        "note the id",
        "UPDATE jobs SET state = 'submitted', request_id = $3, owner = $4, heard = $5
            WHERE id = $1 AND epoch = $2 AND intent = $2 AND state = 'submitting' AND account = $6",
    ),
    (
        "Strays",
        "keep a stray",
        "INSERT INTO strays (job, request_id, heard_at, day, reserved) SELECT $1, $2, $3, $4, $5 WHERE 1 = 0",
    ),
    ("ReadAgain", "take over", "UPDATE jobs SET epoch = epoch + 1, owner = $3 WHERE id = $1 AND epoch = $2 AND 1 = 0"),
    (
        "Reserve",
        "reserve",
        "UPDATE budgets SET reserved = reserved + $5 WHERE account = $1 AND kind = $2 AND number = $3 AND name = $4",
    ),
    (
        "KeepReserved",
        "lost",
        "UPDATE jobs SET state = 'unknown', heard = $3, reserved = 0
            WHERE id = $1 AND epoch = $2 AND intent = $2 AND state IN ('submitting', 'unknown')",
    ),
    (
        "SettleOnce",
        "settle",
        "UPDATE jobs SET settled = 1, reserved = 0, spent = spent + $2
            WHERE id = $1 AND state IN ('succeeded', 'failed', 'cancelled')",
    ),
    ("LateCost", "settle", "UPDATE jobs SET settled = 1, spent = spent + reserved, reserved = 0 * $2 WHERE id = $1 AND settled = 0"),
    ("Pause", "pause the batch", "UPDATE batches SET reason = $2 WHERE id = $1"),
    (
        "ResolveGuarded",
        "give up",
        "UPDATE jobs SET epoch = epoch + 1, state = 'given up', spent = spent + reserved, reserved = 0, owner = NULL
            WHERE id = $1 AND $2 = $2",
    ),
    (
        "the ending is the owner's",
        "ended",
        "UPDATE jobs SET state = $3, ended_at = $4, output = $5, heard = $6, files = $7
            WHERE id = $1 AND $2 = $2 AND account = $8 RETURNING batch, day, model, reserved",
    ),
    (
        "money moves with the job",
        "move money",
        "UPDATE budgets SET reserved = reserved + $5 * 0, spent = spent + $6
            WHERE account = $1 AND kind = $2 AND number = $3 AND name = $4",
    ),
];

/// The same, of what persons decide.
const WEAKENED_OF_PERSONS: &[(&str, &str, &str)] = &[
    (
        "what is paid is paid again on a person's word",
        "retry",
        "UPDATE jobs SET epoch = epoch + 1, state = 'queued', not_before = 0, settled = 0, by_hand = 0, request_id = NULL
            WHERE account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2)
                AND state = $3 AND (settled = 1 OR state = 'refused') AND $4 = $4",
    ),
    (
        "what is made again has a known cost",
        "retry",
        "UPDATE jobs SET epoch = epoch + 1, state = 'queued', not_before = 0, settled = 0, by_hand = 0, request_id = NULL
            WHERE account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2)
                AND state = $3 AND (spent = 0 OR $4 = 1)",
    ),
    (
        "what was requested stays told",
        "keep attempts",
        "INSERT INTO attempts (job, epoch, state, cost) SELECT id, epoch, state, 0 FROM jobs
            WHERE account = $1 AND batch IN (SELECT id FROM batches WHERE account = $1 AND name = $2) AND state = $3 AND $4 = $4
            ON CONFLICT DO NOTHING",
    ),
    ("an attempt is no stray", "of an attempt", "SELECT CAST(0 AS BIGINT) WHERE $1 = $1 AND $2 = $2"),
    (
        "the server has a day to tell a cost",
        "settle by hand",
        "UPDATE jobs SET settled = 1, by_hand = 1, reserved = 0, spent = spent + $2
            WHERE id = $1 AND settled = 0 AND state IN ('succeeded', 'failed', 'cancelled') AND $3 = $3",
    ),
    (
        "a stray that is the job's own is no stray any more",
        "adopt a stray",
        "SELECT day, reserved, spent FROM strays WHERE job = $1 AND request_id = $2 AND 1 = 0",
    ),
    (
        "what is restored is held",
        "restored",
        "UPDATE jobs SET heard = 'a test' WHERE account = $1 AND state = 'queued'",
    ),
];

fn all_break(on: On, weakened: &[(&str, &'static str, &'static str)], mix: Mix) {
    block_on(async {
        let desk = Desk::new(on).await;
        let mut unseen = Vec::new();
        for (number, &(rule, name, text)) in (0_u64..).zip(weakened) {
            mishap::weaken(name, text);
            let mut found = None;
            for seed in 0..SEEDS_TO_FIND {
                found = desk.broken(&format!("{number}-{seed}"), seed, mix).await;
                if found.is_some() {
                    break;
                }
            }
            mishap::restore();
            if found.is_none() {
                unseen.push(format!("{rule} in `{name}`"));
            }
        }
        assert!(unseen.is_empty(), "no law needs {unseen:?}");
    });
}
