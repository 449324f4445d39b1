//! The models there are: compiled, of a schema folder, listed by the server. All of them are `ModelInfo`, so nobody else asks which
//! one is what. Must not know commands.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use etcetera::BaseStrategy as _;
use runcomfy_client::{Client, Modality, ModelInfo, Price};
use runcomfy_live::{Catalogue, Error as LiveError, LiveModel};
use runcomfy_runner::Models;

use crate::cli::Shared;
use crate::failure::{Exit, Failure};

/// The models there are.
pub(crate) struct Known {
    catalogue: Arc<Catalogue>,
    /// Whether the catalogue has a folder, whose models come before compiled ones of the same id.
    folder_first: bool,
    priced: Mutex<HashMap<Priced, &'static ModelInfo>>,
}

/// Which model, by its place, for there is one for each schema and its names; the base price's bits; the unit.
type Priced = (usize, u64, String);

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

/// Words that say nothing by themselves.
const FILLERS: [&str; 10] = ["a", "an", "and", "for", "from", "into", "model", "of", "the", "to"];

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
        Ok(Self { catalogue: Arc::new(catalogue), folder_first: shared.schemas.is_some(), priced: Mutex::default() })
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
            Ok(model) => Ok(Some(self.priced(&model))),
            Err(LiveError::UnknownModel { .. }) => Ok(compiled()),
            Err(error) => Err(Failure::from(error).at(id)),
        }
    }

    /// A listed model with its listed price, as compiled ones have theirs. Kept for the life of the program, as its table is.
    fn priced(&self, model: &LiveModel) -> &'static ModelInfo {
        let Some(base_usd) = model.entry().base_price_usd else { return model.info() };
        let unit = model.entry().price_unit.clone().unwrap_or_else(|| "job".to_owned());
        let key = (std::ptr::from_ref(model.info()).addr(), base_usd.to_bits(), unit);
        let mut priced = self.priced.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = priced.get(&key) {
            return known;
        }
        let mut info = *model.info();
        let note = model.entry().pricing_note.clone().map(|note| &*note.leak());
        info.price = Some(Price::new(base_usd, key.2.clone().leak(), note));
        let kept: &'static ModelInfo = Box::leak(Box::new(info));
        priced.insert(key, kept);
        kept
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
        let words: Vec<String> = wanted.words.iter().flat_map(|word| split(word)).collect();
        let mut ranked: Vec<(u32, &'static ModelInfo)> =
            runcomfy::models().filter_map(|info| Some((rank(&words, info)?, info))).collect();
        ranked.sort_by(|(one, a), (other, b)| other.cmp(one).then_with(|| a.id.cmp(b.id)));
        let mut found: Vec<&'static ModelInfo> = ranked.into_iter().map(|(_, info)| info).collect();
        for entry in self.catalogue.find(&wanted.words.join(" ")).entries {
            if !runcomfy::models().any(|info| info.id == entry.id) {
                found.extend(self.catalogue.model(&entry.id).ok().map(|model| self.priced(&model)));
            }
        }
        let fits = |info: &&ModelInfo| {
            wanted.gives.is_none_or(|what| info.gives.contains(&what))
                && wanted.takes.is_none_or(|what| info.takes.contains(&what))
        };
        found.into_iter().filter(fits).collect()
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

/// How well words describe a model; `None` if one of them is found nowhere.
fn rank(words: &[String], info: &ModelInfo) -> Option<u32> {
    let phrase = words.join("-").contains(info.capability.as_str());
    let names: Vec<String> = split(info.id).chain(split(info.display_name)).collect();
    let uses: Vec<String> = split(info.capability.as_str()).collect();
    let kinds = info.gives.iter().chain(info.takes).map(|one| one.as_str());
    let others: Vec<String> = kinds.chain(info.resolutions.iter().copied()).flat_map(split).collect();
    let mut rank = if phrase { 40 } else { 0 };
    for word in words.iter().filter(|word| !FILLERS.contains(&word.as_str())) {
        let is_in = |all: &[String]| {
            all.iter().any(|other| other == word || word.chars().count() >= 3 && other.starts_with(word.as_str()))
        };
        rank += [(12, &names), (10, &uses), (6, &others)]
            .iter()
            .filter(|(_, all)| is_in(all))
            .map(|(says, _)| *says)
            .max()?;
    }
    Some(rank)
}

fn split(text: &str) -> impl Iterator<Item = String> + use<> {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().into_iter()
}
