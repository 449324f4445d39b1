//! When a worker stops: the first Ctrl-C asks whether what is queued is to be cancelled, the second leaves. Where nobody can be asked, the
//! first one leaves. Must not know the store.

use std::io::BufRead as _;

use runcomfy_client::{Cancellation, Client};

use crate::out::Out;

/// Ends when the program is to leave. `request` gives the request that is under way, once there is one.
pub(crate) async fn asked(out: Out, client: Client, request: impl Fn() -> Option<String> + Send) {
    interrupted().await;
    let Some(request) = request().filter(|_| out.is_watched()) else { return };
    out.note("\ncancel the job, if it is still queued? [y/N] (Ctrl-C again leaves it as it is)");
    let yes = tokio::select! {
        () = interrupted() => return,
        yes = yes() => yes,
    };
    if yes {
        out.note(&cancel(&client, &request).await);
    }
    // Its end is heard of, unless there is another Ctrl-C.
    interrupted().await;
}

/// Ends with a Ctrl-C.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
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
