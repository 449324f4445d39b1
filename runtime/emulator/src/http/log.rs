//! The log of requests: what was asked, when, how it was answered. Bodies are counted and hashed on their way and never
//! kept; headers, and so the token, are not looked at.

use std::collections::VecDeque;
use std::fmt;
use std::hash::Hasher as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use siphasher::sip::SipHasher13;
use tokio::time::Instant;

use super::Site;
use super::connection::Takeover;
use crate::{Fault, lock};

/// How many requests are remembered.
const MAX_KEPT: usize = 100_000;

/// A body that went over the line, as far as it did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Seen {
    /// How many bytes.
    pub bytes: u64,
    /// A hash of them (SipHash-1-3 with zero keys): equal bodies have equal hashes, on every machine.
    pub hash: u64,
}

/// One request and its answer. Displayed, it is a line of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logged {
    /// When it arrived, in real time since the start.
    pub at: Duration,
    /// The method, such as `GET`.
    pub method: String,
    /// Path and query. A token in it is hidden.
    pub target: String,
    /// What was read of its body.
    pub request: Seen,
    /// The HTTP status of the answer; `None` if there is none yet, and if a fault ended the connection or wrote to it by
    /// hand.
    pub status: Option<u16>,
    /// What was sent of the answer's body.
    pub answer: Seen,
    /// The fault that struck it.
    pub fault: Option<Fault>,
}

impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, method, target, request, status, answer, fault } = self;
        write!(f, "{:.3} {method} {target} ", at.as_secs_f64())?;
        match status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("no answer")?,
        }
        for (name, body) in [("in", request), ("out", answer)] {
            write!(f, " {name} {} {:016x}", body.bytes, body.hash)?;
        }
        fault.map_or(Ok(()), |fault| write!(f, " {fault:?}"))
    }
}

/// Told of each request when its answer is over.
pub(crate) type Listener = Arc<dyn Fn(&Logged) + Send + Sync>;

/// The last requests, in the order of arrival.
#[derive(Clone)]
pub(crate) struct Log {
    started: Instant,
    requests: Arc<Mutex<VecDeque<Arc<Mutex<Logged>>>>>,
    listener: Option<Listener>,
}

impl Log {
    pub(crate) fn new(listener: Option<Listener>) -> Self {
        Self { started: Instant::now(), requests: Arc::default(), listener }
    }

    pub(crate) fn requests(&self) -> Vec<Logged> {
        lock(&self.requests).iter().map(|logged| lock(logged).clone()).collect()
    }

    fn enter(&self, request: &Request, token: &str) -> Arc<Mutex<Logged>> {
        let logged = Logged {
            at: self.started.elapsed(),
            method: request.method().to_string(),
            target: request.uri().to_string().replace(token, "(token)"),
            request: Seen::default(),
            status: None,
            answer: Seen::default(),
            fault: None,
        };
        let logged = Arc::new(Mutex::new(logged));
        let mut requests = lock(&self.requests);
        if requests.len() == MAX_KEPT {
            requests.pop_front();
        }
        requests.push_back(Arc::clone(&logged));
        logged
    }
}

/// Logs a request, whatever becomes of it.
pub(super) async fn log(State(site): State<Site>, request: Request, next: Next) -> Response {
    let logged = site.log.enter(&request, &site.backend.config.token);
    let of_request = Arc::clone(&logged);
    let request = request.map(|body| tallied(body, move |seen| lock(&of_request).request = seen));
    let answer = next.run(request).await;
    let is_answered = answer.extensions().get::<Takeover>().is_none();
    {
        let mut logged = lock(&logged);
        logged.status = is_answered.then(|| answer.status().as_u16());
        logged.fault = answer.extensions().get::<Fault>().copied();
    }
    let listener = site.log.listener.clone();
    answer.map(|body| {
        tallied(body, move |seen| {
            let mut logged = lock(&logged);
            logged.answer = seen;
            if let Some(listener) = listener {
                listener(&logged);
            }
        })
    })
}

fn tallied(body: Body, done: impl FnOnce(Seen) + Send + 'static) -> Body {
    Body::new(Tally { body, bytes: 0, hasher: SipHasher13::new(), done: Some(Box::new(done)) })
}

/// A body that is counted and hashed as it passes.
struct Tally {
    body: Body,
    bytes: u64,
    hasher: SipHasher13,
    done: Option<Box<dyn FnOnce(Seen) + Send>>,
}

impl HttpBody for Tally {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            self.bytes += data.len() as u64;
            self.hasher.write(data);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Tally {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            done(Seen { bytes: self.bytes, hash: self.hasher.finish() });
        }
    }
}
