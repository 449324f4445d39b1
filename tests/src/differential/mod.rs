//! The generated types against the crate `jsonschema`: schemas and a number of instances in, counts and disagreements out.
//!
//! - [`mod@normal`]: RunComfy's dialect in the words of the standard, an independent reading;
//! - [`random`]: schemas with every keyword;
//! - [`instance`](mod@instance): values that are valid, nearly valid and invalid;
//! - [`subject`]: the generated types, compiled;
//! - [`Suite::run_readable`]: the JSON Schema that they give of themselves;
//! - [`stricter`]: where the generated types are stricter on purpose, and nowhere else.

pub mod instance;
mod live;
pub mod normal;
pub mod random;
mod readable;
pub mod stricter;
pub mod subject;

pub use readable::{ReadableCounts, help};

use std::collections::BTreeMap;

use fastrand::Rng;
use jsonschema::{ValidationError, Validator};
use runcomfy_codegen::{ModelSource, SourceFile, Sources};
use serde_json::{Value, json};

use instance::instance;
use normal::normal;
use stricter::{ANY, STRICTER, has_extra, has_number, is_about_extra, is_about_rounding};
use subject::{Answer, Subject};

/// The keywords that a run must show to decide alone: all that say which values are valid, in the words of 2020-12.
pub const KEYWORDS: [&str; 34] = [
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "contains",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "items",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "patternProperties",
    "propertyNames",
    "required",
    "then",
    "type",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// A model under test.
pub struct Tested {
    /// Where it comes from, for messages.
    pub name: String,
    /// The standard form of its input schema.
    pub schema: Value,
    validator: Validator,
}

/// What a run counted.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// How many schemas there were.
    pub schemas: usize,
    /// How many instances.
    pub instances: usize,
    /// How many of them the schema accepts.
    pub accepted: usize,
    /// How many it rejects.
    pub rejected: usize,
    /// How many rejected ones break one keyword and no other.
    pub alone: BTreeMap<String, usize>,
    /// How many are refused on purpose, by reason.
    pub stricter: BTreeMap<String, usize>,
    /// How many are accepted on purpose, for the sake of `extra`.
    pub laxer: usize,
    /// How the two disagree; empty if all is well.
    pub disagreements: Vec<String>,
}

/// Models from several places under names of their own, and random ones.
#[derive(Default)]
pub struct Suite {
    models: Vec<ModelSource>,
    tested: Vec<Tested>,
    shared: Vec<SourceFile>,
}

impl Suite {
    /// Adds all models of a schema folder, but for those whose types `overrides.toml` corrects: what they publish is known
    /// to be wrong.
    ///
    /// # Panics
    /// If a schema is none.
    pub fn add_all(&mut self, set: &str, sources: Sources) {
        self.shared.extend(sources.shared);
        self.shared.sort_by(|one, other| one.path.cmp(&other.path));
        self.shared.dedup_by(|one, other| one.path == other.path);
        let is_right =
            |source: &ModelSource| !source.overrides.as_ref().is_some_and(|file| file.text.contains("[types]"));
        for source in sources.models.into_iter().filter(is_right) {
            let name = source.folder.clone();
            self.add(set, &name, source);
        }
    }

    /// Adds random models; those that the generator refuses with a clear error are counted and left out.
    pub fn add_random(&mut self, count: usize, seed: u64) -> usize {
        let mut rng = Rng::with_seed(seed);
        let schemas = (0..count).map(|_| random::schema(&mut rng)).collect();
        self.add_made("random", seed, schemas)
    }

    /// Adds a random model for each way in which the fields of a root stand in other parts of it.
    pub fn add_scattered(&mut self, seed: u64) -> usize {
        self.add_made("scattered", seed, random::scattered(&mut Rng::with_seed(seed)))
    }

    fn add_made(&mut self, set: &str, seed: u64, schemas: Vec<Value>) -> usize {
        let mut refused = 0;
        for (place, schema) in schemas.iter().enumerate() {
            let source = model(schema);
            let sources = Sources { models: vec![source.clone()], ..Sources::default() };
            let generated = runcomfy_codegen::generate(&sources, &runcomfy_codegen::Placement::Workspace);
            match generated {
                Ok(_) => self.add(set, &format!("{set} {place} of seed {seed}"), source),
                Err(_) => refused += 1,
            }
        }
        refused
    }

    fn add(&mut self, set: &str, name: &str, mut source: ModelSource) {
        let published: Value = serde_json::from_str(&source.input.text).expect("JSON");
        let schema = normal(&published);
        let options = jsonschema::draft202012::options().should_validate_formats(false);
        let validator = options.build(&schema).unwrap_or_else(|error| panic!("{name}: {error}"));
        let folder = format!("{set}/m{}/base", self.models.len());
        let id = source.manifest.text.lines().next().unwrap_or_default().to_owned();
        source.manifest.text = source.manifest.text.replace(&id, &format!("id = {folder:?}"));
        source.manifest.path = format!("{folder}/model.toml");
        source.folder.clone_from(&folder);
        self.models.push(source);
        self.tested.push(Tested { name: name.to_owned(), schema, validator });
    }

    /// Compiles the models and puts instances to both sides, the same number to each model.
    pub fn run(&self, instances: usize, seed: u64, release: bool) -> Counts {
        let mut subject = Subject::build(&self.models, &self.shared, release);
        let mut counts = Counts { schemas: self.tested.len(), ..Counts::default() };
        let mut rng = Rng::with_seed(seed);
        while counts.instances < instances {
            let size = 2_000.min(instances - counts.instances);
            let batch: Vec<(usize, Value)> = (0..size)
                .map(|place| {
                    let model = (counts.instances + place) % self.tested.len();
                    let wrong = [0, 0, 0, 1, 1, 1, 1, 2][rng.usize(0..8)];
                    (model, instance(&self.tested[model].schema, &mut rng, wrong))
                })
                .collect();
            for ((model, instance), answer) in batch.iter().zip(subject.ask(&batch)) {
                counts.judge(&self.tested[*model], instance, answer);
            }
        }
        counts
    }

    /// Puts instances to what checks untyped JSON in place of compiled types, the same number to each model: `check` gives
    /// the violations that it finds for a model's name and an instance, each with the wire key of its field.
    pub fn run_untyped(
        &self,
        instances: usize,
        seed: u64,
        mut check: impl FnMut(&str, &Value) -> Vec<(String, String)>,
    ) -> Counts {
        let mut counts = Counts { schemas: self.tested.len(), ..Counts::default() };
        let mut rng = Rng::with_seed(seed);
        for tested in self.tested.iter().cycle().take(instances) {
            let wrong = [0, 0, 0, 1, 1, 1, 1, 2][rng.usize(0..8)];
            let instance = instance(&tested.schema, &mut rng, wrong);
            let kinds = check(&tested.name, &instance);
            let answer = if kinds.is_empty() {
                Answer::Accepted { wire: instance.clone(), untyped: Vec::new(), readable: Vec::new(), stored: true }
            } else {
                Answer::Refused { text: format!("{kinds:?}"), kinds, untyped: true }
            };
            counts.judge(tested, &instance, answer);
        }
        counts
    }
}

/// A model with this input schema.
#[must_use]
pub fn model(schema: &Value) -> ModelSource {
    let file = |name: &str, text: &str| SourceFile { path: format!("random/{name}"), text: text.to_owned() };
    ModelSource {
        folder: "random/model/base".to_owned(),
        manifest: SourceFile {
            path: "random/model/base/model.toml".to_owned(),
            text: "id = \"random/model/base\"\ndisplay_name = \"Random\"\nsource = \"page\"\nupdated = 2026-01-01\n"
                .to_owned(),
        },
        input: file("input.json", &schema.to_string()),
        output: file("output.json", r#"{"type": "object", "properties": {"image": {"type": "string"}}}"#),
        lock: None,
        overrides: None,
    }
}

impl Counts {
    fn judge(&mut self, tested: &Tested, instance: &Value, answer: Answer) {
        self.instances += 1;
        let broken: Vec<ValidationError<'_>> = tested.validator.iter_errors(instance).collect();
        let errors: Vec<String> = broken.iter().map(keyword).collect();
        let is_valid = errors.is_empty();
        let is_meant = |error| is_about_extra(error) || is_about_rounding(error, &tested.schema);
        let is_laxer = !is_valid && broken.iter().all(is_meant);
        if is_valid {
            self.accepted += 1;
        } else {
            self.rejected += 1;
        }
        let complaint = match answer {
            Answer::Accepted { .. } if !is_valid && !is_laxer => {
                format!("accepted, but the schema refuses it: {errors:?}")
            }
            Answer::Accepted { wire, .. } if !is_same(&wire, instance) => format!("changed on its way: {wire}"),
            Answer::Accepted { untyped, .. } if !self.is_kept(&untyped, tested, instance) => {
                format!("accepted, but not as untyped JSON: {untyped:?}")
            }
            Answer::Accepted { stored: false, .. } => "does not survive being stored".to_owned(),
            Answer::Accepted { readable, .. } if !readable.is_empty() => {
                format!("accepted, but not as untyped JSON with readable names: {readable:?}")
            }
            Answer::Accepted { .. } => {
                self.laxer += usize::from(is_laxer);
                return;
            }
            Answer::Refused { kinds, text, untyped } if is_valid => match self.reason(&kinds, tested, instance) {
                Some(_) => return,
                None => format!("refused, but the schema accepts it: {text} (as untyped JSON: {untyped})"),
            },
            Answer::Refused { untyped: false, kinds, text }
                if !(kinds.iter().all(|(kind, _)| is_of_rust(kind, instance))
                    || is_laxer && self.reason(&kinds, tested, instance).is_some()) =>
            {
                format!("refused, but not as untyped JSON: {text}")
            }
            Answer::Refused { .. } => {
                if let [one] = errors.as_slice() {
                    *self.alone.entry(one.clone()).or_default() += 1;
                }
                return;
            }
        };
        self.disagreements.push(format!("{}: {instance}\n  {complaint}", tested.name));
    }

    /// Whether the check of untyped JSON agrees, or refuses only names that `extra` keeps.
    fn is_kept(&self, untyped: &[String], tested: &Tested, instance: &Value) -> bool {
        let is_of_names = untyped.iter().all(|kind| kind == "UnknownName");
        untyped.is_empty() || is_of_names && has_extra(&tested.schema, instance)
    }

    /// Why a valid instance is refused on purpose, if all its violations have such a reason.
    fn reason(&mut self, kinds: &[(String, String)], tested: &Tested, instance: &Value) -> Option<()> {
        let reason = |(kind, key): &(String, String)| {
            let mut entries = STRICTER.iter().filter(|entry| entry.kind == kind || entry.kind == ANY);
            entries.find(|entry| (entry.is_meant)(&tested.schema, key, instance)).map(|entry| entry.reason)
        };
        let reasons: Vec<&str> = kinds.iter().map(reason).collect::<Option<_>>()?;
        *self.stricter.entry((*reasons.first()?).to_owned()).or_default() += 1;
        Some(())
    }

    /// What a run of this many instances failed to show: a keyword that decided less than one in a thousand, or too few
    /// that are accepted.
    #[must_use]
    pub fn gaps(&self) -> Vec<String> {
        let least = self.instances / 1_000;
        let decided = |keyword: &str| self.alone.get(keyword).copied().unwrap_or_default();
        let few = KEYWORDS.iter().filter(|keyword| decided(keyword) < least);
        let mut gaps: Vec<String> = few
            .map(|keyword| format!("`{keyword}` alone decided {} instances, not {least}", decided(keyword)))
            .collect();
        if self.accepted * 10 < self.instances * 3 {
            gaps.push(format!("only {} of {} instances were accepted", self.accepted, self.instances));
        }
        gaps
    }

    /// The last line of a run.
    #[must_use]
    pub fn summary(&self) -> Value {
        json!({
            "schemas": self.schemas, "instances": self.instances, "accepted": self.accepted, "rejected": self.rejected,
            "disagreements": self.disagreements.len()
        })
    }
}

/// Whether a violation of this kind may come of Rust's types alone, which untyped JSON has none of.
fn is_of_rust(kind: &str, instance: &Value) -> bool {
    match kind {
        "Type" | "Precision" | "NoForm" => true,
        "Minimum" | "Maximum" => has_number(instance, &|number| number.as_i64().is_none_or(|int| int < 0)),
        _ => false,
    }
}

/// The keyword that an error is about: the outermost that looks into parts on its own account, else the innermost.
fn keyword(error: &ValidationError<'_>) -> String {
    const OUTER: [&str; 14] = [
        "not",
        "if",
        "then",
        "else",
        "contains",
        "dependentRequired",
        "dependentSchemas",
        "patternProperties",
        "propertyNames",
        "unevaluatedItems",
        "unevaluatedProperties",
        "allOf",
        "anyOf",
        "oneOf",
    ];
    let path = error.schema_path().to_string();
    let parts: Vec<&str> = path.split('/').collect();
    let outer = parts.iter().find(|part| OUTER.contains(part));
    let inner = parts.iter().rev().find(|part| part.parse::<usize>().is_err());
    (*outer.or(inner).unwrap_or(&"")).to_owned()
}

/// Whether two values are the same number by number: `1.0` is `1`.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (whole(one), whole(other)) {
            (None, None) => one.as_f64() == other.as_f64(),
            (one, other) => one == other,
        },
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, one)| other.get(name).is_some_and(|other| is_same(one, other)))
        }
        (one, other) => one == other,
    }
}

/// The number, if it has no fraction and 128 bits hold it.
fn whole(number: &serde_json::Number) -> Option<i128> {
    let float =
        || number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e38).map(|float| float as i128);
    number.as_i128().or_else(float)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The complaint about an answer, if there is one.
    fn complaint(schema: &Value, instance: &Value, answer: Answer) -> Option<String> {
        let validator = jsonschema::draft202012::new(schema).expect("a schema");
        let tested = Tested { name: String::new(), schema: schema.clone(), validator };
        let mut counts = Counts::default();
        counts.judge(&tested, instance, answer);
        assert_eq!((counts.instances, counts.accepted + counts.rejected), (1, 1));
        counts.disagreements.pop()
    }

    fn accepted(wire: &Value) -> Answer {
        accepted_but(wire, &[], &[], true)
    }

    fn accepted_but(wire: &Value, untyped: &[&str], readable: &[&str], stored: bool) -> Answer {
        let kinds = |of: &[&str]| of.iter().map(|kind| (*kind).to_owned()).collect();
        Answer::Accepted { wire: wire.clone(), untyped: kinds(untyped), readable: kinds(readable), stored }
    }

    fn refused(kind: &str, key: &str) -> Answer {
        Answer::Refused { kinds: vec![(kind.to_owned(), key.to_owned())], text: String::new(), untyped: true }
    }

    #[test]
    fn every_way_to_be_wrong_is_a_disagreement() {
        let schema = json!({"properties": {"a": {"type": "integer", "maximum": 9}, "b": {}}});
        let (good, bad) = (json!({"a": 9}), json!({"a": 10}));
        assert_eq!(complaint(&schema, &good, accepted(&json!({"a": 9.0}))), None, "numbers are compared as numbers");
        assert_eq!(complaint(&schema, &bad, refused("Maximum", "a")), None);
        for (instance, answer) in [
            (&bad, accepted(&bad)),
            (&good, accepted(&json!({"a": 8}))),
            (&good, accepted_but(&good, &["UnknownName"], &[], true)),
            (&good, accepted_but(&good, &[], &["UnknownName"], true)),
            (&good, accepted_but(&good, &[], &[], false)),
            (&good, refused("Maximum", "a")),
            (&bad, Answer::Refused { kinds: vec![("Maximum".into(), "a".into())], text: "".into(), untyped: false }),
        ] {
            assert!(complaint(&schema, instance, answer.clone()).is_some(), "{instance} {answer:?}");
        }
    }

    #[test]
    fn being_laxer_is_for_other_names_of_the_whole_input() {
        let closed = json!({"properties": {"a": {"additionalProperties": false}}, "additionalProperties": false,
            "allOf": [{"properties": {"b": {"type": "integer"}}}]});
        let accepted = |instance: Value, untyped: &str| {
            complaint(&closed, &instance, accepted_but(&instance, &[untyped], &[], true))
        };
        assert_eq!(accepted(json!({"zzz": 1}), "UnknownName"), None);
        assert!(accepted(json!({"zzz": 1}), "Type").is_some());
        assert!(accepted(json!({"a": {"zzz": 1}}), "UnknownName").is_some());
        assert!(accepted(json!({"a": {"zzz": 1}, "zzz": 1}), "UnknownName").is_some());
        // The fields of parts are not those of a closed root.
        assert_eq!(accepted(json!({"b": 1}), "UnknownName"), None);
    }

    #[test]
    fn being_laxer_and_stricter_at_once_needs_both_reasons() {
        let schema = json!({"properties": {"closed": {"properties": {}}}, "additionalProperties": {"type": "integer"},
            "anyOf": [{"properties": {"b": {}}}]});
        let refused = |instance: Value| {
            let kinds = vec![("UnknownName".to_owned(), "closed".to_owned())];
            complaint(&schema, &instance, Answer::Refused { kinds, text: String::new(), untyped: false })
        };
        assert_eq!(refused(json!({"closed": {"zzz": 1}, "b": "text"})), None);
        assert!(refused(json!({"closed": {}, "b": "text"})).is_some());
    }

    #[test]
    fn being_laxer_is_for_floats_that_are_a_multiple_but_for_rounding() {
        let accepted = |keyword: &str, a: Value| {
            let field = json!({"oneOf": [{keyword: 3}, {keyword: 5}]});
            let schema = json!({"additionalProperties": false, "anyOf": [{"properties": {"a": field}}]});
            let instance = json!({"a": a});
            complaint(&schema, &instance, accepted_but(&instance, &[], &[], true))
        };
        assert_eq!(accepted("multipleOf", json!(1e300)), None);
        assert!(accepted("multipleOf", json!(15)).is_some());
        assert!(accepted("minimum", json!(1e300)).is_some());
    }

    #[test]
    fn being_stricter_needs_its_reason() {
        let schema = json!({"properties": {"a": {"type": "number"}, "image": {"type": "string"},
                "open": {"properties": {}, "additionalProperties": {"type": "integer"}}, "closed": {"properties": {}}},
            "anyOf": [{"properties": {"b": {"type": "integer", "maximum": 9}}}, {}]});
        for (kind, key, meant, instance) in [
            ("UnknownName", "", true, json!({"a": 1, "zzz": 1})),
            ("UnknownName", "", false, json!({"a": 1})),
            ("UnknownName", "open", false, json!({"open": {"zzz": 1}})),
            ("UnknownName", "closed", true, json!({"closed": {"zzz": 1}})),
            ("Precision", "a", true, json!({"a": 9_007_199_254_740_993_i64})),
            ("Precision", "a", false, json!({"a": 9_007_199_254_740_992_i64})),
            ("Maximum", "a", true, json!({"a": u64::MAX})),
            ("Maximum", "a", false, json!({"a": 1})),
            ("Minimum", "a", true, json!({"a": -1e300})),
            ("Minimum", "a", false, json!({"a": 1})),
            ("Media", "image", true, json!({"image": "a prompt"})),
            ("Media", "image", false, json!({"image": "https://example.com/a.png"})),
            ("Validation", "image", false, json!({"image": "https://example.com/a.png"})),
            ("NoForm", "a", true, json!({"a": {"zzz": 1}})),
            ("NoForm", "a", true, json!({"a": [u64::MAX]})),
            ("NoForm", "a", true, json!({"a": {"b": 1e300}})),
            ("NoForm", "a", false, json!({"a": 1})),
            ("Type", "b", true, json!({"b": "text"})),
            ("Maximum", "b", true, json!({"b": 10})),
            ("Maximum", "b", false, json!({"b": 9})),
            ("MultipleOf", "a", true, json!({"a": 1e300})),
            ("MultipleOf", "a", false, json!({"a": 1e15})),
        ] {
            let schema =
                if kind == "NoForm" { json!({"properties": {"a": {"properties": {"b": {}}}}}) } else { schema.clone() };
            assert_eq!(complaint(&schema, &instance, refused(kind, key)).is_none(), meant, "{kind} {instance}");
        }
    }

    #[test]
    fn what_a_run_did_not_show_is_told() {
        let mut counts = Counts { instances: 1_000_000, accepted: 299_999, ..Counts::default() };
        assert_eq!(counts.gaps().len(), KEYWORDS.len() + 1);
        counts.accepted = 300_000;
        counts.alone = KEYWORDS.iter().map(|keyword| ((*keyword).to_owned(), 1_000)).collect();
        assert_eq!(counts.gaps(), Vec::<String>::new());
    }
}
