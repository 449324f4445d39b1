//! What the catalogue endpoints say: models in, their entries out, filtered and paged.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Model;
use super::sample::media_kind;
use crate::Usd;
use crate::media::Kind;

/// The query of `GET /v1/models`, as it is documented.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    search: Option<String>,
    category: Option<String>,
    kind: Option<String>,
    pub(crate) include_schema: bool,
    pub(crate) limit: Option<usize>,
    pub(crate) offset: usize,
}

impl Filter {
    /// Whether the query speaks of this model. Upper and lower case are the same in a search.
    pub(crate) fn matches(&self, model: &Model) -> bool {
        let found = |needle: &String| {
            let needle = needle.to_lowercase();
            [model.id.as_str(), &model.display_name, description(model)]
                .iter()
                .any(|text| text.to_lowercase().contains(&needle))
        };
        self.search.as_ref().is_none_or(found)
            && self.category.as_ref().is_none_or(|category| *category == category_of(model))
            && self.kind.as_ref().is_none_or(|kind| kind == kind_of(model))
    }
}

/// The catalogue entry of a model with this price, without `input_schema` if that was not asked for.
pub(crate) fn entry(model: &Model, base: Option<Usd>, with_schema: bool) -> Value {
    let names = |names: Vec<&String>| json!(names);
    let properties = model.input.get("properties").and_then(Value::as_object);
    let mut entry = json!({
        "model_id": model.id,
        "display_name": model.display_name,
        "description": description(model),
        "categories": [category_of(model)],
        "kind": kind_of(model),
        "base_price_usd": base.map(Usd::as_f64),
        "price_unit": base.map(|_| model.price.as_ref().map_or("output", |price| &price.unit)),
        "pricing_note": model.price.as_ref().and_then(|price| price.note.as_ref()),
        "model_url": format!("https://www.runcomfy.com/models/{}", model.id),
        "inputs": names(properties.into_iter().flat_map(|map| map.keys()).collect()),
        "required_inputs": model.input.get("required").cloned().unwrap_or_else(|| json!([])),
    });
    if with_schema {
        entry["input_schema"] = model.input.clone();
    }
    entry
}

/// The capability, such as `image-to-video`: the part of the id that says it, else what the first medium that must be given
/// becomes. Assumed: a model has one.
pub(crate) fn category_of(model: &Model) -> String {
    if let Some(part) = model.id.split('/').rev().find(|part| part.contains("-to-")) {
        return part.to_owned();
    }
    let required = model.input.get("required").and_then(Value::as_array);
    let part = |key: &str| model.input.get("properties")?.get(key)?.as_object();
    let mut keys = required.into_iter().flatten().filter_map(Value::as_str);
    let source = keys.find_map(|key| media_kind(key, part(key)?)).map_or("text", Kind::word);
    format!("{source}-to-{}", model.kind.word())
}

/// Assumed: community models are workflows.
fn kind_of(model: &Model) -> &'static str {
    if model.id.starts_with("community/") { "workflow" } else { "model" }
}

fn description(model: &Model) -> &str {
    model.input.get("description").and_then(Value::as_str).unwrap_or_default()
}
