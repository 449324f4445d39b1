//! A simulated year of a maintainer: models whose fields are known whatever becomes of them, what RunComfy does to them
//! week by week, and the commands that take it over. In: how many weeks, and a seed. Out: a [`Report`] of what moved
//! untold, reached a wrong node, was judged wrongly, or was asked needlessly.
//!
//! [`published`] and [`events`] say what is true and [`truth`] what follows from it; [`folder`] runs the commands,
//! [`person`] answers them; [`stored`] and [`judge`] say what is wrong. [`fault`] plants faults that have to be found.

pub mod events;
pub mod fault;
pub mod folder;
pub mod judge;
pub mod known;
pub mod person;
pub mod published;
pub mod report;
pub mod stored;
pub mod truth;
mod values;
mod week;

use std::collections::BTreeMap;

use fastrand::Rng;

use events::{EVENTS, Event};
use fault::Fault;
use folder::{Answers, Folder};
use known::Known;
use published::World;
pub use report::Report;

/// What is run.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How many weeks.
    pub weeks: usize,
    /// What is rolled.
    pub seed: u64,
    /// How many models.
    pub models: usize,
    /// A fault to plant, in locks every few weeks.
    pub fault: Option<Fault>,
}

/// Weeks between two faults that are planted.
const FAULT_EVERY: usize = 4;
/// Weeks between two runs of `check`.
const CHECK_EVERY: usize = 4;

/// A year as it goes on.
struct Year {
    options: Options,
    rng: Rng,
    world: World,
    folder: Folder,
    /// The models that were ever accepted, by their places in the world.
    known: BTreeMap<usize, Known>,
    /// The models that were listed a week ago.
    listed: Vec<bool>,
    /// What stands in each `overrides.toml`.
    answers: BTreeMap<usize, Answers>,
    report: Report,
}

/// Runs a year.
///
/// # Panics
/// If the folders can't be written, or the first week can't be taken over.
#[must_use]
pub fn run(options: &Options) -> Report {
    let mut rng = Rng::with_seed(options.seed);
    let world = World::random(&mut rng, options.models);
    let mut year = Year {
        options: *options,
        rng,
        world,
        folder: Folder::new(),
        known: BTreeMap::new(),
        listed: Vec::new(),
        answers: BTreeMap::new(),
        report: Report { seed: options.seed, weeks: options.weeks, ..Report::default() },
    };
    let said = year.folder.sync(&year.world.response());
    assert_eq!(said.code, 0, "{}", said.err);
    let said = year.folder.generate();
    assert_eq!(said.code, 0, "{}", said.err);
    year.accept(0, &[]);
    for week in 1..=options.weeks {
        year.week(week);
    }
    year.report
}

impl Year {
    /// What happens to the models in a week: to most of them nothing, or one thing.
    fn publish(&mut self, week: usize) -> BTreeMap<usize, Vec<Event>> {
        let mut happened = BTreeMap::new();
        for (place, model) in self.world.models.iter_mut().enumerate() {
            let before = model.spec.clone();
            let count = [0, 0, 1, 1, 1, 1, 2, 2, 3][self.rng.usize(0..9)];
            let mut events: Vec<Event> = (0..count).map(|_| EVENTS[self.rng.usize(0..EVENTS.len())]).collect();
            match model.is_listed {
                true if self.rng.usize(0..60) == 0 && self.options.models > 1 => events.push(Event::ModelRemoved),
                false if self.rng.usize(0..3) == 0 => events.push(Event::ModelReturned),
                false => events.clear(),
                true => {}
            }
            // What comes back is known by its title.
            events.sort_by_key(|event| event.is_return());
            events.retain(|event| event.happen(&mut self.rng, model, &mut self.world.fresh, &before));
            for event in &events {
                *self.report.events.entry(format!("{event:?}")).or_default() += 1;
            }
            if !events.is_empty() {
                happened.insert(place, events);
            }
        }
        // A catalogue of no models is refused.
        if self.world.models.iter().all(|model| !model.is_listed) {
            self.world.models[week % self.options.models].is_listed = true;
        }
        happened
    }

    fn week(&mut self, week: usize) {
        let is_faulty = week % FAULT_EVERY == 1;
        if let Some(fault) = self.options.fault.filter(|_| is_faulty) {
            let folders: Vec<String> = self.known.values().map(|known| known.state.spec.id.clone()).collect();
            fault.plant(&self.folder, &folders);
        }
        self.folder.remember();
        self.listed = self.world.models.iter().map(|model| model.is_listed).collect();
        let happened = self.publish(week);
        let told = self.take_over(week, &happened);
        let is_checked = week.is_multiple_of(CHECK_EVERY);
        let is_quiet = happened.is_empty() && self.options.fault.is_none() && !is_checked;
        let said = if is_quiet { self.folder.lock() } else { self.folder.generate() };
        if said.code != 0 {
            self.needless(week, &format!("`generate` stops after `sync`:\n{}", said.err));
            return;
        }
        if self.tidy(&said.err) {
            // The lock remembers answers as long as their lines stand.
            let said = if is_checked { self.folder.generate() } else { self.folder.lock() };
            assert_eq!(said.code, 0, "{}", said.err);
        }
        let mut changes = match self.folder.diff() {
            Ok(changes) => changes,
            Err(errors) => {
                self.needless(week, &format!("`diff` stops after `sync`:\n{errors}"));
                return;
            }
        };
        let is_urgent = changes.iter().any(|change| change["wrong_keys"] == true);
        if told.contains("RELEASE AT ONCE") != is_urgent {
            self.wrong(
                week,
                &format!("`diff` says wrong keys: {is_urgent}, and `sync` does not say the same:\n{told}"),
            );
        }
        if let Some(fault) = self.options.fault {
            fault.distort(&mut changes);
        }
        self.accept(week, &changes);
        if is_checked {
            self.check(week);
        }
    }

    fn check(&mut self, week: usize) {
        let said = self.folder.check();
        if said.code != 0 {
            self.wrong(week, &format!("`check` finds a difference after `generate`:\n{}", said.err));
        }
    }

    fn wrong(&mut self, week: usize, what: &str) {
        self.report.wrong_verdicts += 1;
        self.problem(week, "wrong verdict", what);
    }

    fn needless(&mut self, week: usize, what: &str) {
        self.report.needless_stops += 1;
        self.problem(week, "needless stop", what);
    }

    fn problem(&mut self, week: usize, kind: &str, what: &str) {
        let seed = self.options.seed;
        self.report.problems.push(format!("seed {seed}, week {week}: {kind}: {what}"));
    }
}
