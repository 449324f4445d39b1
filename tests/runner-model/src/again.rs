//! From an ending to another submit: one job, one worker, a person who lets it be made again or writes its cost, an id that is read
//! from a disk once more, and a store that is restored from a backup. Must not know races between workers, nor budgets.

use crate::Model;

/// What the store must do. Each is needed: without it a law breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Only what has a known cost is made again.
    Settled,
    /// What has cost something is made again only if a person says that it may be paid for again.
    Word,
    /// The ids of earlier requests stay in the table.
    Attempts,
    /// A person writes a cost only when the server had a day to tell it.
    Day,
    /// What the server says after a person has written the cost changes nothing.
    HandOnce,
    /// In a store that was restored, queued jobs are held until a person looks.
    Hold,
    /// In a store that was restored, no epoch will be one that the lost time may have had.
    Raise,
    /// In a store that was restored, what was being submitted is unknown.
    Unknown,
    /// A stray that a person says is the job's own is no stray any more.
    Adopt,
}

impl Rule {
    /// Every one of them.
    pub const ALL: [Self; 8] =
        [Self::Settled, Self::Word, Self::Attempts, Self::Day, Self::HandOnce, Self::Hold, Self::Raise, Self::Unknown];
}

/// The rules; bounded by how often a job is made again and a store restored.
#[derive(Debug, Clone, Copy, Default)]
pub struct Again {
    /// The rule that is switched off.
    pub without: Option<Rule>,
}

const REQUESTS: usize = 3;
const RETRIES: u8 = 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Queued,
    Submitting,
    Unknown,
    Submitted,
    /// Its ending is known, its cost is not.
    Failed,
    Settled,
}

/// The job as the table has it. Requests are told by their number, from 1 on; sets of them are bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    state: State,
    held: bool,
    epoch: u8,
    /// The intent, counted by nobody but this model.
    intent: u8,
    id: u8,
    attempts: u8,
    strays: u8,
    spent: u8,
    /// A day has passed since its ending.
    day: bool,
    by_hand: bool,
}

/// What the server took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Request {
    epoch: u8,
    intent: u8,
    cost: u8,
}

/// All that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct World {
    row: Row,
    requests: [Option<Request>; REQUESTS],
    intents: u8,
    /// An id on the worker's disk, which each start reads again.
    spool: u8,
    /// The worker is about to send, under this epoch and intent.
    sending: Option<(u8, u8)>,
    backup: Option<Row>,
    restored: bool,
    retries: u8,
    /// How often a person said that it may be paid for again.
    words: u8,
    /// An id of another intent was taken for the answer to the last one.
    mistaken: bool,
}

fn bit(id: u8) -> u8 {
    1 << id
}

impl Again {
    fn on(&self, rule: Rule) -> bool {
        self.without != Some(rule)
    }

    fn worker(&self, world: &World, steps: &mut Vec<(&'static str, World)>) {
        let mut next = *world;
        let row = &mut next.row;
        match row.state {
            State::Queued if !row.held && world.sending.is_none() => {
                next.intents += 1;
                (row.state, row.epoch, row.intent, row.id) = (State::Submitting, row.epoch + 1, next.intents, 0);
                next.sending = Some((row.epoch, row.intent));
                steps.push(("intent", next));
            }
            State::Submitting if world.sending.is_none() => {
                row.state = State::Unknown;
                steps.push(("lease over", next));
            }
            State::Submitted => {
                (row.state, row.day) = (State::Failed, false);
                steps.push(("it fails", next));
            }
            _ => {}
        }
        if let Some((epoch, intent)) = world.sending {
            steps.push(("the worker dies", World { sending: None, ..*world }));
            let Some(free) = world.requests.iter().position(Option::is_none) else { return };
            for cost in [0, 1] {
                let mut next = World { sending: None, ..*world };
                next.requests[free] = Some(Request { epoch, intent, cost });
                steps.push(("taken, nobody hears it", next));
                next.spool = u8::try_from(free).unwrap_or(u8::MAX) + 1;
                steps.push(("taken, its id on the disk", next));
            }
        }
        if world.spool > 0 {
            steps.push(("read the id from the disk", self.noted(world)));
            if Self::known(&world.row, world.spool) {
                steps.push(("forget what is noted", World { spool: 0, ..*world }));
            }
        }
    }

    fn known(row: &Row, id: u8) -> bool {
        row.id == id || (row.attempts | row.strays) & bit(id) > 0
    }

    fn noted(&self, world: &World) -> World {
        let (mut next, id) = (*world, world.spool);
        let Some(request) = world.requests[usize::from(id) - 1] else { return next };
        let row = &mut next.row;
        let takes = matches!(row.state, State::Submitting | State::Unknown) && row.epoch == request.epoch;
        if takes {
            next.mistaken |= row.intent != request.intent;
            (row.state, row.id) = (State::Submitted, id);
        } else if !Self::known(row, id) {
            row.strays |= bit(id);
        }
        next
    }

    fn costs(&self, world: &World, steps: &mut Vec<(&'static str, World)>) {
        let row = world.row;
        let cost = |id: u8| world.requests[usize::from(id) - 1].map_or(0, |request| request.cost);
        let settled = |cost: u8| Row { state: State::Settled, spent: row.spent + cost, ..row };
        if row.state == State::Failed {
            steps.push(("the server tells the cost", World { row: settled(cost(row.id)), ..*world }));
            steps.push(("a day passes", World { row: Row { day: true, ..row }, ..*world }));
            if row.day || !self.on(Rule::Day) {
                // Until the server has told it, it is on no bill.
                let read = if row.day { cost(row.id) } else { 0 };
                let row = Row { by_hand: true, ..settled(read) };
                steps.push(("a person writes the cost", World { row, ..*world }));
            }
        }
        if row.state == State::Settled && row.by_hand && !self.on(Rule::HandOnce) && row.spent < 4 {
            steps.push(("the server tells the cost late", World { row: settled(cost(row.id)), ..*world }));
        }
    }

    fn person(&self, world: &World, steps: &mut Vec<(&'static str, World)>) {
        let row = world.row;
        let over = row.state == State::Settled || (row.state == State::Failed && !self.on(Rule::Settled));
        if over && world.retries < RETRIES {
            for says in [false, true] {
                if row.spent > 0 && !says && self.on(Rule::Word) {
                    continue;
                }
                let mut next = World { retries: world.retries + 1, words: world.words + u8::from(says), ..*world };
                let attempts = if self.on(Rule::Attempts) { row.attempts | bit(row.id) } else { row.attempts };
                let (state, epoch, by_hand) = (State::Queued, row.epoch + 1, false);
                next.row = Row { state, epoch, id: 0, attempts, by_hand, ..row };
                steps.push(("a person lets it be made again", next));
            }
        }
        let looks = row.state == State::Unknown || (row.state == State::Queued && row.held);
        if !looks || world.sending.is_some() {
            return;
        }
        // What they see in the account is true: that of the last intent, or one that is paid for. What failed and cost nothing is in
        // nobody's way.
        let in_doubt = row.state == State::Unknown;
        let find = |seen: &dyn Fn(&Request) -> bool| {
            let mut account = (1_u8..).zip(&world.requests);
            let open = |id: u8| row.attempts & bit(id) == 0;
            account.find(|(id, request)| open(*id) && request.as_ref().is_some_and(seen)).map(|(id, _)| id)
        };
        let of_intent = find(&|request| in_doubt && request.intent == row.intent);
        let unknown = of_intent.or_else(|| find(&|request| request.cost > 0));
        let next = match unknown {
            Some(id) => {
                let strays = if self.on(Rule::Adopt) { row.strays & !bit(id) } else { row.strays };
                Row { state: State::Submitted, id, strays, held: false, epoch: row.epoch + 1, ..row }
            }
            None if in_doubt => Row { state: State::Queued, epoch: row.epoch + 1, ..row },
            None => Row { held: false, ..row },
        };
        steps.push(("a person looks", World { row: next, ..*world }));
    }

    /// A copy of the table, which takes the table's place later, when nobody works.
    fn backup(&self, world: &World, steps: &mut Vec<(&'static str, World)>) {
        match world.backup {
            None => steps.push(("a backup", World { backup: Some(world.row), ..*world })),
            Some(mut row) if !world.restored => {
                match row.state {
                    State::Queued if self.on(Rule::Hold) => row.held = true,
                    State::Submitting if self.on(Rule::Unknown) => row.state = State::Unknown,
                    State::Submitting => row.state = State::Queued,
                    _ => {}
                }
                if self.on(Rule::Raise) {
                    row.epoch += 100;
                }
                steps.push(("restored", World { row, restored: true, sending: None, ..*world }));
            }
            Some(_) => {}
        }
    }
}

impl Model for Again {
    type World = World;

    fn first(&self) -> World {
        let row = Row {
            state: State::Queued,
            held: false,
            epoch: 0,
            intent: 0,
            id: 0,
            attempts: 0,
            strays: 0,
            spent: 0,
            day: false,
            by_hand: false,
        };
        World {
            row,
            requests: [None; REQUESTS],
            intents: 0,
            spool: 0,
            sending: None,
            backup: None,
            restored: false,
            retries: 0,
            words: 0,
            mistaken: false,
        }
    }

    fn steps(&self, world: &World) -> Vec<(&'static str, World)> {
        let mut steps = Vec::new();
        if world.intents < 4 || world.row.state != State::Queued {
            self.worker(world, &mut steps);
        }
        self.costs(world, &mut steps);
        self.person(world, &mut steps);
        self.backup(world, &mut steps);
        steps
    }

    fn broken(&self, world: &World, _: usize) -> Option<&'static str> {
        let row = world.row;
        let requests = (1_u8..).zip(&world.requests).filter_map(|(id, request)| Some((id, (*request)?)));
        let paid = requests.clone().filter(|(_, request)| request.cost > 0).count();
        if paid > 1 + usize::from(world.words) {
            return Some("it is paid for again, and nobody said that it may be");
        }
        if world.mistaken {
            return Some("an id of the lost time is taken for the answer to a later intent");
        }
        if row.strays & (row.attempts | bit(row.id)) > 0 {
            return Some("one request is charged twice");
        }
        if row.strays > 0 && !world.restored {
            return Some("a request of the job is kept as somebody else's");
        }
        let own = requests.filter(|(id, _)| row.id == *id || row.attempts & bit(*id) > 0);
        let cost: u8 = own.map(|(_, request)| request.cost).sum();
        if row.state == State::Settled && row.spent != cost {
            return Some("what is spent is not what the job cost");
        }
        None
    }
}
