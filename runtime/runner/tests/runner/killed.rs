//! Workers that are killed at their statements, and started again: the emulator's account against the table.

use std::process::{Command, ExitStatus};
use std::sync::atomic::{AtomicU64, Ordering};

use runcomfy_runner::{State, Store, Usd, Worker};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::desk::{Desk, PRICE, builder, client, models};

/// Hears every statement, commit, request and id of a worker, and ends the process at one of them.
struct Killer {
    heard: AtomicU64,
    at: u64,
}

impl Subscriber for Killer {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "runcomfy_runner::store"
    }

    fn event(&self, _: &Event<'_>) {
        if self.heard.fetch_add(1, Ordering::SeqCst) + 1 == self.at {
            // Nothing is flushed, closed or dropped.
            std::process::abort();
        }
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Not a test of its own: the worker that the test below starts and kills.
#[test]
fn child() {
    let variable = |name: &str| std::env::var(name).ok();
    let Some(at) = variable("RUNNER_DIE_AT") else { return };
    let killer = Killer { heard: AtomicU64::new(0), at: at.parse().expect("a number") };
    tracing::subscriber::set_global_default(killer).expect("the first");
    let given = |name: &str| variable(name).unwrap_or_else(|| panic!("{name} is not set"));
    let (url, base, token, films) =
        (given("RUNNER_STORE"), given("RUNNER_BASE"), given("RUNNER_TOKEN"), given("RUNNER_FILMS"));
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let store = Store::open(&url, &base, "").await.expect("a store");
        let worker = Worker::new(&store, &client(&base, &token), models());
        worker.at_once(4).folder(films).run(std::future::pending()).await.expect("worked");
    });
}

/// Starts a worker that dies at a statement, or works to the end.
fn start(desk: &Desk, at: u64) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", "killed::child", "--quiet"]).env("RUNNER_DIE_AT", at.to_string());
    child.env("RUNNER_STORE", desk.url()).env("RUNNER_BASE", desk.emulator.base_url());
    child.env("RUNNER_TOKEN", desk.emulator.token()).env("RUNNER_FILMS", desk.films());
    child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).status().expect("a child")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_is_killed_again_and_again_pays_for_nothing_twice() {
    let desk = Desk::new(builder()).await;
    let (store, batch) = desk.batch(30).await;
    let budget = Usd::from_micros(24 * PRICE.micros());
    batch.set_budget(budget).await.expect("a budget");
    let mut rng = fastrand::Rng::with_seed(1);
    let mut killed = 0;
    for _ in 0..12 {
        let at = rng.u64(20..160);
        let status = tokio::task::block_in_place(|| start(&desk, at));
        killed += u32::from(!status.success());
    }
    assert!(killed > 5, "only {killed} were killed");
    let status = tokio::task::block_in_place(|| start(&desk, 0));
    assert!(status.success(), "{status}");

    let summary = batch.summary().await.expect("a summary");
    desk.check(&summary);
    let account = desk.emulator.account();
    let paid = account.accepted().count() as u64;
    assert!(paid * PRICE.micros().unsigned_abs() <= budget.micros().unsigned_abs(), "{paid} paid: {summary:?}");
    // What was heard of is at its end, and its films are there; what was cut off between its two notes is told.
    assert_eq!((summary.count(State::Submitted), summary.unsettled, summary.unfetched), (0, 0, 0), "{summary:?}");
    let doubts = summary.count(State::Submitting) + summary.count(State::Unknown);
    assert!(doubts <= u64::from(killed) * 4, "{summary:?}");
    let held = summary.reserved.micros().unsigned_abs() / PRICE.micros().unsigned_abs();
    assert_eq!(held, doubts, "each doubt keeps its reservation: {summary:?}");
    let done = summary.count(State::Succeeded);
    assert_eq!(summary.spent.micros().unsigned_abs(), done * PRICE.micros().unsigned_abs());
    let films = std::fs::read_dir(desk.films().join("films")).expect("a folder").count();
    assert!(films as u64 >= done, "{films} films of {done}");
    assert_eq!(store.strays().await.expect("a list").len(), 0);
}
