//! What certainly did not reach the server: a failure of the HTTP client in, what kind of failure it is out. Must not send
//! anything again.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::Stream;

use super::error::TransportErrorKind;

/// A body that can be sent once only, as a stream of one piece, and that notes whether somebody began to send it.
pub(super) struct Once {
    bytes: Option<Bytes>,
    sending: Sending,
    may_send: Option<MaySend>,
}

/// Whether a body may still be sent.
pub(super) type MaySend = Arc<dyn Fn() -> bool + Send + Sync>;

/// Whether somebody began to send a body. What has none counts as begun by nobody.
#[derive(Clone, Default)]
pub(super) struct Sending(Arc<Seen>);

#[derive(Default)]
struct Seen {
    begun: AtomicBool,
    too_late: AtomicBool,
}

/// The time in which the body might have been sent is over.
#[derive(Debug)]
pub(super) struct TooLate;

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time in which it may be sent is over")
    }
}

impl Error for TooLate {}

impl Once {
    pub(super) fn new(bytes: Bytes, sending: &Sending, may_send: Option<MaySend>) -> Self {
        Self { bytes: Some(bytes), sending: sending.clone(), may_send }
    }
}

impl Stream for Once {
    type Item = Result<Bytes, TooLate>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(bytes) = self.bytes.take() else { return Poll::Ready(None) };
        let seen = &self.sending.0;
        if self.may_send.as_ref().is_some_and(|may_send| !may_send()) {
            seen.too_late.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(TooLate)));
        }
        seen.begun.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Ok(bytes)))
    }
}

impl Sending {
    /// What kind of failure this is, before an answer began.
    ///
    /// Nothing arrived if there is no connection, if it was too late for the body to leave, if hyper hands the request back
    /// unwritten, and if the server says so by HTTP/2. All of them say it of this one request, for redirects are not followed.
    pub(super) fn failure(&self, error: &reqwest::Error) -> TransportErrorKind {
        let begun = self.0.begun.load(Ordering::Relaxed);
        match () {
            () if self.0.too_late.load(Ordering::Relaxed) => TransportErrorKind::NotTaken,
            () if !begun && error.is_connect() => TransportErrorKind::Connect,
            () if !begun && causes(error).any(is_handed_back) => TransportErrorKind::NotTaken,
            () if causes(error).any(is_refused) => TransportErrorKind::NotTaken,
            () => failure_of_answer(error),
        }
    }
}

/// What kind of failure this is, once an answer began.
pub(super) fn failure_of_answer(error: &reqwest::Error) -> TransportErrorKind {
    if error.is_timeout() { TransportErrorKind::Timeout } else { TransportErrorKind::Interrupted }
}

fn is_handed_back(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<hyper::Error>().is_some_and(hyper::Error::is_canceled)
}

/// Whether the server says that it did not look at the stream: it refuses it, or it goes away and names a lower one as the
/// last. Streams that it names or that are lower end in another error when it is gone.
fn is_refused(cause: &(dyn Error + 'static)) -> bool {
    cause.downcast_ref::<h2::Error>().is_some_and(|error| {
        let is_reset = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        error.is_remote() && (is_reset || error.is_go_away())
    })
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |&cause| cause.source())
}
