//! `model.toml`, as far as a server needs it. Plain data; must not read files.

use serde::Deserialize;

use crate::Usd;
use crate::media::Kind;

/// The part of a `model.toml` that a server needs.
#[derive(Deserialize)]
pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) display_name: String,
    pub(crate) removed: Option<toml::value::Datetime>,
    pub(crate) price: Option<Price>,
    #[serde(default)]
    output: OutputSource,
    #[serde(default)]
    gives: Vec<String>,
}

/// Where the output schema comes from.
#[derive(Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum OutputSource {
    #[default]
    Published,
    Assumed,
}

impl Manifest {
    /// Whether nobody published what the model answers with.
    pub(crate) fn is_output_assumed(&self) -> bool {
        self.output == OutputSource::Assumed
    }

    /// What it is known to make first of all.
    pub(crate) fn gives(&self) -> Option<Kind> {
        self.gives.iter().find_map(|word| Kind::from_word(word))
    }
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
