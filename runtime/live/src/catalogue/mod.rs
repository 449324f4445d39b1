//! The models that there are: listed by the server, kept on disk, or in a schema folder. In: an id, or words. Out: models, each
//! with its age. Must not know how a schema becomes a model.

mod builder;
mod listed;
mod refresh;
mod store;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use runcomfy_client::ModelInfo;
use runcomfy_codegen::{ModelSource, Newcomer, SourceFile};

pub use builder::CatalogueBuilder;
pub use refresh::Refreshed;

use self::listed::Listed;
use self::store::Store;
use crate::entry::Entry;
use crate::error::Error;
use crate::find::{Facts, Query};
use crate::kept::{Refusal, described, facts, kept};
use crate::model::LiveModel;

/// The models that there are. It never asks the server by itself: [`refresh`](Self::refresh) does.
pub struct Catalogue {
    store: Option<Store>,
    folder: Option<Folder>,
    compiled: BTreeMap<String, Written>,
    /// The models that the program was compiled with, and what they are found by.
    known: Vec<&'static ModelInfo>,
    found_by: OnceLock<Vec<(Entry, Facts)>>,
    given: BTreeMap<String, Written>,
    listed: RwLock<Option<Arc<Listed>>>,
    /// Schemas by digest, those that were read.
    schemas: Mutex<HashMap<String, Arc<str>>>,
    /// What models are found by, by id and digest of the schema.
    facts: Mutex<HashMap<FactsOf, Arc<Facts>>>,
}

/// A model, and the digest of its schema.
type FactsOf = (String, Option<String>);

/// What is written down of a model's names.
#[derive(Clone, Debug, Default)]
struct Written {
    lock: String,
    overrides: String,
}

/// What a schema folder has.
struct Folder {
    as_of: SystemTime,
    models: BTreeMap<String, (Entry, ModelSource)>,
    /// The models whose schemas lack the published sentences.
    bare: BTreeSet<String>,
    problems: Vec<String>,
}

/// Models, and how old the list of them is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Listing {
    /// The models, by id; those of the folder included.
    pub entries: Vec<Entry>,
    /// When the server said so; `None` if it was never asked.
    pub as_of: Option<SystemTime>,
}

impl Listing {
    /// How long ago the server said so; zero if the clock was set back since.
    #[must_use]
    pub fn age(&self) -> Option<Duration> {
        self.as_of.map(|as_of| as_of.elapsed().unwrap_or_default())
    }
}

impl Catalogue {
    /// A catalogue of what the server lists, and of nothing before the first refresh.
    pub fn builder() -> CatalogueBuilder {
        CatalogueBuilder::default()
    }

    /// All models, without a look at their schemas.
    #[must_use]
    pub fn models(&self) -> Listing {
        let listed = self.listed();
        let mut entries: BTreeMap<&str, &Entry> = BTreeMap::new();
        if let Some(listed) = &listed {
            entries.extend(listed.entries().map(|entry| (entry.id.as_str(), entry)));
        }
        if let Some(folder) = &self.folder {
            entries.extend(folder.models.iter().map(|(id, (entry, _))| (id.as_str(), entry)));
        }
        Listing { entries: entries.into_values().cloned().collect(), as_of: listed.as_ref().map(|listed| listed.as_of) }
    }

    /// The models that all of these words describe, the best first.
    ///
    /// A word is found in the id, the name, the categories, what the model is for, the values of its fields (`1080p`, `16:9`),
    /// what goes in and comes out, or the description; in this order it counts less. Words of three letters and more are also
    /// found where a word begins so. What names a [capability](runcomfy_client::Capability), such as `image to video`, is looked
    /// for as a whole: models that are for it come before those that can do it besides. Case, punctuation and words such as
    /// `the` mean nothing; no word at all describes every model.
    ///
    /// The first time, all schemas are read, which takes about a millisecond each; nothing of them is kept but their words.
    #[must_use]
    pub fn find(&self, words: &str) -> Listing {
        let Listing { entries, as_of } = self.models();
        let mut found = self.ranked(&Query::of(words), entries);
        found.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.id.cmp(&b.id)));
        Listing { entries: found.into_iter().map(|(_, entry)| entry).collect(), as_of }
    }

    /// The ids of the models that all of these words describe, the best first, by the rules of [`find`](Self::find); those that
    /// the program was compiled with ([`CatalogueBuilder::with_models`]) included. Of a model that is listed too, the better
    /// rank counts.
    #[must_use]
    pub fn find_ids(&self, words: &str) -> Vec<String> {
        let query = Query::of(words);
        let mut ranks: BTreeMap<String, u32> = BTreeMap::new();
        let found_by = || self.known.iter().map(|info| (Entry::of_info(info), Facts::of_info(info))).collect();
        let known = self.found_by.get_or_init(found_by).iter();
        let known = known.filter_map(|(entry, facts)| Some((query.rank(entry, facts)?, entry.id.clone())));
        let listed = self.ranked(&query, self.models().entries).into_iter().map(|(rank, entry)| (rank, entry.id));
        for (rank, id) in known.chain(listed) {
            let best = ranks.entry(id).or_default();
            *best = rank.max(*best);
        }
        let mut found: Vec<(String, u32)> = ranks.into_iter().collect();
        found.sort_by(|(a, one), (b, other)| other.cmp(one).then_with(|| a.cmp(b)));
        found.into_iter().map(|(id, _)| id).collect()
    }

    fn ranked(&self, query: &Query, entries: Vec<Entry>) -> Vec<(u32, Entry)> {
        entries.into_iter().filter_map(|entry| Some((query.rank(&entry, &self.facts(&entry))?, entry))).collect()
    }

    /// A model, its schema read and its fields named. Made once for each schema; after that it costs a look-up.
    ///
    /// # Errors
    /// [`Error::UnknownModel`], [`Error::Unusable`], [`Error::Cache`] and [`Error::Full`]. One model's error is no other's.
    pub fn model(&self, id: &str) -> Result<LiveModel, Error> {
        if let Some((entry, source)) = self.folder.as_ref().and_then(|folder| folder.models.get(id)) {
            let text = |file: &Option<SourceFile>| file.as_ref().map(|file| file.text.clone()).unwrap_or_default();
            let own = Written { lock: text(&source.lock), overrides: text(&source.overrides) };
            let own = (!own.lock.is_empty() || !own.overrides.is_empty()).then_some(own);
            let as_of = self.folder.as_ref().map_or_else(SystemTime::now, |folder| folder.as_of);
            return self.make(entry.clone(), as_of, &source.input.text, own);
        }
        let (entry, as_of) = self.entry(id)?;
        let schema = self.schema(&entry)?;
        self.make(entry, as_of, &schema, None)
    }

    /// A model whose fields are named by this lock, which was kept with inputs that are named by it, whatever the cache and the
    /// program have. The lock it has then, [`ModelInfo::lock`](runcomfy_client::ModelInfo::lock), is grown from it.
    ///
    /// # Errors
    /// As [`model`](Self::model).
    pub fn model_by_lock(&self, id: &str, lock: &str) -> Result<LiveModel, Error> {
        let (entry, as_of, schema) =
            match self.folder.as_ref().and_then(|folder| Some((folder, folder.models.get(id)?))) {
                Some((folder, (entry, source))) => (entry.clone(), folder.as_of, Arc::from(source.input.text.as_str())),
                None => {
                    let (entry, as_of) = self.entry(id)?;
                    let schema = self.schema(&entry)?;
                    (entry, as_of, schema)
                }
            };
        let overrides = self.compiled.get(id).map(|compiled| compiled.overrides.clone()).unwrap_or_default();
        build(entry, as_of, &schema, &Written { lock: lock.to_owned(), overrides }, self.is_bare(id))
    }

    /// What of the lists and of the folder can't be read, each in a line. It keeps nobody from the rest.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let of_folder = self.folder.iter().flat_map(|folder| folder.problems.iter().cloned());
        of_folder.chain(self.listed().iter().flat_map(|listed| listed.problems())).collect()
    }

    /// What a model is found by, beside its entry.
    fn facts(&self, entry: &Entry) -> Arc<Facts> {
        let key = (entry.id.clone(), entry.schema.clone());
        let lock = || self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Arc::clone(known);
        }
        let source = self.folder.as_ref().and_then(|folder| folder.models.get(&entry.id));
        let schema =
            source.map(|(_, source)| Arc::from(source.input.text.as_str())).or_else(|| self.schema(entry).ok());
        let facts = schema.map_or_else(Facts::default, |schema: Arc<str>| {
            facts(&newcomer(entry, &schema, &Written::default(), self.is_bare(&entry.id)))
        });
        Arc::clone(lock().entry(key).or_insert_with(|| Arc::new(facts)))
    }

    fn is_bare(&self, id: &str) -> bool {
        self.folder.as_ref().is_some_and(|folder| folder.bare.contains(id))
    }

    fn listed(&self) -> Option<Arc<Listed>> {
        self.listed.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn entry(&self, id: &str) -> Result<(Entry, SystemTime), Error> {
        let listed = self.listed();
        let found = listed.as_ref().and_then(|listed| {
            let entry = listed.entries().filter(|entry| entry.id == id).last()?;
            Some((entry.clone(), listed.as_of))
        });
        found.ok_or_else(|| {
            let listing = self.models();
            let ids = listing.entries.iter().map(|entry| entry.id.as_str());
            let near = ids.map(|known| (strsim::osa_distance(known, id), known)).min();
            let meant = near.filter(|(errors, known)| *errors <= known.len() / 5).map(|(_, known)| known.to_owned());
            Error::UnknownModel { id: id.to_owned(), meant }
        })
    }

    /// The schema of a listed model.
    fn schema(&self, entry: &Entry) -> Result<Arc<str>, Error> {
        let unusable = |reason: &str| Error::Unusable { id: entry.id.clone(), reasons: vec![reason.to_owned()] };
        let Some(digest) = &entry.schema else { return Err(unusable("none is published, or none that can be kept")) };
        if let Some(known) = self.schemas.lock().unwrap_or_else(PoisonError::into_inner).get(digest) {
            return Ok(Arc::clone(known));
        }
        let stored = self.store.as_ref().map(|store| store.schema(digest)).transpose()?.flatten();
        let text: Arc<str> =
            stored.ok_or_else(|| unusable("it is not in the cache any more: refresh the catalogue"))?.into();
        let mut schemas = self.schemas.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(schemas.entry(digest.clone()).or_insert(text)))
    }

    /// Makes a model by the names that are known of it, and keeps the names that are known then.
    fn make(&self, entry: Entry, as_of: SystemTime, schema: &str, own: Option<Written>) -> Result<LiveModel, Error> {
        let id = entry.id.clone();
        let base = own.or_else(|| self.compiled.get(&id).cloned());
        let from = base.as_ref().map(|base| base.lock.clone()).unwrap_or_default();
        // The cache goes on from what the program was compiled with; names of another program's are not its own.
        let grown = self.store.as_ref().map(|store| store.lock(&id, &from)).transpose()?.flatten();
        let written = match (grown, base) {
            (Some(lock), base) => Written { lock, overrides: base.map(|base| base.overrides).unwrap_or_default() },
            (None, Some(base)) => base,
            (None, None) => self.given.get(&id).cloned().unwrap_or_default(),
        };
        let model = build(entry, as_of, schema, &written, self.is_bare(&id))?;
        if let (Some(store), true) = (&self.store, model.kept.doubts.is_empty()) {
            store.save_lock(&id, &from, model.lock)?;
        }
        Ok(model)
    }
}

fn newcomer<'n>(entry: &'n Entry, schema: &'n str, written: &'n Written, are_texts_omitted: bool) -> Newcomer<'n> {
    Newcomer {
        id: &entry.id,
        display_name: entry.display_name.as_deref().unwrap_or_default(),
        input: schema,
        lock: &written.lock,
        overrides: &written.overrides,
        are_texts_omitted,
    }
}

fn build(
    entry: Entry,
    as_of: SystemTime,
    schema: &str,
    written: &Written,
    are_texts_omitted: bool,
) -> Result<LiveModel, Error> {
    let made = kept(&newcomer(&entry, schema, written, are_texts_omitted));
    match made.and_then(|kept| Ok((kept, described(kept, &entry)?))) {
        Ok((kept, info)) => Ok(LiveModel { kept, info, entry: Arc::new(entry), as_of }),
        Err(Refusal::Unusable(reasons)) => Err(Error::Unusable { id: entry.id, reasons }),
        Err(Refusal::Full(bytes)) => Err(Error::Full { bytes }),
    }
}
