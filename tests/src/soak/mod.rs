//! Many jobs on one client, against an emulator that misbehaves. In: how many, which faults, a seed. Out: how the jobs
//! ended, held against the emulator's account.
//!
//! Everything goes over real sockets. Only the emulator's clock is ours: it stands still until all jobs are submitted, so
//! that they all wait at once and those that are to be cancelled are still queued. So a seed repeats a run: nothing
//! that is counted depends on who was faster.

mod film;
mod jobs;
mod report;

use std::path::Path;
use std::time::Duration;

use runcomfy::Client;
use runcomfy_emulator::{Emulator, Faults};

pub use report::Report;

/// How long a job runs, in the emulator's time.
const PROCESSING: Duration = Duration::from_secs(30);
/// What the emulator's clock is moved by, and how often.
const STEP: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(100);
/// How large a film is.
const FILM: usize = 20_000;

/// What is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many jobs.
    pub jobs: usize,
    /// What goes wrong.
    pub faults: Faults,
    /// What is rolled.
    pub seed: u64,
}

/// Runs the jobs to their ends. `measure` runs what it is given and says how many bytes of what this thread
/// allocated meanwhile were still in use after it: the client has this thread for itself.
///
/// # Errors
/// A text, if there can be no emulator or no client.
pub fn run(options: &Options, measure: impl FnOnce(&mut dyn FnMut()) -> i64) -> Result<Report, String> {
    let text = |error: &dyn std::error::Error| error.to_string();
    let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let server = server.map_err(|error| text(&error))?;
    let emulator = Emulator::builder(Path::new(env!("CARGO_MANIFEST_DIR")).join("../schemas"))
        .seed(options.seed)
        .faults(options.faults.clone())
        .workers((options.jobs / 10).max(1))
        .processing_time(PROCESSING)
        .media_bytes(FILM)
        // So slow that it stands still.
        .speed(1e-6)
        .start();
    let emulator = server.block_on(emulator).map_err(|error| text(&error))?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build();
    let client = client.map_err(|error| text(&error))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| text(&error))?;

    let folder = tempfile::tempdir().map_err(|error| text(&error))?;
    let mut jobs = jobs::Jobs::new(folder.path(), film::is_whole);
    let bytes = measure(&mut || runtime.block_on(jobs.submit(&client, options.jobs)));
    let waiting = jobs.waiting().max(1);
    let endings = runtime.block_on(async {
        let clock = async {
            loop {
                tokio::time::sleep(PAUSE).await;
                emulator.advance(STEP);
            }
        };
        tokio::select! {
            endings = jobs.finish() => endings,
            () = clock => unreachable!("a clock never ends"),
        }
    });
    let account = emulator.account();
    Ok(Report {
        ambiguous_faults: account.ambiguous_faults(),
        bytes_per_waiting_job: bytes / waiting,
        ..Report::new(options.jobs, &endings, account.accepted().map(Into::into))
    })
}
