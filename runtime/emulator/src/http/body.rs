//! A body that arrives piece by piece and may break off: bytes in, frames with pauses out.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

/// Pieces that a slow body comes in.
const PIECES: usize = 10;

/// Sends its pieces with a pause before each.
pub(super) struct Paced {
    pieces: VecDeque<Bytes>,
    /// The length that is announced; a body that breaks off does not keep it.
    announced: u64,
    pause: Duration,
    sleeping: Pin<Box<Sleep>>,
    breaks_off: bool,
    hung_up: Option<Box<dyn FnOnce() + Send>>,
}

impl Paced {
    /// The whole body in ten pieces, over `time`. `hung_up` is called if nobody waits for the end.
    pub(super) fn slow(bytes: &Bytes, time: Duration, hung_up: impl FnOnce() + Send + 'static) -> Self {
        let piece = bytes.len().div_ceil(PIECES).max(1);
        let pieces: VecDeque<_> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
        let pause = time / u32::try_from(pieces.len().max(1)).unwrap_or(1);
        Self::new(pieces, bytes.len() as u64, pause, false, Some(Box::new(hung_up)))
    }

    /// The first half of the body, then the end of the connection.
    pub(super) fn cut(bytes: &Bytes) -> Self {
        let half = VecDeque::from([bytes.slice(..bytes.len() / 2)]);
        // The pause gives the first half time to leave before the connection breaks.
        Self::new(half, bytes.len().max(1) as u64, Duration::from_millis(1), true, None)
    }

    fn new(
        pieces: VecDeque<Bytes>,
        announced: u64,
        pause: Duration,
        breaks_off: bool,
        hung_up: Option<Box<dyn FnOnce() + Send>>,
    ) -> Self {
        Self { pieces, announced, pause, sleeping: Box::pin(sleep(pause)), breaks_off, hung_up }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        ready!(self.sleeping.as_mut().poll(cx));
        self.sleeping = Box::pin(sleep(self.pause));
        if let Some(piece) = self.pieces.pop_front() {
            if self.pieces.is_empty() {
                // Nobody asks for more than was announced, so this is the end.
                self.hung_up = None;
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if self.breaks_off {
            let error = std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut by a fault");
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        if let Some(hung_up) = self.hung_up.take() {
            hung_up();
        }
    }
}
