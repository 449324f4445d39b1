//! The models that the emulator serves: a schema folder in, checked models out, each with its rules, its price and an
//! output that fits its output schema. Knows files and schemas, but no queue and no HTTP.

mod dialect;
mod entry;
mod load;
mod manifest;
mod model;
mod sample;

use std::collections::BTreeMap;

pub(crate) use entry::{Filter, category_of, entry};
pub(crate) use load::{Source, load};
pub(crate) use model::{Model, Problem};

/// All models by id.
pub(crate) type Catalog = BTreeMap<String, Model>;
