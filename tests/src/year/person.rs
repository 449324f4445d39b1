//! A maintainer who knows what became of every field, answers what a command asks with a line that it prints, or with the
//! true key where it prints none that is true, and deletes the lines that had their day. Reads what commands say, as people
//! do, and must not know the rules by which they ask.

use std::collections::BTreeMap;

use runcomfy_codegen::ModelId;
use runcomfy_codegen::lock::Answer;

use super::folder::Answers;
use super::truth::{Truth, parent};
use crate::stability::released::Released;

/// A question that a command put.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The id of the model, in one spelling.
    pub model: String,
    /// The type whose fields are in doubt.
    pub owner: String,
    /// The names in doubt, and the answers that are offered for each.
    pub offered: Vec<(String, Answer)>,
    /// The whole text.
    pub text: String,
}

/// The questions in what a command says, and whatever else stops it.
///
/// # Panics
/// If a printed line is no TOML.
#[must_use]
pub fn questions(said: &str) -> (Vec<Question>, Vec<String>) {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for block in said.split("\n\n").filter(|block| block.starts_with("error: ")) {
        if !block.starts_with("error: can't tell what became of") {
            others.push(block.to_owned());
            continue;
        }
        let mut question = Question { text: block.to_owned(), ..Question::default() };
        for line in block.lines().map(str::trim) {
            if let Some(file) = line.strip_prefix("--> ") {
                question.model = ModelId::spelling(model(file));
            } else if line == "[moved]" {
                question.owner = "Input".to_owned();
            } else if let Some(owner) = line.strip_prefix("[moved.") {
                question.owner = owner.trim_end_matches(']').to_owned();
            } else if let Some(line) = line.strip_prefix("# ") {
                let answers: BTreeMap<String, Answer> = toml::from_str(line).expect("a printed line is TOML");
                question.offered.extend(answers);
            }
        }
        found.push(question);
    }
    (found, others)
}

/// The model that a place is of: `response.json at /models/3/input_schema, of a/b/c`, or `a/b/c/names.lock at line 3`.
fn model(place: &str) -> &str {
    let file = || place.split(" at ").next().and_then(|file| file.rsplit_once('/'));
    match place.rsplit_once(", of ") {
        Some((_, model)) => model,
        None => file().map_or(place, |(folder, _)| folder),
    }
}

/// What a person knows of a model.
pub struct Knowledge<'a> {
    /// The names that everything has, or had when it was there last.
    pub names: &'a Released,
    /// The fields and forms as they were when they were there last.
    pub before: &'a Truth,
    /// The model as it is published now.
    pub now: &'a Truth,
}

impl Knowledge<'_> {
    /// Where the type of that name is.
    #[must_use]
    pub fn place(&self, owner: &str) -> Option<String> {
        let mut owners = self.names.iter().filter(|(what, name)| what.ends_with(" type") && *name == owner);
        owners.next().map(|(what, _)| what.trim_end_matches(" type").to_owned())
    }

    /// What has the name in the type at a place: one that is still there, before one that was.
    fn named(&self, owner: &str, name: &str) -> Option<String> {
        let of_owner = |what: &str| parent(what.trim_end_matches(" name")) == owner;
        let has_name = |(what, known): &(&String, &String)| {
            what.ends_with(" name") && of_owner(what) && known.trim_matches('_') == name.trim_matches('_')
        };
        let found = self.names.iter().filter(has_name).map(|(what, _)| what.trim_end_matches(" name").to_owned());
        let found: Vec<String> = found.collect();
        let is_there = |at: &&String| self.keys(at, self.now).is_some();
        found.iter().find(is_there).or(found.first()).cloned()
    }

    /// The keys of what is at a place; nothing if it is not there.
    fn keys(&self, at: &str, truth: &Truth) -> Option<Vec<String>> {
        let field = truth.fields.get(at).map(|field| vec![field.key.text()]);
        field.or_else(|| truth.forms.get(at).cloned())
    }

    /// The true answers to a question, as they are written down.
    #[must_use]
    pub fn answers(&self, question: &Question) -> BTreeMap<String, String> {
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        let Some(owner) = self.place(&question.owner) else { return told };
        for (name, answer) in &question.offered {
            let Some(at) = self.named(&owner, name) else { continue };
            let (now, before) = (self.keys(&at, self.now), self.keys(&at, self.before));
            let has = |keys: &Option<Vec<String>>, key: &String| keys.as_ref().is_some_and(|keys| keys.contains(key));
            let is_true = match answer {
                Answer::Key(key) | Answer::Again(key) => has(&now, key),
                Answer::Removed => now.is_none(),
                Answer::Stays => before.iter().flatten().any(|key| has(&now, key)),
            };
            if is_true {
                told.insert(name.clone(), answer.to_string());
            } else if let Some(key) = now.as_ref().and_then(|keys| keys.first()) {
                told.entry(name.clone()).or_insert_with(|| Answer::Key(key.clone()).to_string());
            }
        }
        told
    }
}

/// Deletes the lines of which a command says that they had their day, or that they match nothing any more.
#[must_use]
pub fn tidied(answers: &Answers, said: &str) -> Answers {
    let mut left = answers.clone();
    for (owner, lines) in answers {
        for (name, answer) in lines {
            let table = if owner == "Input" { "[moved]".to_owned() } else { format!("[moved.{owner}]") };
            if said.contains(&format!("`{name} = {answer}` under {table} had its day")) {
                left.entry(owner.clone()).or_default().remove(name);
            }
        }
        if said.contains(&format!("the entry {owner:?} of [moved] matches nothing")) {
            left.remove(owner);
        }
    }
    left.retain(|_, lines| !lines.is_empty());
    left
}
