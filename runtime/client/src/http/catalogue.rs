//! The catalogue: which models there are, what they cost, and their schemas. Free of charge.

mod page;
mod query;

pub use page::{CatalogueEntry, CataloguePage, FreshPage};
pub use query::CatalogueQuery;

use std::collections::VecDeque;

use futures_util::{Stream, stream};
use reqwest::{Method, StatusCode};

use super::body::Answer;
use super::client::Client;
use super::error::Error;
use crate::Json;
use page::names;

impl Client {
    /// Reads one page of the catalogue.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn catalogue_page(&self, query: &CatalogueQuery) -> Result<CataloguePage, Error> {
        let mut url = self.inner().transport.endpoint.catalogue("");
        query.write_to(&mut url);
        self.call(Method::GET, url, CataloguePage::read).await
    }

    /// Reads one page of the catalogue as the server wrote it, for programs that keep what is published to the letter: in
    /// JSON that was read, `1e3` is `1000.0`, and of a key that stands twice one value is lost.
    ///
    /// # Errors
    /// As [`catalogue_page`](Self::catalogue_page): what is no page is asked for again. A page in UTF-16 is not looked at.
    pub async fn catalogue_page_bytes(&self, query: &CatalogueQuery) -> Result<Vec<u8>, Error> {
        let mut url = self.inner().transport.endpoint.catalogue("");
        query.write_to(&mut url);
        self.call(Method::GET, url, |answer| bytes(answer, CataloguePage::read)).await
    }

    /// Reads one page of the catalogue, unless it is still the one that the server calls `known`; then `None`. A server that
    /// does not tell pages apart always sends one.
    ///
    /// # Errors
    /// As [`catalogue_page`](Self::catalogue_page).
    pub async fn catalogue_page_unless(
        &self,
        query: &CatalogueQuery,
        known: Option<&str>,
    ) -> Result<Option<FreshPage>, Error> {
        let mut url = self.inner().transport.endpoint.catalogue("");
        query.write_to(&mut url);
        let read = |answer: &Answer| match answer.status {
            StatusCode::NOT_MODIFIED if known.is_some() => Ok(None),
            _ => Ok(Some(FreshPage { page: CataloguePage::read(answer)?, tag: answer.etag.clone() })),
        };
        self.call_unless(Method::GET, url, known, read).await
    }

    /// All entries from the query's offset on, page by page as they are needed. Ends after an error.
    ///
    /// An entry that can't be read is left out, with a warning to the subscriber of `tracing`; pages read by
    /// [`catalogue_page`](Self::catalogue_page) list such entries.
    pub fn catalogue(
        &self,
        query: CatalogueQuery,
    ) -> impl Stream<Item = Result<CatalogueEntry, Error>> + Send + Unpin + use<> {
        let pages = Pages { client: self.clone(), query, ready: VecDeque::new(), is_last: false };
        Box::pin(stream::try_unfold(pages, async |mut pages| Ok(pages.next().await?.map(|entry| (entry, pages)))))
    }

    /// Reads a model's entry, its input schema included; `None` if the catalogue does not have it.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn catalogue_entry(&self, model_id: &str) -> Result<Option<CatalogueEntry>, Error> {
        self.entry(model_id, entry).await
    }

    /// Reads a model's entry as the server wrote it, as [`catalogue_page_bytes`](Self::catalogue_page_bytes) reads a page.
    ///
    /// # Errors
    /// As [`catalogue_entry`](Self::catalogue_entry).
    pub async fn catalogue_entry_bytes(&self, model_id: &str) -> Result<Option<Vec<u8>>, Error> {
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

fn entry(answer: &Answer) -> Result<CatalogueEntry, Error> {
    CatalogueEntry::read(answer.json()?).ok_or_else(|| answer.undecodable("model_id", "is missing", true).into())
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
    query: CatalogueQuery,
    ready: VecDeque<CatalogueEntry>,
    is_last: bool,
}

impl Pages {
    async fn next(&mut self) -> Result<Option<CatalogueEntry>, Error> {
        while self.ready.is_empty() && !self.is_last {
            let page = self.client.catalogue_page(&self.query).await?;
            for error in &page.unreadable {
                tracing::warn!(%error, "an entry of the catalogue can't be read");
            }
            self.query.offset += page.sent();
            let total = page.total.and_then(|total| usize::try_from(total).ok());
            self.is_last = page.sent() == 0 || total.is_some_and(|total| self.query.offset >= total);
            self.ready.extend(page.entries);
        }
        Ok(self.ready.pop_front())
    }
}
