//! A made-up catalogue of any size, for benches and tests: a count and a seed in, schemas as RunComfy publishes them out.
//!
//! `control` makes the controls that nearly every model has, with node-id keys or plain ones; `rare` makes one field of
//! each construct that few have, all of them within [`ALL_CONSTRUCTS`] models. Ids, keys and texts are made up. Model `n`
//! depends on the seed and on `n` only: a larger catalogue holds the smaller one. Must not know what the generator makes
//! of a schema.

mod control;
mod rare;

use std::collections::BTreeMap;

use fastrand::Rng;
use runcomfy_codegen::manifest::{Date, Manifest, OutputSource, Texts};
use runcomfy_codegen::{ModelId, ModelSource, Source, SourceFile, Sources};
use serde_json::{Map, Value, json};

/// A catalogue of this many models has every construct.
pub const ALL_CONSTRUCTS: usize = 2 * rare::KINDS;

/// There are never more families than this: each is a Cargo feature, and registries refuse too many.
pub const MAX_FAMILIES: usize = 250;

/// The output shape that most models share, as the workspace's own schemas have it.
const SHARED: (&str, &str) = ("_shared/media-output.json", include_str!("../../../schemas/_shared/media-output.json"));

const PROVIDERS: usize = 20;
const MODELS_PER_FAMILY: usize = 4;

/// One made-up model.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The id, such as `studio-3/model-3.1/text-to-video`.
    pub id: String,
    /// The name people see.
    pub display_name: String,
    /// The input schema.
    pub input: Value,
    /// The output schema of its own, if it has one; most answer with the shared media shape.
    pub output: Option<Value>,
}

/// The first `count` models of this seed.
#[must_use]
pub fn models(count: usize, seed: u64) -> Vec<Model> {
    (0..count).map(|place| model(place, seed)).collect()
}

/// The models as a loaded schema folder, without locks.
#[must_use]
pub fn sources(models: &[Model]) -> Sources {
    Sources {
        models: models.iter().filter_map(source).collect(),
        shared: vec![SourceFile { path: SHARED.0.to_owned(), text: SHARED.1.to_owned() }],
        ..Sources::default()
    }
}

/// The models as the files of a schema folder: text by path.
#[must_use]
pub fn files(models: &[Model]) -> BTreeMap<String, String> {
    let Sources { models, shared, .. } = sources(models);
    let of_models = models.into_iter().flat_map(|model| [model.manifest, model.input, model.output]);
    of_models.chain(shared).map(|file| (file.path, file.text)).collect()
}

/// The models as an answer of `GET /v1/models?include_schema=true`, which has no output schemas.
#[must_use]
pub fn response(models: &[Model]) -> Value {
    let entries = models.iter().map(|model| {
        json!({"model_id": model.id, "display_name": model.display_name, "kind": "model", "input_schema": model.input})
    });
    json!({"models": entries.collect::<Value>(), "total": models.len()})
}

fn model(place: usize, seed: u64) -> Model {
    let mut rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(place as u64));
    let has_node_ids = rng.u8(0..3) > 0;
    let mut fields = control::fields(&mut rng, has_node_ids);
    let mut schema = Map::from_iter([("type".to_owned(), json!("object"))]);
    if place.is_multiple_of(2) {
        rare::add(place / 2 % rare::KINDS, &mut fields, &mut schema);
    }
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.key.as_str()).collect();
    schema.insert("required".to_owned(), json!(required));
    let properties = fields.into_iter().map(|field| (field.key, field.schema)).collect();
    schema.insert("properties".to_owned(), Value::Object(properties));
    Model {
        id: id(place),
        display_name: format!("Model {}.{} of Studio {}", family(place), place % 7, family(place) % PROVIDERS),
        input: schema.into(),
        output: (place % 10 == 9).then(own_output),
    }
}

fn family(place: usize) -> usize {
    place / MODELS_PER_FAMILY % MAX_FAMILIES
}

/// Two to four segments; some with dots, some in upper case.
fn id(place: usize) -> String {
    let (family, round) = (family(place), place / (MODELS_PER_FAMILY * MAX_FAMILIES));
    let provider = family % PROVIDERS;
    let family = if family.is_multiple_of(3) { format!("model-{family}.5") } else { format!("model-{family}") };
    let suffix = if round == 0 { String::new() } else { format!("-{round}") };
    match place % MODELS_PER_FAMILY {
        0 if round == 0 => format!("studio-{provider}/{family}"),
        0 => format!("studio-{provider}/{family}/text-to-video{suffix}"),
        1 => format!("studio-{provider}/{family}/image-to-video{suffix}"),
        2 => format!("studio-{provider}/{family}/image-to-video{suffix}/1080P"),
        _ => format!("studio-{provider}/{family}/edit{suffix}"),
    }
}

fn own_output() -> Value {
    json!({"type": "object", "properties": {
        "audio": {"type": "string", "format": "uri", "description": "URL of the sound"},
        "state": {"type": "string", "enum": ["done", "partly"]},
        "parts": {"type": "array", "items": {"type": "object", "properties": {
            "url": {"type": "string"}, "seconds": {"type": "number"}
        }}}
    }})
}

/// The model's files. Made-up ids are ids, so nothing is ever left out.
fn source(model: &Model) -> Option<ModelSource> {
    let manifest = Manifest {
        id: ModelId::parse(&model.id).ok()?,
        display_name: model.display_name.clone(),
        page: None,
        source: Source::Catalogue,
        via: None,
        texts: Texts::Published,
        gives: Vec::new(),
        incomplete: Vec::new(),
        output: if model.output.is_some() { OutputSource::Published } else { OutputSource::Assumed },
        updated: Date { year: 2026, month: 1, day: 1 },
        removed: None,
        price: None,
    };
    let file = |name: &str, text: String| SourceFile { path: format!("{}/{name}", model.id), text };
    let output = model.output.as_ref().map_or_else(|| SHARED.1.to_owned(), pretty);
    Some(ModelSource {
        folder: model.id.clone(),
        manifest: file("model.toml", manifest.render()),
        input: file("input.json", pretty(&model.input)),
        output: file("output.json", output),
        lock: None,
        overrides: None,
    })
}

fn pretty(json: &Value) -> String {
    format!("{json:#}\n")
}
