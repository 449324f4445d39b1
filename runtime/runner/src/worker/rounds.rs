//! A worker's rounds: what it takes next, when it renews its lease, and when it is done. Must not know what is done with a job.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use runcomfy_client::ModelInfo;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use super::jobs::Taken;
use super::ready::{FRESH, Names};
use super::{Shared, millis};
use crate::Error;
use crate::spool::Spool;
use crate::store::{Candidate, Followed, Noted};

/// How many intents are committed together, at most.
const TOGETHER: usize = 64;

/// What a task was for.
enum Kind {
    Job,
    Beside,
    /// The model by which inputs with these names are written, if there is one that is certain.
    Names(Names, Option<&'static ModelInfo>),
}

/// What a worker has under way, and has had.
pub(super) struct Rounds {
    tasks: JoinSet<Kind>,
    jobs: usize,
    pub(super) beside: usize,
    /// Whose cost was asked for; who can't tell it is asked again at the next start.
    pub(super) asked: HashSet<(i64, String)>,
    /// Up to which job costs were looked for; none where all were.
    pub(super) asked_to: Option<i64>,
    /// Whether to look for what others left: at the start, at each tick, and before the end.
    around: bool,
    /// Counts intents, for nonces.
    pub(super) intents: u64,
    /// The models by which stored inputs are written, each with the time since when it is known; those that are being
    /// found have none.
    ready: HashMap<Names, Option<(&'static ModelInfo, Instant)>>,
}

/// Works until there is nothing left, or stopped. `true` if others have said that this worker is gone.
pub(super) async fn work<S: Future<Output = ()>>(
    shared: &Arc<Shared>,
    stop: &mut Pin<Box<S>>,
    halt: &watch::Sender<bool>,
) -> bool {
    let mut rounds = Rounds {
        tasks: JoinSet::new(),
        jobs: 0,
        beside: 0,
        asked: HashSet::new(),
        asked_to: Some(0),
        around: true,
        intents: 0,
        ready: HashMap::new(),
    };
    let mut tick = tokio::time::interval(shared.leases.life / 4);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut gone, mut pause) = (false, None);
    if let Err(error) = replay(shared, &mut rounds).await {
        shared.trouble("ids that an ended worker left can't be read", &error);
    }
    loop {
        // All that have ended, not one: what follows is done for all of them at once.
        while let Some(done) = rounds.tasks.try_join_next() {
            rounds.ended(shared, done);
        }
        if pause.is_none() && !gone && !shared.is_halted() {
            pause = match shared.patiently(rounds.fill(shared)).await {
                Ok(()) => None,
                Err(error) => {
                    shared.trouble("the store does not answer", &error);
                    Some(Duration::from_secs(1))
                }
            };
        }
        if rounds.tasks.is_empty() && pause.is_none() {
            let next = if gone || shared.is_halted() { Ok(None) } else { shared.store.next_at().await };
            match next {
                Ok(None) => return gone,
                Ok(Some(wait)) => pause = Some(Duration::from_millis(wait.unsigned_abs()).min(shared.leases.life / 4)),
                Err(_) => pause = Some(Duration::from_secs(1)),
            }
        }
        let halted = shared.is_halted();
        tokio::select! {
            Some(done) = rounds.tasks.join_next() => rounds.ended(shared, done),
            () = tokio::time::sleep(pause.unwrap_or(shared.leases.life)) => pause = None,
            _ = tick.tick() => {
                gone |= keep_alive(shared).await;
                rounds.look_around();
                pause = None;
            }
            () = stop.as_mut(), if !halted => {
                halt.send_replace(true);
            }
        }
    }
}

/// Renews the lease and looks after what others left. `true` if this worker counts as gone.
async fn keep_alive(shared: &Shared) -> bool {
    let renewed = shared.store.renew(&shared.life, millis(shared.leases.life)).await;
    if let Err(error) = shared.store.recover().await {
        shared.trouble("the store does not answer", &error);
    }
    matches!(renewed, Ok(false))
}

/// Notes the ids that ended workers of this machine heard and may not have noted.
async fn replay(shared: &Arc<Shared>, rounds: &mut Rounds) -> Result<(), Error> {
    let reading =
        |error: std::io::Error| Error::Open { place: shared.state.display().to_string(), reason: error.to_string() };
    // Whose lock is free is gone. A worker with nothing to do ends before its first tick, so what is in doubt is said here.
    shared.store.recover().await?;
    for left in Spool::left(&shared.state, &shared.store.prefix()).map_err(reading)? {
        for entry in &left.entries {
            let place = (entry.job, entry.epoch);
            let note = || shared.store.note_id(place, &entry.request_id, shared.life.worker(), None);
            let Some(noted) = shared.repeat("an id can't be noted", note).await else { return Ok(()) };
            if noted == Noted::Row {
                rounds.follow(shared, entry.job, entry.epoch, entry.request_id.clone());
            }
        }
        // What it has left is taken over now, not when its lease ends.
        if let Some(worker) = left.worker.filter(|worker| *worker != shared.life.worker()) {
            shared.store.gone(worker).await?;
        }
        left.done().map_err(reading)?;
    }
    Ok(())
}

impl Rounds {
    fn ended(&mut self, shared: &Shared, done: Result<Kind, tokio::task::JoinError>) {
        match done {
            Ok(Kind::Job) => self.jobs -= 1,
            Ok(Kind::Beside) => self.beside -= 1,
            Ok(Kind::Names(names, Some(info))) => drop(self.ready.insert(names, Some((info, Instant::now())))),
            // Whoever resumes it wants it looked at again.
            Ok(Kind::Names(names, None)) => drop(self.ready.remove(&names)),
            Err(error) => shared.trouble("a task of this worker ended badly", &error),
        }
    }

    pub(super) fn job(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.jobs += 1;
        // Not awaited in another future, which would keep room for it twice.
        self.tasks.spawn(task.map(|()| Kind::Job));
    }

    pub(super) fn beside(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        self.beside += 1;
        self.tasks.spawn(task.map(|()| Kind::Beside));
    }

    fn follow(&mut self, shared: &Arc<Shared>, job: i64, epoch: i64, request_id: String) {
        let taken = Taken { job, epoch, key: format!("job {job}"), request_id };
        let shared = Arc::clone(shared);
        self.job(async move { shared.follow(taken).await });
    }

    /// What others left is looked for with the next look.
    fn look_around(&mut self) {
        self.around = true;
        self.asked_to.get_or_insert(0);
    }

    /// Takes what there is to do, as much as may be under way.
    async fn fill(&mut self, shared: &Arc<Shared>) -> Result<(), Error> {
        let room = shared.at_once.saturating_sub(self.jobs);
        let worker = shared.life.worker();
        if self.tasks.is_empty() {
            self.look_around();
        }
        if room > 0 && self.around {
            let taken = shared.store.take_over(worker, room).await?;
            // There may be more of them.
            self.around = taken.len() == room;
            for Followed { job, epoch, key, request_id, .. } in taken {
                let shared = Arc::clone(shared);
                self.job(async move { shared.follow(Taken { job, epoch, key, request_id }).await });
            }
        }
        self.bring_files(shared).await?;
        self.ask_costs(shared).await?;
        self.submit(shared).await
    }

    /// Says of as many jobs as there is room for that they are about to be submitted.
    async fn submit(&mut self, shared: &Arc<Shared>) -> Result<(), Error> {
        loop {
            let room = shared.at_once.saturating_sub(self.jobs).min(TOGETHER);
            if room == 0 || shared.is_halted() {
                return Ok(());
            }
            let before = self.jobs;
            let mut ready = Vec::new();
            for candidate in shared.store.candidates(room).await? {
                if let Some(info) = self.ready(shared, &candidate) {
                    ready.push((candidate, info));
                }
            }
            self.intend(shared, ready).await?;
            // Fewer than there was room for: there are no more, or others were faster.
            if self.jobs < before + room {
                return Ok(());
            }
        }
    }

    /// The model by which a job's input is written; `None` while it is looked for.
    fn ready(&mut self, shared: &Arc<Shared>, candidate: &Candidate) -> Option<&'static ModelInfo> {
        let names = (candidate.model.clone(), candidate.lock.clone());
        match self.ready.get(&names) {
            Some(Some((info, since))) if since.elapsed() < FRESH => return Some(info),
            Some(None) => return None,
            _ => {}
        }
        self.ready.insert(names.clone(), None);
        let (shared, batch) = (Arc::clone(shared), candidate.batch);
        self.tasks.spawn(async move {
            let found = shared.ready(&names, batch).await;
            Kind::Names(names, found)
        });
        None
    }
}
