//! Workers that are killed at their statements, and started again: the emulator's account against the table.

use std::future::ready;
use std::ops::Range;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use runcomfy_runner::{Batch, State, Store, Usd, Worker};
use serde_json::Value;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::desk::{Desk, On, PRICE, builder, client, lines, models, on_both};

on_both!(
    a_worker_that_is_killed_again_and_again_pays_for_nothing_twice,
    at_each_statement_a_worker_may_die_and_another_goes_on
);

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
        let store = Store::open(&url, &base, &given("RUNNER_LABEL")).await.expect("a store");
        let worker = Worker::new(&store, &client(&base, &token), models());
        worker
            .at_once(4)
            .folder(films)
            .state_folder(given("RUNNER_STATE"))
            .run(std::future::pending())
            .await
            .expect("worked");
    });
}

/// Starts a worker that dies at a statement, or works to the end.
async fn start(desk: &Desk, label: &str, at: u64) -> ExitStatus {
    let mut child = Command::new(std::env::current_exe().expect("this program"));
    child.args(["--exact", "killed::child", "--quiet"]).env("RUNNER_DIE_AT", at.to_string());
    child.env("RUNNER_STORE", desk.url()).env("RUNNER_BASE", desk.emulator.base_url()).env("RUNNER_LABEL", label);
    child
        .env("RUNNER_TOKEN", desk.emulator.token())
        .env("RUNNER_FILMS", desk.films())
        .env("RUNNER_STATE", desk.state());
    child.stdout(Stdio::null()).stderr(Stdio::null());
    tokio::task::spawn_blocking(move || child.status()).await.expect("a thread").expect("a child")
}

/// What a batch in an account of its own has come to, held against what the emulator knows of its jobs, which have these seeds.
async fn check(desk: &Desk, batch: &Batch, seeds: Range<u32>, killed: u64, budget: u64) {
    let summary = batch.summary().await.expect("a summary");
    let account = desk.emulator.account();
    let own =
        |seed: &Value| seed.as_u64().is_some_and(|seed| (u64::from(seeds.start)..u64::from(seeds.end)).contains(&seed));
    assert!(!account.paid_twice().iter().any(own), "paid twice: {summary:?}");
    let paid = account.accepted().filter(|taken| taken.marker.as_ref().is_some_and(own)).count() as u64;
    assert!(paid <= budget, "{paid} paid: {summary:?}");
    // What was heard of is at its end, and its films are there; what was cut off between its two notes is told.
    assert_eq!((summary.count(State::Submitted), summary.unsettled, summary.unfetched), (0, 0, 0), "{summary:?}");
    let doubts = summary.count(State::Submitting) + summary.count(State::Unknown);
    assert!(doubts <= killed, "{summary:?}");
    let done = summary.count(State::Succeeded);
    assert_eq!(done + doubts, budget.min(seeds.len() as u64), "nothing is lost: {summary:?}");
    assert!((done..=done + doubts).contains(&paid), "{paid} paid: {summary:?}");
    let price = PRICE.micros().unsigned_abs();
    assert_eq!(summary.reserved.micros().unsigned_abs(), doubts * price, "a doubt keeps its reservation: {summary:?}");
    assert_eq!(summary.spent.micros().unsigned_abs(), done * price);
    let films = std::fs::read_dir(desk.films().join(batch.name())).map_or(0, Iterator::count);
    assert!(films as u64 >= done, "{films} films of {done}");
    assert_eq!(
        batch.records().filter(|record| ready(record.as_ref().is_ok_and(|r| !r.strays.is_empty()))).count().await,
        0
    );
}

/// A batch of an account of its own with a budget for fewer jobs than it has.
async fn batch(desk: &Desk, label: &str, seeds: Range<u32>, budget: i64) -> Batch {
    let store = Store::open(desk.url(), desk.emulator.base_url(), label).await.expect("a store");
    let batch = Batch::open(&store, &format!("films-{label}")).await.expect("a batch");
    batch.set_budget(Usd::from_micros(budget * PRICE.micros())).await.expect("a budget");
    let lines = &lines(seeds.end)[seeds.start as usize..];
    assert_eq!(batch.add_lines(&models(), lines, Some(PRICE)).await.expect("added"), seeds.len() as u64);
    batch
}

async fn a_worker_that_is_killed_again_and_again_pays_for_nothing_twice(on: On) {
    let desk = Desk::new(on, builder()).await;
    let batch = batch(&desk, "", 0..30, 24).await;
    let mut rng = fastrand::Rng::with_seed(1);
    let mut killed = 0;
    for _ in 0..12 {
        killed += u64::from(!start(&desk, "", rng.u64(20..160)).await.success());
    }
    assert!(killed > 5, "only {killed} were killed");
    let status = start(&desk, "", 0).await;
    assert!(status.success(), "{status}");
    check(&desk, &batch, 0..30, killed * 4, 24).await;
}

/// How many workers die side by side.
const LANES: u64 = 3;

async fn at_each_statement_a_worker_may_die_and_another_goes_on(on: On) {
    let desk = Desk::new(on, builder()).await;
    // Three jobs, a budget for two: a worker of theirs dies at that statement, the next one works to the end.
    let dies = async |at: u64| {
        let (label, first) = (at.to_string(), u32::try_from(at).unwrap_or_default() * 3);
        let batch = batch(&desk, &label, first..first + 3, 2).await;
        let died = !start(&desk, &label, at).await.success();
        let status = start(&desk, &label, 0).await;
        assert!(status.success(), "after a death at {at}: {status}");
        check(&desk, &batch, first..first + 3, 2 * u64::from(died), 2).await;
        died
    };
    let lane = async |first: u64| {
        let mut at = first;
        while dies(at).await {
            at += LANES;
        }
        at
    };
    let ends = join_all((1..=LANES).map(lane)).await;
    assert!(ends.iter().all(|at| *at > 60), "a worker without a single death has run {ends:?} statements");
}
