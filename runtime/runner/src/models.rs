//! The models of a program, compiled or met at run time, and by which of them a stored input is to be written. Must not know
//! where inputs are kept, or ask a server.

use std::collections::BTreeMap;
use std::fmt;
#[cfg(feature = "live")]
use std::sync::Arc;

use runcomfy_client::{Capability, Json, Model, ModelInfo, rt};
#[cfg(feature = "live")]
use runcomfy_live::{Catalogue, LiveModel};

use crate::names::{Lock, mean_the_same};
use crate::{Quote, digest, media};

/// The models that a program can add jobs of and submit. What it lacks makes that model pause, no other.
///
/// Inputs stand in the table with readable names, and the lock they were written under beside them. They are submitted by a
/// model with that lock, by the catalogue's model as that lock names it, or by a model whose lock has the same key for each
/// of its names. Where none of them is certain, the model pauses.
#[derive(Clone, Default)]
pub struct Models {
    given: BTreeMap<String, &'static ModelInfo>,
    #[cfg(feature = "live")]
    catalogue: Option<Arc<Catalogue>>,
}

/// A model that jobs can be added of.
pub(crate) struct Found {
    pub(crate) info: &'static ModelInfo,
    pub(crate) quote: Quote,
}

/// Why a stored input can't be sent.
pub(crate) enum Unwritable {
    /// The input breaks its schema.
    Input(String),
    /// A file of it is not what it was.
    File(String),
}

impl Models {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a model that this program was compiled with, by its type. Its price is not known here: add its jobs with a figure.
    #[must_use]
    pub fn with<M: Model>(self) -> Self {
        self.with_info(info::<M>())
    }

    /// With a model as data: one of `runcomfy::models()`, or [`LiveModel::info`](https://docs.rs/runcomfy-live).
    #[must_use]
    pub fn with_info(mut self, info: &'static ModelInfo) -> Self {
        self.given.insert(info.id.to_owned(), info);
        self
    }

    /// With all models of a catalogue, as they are published when a job is added or submitted. It is asked after the models
    /// that were given, and alone knows what a lock means for a schema whose keys have moved.
    #[cfg(feature = "live")]
    #[must_use]
    pub fn with_catalogue(mut self, catalogue: impl Into<Arc<Catalogue>>) -> Self {
        self.catalogue = Some(catalogue.into());
        self
    }

    /// The model that new jobs are of. The error is for people.
    pub(crate) fn find(&self, id: &str) -> Result<Found, String> {
        if let Some(info) = self.given.get(id) {
            let quote = Quote::published(info.price.map(|price| price.base_usd), info.price.map(|price| price.unit));
            return named(info).map(|info| Found { info, quote });
        }
        #[cfg(feature = "live")]
        if let Some(catalogue) = &self.catalogue {
            let model = catalogue.model(id).map_err(|error| error.to_string())?;
            let quote = Quote::published(model.entry().base_price_usd, model.entry().price_unit.as_deref());
            return Ok(Found { info: certain(&model)?, quote });
        }
        Err(format!("this program has no model {id}"))
    }

    /// The models by which an input may be written that was stored under this lock, the likeliest first, and why others are
    /// not among them.
    pub(crate) fn by_lock(&self, id: &str, lock: &Lock) -> Vec<Result<&'static ModelInfo, String>> {
        let mut all = Vec::new();
        let given = self.given.get(id).copied();
        let same = given.filter(|info| info.lock == lock.text);
        all.extend(same.map(named));
        #[cfg(feature = "live")]
        if let Some(catalogue) = &self.catalogue {
            let model = catalogue.model_by_lock(id, &lock.text).map_err(|error| error.to_string());
            all.push(model.and_then(|model| certain(&model)));
        }
        if let (Some(given), None) = (given, same) {
            let meant = mean_the_same(&lock.text, given.lock).map(|()| given);
            all.push(meant.map_err(|why| format!("the names of its inputs mean something else now: {why}")));
        }
        if all.is_empty() {
            all.push(Err(format!("this program has no model {id}: give it to the worker, then resume")));
        }
        all
    }
}

impl FromIterator<&'static ModelInfo> for Models {
    fn from_iter<I: IntoIterator<Item = &'static ModelInfo>>(all: I) -> Self {
        all.into_iter().fold(Self::new(), Self::with_info)
    }
}

/// An input of the table as the server takes it.
pub(crate) fn to_wire(info: &ModelInfo, input: &str) -> Result<Json, Unwritable> {
    let mut input: Json = serde_json::from_str(input).map_err(|error| Unwritable::Input(error.to_string()))?;
    media::fill_in(info.schema, &mut input).map_err(Unwritable::File)?;
    info.to_wire(&input).map_err(|error| Unwritable::Input(error.to_string()))
}

/// The digest of what is sent.
pub(crate) fn wire_digest(model: &str, wire: &Json) -> String {
    digest::of(&[model, &wire.to_string()])
}

/// A model as data, by its type alone.
pub(crate) fn info<M: Model>() -> &'static ModelInfo {
    const {
        &rt::model_info::<M>(rt::About {
            module: "",
            feature: "",
            display_name: M::ID,
            page: None,
            capability: Capability::Other,
            requires: &[],
            takes: &[],
            gives: &[],
            resolutions: &[],
            incomplete: &[],
            price: None,
            as_of: "",
        })
    }
}

/// A model without a lock can't tell its fields from those of a later schema.
pub(crate) fn named(info: &'static ModelInfo) -> Result<&'static ModelInfo, String> {
    match info.lock.is_empty() {
        true => Err(format!("{} has no names.lock: what its names mean later, nobody could tell", info.id)),
        false => Ok(info),
    }
}

#[cfg(feature = "live")]
fn certain(model: &LiveModel) -> Result<&'static ModelInfo, String> {
    match model.doubts().next() {
        Some((path, why)) => Err(format!("it is not certain which field of the published schema is `{path}`: {why}")),
        None => named(model.info()),
    }
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let given: Vec<&String> = self.given.keys().collect();
        f.debug_struct("Models").field("given", &given).finish_non_exhaustive()
    }
}
