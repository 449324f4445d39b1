//! What a worker does next. Must not know what is true, only what it read and heard.

use super::{Answer, At, Flight, IDLE, PRICE, Row, Rule, State, Submit, Worker, World};

type Steps = Vec<(&'static str, World)>;

pub(super) fn steps(rules: &Submit, world: &World, steps: &mut Steps) {
    for (i, worker) in world.workers.iter().enumerate() {
        if !worker.alive {
            if world.restarts < rules.restarts {
                steps.push(("restart", restarted(world, i)));
            }
            continue;
        }
        let spool = worker.spool;
        steps.push(("crash", with(world, i, Worker { alive: false, spool, ..IDLE })));
        match worker.at {
            At::Idle => idle(rules, world, i, steps),
            At::InDoubt => steps.push(("read back", read_back(rules, world, i))),
            At::Intent => steps.push(("send", send(rules, world, i))),
            At::Waiting => {}
            At::Heard(answer) => note(rules, world, i, answer, steps),
            At::Following => steps.push(("ended", ended(rules, world, i))),
            At::Costing => steps.push(("settle", settle(rules, world, i))),
        }
    }
}

fn with(world: &World, i: usize, worker: Worker) -> World {
    let mut next = *world;
    next.workers[i] = worker;
    next
}

/// A worker that starts reads its spool first.
fn restarted(world: &World, i: usize) -> World {
    let worker = match world.workers[i].spool {
        Some((job, epoch)) => Worker { at: At::Heard(Answer::Taken), job, epoch, spool: Some((job, epoch)), ..IDLE },
        None => IDLE,
    };
    let mut next = with(world, i, worker);
    next.restarts += 1;
    next
}

fn idle(rules: &Submit, world: &World, i: usize, steps: &mut Steps) {
    for (job, row) in (0_u8..).zip(&world.rows) {
        let more = row.epoch < rules.epochs;
        let at = |at| Worker { at, job, epoch: row.epoch + 1, ..IDLE };
        let affordable = !rules.on(Rule::Reserve) || world.used() + PRICE <= rules.budget;
        if row.state == State::Queued && more && affordable && !world.paused {
            if rules.on(Rule::IntentFirst) {
                let intent = intent(rules, world, i, job);
                steps.push(("intent", with(&intent, i, at(At::Intent))));
                steps.push(("intent, its answer lost", with(&intent, i, at(At::InDoubt))));
                steps.push(("no intent, its answer lost", with(world, i, at(At::InDoubt))));
            } else {
                steps.push(("no intent", with(world, i, at(At::Intent))));
            }
        }
        if row.state == State::Submitting && !row.leased && !rules.on(Rule::NeverRequeue) && more {
            steps.push(("submit again", with(&intent(rules, world, i, job), i, at(At::Intent))));
        }
        if row.state == State::Submitted && !row.leased && rules.on(Rule::ReadAgain) && more {
            let mut next = with(world, i, at(At::Following));
            let row = next.row(job);
            (row.epoch, row.leased) = (row.epoch + 1, true);
            steps.push(("take over", next));
        }
        if row.state == State::Ended {
            for cost in [PRICE, 2 * PRICE] {
                let mut next = with(world, i, Worker { at: At::Costing, job, ..IDLE });
                let truth = next.truth(job);
                if truth.cost == 0 || truth.cost == cost {
                    truth.cost = cost;
                    steps.push(("ask for the cost", next));
                }
            }
        }
    }
}

/// The transaction of an intent, committed.
fn intent(rules: &Submit, world: &World, i: usize, job: u8) -> World {
    let mut next = *world;
    next.into_refusal |= world.refused;
    let settled = world.rows.iter().zip(&world.truths).filter(|(row, _)| row.state == State::Settled);
    next.overspent |= rules.on(Rule::Reserve) && settled.map(|(_, truth)| truth.cost).sum::<u8>() >= rules.budget;
    let row = next.row(job);
    (row.state, row.epoch, row.leased, row.reserved) = (State::Submitting, row.epoch + 1, true, PRICE);
    row.nonce = u8::try_from(i).unwrap_or(u8::MAX);
    next
}

fn read_back(rules: &Submit, world: &World, i: usize) -> World {
    let worker = world.workers[i];
    let row = world.rows[usize::from(worker.job)];
    let mine = row.epoch == worker.epoch && (usize::from(row.nonce) == i || !rules.on(Rule::Nonce));
    let at = match row.state {
        _ if !rules.on(Rule::ReadBack) => At::Intent,
        State::Submitting if mine => At::Intent,
        State::Unknown if mine => At::Heard(Answer::NotSent),
        _ => At::Idle,
    };
    with(world, i, if at == At::Idle { IDLE } else { Worker { at, ..worker } })
}

/// Looks at its clock and sends, as one: a pause between the two is what a person is warned of.
fn send(rules: &Submit, world: &World, i: usize) -> World {
    let worker = world.workers[i];
    let row = world.rows[usize::from(worker.job)];
    let in_time = row.leased && row.epoch == worker.epoch;
    let sends = in_time || !rules.on(Rule::Deadline) || !rules.on(Rule::IntentFirst) || !rules.on(Rule::ReadBack);
    let at = if sends { At::Waiting } else { At::Heard(Answer::NotSent) };
    let mut next = with(world, i, Worker { at, ..worker });
    if sends && next.flights[i].is_none() {
        let number = u8::try_from(i).unwrap_or(u8::MAX);
        next.flights[i] = Some(Flight { worker: number, job: worker.job, epoch: worker.epoch });
    }
    next
}

/// Writes what was heard.
fn note(rules: &Submit, world: &World, i: usize, answer: Answer, steps: &mut Steps) {
    let worker = world.workers[i];
    let row = world.rows[usize::from(worker.job)];
    let takes = row.epoch == worker.epoch && (row.state != State::Unknown || rules.on(Rule::LateNews));
    let mine = takes || !rules.on(Rule::Fenced) || !rules.on(Rule::IntentFirst);
    let mut next = with(world, i, IDLE);
    if answer == Answer::Account {
        (next.refused, next.paused) = (true, rules.on(Rule::Pause));
    }
    match answer {
        Answer::Taken if mine => return note_id(rules, world, i, steps),
        Answer::Taken if row.id != worker.epoch && rules.on(Rule::Strays) => {
            next.row(worker.job).strays |= 1 << worker.epoch;
        }
        _ if mine => write_answer(rules, next.row(worker.job), answer),
        _ => {}
    }
    steps.push(("note the answer", next));
}

/// An id goes into the row; whether it did may be left open.
fn note_id(rules: &Submit, world: &World, i: usize, steps: &mut Steps) {
    let worker = world.workers[i];
    let mut next = with(world, i, Worker { at: At::Following, spool: None, ..worker });
    let row = next.row(worker.job);
    (row.state, row.id, row.leased, row.reserved) = (State::Submitted, worker.epoch, true, PRICE);
    row.epoch = row.epoch.max(worker.epoch);
    steps.push(("note the id", next));
    let goes_on = if rules.on(Rule::RepeatNote) { worker } else { IDLE };
    steps.push(("note the id, its answer lost", with(&next, i, goes_on)));
    steps.push(("the id is not noted, its answer lost", with(world, i, goes_on)));
}

/// What an answer without an id makes of a row.
fn write_answer(rules: &Submit, row: &mut Row, answer: Answer) {
    let (state, keeps) = match answer {
        Answer::Lost => (State::Unknown, rules.on(Rule::KeepReserved)),
        Answer::Refused => (State::Refused, false),
        Answer::Account | Answer::NotSent => (State::Queued, false),
        Answer::Taken => return,
    };
    (row.state, row.leased) = (state, false);
    if !keeps {
        row.reserved = 0;
    }
}

fn ended(rules: &Submit, world: &World, i: usize) -> World {
    let worker = world.workers[i];
    let mut next = with(world, i, IDLE);
    let row = next.row(worker.job);
    if !rules.on(Rule::Fenced) || (row.epoch == worker.epoch && row.state == State::Submitted) {
        (row.state, row.leased, row.endings) = (State::Ended, false, row.endings + 1);
        if !rules.on(Rule::KeepUntilCost) {
            row.reserved = 0;
        }
    }
    next
}

fn settle(rules: &Submit, world: &World, i: usize) -> World {
    let job = world.workers[i].job;
    let mut next = with(world, i, IDLE);
    let cost = if rules.on(Rule::LateCost) { next.truth(job).cost } else { PRICE };
    let row = next.row(job);
    if row.state == State::Ended || !rules.on(Rule::SettleOnce) {
        (row.state, row.reserved, row.spent) = (State::Settled, 0, row.spent + cost);
    }
    next
}
