//! Decides which request is struck: a route and a key in, a fault or none out. Every roll is a hash of seed, route, key and
//! attempt, so that a run repeats, whatever the order in which requests arrive.

use std::collections::HashMap;
use std::hash::Hasher as _;
use std::time::Duration;

use siphasher::sip::SipHasher13;

use super::{Fault, Faults, Route};

/// A hash of texts and a number that is the same on every machine.
pub(crate) fn hash(seed: u64, what: &str, key: &[u8], number: u64) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(seed, what.len() as u64);
    hasher.write(what.as_bytes());
    hasher.write(&number.to_le_bytes());
    hasher.write(key);
    hasher.finish()
}

/// What was decided about a job when it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) fails: bool,
    /// How much later than the result its cost is known.
    pub(crate) cost_delay: Duration,
}

/// Rolls for requests and jobs.
#[derive(Debug)]
pub(crate) struct Dice {
    seed: u64,
    faults: Faults,
    /// Requests of each route since the faults were set, for scripts.
    requests: HashMap<Route, u64>,
    /// Requests of each route and key, for rolls.
    attempts: HashMap<(Route, u64), u64>,
}

impl Dice {
    pub(crate) fn new(seed: u64, faults: Faults) -> Self {
        Self { seed, faults, requests: HashMap::new(), attempts: HashMap::new() }
    }

    pub(crate) fn set_faults(&mut self, faults: Faults) {
        self.faults = faults;
        self.requests.clear();
    }

    /// Whether this request's connection is closed before its body, and so its key, is known. If so, it is counted.
    pub(crate) fn strikes_unread(&mut self, route: Route) -> bool {
        let nth = self.requests.get(&route).copied().unwrap_or_default() + 1;
        let is_this = |(of, wanted, _): &&(Route, u64, Fault)| (*of, *wanted) == (route, nth);
        let scripted = self.faults.scripts.iter().find(is_this).map(|(_, _, fault)| *fault);
        let of_rate = self.faults.rates.iter().filter(|(of, fault, _)| (*of, *fault) == (route, Fault::CloseUnread));
        let share: f64 = of_rate.map(|(_, _, share)| share).sum();
        let strikes = match scripted {
            Some(fault) => fault == Fault::CloseUnread,
            None => share > 0.0 && self.roll("unread", &[], nth) < share,
        };
        if strikes {
            self.requests.insert(route, nth);
        }
        strikes
    }

    /// The fault that strikes this request.
    pub(crate) fn request(&mut self, route: Route, key: &[u8]) -> Option<Fault> {
        let nth = self.requests.entry(route).or_default();
        *nth += 1;
        let attempt = self.attempts.entry((route, hash(self.seed, "key", key, 0))).or_default();
        *attempt += 1;
        let attempt = *attempt;
        let scripted = self.faults.scripts.iter().find(|(of, wanted, _)| (of, wanted) == (&route, &*nth));
        if let Some((_, _, fault)) = scripted {
            return Some(*fault);
        }
        let mut roll = self.roll(&format!("{route:?}"), key, attempt);
        // Submits that are closed unread were rolled before.
        let is_ours = |fault: Fault| route != Route::Submit || fault != Fault::CloseUnread;
        let of_route = self.faults.rates.iter().filter(|(of, fault, _)| *of == route && is_ours(*fault));
        of_route.into_iter().find_map(|(_, fault, share)| {
            roll -= share;
            (roll < 0.0).then_some(*fault)
        })
    }

    /// What will become of the `nth` job made for a key.
    pub(crate) fn job(&self, key: &[u8], nth: u64) -> Fate {
        let (late, delay) = self.faults.late_cost;
        Fate {
            fails: self.roll("fails", key, nth) < self.faults.failing_jobs,
            cost_delay: if self.roll("late cost", key, nth) < late { delay } else { Duration::ZERO },
        }
    }

    /// Evenly from 0 to below 1.
    fn roll(&self, what: &str, key: &[u8], number: u64) -> f64 {
        // The upper 53 bits are those that a float holds exactly.
        (hash(self.seed, what, key, number) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::super::When;
    use super::*;

    fn struck(seed: u64, keys: impl Iterator<Item = u32>) -> Vec<(u32, Option<Fault>)> {
        let mut dice = Dice::new(seed, Faults::heavy());
        let mut rolls: Vec<_> = keys.map(|key| (key, dice.request(Route::Submit, &key.to_le_bytes()))).collect();
        rolls.sort_by_key(|(key, _)| *key);
        rolls
    }

    #[test]
    fn a_seed_repeats_whatever_the_order() {
        assert_eq!(struck(7, 0..500), struck(7, (0..500).rev()));
        assert_ne!(struck(7, 0..500), struck(8, 0..500));
    }

    #[test]
    fn shares_are_what_they_say() {
        let hits = struck(7, 0..20_000).into_iter().filter(|(_, fault)| *fault == Some(Fault::CutBody)).count();
        assert!((140..260).contains(&hits), "{hits} of 20000 for a share of 0.01");
    }

    #[test]
    fn a_script_strikes_one_request_and_no_other() {
        let fault = Fault::Reset(When::After);
        let mut dice = Dice::new(0, Faults::none().nth(Route::Submit, 2, fault));
        let rolls: Vec<_> = (0..4).map(|_| dice.request(Route::Submit, b"x")).collect();
        assert_eq!(rolls, [None, Some(fault), None, None]);
        dice.set_faults(Faults::none().nth(Route::Submit, 1, fault));
        assert_eq!(dice.request(Route::Submit, b"x"), Some(fault), "scripts count from when they are set");
    }

    #[test]
    fn another_attempt_is_another_roll() {
        let mut dice = Dice::new(7, Faults::none().rate(Route::Status, Fault::CutBody, 0.5));
        let rolls: Vec<_> = (0..64).map(|_| dice.request(Route::Status, b"x").is_some()).collect();
        assert!(rolls.contains(&true) && rolls.contains(&false));
    }
}
