//! A model as data, for programs that choose one at run time.

use std::fmt;

use crate::schema::{Names, Table};
use crate::{Capability, Digest, InvalidInput, Json, Modality, Model, Price};

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
    /// Inputs that it has or may have and that the facts lack, so that neither its type nor its table knows them. The `extra`
    /// of an input sends them, unchecked.
    pub incomplete: &'static [&'static str],
    /// The published input schema: names, wire keys, titles, defaults and rules of all fields.
    pub schema: &'static Table,
    /// What that schema means on the wire; `None` where nobody counted.
    pub digest: Option<Digest>,
    /// The text of the model's `names.lock`, by which the fields of a later schema are named; empty if there is none.
    pub lock: &'static str,
    /// The text of its `overrides.toml`, which people wrote; empty if there is none.
    pub overrides: &'static str,
}

impl ModelInfo {
    /// Checks an input as JSON: all that the schema asks for but what only Rust's types refuse, which is integers that they
    /// can't hold and names that the form of a union does not have.
    ///
    /// # Errors
    /// Every violation, with the names and keys of the fields.
    pub fn check(&self, input: &Json, names: Names) -> Result<(), InvalidInput> {
        self.schema.check_json(input, names)
    }

    /// An input with readable names, checked, as it goes to the wire.
    ///
    /// # Errors
    /// Every violation, with the names and keys of the fields.
    pub fn to_wire(&self, readable: &Json) -> Result<Json, InvalidInput> {
        self.check(readable, Names::Readable)?;
        Ok(self.schema.to_wire(readable))
    }

    /// An input with wire keys as stored inputs have it: with readable names, and with keys that the schema does not know
    /// under `extra`. Does not check it: what was stored must load to be repaired.
    #[must_use]
    pub fn to_readable(&self, wire: &Json) -> Json {
        self.schema.to_readable(wire)
    }
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
    /// [`ModelInfo::incomplete`].
    pub incomplete: &'static [&'static str],
}

/// For generated code: the model whose input this type is.
pub const fn model_info<M: Model>(about: About) -> ModelInfo {
    model_info_of(M::ID, M::SCHEMA, M::DIGEST, (M::LOCK, M::OVERRIDES), about)
}

/// A model without a type, for models that are met at run time: their texts and tables stay for the life of the program.
/// `written` is the text of its lock and that of its overrides.
pub const fn model_info_of(
    id: &'static str,
    schema: &'static Table,
    digest: Option<Digest>,
    (lock, overrides): (&'static str, &'static str),
    about: About,
) -> ModelInfo {
    let About {
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
        incomplete,
    } = about;
    ModelInfo {
        id,
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
        incomplete,
        schema,
        digest,
        lock,
        overrides,
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
