//! What the catalogue endpoints say: models in, their entries out, filtered and paged.

use serde::Deserialize;
use serde_json::{Value, json};

use super::Model;

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
            && self.category.as_ref().is_none_or(|category| category == category_of(model))
            && self.kind.as_ref().is_none_or(|kind| kind == kind_of(model))
    }
}

/// The catalogue entry of a model, without `input_schema` if that was not asked for.
pub(crate) fn entry(model: &Model, with_schema: bool) -> Value {
    let names = |names: Vec<&String>| json!(names);
    let properties = model.input.get("properties").and_then(Value::as_object);
    let mut entry = json!({
        "model_id": model.id,
        "display_name": model.display_name,
        "description": description(model),
        "categories": [category_of(model)],
        "kind": kind_of(model),
        "base_price_usd": model.price.as_ref().map(|price| price.base().as_f64()),
        "price_unit": model.price.as_ref().map(|price| &price.unit),
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

/// Assumed: the medium that the model makes.
pub(crate) fn category_of(model: &Model) -> &'static str {
    model.kind.word()
}

/// Assumed: community models are workflows.
fn kind_of(model: &Model) -> &'static str {
    if model.id.starts_with("community/") { "workflow" } else { "model" }
}

fn description(model: &Model) -> &str {
    model.input.get("description").and_then(Value::as_str).unwrap_or_default()
}
