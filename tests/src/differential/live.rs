//! Models at run time as the subject: schemas in a folder and instances in, what the run-time tables make of them out. The
//! program that is asked is this one; nothing is compiled.

use fastrand::Rng;
use runcomfy_client::InvalidInput;
use runcomfy_client::rt::agrees;
use runcomfy_client::schema::Names;
use runcomfy_codegen::Sources;
use runcomfy_live::{Catalogue, LiveModel};
use serde_json::Value;

use super::instance::instance;
use super::stricter::has_extra;
use super::subject::Answer;
use super::{Counts, Suite};
use crate::tables::folder;

impl Suite {
    /// All models as they are met at run time.
    ///
    /// # Panics
    /// If a model that can be compiled can't be.
    #[must_use]
    pub fn live(&self) -> Vec<LiveModel> {
        let schemas = tempfile::tempdir().expect("a folder");
        folder::write(&Sources { models: self.models.clone(), ..Sources::default() }, schemas.path());
        let catalogue = Catalogue::builder().folder(schemas.path()).build().expect("a folder of schemas");
        let model = |folder: &str| catalogue.model(folder).unwrap_or_else(|error| panic!("{error}"));
        self.models.iter().map(|source| model(&source.folder)).collect()
    }

    /// Puts instances to the run-time tables and to the validators, the same number to each model.
    pub fn run_live(&self, instances: usize, seed: u64) -> Counts {
        let models = self.live();
        let mut counts = Counts { schemas: self.tested.len(), ..Counts::default() };
        let mut rng = Rng::with_seed(seed);
        while counts.instances < instances {
            let place = counts.instances % models.len();
            let wrong = [0, 0, 0, 1, 1, 1, 1, 2][rng.usize(0..8)];
            let instance = instance(&self.tested[place].schema, &mut rng, wrong);
            let mut answer = answer(&models[place], &instance);
            // What only `extra` keeps is refused in untyped JSON, on purpose.
            if let Answer::Refused { kinds, .. } = &mut answer
                && has_extra(&self.tested[place].schema, &instance)
            {
                kinds.retain(|(kind, _)| kind != "UnknownName");
                if kinds.is_empty() {
                    counts.instances += 1;
                    counts.laxer += 1;
                    continue;
                }
            }
            counts.judge(&self.tested[place], &instance, answer);
        }
        counts
    }
}

/// The way of an input: checked as it is on the wire, stored with readable names, and sent again.
fn answer(model: &LiveModel, wire: &Value) -> Answer {
    let agrees = |json: &Value, names| assert!(agrees(model.schema, json, names), "{}: {json}", model.id);
    agrees(wire, Names::Wire);
    agrees(&model.to_readable(wire), Names::Readable);
    match model.check(wire, Names::Wire) {
        Err(invalid) => Answer::Refused { kinds: kinds(&invalid), text: invalid.to_string(), untyped: true },
        Ok(()) => {
            let stored = model.to_readable(wire);
            let sent = model.to_wire(&stored);
            let readable = model.check(&stored, Names::Readable).err();
            let readable =
                readable.iter().flat_map(InvalidInput::iter).map(|one| format!("{:?}", one.kind())).collect();
            let (is_sent, wire) = (sent.is_ok(), sent.unwrap_or_else(|_| wire.clone()));
            Answer::Accepted { stored: is_sent, wire, untyped: Vec::new(), readable }
        }
    }
}

/// The kinds of violations, each with the wire key of its field.
fn kinds(invalid: &InvalidInput) -> Vec<(String, String)> {
    invalid.iter().map(|one| (format!("{:?}", one.kind()), one.wire_key().to_string())).collect()
}
