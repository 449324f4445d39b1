//! Bodies that come in, and how much is in them; and bodies that go out piece by piece, with pauses, and may break off or never
//! end.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Sleep, sleep, timeout};

/// How long a body that nobody wants may arrive.
const DISCARDING: Duration = Duration::from_secs(10);

/// Reads a body and keeps nothing, so that its sender comes to reading the answer, which need not wait for that.
pub(super) fn discard(body: axum::body::Body) {
    if body.is_end_stream() {
        return;
    }
    tokio::spawn(timeout(DISCARDING, async move {
        let mut body = body;
        while let Some(Ok(_)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {}
    }));
}

/// How many values some JSON has, at least about: each has a comma or an opening bracket before it. What is in texts does
/// not count.
pub(super) fn values(json: &[u8]) -> usize {
    let (mut values, mut in_text, mut escaped) = (0, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = in_text,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' => values += usize::from(!in_text),
            _ => {}
        }
    }
    values
}

/// Pieces that a slow body comes in.
const PIECES: usize = 10;

/// Sends its pieces with a pause before each.
pub(super) struct Paced {
    pieces: Box<dyn Iterator<Item = Bytes> + Send>,
    /// The length that is announced, if one is; a body that breaks off does not keep it.
    announced: Option<u64>,
    sent: u64,
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
    breaks_off: bool,
    hung_up: Option<Box<dyn FnOnce() + Send>>,
}

impl Paced {
    /// The whole body in ten pieces, over `time`. `hung_up` is called if nobody waits for the end.
    pub(super) fn slow(bytes: &Bytes, time: Duration, hung_up: impl FnOnce() + Send + 'static) -> Self {
        let piece = bytes.len().div_ceil(PIECES).max(1);
        let pieces: Vec<_> = bytes.chunks(piece).map(Bytes::copy_from_slice).collect();
        let pause = time / u32::try_from(pieces.len().max(1)).unwrap_or(1);
        let mut slow = Self::new(pieces.into_iter(), Some(bytes.len()), pause);
        slow.hung_up = Some(Box::new(hung_up));
        slow
    }

    /// The same piece again and again.
    pub(super) fn endless(piece: Bytes, pause: Duration, hung_up: impl FnOnce() + Send + 'static) -> Self {
        let mut endless = Self::new(std::iter::repeat(piece), None, pause);
        endless.hung_up = Some(Box::new(hung_up));
        endless
    }

    /// That many bytes of the body, then the end of the connection.
    pub(super) fn cut(bytes: &Bytes, kept: usize) -> Self {
        let kept = bytes.slice(..kept.min(bytes.len()));
        // The pause gives the first part time to leave before the connection breaks.
        let mut cut = Self::new(std::iter::once(kept), Some(bytes.len().max(1)), Duration::from_millis(1));
        cut.breaks_off = true;
        cut
    }

    /// Pieces as fast as they are taken.
    pub(super) fn at_once(pieces: impl Iterator<Item = Bytes> + Send + 'static) -> Self {
        Self::new(pieces, None, Duration::ZERO)
    }

    fn new(pieces: impl Iterator<Item = Bytes> + Send + 'static, announced: Option<usize>, pause: Duration) -> Self {
        Self {
            pieces: Box::new(pieces),
            announced: announced.map(|announced| announced as u64),
            sent: 0,
            pause,
            sleeping: None,
            breaks_off: false,
            hung_up: None,
        }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.pause.is_zero() {
            let pause = self.pause;
            ready!(self.sleeping.get_or_insert_with(|| Box::pin(sleep(pause))).as_mut().poll(cx));
            self.sleeping = None;
        }
        if let Some(piece) = self.pieces.next() {
            self.sent += piece.len() as u64;
            if self.announced == Some(self.sent) {
                // Nobody asks for more than was announced, so this is the end.
                self.hung_up = None;
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        self.hung_up = None;
        if self.breaks_off {
            let error = std::io::Error::new(std::io::ErrorKind::ConnectionAborted, "cut by a fault");
            return Poll::Ready(Some(Err(error)));
        }
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        if let Some(hung_up) = self.hung_up.take() {
            hung_up();
        }
    }
}
