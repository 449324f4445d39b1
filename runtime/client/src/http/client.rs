//! The client: what all calls share. The calls themselves are `impl`s of [`Client`] in the modules that make them. Must not know
//! any of them.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Url};

use super::body::Answer;
use super::download::Downloader;
use super::error::Error;
use super::poll::PollPolicy;
use super::question::Asker;
use super::retry::RetryPolicy;
use super::shared::Jobs;
use super::transport::{NoAnswer, Request, Transport};
use super::verified::Verified;

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
    pub(crate) jobs: Jobs,
}

impl Client {
    pub(crate) fn of(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Makes a call that does no harm when it is made twice, until it succeeds or the retries are used up.
    pub(crate) async fn call<T>(
        &self,
        method: Method,
        url: Url,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.call_unless(method, url, None, read).await
    }

    /// The same, for a server that may say that its answer is still the one that is known by this tag.
    pub(crate) async fn call_unless<T>(
        &self,
        method: Method,
        url: Url,
        known: Option<&str>,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let inner = self.inner();
        let attempt = async || {
            let (method, url, timeout) = (method.clone(), url.clone(), inner.request_timeout);
            let known = known.map(str::to_owned);
            let request = Request { method, url, body: None, known, timeout, may_send: None };
            let sent = inner.transport.send(inner.transport.connections.turn().await, request).await;
            read(&sent.or_else(NoAnswer::or_whole)?)
        };
        inner.retry.run(Error::is_retryable, attempt).await
    }

    /// The same for somebody who may stop listening.
    pub(crate) async fn call_for<T>(
        &self,
        asker: &impl Asker,
        url: Url,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let inner = self.inner();
        let attempt = async || {
            let (method, url, timeout) = (Method::GET, url.clone(), inner.request_timeout);
            let request = Request { method, url, body: None, known: None, timeout, may_send: None };
            let turn = inner.transport.connections.turn().await;
            asker.sends();
            let sent = inner.transport.send_for(asker, turn, request).await;
            let answer = sent.or_else(NoAnswer::or_whole).and_then(|answer| read(&answer));
            answer.inspect_err(|error| asker.not_answered(error))
        };
        inner.retry.run_until(|| asker.end(), Error::is_retryable, attempt).await
    }
}

impl Client {
    /// The API's base URL, its version included.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        self.inner.transport.endpoint.base()
    }

    /// How long one submit may take: [`ClientBuilder::submit_timeout`](crate::ClientBuilder::submit_timeout).
    #[must_use]
    pub fn submit_timeout(&self) -> Duration {
        self.inner.submit_timeout
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoint", &self.inner.transport.endpoint).finish_non_exhaustive()
    }
}
