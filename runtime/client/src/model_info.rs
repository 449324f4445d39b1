//! A model as data, for programs that choose one at run time.

use std::fmt;

use crate::schema::{Names, Table};
use crate::{Capability, InvalidInput, Json, Modality, Model, Price};

/// A model that the program was compiled with.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The id, as in `community/wan-2-2/vace-fun`.
    pub id: &'static str,
    /// The module that has its types, as in `community::wan_2_2::vace_fun`.
    pub module: &'static str,
    /// The Cargo feature that switches it on.
    pub feature: &'static str,
    /// The name that RunComfy shows.
    pub display_name: &'static str,
    /// The address of its page, where that is known.
    pub page: Option<&'static str>,
    /// What people look for it by.
    pub capability: Capability,
    /// What every input of it has.
    pub requires: &'static [Modality],
    /// What an input of it may have, the required included.
    pub takes: &'static [Modality],
    /// What it makes; empty where that is not known.
    pub gives: &'static [Modality],
    /// The resolutions in its id and among the values of its fields, as in `1080p` and `4k`, in the order of their size.
    pub resolutions: &'static [&'static str],
    /// The published base price; `None` if it was not known on the day of the facts.
    pub price: Option<Price>,
    /// The day of these facts, in UTC, as in `2026-09-23`.
    pub as_of: &'static str,
    /// The published input schema: names, wire keys, titles, defaults and rules of all fields.
    pub schema: &'static Table,
}

impl fmt::Debug for ModelInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelInfo").field("id", &self.id).field("module", &self.module).finish_non_exhaustive()
    }
}

/// Why JSON is no input of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckError {
    /// The program was not compiled with a model of this id.
    UnknownModel(String),
    /// The input breaks the model's schema.
    InvalidInput(InvalidInput),
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownModel(id) => {
                let id = crate::text::Quoted::value(id);
                write!(f, "there is no model {id} in this program: is its feature on?")
            }
            Self::InvalidInput(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CheckError {}

/// For generated code: what a model's types don't say of it.
pub struct About {
    /// [`ModelInfo::module`].
    pub module: &'static str,
    /// [`ModelInfo::feature`].
    pub feature: &'static str,
    /// [`ModelInfo::display_name`].
    pub display_name: &'static str,
    /// [`ModelInfo::page`].
    pub page: Option<&'static str>,
    /// [`ModelInfo::capability`].
    pub capability: Capability,
    /// [`ModelInfo::requires`].
    pub requires: &'static [Modality],
    /// [`ModelInfo::takes`].
    pub takes: &'static [Modality],
    /// [`ModelInfo::gives`].
    pub gives: &'static [Modality],
    /// [`ModelInfo::resolutions`].
    pub resolutions: &'static [&'static str],
    /// [`ModelInfo::price`].
    pub price: Option<Price>,
    /// [`ModelInfo::as_of`].
    pub as_of: &'static str,
}

/// For generated code: the model whose input this type is.
pub const fn model_info<M: Model>(about: About) -> ModelInfo {
    let About { module, feature, display_name, page, capability, requires, takes, gives, resolutions, price, as_of } =
        about;
    ModelInfo {
        id: M::ID,
        module,
        feature,
        display_name,
        page,
        capability,
        requires,
        takes,
        gives,
        resolutions,
        price,
        as_of,
        schema: M::SCHEMA,
    }
}

/// For generated code: checks JSON with wire keys for one of these models.
///
/// # Errors
/// The id is none of theirs, or the input breaks its schema.
pub fn check_model(
    models: impl IntoIterator<Item = &'static ModelInfo>,
    id: &str,
    input: &Json,
) -> Result<(), CheckError> {
    match models.into_iter().find(|model| model.id == id) {
        None => Err(CheckError::UnknownModel(id.to_owned())),
        Some(model) => model.schema.check_json(input, Names::Wire).map_err(CheckError::InvalidInput),
    }
}
