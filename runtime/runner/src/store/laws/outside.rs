//! What happens without the workers: crashes, time, requests that arrive or don't, and a person who is never wrong about what
//! they see.

use super::super::db::{Statement, args, mishap};
use super::super::{Budget, Word};
use super::world::{At, Flight, Heard, PRICE, TIMEOUT, Taken, World};
use crate::Usd;

const DECLARE: Statement = Statement { name: "declare gone", text: "UPDATE workers SET gone = 1 WHERE id = $1" };

impl World {
    pub(super) async fn crash(&mut self) {
        let i = self.rng.usize(0..self.workers.len());
        self.tell(format!("{i} crashes"));
        self.changed = true;
        self.workers[i].life = None;
        self.workers[i].at = At::Idle;
    }

    pub(super) async fn bury(&mut self) {
        self.changed = true;
        self.tell("the dead are buried, leases end");
        self.store.bury().await.expect("buried");
        self.store.lease_over().await.expect("over");
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
        let hears = alive && matches!(&self.workers[worker].at, At::Waiting(waiting) if *waiting == sent);
        let roll = self.rng.u32(0..8);
        let taken = roll < 4;
        self.tell(format!("request of {worker}, job {} epoch {}: {roll}, heard {hears}", sent.job, sent.epoch));
        if taken {
            let id = format!("r-{}", self.server.len());
            let cost = Usd::from_micros(PRICE.micros() * self.rng.i64(1..=2));
            let heard = hears && roll < 3;
            self.server.push(Taken { job: sent.job, epoch: sent.epoch, id: id.clone(), cost, heard });
            if heard {
                // The id stands on the disk before anything else is done with it.
                self.workers[worker].spool.push((sent.job, sent.epoch, id.clone()));
                self.workers[worker].at = At::HeardId(sent, id);
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
            self.workers[worker].at = At::Heard(sent, heard);
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
        let taken = self.server.iter().find(|taken| (taken.job, taken.epoch) == (doubt.job, doubt.epoch));
        let seen = taken.map_or(Word::WasNotSubmitted, |taken| Word::Is(taken.id.clone()));
        let word = if self.rng.bool() { Word::GiveUp } else { seen };
        let looks = (doubt.job, doubt.epoch, word);
        self.tell(format!("a person looks: {looks:?}"));
        self.person = Some(looks);
    }

    pub(super) async fn known_spent(&mut self) -> Usd {
        let batch = self.store.batch("films").await.expect("a batch");
        self.store.used(&Budget::Batch(batch)).await.expect("a budget").1
    }
}
