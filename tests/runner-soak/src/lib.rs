//! A batch that worker processes bring to its end while everything goes wrong: the emulator's faults, workers that are killed,
//! stopped beyond their leases and continued, a disk that takes no more, a database server that ends. In: how many jobs and
//! workers, which database, a seed. Out: the emulator's account held against the table.
//!
//! A seed repeats what is rolled, not a run: processes are as fast as the machine lets them.
#![cfg(unix)]

mod account;
mod child;
mod trouble;
mod waiting;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use runcomfy_emulator::{Emulator, Faults};
use runcomfy_runner::{Batch, Error, Line, State, Store, Summary, Usd, Word};
use serde_json::json;
use test_postgres::Cluster;

pub use account::Report;
pub use child::work;
use trouble::Workers;
pub use waiting::Waiting;

/// Where the jobs lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Database {
    /// In a file of a scratch folder.
    Sqlite,
    /// In a cluster of the soak's own, which is ended and started again.
    Postgres,
    /// In an empty database that is there already, by its URL.
    Url(String),
}

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many jobs. The budget is for nine of ten.
    pub jobs: u32,
    /// How many worker processes.
    pub workers: usize,
    /// Where the jobs lie.
    pub database: Database,
    /// What is rolled.
    pub seed: u64,
    /// Whether anything goes wrong.
    pub rough: bool,
    /// How many jobs each worker has under way.
    pub at_once: usize,
}

const MODEL: &str = "community/wan-2-2/vace-fun";
const PRICE: Usd = Usd::from_micros(50_000);
const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../runtime/emulator/tests/fixtures/schemas");
const BATCH: &str = "films";

/// Runs the jobs to their ends. `worker` is a program that calls [`work`].
///
/// # Errors
/// A text, if there can be no emulator, no database or no worker.
pub async fn run(options: &Options, worker: impl Fn() -> Command) -> Result<Report, String> {
    let desk = Desk::new(options).await?;
    let batch = desk.fill(options).await.map_err(|error| error.to_string())?;
    let (started, mut workers) = (Instant::now(), Workers::new(options, &desk));
    loop {
        workers.until_all_is_done(&worker, &batch).await?;
        // A person looks into the account, once every process that could still send has ended.
        workers.end().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        if !desk.resolve().await? {
            break;
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let commits_per_second = desk.commits_per_second(&batch).await.map_err(|error| error.to_string())?;
    let report = Report { seconds, commits_per_second, ..workers.report.clone() };
    account::held_against(&desk, &batch, report).await
}

/// What all have.
struct Desk {
    emulator: Emulator,
    folder: tempfile::TempDir,
    cluster: Option<Cluster>,
    url: String,
    budget: Usd,
}

impl Desk {
    async fn new(options: &Options) -> Result<Self, String> {
        let faults = if options.rough { Faults::heavy() } else { Faults::none() };
        let price = runcomfy_emulator::Usd::from_micros(PRICE.micros().unsigned_abs());
        let emulator = Emulator::builder(SCHEMAS).faults(faults).seed(options.seed).model_price(MODEL, price);
        // Twenty seconds are a twentieth of one, and there is a place for each.
        let places = options.workers * options.at_once;
        let emulator = emulator.processing_time(Duration::from_secs(20)).speed(400.0).workers(places).start().await;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let (cluster, url) = match &options.database {
            Database::Sqlite => (None, format!("sqlite://{}", folder.path().join("jobs.db").display())),
            Database::Url(url) => (None, url.clone()),
            Database::Postgres => {
                let cluster = Cluster::start(&[]).ok_or("PostgreSQL is not installed")?;
                let url = cluster.database();
                (Some(cluster), url)
            }
        };
        let emulator = emulator.map_err(|error| error.to_string())?;
        let budget = Usd::from_micros(PRICE.micros() * i64::from(options.jobs - options.jobs / 10));
        Ok(Self { emulator, folder, cluster, url, budget })
    }

    fn films(&self) -> PathBuf {
        self.folder.path().join("films")
    }

    async fn store(&self) -> Result<Store, Error> {
        Store::open(&self.url, self.emulator.base_url(), "").await
    }

    async fn fill(&self, options: &Options) -> Result<Batch, Error> {
        let batch = Batch::open(&self.store().await?, BATCH).await?;
        batch.set_budget(self.budget).await?;
        let input = |seed| json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed});
        let line = |seed| Line { key: Some(format!("film-{seed}")), ..Line::new(MODEL, input(seed)) };
        let lines: Vec<Line> = (0..options.jobs).map(line).collect();
        for part in lines.chunks(5_000) {
            batch.add_lines(&child::models(Path::new(SCHEMAS)), part, Some(PRICE)).await?;
        }
        Ok(batch)
    }

    /// How many transactions with one small write the database commits in a second, one after the other.
    async fn commits_per_second(&self, batch: &Batch) -> Result<f64, Error> {
        let (started, mut commits) = (Instant::now(), 0.0);
        while started.elapsed() < Duration::from_secs(1) {
            batch.set_budget(self.budget).await?;
            commits += 1.0;
        }
        Ok(commits / started.elapsed().as_secs_f64())
    }

    /// Says of each doubt what the account says, and lets what paused go on. Whether there was anything.
    async fn resolve(&self) -> Result<bool, String> {
        let text = |error: Error| error.to_string();
        let store = self.store().await.map_err(text)?;
        let resumed = store.resume(BATCH).await.map_err(text)? | store.resume_model(MODEL).await.map_err(text)?;
        let doubts = store.doubts().await.map_err(text)?;
        let account = self.emulator.account();
        for doubt in &doubts {
            let seed = account::seed(&doubt.key);
            let taken = account.of(&json!(seed)).find(|taken| taken.outcome.is_accepted());
            let word = match taken.and_then(|taken| taken.request_id.clone()) {
                Some(id) => Word::Is(id),
                None => Word::WasNotSubmitted,
            };
            store.resolve((doubt.job, doubt.epoch), &word).await.map_err(text)?;
        }
        Ok(resumed || !doubts.is_empty())
    }
}

/// Whether nothing is left to do but for a person; without a folder, nobody brings files.
fn is_done(summary: &Summary, files: bool) -> bool {
    let open = [State::Submitting, State::Submitted].map(|state| summary.count(state)).iter().sum::<u64>();
    let queued = if summary.paused.is_some() { 0 } else { summary.count(State::Queued) - summary.over_budget };
    let unfetched = if files { summary.unfetched } else { 0 };
    open + queued + summary.unsettled + unfetched == 0
}
