//! A maintainer who knows the truth, answers every stop with a line that it prints, or with the true key where it
//! prints none that is true, and deletes a line only when told to. In: a lock and a case. Out: the pairs that generation ends with, and the next lock. Must not know the rules.

use std::collections::BTreeMap;

use runcomfy_codegen::lock::{Answer, Answers, Field, Lock, NamedField, NamedType, ROOT, resolve};
use runcomfy_codegen::{ErrorKind, Errors};

use super::{Case, TrueField};

/// A model's folder: the lock, and the answers in `overrides.toml`.
#[derive(Clone, Debug, Default)]
pub struct Maintainer {
    /// `[moved]`
    pub answers: Answers,
    /// Those of them that were given.
    pub given: Answers,
    /// `names.lock`
    pub lock: Lock,
}

impl Maintainer {
    /// The folder of a new model.
    #[must_use]
    pub fn new(fields: &[TrueField]) -> Self {
        let mut made = Self::default();
        made.generate(fields);
        made
    }

    /// Brings the lock up to date with the fields of a change that is settled.
    pub fn generate(&mut self, fields: &[TrueField]) {
        let is_locked = |name: &String| self.lock.fields.iter().any(|field| field.name == *name);
        let named = fields.iter().map(|field| NamedField {
            field: field.published(),
            was: Some(field.name()).filter(is_locked),
            name: field.name(),
            json: field.name(),
            types: Vec::new(),
            values: Vec::new(),
            named: None,
            corrected: None,
        });
        let answers = self.given.clone();
        let root =
            NamedType { name: ROOT.to_owned(), was: None, fields: named.collect(), required: Vec::new(), answers };
        let lock = Lock::build(Some(&self.lock), &[root]);
        self.lock = lock;
    }

    /// Runs, answers what is asked and runs again, until nothing is asked. Gives back pairs of positions.
    ///
    /// # Errors
    /// A question that its true answers don't settle, and whatever else is refused.
    pub fn settle(&mut self, case: &Case) -> Result<Vec<(usize, usize)>, String> {
        let fields: Vec<Field> = case.new.iter().map(TrueField::published).collect();
        loop {
            let refused = match resolve(Some(&self.lock), ROOT, &fields, &[], &self.answers) {
                Ok(found) => {
                    let place = |name: &str| case.old.iter().position(|field| field.name() == name);
                    self.given = found.given;
                    let pairs = found.order.iter().filter_map(|slot| Some((place(&slot.locked?.name)?, slot.field)));
                    return Ok(pairs.collect());
                }
                Err(refused) => refused,
            };
            let before = self.answers.clone();
            self.heed(case, &refused);
            if self.answers == before {
                return Err(format!("no answer helps: {before:?}\n{refused}"));
            }
        }
    }

    /// Takes over the true ones among the printed lines, writes those that are missing, and deletes those that had their
    /// day.
    fn heed(&mut self, case: &Case, refused: &Errors) {
        for error in refused.iter() {
            if error.kind == ErrorKind::UnusedOverride {
                let name = error.message.trim_start_matches('`').split(' ').next().unwrap_or_default();
                self.answers.remove(name);
                continue;
            }
            let mut told = Answers::new();
            for line in error.help.lines().filter_map(|line| line.strip_prefix("# ")) {
                let answers: BTreeMap<String, Answer> = toml::from_str(line).expect("a printed line is TOML");
                for (name, answer) in answers {
                    if self.is_true(case, &name, &answer) {
                        told.insert(name, answer);
                    } else if let Some(field) = case.new.iter().find(|field| field.name() == name) {
                        told.entry(name).or_insert_with(|| Answer::Key(field.published().key));
                    }
                }
            }
            self.answers.extend(told);
        }
    }

    fn is_true(&self, case: &Case, name: &str, answer: &Answer) -> bool {
        let key = |field: &TrueField| field.published().key;
        let now = case.new.iter().find(|field| field.name() == name).map(key);
        match answer {
            Answer::Key(key) | Answer::Again(key) => now.as_ref() == Some(key),
            Answer::Removed => now.is_none(),
            Answer::Stays => {
                self.lock.fields.iter().any(|field| field.name == name && now.as_ref() == Some(&field.field.key))
            }
        }
    }
}
