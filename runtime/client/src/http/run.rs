//! The call that does everything: an input in, an output out, or the error that stands for how it ended. Must not repeat
//! anything.

use super::client::Client;
use super::ending::Done;
use super::error::{Detached, Error};
use crate::Model;

impl Client {
    /// Checks the input, submits a job, waits for its end and fetches the result.
    ///
    /// Any ending but success is an error. Once the job is submitted, no error [is retryable](Error::is_retryable), and each
    /// has the [request id](Error::request_id): follow the job with [`job`](Self::job), for running again is paying again.
    ///
    /// A future that is dropped half-way takes the request id along. To give up after a time, set
    /// [`wait_timeout`](crate::ClientBuilder::wait_timeout), or [`submit`](Self::submit) and wait in two steps.
    ///
    /// # Errors
    /// Those of [`submit`](Self::submit), then those of [`Ending::success`](crate::Ending::success);
    /// [`Error::OutOfReach`] if the job has ended and its result can't be had, and [`Error::Detached`] if the job can't be
    /// followed any more.
    pub async fn run<M: Model>(&self, input: &M) -> Result<Done<M::Output>, Error> {
        let job = self.submit(input).await?;
        let begun = tokio::time::Instant::now();
        match job.wait().await {
            Ok(ending) => ending.success(),
            // It has ended, so there is nothing left to follow.
            Err(error @ Error::OutOfReach(_)) => Err(error),
            Err(cause) => Err(Detached {
                model_id: Some(M::ID.to_owned()),
                request_id: job.request_id().to_owned(),
                last: None,
                waited: begun.elapsed(),
                cause: Some(cause),
            }
            .into()),
        }
    }
}
