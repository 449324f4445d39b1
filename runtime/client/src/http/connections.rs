//! A client's connections, and how many requests may use them at once: of each runtime its own, for a connection that a runtime
//! made moves only while somebody drives it, and a turn that it holds is held for as long. Must not know what is sent.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::bare;
use super::endpoint::Endpoint;
use super::runtimes::PerRuntime;
use super::tls;
use super::transport::chain;

/// A connection that has been idle for longer carries no request: servers and balancers close idle ones, and a submit that
/// meets such a close has an unknown outcome.
const LONGEST_IDLE: Duration = Duration::from_secs(20);

/// The connections of all runtimes.
pub(crate) struct Connections {
    first: reqwest::Client,
    /// How to make more; `None` where the program has given its own, which serves all runtimes.
    settings: Option<Settings>,
    /// How many requests may be under way at once. Others queue here, for free, instead of for connections.
    at_once: usize,
    lines: PerRuntime<Lines>,
}

/// For an API that is reached over https, or on this machine itself, past any proxy.
struct Settings {
    tls: rustls::ClientConfig,
    is_local: bool,
    connect_timeout: Duration,
}

/// What one runtime has.
struct Lines {
    http: reqwest::Client,
    gate: Arc<Semaphore>,
    /// A task that ends with the runtime.
    life: Option<AbortHandle>,
}

/// The right to have one request under way.
pub(crate) struct Turn {
    pub(crate) http: reqwest::Client,
    permit: Option<OwnedSemaphorePermit>,
}

impl Turn {
    /// What others wait for. This goes on without it.
    pub(crate) fn take_permit(&mut self) -> Option<OwnedSemaphorePermit> {
        self.permit.take()
    }
}

impl Connections {
    /// Those of the program.
    pub(crate) fn given(http: reqwest::Client, at_once: usize) -> Self {
        Self { first: http, settings: None, at_once, lines: PerRuntime::default() }
    }

    /// Those to an API.
    pub(crate) fn to(endpoint: &Endpoint, connect_timeout: Duration, at_once: usize) -> Result<Self, String> {
        let tls = tls::config().map_err(|error| chain(&error))?;
        let settings = Settings { tls, is_local: endpoint.is_local(), connect_timeout };
        let first = settings.connect().map_err(|error| chain(&error))?;
        Ok(Self { settings: Some(settings), ..Self::given(first, at_once) })
    }

    /// Waits until one more request may be under way. What is large should be made only then.
    pub(crate) async fn turn(&self) -> Turn {
        let lines = self.lines.get(Lines::may_be_driven, |is_only| self.lines(is_only));
        // The gate is never closed.
        let permit = Arc::clone(&lines.gate).acquire_owned().await.ok();
        Turn { http: lines.http.clone(), permit }
    }

    /// What a runtime has from now on.
    fn lines(&self, is_only: bool) -> Lines {
        let own = self.settings.as_ref().filter(|_| !is_only).and_then(|settings| settings.connect().ok());
        let gate = Semaphore::new(self.at_once.clamp(1, Semaphore::MAX_PERMITS));
        let life = Handle::try_current().ok().map(|runtime| runtime.spawn(pending::<()>()).abort_handle());
        Lines { http: own.unwrap_or_else(|| self.first.clone()), gate: Arc::new(gate), life }
    }
}

impl Settings {
    fn connect(&self) -> reqwest::Result<reqwest::Client> {
        let http = bare::connections_with(self.tls.clone());
        let http = http.redirect(redirect::Policy::none()).connect_timeout(self.connect_timeout);
        let http = http.pool_idle_timeout(LONGEST_IDLE);
        let http = if self.is_local { http.no_proxy() } else { http.https_only(true) };
        http.build()
    }
}

impl Lines {
    fn may_be_driven(&self) -> bool {
        self.life.as_ref().is_some_and(|life| !life.is_finished())
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if let Some(life) = &self.life {
            life.abort();
        }
    }
}
