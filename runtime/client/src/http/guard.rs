//! A guard that cancels its job when it is dropped. Nothing is cancelled without one.

use std::ops::Deref;
use std::time::Duration;

use tokio::runtime::Handle;
use tracing::instrument::WithSubscriber as _;

use super::ending::Ending;
use super::error::Error;
use super::job::Job;
use crate::Json;
use crate::schema::FromValue;

/// A job that is cancelled when this is dropped before the job's end. Made by [`Job::cancel_on_drop`].
///
/// A drop can't wait, so the request is left to the tokio runtime in which the guard was made, or in which it is dropped.
/// Whether it arrives, and whether the job can still be cancelled, nobody will hear; without a running runtime nothing
/// is sent. Where that matters, call [`Job::cancel`] and look at what it says.
#[derive(Debug)]
pub struct CancelGuard<O = Json> {
    job: Job<O>,
    armed: bool,
    runtime: Option<Handle>,
}

impl<O> Job<O> {
    /// Makes a guard that cancels the job when it is dropped before the job's end.
    #[must_use = "the guard cancels the job as soon as it is dropped"]
    pub fn cancel_on_drop(self) -> CancelGuard<O> {
        CancelGuard { job: self, armed: true, runtime: Handle::try_current().ok() }
    }
}

impl<O> CancelGuard<O> {
    /// The job without the guard.
    #[must_use]
    pub fn disarm(mut self) -> Job<O> {
        self.armed = false;
        self.job.clone()
    }
}

impl<O: FromValue> CancelGuard<O> {
    /// As [`Job::wait`]; after the job's end there is nothing left to cancel.
    ///
    /// # Errors
    /// As [`Job::wait`].
    pub async fn wait(&mut self) -> Result<Ending<O>, Error> {
        let ending = self.job.wait().await;
        self.disarm_after(ending)
    }

    /// As [`Job::wait_timeout`]; after the job's end there is nothing left to cancel.
    ///
    /// # Errors
    /// As [`Job::wait`].
    pub async fn wait_timeout(&mut self, limit: Duration) -> Result<Ending<O>, Error> {
        let ending = self.job.wait_timeout(limit).await;
        self.disarm_after(ending)
    }

    fn disarm_after(&mut self, ending: Result<Ending<O>, Error>) -> Result<Ending<O>, Error> {
        self.armed &= !ending.as_ref().is_ok_and(Ending::is_over);
        ending
    }
}

impl<O> Deref for CancelGuard<O> {
    type Target = Job<O>;

    fn deref(&self) -> &Job<O> {
        &self.job
    }
}

impl<O> Drop for CancelGuard<O> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        let runtime = self.runtime.take().or_else(|| Handle::try_current().ok());
        let job = self.job.untyped();
        match runtime {
            Some(runtime) => {
                let cancel = async move {
                    if let Err(error) = job.cancel().await {
                        tracing::warn!(request_id = job.request_id(), %error, "not cancelled");
                    }
                };
                runtime.spawn(cancel.with_current_subscriber());
            }
            None => {
                tracing::warn!(request_id = job.request_id(), error = "there is no runtime", "not cancelled");
            }
        }
    }
}
