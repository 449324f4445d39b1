//! What is known of a model since its first week: as it was accepted last, and what everything in it was called and
//! known by when it was there last. Must not know commands.

use std::collections::{BTreeMap, BTreeSet};

use runcomfy_codegen::ir::Model;
use serde_json::Value;

use super::truth::{Truth, parent};
use crate::stability::api::promises;
use crate::stability::released::{Released, released};
use crate::stability::{Spec, TrueField};

/// As many stored inputs are kept.
const MAX_STORED: usize = 40;

/// A model as it was accepted in a week.
#[derive(Clone)]
pub struct State {
    /// The truth.
    pub spec: Spec,
    /// The same by what everything is.
    pub truth: Truth,
    /// The named representation.
    pub model: Model,
    /// Its names.
    pub names: Released,
    /// What programs may rely on in the generated code.
    pub promises: BTreeSet<String>,
    /// What was published besides.
    pub entry: Value,
}

impl State {
    /// The state of a model that was synced and generated.
    #[must_use]
    pub fn new(spec: &Spec, model: Model, source: &str, entry: Value) -> Self {
        let names = released(spec, &model);
        Self { spec: spec.clone(), truth: Truth::of(spec), model, names, promises: promises(source), entry }
    }
}

/// A model through the weeks.
#[derive(Clone)]
pub struct Known {
    /// As it was accepted last.
    pub state: State,
    /// Every name that anything had, the last one it had.
    pub names: Released,
    /// Everything that was there, as it was when it was there last.
    pub ever: Truth,
    /// Inputs that programs stored.
    pub stored: Vec<Value>,
}

impl Known {
    /// A new model.
    #[must_use]
    pub fn new(state: State) -> Self {
        Self { names: state.names.clone(), ever: state.truth.clone(), stored: Vec::new(), state }
    }

    /// Takes over the state of another week.
    pub fn accept(&mut self, state: State) {
        self.names.extend(state.names.clone());
        let Truth { fields, forms, tags } = state.truth.clone();
        self.ever.fields.extend(fields);
        self.ever.forms.extend(forms);
        self.ever.tags.extend(tags);
        self.state = state;
    }

    /// Keeps a stored input.
    pub fn store(&mut self, input: Value) {
        self.stored.push(input);
        if self.stored.len() > MAX_STORED {
            self.stored.remove(0);
        }
    }

    /// The fields that the object at a place had once.
    #[must_use]
    pub fn gone(&self, owner: &str) -> Vec<&TrueField> {
        let is_gone = |at: &String| parent(at) == owner && !self.state.truth.fields.contains_key(at);
        self.ever.fields.iter().filter(|(at, _)| is_gone(at)).map(|(_, field)| field).collect()
    }

    /// The names that are others now: what, as it was, as it is.
    #[must_use]
    pub fn moved<'a>(&'a self, now: &'a Released) -> Vec<(&'a str, &'a str, &'a str)> {
        let kept = self.names.iter().filter_map(|(what, name)| Some((what, name, now.get(what)?)));
        kept.filter(|(_, name, now)| name != now).map(|(what, name, now)| (&**what, &**name, &**now)).collect()
    }
}

/// How many of the names were there before.
#[must_use]
pub fn compared(before: &BTreeMap<String, String>, now: &Released) -> usize {
    now.keys().filter(|what| before.contains_key(*what)).count()
}
