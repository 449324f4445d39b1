//! A listener that can be closed and opened again without giving up its port, and the connections that came through it. A
//! second socket holds the port, bound but not listening, so that the system itself refuses connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::Host;
use super::connection::connection;

/// Connections that the system keeps until they are accepted.
const BACKLOG: u32 = 4096;

/// How long requests may take to end when the emulator stops.
const GRACE: Duration = Duration::from_secs(2);

/// When to try again what failed for want of file handles.
const RETRY: Duration = Duration::from_millis(10);

/// When the door is open.
#[derive(Clone, Copy, Debug)]
enum Order {
    Open,
    Close { until: Option<Instant> },
}

/// Closes and opens a door from anywhere.
#[derive(Clone, Debug)]
pub(crate) struct Handle {
    orders: mpsc::UnboundedSender<(Order, oneshot::Sender<()>)>,
}

impl Handle {
    /// Refuses new connections for that long. It does so already when this returns.
    pub(super) async fn close_for(&self, time: Duration) {
        self.order(Order::Close { until: Some(Instant::now() + time) }).await;
    }

    /// Refuses new connections until it is told otherwise, or no longer.
    pub(crate) async fn set_open(&self, open: bool) {
        self.order(if open { Order::Open } else { Order::Close { until: None } }).await;
    }

    async fn order(&self, order: Order) {
        let (done, is_done) = oneshot::channel();
        // Both fail only after the emulator stopped, and a stopped emulator refuses anyway.
        if self.orders.send((order, done)).is_ok() {
            let _ = is_done.await;
        }
    }
}

/// A port that is ours, and the means to serve it.
pub(crate) struct Door {
    address: SocketAddr,
    /// Keeps the port when nobody listens.
    holder: TcpSocket,
    orders: mpsc::UnboundedReceiver<(Order, oneshot::Sender<()>)>,
    handle: Handle,
    /// How many connections are served at once, and how long the head of a request may take.
    limits: Limits,
}

/// What one door bears.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) read: Duration,
}

/// A door that is being served.
#[derive(Debug)]
pub(crate) struct Serving {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

impl Door {
    /// Takes a port on loopback; 0 is any that is free.
    pub(crate) fn take(port: u16, limits: Limits) -> io::Result<Self> {
        if port != 0 {
            // The holder would share the port with another emulator; this does not.
            std::net::TcpListener::bind(("127.0.0.1", port))?;
        }
        let holder = socket(SocketAddr::from(([127, 0, 0, 1], port)))?;
        let address = holder.local_addr()?;
        let (sender, orders) = mpsc::unbounded_channel();
        Ok(Self { address, holder, orders, handle: Handle { orders: sender }, limits })
    }

    pub(crate) fn host(&self) -> Host {
        Host { origin: format!("http://{}", self.address), door: self.handle.clone() }
    }

    /// Answers what comes in, after refusing connections for a while.
    ///
    /// # Errors
    /// The port can't be listened on, because somebody else does.
    pub(crate) fn serve(self, router: Router, refused: Duration) -> io::Result<Serving> {
        let (stop, stopped) = watch::channel(false);
        let first = match refused {
            Duration::ZERO => Some(listen(self.address)?),
            _ => None,
        };
        let reopening = first.is_none().then(|| Instant::now() + refused);
        let task = tokio::spawn(self.run(first, reopening, router, stopped));
        Ok(Serving { task, stop })
    }

    async fn run(
        mut self,
        mut listener: Option<TcpListener>,
        mut reopening: Option<Instant>,
        router: Router,
        mut stopped: watch::Receiver<bool>,
    ) {
        let mut connections = JoinSet::new();
        let Limits { connections: most, read } = self.limits;
        let places = Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS)));
        loop {
            tokio::select! {
                (accepted, place) = accept(listener.as_ref(), &places) => {
                    let connection = connection(accepted, router.clone(), read, stopped.clone());
                    connections.spawn(async move {
                        connection.await;
                        drop(place);
                    });
                    while connections.try_join_next().is_some() {}
                }
                Some((order, done)) = self.orders.recv() => {
                    match order {
                        Order::Open if listener.is_some() => {}
                        Order::Open => (listener, reopening) = reopen(self.address),
                        Order::Close { until } => {
                            for waiting in drain(listener.take()) {
                                connections.spawn(connection(waiting, router.clone(), read, stopped.clone()));
                            }
                            reopening = until;
                        }
                    }
                    let _ = done.send(());
                }
                () = at(reopening) => (listener, reopening) = reopen(self.address),
                _ = stopped.changed() => break,
            }
        }
        drop((listener, self.holder));
        let _ = timeout(GRACE, connections.join_all()).await;
    }
}

impl Serving {
    /// Takes no more connections and waits for the requests under way, for two seconds at most.
    pub(crate) async fn stop(mut self) {
        let _ = self.stop.send(true);
        let _ = (&mut self.task).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn socket(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    // Lets the listener and the holder of the port have the same address.
    #[cfg(unix)]
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    socket(address)?.listen(BACKLOG)
}

/// The open listener; or when to try again, if the system has no socket left.
fn reopen(address: SocketAddr) -> (Option<TcpListener>, Option<Instant>) {
    match listen(address) {
        Ok(listener) => (Some(listener), None),
        Err(_) => (None, Some(Instant::now() + RETRY)),
    }
}

/// The next connection, once there is a place for it.
async fn accept(listener: Option<&TcpListener>, places: &Arc<Semaphore>) -> (TcpStream, Option<OwnedSemaphorePermit>) {
    let Some(listener) = listener else { return std::future::pending().await };
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, place),
            // Out of file handles, most likely: some will be free soon.
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// The connections that the system had taken already; closing the listener would reset them.
fn drain(listener: Option<TcpListener>) -> Vec<TcpStream> {
    let accepted = listener.and_then(|listener| listener.into_std().ok()).into_iter().flat_map(|listener| {
        std::iter::from_fn(move || listener.accept().ok()).filter_map(|(stream, _)| {
            stream.set_nonblocking(true).ok()?;
            TcpStream::from_std(stream).ok()
        })
    });
    accepted.collect()
}

async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
