//! Where a catalogue gets its models and names from. Settings in, a catalogue out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use runcomfy_client::ModelInfo;
use runcomfy_codegen::manifest::Texts;
use runcomfy_codegen::{Manifest, ModelSource, fs};

use super::listed::Listed;
use super::store::Store;
use super::{Catalogue, Folder, Written};
use crate::entry::Entry;
use crate::error::Error;
use crate::kept::text_digest;

/// What a [`Catalogue`] is made of.
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is made before `build`"]
pub struct CatalogueBuilder {
    cache: Option<PathBuf>,
    folder: Option<PathBuf>,
    compiled: BTreeMap<String, Written>,
    known: Vec<&'static ModelInfo>,
    given: BTreeMap<String, Written>,
}

impl CatalogueBuilder {
    /// A folder in which what was listed is kept, with schemas and names: with it, models are known offline, and names stay. It
    /// is made if it is not there. One folder for each server: what an emulator lists is not what RunComfy does.
    pub fn cache(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cache = Some(folder.into());
        self
    }

    /// A folder of schemas as the generator has them, such as those of private models. They come before listed models of the
    /// same id, and are named by the `names.lock` beside them.
    pub fn folder(mut self, schemas: impl Into<PathBuf>) -> Self {
        self.folder = Some(schemas.into());
        self
    }

    /// Takes over the names of models that the program was compiled with, `runcomfy::models()`, and finds them by words
    /// ([`Catalogue::find_ids`]).
    pub fn with_models(mut self, models: impl IntoIterator<Item = &'static ModelInfo>) -> Self {
        let written = |model: &'static ModelInfo| {
            (model.id.to_owned(), Written { lock: model.lock.to_owned(), overrides: model.overrides.to_owned() })
        };
        let models: Vec<&'static ModelInfo> = models.into_iter().collect();
        self.compiled.extend(models.iter().copied().filter(|model| !model.lock.is_empty()).map(written));
        self.known.extend(models);
        self
    }

    /// Names for models that neither the program nor the cache knows: texts of `names.lock`, by model ids.
    pub fn with_locks(mut self, locks: impl IntoIterator<Item = (String, String)>) -> Self {
        self.given.extend(locks.into_iter().map(|(id, lock)| (id, Written { lock, overrides: String::new() })));
        self
    }

    /// Reads the cache and the folder, if there are any.
    ///
    /// # Errors
    /// [`Error::Cache`] and [`Error::Folder`] if they can't be used at all. A model that can't be read is listed under
    /// [`Catalogue::problems`]; a cache that was damaged counts as empty.
    pub fn build(self) -> Result<Catalogue, Error> {
        let store = self.cache.as_deref().map(Store::open).transpose()?;
        let index = store.as_ref().map(Store::index).transpose()?.flatten();
        let listed = index.and_then(|index| {
            let as_of = UNIX_EPOCH.checked_add(Duration::from_secs(index.as_of))?;
            Some(Listed { as_of, pages: index.pages })
        });
        let folder = self.folder.map(read).transpose()?;
        Ok(Catalogue {
            store,
            folder,
            compiled: self.compiled,
            known: self.known,
            found_by: OnceLock::new(),
            given: self.given,
            listed: RwLock::new(listed.map(Into::into)),
            schemas: Mutex::default(),
            facts: Mutex::default(),
        })
    }
}

/// A schema folder, model by model.
fn read(path: PathBuf) -> Result<Folder, Error> {
    let (sources, errors) = fs::load_readable(&path)
        .map_err(|error| Error::Folder { path: path.clone(), reason: error.message.clone() })?;
    let mut problems: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let (mut models, mut bare) = (BTreeMap::new(), BTreeSet::new());
    for source in sources.models {
        match Manifest::parse(&source.manifest) {
            Ok(manifest) if manifest.removed.is_none() => {
                if manifest.texts == Texts::Omitted {
                    bare.insert(manifest.id.as_str().to_owned());
                }
                models.insert(manifest.id.as_str().to_owned(), (entry(manifest, &source), source));
            }
            Ok(_) => {}
            Err(error) => problems.push(error.to_string()),
        }
    }
    Ok(Folder { as_of: SystemTime::now(), models, bare, problems })
}

fn entry(manifest: Manifest, source: &ModelSource) -> Entry {
    let (base_price_usd, price_unit, pricing_note) = match manifest.price {
        Some(price) => (Some(price.base_usd), Some(price.unit), price.note),
        None => (None, None, None),
    };
    Entry {
        id: manifest.id.as_str().to_owned(),
        display_name: Some(manifest.display_name),
        page: manifest.page,
        base_price_usd,
        price_unit,
        pricing_note,
        schema: Some(text_digest(&source.input.text).to_string()),
        ..Entry::default()
    }
}
