//! Jobs that wait for a time, on both databases.

use super::Store;
use super::batches::NewJob;
use super::db::mishap;
use super::laws::{Desk, both};
use crate::{Lock, Usd};

/// A store with a job of each of two models.
async fn two(desk: &Desk) -> Store {
    let store = desk.store("waits").await;
    let batch = store.batch("films").await.expect("a batch");
    let job = |model: &str| NewJob {
        key: model.to_owned(),
        model: model.to_owned(),
        input: "{}".to_owned(),
        lock: Lock::new("version = 1"),
        quote: Usd::from_micros(1).into(),
    };
    store.add(batch, &["a/slow", "a/quick"].map(job)).await.expect("added");
    store
}

async fn models(store: &Store) -> Vec<String> {
    store.candidates(9).await.expect("a list").into_iter().map(|candidate| candidate.model).collect()
}

#[test]
fn a_model_that_is_postponed_waits_by_the_stores_clock_and_no_other_model_does() {
    both(async |desk| {
        let store = two(&desk).await;
        assert_eq!(store.next_at().await.expect("an answer"), None, "nobody waits");
        store.postpone_model("a/slow", 1000, "the catalogue does not answer").await.expect("postponed");
        assert_eq!(models(&store).await, ["a/quick"]);
        assert_eq!(store.next_at().await.expect("an answer"), Some(1001));
        // A later wait is not made shorter.
        store.postpone_model("a/slow", 10, "again").await.expect("postponed");
        mishap::pass(999);
        assert_eq!(models(&store).await, ["a/quick"]);
        mishap::pass(1);
        assert_eq!(models(&store).await, ["a/slow", "a/quick"]);
        assert_eq!(store.next_at().await.expect("an answer"), None);
    });
}
