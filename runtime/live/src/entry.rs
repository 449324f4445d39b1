//! What the catalogue says of a model beside its schema. Data, as it is kept on disk. Must not know schemas.

use runcomfy_client::{CatalogueEntry, ModelInfo};
use serde::{Deserialize, Serialize};

/// A listed model. Everything but the id may be missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Entry {
    /// The id.
    pub id: String,
    /// The name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its categories.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// `model`, `workflow` or `inference`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The base price in USD for one [`price_unit`](Self::price_unit). No quote: what a job costs depends on its input.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_price_usd: Option<f64>,
    /// What the base price is for, as in `output` or `second`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_unit: Option<String>,
    /// What else there is to say about the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing_note: Option<String>,
    /// The model's page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The digest of its input schema, to the letter, by which the cache finds it; `None` if none is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
}

impl Entry {
    /// What a compiled model knows of itself.
    pub(crate) fn of_info(info: &ModelInfo) -> Self {
        Self {
            id: info.id.to_owned(),
            display_name: Some(info.display_name.to_owned()),
            base_price_usd: info.price.map(|price| price.base_usd),
            price_unit: info.price.map(|price| price.unit.to_owned()),
            pricing_note: info.price.and_then(|price| price.note).map(str::to_owned),
            page: info.page.map(str::to_owned),
            ..Self::default()
        }
    }

    /// The entry without its schema.
    pub(crate) fn of(listed: CatalogueEntry) -> Self {
        let CatalogueEntry {
            model_id: id,
            model_url: page,
            display_name,
            description,
            categories,
            kind,
            base_price_usd,
            price_unit,
            pricing_note,
            ..
        } = listed;
        Self {
            id,
            display_name,
            description,
            categories,
            kind,
            base_price_usd: base_price_usd.filter(|price| price.is_finite()),
            price_unit,
            pricing_note,
            page,
            schema: None,
        }
    }
}
