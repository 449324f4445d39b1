//! The models there are: compiled, of a schema folder, listed by the server. All of them are `ModelInfo`, so nobody else asks which
//! one is what. Must not know commands.

use std::path::Path;
use std::sync::Arc;

use etcetera::BaseStrategy as _;
use runcomfy_client::{Client, Modality, ModelInfo};
use runcomfy_live::{Catalogue, Error as LiveError};
use runcomfy_runner::Models;

use crate::cli::Shared;
use crate::failure::{Exit, Failure};

/// The models there are.
pub(crate) struct Known {
    catalogue: Arc<Catalogue>,
    /// Whether the catalogue has a folder, whose models come before compiled ones of the same id.
    folder_first: bool,
}

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// All of these describe it.
    pub(crate) words: Vec<String>,
    /// What comes out.
    pub(crate) gives: Option<Modality>,
    /// What may go in.
    pub(crate) takes: Option<Modality>,
}

impl Known {
    /// What the program was compiled with, what was listed before, and the schema folder of the arguments. Asks nobody.
    ///
    /// # Errors
    /// A schema folder that can't be read.
    pub(crate) fn new(shared: &Shared) -> Result<Self, Failure> {
        let named = || Catalogue::builder().with_models(runcomfy::models());
        let with_folder = |builder: runcomfy_live::CatalogueBuilder| match shared.schemas.as_deref() {
            Some(folder) => builder.folder(folder),
            None => builder,
        };
        let cached = cache(shared).and_then(|cache| with_folder(named().cache(cache)).build().ok());
        let catalogue = match cached {
            Some(catalogue) => catalogue,
            // Without a place for a cache, or with one that can't be used, there is none.
            None => with_folder(named()).build().map_err(|error| match &shared.schemas {
                Some(folder) => Failure::from(error).at_path(folder),
                None => error.into(),
            })?,
        };
        Ok(Self { catalogue: Arc::new(catalogue), folder_first: shared.schemas.is_some() })
    }

    /// The model of this id, or the only one whose id ends so.
    ///
    /// # Errors
    /// None is known, several are, or its schema can't be enforced.
    pub(crate) fn model(&self, id: &str) -> Result<&'static ModelInfo, Failure> {
        if let Some(info) = self.exact(id)? {
            return Ok(info);
        }
        let ids = self.ids();
        let end = format!("/{id}");
        let ends: Vec<&String> = ids.iter().filter(|known| known.ends_with(&end)).collect();
        match ends[..] {
            [one] => self.exact(one)?.ok_or_else(|| unknown(id, &ids)),
            [] => Err(unknown(id, &ids)),
            ref several => {
                let all = several.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(", ");
                Err(Failure::new(Exit::Usage, format!("several models end with {id}")).help(format!("one of {all}")))
            }
        }
    }

    fn exact(&self, id: &str) -> Result<Option<&'static ModelInfo>, Failure> {
        let compiled = || runcomfy::models().find(|info| info.id == id);
        if let (false, Some(info)) = (self.folder_first, compiled()) {
            return Ok(Some(info));
        }
        match self.catalogue.model(id) {
            Ok(model) => Ok(Some(model.info())),
            Err(LiveError::UnknownModel { .. }) => Ok(compiled()),
            Err(error) => Err(Failure::from(error).at(id)),
        }
    }

    /// Whether it is certain which field of the published schema each name is: where it is not, nothing can be paid for.
    ///
    /// # Errors
    /// The first field of which it is not.
    pub(crate) fn is_certain(&self, info: &ModelInfo) -> Result<(), Failure> {
        let Ok(model) = self.catalogue.model(info.id) else { return Ok(()) };
        let doubt = model.doubts().next().filter(|_| std::ptr::eq(model.info(), info));
        doubt.map_or(Ok(()), |(path, why)| {
            let what = format!("it is not certain which field of the published schema is {path:?}: {why}");
            Err(Failure::new(Exit::Input, what).at(info.id))
        })
    }

    /// The ids of all models, sorted.
    pub(crate) fn ids(&self) -> Vec<String> {
        let listed = self.catalogue.models().entries.into_iter().map(|entry| entry.id);
        let mut ids: Vec<String> = runcomfy::models().map(|info| info.id.to_owned()).chain(listed).collect();
        ids.sort();
        ids.dedup();
        ids
    }

    /// The models that this describes, the best first. A listed one whose schema can't be read is none.
    pub(crate) fn find(&self, wanted: &Wanted) -> Vec<&'static ModelInfo> {
        let found =
            self.catalogue.find_ids(&wanted.words.join(" ")).into_iter().filter_map(|id| self.exact(&id).ok()?);
        let fits = |info: &&ModelInfo| {
            wanted.gives.is_none_or(|what| info.gives.contains(&what))
                && wanted.takes.is_none_or(|what| info.takes.contains(&what))
        };
        found.filter(fits).collect()
    }

    /// Asks the server which models there are, and says how many.
    ///
    /// # Errors
    /// The server can't be asked.
    pub(crate) async fn refresh(&self, client: &Client) -> Result<usize, Failure> {
        Ok(self.catalogue.refresh(client).await?.models)
    }

    /// As workers take them.
    pub(crate) fn to_models(&self) -> Models {
        let compiled = if self.folder_first { Models::new() } else { runcomfy::models().collect() };
        compiled.with_catalogue(Arc::clone(&self.catalogue))
    }
}

/// Where what was listed is kept: one folder for each server. An emulator's list is not kept.
fn cache(shared: &Shared) -> Option<std::path::PathBuf> {
    if shared.emulator {
        return None;
    }
    let base = shared.base_url.as_deref().unwrap_or("https://model-api.runcomfy.net/v1");
    let place: String = base.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let strategy = etcetera::choose_base_strategy().ok()?;
    Some(strategy.cache_dir().join("runcomfyctl").join(Path::new(place.trim_matches('.'))))
}

/// A longer name is no model's, misspelt or not: it is neither compared nor said again.
const LONGEST_ID: usize = 200;

fn unknown(id: &str, ids: &[String]) -> Failure {
    if id.len() > LONGEST_ID {
        return Failure::new(Exit::Usage, format!("no model is known by a name of {} bytes", id.len()))
            .help("`runcomfyctl models WORDS` finds models");
    }
    // People name a model by the whole id, or by its end.
    let end = |known: &'_ str| {
        let cut = known.rmatch_indices('/').nth(id.matches('/').count());
        known[cut.map_or(0, |(slash, _)| slash + 1)..].to_owned()
    };
    let near = ids.iter().map(|known| (strsim::osa_distance(&end(known), id), known)).min();
    let failure = Failure::new(Exit::Usage, format!("no model {id:?} is known"));
    match near.filter(|(errors, _)| *errors <= id.len() / 4) {
        Some((_, meant)) => failure.help(format!("did you mean {meant}?")),
        None => failure.help("`runcomfyctl models WORDS` finds models; with --refresh it asks the server for new ones"),
    }
}
