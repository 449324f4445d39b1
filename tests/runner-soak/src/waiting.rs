//! A worker in this process whose jobs never end, so that it can be weighed. Must not know what is measured.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use runcomfy_client::Client;
use runcomfy_emulator::Emulator;
use runcomfy_runner::{Batch, Error, Line, Store, Worker};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::{BATCH, MODEL, PRICE, SCHEMAS, child};

type Work = Pin<Box<dyn Future<Output = Result<(), Error>>>>;

/// A worker, and jobs that wait in it.
pub struct Waiting {
    emulator: Emulator,
    /// Another thread is the emulator's.
    _server: Runtime,
    folder: tempfile::TempDir,
    worker: Option<Work>,
    jobs: u32,
    at_once: u32,
}

impl Waiting {
    /// So many jobs in a file, of which so many are to wait at once.
    ///
    /// # Errors
    /// A text, if there can be no emulator.
    pub fn new(jobs: u32, at_once: u32) -> Result<Self, String> {
        let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let server = server.map_err(|error| error.to_string())?;
        // So slow that no job ends.
        let emulator = server.block_on(Emulator::builder(SCHEMAS).speed(1e-6).start());
        let emulator = emulator.map_err(|error| error.to_string())?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        Ok(Self { emulator, _server: server, folder, worker: None, jobs, at_once })
    }

    /// Works until so many jobs wait.
    ///
    /// # Errors
    /// What the store says.
    pub async fn until(&mut self, goal: u32) -> Result<(), Error> {
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.start().await?,
        };
        loop {
            tokio::select! {
                ended = &mut worker => return ended,
                () = tokio::time::sleep(Duration::from_millis(50)) => {}
            }
            if self.emulator.account().accepted().count() >= goal as usize {
                self.worker = Some(worker);
                return Ok(());
            }
        }
    }

    async fn start(&self) -> Result<Work, Error> {
        let url = format!("sqlite://{}", self.folder.path().join("jobs.db").display());
        let store = Store::open(&url, self.emulator.base_url(), "").await?;
        let batch = Batch::open(&store, BATCH).await?;
        let models = child::models(Path::new(SCHEMAS));
        let input = |seed| json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed});
        let lines: Vec<Line> = (0..self.jobs).map(|seed| Line::new(MODEL, input(seed))).collect();
        for part in lines.chunks(5_000) {
            batch.add_lines(&models, part, Some(PRICE)).await?;
        }
        let client = Client::builder().base_url(self.emulator.base_url()).token(self.emulator.token());
        let client = client.build().map_err(|error| Error::Refused(error.to_string()))?;
        let worker = Worker::new(&store, &client, models).at_once(self.at_once as usize);
        Ok(Box::pin(worker.run(std::future::pending())))
    }
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("jobs", &self.jobs).field("at_once", &self.at_once).finish_non_exhaustive()
    }
}
