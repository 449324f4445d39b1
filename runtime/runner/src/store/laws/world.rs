//! Workers that do what a worker does, one step at a time, with everything that can go wrong between two steps. What is true
//! on the server is kept beside them.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;

use super::super::db::mishap::{self, Commit};
use super::super::{
    Answer, Budget, Candidate, End, Ended, Followed, HeardId, Intended, Intent, Life, NewJob, Noted, ReadBack, Store,
    Unsettled, Word,
};
use crate::{Error, Lock, Usd};

pub(super) const PRICE: Usd = Usd::from_micros(1_000_000);
pub(super) const JOBS: usize = 3;
const WORKERS: usize = 3;
/// Milliseconds. A request ends within its timeout; what may be sent until the deadline ends before the lease.
const LEASE: i64 = 160_000;
pub(super) const TIMEOUT: i64 = 100_000;
const DEADLINE: i64 = 50_000;

/// What happens besides the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mix {
    /// Crashes, and doubts that a person resolves.
    Doubts,
    /// The same, and jobs that fail, are made again, settled by hand, held and released.
    Persons,
}

/// What a worker is about to do next.
#[derive(Clone, Debug)]
pub(super) enum At {
    Idle,
    Saw(Vec<Candidate>),
    InDoubt(Sent),
    Intent(Sent),
    Waiting(Sent),
    HeardId(Sent, String),
    Heard(Sent, Heard),
    Following(Followed),
    Costing(Unsettled, Usd),
}

/// An intent, and until when it may be sent.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sent {
    pub(super) job: i64,
    pub(super) epoch: i64,
    nonce: String,
    deadline: i64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Heard {
    NotSent,
    Input,
    Account,
    Lost,
}

pub(super) struct Worker {
    /// Its life; `None` while it is dead.
    pub(super) life: Option<Life>,
    pub(super) at: At,
    /// What it has begun beside that.
    pub(super) later: Vec<At>,
    /// Ids on its disk, with job and epoch.
    pub(super) spool: Vec<(i64, i64, String)>,
    /// What stands there though it is in the table: it is read again at the next start.
    pub(super) stale: Vec<(i64, i64, String)>,
}

/// A request that is under way.
pub(super) struct Flight {
    pub(super) worker: usize,
    pub(super) sent: Sent,
    pub(super) at: i64,
}

/// What only the server knows of a request it took.
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) job: i64,
    pub(super) epoch: i64,
    pub(super) id: String,
    pub(super) cost: Usd,
    pub(super) heard: bool,
}

pub(super) struct World {
    pub(super) store: Store,
    pub(super) mix: Mix,
    pub(super) rng: Rng,
    pub(super) workers: Vec<Worker>,
    pub(super) flights: Vec<Flight>,
    pub(super) server: Vec<Taken>,
    /// A decision that a person is about to make.
    pub(super) person: Option<(i64, i64, Word)>,
    pub(super) given_up: Vec<i64>,
    pub(super) endings: BTreeMap<i64, u32>,
    /// When a job's ending was written.
    pub(super) ended_at: BTreeMap<i64, i64>,
    /// The last epoch before a person let a job be made again.
    pub(super) retried: BTreeMap<i64, Vec<i64>>,
    /// The jobs that nobody may submit before a person releases them.
    pub(super) held: BTreeSet<i64>,
    pub(super) budget: Usd,
    /// The account refused, that is written, and nobody has resumed.
    pub(super) refused: bool,
    /// Whether anything may go wrong.
    pub(super) rough: bool,
    /// Whether a law may have broken since they were checked.
    pub(super) changed: bool,
    nonces: u64,
    /// What an intent did that none may do.
    pub(super) offence: Option<&'static str>,
    pub(super) told: Vec<String>,
}

impl World {
    pub(super) async fn new(store: Store, seed: u64, mix: Mix) -> Self {
        let mut rng = Rng::with_seed(seed);
        let budget = Usd::from_micros(PRICE.micros() * rng.i64(1..=3));
        let batch = store.batch("films").await.expect("a batch");
        store.set_limit(&Budget::Batch(batch), Some(budget)).await.expect("a limit");
        let job = |number: usize| NewJob {
            key: number.to_string(),
            model: "a/b".to_owned(),
            input: "{}".to_owned(),
            lock: Lock::new("version = 1"),
            quote: PRICE.into(),
        };
        store.add(batch, &(0..JOBS).map(job).collect::<Vec<_>>()).await.expect("added");
        let dead = || Worker { life: None, at: At::Idle, later: Vec::new(), spool: Vec::new(), stale: Vec::new() };
        Self {
            store,
            mix,
            rng,
            workers: (0..WORKERS).map(|_| dead()).collect(),
            flights: Vec::new(),
            server: Vec::new(),
            person: None,
            given_up: Vec::new(),
            endings: BTreeMap::new(),
            ended_at: BTreeMap::new(),
            retried: BTreeMap::new(),
            held: BTreeSet::new(),
            budget,
            refused: false,
            rough: true,
            changed: false,
            nonces: 0,
            offence: None,
            told: Vec::new(),
        }
    }

    /// Lets things happen, and checks the laws after each.
    pub(super) async fn run(&mut self, steps: usize) -> Result<(), String> {
        let mut sleepy = 0;
        for step in 0..steps {
            // One of them is far behind the others: what it does comes late.
            if step % 8 == 0 && !self.is_busy(sleepy) {
                let busy: Vec<usize> = (0..WORKERS).filter(|i| self.is_busy(*i)).collect();
                sleepy = self.rng.choice(busy).unwrap_or_default();
            }
            match self.rng.u32(0..if self.mix == Mix::Doubts { 22 } else { 28 }) {
                0 => self.crash().await,
                1 | 2 => self.time_passes().await,
                3 => self.bury().await,
                4 => self.a_flight_ends().await,
                5 | 6 | 9 => self.person().await,
                7 | 8 => self.declare_gone(sleepy).await,
                22..24 => self.person_tries_again().await,
                24 | 25 => self.person_reads_the_bill().await,
                26 if self.rng.u32(0..6) == 0 => self.restored().await,
                26.. => self.person_releases().await,
                _ => {
                    let worker = self.rng.usize(0..WORKERS);
                    // It likes to wake up while a person makes up their mind.
                    let sleeps = if self.person.is_some() { 2 } else { 8 };
                    if worker != sleepy || self.rng.u32(0..sleeps) == 0 {
                        self.work(worker).await;
                    }
                }
            }
            if std::mem::take(&mut self.changed) {
                self.check().await?;
            }
        }
        Ok(())
    }

    /// Nothing goes wrong any more: everything that can be finished must be.
    pub(super) async fn finish(&mut self) -> Result<(), String> {
        self.rough = false;
        for round in 0..48 {
            // Not at once: what was just intended is still in time.
            if round % 6 == 0 {
                self.time_passes().await;
                self.bury().await;
            }
            for worker in 0..WORKERS {
                self.work(worker).await;
            }
            self.a_flight_ends().await;
            self.person().await;
            self.person_releases().await;
            if std::mem::take(&mut self.changed) {
                self.check().await?;
            } else if round > 12 && self.finished().await.is_ok() {
                break;
            }
        }
        self.finished().await
    }

    /// Whether it is in the middle of something.
    fn is_busy(&self, i: usize) -> bool {
        !matches!(self.workers[i].at, At::Idle | At::Saw(_) | At::Costing(..))
    }

    pub(super) fn tell(&mut self, text: impl Into<String>) {
        self.told.push(text.into());
    }

    /// What the next commit comes to.
    fn roll(&mut self) {
        let commit = match self.rng.u32(0..8) {
            0 if self.rough => Commit::Fails,
            1 if self.rough => Commit::AnswerLost,
            _ => Commit::Works,
        };
        mishap::next_commit(commit);
    }

    async fn work(&mut self, i: usize) {
        let Some(life) = &self.workers[i].life else { return self.start(i).await };
        let worker = life.worker();
        let at = std::mem::replace(&mut self.workers[i].at, At::Idle);
        self.changed |= !matches!(at, At::Idle | At::Waiting(_) | At::InDoubt(_));
        self.told.push(format!("{i} ({worker}): {at:?}"));
        let next = match at {
            At::Idle => self.look(i).await,
            At::Saw(seen) => self.intend(i, worker, &seen).await,
            At::InDoubt(sent) => self.read_back(sent).await,
            At::Intent(sent) => self.send(i, sent),
            At::Waiting(sent) => match self.flights.iter().any(|flight| flight.sent == sent) {
                true => At::Waiting(sent),
                false => At::Heard(sent, Heard::Lost),
            },
            At::HeardId(sent, id) => self.note_ids(i, worker, sent, id).await,
            At::Heard(sent, heard) => self.note(sent, heard).await,
            At::Following(followed) => self.end(i, followed).await,
            At::Costing(what, cost) => {
                self.roll();
                _ = self.store.settle(&what, cost).await;
                At::Idle
            }
        };
        mishap::next_commit(Commit::Works);
        self.workers[i].at = match next {
            At::Idle => self.workers[i].later.pop().unwrap_or(At::Idle),
            // While it waits for one answer, it goes on with the others.
            waiting @ At::Waiting(_) if !self.workers[i].later.is_empty() => {
                self.workers[i].later.insert(0, waiting);
                self.workers[i].later.pop().unwrap_or(At::Idle)
            }
            busy => busy,
        };
    }

    /// Registers, and reads the spool first.
    async fn start(&mut self, i: usize) {
        let life = self.store.register("desk", LEASE).await.expect("registered");
        self.tell(format!("{i} starts as {}", life.worker()));
        let worker = &mut self.workers[i];
        worker.life = Some(life);
        worker.spool.append(&mut worker.stale);
        self.workers[i].at = self.spooled(i);
    }

    fn spooled(&self, i: usize) -> At {
        match self.workers[i].spool.first().cloned() {
            None => At::Idle,
            Some((job, epoch, id)) => At::HeardId(Sent { job, epoch, nonce: String::new(), deadline: 0 }, id),
        }
    }

    async fn look(&mut self, i: usize) -> At {
        let life = self.workers[i].life.as_ref().expect("alive");
        if !self.store.renew(life, LEASE).await.expect("renewed") {
            self.workers[i].life = None;
            self.start(i).await;
            return self.spooled(i);
        }
        let worker = life.worker();
        let choice =
            if self.rough { self.rng.u32(0..4) } else { u32::try_from(self.told.len() % 4).unwrap_or_default() };
        match choice {
            0 => {
                let mut taken = self.store.take_over(worker, 1).await.expect("taken");
                taken.pop().map_or(At::Idle, At::Following)
            }
            1 => {
                let all = self.store.unsettled(9).await.expect("a list");
                let what = self.rng.choice(&all).cloned();
                what.map_or(At::Idle, |what| {
                    let cost = self.server.iter().find(|taken| taken.id == what.request_id).map(|taken| taken.cost);
                    cost.map_or(At::Idle, |cost| At::Costing(what, cost))
                })
            }
            _ => {
                let all = self.store.candidates(9).await.expect("a list");
                let count = if self.rough { self.rng.usize(1..=JOBS) } else { 1 };
                let mut seen = self.rng.choose_multiple(all, count);
                self.rng.shuffle(&mut seen);
                if seen.is_empty() { At::Idle } else { At::Saw(seen) }
            }
        }
    }

    /// All that it saw, in one transaction.
    async fn intend(&mut self, i: usize, worker: i64, seen: &[Candidate]) -> At {
        let deadline = mishap::clock() + DEADLINE;
        let sent: Vec<Sent> = seen
            .iter()
            .map(|seen| {
                self.nonces += 1;
                Sent { job: seen.job, epoch: seen.epoch + 1, nonce: format!("{worker}:{}", self.nonces), deadline }
            })
            .collect();
        let known = self.known_spent().await;
        self.roll();
        let intents = sent.iter().map(|sent| {
            let (job, seen, nonce) = (sent.job, sent.epoch - 1, sent.nonce.as_str());
            Intent { job, seen, worker, nonce, lease: LEASE, wire: "w" }
        });
        let done = self.store.intents(&intents.collect::<Vec<_>>()).await;
        for (done, sent) in done.into_iter().zip(sent) {
            let next = match done {
                Ok(Intended::Committed(epoch)) => {
                    assert_eq!(epoch, sent.epoch);
                    self.committed(&sent, known);
                    At::Intent(sent)
                }
                Ok(Intended::MovedOn | Intended::OverBudget(_)) => continue,
                Err(Error::InDoubt { .. }) => At::InDoubt(sent),
                Err(error) => panic!("{error}"),
            };
            self.workers[i].later.push(next);
        }
        At::Idle
    }

    /// Whether an intent is one that none may make.
    fn committed(&mut self, sent: &Sent, known: Usd) {
        if self.refused {
            self.offence = Some("a job is submitted though the account is known to be refused");
        }
        if self.held.contains(&sent.job) {
            self.offence = Some("a job is submitted that a person must look at first");
        }
        if known >= self.budget {
            self.offence = Some("a job is submitted though the budget is known to be spent");
        }
    }

    async fn read_back(&mut self, sent: Sent) -> At {
        match self.store.read_back(sent.job, sent.epoch, &sent.nonce).await.expect("read back") {
            ReadBack::Stands => At::Intent(sent),
            ReadBack::LeaseOver => At::Heard(sent, Heard::NotSent),
            ReadBack::No => At::Idle,
        }
    }

    fn send(&mut self, worker: usize, sent: Sent) -> At {
        if mishap::clock() > sent.deadline {
            return At::Heard(sent, Heard::NotSent);
        }
        self.flights.push(Flight { worker, sent: sent.clone(), at: mishap::clock() });
        At::Waiting(sent)
    }

    /// An id, and those that it heard beside that.
    async fn note_ids(&mut self, i: usize, worker: i64, sent: Sent, id: String) -> At {
        let mut all = vec![(sent, id)];
        for at in self.beside(i, |at| matches!(at, At::HeardId(..))) {
            let At::HeardId(sent, id) = at else { continue };
            all.push((sent, id));
        }
        let heard = |(sent, id): &(Sent, String)| {
            let (job, epoch, request_id) = (sent.job, sent.epoch, id.clone());
            HeardId { job, epoch, request_id, heard: None }
        };
        self.roll();
        let done = self.store.note_ids(&all.iter().map(heard).collect::<Vec<_>>(), worker).await;
        for (done, (sent, id)) in done.into_iter().zip(all) {
            let next = match done {
                Err(_) => At::HeardId(sent, id),
                Ok(noted) => self.noted(i, noted, sent, id).await,
            };
            self.workers[i].later.extend((!matches!(next, At::Idle)).then_some(next));
        }
        At::Idle
    }

    async fn noted(&mut self, i: usize, noted: Noted, sent: Sent, id: String) -> At {
        self.tell(format!("    {noted:?}"));
        if noted == Noted::Beside && self.states().await[&sent.job].0 == "queued" {
            self.held.insert(sent.job);
        }
        self.workers[i].spool.retain(|(_, _, spooled)| *spooled != id);
        if self.mix == Mix::Persons {
            self.workers[i].stale.push((sent.job, sent.epoch, id.clone()));
        }
        let (job, epoch, request_id) = (sent.job, sent.epoch, id);
        match noted {
            Noted::Row => At::Following(Followed { job, epoch, key: String::new(), model: String::new(), request_id }),
            _ => self.spooled(i),
        }
    }

    /// What a worker has begun that is of this kind, sometimes.
    fn beside(&mut self, i: usize, is_such: fn(&At) -> bool) -> Vec<At> {
        match self.rng.bool() {
            true => self.workers[i].later.extract_if(.., |at| is_such(at)).collect(),
            false => Vec::new(),
        }
    }

    async fn note(&mut self, sent: Sent, heard: Heard) -> At {
        let answer = match heard {
            Heard::NotSent => Answer::NotSent { wait: 0 },
            Heard::Input => Answer::InputRefused,
            Heard::Account => Answer::AccountRefused,
            Heard::Lost => Answer::Lost,
        };
        self.roll();
        match self.store.note_answer((sent.job, sent.epoch), &answer, "a test").await {
            Err(_) => At::Heard(sent, heard),
            Ok(_) => {
                self.refused |= matches!(heard, Heard::Account);
                At::Idle
            }
        }
    }

    /// An ending, and those that it heard of beside that, sometimes with the cost.
    async fn end(&mut self, i: usize, followed: Followed) -> At {
        let mut all = vec![followed];
        for at in self.beside(i, |at| matches!(at, At::Following(_))) {
            let At::Following(followed) = at else { continue };
            all.push(followed);
        }
        let with_cost = self.rng.bool();
        let ended: Vec<Ended> = all.iter().map(|followed| self.ended(followed, with_cost)).collect();
        self.roll();
        let done = self.store.ended(&ended).await;
        for (done, followed) in done.into_iter().zip(all) {
            match done {
                Err(_) => self.workers[i].later.push(At::Following(followed)),
                Ok(written) => {
                    *self.endings.entry(followed.job).or_default() += u32::from(written);
                    self.ended_at.insert(followed.job, mishap::clock());
                }
            }
        }
        At::Idle
    }

    /// As the server has it, whoever asks.
    fn ended(&self, followed: &Followed, with_cost: bool) -> Ended {
        let fails = self.mix == Mix::Persons && followed.request_id.ends_with(['0', '1', '3', '5', '6', '8']);
        let end = match fails {
            true => End::Failed { reason: "a test".to_owned() },
            false => End::Succeeded { output: "{}".to_owned() },
        };
        let taken = self.server.iter().find(|taken| with_cost && taken.id == followed.request_id);
        Ended { job: followed.job, epoch: followed.epoch, end, cost: taken.map(|taken| taken.cost) }
    }
}
