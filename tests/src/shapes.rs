//! Random schemas for every Rust type that lowering can produce: unions, lists, tuples, maps, objects, nullable values,
//! references and recursion within one another, to any depth. In: a random source. Out: schemas, and models that have them.
//! What values mean is not their business: whether the code compiles is.

use fastrand::Rng;
use runcomfy_codegen::{ModelSource, Placement, SourceFile, Sources};
use serde_json::{Map, Value, json};

use crate::cargo;

/// Values in a schema's `$defs`, for any other to refer to.
const DEFINITIONS: [&str; 4] = ["Scene", "Layer", "Track", "Effect"];

/// Models with sixteen fields each, and why the generator refused others.
#[must_use]
pub fn models(count: usize, seed: u64) -> (Vec<ModelSource>, Vec<String>) {
    let mut rng = Rng::with_seed(seed);
    let (mut taken, mut refused) = (Vec::new(), Vec::new());
    for place in 0..count {
        let model = model(place, &schema(&mut rng), &schema(&mut rng));
        let sources = Sources { models: vec![model.clone()], ..Sources::default() };
        match runcomfy_codegen::generate(&sources, &Placement::Workspace) {
            Ok(_) => taken.push(model),
            Err(errors) => refused.push(errors.to_string()),
        }
    }
    (taken, refused)
}

/// Generates one crate of all these models and compiles it, with warnings denied.
///
/// # Panics
/// If it does not compile, with what rustc says.
pub fn compile(name: &str, models: &[ModelSource]) {
    let sources = Sources { models: models.to_vec(), ..Sources::default() };
    let mut package = crate::generate(&sources);
    let root = package.files.get_mut("src/lib.rs").expect("a crate root");
    root.insert_str(0, "#![deny(warnings)]\n");
    let out = cargo::write(name, &package);
    cargo::run(&out, &["check", "--no-default-features", "--features", "all"]);
}

fn model(place: usize, input: &Value, output: &Value) -> ModelSource {
    let folder = format!("random/m{place}/base");
    let file = |name: &str, text: String| SourceFile { path: format!("{folder}/{name}"), text };
    let manifest = format!("id = {folder:?}\ndisplay_name = \"Random\"\nsource = \"page\"\nupdated = 2026-01-01\n");
    ModelSource {
        manifest: file("model.toml", manifest),
        input: file("input.json", input.to_string()),
        output: file("output.json", output.to_string()),
        folder: folder.clone(),
        lock: None,
        overrides: None,
    }
}

/// An object schema with eight fields.
#[must_use]
pub fn schema(rng: &mut Rng) -> Value {
    let mut maker = Maker { rng, keys: 0 };
    let properties: Map<String, Value> = (0..8).map(|_| (maker.key(), maker.shape(4))).collect();
    let required: Vec<&String> = properties.keys().filter(|_| maker.rng.bool()).collect();
    let definitions: Map<String, Value> =
        DEFINITIONS.iter().map(|name| ((*name).to_owned(), maker.holder(2))).collect();
    json!({"type": "object", "properties": properties, "required": required, "$defs": definitions})
}

struct Maker<'r> {
    rng: &'r mut Rng,
    /// How many keys there are; no two are the same, since types are named for them.
    keys: usize,
}

impl Maker<'_> {
    fn key(&mut self) -> String {
        const FIRST: [&str; 12] =
            ["red", "blue", "green", "grey", "pink", "teal", "gold", "lime", "navy", "rose", "ruby", "jade"];
        const SECOND: [&str; 12] =
            ["lamp", "door", "tree", "boat", "road", "wall", "roof", "lake", "hill", "moon", "star", "rain"];
        let place = self.keys;
        self.keys += 1;
        let key = format!("{}_{}", FIRST[place % 12], SECOND[place / 12 % 12]);
        let key = if place < 144 { key } else { format!("{key}_{place}") };
        if self.rng.bool() { format!("{place}_{key}") } else { key }
    }

    /// The schema of a value that holds others at most `depth` deep.
    fn shape(&mut self, depth: u8) -> Value {
        match self.rng.u8(0..if depth == 0 { 1 } else { 8 }) {
            0 | 1 => self.leaf(),
            2 => json!({"$ref": format!("#/$defs/{}", DEFINITIONS[self.rng.usize(0..DEFINITIONS.len())])}),
            3 => self.nullable(depth - 1),
            4 => self.beside(depth - 1),
            5 => json!({"allOf": [self.shape(depth - 1)]}),
            _ => self.holder(depth),
        }
    }

    /// The schema of a value that certainly holds others.
    fn holder(&mut self, depth: u8) -> Value {
        let depth = depth.saturating_sub(1);
        match self.rng.u8(0..7) {
            0 => json!({"type": "array", "items": self.shape(depth)}),
            1 => self.tuple(depth),
            2 => json!({"type": "object", "additionalProperties": self.shape(depth)}),
            3 | 4 => self.object(depth),
            5 => json!({"allOf": [self.object(depth), self.object(depth)]}),
            _ => self.union(depth),
        }
    }

    fn leaf(&mut self) -> Value {
        match self.rng.u8(0..13) {
            0 => json!({"type": "string"}),
            1 => json!({"type": "integer", "minimum": -3}),
            2 => json!({"type": "integer", "maximum": u64::MAX}),
            3 => json!({"type": "number"}),
            4 => json!({"type": "boolean"}),
            5 => json!({"enum": ["one", "two", "16:9"]}),
            6 => json!({"const": "fixed"}),
            7 => json!({"type": "string", "format": (["image_uri", "video_uri", "audio_uri"][self.rng.usize(0..3)])}),
            8 => json!({"enum": [1, "one", null, [2]]}),
            9 => json!({"type": "null"}),
            10 => json!({"type": "object"}),
            11 => self.several(),
            _ => json!({}),
        }
    }

    fn several(&mut self) -> Value {
        const TYPES: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];
        let types: Vec<&str> = TYPES.into_iter().filter(|_| self.rng.u8(0..3) == 0).collect();
        if types.is_empty() { json!({}) } else { json!({"type": types}) }
    }

    fn tuple(&mut self, depth: u8) -> Value {
        let parts: Vec<Value> = (0..self.rng.usize(2..4)).map(|_| self.shape(depth)).collect();
        json!({"type": "array", "minItems": parts.len(), "maxItems": parts.len(), "prefixItems": parts})
    }

    fn object(&mut self, depth: u8) -> Value {
        let properties: Map<String, Value> =
            (0..self.rng.usize(1..4)).map(|_| (self.key(), self.shape(depth))).collect();
        let required: Vec<&String> = properties.keys().filter(|_| self.rng.bool()).collect();
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        match self.rng.u8(0..4) {
            0 => object["additionalProperties"] = json!(false),
            1 => object["additionalProperties"] = self.shape(depth),
            _ => {}
        }
        object
    }

    /// Null besides, in each of its spellings.
    fn nullable(&mut self, depth: u8) -> Value {
        let mut inner = self.shape(depth);
        match self.rng.u8(0..4) {
            0 => json!({"anyOf": [inner, {"type": "null"}]}),
            1 => json!({"oneOf": [{"type": "null"}, inner]}),
            2 => {
                inner["nullable"] = json!(true);
                inner
            }
            _ => json!({"type": ["null", "object", "string"], "properties": {self.key(): inner}}),
        }
    }

    /// Keywords that combine schemas, beside a type.
    fn beside(&mut self, depth: u8) -> Value {
        match self.rng.u8(0..6) {
            0 => json!({"anyOf": [{"type": "object"}]}),
            1 => json!({"type": "object", "allOf": [{"minProperties": 1}]}),
            2 => json!({"type": "array", "items": {"type": "object"}, "anyOf": [{"minItems": 1}, {"maxItems": 0}]}),
            3 => json!({"type": ["object", "null"], "allOf": [{"required": [self.key()]}]}),
            4 => json!({"type": ["array", "object"], "allOf": [{"properties": {self.key(): self.shape(depth)}}]}),
            _ => json!({"type": "array", "items": self.shape(depth), "allOf": [{"minItems": 1}]}),
        }
    }

    fn union(&mut self, depth: u8) -> Value {
        let mut forms: Vec<Value> = (0..self.rng.usize(1..4)).map(|_| self.shape(depth)).collect();
        if self.rng.u8(0..3) == 0 {
            // Forms that a tag tells apart.
            forms = ["first", "second", "7th"].iter().map(|tag| self.tagged(tag, depth)).collect();
        }
        json!({(if self.rng.bool() { "anyOf" } else { "oneOf" }): forms})
    }

    fn tagged(&mut self, tag: &str, depth: u8) -> Value {
        let mut form = self.object(depth);
        form["properties"]["kind"] = json!({"const": tag});
        form["required"] = json!(["kind"]);
        form
    }
}
