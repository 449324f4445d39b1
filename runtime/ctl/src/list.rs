//! `models`: which models there are for something. Must not read inputs.

use std::fmt::Write as _;

use runcomfy_client::{Json, Modality, ModelInfo};
use serde_json::json;

use crate::failure::Failure;
use crate::models::{Known, Wanted};
use crate::out::Out;
use crate::seen::line;

/// Lists what is wanted, the best first.
///
/// # Errors
/// Nothing is described so.
pub(crate) fn models(out: Out, known: &Known, wanted: &Wanted) -> Result<(), Failure> {
    let found = known.find(wanted);
    if found.is_empty() {
        let what = "no model is described by all of these words".to_owned();
        let remedy = "try fewer words; `runcomfyctl models` lists all, --refresh asks the server for new ones";
        return Err(Failure::new(crate::failure::Exit::Usage, what).help(remedy));
    }
    let json: Vec<Json> = found.iter().map(|info| summary(info)).collect();
    let width = found.iter().map(|info| info.id.chars().count()).max().unwrap_or_default();
    let mut text = String::new();
    for info in &found {
        _ = writeln!(text, "{:width$}  {}{}", line(info.id), makes(info), price(info));
    }
    out.answer(&json.into(), &text)
}

/// What a model makes of what, as in `text, image → video`.
pub(crate) fn makes(info: &ModelInfo) -> String {
    if info.gives.is_empty() {
        return info.capability.to_string();
    }
    format!("{} → {}", words(info.takes), words(info.gives))
}

fn words(all: &[Modality]) -> String {
    all.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ")
}

fn price(info: &ModelInfo) -> String {
    info.price.map_or(String::new(), |price| format!("  {}", line(&price.to_string())))
}

/// A model in a few facts, for programs.
pub(crate) fn summary(info: &ModelInfo) -> Json {
    let mut facts = json!({
        "id": info.id,
        "name": info.display_name,
        "capability": info.capability.as_str(),
        "takes": info.takes.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
        "gives": info.gives.iter().map(|one| one.as_str()).collect::<Vec<_>>(),
    });
    if !info.resolutions.is_empty() {
        facts["resolutions"] = info.resolutions.into();
    }
    if let Some(price) = info.price {
        facts["price"] = json!({"base_usd": price.base_usd, "unit": price.unit});
        if let Some(note) = price.note {
            facts["price"]["note"] = note.into();
        }
    }
    facts
}
