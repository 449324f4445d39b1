//! A worker process whose jobs never end, so that it can be weighed. Must not know what is measured.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use runcomfy_emulator::Emulator;
use runcomfy_runner::{Batch, Error, Line, Store};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::child::{Settings, VARIABLE};
use crate::{BATCH, MODEL, PRICE, SCHEMAS, child};

/// A worker, and jobs that wait in it.
pub struct Waiting {
    /// Its thread is the emulator's.
    _server: Runtime,
    emulator: Emulator,
    _folder: tempfile::TempDir,
    worker: Child,
}

impl Waiting {
    /// So many jobs in a file, of which so many are to wait at once in a process of their own: a program that calls
    /// [`work`](crate::work).
    ///
    /// # Errors
    /// A text, if there can be no emulator, no store or no worker.
    pub fn new(jobs: u32, at_once: u32, mut worker: Command) -> Result<Self, String> {
        let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let server = server.map_err(|error| error.to_string())?;
        // So slow that no job ends.
        let emulator = server.block_on(Emulator::builder(SCHEMAS).speed(1e-6).start());
        let emulator = emulator.map_err(|error| error.to_string())?;
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let url = format!("sqlite://{}", folder.path().join("jobs.db").display());
        server.block_on(fill(&url, emulator.base_url(), jobs)).map_err(|error| error.to_string())?;
        let settings = Settings {
            url,
            base: emulator.base_url().to_owned(),
            token: emulator.token().to_owned(),
            schemas: SCHEMAS.into(),
            films: None,
            state: folder.path().join("state"),
            at_once: usize::try_from(at_once).map_err(|error| error.to_string())?,
            hasty: false,
            // As jobs of minutes are asked for.
            poll: 20_000,
        };
        let settings = serde_json::to_string(&settings).map_err(|error| error.to_string())?;
        let worker = worker.env(VARIABLE, settings).stdout(Stdio::null()).spawn();
        let worker = worker.map_err(|error| error.to_string())?;
        Ok(Self { _server: server, emulator, _folder: folder, worker })
    }

    /// Waits until so many jobs wait, and gives the memory of their worker in bytes.
    ///
    /// # Errors
    /// A text, if the worker has ended, or the system does not tell.
    pub fn weigh(&mut self, goal: u32) -> Result<u64, String> {
        while self.emulator.account().accepted().count() < goal as usize {
            if let Some(status) = self.worker.try_wait().map_err(|error| error.to_string())? {
                return Err(format!("the worker has ended: {status}"));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let place = format!("/proc/{}/status", self.worker.id());
        let text = std::fs::read_to_string(&place).map_err(|error| format!("{place}: {error}"))?;
        let line = text.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kibibytes =
            line.and_then(|line| line.split_whitespace().next()).and_then(|number| number.parse::<u64>().ok());
        kibibytes.map(|number| number * 1024).ok_or_else(|| format!("{place} has no RssAnon"))
    }
}

async fn fill(url: &str, base: &str, jobs: u32) -> Result<(), Error> {
    let store = Store::open(url, base, "").await?;
    let batch = Batch::open(&store, BATCH).await?;
    let models = child::models(Path::new(SCHEMAS));
    let input = |seed| json!({"prompt": "a lone figure", "image": "https://example.com/a.png", "seed": seed});
    let lines: Vec<Line> = (0..jobs).map(|seed| Line::new(MODEL, input(seed))).collect();
    for part in lines.chunks(5_000) {
        batch.add_lines(&models, part, Some(PRICE)).await?;
    }
    Ok(())
}

/// The worker does not outlive this.
impl Drop for Waiting {
    fn drop(&mut self) {
        _ = self.worker.kill();
        _ = self.worker.wait();
    }
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Waiting").field("worker", &self.worker.id()).finish_non_exhaustive()
    }
}
