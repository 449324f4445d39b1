//! Which models were found to be published as this program knows them. Must not ask the server.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The models that need not be looked up again.
#[derive(Default)]
pub(crate) struct Verified {
    models: Mutex<HashMap<&'static str, Entry>>,
}

/// Locked while a model is looked up, so that it is looked up once. True if it was found current.
type Entry = Arc<tokio::sync::Mutex<bool>>;

impl Verified {
    /// What is known of a model.
    pub(crate) fn entry(&self, model_id: &'static str) -> Entry {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(models.entry(model_id).or_default())
    }
}
