//! The client's half: submits jobs, cancels some, waits for all, fetches their films. Must not look at the emulator.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use downstream::models::community::wan_2_2::vace_fun::Input;
use futures_util::StreamExt as _;
use runcomfy::{Client, Ending, Error, ImageInput, Job, Model};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// How often something is tried that the client gave up for now.
const TRIES: usize = 20;
/// How long a program waits that has other things to do in between.
const SLICE: Duration = Duration::from_secs(3);
/// After so many slices, the client's waiting is at fault, not the emulator's clock.
const MAX_SLICES: usize = 5000;
/// How many films are fetched at a time.
const FETCHES: usize = 32;

/// How a job ended, as the client saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    Succeeded {
        request_id: String,
        /// Whether its film is whole and in the program's hands; what is wrong if not.
        film: Result<(), String>,
    },
    Failed {
        request_id: String,
    },
    Cancelled {
        request_id: String,
    },
    /// Nobody can know whether there is a job, says the client.
    Unknown {
        why: String,
    },
    /// The client gave up on it, which it must not.
    None {
        why: String,
    },
}

/// Jobs under way.
pub(super) struct Jobs {
    tasks: JoinSet<(i64, End)>,
    waiting: Arc<AtomicI64>,
    shelf: Arc<Shelf>,
}

/// Where films are kept until they were looked at.
struct Shelf {
    folder: Box<Path>,
    gate: Semaphore,
    /// Whether a file is a whole film.
    is_whole: fn(&[u8]) -> bool,
}

impl Jobs {
    pub(super) fn new(folder: &Path, is_whole: fn(&[u8]) -> bool) -> Self {
        let shelf = Shelf { folder: folder.into(), gate: Semaphore::new(FETCHES), is_whole };
        Self { tasks: JoinSet::new(), waiting: Arc::default(), shelf: Arc::new(shelf) }
    }

    /// Submits jobs with the seed values from 0, and cancels some. Returns when nothing is left but waiting.
    pub(super) async fn submit(&mut self, client: &Client, count: usize) {
        let submitted = Arc::new(Semaphore::new(0));
        // Those of the first half find free workers. So every job of the second is queued, and can be cancelled.
        for (half, cancelled) in [(0..count / 2, false), (count / 2..count, true)] {
            let size = u32::try_from(half.len()).unwrap_or(u32::MAX);
            for number in half {
                let (client, submitted, waiting) = (client.clone(), Arc::clone(&submitted), Arc::clone(&self.waiting));
                let (shelf, cancelled) = (Arc::clone(&self.shelf), cancelled && number % 10 == 3);
                self.tasks.spawn(async move {
                    let seed = number as i64;
                    let job = submit(&client, seed, cancelled).await;
                    waiting.fetch_add(1, Ordering::Relaxed);
                    submitted.add_permits(1);
                    let end = match job {
                        Ok(job) => wait(&client, job, seed, &shelf).await,
                        Err(end) => end,
                    };
                    waiting.fetch_sub(1, Ordering::Relaxed);
                    (seed, end)
                });
            }
            if let Ok(permits) = submitted.acquire_many(size).await {
                permits.forget();
            }
        }
        // Those that have ended already get the time to say so.
        tokio::task::yield_now().await;
    }

    /// How many jobs wait for their end.
    pub(super) fn waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits for all jobs. Gives their seed values and ends.
    pub(super) async fn finish(&mut self) -> Vec<(i64, End)> {
        let mut ends = Vec::new();
        while let Some(end) = self.tasks.join_next().await {
            // A job whose task panicked has no end, which is how it is counted.
            ends.extend(end);
        }
        ends
    }
}

type Output = <Input as Model>::Output;

/// Submits until the server has taken the job, or nobody knows. A doubt that tells the job's id is none: it is followed.
async fn submit(client: &Client, seed: i64, cancelled: bool) -> Result<Job<Output>, End> {
    let input = Input::new("A lone figure", ImageInput::sample("Runcomfy_Example_1290_1.png")).seed(seed);
    let mut job = Err(End::None { why: "the server takes no jobs".to_owned() });
    for _ in 0..TRIES {
        job = match client.submit(&input).await {
            Ok(job) => Ok(job),
            Err(Error::OutcomeUnknown(doubt)) => match doubt.request_id() {
                Some(id) => client.job::<Input>(id).map_err(|error| End::None { why: error.to_string() }),
                None => Err(End::Unknown { why: doubt.to_string() }),
            },
            // Certainly not submitted, so this pays for nothing twice.
            Err(error) if error.is_retryable() => continue,
            Err(error) => Err(End::None { why: error.to_string() }),
        };
        break;
    }
    if let (Ok(job), true) = (&job, cancelled) {
        // Whether it worked is seen by how the job ends. Answers that were lost are asked for again.
        let mut tries = 0..TRIES;
        while tries.next().is_some() && job.cancel().await.is_err_and(|error| error.is_retryable()) {}
    }
    job
}

/// Waits as long as it takes, as a program of some kind does. An error is no ending, the job goes on: such as a redirect to
/// another host, which the client neither follows nor sits out.
async fn wait(client: &Client, job: Job<Output>, seed: i64, shelf: &Shelf) -> End {
    let request_id = job.request_id().to_owned();
    let mut why = String::new();
    for _ in 0..TRIES {
        let ending = match seed % 5 {
            0 => job.wait().await,
            1 => in_slices(&job).await,
            2 => between_ticks(&job).await,
            3 => after_its_news(&job).await,
            _ => later(client, &job).await,
        };
        why = match ending {
            Ok(Ending::Succeeded(done)) => {
                // In a box: most jobs wait most of the time, and this is much larger.
                let film = Box::pin(fetch(client, &job, &done.output, seed % 3 == 0, shelf)).await;
                return End::Succeeded { request_id, film };
            }
            Ok(Ending::Failed(_)) => return End::Failed { request_id },
            Ok(Ending::Cancelled(_)) => return End::Cancelled { request_id },
            other => format!("{other:?}"),
        };
    }
    End::None { why }
}

type Ended = Result<Ending<Output>, Error>;

async fn in_slices(job: &Job<Output>) -> Ended {
    let mut ending = job.wait_timeout(SLICE).await;
    for _ in 0..MAX_SLICES {
        if !matches!(ending, Ok(Ending::StillRunning(_))) {
            break;
        }
        ending = job.wait_timeout(SLICE).await;
    }
    ending
}

/// Drops the wait whenever there is something else to do.
async fn between_ticks(job: &Job<Output>) -> Ended {
    for _ in 0..MAX_SLICES {
        tokio::select! {
            ending = job.wait() => return ending,
            () = tokio::time::sleep(SLICE) => {}
        }
    }
    job.result().await
}

async fn after_its_news(job: &Job<Output>) -> Ended {
    let mut news = job.updates();
    while let Some(update) = news.next().await {
        update?;
    }
    job.wait().await
}

/// As a program does that was started again, and has nothing but the id.
async fn later(client: &Client, job: &Job<Output>) -> Ended {
    client.job::<Input>(job.request_id())?.wait().await
}

/// Saves the job's film, under the name of its URL or one that says whose it is, and looks at it.
async fn fetch(client: &Client, job: &Job<Output>, output: &Output, named: bool, shelf: &Shelf) -> Result<(), String> {
    let _permit = shelf.gate.acquire().await.map_err(|error| error.to_string())?;
    let mut downloader = client.downloader().for_job(job);
    if named {
        downloader = downloader.names("{job}-{index}.{extension}").map_err(|error| error.to_string())?;
    }
    let mut why = String::new();
    for _ in 0..TRIES {
        why = match downloader.download_all(output, &shelf.folder).await {
            Ok(files) if files.is_empty() => return Err("an output without a film".to_owned()),
            Ok(files) => {
                let check = |path: &Path| {
                    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
                    std::fs::remove_file(path).map_err(|error| error.to_string())?;
                    let broken = || format!("{}: {} bytes that are no film", path.display(), bytes.len());
                    if (shelf.is_whole)(&bytes) { Ok(()) } else { Err(broken()) }
                };
                return files.iter().try_for_each(|file| check(&file.path));
            }
            // Also a redirect to another host: this server's next answer may be another one.
            Err(error) => error.to_string(),
        };
    }
    Err(why)
}
