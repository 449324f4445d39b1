//! From the inputs of the table, with readable names, to what the server takes. Must not know where inputs are kept.

use std::collections::BTreeMap;
use std::fmt;

use runcomfy_client::{Json, Model};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The models whose jobs a worker can submit. A job of another model makes that model pause.
#[derive(Default)]
pub struct Models {
    writers: BTreeMap<String, Writer>,
}

type Writer = fn(&str) -> Result<Json, String>;

impl Models {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a model that this program was compiled with.
    #[must_use]
    pub fn with<M: Model + Serialize + DeserializeOwned>(mut self) -> Self {
        self.writers.insert(M::ID.to_owned(), wire::<M>);
        self
    }

    /// With a model whose inputs stand in the table as the server takes them: they are sent unchecked.
    #[must_use]
    pub fn with_wire(mut self, model_id: impl Into<String>) -> Self {
        self.writers.insert(model_id.into(), |input| serde_json::from_str(input).map_err(|error| error.to_string()));
        self
    }

    /// An input as the server takes it. The error is for people.
    pub(crate) fn to_wire(&self, model: &str, input: &str) -> Result<Json, Unwritable> {
        match self.writers.get(model) {
            None => {
                Err(Unwritable::Model(format!("this program has no model {model}: give it to the worker, then resume")))
            }
            Some(writer) => writer(input).map_err(Unwritable::Input),
        }
    }
}

/// Why an input can't be sent.
pub(crate) enum Unwritable {
    /// The model is not there.
    Model(String),
    /// The input breaks its schema.
    Input(String),
}

fn wire<M: Model + Serialize + DeserializeOwned>(input: &str) -> Result<Json, String> {
    let input: M = serde_json::from_str(input).map_err(|error| error.to_string())?;
    input.validate().map_err(|error| error.to_string())?;
    Ok(input.to_wire())
}

impl fmt::Debug for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.writers.keys()).finish()
    }
}
