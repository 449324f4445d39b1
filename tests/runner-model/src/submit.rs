//! From `queued` to a known cost: two workers, two jobs, one budget, an account that may refuse, and a person who is never
//! wrong about what they see. Must not know downloads.

mod laws;
mod outside;
mod worker;

use crate::Model;

/// What a worker or the store must do. Each is needed: without it a law breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// `submitting`, with owner, epoch and reservation, is committed before the request leaves.
    IntentFirst,
    /// Whoever got no answer to the commit of an intent reads the row back before it sends.
    ReadBack,
    /// What is read back is one's own only if the nonce is: another worker's intent may have the same epoch.
    Nonce,
    /// Nothing is sent past the deadline, which ends before the lease does.
    Deadline,
    /// A lease outlasts every request that was sent under it.
    LeaseOutlasts,
    /// A `submitting` whose lease ran out becomes `unknown`; nobody submits it again.
    NeverRequeue,
    /// A worker writes only if the row still has its epoch.
    Fenced,
    /// The owner of a submit may still write what it heard when its row became `unknown`.
    LateNews,
    /// Noting an id is repeated until it is known to be in the row.
    RepeatNote,
    /// An id that was heard stands on the worker's disk until it is in the row; a worker that starts reads it.
    Spool,
    /// An id for a row that can't take it is kept beside it, and charged.
    Strays,
    /// `submitted` whose lease ran out is taken over.
    ReadAgain,
    /// The reservation is part of the intent, and held against the budget there.
    Reserve,
    /// An unknown outcome keeps its reservation.
    KeepReserved,
    /// A job that ended keeps its reservation until its cost is known.
    KeepUntilCost,
    /// What is spent is what the job cost, not what was reserved.
    LateCost,
    /// A cost is written once: the row's state guards it.
    SettleOnce,
    /// A refusal of the account pauses the batch until a person resumes it.
    Pause,
    /// A person's decision is for the row as they saw it: state and epoch.
    ResolveGuarded,
    /// A person's decision raises the epoch.
    ResolveRaises,
}

impl Rule {
    /// Every one of them.
    pub const ALL: [Self; 20] = [
        Self::IntentFirst,
        Self::ReadBack,
        Self::Nonce,
        Self::Deadline,
        Self::LeaseOutlasts,
        Self::NeverRequeue,
        Self::Fenced,
        Self::LateNews,
        Self::RepeatNote,
        Self::Spool,
        Self::Strays,
        Self::ReadAgain,
        Self::Reserve,
        Self::KeepReserved,
        Self::KeepUntilCost,
        Self::LateCost,
        Self::SettleOnce,
        Self::Pause,
        Self::ResolveGuarded,
        Self::ResolveRaises,
    ];
}

/// The rules, and the bounds of the search.
#[derive(Debug, Clone, Copy)]
pub struct Submit {
    /// The rule that is switched off.
    pub without: Option<Rule>,
    /// What may be spent; a job is reserved with 1 and costs 1 or 2.
    pub budget: u8,
    /// How often a job may change hands.
    pub epochs: u8,
    /// How often workers are started again.
    pub restarts: u8,
    /// How often a person decides, and how often they resume the batch.
    pub words: u8,
}

impl Default for Submit {
    fn default() -> Self {
        Self { without: None, budget: 1, epochs: 2, restarts: 1, words: 1 }
    }
}

pub(crate) const JOBS: usize = 2;
pub(crate) const WORKERS: usize = 2;
pub(crate) const PRICE: u8 = 1;
/// Epochs start at 1; 0 is no epoch.
const EPOCHS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Queued,
    Submitting,
    Unknown,
    Submitted,
    /// Its ending is known, its cost is not.
    Ended,
    Settled,
    Refused,
    GivenUp,
}

/// A job as the table has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    state: State,
    epoch: u8,
    /// The nonce of the last intent: who made it.
    nonce: u8,
    leased: bool,
    /// The epoch whose request id is in the row.
    id: u8,
    reserved: u8,
    spent: u8,
    /// A bit for each epoch whose id is kept beside the row.
    strays: u8,
    endings: u8,
}

/// What only the server, or nobody, knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Truth {
    /// How often the job was taken under each epoch: what is paid.
    accepted: [u8; EPOCHS],
    /// A bit for each epoch whose id a worker heard.
    heard: u8,
    /// What it cost; 0 until somebody asks.
    cost: u8,
    /// A person gave it up.
    given_up: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Idle,
    /// The answer to the commit of its intent was lost.
    InDoubt,
    /// Its intent is committed; nothing is sent.
    Intent,
    /// The request is on its way.
    Waiting,
    Heard(Answer),
    Following,
    /// It has read what the job cost.
    Costing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Answer {
    Taken,
    /// The input is refused.
    Refused,
    /// The account is refused: no balance, no permission.
    Account,
    /// It certainly did not arrive.
    NotSent,
    /// No answer.
    Lost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Worker {
    alive: bool,
    at: At,
    job: u8,
    epoch: u8,
    /// Job and epoch of the id on its disk.
    spool: Option<(u8, u8)>,
}

/// A request between worker and server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Flight {
    worker: u8,
    job: u8,
    epoch: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Word {
    WasNotSubmitted,
    Is,
    GiveUp,
}

/// A person who saw a row and has not yet said what is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Person {
    job: u8,
    epoch: u8,
    word: Word,
}

/// All that is: the table, the workers, what is on its way, and what only the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct World {
    rows: [Row; JOBS],
    truths: [Truth; JOBS],
    workers: [Worker; WORKERS],
    /// One for each worker; a worker that was started again may have the request of its forerunner in the air.
    flights: [Option<Flight>; WORKERS],
    person: Option<Person>,
    paused: bool,
    restarts: u8,
    words: u8,
    resumed: u8,
    /// The account refused, that is written, and nobody has resumed since.
    refused: bool,
    /// An intent was made while `refused`.
    into_refusal: bool,
    /// An intent was made when what is known to be spent had reached the budget.
    overspent: bool,
}

impl World {
    /// What the budget counts.
    fn used(&self) -> u8 {
        let of =
            |row: &Row| row.reserved + row.spent + PRICE * u8::try_from(row.strays.count_ones()).unwrap_or(u8::MAX);
        self.rows.iter().map(of).sum()
    }

    /// Whether a request of that epoch may still arrive.
    fn in_the_air(&self, job: u8, epoch: u8) -> bool {
        self.flights.iter().flatten().any(|flight| flight.job == job && flight.epoch == epoch)
    }

    fn row(&mut self, job: u8) -> &mut Row {
        &mut self.rows[usize::from(job)]
    }

    fn truth(&mut self, job: u8) -> &mut Truth {
        &mut self.truths[usize::from(job)]
    }
}

impl Submit {
    fn on(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }
}

const IDLE: Worker = Worker { alive: true, at: At::Idle, job: 0, epoch: 0, spool: None };

impl Model for Submit {
    type World = World;

    fn first(&self) -> World {
        let row = Row {
            state: State::Queued,
            epoch: 0,
            nonce: 0,
            leased: false,
            id: 0,
            reserved: 0,
            spent: 0,
            strays: 0,
            endings: 0,
        };
        World {
            rows: [row; JOBS],
            truths: [Truth { accepted: [0; EPOCHS], heard: 0, cost: 0, given_up: false }; JOBS],
            workers: [IDLE; WORKERS],
            flights: [None; WORKERS],
            person: None,
            paused: false,
            restarts: 0,
            words: 0,
            resumed: 0,
            refused: false,
            into_refusal: false,
            overspent: false,
        }
    }

    fn steps(&self, world: &World) -> Vec<(&'static str, World)> {
        let mut steps = Vec::new();
        worker::steps(self, world, &mut steps);
        outside::steps(self, world, &mut steps);
        steps
    }

    fn broken(&self, world: &World, _: usize) -> Option<&'static str> {
        laws::broken(self, world)
    }
}
