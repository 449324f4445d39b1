//! From `pending` to `fetched`: two workers, one file of a job that succeeded. Must not know how jobs are submitted.

use crate::Model;

/// What a worker must do. Each is needed: without it a law breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Each download writes to a file of its own, named with its epoch.
    OwnPart,
    /// The file gets its name when it is whole.
    WholeFirst,
    /// A file never takes the place of another.
    NoReplace,
    /// The row is written when the file has its name.
    RowAfterFile,
    /// The row keeps what the file under the name is, not what this worker fetched.
    RowOfTheFile,
    /// A worker writes only if the row still has its epoch.
    Fenced,
    /// A download that failed leaves the job as it is.
    FailureLeaves,
    /// A download whose lease ran out is taken over.
    TakeOver,
}

impl Rule {
    /// Every one of them.
    pub const ALL: [Self; 8] = [
        Self::OwnPart,
        Self::WholeFirst,
        Self::NoReplace,
        Self::RowAfterFile,
        Self::RowOfTheFile,
        Self::Fenced,
        Self::FailureLeaves,
        Self::TakeOver,
    ];
}

/// The rules; bounded by how often a download is begun.
#[derive(Debug, Clone, Copy, Default)]
pub struct Download {
    /// The rule that is switched off.
    pub without: Option<Rule>,
}

const WORKERS: usize = 2;
const EPOCHS: u8 = 3;

/// What a file holds: who wrote its first and its second half; 0 where nothing is.
type Bytes = [u8; 2];

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum At {
    Idle,
    /// So many halves are written.
    Fetching(u8),
    Named,
    Dead,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Worker {
    at: At,
    epoch: u8,
}

/// All that is: the row, the workers and the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct World {
    succeeded: bool,
    /// The hash that the row has: the file's bytes.
    fetched: Option<Bytes>,
    epoch: u8,
    leased: bool,
    workers: [Worker; WORKERS],
    /// By the epoch in their name.
    parts: [Bytes; EPOCHS as usize + 1],
    named: Option<Bytes>,
    /// A row said `fetched` once, and then no more.
    forgotten: bool,
    crashes: u8,
}

const IDLE: Worker = Worker { at: At::Idle, epoch: 0 };

impl Download {
    fn on(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    /// The number of the file that a download writes to.
    fn part(&self, epoch: u8) -> usize {
        if self.on(Rule::OwnPart) { epoch.into() } else { 0 }
    }

    fn begins(&self, world: &World, i: usize, steps: &mut Vec<(&'static str, World)>) {
        let open = world.succeeded && world.fetched.is_none() && !world.leased;
        let first = world.epoch == 0 || self.on(Rule::TakeOver);
        if !open || !first || world.epoch >= EPOCHS {
            return;
        }
        let mut next = *world;
        (next.epoch, next.leased) = (world.epoch + 1, true);
        next.workers[i] = Worker { at: At::Fetching(0), epoch: next.epoch };
        next.parts[self.part(next.epoch)] = [0; 2];
        steps.push(("begin", next));
    }

    fn goes_on(&self, world: &World, i: usize, halves: u8, steps: &mut Vec<(&'static str, World)>) {
        let worker = world.workers[i];
        let part = self.part(worker.epoch);
        let mut next = *world;
        if halves < 2 {
            next.parts[part][usize::from(halves)] = worker.epoch;
            next.workers[i].at = At::Fetching(halves + 1);
            if !self.on(Rule::WholeFirst) {
                next.named = Some(next.parts[part]);
            }
            steps.push(("write", next));
            steps.push(("fail", self.failed(world, i)));
            return;
        }
        if world.named.is_none() || !self.on(Rule::NoReplace) {
            next.named = Some(world.parts[part]);
        }
        next.workers[i].at = At::Named;
        steps.push(("name", next));
        if !self.on(Rule::RowAfterFile) {
            let mut early = *world;
            early.fetched = Some(world.parts[part]);
            steps.push(("write the row", early));
        }
    }

    fn failed(&self, world: &World, i: usize) -> World {
        let mut next = *world;
        next.workers[i] = IDLE;
        if world.epoch == world.workers[i].epoch || !self.on(Rule::Fenced) {
            next.leased = false;
            next.forgotten |= world.fetched.is_some();
            next.fetched = None;
            next.succeeded = self.on(Rule::FailureLeaves);
        }
        next
    }

    fn noted(&self, world: &World, i: usize) -> World {
        let mut next = *world;
        let worker = world.workers[i];
        next.workers[i] = IDLE;
        if world.epoch == worker.epoch || !self.on(Rule::Fenced) {
            let own = world.parts[self.part(worker.epoch)];
            next.fetched = if self.on(Rule::RowOfTheFile) { world.named } else { Some(own) };
            next.leased = false;
        }
        next
    }
}

impl Model for Download {
    type World = World;

    fn first(&self) -> World {
        World {
            succeeded: true,
            fetched: None,
            epoch: 0,
            leased: false,
            workers: [IDLE; WORKERS],
            parts: [[0; 2]; EPOCHS as usize + 1],
            named: None,
            forgotten: false,
            crashes: 0,
        }
    }

    fn steps(&self, world: &World) -> Vec<(&'static str, World)> {
        let mut steps = Vec::new();
        for (i, worker) in world.workers.iter().enumerate() {
            match worker.at {
                At::Idle => self.begins(world, i, &mut steps),
                At::Fetching(halves) => self.goes_on(world, i, halves, &mut steps),
                At::Named => steps.push(("write the row", self.noted(world, i))),
                At::Dead => continue,
            }
            // One of the two lives on.
            if world.crashes == 0 {
                let mut next = *world;
                (next.workers[i].at, next.crashes) = (At::Dead, 1);
                steps.push(("crash", next));
            }
        }
        if world.leased {
            steps.push(("lease over", World { leased: false, ..*world }));
        }
        steps
    }

    fn broken(&self, world: &World, steps: usize) -> Option<&'static str> {
        let whole = |bytes: Bytes| bytes[0] != 0 && bytes[0] == bytes[1];
        if !world.succeeded {
            return Some("a failed download changes a job that succeeded");
        }
        if world.named.is_some_and(|bytes| !whole(bytes)) {
            return Some("a file that is not whole has its final name");
        }
        if world.fetched.is_some() && world.fetched != world.named {
            return Some("the file is not the one in the table");
        }
        if world.forgotten {
            return Some("a file that was fetched is no more in the table");
        }
        if steps == 0 && world.fetched.is_none() && world.epoch < EPOCHS {
            return Some("a file that nobody fetches");
        }
        None
    }
}
