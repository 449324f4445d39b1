//! Names: what the API, ComfyUI and people wrote goes in, what Rust code can be written with comes out.
//!
//! Everything here is a pure function over text. Nothing depends on the order of a list, so that a schema that only
//! moved its properties keeps its names. These modules must not know schemas, the IR or files, only the words that a
//! maintainer writes into `overrides.toml`; `stage` alone knows the IR, for whose parts it asks the others for names.

mod apart;
mod fields;
mod ident;
mod key;
mod modules;
mod plural;
mod problem;
mod reserved;
pub(crate) mod stage;
mod symbols;
mod types;
mod variants;
mod words;

#[cfg(test)]
mod laws;

pub use fields::{FieldLabel, name_fields};
pub(crate) use ident::is_readable;
pub use ident::{FieldName, MAX_LENGTH};
pub use key::{NodeInput, NodeKey};
#[cfg(feature = "emit")]
pub(crate) use modules::feature;
pub(crate) use modules::is_free_feature;
pub use modules::{ModulePath, plan_modules};
pub use problem::NameProblem;
pub use stage::Doubt;
pub use types::{
    TypeWish, form_type_name, item_type_name, long_item_type_name, place_type_name, type_name, unique_type_names,
};
pub use variants::name_variants;
