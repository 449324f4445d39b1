//! The live list: a client in, what it lists out, page by page, each only if it is another than before. What can't be read
//! keeps nobody from the rest. Must not read schemas.

use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use runcomfy_client::{CatalogueEntry, CatalogueQuery, Client, FreshPage};

use super::Catalogue;
use super::listed::{Listed, MAX_PAGES};
use super::store::{Index, Page};
use crate::entry::Entry;
use crate::error::Error;
use crate::kept::{MAX_KEPT_BYTES, MAX_SCHEMA_BYTES, text_digest};

/// How many entries a page has.
const PAGE: usize = 100;

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
        let (mut found, mut room) = (Refreshed::default(), MAX_KEPT_BYTES);
        while pages.len() < MAX_PAGES {
            let query = CatalogueQuery::new().include_schema().limit(PAGE).offset(offset);
            let known =
                before.as_ref().and_then(|before| before.pages.get(pages.len())).filter(|_| self.has(&pages, &before));
            let page = match client.catalogue_page_unless(&query, known.and_then(|known| known.tag.as_deref())).await? {
                Some(fresh) => {
                    found.sent += 1;
                    self.page(fresh, &mut room)?
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
        self.list(listed);
        Ok(found)
    }

    /// Goes on with this list, and forgets what only others have.
    fn list(&self, listed: Listed) {
        let schemas = listed.schemas();
        self.schemas.lock().unwrap_or_else(PoisonError::into_inner).retain(|digest, _| schemas.contains(&**digest));
        let known: HashSet<(&str, Option<&str>)> =
            listed.entries().map(|entry| (entry.id.as_str(), entry.schema.as_deref())).collect();
        let is_of_folder = |id: &String| self.folder.as_ref().is_some_and(|folder| folder.models.contains_key(id));
        let mut facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        facts.retain(|(id, schema), _| is_of_folder(id) || known.contains(&(id, schema.as_deref())));
        drop(facts);
        *self.listed.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(listed));
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
    fn page(&self, fresh: FreshPage, room: &mut usize) -> Result<Page, Error> {
        let FreshPage { page, tag, .. } = fresh;
        let (sent, total) = (page.sent(), page.total);
        let mut problems: Vec<String> = page.unreadable.iter().map(ToString::to_string).collect();
        let mut entries = Vec::with_capacity(page.entries.len());
        for listed in page.entries {
            match self.keep(&listed, room) {
                Ok(schema) => entries.push(Entry { schema, ..Entry::of(listed) }),
                Err(Keeping::Cache(error)) => return Err(error),
                Err(Keeping::TooLarge(why)) => {
                    problems.push(format!("the schema of {} is left out: {why}", listed.model_id));
                    entries.push(Entry::of(listed));
                }
            }
        }
        Ok(Page { tag, sent, total, entries, problems })
    }

    /// Keeps a schema, if there is room, and gives its digest.
    fn keep(&self, listed: &CatalogueEntry, room: &mut usize) -> Result<Option<String>, Keeping> {
        let Some(schema) = &listed.input_schema else { return Ok(None) };
        let text = schema.to_string();
        if text.len() > MAX_SCHEMA_BYTES {
            return Err(Keeping::TooLarge(format!("it has {} bytes, allowed {MAX_SCHEMA_BYTES}", text.len())));
        }
        *room = room
            .checked_sub(text.len())
            .ok_or_else(|| Keeping::TooLarge(format!("all of the list have more than {MAX_KEPT_BYTES} bytes")))?;
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
    /// The reason, in words.
    TooLarge(String),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: usize, size: usize) -> CatalogueEntry {
        let mut entry = CatalogueEntry::default();
        entry.model_id = format!("maker/film-{id}/base");
        entry.input_schema = Some(serde_json::json!({"type": "object", "title": "x".repeat(size), "description": id}));
        entry
    }

    /// Lists one model, after what was listed before.
    fn list(catalogue: &Catalogue, id: usize) {
        let listed = entry(id, 10);
        let schema = catalogue.keep(&listed, &mut 1_000).unwrap_or_default();
        let entry = Entry { schema, ..Entry::of(listed) };
        let page = Page { sent: 1, entries: vec![entry], ..Page::default() };
        catalogue.list(Listed { as_of: SystemTime::now(), pages: vec![page] });
    }

    #[test]
    fn what_is_not_listed_any_more_takes_no_memory() {
        let catalogue = Catalogue::builder().build().expect("a catalogue");
        for id in 0..100 {
            list(&catalogue, id);
            assert_eq!(catalogue.find("film").entries.len(), 1);
        }
        assert_eq!(catalogue.schemas.lock().expect("whole").len(), 1);
        assert_eq!(catalogue.facts.lock().expect("whole").len(), 1);
        assert!(catalogue.schema(&catalogue.models().entries[0]).is_ok(), "what is listed is there");
    }

    #[test]
    fn schemas_that_are_too_large_together_are_left_out() {
        let catalogue = Catalogue::builder().build().expect("a catalogue");
        let mut room = 1_050;
        let kept = (0..10).filter(|id| catalogue.keep(&entry(*id, 200), &mut room).is_ok()).count();
        assert_eq!(kept, 4);
        assert!(catalogue.keep(&entry(11, 10), &mut room).is_ok(), "a small one has room");
        assert_eq!(catalogue.schemas.lock().expect("whole").len(), 5);
    }
}
