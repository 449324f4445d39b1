//! The live list: a client in, what it lists out, page by page, each only if it is another than before. What can't be read
//! keeps nobody from the rest. Must not read schemas.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use runcomfy_client::{CatalogueEntry, CatalogueQuery, Client, FreshPage};

use super::store::{Index, Page};
use super::{Catalogue, Listed};
use crate::entry::Entry;
use crate::error::Error;
use crate::kept::{MAX_SCHEMA_BYTES, text_digest};

/// How many entries a page has.
const PAGE: usize = 100;
/// How many pages are read; a server that never ends is left.
const MAX_PAGES: usize = 500;

/// What a refresh found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refreshed {
    /// How many pages there are.
    pub pages: usize,
    /// How many of them the server sent; the others were known.
    pub sent: usize,
    /// How many models there are.
    pub models: usize,
    /// The models that are listed now and were not before.
    pub added: Vec<String>,
    /// The models that were listed before and are not now.
    pub removed: Vec<String>,
    /// The models whose schema is another than before.
    pub changed: Vec<String>,
}

impl Catalogue {
    /// Reads what the server lists, schemas included: one request for each page of 100, free of charge, and of pages that the
    /// server says are as before, nothing. Models that programs hold stay as they are.
    ///
    /// # Errors
    /// [`Error::Client`], after retries: then what was known stays, with its age. [`Error::Cache`] if it can't be kept.
    pub async fn refresh(&self, client: &Client) -> Result<Refreshed, Error> {
        let before = self.listed();
        let (mut pages, mut offset): (Vec<Page>, usize) = Default::default();
        let mut found = Refreshed::default();
        while pages.len() < MAX_PAGES {
            let query = CatalogueQuery::new().include_schema().limit(PAGE).offset(offset);
            let known =
                before.as_ref().and_then(|before| before.pages.get(pages.len())).filter(|_| self.has(&pages, &before));
            let page = match client.catalogue_page_unless(&query, known.and_then(|known| known.tag.as_deref())).await? {
                Some(fresh) => {
                    found.sent += 1;
                    self.page(fresh)?
                }
                None => known.cloned().unwrap_or_default(),
            };
            offset += page.sent;
            let is_last = page.sent == 0 || page.total.is_some_and(|total| offset as u64 >= total);
            pages.push(page);
            if is_last {
                break;
            }
        }
        let now = SystemTime::now();
        let listed = Listed { as_of: now, pages };
        compare(before.as_deref(), &listed, &mut found);
        if let Some(store) = &self.store {
            let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            store.save_index(&Index::new(seconds, listed.pages.clone()))?;
        }
        *self.listed.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(listed));
        Ok(found)
    }

    /// Whether the pages before this one are as they were, and so begin where they did.
    fn has(&self, pages: &[Page], before: &Option<Arc<Listed>>) -> bool {
        let Some(before) = before else { return false };
        let is_same = |(one, other): (&Page, &Page)| one.sent == other.sent;
        let schemas_are_there = || {
            let entries = before.pages.get(pages.len()).map(|page| page.entries.as_slice()).unwrap_or_default();
            entries.iter().filter(|entry| entry.schema.is_some()).all(|entry| self.schema(entry).is_ok())
        };
        pages.iter().zip(&before.pages).all(is_same) && schemas_are_there()
    }

    /// Keeps the schemas of a page, and what else it says.
    fn page(&self, fresh: FreshPage) -> Result<Page, Error> {
        let FreshPage { page, tag, .. } = fresh;
        let (sent, total) = (page.sent(), page.total);
        let mut problems: Vec<String> = page.unreadable.iter().map(ToString::to_string).collect();
        let mut entries = Vec::with_capacity(page.entries.len());
        for listed in page.entries {
            match self.keep(&listed) {
                Ok(schema) => entries.push(Entry { schema, ..Entry::of(listed) }),
                Err(Keeping::Cache(error)) => return Err(error),
                Err(Keeping::TooLong(length)) => {
                    problems.push(format!(
                        "the schema of {} has {length} bytes, allowed {MAX_SCHEMA_BYTES}: it is left out",
                        listed.model_id
                    ));
                    entries.push(Entry::of(listed));
                }
            }
        }
        Ok(Page { tag, sent, total, entries, problems })
    }

    /// Keeps a schema, and gives its digest.
    fn keep(&self, listed: &CatalogueEntry) -> Result<Option<String>, Keeping> {
        let Some(schema) = &listed.input_schema else { return Ok(None) };
        let text = schema.to_string();
        if text.len() > MAX_SCHEMA_BYTES {
            return Err(Keeping::TooLong(text.len()));
        }
        let digest = text_digest(&text).to_string();
        if let Some(store) = &self.store {
            store.save_schema(&digest, &text).map_err(Keeping::Cache)?;
        }
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        schemas.entry(digest.clone()).or_insert_with(|| text.into());
        Ok(Some(digest))
    }
}

/// Why a schema is not kept.
enum Keeping {
    Cache(Error),
    TooLong(usize),
}

/// What is another than before.
fn compare(before: Option<&Listed>, now: &Listed, found: &mut Refreshed) {
    let old: Vec<&Entry> = before.into_iter().flat_map(Listed::entries).collect();
    let new: Vec<&Entry> = now.entries().collect();
    let ids = |entries: &[&Entry]| entries.iter().map(|entry| entry.id.clone()).collect::<HashSet<_>>();
    let (old_ids, new_ids) = (ids(&old), ids(&new));
    let sorted = |ids: Vec<&String>| {
        let mut ids: Vec<String> = ids.into_iter().cloned().collect();
        ids.sort();
        ids
    };
    found.pages = now.pages.len();
    found.models = new_ids.len();
    found.added = sorted(new_ids.difference(&old_ids).collect());
    found.removed = sorted(old_ids.difference(&new_ids).collect());
    let schemas = |entries: &[&Entry]| {
        entries
            .iter()
            .map(|entry| (entry.id.clone(), entry.schema.clone()))
            .collect::<std::collections::HashMap<_, _>>()
    };
    let (was, is) = (schemas(&old), schemas(&new));
    found.changed = sorted(
        is.iter().filter(|(id, schema)| was.get(*id).is_some_and(|was| was != *schema)).map(|(id, _)| id).collect(),
    );
}
