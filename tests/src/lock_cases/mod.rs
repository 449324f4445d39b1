//! Random models and changes to them, whose truth is known, for the lock's matching rules. In: a kind of change and a
//! random source. Out: a [`Case`] with the fields before and after. [`judge`] says how the rules did on it, and
//! [`maintainer`] answers their questions. Must not
//! know the rules: [`reference`](mod@reference) is their first form, an independent witness.

pub mod changes;
pub mod maintainer;
pub mod reference;

use fastrand::Rng;
use runcomfy_codegen::lock::{Definition, Field, Known, Stop, match_fields};

pub use changes::{KINDS, Kind, Promise, Step};

/// A field whose identity is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrueField {
    /// The truth: what it is, whatever its marks say.
    pub uid: usize,
    /// The node id.
    pub node: u32,
    /// The input part of its key.
    pub part: &'static str,
    /// The title; empty for none.
    pub title: String,
    /// Type: `s`tring, `i`nteger or `n`umber.
    pub kind: &'static str,
    /// Lower and upper bound.
    pub bounds: Option<(u8, u8)>,
    /// The default.
    pub default: Option<u8>,
}

impl TrueField {
    /// The wire key.
    #[must_use]
    pub fn key(&self) -> (u32, &'static str) {
        (self.node, self.part)
    }

    /// Type, bounds and default.
    #[must_use]
    pub fn definition(&self) -> (&'static str, Option<(u8, u8)>, Option<u8>) {
        (self.kind, self.bounds, self.default)
    }

    /// The name that it has in locks.
    #[must_use]
    pub fn name(&self) -> String {
        format!("f{}", self.uid)
    }

    fn published(&self) -> Field {
        let mut definition = Definition::new(self.kind);
        if let Some((low, high)) = self.bounds {
            definition = definition.bound("minimum", &low.to_string()).bound("maximum", &high.to_string());
        }
        if let Some(default) = self.default {
            definition = definition.default_text(&default.to_string());
        }
        Field {
            key: format!("{}_{}", self.node, self.part),
            input: Some(self.part.to_owned()),
            title: self.title.clone(),
            definition,
            is_bare: false,
        }
    }
}

/// A model before and after a change.
#[derive(Clone, Debug)]
pub struct Case {
    /// The locked fields.
    pub old: Vec<TrueField>,
    /// The published fields.
    pub new: Vec<TrueField>,
}

/// How the rules did on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every surviving field was paired with itself.
    Ok,
    /// The rules asked; the letter of the first rule that did.
    Stop(char),
    /// Fields of equal definition were taken for one another, which no rule can always see.
    Twin,
    /// Fields of different definition were taken for one another.
    Wrong,
}

impl Case {
    /// A random model, changed in the given way and published in another order.
    pub fn random(kind: &Kind, rng: &mut Rng) -> Self {
        let old = (kind.model)(rng);
        let mut new = kind.steps.iter().fold(old.clone(), |fields, step| step(fields, rng));
        rng.shuffle(&mut new);
        Self { old, new }
    }

    /// What the rules say: pairs of positions, or their questions.
    ///
    /// # Errors
    /// The questions.
    pub fn pairs(&self) -> Result<Vec<(usize, usize)>, Vec<Stop>> {
        let fields = |fields: &[TrueField]| fields.iter().map(TrueField::published).collect::<Vec<_>>();
        let names: Vec<String> = self.old.iter().map(TrueField::name).collect();
        let (old, new) = (fields(&self.old), fields(&self.new));
        let known: Vec<Known<'_>> = names.iter().zip(&old).map(|(name, field)| Known { name, field }).collect();
        let found = match_fields(&known, &new.iter().collect::<Vec<_>>())?;
        Ok(found.iter().map(|pair| (pair.old, pair.new)).collect())
    }

    /// What an old field is now.
    #[must_use]
    pub fn truth(&self, o: usize) -> Option<usize> {
        self.new.iter().position(|field| field.uid == self.old[o].uid)
    }
}

/// Compares what the rules said with the truth. A surviving field that was left unpaired counts as wrong: users would
/// lose its name.
#[must_use]
pub fn judge(case: &Case, said: &Result<Vec<(usize, usize)>, Vec<Stop>>) -> Outcome {
    let pairs = match said {
        Ok(pairs) => pairs,
        Err(stops) => {
            return stops.first().map_or(Outcome::Wrong, |stop| Outcome::Stop(stop.rule.letter()));
        }
    };
    let wrong: Vec<_> = pairs.iter().filter(|(o, n)| case.old[*o].uid != case.new[*n].uid).collect();
    if wrong.iter().any(|(o, n)| case.old[*o].definition() != case.new[*n].definition()) {
        return Outcome::Wrong;
    }
    if !wrong.is_empty() {
        return Outcome::Twin;
    }
    let lost = (0..case.old.len()).any(|o| case.truth(o).is_some() && !pairs.iter().any(|pair| pair.0 == o));
    if lost { Outcome::Wrong } else { Outcome::Ok }
}
