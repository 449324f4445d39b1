//! Pages of the catalogue and their entries: an answer in, typed data out. What is not as expected is kept, or told, and
//! keeps nobody from the rest.

use serde_json::Map;

use crate::Json;
use crate::http::body::Answer;
use crate::http::error::{DecodeError, Error};

/// A page of the catalogue.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CataloguePage {
    /// The entries of this page.
    pub entries: Vec<CatalogueEntry>,
    /// Why entries of this page can't be read; such an entry keeps nobody from reading the others.
    pub unreadable: Vec<DecodeError>,
    /// How many entries there are on all pages, where the server says so.
    pub total: Option<u64>,
}

impl CataloguePage {
    /// How many entries the server sent, those included that can't be read: where this page ends, the next begins.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.entries.len() + self.unreadable.len()
    }

    /// Reads a page, entry by entry.
    pub(super) fn read(answer: &Answer) -> Result<Self, Error> {
        let mut json = answer.json()?;
        let total = json.get("total").and_then(Json::as_u64);
        let Some(Json::Array(list)) = json.get_mut("models").map(Json::take) else {
            return Err(answer.undecodable("models", "is no list", true).into());
        };
        let mut page = Self { entries: Vec::with_capacity(list.len()), unreadable: Vec::new(), total };
        for (place, entry) in list.into_iter().enumerate() {
            match CatalogueEntry::read(entry) {
                Some(entry) => page.entries.push(entry),
                None => {
                    let path = format!("models[{place}].model_id");
                    page.unreadable.push(answer.undecodable(&path, "is missing, or no text", true));
                }
            }
        }
        Ok(page)
    }
}

/// A page that was sent, not one that is known.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FreshPage {
    /// The page.
    pub page: CataloguePage,
    /// What the server calls it, for [`Client::catalogue_page_unless`](crate::Client::catalogue_page_unless); `None` if it does not say.
    pub tag: Option<String>,
}

/// A model of the catalogue. Everything but the id may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CatalogueEntry {
    /// The id.
    pub model_id: String,
    /// The name for people.
    pub display_name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its categories.
    pub categories: Vec<String>,
    /// `model`, `workflow` or `inference`.
    pub kind: Option<String>,
    /// The base price in USD for one [`price_unit`](Self::price_unit). No quote: what a job costs depends on its input.
    pub base_price_usd: Option<f64>,
    /// What the base price is for, as in `output` or `second`.
    pub price_unit: Option<String>,
    /// What else there is to say about the price.
    pub pricing_note: Option<String>,
    /// The model's page.
    pub model_url: Option<String>,
    /// The schema of the input, as published; asked for by [`CatalogueQuery::include_schema`](crate::CatalogueQuery::include_schema).
    pub input_schema: Option<Json>,
    /// What the server says besides.
    pub extra: Map<String, Json>,
}

impl CatalogueEntry {
    /// Reads an entry. What is not of the type that is expected stays in `extra`.
    pub(super) fn read(json: Json) -> Option<Self> {
        let Json::Object(mut extra) = json else { return None };
        let mut text = |name: &str| match extra.remove(name)? {
            Json::String(text) => Some(text),
            other => {
                extra.insert(name.to_owned(), other);
                None
            }
        };
        let mut entry = Self {
            model_id: text("model_id")?,
            display_name: text("display_name"),
            description: text("description"),
            kind: text("kind"),
            price_unit: text("price_unit"),
            pricing_note: text("pricing_note"),
            model_url: text("model_url"),
            ..Self::default()
        };
        entry.categories = extra.remove("categories").map(names).unwrap_or_default();
        entry.base_price_usd = extra.get("base_price_usd").and_then(Json::as_f64);
        if entry.base_price_usd.is_some() {
            extra.remove("base_price_usd");
        }
        entry.input_schema = extra.remove("input_schema").filter(|schema| !schema.is_null());
        entry.extra = extra;
        Some(entry)
    }
}

/// The texts of a list, or the names of a list of objects.
pub(super) fn names(json: Json) -> Vec<String> {
    let Json::Array(items) = json else { return Vec::new() };
    let text = |item: Json| match item {
        Json::String(text) => Some(text),
        Json::Object(parts) => {
            ["name", "category", "id"].iter().find_map(|key| Some(parts.get(*key)?.as_str()?.to_owned()))
        }
        _ => None,
    };
    items.into_iter().filter_map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_entry_has_besides_is_kept() {
        let entry = CatalogueEntry::read(json!({
            "model_id": "a/b", "display_name": null, "kind": 7, "categories": ["x", {"name": "y"}, 1],
            "base_price_usd": 0.25, "inputs": ["prompt"], "new": {},
        }))
        .expect("an entry");
        assert_eq!((entry.model_id.as_str(), entry.base_price_usd), ("a/b", Some(0.25)));
        assert_eq!(entry.categories, ["x", "y"]);
        assert_eq!(Json::from(entry.extra), json!({"display_name": null, "kind": 7, "inputs": ["prompt"], "new": {}}));
        assert_eq!(CatalogueEntry::read(json!({"display_name": "no id"})), None);
    }
}
