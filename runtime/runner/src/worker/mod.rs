//! A worker: takes jobs from a store and brings them to their end, a bounded number at a time. Must not know how a store keeps
//! its promises.

mod beside;
mod downloads;
mod gather;
mod intents;
mod jobs;
mod naming;
mod progress;
mod ready;
mod rounds;

use std::collections::VecDeque;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{Stream, stream};
use runcomfy_client::Client;
use tokio::sync::{mpsc, watch};

use crate::spool::Spool;
use crate::store::{Answer, Ended, HeardId, Life, Noted, Store, Unsettled};
use crate::{Batch, Error, Models, State};
use gather::Gather;
use naming::Naming;
pub(crate) use naming::safe;
pub use progress::Progress;

/// Settings of a worker, and the worker.
#[must_use = "nothing happens before `run`"]
pub struct Worker {
    store: Store,
    client: Client,
    models: Arc<Models>,
    at_once: usize,
    machine: String,
    folder: Option<PathBuf>,
    naming: Naming,
    state: Option<PathBuf>,
    leases: Leases,
    told: mpsc::UnboundedSender<Progress>,
    hears: Option<mpsc::UnboundedReceiver<Progress>>,
    on_progress: Option<OnProgress>,
}

type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// How long things count.
#[derive(Clone, Copy)]
struct Leases {
    /// How long a worker counts as alive after its last word, where a clock tells.
    life: Duration,
    /// How long after its intent a request may still leave.
    to_send: Duration,
    /// What a lease has beyond the time in which a request ends.
    margin: Duration,
}

const LEASES: Leases =
    Leases { life: Duration::from_secs(60), to_send: Duration::from_secs(45), margin: Duration::from_secs(60) };

/// How long a store takes to answer before that is told.
const SLOW: Duration = Duration::from_secs(10);

impl Worker {
    /// A worker of that store, which submits by that client.
    pub fn new(store: &Store, client: &Client, models: Models) -> Self {
        let (told, hears) = mpsc::unbounded_channel();
        Self {
            store: store.clone(),
            client: client.clone(),
            models: Arc::new(models),
            at_once: 16,
            machine: machine(),
            folder: None,
            naming: Naming::default(),
            state: None,
            leases: LEASES,
            told,
            hears: Some(hears),
            on_progress: None,
        }
    }

    /// Sets how many jobs are submitted and not ended at any time, at least 1. 16 by default.
    pub fn at_once(mut self, jobs: usize) -> Self {
        self.at_once = jobs.max(1);
        self
    }

    /// Works on the jobs of this batch only. Others stay as they are.
    pub fn only(mut self, batch: &Batch) -> Self {
        self.store = self.store.only(batch.id());
        self
    }

    /// Sets where files of outputs are saved: in a folder for each batch below this one, where its manifest is written when the
    /// worker ends. Without it none are.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Sets how files are called, below the folder of their batch: a path with `{key}`, `{job}` (the number in the store), `{model}`
    /// (with `-` for `/`), `{index}` (the file's place in the output, from 0 on) and `{extension}`. By default
    /// `{key}-{index}.{extension}`.
    ///
    /// # Errors
    /// A template by which two files could have one name.
    pub fn names(mut self, template: &str) -> Result<Self, Error> {
        self.naming = Naming::parse(template)?;
        Ok(self)
    }

    /// Sets where the worker keeps ids that are not in the table yet, on a disk of this machine. By default beside a store in
    /// a file; a store on a server needs it.
    pub fn state_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.state = Some(folder.into());
        self
    }

    /// Shortens the time for which this worker counts as alive after its last word, that in which a request may still leave after
    /// its intent, and what a lease has beyond the end of both. For tests alone: on a busy machine, less than a minute of each makes
    /// doubts of what is only slow.
    #[doc(hidden)]
    pub fn leases(mut self, life: Duration, to_send: Duration, margin: Duration) -> Self {
        self.leases = Leases { life, to_send, margin };
        self
    }

    /// Calls this with what happens, in the middle of the work: a job's `Submitted` comes when its id is in the table, and its
    /// `Ended` before another job takes its place.
    pub fn on_progress(mut self, call: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(call));
        self
    }

    /// What happens, from now on; once.
    pub fn progress(&mut self) -> impl Stream<Item = Progress> + Send + Unpin + use<> {
        Box::pin(stream::unfold(self.hears.take(), async |hears| {
            let mut hears = hears?;
            Some((hears.recv().await?, Some(hears)))
        }))
    }

    /// Works until there is nothing left to do, or `stop` ends: then no job is submitted any more, submits under way are noted,
    /// and what is submitted is left to others or the next start. Let this run to its end: a future that is dropped may leave
    /// jobs whose outcome nobody knows.
    ///
    /// # Errors
    /// What keeps it from starting: the database, or the folder for ids.
    pub async fn run(mut self, stop: impl Future<Output = ()> + Send) -> Result<(), Error> {
        // Nobody listens to what is never read.
        drop(self.hears.take());
        let mut stop = Box::pin(stop);
        let (halt, halted) = watch::channel(false);
        loop {
            let life = self.store.register(&self.machine, millis(self.leases.life)).await?;
            let shared = Arc::new(self.shared(life, halted.clone())?);
            let gone = rounds::work(&shared, &mut stop, &halt).await;
            shared.write_manifests().await;
            if let Some(Shared { life, spool, store, .. }) = Arc::into_inner(shared) {
                spool.close();
                store.leave(life).await?;
            }
            if !gone || *halted.borrow() {
                return Ok(());
            }
        }
    }

    fn shared(&self, life: Life, halted: watch::Receiver<bool>) -> Result<Shared, Error> {
        let Some(folder) = self.state.clone().or_else(|| self.store.state_folder()) else {
            let text = "a store on a server needs a folder on this machine for ids: Worker::state_folder".to_owned();
            return Err(Error::Refused(text));
        };
        let opening =
            |error: std::io::Error| Error::Open { place: folder.display().to_string(), reason: error.to_string() };
        let spool = Spool::open(&folder, &self.store.prefix(), life.worker()).map_err(opening)?;
        Ok(Shared {
            store: self.store.clone(),
            client: self.client.clone(),
            models: Arc::clone(&self.models),
            at_once: self.at_once,
            folder: self.folder.clone(),
            naming: self.naming.clone(),
            changed: Mutex::default(),
            unpriced: Mutex::default(),
            heard: Gather::default(),
            endings: Gather::default(),
            state: folder,
            leases: self.leases,
            life,
            spool,
            halted,
            told: self.told.clone(),
            on_progress: self.on_progress.clone(),
        })
    }
}

/// What the tasks of a worker share.
struct Shared {
    store: Store,
    client: Client,
    models: Arc<Models>,
    at_once: usize,
    folder: Option<PathBuf>,
    naming: Naming,
    /// The first and the last of the jobs whose record has changed.
    changed: Mutex<Option<(i64, i64)>>,
    /// What came to its end here without a known cost, and is to be asked for.
    unpriced: Mutex<VecDeque<Unsettled>>,
    /// What jobs have for the store.
    heard: Gather<HeardId, Noted>,
    endings: Gather<Ended, bool>,
    state: PathBuf,
    leases: Leases,
    life: Life,
    spool: Spool,
    halted: watch::Receiver<bool>,
    told: mpsc::UnboundedSender<Progress>,
    on_progress: Option<OnProgress>,
}

impl Shared {
    fn tell(&self, progress: Progress) {
        match &progress {
            Progress::Trouble(_) | Progress::ModelPaused { .. } => tracing::warn!("{progress}"),
            other => tracing::info!("{other}"),
        }
        if let Some(call) = &self.on_progress {
            call(&progress);
        }
        _ = self.told.send(progress);
    }

    fn trouble(&self, what: &str, error: &(dyn fmt::Display + Sync)) {
        self.tell(Progress::Trouble(format!("{what}: {error}")));
    }

    /// A job has ended, its cost is known, or its files are there: its batch's manifest is to be written anew.
    fn changes(&self, job: i64) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        *changed = Some(changed.map_or((job, job), |(first, last)| (first.min(job), last.max(job))));
    }

    fn unpriced(&self) -> MutexGuard<'_, VecDeque<Unsettled>> {
        self.unpriced.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The manifest of each batch of which a job has changed.
    async fn write_manifests(&self) {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (Some(folder), Some(jobs)) = (&self.folder, changed) else { return };
        let written = async {
            for name in self.store.batches_of(jobs).await? {
                Batch::open(&self.store, &name).await?.write_manifest(folder).await?;
            }
            Ok::<_, Error>(())
        };
        if let Err(error) = written.await {
            self.trouble("a manifest can't be written", &error);
        }
    }

    fn is_halted(&self) -> bool {
        *self.halted.borrow()
    }

    /// Ends when the worker is to stop.
    async fn until_halted(&self) {
        let mut halted = self.halted.clone();
        if halted.wait_for(|halted| *halted).await.is_err() {
            std::future::pending().await
        }
    }

    /// How long a request may be under way, counted from before its intent.
    fn lease(&self) -> i64 {
        millis(self.leases.to_send + self.client.submit_timeout() + self.leases.margin)
    }

    /// Waits for the store, and says so if it takes long: a server that is gone answers nothing.
    async fn patiently<T>(&self, call: impl Future<Output = T>) -> T {
        let mut call = std::pin::pin!(call);
        loop {
            tokio::select! {
                done = &mut call => return done,
                () = tokio::time::sleep(SLOW) => {
                    self.tell(Progress::Trouble(format!("the store has not answered for {} seconds", SLOW.as_secs())));
                }
            }
        }
    }

    /// Says something to the store until it has heard, or the worker stops and it does not answer.
    async fn repeat<T, F>(&self, what: &str, call: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let mut pause = Duration::from_millis(200);
        for tries in 1.. {
            // A job that waits is not to carry room for what it says to the store.
            match Box::pin(call()).await {
                Ok(done) => return Some(done),
                Err(error) if tries == 1 && error.is_in_doubt() => {}
                Err(error) => self.trouble(what, &error),
            }
            if self.is_halted() && tries > 5 {
                return None;
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
        None
    }
}

/// Which state a job is in after an answer.
fn state_after(answer: &Answer) -> State {
    match answer {
        Answer::InputRefused => State::Refused,
        Answer::Lost => State::Unknown,
        _ => State::Queued,
    }
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What this machine calls itself.
fn machine() -> String {
    #[cfg(unix)]
    return rustix::system::uname().nodename().to_string_lossy().into_owned();
    #[cfg(not(unix))]
    std::env::var("COMPUTERNAME").unwrap_or_else(|_| "this machine".to_owned())
}
