//! What happens without the workers: crashes, time, requests that arrive or don't, and a person who is never wrong about what
//! they see.

use std::collections::BTreeMap;

use super::super::db::{Statement, args, mishap};
use super::super::{Budget, State, Word};
use super::world::{At, Flight, Heard, Mix, PRICE, Sent, TIMEOUT, Taken, Worker, World};
use crate::{Error, Usd};

const STATES: Statement =
    Statement { name: "all states", text: "SELECT id, state, epoch FROM jobs WHERE account = $1" };
/// Milliseconds.
const DAY: i64 = 24 * 60 * 60 * 1000;
const DECLARE: Statement = Statement { name: "declare gone", text: "UPDATE workers SET gone = 1 WHERE id = $1" };

impl Worker {
    /// Where it waits for the answer to this request.
    fn waits_for(&mut self, sent: &Sent) -> Option<&mut At> {
        let mut all = std::iter::once(&mut self.at).chain(&mut self.later);
        all.find(|at| matches!(at, At::Waiting(waiting) if waiting == sent))
    }
}

impl World {
    pub(super) async fn crash(&mut self) {
        let i = self.rng.usize(0..self.workers.len());
        self.tell(format!("{i} crashes"));
        self.changed = true;
        self.workers[i].life = None;
        self.workers[i].at = At::Idle;
        self.workers[i].later.clear();
    }

    pub(super) async fn bury(&mut self) {
        self.changed = true;
        self.tell("the dead are buried, leases end");
        self.store.recover().await.expect("buried");
    }

    /// As where a clock tells who lives: a worker that is only slow counts as gone.
    pub(super) async fn declare_gone(&mut self, i: usize) {
        let Some(worker) = self.workers[i].life.as_ref().map(super::super::Life::worker) else { return };
        self.tell(format!("{i} ({worker}) counts as gone"));
        self.store.one(&DECLARE, &args![worker]).await.expect("declared");
    }

    pub(super) async fn time_passes(&mut self) {
        let time = self.rng.i64(1_000..200_000);
        self.tell(format!("{time} ms pass"));
        // No request outlasts its timeout.
        let then = mishap::clock() + time;
        while let Some(index) = self.flights.iter().position(|flight| flight.at + TIMEOUT < then || !self.rough) {
            let flight = self.flights.swap_remove(index);
            self.ends(flight);
        }
        mishap::pass(time);
    }

    pub(super) async fn a_flight_ends(&mut self) {
        if self.flights.is_empty() {
            return;
        }
        let index = self.rng.usize(0..self.flights.len());
        let flight = self.flights.swap_remove(index);
        self.ends(flight);
    }

    fn ends(&mut self, flight: Flight) {
        self.changed = true;
        let Flight { worker, sent, .. } = flight;
        let alive = self.workers[worker].life.is_some();
        let hears = alive && self.workers[worker].waits_for(&sent).is_some();
        let roll = self.rng.u32(0..8);
        let taken = roll < 4;
        self.tell(format!("request of {worker}, job {} epoch {}: {roll}, heard {hears}", sent.job, sent.epoch));
        if taken {
            let id = format!("r-{}", self.server.len());
            let cost = Usd::from_micros(PRICE.micros() * self.rng.i64(if self.mix == Mix::Doubts { 1 } else { 0 }..=2));
            let heard = hears && roll < 3;
            self.server.push(Taken { job: sent.job, epoch: sent.epoch, id: id.clone(), cost, heard });
            if heard {
                // The id stands on the disk before anything else is done with it.
                self.workers[worker].spool.push((sent.job, sent.epoch, id.clone()));
                if let Some(at) = self.workers[worker].waits_for(&sent) {
                    *at = At::HeardId(sent, id);
                }
                return;
            }
        }
        if hears {
            let heard = match roll {
                5 => Heard::NotSent,
                6 => Heard::Input,
                7 => Heard::Account,
                _ => Heard::Lost,
            };
            if let Some(at) = self.workers[worker].waits_for(&sent) {
                *at = At::Heard(sent, heard);
            }
        }
    }

    pub(super) async fn person(&mut self) {
        if self.refused && self.rng.bool() {
            self.tell("a person resumes");
            self.store.resume("films").await.expect("resumed");
            self.refused = false;
            return;
        }
        // People take their time.
        if self.rough && self.person.is_some() && self.rng.u32(0..3) > 0 {
            return;
        }
        if let Some((job, epoch, word)) = self.person.take() {
            self.changed = true;
            self.tell(format!("a person decides on {job}, epoch {epoch}: {word:?}"));
            if self.store.resolve((job, epoch), &word).await.is_ok() && word == Word::GiveUp {
                self.given_up.push(job);
            }
            return;
        }
        let doubts = self.store.doubts().await.expect("a list");
        let Some(doubt) = self.rng.choice(&doubts) else { return };
        // What they see in the account is true.
        let since = self.retried.get(&doubt.job).and_then(|all| all.last().copied()).unwrap_or_default();
        // A store that counts as restored has other epochs than its requests.
        let is_it = |taken: &&Taken| match self.mix {
            Mix::Doubts => taken.epoch == doubt.epoch,
            Mix::Persons => taken.epoch > since,
        };
        let taken = self.server.iter().filter(|taken| taken.job == doubt.job).find(is_it);
        let seen = taken.map_or(Word::WasNotSubmitted, |taken| Word::Is(taken.id.clone()));
        let word = if self.rng.bool() { Word::GiveUp } else { seen };
        let looks = (doubt.job, doubt.epoch, word);
        self.tell(format!("a person looks: {looks:?}"));
        self.person = Some(looks);
    }

    /// A person wants what failed to be made again, and says whether it may be paid for again.
    pub(super) async fn person_tries_again(&mut self) {
        let (state, pay_again) =
            (*self.rng.choice(&[State::Failed, State::Failed, State::Refused]).expect("three"), self.rng.bool());
        let before = self.states().await;
        let retried = self.store.retry("films", state, pay_again).await.expect("retried");
        if retried.again == 0 {
            return;
        }
        self.changed = true;
        self.tell(format!("a person lets what is {state} be made again, paid: {pay_again}: {retried:?}"));
        for (job, (_, epoch)) in self.states().await.into_iter().filter(|(job, now)| before[job] != *now) {
            let was = before[&job].1;
            assert!(epoch > was, "the row changed hands");
            let since = self.retried.get(&job).and_then(|all| all.last().copied()).unwrap_or_default();
            let cost = |taken: &&Taken| taken.job == job && taken.epoch > since && taken.cost > Usd::ZERO;
            if !pay_again && state == State::Failed && self.server.iter().any(|taken| cost(&taken)) {
                self.offence = Some("what was paid is made again without a person's word");
            }
            self.retried.entry(job).or_default().push(was);
        }
    }

    pub(super) async fn states(&self) -> BTreeMap<i64, (String, i64)> {
        let mut tx = self.store.db.begin().await.expect("a transaction");
        let rows = tx.rows(&STATES, &args![self.store.account]).await.expect("rows");
        let read = |row: &super::super::db::Row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)));
        rows.iter().map(read).collect::<Result<_, Error>>().expect("states")
    }

    /// A person reads what something cost, perhaps before the server had its day.
    pub(super) async fn person_reads_the_bill(&mut self) {
        let all = self.store.unsettled(9).await.expect("a list");
        let Some(what) = self.rng.choice(&all) else { return };
        if self.rng.u32(0..3) == 0 {
            self.tell("a day passes");
            while let Some(flight) = self.flights.pop() {
                self.ends(flight);
            }
            mishap::pass(DAY + 1);
        }
        let Some(taken) = self.server.iter().find(|taken| taken.id == what.request_id) else { return };
        let (since, cost) = (self.ended_at.get(&what.job).copied(), taken.cost);
        self.tell(format!("a person reads the bill: {what:?} cost {cost}"));
        let written = self.store.settle_by_hand(what, cost).await.expect("settled");
        self.changed |= written;
        if written && !what.stray && since.is_some_and(|since| mishap::clock() - since < DAY) {
            self.offence = Some("a person's cost is written though the server had no day to tell");
        }
    }

    /// A person says that the store was restored from a backup: whatever is queued may have been submitted since.
    pub(super) async fn restored(&mut self) {
        self.tell("the store counts as restored");
        self.changed = true;
        self.store.restored().await.expect("restored");
        let queued = self.states().await.into_iter().filter(|(_, (state, _))| state == "queued");
        self.held.extend(queued.map(|(job, _)| job));
    }

    /// A person looks at what is held, and releases what is not in the account.
    pub(super) async fn person_releases(&mut self) {
        let all = self.store.held().await.expect("a list");
        let Some(held) = self.rng.choice(&all) else { return };
        let since = self.retried.get(&held.job).and_then(|all| all.last().copied()).unwrap_or_default();
        let there = self.server.iter().find(|taken| taken.job == held.job && taken.epoch > since);
        let under_way = self.flights.iter().any(|flight| flight.sent.job == held.job);
        if under_way {
            return;
        }
        if let Some(taken) = there {
            let word = Word::Is(taken.id.clone());
            self.changed = true;
            self.told.push(format!("a person says what {} is: {word:?}", held.job));
            if self.store.resolve((held.job, held.epoch), &word).await.is_ok() {
                self.held.remove(&held.job);
            }
            return;
        }
        self.changed = true;
        self.tell(format!("a person releases {}", held.job));
        self.store.release(held.job).await.expect("released");
        self.held.remove(&held.job);
    }

    pub(super) async fn known_spent(&mut self) -> Usd {
        let batch = self.store.batch("films").await.expect("a batch");
        self.store.used(&Budget::Batch(batch)).await.expect("a budget").1
    }
}
