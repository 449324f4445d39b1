//! A model as data, for programs that choose one at run time.

use std::fmt;

use crate::schema::{Names, Table};
use crate::{InvalidInput, Json, Model};

/// A model that the program was compiled with.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ModelInfo {
    /// The id, as in `community/wan-2-2/vace-fun`.
    pub id: &'static str,
    /// The module that has its types, as in `community::wan_2_2::vace_fun`.
    pub module: &'static str,
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

/// For generated code: the model whose input this type is.
pub const fn model_info<M: Model>(module: &'static str) -> ModelInfo {
    ModelInfo { id: M::ID, module, schema: M::SCHEMA }
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
