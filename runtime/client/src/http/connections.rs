//! A client's connections, and how many requests may use them at once: of each runtime its own, for a connection that a runtime
//! made moves only while somebody drives it, and a turn that it holds is held for as long. Must not know what is sent.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::redirect;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::AbortHandle;

use super::bare;
use super::chain::chain;
use super::endpoint::Endpoint;
use super::runtimes::PerRuntime;
use super::sleep::Clocks;
use super::tls;

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
    http: Mutex<Fresh>,
    gate: Arc<Semaphore>,
    /// A task that ends with the runtime.
    life: Option<AbortHandle>,
}

/// Connections that did not outlast a sleep of the machine.
struct Fresh {
    http: reqwest::Client,
    last_used: Clocks,
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
        Turn { http: self.fresh(&lines, Clocks::now()), permit }
    }

    /// What a runtime has from now on.
    fn lines(&self, is_only: bool) -> Lines {
        let own = self.settings.as_ref().filter(|_| !is_only).and_then(|settings| settings.connect().ok());
        let gate = Semaphore::new(self.at_once.clamp(1, Semaphore::MAX_PERMITS));
        let life = Handle::try_current().ok().map(|runtime| runtime.spawn(pending::<()>()).abort_handle());
        let http = own.unwrap_or_else(|| self.first.clone());
        Lines { http: Mutex::new(Fresh { http, last_used: Clocks::now() }), gate: Arc::new(gate), life }
    }

    /// The connections of a runtime. Those from before a sleep of the machine the server has closed, and its word of that may
    /// never have come: they carry nothing more.
    fn fresh(&self, lines: &Lines, now: Clocks) -> reqwest::Client {
        let mut fresh = lines.http.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut fresh.last_used, now);
        if before.slept_until(now)
            && let Some(settings) = &self.settings
            && let Ok(http) = settings.connect()
        {
            fresh.http = http;
        }
        fresh.http.clone()
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

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    /// A server that keeps its connections, and tells of each.
    fn server() -> (String, mpsc::Receiver<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let (tell, connections) = mpsc::channel();
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = tell.send(());
                thread::spawn(move || {
                    while stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                    }
                });
            }
        });
        (base, connections)
    }

    #[tokio::test]
    async fn no_connection_outlasts_a_sleep_of_the_machine() {
        let (base, made) = server();
        let endpoint = Endpoint::parse(&base).expect("a base URL");
        let connections = Connections::to(&endpoint, Duration::from_secs(10), 4).expect("connections");
        let ask = async || {
            let turn = connections.turn().await;
            turn.http.get(&base).send().await.expect("an answer").bytes().await.expect("a body");
            tokio::time::sleep(Duration::from_millis(5)).await;
            made.try_iter().count()
        };
        // A connection goes back to the pool a moment after the body has come; then it is used again.
        while ask().await > 0 {}
        let lines = connections.lines.get(|_| true, |_| panic!("made before"));
        {
            let mut fresh = lines.http.lock().expect("not poisoned");
            fresh.last_used = fresh.last_used.before_a_sleep_of(Duration::from_secs(3600));
        }
        assert_eq!(ask().await, 1, "a new one after a sleep");
    }
}
