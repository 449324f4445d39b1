//! One connection: a stream in, its requests to the router, its answers back. Faults that no HTTP server would commit take
//! the stream over and write to it by hand. Knows what a fault does to a stream, but not why.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, sleep_until};
use tower::ServiceExt as _;

use crate::lock;

/// Pieces to write, each after a pause.
type Script = Box<dyn Iterator<Item = (Duration, Bytes)> + Send>;

/// What happens to a stream instead of an answer.
pub(super) enum Ending {
    /// It is reset.
    Reset,
    /// It is closed in good order.
    Close,
    /// This is written, piece by piece, then it is closed. `hung_up` is called if the client does not wait for the end.
    Write { script: Script, hung_up: Box<dyn FnOnce() + Send> },
}

/// Put on a response, it makes the server end the connection that way instead of answering.
#[derive(Clone)]
pub(super) struct Takeover(Arc<Mutex<Option<Ending>>>);

impl Takeover {
    /// A response that is never sent.
    pub(super) fn response(ending: Ending) -> Response {
        let mut answer = Response::new(Body::empty());
        answer.extensions_mut().insert(Self(Arc::new(Mutex::new(Some(ending)))));
        answer
    }
}

/// How far the next request has come.
#[derive(Default)]
struct Reading {
    /// A request is with the router.
    busy: AtomicBool,
    /// When the first byte of a head came that is not whole.
    since: Mutex<Option<Instant>>,
    changed: Notify,
}

/// What the requests of one connection share.
#[derive(Clone, Default)]
pub(super) struct Link {
    stale: Arc<AtomicBool>,
    reading: Arc<Reading>,
}

impl Link {
    /// The next request finds the connection closed.
    pub(super) fn make_stale(&self) {
        self.stale.store(true, Ordering::Relaxed);
    }

    /// A head is whole.
    fn begin(&self) {
        self.reading.busy.store(true, Ordering::Relaxed);
        *lock(&self.reading.since) = None;
    }

    /// Its answer is made.
    fn end(&self) {
        self.reading.busy.store(false, Ordering::Relaxed);
    }

    /// Bytes came.
    fn heard(&self) {
        if !self.reading.busy.load(Ordering::Relaxed) {
            lock(&self.reading.since).get_or_insert_with(Instant::now);
            self.reading.changed.notify_one();
        }
    }

    /// Ends when a head has been half there for that long. A connection on which nothing comes may stay open.
    async fn half_sent(&self, limit: Duration) {
        loop {
            let since = *lock(&self.reading.since);
            match since {
                None => self.reading.changed.notified().await,
                Some(since) => {
                    sleep_until(since + limit).await;
                    if *lock(&self.reading.since) == Some(since) {
                        return;
                    }
                }
            }
        }
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed)
    }
}

/// A stream whose reads are noted.
struct Watched {
    stream: TcpStream,
    link: Link,
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.link.heard();
        }
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Ends a connection inside hyper.
#[derive(Clone, Copy, Debug)]
struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ended by a fault")
    }
}

impl std::error::Error for Ended {}

/// Answers the requests of one connection until either side has enough.
pub(super) async fn connection(
    stream: TcpStream,
    router: Router,
    read_limit: Duration,
    mut stopped: watch::Receiver<bool>,
) {
    // Answers are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let taken_over = Arc::new(Mutex::new(None));
    let link = Link::default();
    let service = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(link.clone());
        link.begin();
        let link = link.clone();
        let answer = router.clone().oneshot(request.map(Body::new));
        let taken_over = Arc::clone(&taken_over);
        async move {
            let mut answer = answer.await.unwrap_or_else(|never: Infallible| match never {});
            link.end();
            match answer.extensions_mut().remove::<Takeover>() {
                Some(Takeover(ending)) => {
                    *lock(&taken_over) = lock(&ending).take();
                    Err(Ended)
                }
                None => Ok(answer),
            }
        }
    });
    let mut connection =
        http1::Builder::new().serve_connection(TokioIo::new(Watched { stream, link: link.clone() }), service);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        _ = stopped.changed() => None,
        () = link.half_sent(read_limit) => return,
    };
    if ended.is_none() {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = (&mut connection).await;
    }
    let ending = lock(&taken_over).take();
    if let Some(ending) = ending {
        finish(connection.into_parts().io.into_inner().stream, ending).await;
    }
}

async fn finish(mut stream: TcpStream, ending: Ending) {
    match ending {
        Ending::Reset => {
            let _ = stream.set_zero_linger();
        }
        Ending::Close => {
            let _ = stream.shutdown().await;
        }
        Ending::Write { script, hung_up } => {
            for (pause, piece) in script {
                sleep(pause).await;
                if stream.write_all(&piece).await.is_err() {
                    return hung_up();
                }
            }
            let _ = stream.shutdown().await;
        }
    }
}
