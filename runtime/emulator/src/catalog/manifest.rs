//! `model.toml`, as far as a server needs it. Plain data; must not read files.

use serde::Deserialize;

use crate::Usd;

/// The part of a `model.toml` that a server needs.
#[derive(Deserialize)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) removed: Option<toml::value::Datetime>,
    pub(crate) price: Option<Price>,
}

/// A published base price.
#[derive(Clone, Deserialize)]
pub(crate) struct Price {
    base_usd: f64,
    pub(crate) unit: String,
    pub(crate) note: Option<String>,
}

impl Price {
    pub(crate) fn base(&self) -> Usd {
        Usd::from_f64(self.base_usd)
    }
}
