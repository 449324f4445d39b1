//! An emulator, a store in a folder, and the questions that all tests ask.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use runcomfy_client::{Client, FixedPolling, RetryPolicy};
use runcomfy_emulator::{Builder, Emulator};
use runcomfy_live::Catalogue;
use runcomfy_runner::{Batch, Error, Line, Models, State, Store, Summary, Usd, Worker};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_postgres::Cluster;

pub(crate) const MODEL: &str = "community/wan-2-2/vace-fun";
pub(crate) const PRICE: Usd = Usd::from_micros(50_000);

/// Which database a test is on.
#[derive(Clone, Copy)]
pub(crate) enum On {
    Sqlite,
    Postgres(&'static Cluster),
}

/// Tests, each on both databases.
macro_rules! on_both {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$test($crate::desk::On::Sqlite).await;
            })*
        }

        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                if let Some(cluster) = test_postgres::Cluster::shared() {
                    super::$test($crate::desk::On::Postgres(cluster)).await;
                }
            })*
        }
    };
}
pub(crate) use on_both;

pub(crate) struct Desk {
    pub(crate) folder: TempDir,
    pub(crate) emulator: Emulator,
    pub(crate) on: On,
    url: String,
}

/// An emulator whose jobs take little of a test's time.
pub(crate) fn builder() -> Builder {
    emulator_of(SCHEMAS).model_price(MODEL, runcomfy_emulator::Usd::from_micros(50_000))
}

/// The same, for the models of a schema folder.
pub(crate) fn emulator_of(schemas: impl Into<PathBuf>) -> Builder {
    Emulator::builder(schemas).processing_time(Duration::from_secs(20)).speed(400.0).workers(8)
}

pub(crate) fn client(base_url: &str, token: &str) -> Client {
    let poll = FixedPolling(Duration::from_millis(40));
    let retry = RetryPolicy::default().delays(Duration::from_millis(20), Duration::from_millis(100));
    let client = Client::builder().base_url(base_url).token(token).poll(poll).retry(retry);
    client.submit_timeout(Duration::from_secs(5)).build().expect("a client")
}

pub(crate) fn lines(count: u32) -> Vec<Line> {
    let input = |seed| json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed});
    let line = |seed| Line { key: Some(format!("film-{seed}")), ..Line::new(MODEL, input(seed)) };
    (0..count).map(line).collect()
}

pub(crate) const SCHEMAS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../emulator/tests/fixtures/schemas");

/// The models of a schema folder.
pub(crate) fn models_of(schemas: impl Into<PathBuf>) -> Models {
    Models::new().with_catalogue(Catalogue::builder().folder(schemas).build().expect("a catalogue"))
}

pub(crate) fn models() -> Models {
    models_of(SCHEMAS)
}

impl Desk {
    pub(crate) async fn new(on: On, builder: Builder) -> Self {
        let emulator = builder.start().await.expect("an emulator");
        let folder = tempfile::tempdir().expect("a folder");
        let url = match on {
            On::Sqlite => format!("sqlite://{}", folder.path().join("jobs.db").display()),
            On::Postgres(cluster) => cluster.database(),
        };
        Self { folder, emulator, on, url }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Where a worker keeps ids: the place beside a store in a file is the same, unless a test says otherwise.
    pub(crate) fn state(&self) -> PathBuf {
        self.folder.path().join("jobs.db-workers")
    }

    pub(crate) fn films(&self) -> PathBuf {
        self.folder.path().join("films")
    }

    pub(crate) async fn store(&self) -> Store {
        Store::open(self.url(), self.emulator.base_url(), "").await.expect("a store")
    }

    pub(crate) async fn batch(&self, count: u32) -> (Store, Batch) {
        let store = self.store().await;
        let batch = Batch::open(&store, "films").await.expect("a batch");
        assert_eq!(batch.add_lines(&models(), &lines(count), Some(PRICE)).await.expect("added"), u64::from(count));
        (store, batch)
    }

    pub(crate) fn worker(&self, store: &Store) -> Worker {
        let client = client(self.emulator.base_url(), self.emulator.token());
        Worker::new(store, &client, models()).at_once(6).folder(self.films()).state_folder(self.state())
    }

    pub(crate) async fn run(&self, store: &Store) -> Result<(), Error> {
        let work = self.worker(store).run(std::future::pending());
        tokio::time::timeout(Duration::from_secs(120), work).await.expect("it comes to an end")
    }

    /// What must be true whatever happened: nothing is paid twice, and every job that is paid for is known, or in doubt.
    pub(crate) fn check(&self, summary: &Summary) {
        let account = self.emulator.account();
        assert_eq!(account.paid_twice(), Vec::<Value>::new());
        let accepted = account.accepted().count() as u64;
        let known =
            [State::Submitted, State::Succeeded, State::Failed].map(|state| summary.count(state)).iter().sum::<u64>();
        let doubts = summary.count(State::Unknown) + summary.count(State::Submitting) + summary.count(State::GivenUp);
        assert!((known..=known + doubts).contains(&accepted), "{accepted} accepted: {summary:?}");
    }
}

/// A schema folder with models of these fields.
pub(crate) fn schemas(models: &[(&str, Value)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (id, fields) in models {
        let place = folder.path().join(id);
        fs::create_dir_all(&place).expect("a folder");
        let manifest = format!("id = {id:?}\ndisplay_name = \"A film\"\nsource = \"page\"\nupdated = 2026-01-01\n");
        let input = json!({"type": "object", "properties": fields});
        let output =
            json!({"output": {"type": "object", "properties": {"video": {"type": "string", "format": "uri"}}}});
        for (name, text) in
            [("model.toml", manifest), ("input.json", input.to_string()), ("output.json", output.to_string())]
        {
            fs::write(place.join(name), text).expect("a file");
        }
    }
    folder
}
