//! The JSON Schema that generated types give of themselves, against what `Deserialize` and `validate` take: models in,
//! counts and disagreements out. The schema has readable names, and so have the instances.

use fastrand::Rng;
use serde_json::{Number, Value, json};

use super::Suite;
use super::instance::instance;
use super::stricter::{breaks_all_parts, has_number, has_other_names};
use super::subject::Subject;

/// What a run counted.
#[derive(Clone, Debug, Default)]
pub struct ReadableCounts {
    /// Instances that both accept.
    pub accepted: usize,
    /// Instances that both refuse.
    pub refused: usize,
    /// Instances that only the types refuse, as documented.
    pub stricter: usize,
    /// How the two disagree otherwise.
    pub disagreements: Vec<String>,
}

impl Suite {
    /// Compiles the models with the feature `schemars`, asks each for its schema, and puts instances of it to both sides.
    ///
    /// # Panics
    /// If a model can't be compiled, or its schema is none.
    #[must_use]
    pub fn run_readable(&self, instances: usize, seed: u64) -> ReadableCounts {
        let (program, name) = (include_str!("readable.rs.txt"), "differential-readable");
        let mut subject = Subject::of(program, "all,schemars", name, &self.models, &self.shared, false);
        let schemas = subject.replies(&(0..self.models.len()).map(|place| (place, Value::Null)).collect::<Vec<_>>());
        let mut rng = Rng::with_seed(seed);
        let mut counts = ReadableCounts::default();
        for (place, schema) in schemas.iter().enumerate() {
            let name = &self.tested[place].name;
            let options = jsonschema::draft202012::options();
            let validator = options.build(schema).unwrap_or_else(|error| panic!("{name}: {error}\n{schema:#}"));
            let mut helped = schema.clone();
            help(&mut helped);
            let batch: Vec<(usize, Value)> = (0..instances.div_ceil(schemas.len()))
                .map(|_| {
                    let wrong = [0, 0, 1, 1, 1, 2][rng.usize(0..6)];
                    (place, instance(&helped, &mut rng, wrong))
                })
                .filter(|(_, instance)| !instance.is_null())
                .collect();
            for ((_, instance), reply) in batch.iter().zip(subject.replies(&batch)) {
                let accepted = reply["accepted"] == true;
                match (validator.is_valid(instance), accepted) {
                    (true, true) => counts.accepted += 1,
                    (false, false) => counts.refused += 1,
                    (true, false) if is_meant(schema, instance, &reply["why"]) => counts.stricter += 1,
                    (_, accepted) => counts.disagreements.push(format!(
                        "{name}: {instance}\n  accepted by the type: {accepted} {}\n  {:?}",
                        reply["why"],
                        validator.iter_errors(instance).map(|error| error.to_string()).collect::<Vec<_>>(),
                    )),
                }
            }
        }
        counts
    }
}

/// Tells the maker of instances which texts match the patterns that are used here.
pub fn help(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            let examples = match keywords.get("pattern").and_then(Value::as_str) {
                Some("^[a-z]+$" | "^[a-z]{2,4}$") => json!(["ab", "xyz"]),
                Some("é\\d") => json!(["aé1", "é22b"]),
                Some(media) if media.contains("://") => json!(["https://example.com/a.png", "sample.png", "no media"]),
                _ => Value::Null,
            };
            if examples.is_array() {
                keywords.insert("examples".to_owned(), examples);
            }
            keywords.values_mut().for_each(help);
        }
        Value::Array(parts) => parts.iter_mut().for_each(help),
        _ => {}
    }
}

/// Whether a valid instance may be refused: for a name that no form of a union has, a number that would not be sent as it
/// was given, or a field that only parts of the root speak of, each of another value.
fn is_meant(schema: &Value, instance: &Value, why: &Value) -> bool {
    let words = ["fits none of the forms", "is not a known name"];
    let is_of_union = why.as_str().is_some_and(|why| words.iter().any(|words| why.contains(words)));
    // Whole numbers beyond 2^53, not all of which f64 holds.
    let is_large = |number: &Number| number.as_f64().is_some_and(|float| float.abs() >= 9_007_199_254_740_992.0);
    is_of_union && has_other_names(schema, schema, instance)
        || has_number(instance, &is_large)
        || breaks_all_parts(schema, instance, &|_| true)
}
