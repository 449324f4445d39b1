//! Random models whose fields are known whatever becomes of their keys and titles, for the stability contract. In: a
//! random source. Out: a [`Spec`] and its published schema. [`changes`] says what RunComfy may do to it, [`api`] what
//! users see of the generated code. Must not know the lock's rules.

pub mod api;
pub mod changes;

use fastrand::Rng;
use runcomfy_codegen::{ModelSource, SourceFile};
use serde_json::{Map, Value, json};

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
#[derive(Clone, Debug)]
pub struct TrueField {
    /// What it is, whatever its marks say.
    pub uid: usize,
    /// Its key.
    pub key: Key,
    /// Its title, unlike any other of the model.
    pub title: String,
    /// Its schema without the title.
    pub schema: Value,
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
        let field = TrueField {
            uid,
            key,
            title: self.free_title(rng),
            schema: schema(rng, uid),
            required: rng.bool().then(|| rng.u32(..)),
        };
        let place = rng.usize(0..=self.fields.len());
        self.fields.insert(place, field);
    }

    /// A node id that no field has, with an input.
    #[must_use]
    pub fn free_node(&self, rng: &mut Rng) -> (u32, &'static str) {
        loop {
            let node = (rng.u32(1..60), INPUTS[rng.usize(0..INPUTS.len())]);
            let has = |nodes: &[(u32, _)]| nodes.iter().any(|(id, _)| *id == node.0);
            if !self.fields.iter().any(|field| matches!(&field.key, Key::Node(nodes) if has(nodes))) {
                return node;
            }
        }
    }

    /// A title that no field has.
    #[must_use]
    pub fn free_title(&self, rng: &mut Rng) -> String {
        loop {
            let title = format!("{} {}", FIRST[rng.usize(0..12)], LAST[rng.usize(0..12)]);
            if self.fields.iter().all(|field| field.title != title) {
                return title;
            }
        }
    }

    /// The schema as published.
    #[must_use]
    pub fn schema(&self) -> Value {
        let mut properties = Map::new();
        for field in &self.fields {
            let mut schema = field.schema.clone();
            schema["title"] = field.title.clone().into();
            properties.insert(field.key.text(), schema);
        }
        let mut required: Vec<&TrueField> = self.fields.iter().filter(|field| field.required.is_some()).collect();
        required.sort_by_key(|field| field.required);
        let required: Vec<String> = required.iter().map(|field| field.key.text()).collect();
        json!({"type": "object", "properties": properties, "required": required})
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

/// A definition of any kind; `uid` makes it unlike those of other fields, most of the time.
fn schema(rng: &mut Rng, uid: usize) -> Value {
    let (low, high) = (rng.u32(0..4), 10 + u32::try_from(uid).unwrap_or(0));
    let part = json!({"type": "object", "required": ["lens"], "properties": {
        "lens": {"type": "string", "enum": ["wide", "long"], "title": "Lens"},
        format!("{high}_zoom"): {"type": "number", "maximum": high, "title": "Zoom"}
    }});
    let by_size = json!({"type": "object", "properties": {"width": {"type": "integer"}, "height": {"maximum": high}},
        "required": ["width", "height"], "title": "By size"});
    match rng.u8(0..20) {
        0 | 1 => json!({"type": "integer", "minimum": low, "maximum": high}),
        2 => json!({"type": "number", "maximum": high, "default": 1.5}),
        3 => json!({"type": "boolean", "default": uid.is_multiple_of(2)}),
        4 => json!({"type": "string", "maxLength": high}),
        5 => json!({"type": "string", "enum": ["auto", format!("{high}p"), "16:9"]}),
        6 => json!({"type": "string", "format": "image_uri"}),
        7 => json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "maxItems": high}),
        8 => json!({"type": "integer", "enum": [1, 2, high]}),
        9 => part,
        10 => json!({"type": "array", "items": part}),
        11 => json!({"anyOf": [{"type": "integer", "maximum": high}, {"type": "string"}]}),
        12 => json!({"anyOf": [{"type": "number", "maximum": high}, {"type": "null"}]}),
        13 => json!({"anyOf": [{"type": "integer", "maximum": high}, {"type": "string", "enum": ["auto", "full"]}]}),
        14 => json!({"oneOf": [by_size, {"type": "string", "maxLength": high}, {"type": "boolean"}]}),
        15 => json!({"anyOf": [by_size, part, {"type": "null"}]}),
        16 => json!({"type": ["string", "integer", "null"], "maxLength": high, "maximum": low}),
        17 => json!({"type": "array", "items": {"anyOf": [{"type": "number", "minimum": low}, {"enum": ["auto", 7]}]}}),
        18 => json!({"allOf": [{"type": "integer"}, {"minimum": low, "maximum": high}]}),
        // Definitions that several fields share.
        _ => json!({"type": "integer"}),
    }
}
