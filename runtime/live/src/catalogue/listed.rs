//! What a server listed, page by page, and what is wrong with it as a whole. Data. Must not know where it is kept.

use std::collections::{HashMap, HashSet};
use std::time::SystemTime;

use super::store::Page;
use crate::entry::Entry;

/// How many pages are read; a server that never ends is left.
pub(super) const MAX_PAGES: usize = 500;

/// What the server listed.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) as_of: SystemTime,
    pub(super) pages: Vec<Page>,
}

impl Listed {
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.pages.iter().flat_map(|page| &page.entries)
    }

    /// The digests of all schemas.
    pub(super) fn schemas(&self) -> HashSet<&str> {
        self.entries().filter_map(|entry| entry.schema.as_deref()).collect()
    }

    /// What of it can't be read, or is not as lists are, each in a line.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut all: Vec<String> = self.pages.iter().flat_map(|page| page.problems.clone()).collect();
        let mut seen: HashMap<&str, &Entry> = HashMap::new();
        for entry in self.entries() {
            if seen.insert(&entry.id, entry).is_some_and(|before| before != entry) {
                all.push(format!("{} is listed twice, and not alike: the last one is taken", entry.id));
            }
        }
        let sent: usize = self.pages.iter().map(|page| page.sent).sum();
        match self.pages.last().and_then(|page| page.total) {
            Some(total) if (sent as u64) < total => {
                all.push(format!("the server has {total} models, and listed {sent}: refresh the catalogue"));
            }
            None if self.pages.len() == MAX_PAGES && self.pages.last().is_some_and(|page| page.sent > 0) => {
                all.push(format!("the list goes on after {MAX_PAGES} pages: no more are read"));
            }
            _ => {}
        }
        all
    }
}
