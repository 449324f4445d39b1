//! What a year came to, as counts; for people and as JSON. Knows nothing of how they were found.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The counts of a year.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// What was rolled.
    pub seed: u64,
    /// How many weeks there were.
    pub weeks: usize,
    /// How often each kind of event happened.
    pub events: BTreeMap<String, usize>,
    /// Questions that a person had to answer, needless ones among them.
    pub questions: usize,
    /// Weeks whose questions were answered before their schema came.
    pub answered_before: usize,
    /// Names that were compared with those that the same things had before.
    pub names: usize,
    /// Values of stored inputs that reached their fields.
    pub values: usize,
    /// Weeks of models that a verdict was judged of.
    pub verdicts: usize,
    /// Instances that a verdict was held against.
    pub instances: usize,
    /// Names that are others and of which a report says so.
    pub told_renames: usize,
    /// Fields, types, forms or values that are called differently, and no report says so.
    pub names_moved: usize,
    /// Values of stored inputs that reached another field than theirs.
    pub wrong_nodes: usize,
    /// Verdicts that programs, stored inputs, instances or the truth show to be wrong.
    pub wrong_verdicts: usize,
    /// Questions where nothing was in doubt, and questions that true answers don't settle.
    pub needless_stops: usize,
    /// What was wrong, each in words.
    pub problems: Vec<String>,
}

impl Report {
    /// Whether nothing was wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.names_moved + self.wrong_nodes + self.wrong_verdicts + self.needless_stops == 0
    }

    /// Adds the counts of another year.
    pub fn add(&mut self, other: &Self) {
        self.weeks += other.weeks;
        for (event, count) in &other.events {
            *self.events.entry(event.clone()).or_default() += count;
        }
        for (all, more) in [
            (&mut self.questions, other.questions),
            (&mut self.answered_before, other.answered_before),
            (&mut self.names, other.names),
            (&mut self.values, other.values),
            (&mut self.verdicts, other.verdicts),
            (&mut self.instances, other.instances),
            (&mut self.told_renames, other.told_renames),
            (&mut self.names_moved, other.names_moved),
            (&mut self.wrong_nodes, other.wrong_nodes),
            (&mut self.wrong_verdicts, other.wrong_verdicts),
            (&mut self.needless_stops, other.needless_stops),
        ] {
            *all += more;
        }
        self.problems.extend(other.problems.iter().cloned());
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let events: usize = self.events.values().sum();
        writeln!(f, "{} weeks, seed {}: {events} events", self.weeks, self.seed)?;
        for (event, count) in &self.events {
            writeln!(f, "{count:>7}  {event}")?;
        }
        writeln!(f, "{:>7}  questions, in {} weeks answered before", self.questions, self.answered_before)?;
        writeln!(f, "{:>7}  names compared, {} others told", self.names, self.told_renames)?;
        writeln!(f, "{:>7}  stored values delivered", self.values)?;
        writeln!(f, "{:>7}  verdicts, held against {} instances", self.verdicts, self.instances)?;
        write!(
            f,
            "names moved {}, values to a wrong node {}, wrong verdicts {}, needless stops {}",
            self.names_moved, self.wrong_nodes, self.wrong_verdicts, self.needless_stops
        )
    }
}
