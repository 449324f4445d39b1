//! One connection: a stream in, its requests to the router, its answers back. Faults that no HTTP server would commit take
//! the stream over and write to it by hand. Knows what a fault does to a stream, but not why.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::Response;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;
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

/// What the requests of one connection share.
#[derive(Clone, Default)]
pub(super) struct Link {
    stale: Arc<AtomicBool>,
}

impl Link {
    /// The next request finds the connection closed.
    pub(super) fn make_stale(&self) {
        self.stale.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale.load(Ordering::Relaxed)
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
pub(super) async fn connection(stream: TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    // Answers are small and somebody waits for each.
    let _ = stream.set_nodelay(true);
    let taken_over = Arc::new(Mutex::new(None));
    let link = Link::default();
    let service = service_fn(|mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(link.clone());
        let answer = router.clone().oneshot(request.map(Body::new));
        let taken_over = Arc::clone(&taken_over);
        async move {
            let mut answer = answer.await.unwrap_or_else(|never: Infallible| match never {});
            match answer.extensions_mut().remove::<Takeover>() {
                Some(Takeover(ending)) => {
                    *lock(&taken_over) = lock(&ending).take();
                    Err(Ended)
                }
                None => Ok(answer),
            }
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => Some(ended),
        _ = stopped.changed() => None,
    };
    if ended.is_none() {
        Pin::new(&mut connection).graceful_shutdown();
        let _ = (&mut connection).await;
    }
    let ending = lock(&taken_over).take();
    if let Some(ending) = ending {
        finish(connection.into_parts().io.into_inner(), ending).await;
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
