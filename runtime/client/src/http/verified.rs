//! Which models were found to be published as this program knows them. Must not ask the server.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::runtimes::PerRuntime;

/// The models that need not be looked up again.
#[derive(Default)]
pub(crate) struct Verified {
    models: Mutex<HashMap<&'static str, Arc<Entry>>>,
}

/// What is known of one model.
#[derive(Default)]
pub(crate) struct Entry {
    is_current: AtomicBool,
    lookups: PerRuntime<tokio::sync::Mutex<()>>,
}

impl Entry {
    /// Locked while a model is looked up, so that a runtime looks it up once.
    pub(crate) fn lookup(&self) -> Arc<tokio::sync::Mutex<()>> {
        self.lookups.get(|_| false, |_| tokio::sync::Mutex::default())
    }

    /// Whether it was found current.
    pub(crate) fn is_current(&self) -> bool {
        self.is_current.load(Ordering::Relaxed)
    }

    /// It was found current.
    pub(crate) fn note_current(&self) {
        self.is_current.store(true, Ordering::Relaxed);
    }
}

impl Verified {
    /// What is known of a model.
    pub(crate) fn entry(&self, model_id: &'static str) -> Arc<Entry> {
        let mut models = self.models.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(models.entry(model_id).or_default())
    }
}
