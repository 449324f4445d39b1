//! The client: what all calls share, and the call that does everything.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Url};

use super::body::Answer;
use super::builder::ClientBuilder;
use super::download::Downloader;
use super::ending::Done;
use super::error::{Detached, Error};
use super::poll::PollPolicy;
use super::retry::RetryPolicy;
use super::transport::{Request, Transport};
use super::verified::Verified;
use crate::Model;

/// A client of RunComfy's Model API. Cheap to clone; one is enough for many thousand jobs.
///
/// It needs a tokio runtime. The token goes to the API's own address and nowhere else.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What the clones of a client share.
pub(crate) struct Inner {
    pub(crate) transport: Transport,
    pub(crate) downloader: Downloader,
    pub(crate) retry: RetryPolicy,
    pub(crate) poll: Box<dyn PollPolicy>,
    /// Limit of each request that reads, and of cancelling.
    pub(crate) request_timeout: Duration,
    pub(crate) submit_timeout: Duration,
    pub(crate) wait_timeout: Option<Duration>,
    pub(crate) outage_limit: Duration,
    /// Which models were found to be current; `None` if the client does not ask.
    pub(crate) verified: Option<Verified>,
}

impl Client {
    /// A client with the token and the base URL of the environment.
    ///
    /// The token is `RUNCOMFY_TOKEN`, else `RUNCOMFY_API_TOKEN`, else `RUNCOMFY_API_KEY`, else the one that the vendor's
    /// command-line tool saved in `token.json` in `RUNCOMFY_CONFIG_DIR`, `$XDG_CONFIG_HOME/runcomfy` or `~/.config/runcomfy`. The base URL is
    /// `RUNCOMFY_MODEL_API_BASE`, else `https://model-api.runcomfy.net/v1`.
    ///
    /// # Errors
    /// [`Error::Config`]: no token, an expired one, a base URL that can't be used.
    pub fn from_env() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A client with this token, and the base URL of the environment as for [`from_env`](Self::from_env).
    ///
    /// # Errors
    /// [`Error::Config`]: a token or a base URL that can't be used.
    pub fn new(token: impl Into<String>) -> Result<Self, Error> {
        Self::builder().token(token).build()
    }

    /// Settings for a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

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
    /// [`Error::Detached`] too if the job can't be followed any more.
    pub async fn run<M: Model>(&self, input: &M) -> Result<Done<M::Output>, Error> {
        let job = self.submit(input).await?;
        let begun = tokio::time::Instant::now();
        match job.wait().await {
            Ok(ending) => ending.success(),
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

    /// Makes a call that does no harm when it is made twice, until it succeeds or the retries are used up.
    pub(crate) async fn call<T>(
        &self,
        method: Method,
        url: Url,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let inner = self.inner();
        let attempt = async || {
            let request =
                Request { method: method.clone(), url: url.clone(), body: None, timeout: inner.request_timeout };
            read(&inner.transport.send(inner.transport.turn().await, request).await?)
        };
        inner.retry.run(Error::is_retryable, attempt).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", &self.inner.transport.endpoint).finish_non_exhaustive()
    }
}
