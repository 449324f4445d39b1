//! Budgets that several want to use or to change at once, on both databases.

use futures_util::future::join_all;

use super::budgets::{DAY, day_of};
use super::db::{Statement, args};
use super::laws::{Desk, both};
use super::looks::{MODELS, job, sql};
use super::{Budget, End, Ended, HeardId, Intent, NewQuote, Noted, QuoteRun, Store};
use crate::{Lock, Usd};

#[test]
fn quotes_that_are_run_at_once_do_not_share_the_last_dollar() {
    both(async |desk| {
        for round in 0..10 {
            let store = desk.store(&format!("quotes {round}")).await;
            store.set_limit(&Budget::EachDay, Some(Usd::from_micros(25))).await.expect("set");
            let batch = store.batch("films").await.expect("a batch");
            let mut kept = Vec::new();
            for _ in 0..8 {
                let (lock, price) = (Lock::new("version = 1"), Usd::from_micros(10));
                let [model, input] = [MODELS[0], "{}"].map(str::to_owned);
                let [digest, wire, published] = [(); 3].map(|()| String::new());
                let quote = NewQuote { batch, model, digest, input, lock, wire, price, published, lifetime: DAY };
                kept.push(store.keep_quote(quote).await.expect("kept").id);
            }
            let run = kept.iter().map(|id| store.run_quote(id, Usd::from_micros(10)));
            let done = join_all(run).await;
            let new = done.iter().filter(|done| matches!(done, Ok(QuoteRun::New))).count();
            assert_eq!(new, 2, "round {round}: {done:?}");
            assert!(done.iter().all(Result::is_ok), "{done:?}");
        }
    });
}

/// A store with a limit for each day, on a day that nothing has opened yet.
async fn days_later(desk: &Desk, label: &str) -> Store {
    let store = desk.store(label).await;
    store.set_limit(&Budget::EachDay, Some(Usd::from_micros(25))).await.expect("set");
    sql(&store, "DELETE FROM budgets WHERE account = $1 AND kind = 'day' AND number <> -1", &args![store.account])
        .await;
    store
}

#[test]
fn a_day_that_nothing_was_submitted_on_has_its_limit() {
    both(async |desk| {
        let store = days_later(&desk, "days").await;
        let batch = store.batch("films").await.expect("a batch");
        store.add(batch, &[job(0, MODELS[0], 30), job(1, MODELS[0], 20)]).await.expect("added");
        let (_, _, limit) = store.used(&Budget::EachDay).await.expect("an answer");
        assert_eq!(limit, Some(Usd::from_micros(25)));
        assert_eq!(store.candidates(9).await.expect("a list").len(), 1);
        assert_eq!(store.summary(batch).await.expect("a summary").over_budget, 1);
    });
}

const BLOCKED: Statement = Statement {
    name: "a test's",
    text: "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
};

#[test]
fn a_limit_that_is_set_while_a_day_opens_is_the_days() {
    both(async |desk| {
        let store = days_later(&desk, "limits").await;
        let mut tx = store.db.begin().await.expect("begun");
        let today = day_of(tx.now().await.expect("a time"));
        assert_eq!(store.hold_day(&mut tx, today).await.expect("opened"), Some(25));
        let is_postgres = tx.is_postgres();
        let blocked = async {
            // A file has one who writes at a time.
            if !is_postgres {
                return;
            }
            let mut count = Some(0);
            while count == Some(0) {
                let mut other = store.db.read().await.expect("begun");
                count = other.value::<i64>(&BLOCKED, &[]).await.expect("a count");
            }
        };
        let setting = store.set_limit(&Budget::EachDay, Some(Usd::from_micros(10)));
        let mut setting = std::pin::pin!(setting);
        let is_set = tokio::select! {
            done = &mut setting => {
                done.expect("set");
                true
            }
            () = blocked => false,
        };
        tx.commit().await.expect("committed");
        if !is_set {
            setting.await.expect("set");
        }
        let (_, _, limit) = store.used(&Budget::EachDay).await.expect("an answer");
        assert_eq!(limit, Some(Usd::from_micros(10)));
    });
}

/// Jobs of two batches and two models that are followed, all under their first epoch.
async fn followed(store: &Store, jobs: usize) -> Vec<i64> {
    for name in ["films", "songs"] {
        let batch = store.batch(name).await.expect("a batch");
        let of_batch: Vec<_> = (0..jobs / 2).map(|number| job(number, MODELS[number % 2], 10)).collect();
        store.add(batch, &of_batch).await.expect("added");
    }
    let worker = store.register("desk", DAY).await.expect("registered").worker();
    let found = store.candidates(jobs).await.expect("a list");
    let nonces: Vec<String> = found.iter().map(|found| found.job.to_string()).collect();
    let intents = found.iter().zip(&nonces);
    let intents: Vec<_> = intents
        .map(|(found, nonce)| Intent { job: found.job, seen: 0, worker, nonce, lease: DAY, wire: "w" })
        .collect();
    assert!(store.intents(&intents).await.into_iter().all(|done| done.is_ok()));
    let heard = |found: &super::Candidate| HeardId {
        job: found.job,
        epoch: 1,
        request_id: format!("r-{}", found.job),
        heard: None,
    };
    let heard: Vec<HeardId> = found.iter().map(heard).collect();
    assert!(store.note_ids(&heard, worker).await.into_iter().all(|done| done.is_ok_and(|noted| noted == Noted::Row)));
    found.into_iter().map(|found| found.job).collect()
}

#[test]
fn endings_that_are_written_at_once_wait_for_none_that_waits_for_them_and_count_once() {
    both(async |desk| {
        for round in 0..10 {
            let store = desk.store(&format!("endings {round}")).await;
            let jobs = followed(&store, 32).await;
            let ended = |job: &i64| {
                let end = End::Succeeded { output: "{}".to_owned() };
                Ended { job: *job, epoch: 1, end, cost: Some(Usd::from_micros(7)) }
            };
            // Each has half of the jobs, in an order of its own: two want to write each.
            let parts: Vec<Vec<Ended>> = (0..4)
                .map(|part| {
                    let mut own: Vec<_> = jobs.iter().filter(|job| (*job / 2 + part) % 2 == 0).map(ended).collect();
                    own.rotate_left(part as usize * 3);
                    own
                })
                .collect();
            let done = join_all(parts.iter().map(|part| store.ended(part))).await;
            let done: Vec<bool> = done.into_iter().flatten().map(|done| done.expect("written")).collect();
            assert_eq!((done.len(), done.iter().filter(|done| **done).count()), (64, 32), "round {round}");
            for (budget, count) in [(Budget::EachDay, 32), (Budget::Model(MODELS[0].to_owned()), 16)] {
                let used = store.used(&budget).await.expect("an answer");
                assert_eq!(used, (Usd::default(), Usd::from_micros(7 * count), None), "{budget:?}, round {round}");
            }
        }
    });
}
