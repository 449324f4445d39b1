//! A worker process. In: what its environment says. Must not know what will be done to it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use runcomfy_client::{Client, FixedPolling, RetryPolicy};
use runcomfy_live::Catalogue;
use runcomfy_runner::{Models, Store, Worker};
use serde::{Deserialize, Serialize};

/// The variable that makes a worker of a process.
pub(crate) const VARIABLE: &str = "RUNNER_SOAK_WORKER";

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) url: String,
    pub(crate) base: String,
    pub(crate) token: String,
    pub(crate) schemas: PathBuf,
    pub(crate) films: Option<PathBuf>,
    pub(crate) state: PathBuf,
    pub(crate) at_once: usize,
    pub(crate) hasty: bool,
    /// How long it waits before it asks for a job again, in milliseconds.
    pub(crate) poll: u64,
}

/// How long a submit may take, a worker counts as alive, a request may leave and what is added, where leases are to run out.
pub(crate) const HASTE: Duration = Duration::from_secs(1);

/// How long a request may be under way.
pub(crate) const LEASE: Duration = Duration::from_secs(4);

pub(crate) fn models(schemas: &Path) -> Models {
    Models::new().with_catalogue(Catalogue::builder().folder(schemas).build().expect("the emulator's schemas"))
}

/// Works, if this process is a worker; `false` if it is not.
///
/// # Panics
/// If a worker can't start: the one who started it tries again.
#[must_use]
pub fn work() -> bool {
    let Ok(settings) = std::env::var(VARIABLE) else { return false };
    let settings: Settings = serde_json::from_str(&settings).expect("settings");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let Settings { url, base, token, schemas, films, state, at_once, hasty, poll } = settings;
        let poll = FixedPolling(Duration::from_millis(poll));
        let retry = RetryPolicy::default().delays(Duration::from_millis(20), Duration::from_millis(100));
        let client = Client::builder().base_url(&base).token(token).poll(poll).retry(retry);
        let client = if hasty { client.submit_timeout(2 * HASTE) } else { client };
        let store = Store::open(&url, &base, "").await.expect("a store");
        let worker = Worker::new(&store, &client.build().expect("a client"), models(&schemas));
        let worker = worker.at_once(at_once).state_folder(state);
        let worker = if hasty { worker.leases(HASTE, HASTE, HASTE) } else { worker };
        let worker = films.into_iter().fold(worker, Worker::folder);
        worker.run(std::future::pending()).await.expect("worked");
    });
    true
}
