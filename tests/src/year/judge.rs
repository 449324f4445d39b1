//! Two weeks of one model and what `diff` says of them in, what is wrong with that out. Judges by the truth, by what
//! programs may rely on, by stored inputs, and by instances that the crate `jsonschema` judges. Must not know how changes
//! are found.

use fastrand::Rng;
use serde_json::Value;

use super::known::State;
use super::truth::{carried, fields_mean};
use crate::differential::instance::instance;
use crate::stability::Spec;

/// Instances per pair of weeks.
const INSTANCES: usize = 8;

/// What a report says of one model.
pub struct Said<'a> {
    /// The changes.
    pub changes: Vec<&'a Value>,
}

impl<'a> Said<'a> {
    /// What is said of a model, by the id that it had.
    #[must_use]
    pub fn of(changes: &'a [Value], id: &str) -> Self {
        Self { changes: changes.iter().filter(|change| change["model"] == id).collect() }
    }

    fn has(&self, verdict: &str) -> bool {
        self.changes.iter().any(|change| change["verdict"] == verdict)
    }

    fn is_flagged(&self, flag: &str) -> bool {
        self.changes.iter().any(|change| change[flag] == true)
    }

    fn may_be(&self, strictness: &str) -> bool {
        self.has("breaking")
            || self.changes.iter().any(|change| [strictness, "changed"].iter().any(|it| change["strictness"] == *it))
    }

    /// Whether it says that something with that name is called differently, or is gone.
    #[must_use]
    pub fn tells_of(&self, old: &str, new: &str) -> bool {
        let renames = [
            "field_renamed",
            "stored_name_changed",
            "type_renamed",
            "variant_renamed",
            "union_changed",
            "type_changed",
        ];
        self.changes.iter().any(|change| {
            let of_it = change["old"].as_str().is_some_and(|text| text.contains(old))
                || change["new"].as_str().is_some_and(|text| text.contains(new));
            renames.iter().any(|kind| change["kind"] == *kind) && of_it
        })
    }

    /// The changes in lines.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |change: &&Value| {
            format!("    {} {} {}: {}\n", change["path"], change["kind"], change["strictness"], change["sentence"])
        };
        self.changes.iter().map(line).collect()
    }
}

/// What is wrong with what is said of the way from `old` to `new`; `lost` are values of inputs stored a week ago that
/// are refused now. Counts the instances.
pub fn faults(
    old: &State,
    new: &State,
    said: &Said<'_>,
    lost: &[String],
    rng: &mut Rng,
    instances: &mut usize,
) -> Vec<String> {
    let mut found = Vec::new();
    let mut hold = |is_right: bool, fault: &dyn Fn() -> String| {
        if !is_right {
            found.push(fault());
        }
    };
    let (before, after) = (old.truth.keys(), new.truth.keys());
    let moved: Vec<&str> =
        before.iter().filter(|(at, key)| after.get(*at).is_some_and(|now| now != *key)).map(|(at, _)| *at).collect();
    let is_respelt = old.spec.id != new.spec.id;
    hold(said.is_flagged("wrong_keys") == (is_respelt || !moved.is_empty()), &|| {
        format!(
            "keys that changed: {moved:?}, id respelt: {is_respelt}, but wrong_keys is {}",
            said.is_flagged("wrong_keys")
        )
    });
    let broken: Vec<&String> = old.promises.difference(&new.promises).collect();
    let breaks = !broken.is_empty() || !lost.is_empty();
    hold(said.has("breaking") == breaks, &|| {
        format!("breaking: {}, but programs lose {broken:?}, and stored inputs {lost:?}", said.has("breaking"))
    });
    let is_same = fields_mean(&old.spec.fields) == fields_mean(&new.spec.fields);
    let is_compatible = said.has("compatible") || said.has("breaking");
    hold(is_compatible == (!is_same || is_respelt || !moved.is_empty()), &|| {
        format!("the meaning is the same: {is_same}, but verdicts are {is_compatible}")
    });
    let is_silent = said.changes.is_empty();
    let same = is_same && moved.is_empty() && texts(old) == texts(new) && !is_respelt;
    hold(is_silent == same, &|| format!("nothing changed: {same}, but something is said: {}", !is_silent));
    if !is_same {
        found.extend(by_instances(&old.spec, &new.spec, said, rng, instances));
    }
    found
}

/// What is published for people, by what it is about.
fn texts(state: &State) -> Value {
    let titles: Vec<(&String, &String)> = state.truth.fields.iter().map(|(at, field)| (at, &field.title)).collect();
    serde_json::json!([titles, state.entry["display_name"], descriptions(state)])
}

fn descriptions(state: &State) -> Vec<Value> {
    let mut fields: Vec<_> = state.spec.fields.iter().collect();
    fields.sort_by_key(|field| field.uid);
    fields
        .iter()
        .map(|field| state.entry["input_schema"]["properties"][field.key.text()]["description"].clone())
        .collect()
}

fn by_instances(old: &Spec, new: &Spec, said: &Said<'_>, rng: &mut Rng, count: &mut usize) -> Vec<String> {
    let (before, after) = (old.schema(), new.schema());
    let validator = |schema: &Value| jsonschema::draft202012::options().build(schema).expect("a schema");
    let (was, is) = (validator(&before), validator(&after));
    let mut found = Vec::new();
    for place in 0..INSTANCES {
        let value = instance(&before, rng, place % 3);
        let now = carried(&value, &old.fields, &new.fields);
        *count += 1;
        let missed = match (was.is_valid(&value), is.is_valid(&now)) {
            (true, false) if !said.may_be("tightened") => "was valid and is refused",
            (false, true) if !said.may_be("loosened") => "was refused and is valid",
            _ => continue,
        };
        found.push(format!("{value}\n    now {now}\n    {missed}, and no change says so"));
    }
    found
}
