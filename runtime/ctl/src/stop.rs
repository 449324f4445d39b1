//! When a worker stops: the first Ctrl-C asks whether what is queued is to be cancelled, the second leaves. Where nobody can be asked, or
//! nothing is left to cancel, the first one leaves. One more does not wait for anything. Must not know the store.

use std::io::BufRead as _;

use runcomfy_client::{Cancellation, Client};

use crate::failure::Exit;
use crate::out::Out;

/// Ends when the program is to leave. `request` gives the request that is under way, if there is one.
pub(crate) fn asked(
    out: Out,
    client: Client,
    request: impl Fn() -> Option<String> + Send,
) -> impl Future<Output = ()> + Send {
    // From now on, be it before anybody waits for it: what is sent is noted.
    let presses = Presses::new();
    async move { ask(out, client, request, presses).await }
}

async fn ask(out: Out, client: Client, request: impl Fn() -> Option<String> + Send, mut presses: Presses) {
    presses.next().await;
    let Some(request) = request().filter(|_| out.is_watched()) else { return leaving(out, presses) };
    out.note("\ncancel the job, if it is still queued? [y/N] (Ctrl-C again leaves it as it is)");
    let yes = tokio::select! {
        () = presses.next() => return leaving(out, presses),
        yes = yes() => yes,
    };
    if yes {
        let said = tokio::select! {
            () = presses.next() => return leaving(out, presses),
            said = cancel(&client, &request) => said,
        };
        out.note(&said);
    }
    // Its end is heard of, unless there is another Ctrl-C.
    presses.next().await;
    leaving(out, presses);
}

/// Ends with a Ctrl-C.
pub(crate) fn interrupted(out: Out) -> impl Future<Output = ()> + Send {
    let mut presses = Presses::new();
    async move {
        presses.next().await;
        leaving(out, presses);
    }
}

/// What is under way is noted before the program ends; with one more Ctrl-C it ends as if it was killed, which loses nothing.
fn leaving(out: Out, mut presses: Presses) {
    tokio::spawn(async move {
        presses.next().await;
        out.note("left at once: the same command goes on");
        std::process::exit(Exit::Again as i32);
    });
}

/// Each Ctrl-C since it was made, be it while nobody waits.
struct Presses(Option<Stream>);

#[cfg(unix)]
type Stream = tokio::signal::unix::Signal;
#[cfg(windows)]
type Stream = tokio::signal::windows::CtrlC;

impl Presses {
    fn new() -> Self {
        #[cfg(unix)]
        let stream = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt());
        #[cfg(windows)]
        let stream = tokio::signal::windows::ctrl_c();
        Self(stream.ok())
    }

    async fn next(&mut self) {
        if let Some(stream) = &mut self.0
            && stream.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

async fn yes() -> bool {
    // A thread of its own: nobody may wait for it at the end of the program.
    let (said, says) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        _ = said.send(read.is_ok() && line.trim().eq_ignore_ascii_case("y"));
    });
    says.await.unwrap_or_default()
}

/// Asks the server to cancel a request, and says what became of it.
pub(crate) async fn cancel(client: &Client, request: &str) -> String {
    let job = match client.untyped_job(request) {
        Ok(job) => job,
        Err(error) => return error.to_string(),
    };
    match job.cancel().await {
        Ok(Cancellation::Cancelled) => "cancelled".to_owned(),
        Ok(Cancellation::NotCancellable) => "it is too late: it runs or has ended, and is charged".to_owned(),
        Ok(other) => format!("the server was asked, and says {}: the job's end will tell", other.as_str()),
        Err(error) => format!("it could not be cancelled: {error}"),
    }
}
