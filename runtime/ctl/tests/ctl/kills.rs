//! Hosts that are killed: between `run` and its answer, and after it, several at a time on one store, while everything goes wrong that does
//! in a network. No quote is paid twice, and no budget is passed.
//!
//! `KILLS=1000 cargo test -p runcomfyctl --test ctl killed -- --nocapture` kills so many between `run` and its answer.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use runcomfy_emulator::{Faults, Usd};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::desk::{Desk, MODEL, builder};
use crate::host::{Host, input};

/// How many hosts there are at any time.
const HOSTS: u32 = 12;
/// How many quotes are brought to their end together.
const AT_ONCE: usize = 200;
/// What a job costs, and what is reserved for it, in micro-dollars.
const PRICE: u64 = 50_000;
/// How long an answer to `run` takes before anything is known of it, and at most.
const ANSWERS: (Duration, Duration) = (Duration::from_millis(40), Duration::from_secs(2));

impl Host {
    /// The same, however often it has to be asked for.
    async fn quote_in_the_end(&self, seed: u32) -> String {
        for _ in 0..30 {
            let (quote, refused) = self.call("quote", json!({"model": MODEL, "input": input(seed)})).await;
            if !refused {
                return quote["quote"].as_str().unwrap_or_else(|| panic!("{quote}")).to_owned();
            }
        }
        panic!("no quote");
    }

    /// Runs a quote, and gives the state that its job comes to, or `refused` if there is no money for it. Whose host died while it
    /// submitted is `submitting` for minutes, until nobody can hear of it any more: that is not waited for.
    async fn run_in_the_end(&self, quote: &str) -> String {
        let (mut told, mut submitting) = (Value::Null, 0);
        for _ in 0..20 {
            let (answer, refused) = self.call("run", json!({"quote": quote})).await;
            if refused && answer.to_string().contains("today's budget") {
                return "refused".to_owned();
            }
            told = answer;
            for _ in (0..10).take_while(|_| !refused) {
                told = self.given("wait", json!({"job": quote, "seconds": 1})).await;
                submitting = if told["state"] == "submitting" { submitting + 1 } else { 0 };
                let is_open = ["queued", "submitting", "submitted"].iter().any(|open| told["state"] == *open);
                if !is_open || submitting > 5 {
                    return told["state"].as_str().expect("a state").to_owned();
                }
            }
        }
        told["state"].as_str().unwrap_or_else(|| panic!("it comes to no end: {told}")).to_owned()
    }
}

/// What all lanes share.
struct Yard {
    desk: Desk,
    limits: Vec<String>,
    wanted: u32,
    seed: AtomicU32,
    /// How many were killed with the call under way, and how many after its answer.
    killed: AtomicU32,
    later: AtomicU32,
}

impl Yard {
    async fn host(&self) -> Host {
        let limits: Vec<&str> = self.limits.iter().map(String::as_str).collect();
        Host::new(&self.desk, &limits).await
    }

    /// Runs and kills one host after the other until there were as many as wanted, and gives the quotes that were run.
    async fn lane(self: Arc<Self>, mut random: fastrand::Rng) -> Vec<String> {
        let (mut quotes, mut usual) = (Vec::new(), ANSWERS.0);
        while self.killed.load(Ordering::Relaxed) < self.wanted {
            let host = self.host().await;
            let quote = host.quote_in_the_end(self.seed.fetch_add(1, Ordering::Relaxed)).await;
            // Anywhere between the call and its answer, or a little later: how long an answer takes is learnt.
            let moment = usual.mul_f64(random.f64() * 1.5);
            let began = Instant::now();
            let call = host.call("run", json!({"quote": quote}));
            let answered = tokio::time::timeout(moment, call).await.is_ok();
            let took = began.elapsed();
            if answered {
                tokio::time::sleep(moment.saturating_sub(took)).await;
            }
            host.kill();
            quotes.push(quote);
            usual = if answered { (usual + took) / 2 } else { usual.mul_f64(1.1).min(ANSWERS.1) };
            match answered {
                true => drop(self.later.fetch_add(1, Ordering::Relaxed)),
                false => self.told(self.killed.fetch_add(1, Ordering::Relaxed) + 1),
            }
        }
        quotes
    }

    /// Many take minutes: somebody may wait for them.
    fn told(&self, killed: u32) {
        if killed.is_multiple_of(50) {
            let later = self.later.load(Ordering::Relaxed);
            _ = writeln!(std::io::stderr(), "{killed} of {} killed before the answer, {later} after it", self.wanted);
        }
    }
}

/// `KILLS` sets how many.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hosts_that_are_killed_again_and_again_pay_once_for_each_quote() {
    let kills: u32 = std::env::var("KILLS").map_or(16, |kills| kills.parse().expect("KILLS is a number"));
    let random_seed =
        std::env::var("SEED").map_or_else(|_| fastrand::u64(..), |seed| seed.parse().expect("SEED is a number"));
    _ = writeln!(std::io::stderr(), "SEED={random_seed}");
    let mut random = fastrand::Rng::with_seed(random_seed);
    let desk = Desk::new(builder().speed(4000.0).faults(Faults::heavy()).seed(random_seed)).await;
    // There is money for most of the jobs, not for all.
    let budget = u64::from(kills) * PRICE * 3 / 4;
    let dollars = format!("{}.{:06}", budget / 1_000_000, budget % 1_000_000);
    let limits = ["--budget-usd", &dollars, "--per-job-usd", "0.05"].map(str::to_owned).to_vec();
    let first_day = day();
    let (seed, killed, later) = Default::default();
    let yard = Arc::new(Yard { desk, limits, wanted: kills, seed, killed, later });
    let mut lanes = JoinSet::new();
    for _ in 0..HOSTS.min(kills) {
        lanes.spawn(Arc::clone(&yard).lane(random.fork()));
    }
    let quotes: Vec<String> = lanes.join_all().await.into_iter().flatten().collect();

    let host = Arc::new(yard.host().await);
    let (mut succeeded, mut refused) = (0, 0);
    for some in quotes.chunks(AT_ONCE) {
        let mut ends = JoinSet::new();
        for quote in some {
            let (host, quote) = (Arc::clone(&host), quote.clone());
            ends.spawn(async move { host.run_in_the_end(&quote).await });
        }
        for state in ends.join_all().await {
            match state.as_str() {
                "succeeded" => succeeded += 1,
                "refused" => refused += 1,
                state => assert!(["unknown", "failed", "queued", "submitting"].contains(&state), "{state}"),
            }
        }
    }
    Arc::into_inner(host).expect("nobody else has it").leave().await;
    let account = yard.desk.emulator().account();
    let (before, after) = (yard.killed.load(Ordering::Relaxed), yard.later.load(Ordering::Relaxed));
    _ = writeln!(
        std::io::stderr(),
        "{before} killed before the answer, {after} after it; {} paid, {succeeded} succeeded, {refused} refused; paid twice {}; {} of ${dollars} spent",
        account.accepted().count(),
        account.paid_twice().len(),
        account.spent(),
    );
    assert!(before >= kills && before + after == quotes.len() as u32, "{before} and {after} of {}", quotes.len());
    assert_eq!(account.paid_twice(), Vec::<Value>::new());
    assert!(account.accepted().count() <= quotes.len());
    // The money of a day is there again on the next.
    let limit = Usd::from_micros((day() - first_day + 1) * budget);
    assert!(account.spent() <= limit, "{} of {dollars}", account.spent());
    assert!(succeeded > 0, "nothing came to its end, {refused} were refused");
}

/// The number of this day, by UTC.
fn day() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a time").as_secs() / 86_400
}
