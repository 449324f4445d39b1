//! What certainly did not reach the server: a failure of the HTTP client in, what kind of failure it is out. Must not send
//! anything again.

use std::convert::Infallible;
use std::error::Error;
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
}

/// Whether somebody began to send a body. What has none counts as begun by nobody.
#[derive(Clone, Default)]
pub(super) struct Sending(Arc<AtomicBool>);

impl Once {
    pub(super) fn new(bytes: Bytes, sending: &Sending) -> Self {
        Self { bytes: Some(bytes), sending: sending.clone() }
    }
}

impl Stream for Once {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.sending.0.store(true, Ordering::Relaxed);
        Poll::Ready(self.bytes.take().map(Ok))
    }
}

impl Sending {
    /// What kind of failure this is, before an answer began.
    ///
    /// Nothing arrived if there is no connection, if hyper hands the request back unwritten, and if the server says so by
    /// HTTP/2. The first two say it of the last request, which may be one that follows a redirect: then the first one, which
    /// had the body, did arrive.
    pub(super) fn failure(&self, error: &reqwest::Error) -> TransportErrorKind {
        let begun = self.0.load(Ordering::Relaxed);
        match () {
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
