//! Random models whose fields are known whatever becomes of their keys and titles, for the stability contract. In: a
//! random source. Out: a [`Spec`] and its published schema. [`shape`] makes the values of fields, objects and unions at any
//! depth; [`changes`] says what RunComfy may do to them, [`api`] what users see of the generated code, [`released`] which
//! names every field, form and value got. Must not know the lock's rules.

pub mod api;
pub mod changes;
pub mod released;
pub mod shape;

use std::collections::BTreeSet;

use fastrand::Rng;
use runcomfy_codegen::{ModelSource, SourceFile};
use serde_json::Value;

use shape::{Maker, Shape};

/// A model as it is published at one time.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The model's id.
    pub id: String,
    /// Its fields in published order.
    pub fields: Vec<TrueField>,
    /// What a maintainer wrote in `overrides.toml`; empty for no such file.
    pub overrides: String,
}

/// A field whose identity is known.
#[derive(Clone, Debug, PartialEq)]
pub struct TrueField {
    /// What it is, whatever its marks say.
    pub uid: usize,
    /// Its key.
    pub key: Key,
    /// Its title, unlike any other of the model; but forms of one union may share some.
    pub title: String,
    /// What values it takes.
    pub shape: Shape,
    /// Its place among the required fields, as published.
    pub required: Option<u32>,
}

/// A wire key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// Its own identity.
    Plain(String),
    /// Node ids, with their inputs.
    Node(Vec<(u32, &'static str)>),
}

impl Key {
    /// As it stands on the wire.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Plain(key) => key.clone(),
            Self::Node(nodes) => {
                nodes.iter().map(|(node, input)| format!("{node}_{input}")).collect::<Vec<_>>().join("x")
            }
        }
    }

    /// Its node ids.
    #[must_use]
    pub fn nodes(&self) -> Vec<u32> {
        match self {
            Self::Plain(_) => Vec::new(),
            Self::Node(nodes) => nodes.iter().map(|(node, _)| *node).collect(),
        }
    }

    /// What is left of it when the node ids are gone.
    #[must_use]
    pub fn inputs(&self) -> Vec<&'static str> {
        match self {
            Self::Plain(_) => Vec::new(),
            Self::Node(nodes) => nodes.iter().map(|(_, input)| *input).collect(),
        }
    }
}

/// Words for titles: any two make one that is unlike the others.
const FIRST: [&str; 12] =
    ["High", "Low", "Base", "Final", "Motion", "Style", "Frame", "Face", "Light", "Sound", "Start", "End"];
const LAST: [&str; 12] =
    ["Steps", "Prompt", "Strength", "Seed", "Scale", "Shift", "Count", "Rate", "Mode", "Size", "Weight", "Mask"];
const INPUTS: [&str; 5] = ["value", "text", "seed", "cfg", "strength"];

impl Spec {
    /// A random model with two to nine fields.
    #[must_use]
    pub fn random(rng: &mut Rng, id: &str) -> Self {
        let mut spec = Self { id: id.to_owned(), fields: Vec::new(), overrides: String::new() };
        for uid in 0..rng.usize(2..10) {
            spec.add(rng, uid);
        }
        spec
    }

    /// Adds a random field, at a random place.
    pub fn add(&mut self, rng: &mut Rng, uid: usize) {
        let key = match rng.u8(0..4) {
            0 => Key::Plain(format!("plain_{}", ["text", "mode", "size", "rate"][uid % 4].repeat(1 + uid / 4))),
            _ => Key::Node((0..if rng.u8(0..8) == 0 { 2 } else { 1 }).map(|_| self.free_node(rng)).collect()),
        };
        let title = self.free_title(rng);
        let shape = Maker::of(self, 1000 * (uid + 1)).without(&key, &title).shape(rng, uid);
        let required = rng.bool().then(|| rng.u32(..));
        let place = rng.usize(0..=self.fields.len());
        self.fields.insert(place, TrueField { uid, key, title, shape, required });
    }

    /// A node id that no field has, with an input.
    #[must_use]
    pub fn free_node(&self, rng: &mut Rng) -> (u32, &'static str) {
        loop {
            let node = (rng.u32(1..400), INPUTS[rng.usize(0..INPUTS.len())]);
            if !self.nodes().contains(&node.0) {
                return node;
            }
        }
    }

    /// A title that no field has.
    #[must_use]
    pub fn free_title(&self, rng: &mut Rng) -> String {
        loop {
            let title = random_title(rng);
            if !self.titles().contains(&title) {
                return title;
            }
        }
    }

    /// Every key, at any depth.
    pub fn each_key(&mut self, see: &mut dyn FnMut(&mut Key)) {
        shape::each_key(&mut self.fields, see);
    }

    /// Every field, at any depth; one that several forms share is seen in each.
    pub fn each_field(&mut self, see: &mut dyn FnMut(&mut TrueField)) {
        shape::each_field(&mut self.fields, see);
    }

    /// All node ids.
    #[must_use]
    pub fn nodes(&self) -> BTreeSet<u32> {
        let mut nodes = BTreeSet::new();
        self.clone().each_key(&mut |key| nodes.extend(key.nodes()));
        nodes
    }

    /// All titles.
    #[must_use]
    pub fn titles(&self) -> BTreeSet<String> {
        let mut titles = BTreeSet::new();
        self.clone().each_field(&mut |field| _ = titles.insert(field.title.clone()));
        titles
    }

    /// The fields that have to be told apart: those of each object, and of all forms of a union together.
    #[must_use]
    pub fn groups(&self) -> Vec<Vec<TrueField>> {
        let mut groups = vec![self.fields.clone()];
        for field in &self.fields {
            field.shape.clone().each(&mut |shape| match shape {
                Shape::Object(fields) => groups.push(fields.clone()),
                Shape::Union(union) => groups.push(union.fields().into_iter().cloned().collect()),
                _ => {}
            });
        }
        groups
    }

    /// The schema as published.
    #[must_use]
    pub fn schema(&self) -> Value {
        shape::object_schema(&self.fields)
    }

    /// The model's files.
    #[must_use]
    pub fn source(&self, lock: Option<String>) -> ModelSource {
        let file = |name: &str, text: String| SourceFile { path: format!("{}/{name}", self.id), text };
        let manifest =
            format!("id = {:?}\ndisplay_name = \"Random\"\nsource = \"page\"\nupdated = 2026-01-01\n", self.id);
        ModelSource {
            folder: self.id.clone(),
            manifest: file("model.toml", manifest),
            input: file("input.json", self.schema().to_string()),
            output: file(
                "output.json",
                r#"{"type": "object", "properties": {"image": {"type": "string"}}}"#.to_owned(),
            ),
            lock: lock.map(|text| file("names.lock", text)),
            overrides: Some(&self.overrides)
                .filter(|text| !text.is_empty())
                .map(|text| file("overrides.toml", text.clone())),
        }
    }
}

/// Two words.
pub(crate) fn random_title(rng: &mut Rng) -> String {
    format!("{} {}", FIRST[rng.usize(0..FIRST.len())], LAST[rng.usize(0..LAST.len())])
}
