//! Models that are ready to be submitted by: found by the lock of stored inputs, and compared with what is published. Must not
//! know single jobs.

use std::sync::Arc;
use std::time::Duration;

use runcomfy_client::{ApiErrorKind, Error as CallError, ModelInfo, Verification};

use super::{Shared, millis};
use crate::Progress;

/// A model and the digest of a lock.
pub(super) type Names = (String, String);

/// How long a model counts as published as it was.
pub(super) const FRESH: Duration = Duration::from_secs(60 * 60);
/// How long the comparison with what is published may take, and how long its jobs wait after one that did not work.
const PATIENCE: Duration = Duration::from_secs(30);

impl Shared {
    /// The model by which inputs under this lock are written. `None` after its jobs were made to wait: for a person, where it is
    /// not certain what their names mean, or where the catalogue does not accept the token, which pauses the batch that asked; for a
    /// while, where the catalogue can't be asked.
    pub(super) async fn ready(&self, (model, lock): &Names, batch: i64) -> Option<&'static ModelInfo> {
        let found = match self.store.lock(model, lock).await {
            Ok(lock) => {
                let (models, model) = (Arc::clone(&self.models), model.clone());
                tokio::task::spawn_blocking(move || models.by_lock(&model, &lock)).await.unwrap_or_default()
            }
            Err(error) => {
                self.trouble(&format!("the names of {model} can't be read"), &error);
                tokio::time::sleep(Duration::from_secs(1)).await;
                return None;
            }
        };
        let mut doubts = Vec::new();
        for info in found {
            match info {
                Err(why) => doubts.push(why),
                Ok(info) => match tokio::time::timeout(PATIENCE, self.client.verify_model(info)).await {
                    Ok(Ok(Verification::Drifted(drift))) => doubts.push(drift.to_string()),
                    // What is not listed, as private models are, can't be compared: the server decides.
                    Ok(Ok(_)) => return Some(info),
                    Ok(Err(error)) if refuses_token(&error) => return self.refused(batch, &error.to_string()).await,
                    Ok(Err(error)) => return self.wait(model, &error.to_string()).await,
                    Err(_) => return self.wait(model, "the catalogue does not answer").await,
                },
            }
        }
        let reason = doubts.join("; ");
        let pause = || self.store.pause_model(model, &reason);
        self.repeat("a model can't be paused", pause).await;
        self.tell(Progress::ModelPaused { model: model.clone(), reason });
        None
    }

    async fn refused(&self, batch: i64, reason: &str) -> Option<&'static ModelInfo> {
        self.repeat("a batch can't be paused", || self.store.pause_batch(batch, reason)).await;
        self.tell(Progress::Trouble(format!("the batch pauses: {reason}")));
        None
    }

    async fn wait(&self, model: &str, why: &str) -> Option<&'static ModelInfo> {
        let why = format!("{model} can't be compared with what is published: {why}");
        let postpone = || self.store.postpone_model(model, millis(PATIENCE * 2), &why);
        self.repeat("a model's jobs can't be postponed", postpone).await;
        self.tell(Progress::Trouble(why));
        None
    }
}

/// Whether the token is not accepted, which no waiting mends. A catalogue may forbid for a while what it is asked.
fn refuses_token(error: &CallError) -> bool {
    matches!(error, CallError::Api(error) if error.kind() == ApiErrorKind::Unauthorized)
}
