//! One week of the year: what was published is taken over, questions are answered, and what came of it is held against
//! the truth.

use std::collections::{BTreeMap, BTreeSet};

use runcomfy_codegen::ModelId;
use serde_json::Value;

use super::Year;
use super::events::{Event, names};
use super::folder::Folder;
use super::judge::{Said, faults};
use super::known::{Known, State, compared};
use super::person::{Knowledge, Question, questions, tidied};
use super::stored::{delivered, written};
use super::truth::{Truth, is_certain, parent};

/// One week in so many is answered before its schemas come.
const ANSWERED_BEFORE: usize = 3;

impl Year {
    /// Syncs until nothing is asked. Gives back what `sync` told.
    pub(super) fn take_over(&mut self, week: usize, happened: &BTreeMap<usize, Vec<Event>>) -> String {
        let is_foreseen = self.rng.usize(0..ANSWERED_BEFORE) == 0;
        if is_foreseen {
            self.answer_before(week, happened);
        }
        let (told, asked) = self.settle(None, week, happened);
        if is_foreseen && asked > 0 {
            self.needless(week, "a question that was answered before its schema came is asked again");
        }
        told
    }

    /// Finds out on a copy what will be asked, and writes the answers down where the schemas are still the old ones.
    fn answer_before(&mut self, week: usize, happened: &BTreeMap<usize, Vec<Event>>) {
        let before = self.answers.clone();
        let copy = self.folder.copy();
        let (_, asked) = self.settle(Some(&copy), week, happened);
        self.report.answered_before += usize::from(asked > 0);
        for (place, answers) in &self.answers {
            if before.get(place) != Some(answers) {
                self.folder.answer(self.home(*place), answers);
            }
        }
        let said = self.folder.lock();
        if said.code != 0 {
            self.needless(week, &format!("answers that wait for their schema stop `generate`:\n{}", said.err));
        }
    }

    /// The folder of a model: under the id that it was accepted with.
    fn home(&self, place: usize) -> &str {
        self.known.get(&place).map_or(&self.world.models[place].spec.id, |known| &known.state.spec.id)
    }

    /// Syncs and answers, in the folder or in a copy of it, until nothing is asked. Gives back what was told, and how many
    /// questions were asked.
    fn settle(
        &mut self,
        copy: Option<&Folder>,
        week: usize,
        happened: &BTreeMap<usize, Vec<Event>>,
    ) -> (String, usize) {
        let response = self.world.response();
        let (mut told, mut asked) = (String::new(), BTreeSet::new());
        loop {
            let said = copy.unwrap_or(&self.folder).sync(&response);
            told += &said.out;
            if said.code == 0 {
                return (told, asked.len());
            }
            let (questions, others) = questions(&said.err);
            let before = self.answers.clone();
            for question in questions {
                let Some(place) = self.place(&question.model) else { continue };
                if asked.insert(question.text.clone()) {
                    self.count(week, place, &question, happened);
                }
                let answers = self.truly(place, &question);
                self.answers.entry(place).or_default().entry(question.owner).or_default().extend(answers);
            }
            self.tidy_with(&said.err);
            for (place, answers) in &self.answers {
                if before.get(place) != Some(answers) {
                    copy.unwrap_or(&self.folder).answer(self.home(*place), answers);
                }
            }
            if self.answers == before {
                let events: Vec<String> = happened.iter().map(|(at, of)| format!("{at}: {}", names(of))).collect();
                self.needless(week, &format!("no answer helps ({events:?}, {others:?}):\n{}", said.err));
                return (told, asked.len());
            }
        }
    }

    /// The model of an id, however it is spelt.
    fn place(&self, id: &str) -> Option<usize> {
        self.world.models.iter().position(|model| ModelId::spelling(&model.spec.id) == id)
    }

    fn truly(&self, place: usize, question: &Question) -> BTreeMap<String, String> {
        let Some(known) = self.known.get(&place) else { return BTreeMap::new() };
        let now = Truth::of(&self.world.models[place].spec);
        Knowledge { names: &known.names, before: &known.ever, now: &now }.answers(question)
    }

    /// Counts a question, as needless if the truth leaves no doubt.
    fn count(&mut self, week: usize, place: usize, question: &Question, happened: &BTreeMap<usize, Vec<Event>>) {
        self.report.questions += 1;
        let Some(known) = self.known.get(&place) else { return };
        let now = Truth::of(&self.world.models[place].spec);
        let knowledge = Knowledge { names: &known.names, before: &known.ever, now: &now };
        let Some(owner) = knowledge.place(&question.owner) else { return };
        let below = |at: &str| at == owner || parent(at) == owner && at.contains("/form ");
        let places: BTreeSet<&str> = known
            .state
            .truth
            .fields
            .keys()
            .chain(now.fields.keys())
            .map(|at| parent(at))
            .filter(|at| below(at))
            .collect();
        let forms = |truth: &Truth| -> BTreeSet<String> {
            truth.forms.keys().filter(|at| parent(at) == owner).cloned().collect()
        };
        let (had, has) = (forms(&known.state.truth), forms(&now));
        let same_forms = had.is_subset(&has) || has.is_subset(&had);
        let certain = |at: &&str| is_certain(&known.state.truth.group(at), &now.group(at), &known.gone(at));
        if !places.is_empty() && same_forms && places.iter().all(certain) {
            let events = happened.get(&place).map(|events| names(events).to_string()).unwrap_or_default();
            let (old, new) = (known.state.entry["input_schema"].clone(), self.world.models[place].spec.schema());
            self.needless(week, &format!("nothing is in doubt after {events}\n  {old}\n  {new}\n{}", question.text));
        }
    }

    /// Deletes lines of which a command says so; says whether there were any.
    pub(super) fn tidy(&mut self, said: &str) -> bool {
        let before = self.answers.clone();
        self.tidy_with(said);
        for (place, answers) in &self.answers {
            if before.get(place) != Some(answers) {
                self.folder.answer(self.world_folder(*place), answers);
            }
        }
        self.answers != before
    }

    /// The folder of a model that was taken over.
    fn world_folder(&self, place: usize) -> &str {
        let spelt = &self.world.models[place].spec.id;
        if self.folder.read(spelt, "model.toml").is_some() { spelt } else { self.home(place) }
    }

    fn tidy_with(&mut self, said: &str) {
        let blocks: Vec<&str> = said.split("\n\n").collect();
        for (place, answers) in &mut self.answers {
            let id = ModelId::spelling(&self.world.models[*place].spec.id);
            let about = blocks.iter().filter(|block| ModelId::spelling(block).contains(&id));
            let about: String = about.copied().collect::<Vec<_>>().join("\n\n");
            *answers = tidied(answers, &about);
        }
    }

    /// Takes over the state after a week, and holds it against that before.
    pub(super) fn accept(&mut self, week: usize, changes: &[Value]) {
        let catalog = self.folder.catalog();
        for place in 0..self.world.models.len() {
            let published = self.world.models[place].clone();
            let Some(model) = catalog.models.iter().find(|model| model.id == published.spec.id) else { continue };
            let input = self.folder.read(&model.folder, "input.json").and_then(|text| serde_json::from_str(&text).ok());
            if !published.is_listed || input.as_ref() != Some(&published.entry()["input_schema"]) {
                // Gone, or left as it was.
                continue;
            }
            let source = self.folder.source(model);
            let state = State::new(&published.spec, model.clone(), &source, published.entry());
            match self.known.remove(&place) {
                None => _ = self.known.insert(place, Known::new(state)),
                Some(known) => self.judge(week, place, known, state, changes),
            }
            if let Some(known) = self.known.get_mut(&place) {
                let input = written(&known.state.spec, &known.state.model, &mut self.rng);
                known.store(input);
            }
        }
    }

    fn judge(&mut self, week: usize, place: usize, mut known: Known, state: State, changes: &[Value]) {
        let said = Said::of(changes, &known.state.spec.id);
        let texts = |known: &Known| {
            let (old, new) = (&known.state.entry["input_schema"], &state.entry["input_schema"]);
            format!("\n{}  {old}\n  {new}", said.text())
        };
        self.report.names += compared(&known.names, &state.names);
        let moved: Vec<_> = known.moved(&state.names);
        for (what, name, now) in &moved {
            if said.tells_of(name, now) {
                self.report.told_renames += 1;
                self.report.problems.push(format!(
                    "TOLD seed {} week {week}: {what} {name} -> {now} {}",
                    self.options.seed,
                    texts(&known)
                ));
            } else {
                self.report.names_moved += 1;
                self.problem(week, "name moved", &format!("{what}: {name} → {now}{}", texts(&known)));
            }
        }
        let is_told = !moved.is_empty();
        let mut lost = Vec::new();
        for (place, input) in known.stored.iter().enumerate() {
            let delivery = delivered(input, &state.spec, &state.model);
            self.report.values += delivery.right;
            self.report.wrong_nodes += delivery.wrong.len();
            for wrong in delivery.wrong {
                self.problem(week, "wrong node", &format!("{wrong}{}", texts(&known)));
            }
            if place + 1 == known.stored.len() {
                lost = delivery.lost;
            }
        }
        if self.listed[place] {
            self.report.verdicts += 1;
            let found = faults(&known.state, &state, &said, &lost, &mut self.rng, &mut self.report.instances);
            for fault in found {
                self.wrong(week, &format!("{fault}{}", texts(&known)));
            }
        }
        if is_told {
            known.stored.clear();
        }
        known.accept(state);
        self.known.insert(place, known);
    }
}
