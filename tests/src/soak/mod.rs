//! Many jobs on one client, against an emulator that misbehaves. In: how many, which faults, a seed. Out: how the jobs
//! ended, held against the emulator's account.
//!
//! Everything goes over real sockets. Only the clocks are ours, the client's and the emulator's: both are moved at once, a
//! few hundredths of a second of real time for a second, so that nobody waits for pauses. The emulator's stands still until all
//! jobs are submitted, so that they all wait at once and those that are to be cancelled are still queued. So a seed repeats
//! a run: nothing that is counted depends on who was faster.

mod film;
mod jobs;
mod report;

use std::time::Duration;

use runcomfy::{Client, Downloader};
use runcomfy_emulator::{Emulator, Faults};

pub use report::Report;

/// How long a job runs, in the emulator's time.
const PROCESSING: Duration = Duration::from_secs(30);
/// What the clocks are moved by.
const STEP: Duration = Duration::from_millis(500);
/// How often: seldom enough for the answers of all jobs.
const PAUSE: Duration = Duration::from_millis(5);
const PAUSE_PER_JOB: Duration = Duration::from_micros(5);
/// Requests take no longer than the machine is busy, whatever the clock says.
const LIMIT: Duration = Duration::from_secs(24 * 60 * 60);
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
    let emulator = Emulator::builder(crate::frozen())
        .seed(options.seed)
        .faults(options.faults.clone())
        .workers((options.jobs / 10).max(1))
        .processing_time(PROCESSING)
        .media_bytes(FILM)
        // So slow that it stands still.
        .speed(1e-6)
        .start();
    let emulator = server.block_on(emulator).map_err(|error| text(&error))?;
    let client = client(&emulator).map_err(|error| text(&*error))?;
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build().map_err(|error| text(&error))?;

    let folder = tempfile::tempdir().map_err(|error| text(&error))?;
    let mut jobs = jobs::Jobs::new(folder.path(), film::is_whole);
    let pause = PAUSE.max(PAUSE_PER_JOB * u32::try_from(options.jobs).unwrap_or(u32::MAX));
    let bytes = measure(&mut || runtime.block_on(until(jobs.submit(&client, options.jobs), pause, || {})));
    let waiting = jobs.waiting().max(1);
    let endings = runtime.block_on(until(jobs.finish(), pause, || emulator.advance(STEP)));
    let account = emulator.account();
    Ok(Report {
        ambiguous_faults: account.ambiguous_faults(),
        bytes_per_waiting_job: bytes / waiting,
        ..Report::new(options.jobs, &endings, account.submissions().iter().map(Into::into))
    })
}

fn client(emulator: &Emulator) -> Result<Client, Box<dyn std::error::Error>> {
    let base = emulator.base_url();
    let downloader = Downloader::builder().allow_local(&base.parse()?).read_timeout(LIMIT);
    Ok(Client::builder()
        .base_url(base)
        .token(emulator.token())
        .connect_timeout(LIMIT)
        .request_timeout(LIMIT)
        .submit_timeout(LIMIT)
        .downloader(downloader.connections(|http| http.no_proxy()).build()?)
        .build()?)
}

/// Moves the runtime's clock until the work is done, and tells each time. The clock is paused, and tokio, which would jump
/// to the next timer as soon as all wait, leaves it alone while a blocking task runs.
async fn until<T>(work: impl Future<Output = T>, pause: Duration, mut moved: impl FnMut()) -> T {
    let clock = async {
        loop {
            let slept = tokio::task::spawn_blocking(move || std::thread::sleep(pause)).await;
            slept.expect("a thread that sleeps");
            tokio::time::advance(STEP).await;
            moved();
        }
    };
    tokio::select! {
        done = work => done,
        () = clock => unreachable!("a clock never ends"),
    }
}
