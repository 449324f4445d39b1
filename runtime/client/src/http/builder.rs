//! Settings in, a client out. What is not set comes from the environment, or is a default that is documented here.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderValue;

use super::client::{Client, Inner};
use super::connections::Connections;
use super::download::{Downloader, InvalidDownloader};
use super::endpoint::{DEFAULT_BASE, Endpoint};
use super::error::{ConfigError, Error};
use super::poll::{AdaptivePolling, PollPolicy};
use super::proxies;
use super::redirects;
use super::retry::RetryPolicy;
use super::shared::Jobs;
use super::token::Token;
use super::transport::Transport;
use super::verified::Verified;

/// Settings for a [`Client`].
#[must_use = "nothing happens before `build`"]
pub struct ClientBuilder {
    token: Option<String>,
    base_url: Option<String>,
    user_agent: String,
    http: Option<reqwest::Client>,
    downloader: Option<Downloader>,
    connect_timeout: Duration,
    request_timeout: Duration,
    submit_timeout: Duration,
    wait_timeout: Option<Duration>,
    outage_limit: Duration,
    retry: RetryPolicy,
    poll: Box<dyn PollPolicy>,
    verify_models: bool,
    max_concurrent_requests: usize,
    max_answer_bytes: usize,
}

impl Default for ClientBuilder {
    fn default() -> Self {
        Self {
            token: None,
            base_url: None,
            user_agent: concat!("runcomfy-rust/", env!("CARGO_PKG_VERSION")).to_owned(),
            http: None,
            downloader: None,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            submit_timeout: Duration::from_secs(100),
            wait_timeout: None,
            outage_limit: Duration::from_secs(5 * 60),
            retry: RetryPolicy::default(),
            poll: Box::new(AdaptivePolling),
            verify_models: false,
            max_concurrent_requests: 64,
            max_answer_bytes: 64 << 20,
        }
    }
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
}

impl ClientBuilder {
    /// Sets the token, instead of the environment's.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets the base URL, its version included, as in `https://model-api.runcomfy.net/v1`. It must be https, but for
    /// addresses of this machine itself.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    /// Sets what the client calls itself.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Sets the HTTP client, for a proxy, own certificates or a shared pool of connections. Its connect timeout
    /// is its own; give it a `pool_idle_timeout` of at most 20 seconds. An answer whose head it can't read tells no request id:
    /// unless it is told otherwise, it reads no more than 100 lines (`http1_max_headers`), 16 KiB over HTTP/2
    /// (`http2_max_header_list_size`), and no line that is malformed (`http1_ignore_invalid_headers_in_responses`).
    ///
    /// Use a client with such a one in a single runtime: a connection that another runtime made stands still while nobody drives
    /// that one. The client's own connections belong to one runtime each.
    ///
    /// It must follow no redirects: build it with [`redirect::Policy::none`](reqwest::redirect::Policy::none). Else
    /// [`build`](Self::build) refuses it, for what becomes of the request that follows a submit would be taken for what became of the
    /// submit.
    ///
    /// For a base URL without TLS, which is on this machine, it must have no proxy for `http://` URLs, from the environment
    /// either: build it with `no_proxy()`. Else [`build`](Self::build) refuses it, for the proxy would read the token.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Sets what saves the files of outputs: other hosts, limits, connections. By default it has the defaults of
    /// [`Downloader::builder`], and takes files from this machine if the API is there.
    pub fn downloader(mut self, downloader: Downloader) -> Self {
        self.downloader = Some(downloader);
        self
    }

    /// Sets how long connecting may take. 10 seconds by default.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets how long one request may take that reads or cancels, from its connecting to the last byte of its answer. 30 seconds
    /// by default. Each repeat has this time anew, and the wait for a turn is not part of it
    /// ([`max_concurrent_requests`](Self::max_concurrent_requests)).
    ///
    /// The limit holds against servers that drip. One that sends informational answers (`103`) without end, as fast as the
    /// line takes them, is heard by the HTTP library at a stretch, without a look at the clock: then the time is up when the
    /// line first has nothing to give, which may be some seconds later.
    pub fn request_timeout(mut self, limit: Duration) -> Self {
        self.request_timeout = limit;
        self
    }

    /// Sets how long one submit may take, as [`request_timeout`](Self::request_timeout) does for others. 100 seconds by default. Keep it above the time that the server needs: a submit that
    /// is given up is one whose [outcome is unknown](Error::OutcomeUnknown).
    pub fn submit_timeout(mut self, limit: Duration) -> Self {
        self.submit_timeout = limit;
        self
    }

    /// Sets how long [`Job::wait`](crate::Job::wait) and [`Client::run`] wait for a job, the time of their requests included.
    /// For ever by default. A run's submit is not part of it.
    pub fn wait_timeout(mut self, limit: Duration) -> Self {
        self.wait_timeout = Some(limit);
        self
    }

    /// Sets how long a wait goes on while the server does not answer, the time of its requests included; at least a second.
    /// The result of a job that has ended is asked for over a minute at least. 5 minutes by default. When the time is up the
    /// server is asked once more, and has up to ten seconds more to answer that. The error is what it last said; a
    /// [timeout](crate::TransportErrorKind::Timeout) only if it said nothing all the time. The time in which a question waits for
    /// its turn does not count, until its first request has left.
    pub fn outage_limit(mut self, limit: Duration) -> Self {
        self.outage_limit = limit;
        self
    }

    /// Sets how often calls are repeated.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets how often a job's status is asked for.
    pub fn poll(mut self, policy: impl PollPolicy) -> Self {
        self.poll = Box::new(policy);
        self
    }

    /// Sets whether a model is looked up in the catalogue before its first submit, which is free. A model that the server
    /// publishes with other keys than this program was compiled with is refused. Off by default.
    pub fn verify_models(mut self, verify: bool) -> Self {
        self.verify_models = verify;
        self
    }

    /// Sets how many requests may be under way at once in each runtime; at least 1, 64 by default. Others wait for their turn. A
    /// question of a wait that has ended goes on beside them ([`Job::wait_timeout`](crate::Job::wait_timeout)).
    pub fn max_concurrent_requests(mut self, limit: usize) -> Self {
        self.max_concurrent_requests = limit;
        self
    }

    /// Sets how large an answer of the API may be, in bytes. 64 MiB by default: results may repeat inputs.
    pub fn max_answer_bytes(mut self, limit: usize) -> Self {
        self.max_answer_bytes = limit;
        self
    }

    /// Makes the client. Nothing is asked of the server.
    ///
    /// # Errors
    /// [`Error::Config`]: no token, an expired one, a base URL or another setting that can't be used.
    pub fn build(self) -> Result<Client, Error> {
        let variables = |name: &str| std::env::var(name).ok();
        let base_url = self.base_url.or_else(|| variables("RUNCOMFY_MODEL_API_BASE").filter(|text| !text.is_empty()));
        let endpoint = Endpoint::parse(base_url.as_deref().unwrap_or(DEFAULT_BASE))?;
        let token = match &self.token {
            Some(token) => Token::new(token)?,
            None => Token::find(&variables)?,
        };
        let refused = |reason: String| ConfigError::Http { reason };
        let user_agent = HeaderValue::from_str(&self.user_agent)
            .map_err(|_| refused("the user agent holds characters that no header has".to_owned()))?;
        let at_once = self.max_concurrent_requests;
        let connections = match self.http {
            Some(http) if endpoint.is_plain() && proxies::may_be_used(&http) => {
                return Err(refused(PROXY.to_owned()).into());
            }
            Some(http) if redirects::may_be_followed(&http) => return Err(refused(REDIRECTS.to_owned()).into()),
            Some(http) => Connections::given(http, at_once),
            None => Connections::to(&endpoint, self.connect_timeout, at_once).map_err(refused)?,
        };
        let downloader = match self.downloader {
            Some(downloader) => downloader,
            None => own_downloader(&endpoint, user_agent.clone()).map_err(|error| refused(error.to_string()))?,
        };
        let answer_limit = self.max_answer_bytes;
        Ok(Client::of(Inner {
            transport: Transport { connections, endpoint, token, user_agent, answer_limit },
            downloader,
            retry: self.retry,
            poll: self.poll,
            request_timeout: self.request_timeout,
            submit_timeout: self.submit_timeout,
            wait_timeout: self.wait_timeout,
            outage_limit: self.outage_limit,
            verified: self.verify_models.then(Verified::default),
            jobs: Jobs::default(),
        }))
    }
}

const PROXY: &str = "the base URL is on this machine and without TLS, and the HTTP client that was given may send requests, \
                     token included, to a proxy: build it with `no_proxy()`";

const REDIRECTS: &str = "the HTTP client that was given may follow redirects, after which nobody knows what became of a \
                         submit: build it with `redirect(reqwest::redirect::Policy::none())`";

/// What saves the outputs of an API.
fn own_downloader(endpoint: &Endpoint, user_agent: HeaderValue) -> Result<Downloader, InvalidDownloader> {
    let local = endpoint.is_local();
    let connections = |http: reqwest::ClientBuilder| {
        let http = http.user_agent(user_agent);
        if local { http.no_proxy() } else { http }
    };
    Downloader::builder().allow_local(endpoint.base()).connections(connections).build()
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither the token nor the base URL, which may hold a password as long as nobody has looked at it.
        f.debug_struct("ClientBuilder").finish_non_exhaustive()
    }
}
