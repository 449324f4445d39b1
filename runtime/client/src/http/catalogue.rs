//! The catalogue: which models there are, what they cost, and their schemas. Free of charge.

use std::collections::VecDeque;

use futures_util::{Stream, stream};
use reqwest::{Method, Url};
use serde_json::Map;

use super::body::Answer;
use super::client::Client;
use super::error::{DecodeError, Error};
use crate::Json;

/// How many entries a page has at most.
const LARGEST_PAGE: usize = 500;

/// Which entries of the catalogue are wanted, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelQuery {
    /// Text to search for.
    pub search: Option<String>,
    /// A category, one of [`Client::categories`].
    pub category: Option<String>,
    /// The kind: `model`, `workflow` or `inference`.
    pub kind: Option<String>,
    /// Whether the entries are to have their input schemas.
    pub include_schema: bool,
    /// How many entries a page is to have: 1 to 500, 100 by default.
    pub limit: Option<usize>,
    /// How many entries to skip.
    pub offset: usize,
}

impl ModelQuery {
    /// Every entry, without schemas.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the text to search for.
    #[must_use]
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.search = Some(text.into());
        self
    }

    /// Sets the category.
    #[must_use]
    pub fn category(mut self, category: impl Into<String>) -> Self {
        self.category = Some(category.into());
        self
    }

    /// Sets the kind.
    #[must_use]
    pub fn kind(mut self, kind: impl Into<String>) -> Self {
        self.kind = Some(kind.into());
        self
    }

    /// Asks for the input schemas, too.
    #[must_use]
    pub fn include_schema(mut self) -> Self {
        self.include_schema = true;
        self
    }

    /// Sets how many entries a page is to have.
    #[must_use]
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets how many entries to skip.
    #[must_use]
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    fn write_to(&self, url: &mut Url) {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in [("search", &self.search), ("category", &self.category), ("kind", &self.kind)] {
            if let Some(value) = value {
                pairs.append_pair(name, value);
            }
        }
        if self.include_schema {
            pairs.append_pair("include_schema", "true");
        }
        let limit = self.limit.unwrap_or(100).clamp(1, LARGEST_PAGE);
        pairs.append_pair("limit", &limit.to_string()).append_pair("offset", &self.offset.to_string());
    }
}

/// A page of the catalogue.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ModelPage {
    /// The entries of this page.
    pub models: Vec<CatalogEntry>,
    /// Why entries of this page can't be read; such an entry keeps nobody from reading the others.
    pub unreadable: Vec<DecodeError>,
    /// How many entries there are on all pages, where the server says so.
    pub total: Option<u64>,
}

impl ModelPage {
    /// How many entries the server sent, those included that can't be read: where this page ends, the next begins.
    #[must_use]
    pub fn sent(&self) -> usize {
        self.models.len() + self.unreadable.len()
    }

    /// Reads a page, entry by entry.
    fn read(answer: &Answer) -> Result<Self, Error> {
        let mut json = answer.json()?;
        let total = json.get("total").and_then(Json::as_u64);
        let Some(Json::Array(entries)) = json.get_mut("models").map(Json::take) else {
            return Err(answer.undecodable("models", "is no list", true).into());
        };
        let mut page = Self { models: Vec::with_capacity(entries.len()), unreadable: Vec::new(), total };
        for (place, entry) in entries.into_iter().enumerate() {
            match CatalogEntry::read(entry) {
                Some(entry) => page.models.push(entry),
                None => {
                    let path = format!("models[{place}].model_id");
                    page.unreadable.push(answer.undecodable(&path, "is missing, or no text", true));
                }
            }
        }
        Ok(page)
    }
}

/// A model of the catalogue. Everything but the id may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct CatalogEntry {
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
    /// The schema of the input, as published; asked for by [`ModelQuery::include_schema`].
    pub input_schema: Option<Json>,
    /// What the server says besides.
    pub extra: Map<String, Json>,
}

impl CatalogEntry {
    /// Reads an entry. What is not of the type that is expected stays in `extra`.
    fn read(json: Json) -> Option<Self> {
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
fn names(json: Json) -> Vec<String> {
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

impl Client {
    /// Reads one page of the catalogue.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn models(&self, query: &ModelQuery) -> Result<ModelPage, Error> {
        let mut url = self.inner().transport.endpoint.catalogue("");
        query.write_to(&mut url);
        self.call(Method::GET, url, ModelPage::read).await
    }

    /// Reads one page of the catalogue as the server wrote it, for programs that keep what is published to the letter: in
    /// JSON that was read, `1e3` is `1000.0`, and of a key that stands twice one value is lost.
    ///
    /// # Errors
    /// As [`models`](Self::models): what is no page is asked for again. A page in UTF-16 is not looked at.
    pub async fn models_bytes(&self, query: &ModelQuery) -> Result<Vec<u8>, Error> {
        let mut url = self.inner().transport.endpoint.catalogue("");
        query.write_to(&mut url);
        self.call(Method::GET, url, |answer| bytes(answer, ModelPage::read)).await
    }

    /// All entries from the query's offset on, page by page as they are needed. Ends after an error.
    ///
    /// An entry that can't be read is left out, with a warning to the subscriber of `tracing`; pages read by
    /// [`models`](Self::models) list such entries.
    pub fn all_models(
        &self,
        query: ModelQuery,
    ) -> impl Stream<Item = Result<CatalogEntry, Error>> + Send + Unpin + use<> {
        let pages = Pages { client: self.clone(), query, ready: VecDeque::new(), is_last: false };
        Box::pin(stream::try_unfold(pages, async |mut pages| Ok(pages.next().await?.map(|entry| (entry, pages)))))
    }

    /// Reads a model's entry, its input schema included; `None` if the catalogue does not have it.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn model(&self, model_id: &str) -> Result<Option<CatalogEntry>, Error> {
        self.entry(model_id, entry).await
    }

    /// Reads a model's entry as the server wrote it, as [`models_bytes`](Self::models_bytes) reads a page.
    ///
    /// # Errors
    /// As [`model`](Self::model).
    pub async fn model_bytes(&self, model_id: &str) -> Result<Option<Vec<u8>>, Error> {
        self.entry(model_id, |answer| bytes(answer, entry)).await
    }

    async fn entry<T>(&self, model_id: &str, read: impl Fn(&Answer) -> Result<T, Error>) -> Result<Option<T>, Error> {
        let url = self.inner().transport.endpoint.model(model_id)?;
        match self.call(Method::GET, url, read).await {
            Err(Error::Api(error)) if error.is_unknown_model() => Ok(None),
            other => other.map(Some),
        }
    }

    /// Reads the names of the categories.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn categories(&self) -> Result<Vec<String>, Error> {
        let url = self.inner().transport.endpoint.catalogue("/categories");
        self.call(Method::GET, url, |answer| {
            let list = answer.json()?.get_mut("categories").map(Json::take);
            list.map(names).ok_or_else(|| answer.undecodable("categories", "is missing", true).into())
        })
        .await
    }
}

fn entry(answer: &Answer) -> Result<CatalogEntry, Error> {
    CatalogEntry::read(answer.json()?).ok_or_else(|| answer.undecodable("model_id", "is missing", true).into())
}

/// The body, if it reads as what it should be. In UTF-16, which has NUL bytes, that is left to whoever knows encodings.
fn bytes<T>(answer: &Answer, read: impl Fn(&Answer) -> Result<T, Error>) -> Result<Vec<u8>, Error> {
    if !answer.status.is_success() || !answer.body.contains(&0) {
        read(answer)?;
    }
    Ok(answer.body.to_vec())
}

/// Reads page after page.
struct Pages {
    client: Client,
    query: ModelQuery,
    ready: VecDeque<CatalogEntry>,
    is_last: bool,
}

impl Pages {
    async fn next(&mut self) -> Result<Option<CatalogEntry>, Error> {
        while self.ready.is_empty() && !self.is_last {
            let page = self.client.models(&self.query).await?;
            for error in &page.unreadable {
                tracing::warn!(%error, "an entry of the catalogue can't be read");
            }
            self.query.offset += page.sent();
            let total = page.total.and_then(|total| usize::try_from(total).ok());
            self.is_last = page.sent() == 0 || total.is_some_and(|total| self.query.offset >= total);
            self.ready.extend(page.models);
        }
        Ok(self.ready.pop_front())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_entry_has_besides_is_kept() {
        let entry = CatalogEntry::read(json!({
            "model_id": "a/b", "display_name": null, "kind": 7, "categories": ["x", {"name": "y"}, 1],
            "base_price_usd": 0.25, "inputs": ["prompt"], "new": {},
        }))
        .expect("an entry");
        assert_eq!((entry.model_id.as_str(), entry.base_price_usd), ("a/b", Some(0.25)));
        assert_eq!(entry.categories, ["x", "y"]);
        assert_eq!(Json::from(entry.extra), json!({"display_name": null, "kind": 7, "inputs": ["prompt"], "new": {}}));
        assert_eq!(CatalogEntry::read(json!({"display_name": "no id"})), None);
    }

    #[test]
    fn queries_are_escaped_and_pages_have_bounds() {
        let mut url = Url::parse("https://example.com/v1/models").expect("a URL");
        ModelQuery::new().search("a&b=c").include_schema().limit(9999).offset(7).write_to(&mut url);
        assert_eq!(url.query(), Some("search=a%26b%3Dc&include_schema=true&limit=500&offset=7"));
    }
}
