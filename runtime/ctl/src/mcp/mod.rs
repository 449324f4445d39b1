//! `mcp`: the models for a language model, over stdio. Eight tools, whatever the catalogue's size; what is paid is bound by quotes and
//! by limits that only the person sets who starts the server. Must not take a price or a limit from a call.

mod calls;
mod files;
mod server;
mod tools;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use rmcp::ServiceExt as _;
use runcomfy_client::tool::Dialect;
use runcomfy_runner::{Batch, Budget, Models, Usd};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::desk::Desk;
use crate::failure::{Exit, Failure};
use crate::models::Known;
use crate::out::Out;
use crate::stop;
use files::Folders;
use server::Server;
pub(crate) use tools::all as tools;

/// What the person sets who starts the server.
pub(crate) struct Settings {
    /// The most that all jobs of a day may cost, by UTC.
    pub(crate) budget: Usd,
    /// What is reserved for each job, and the most that one may cost.
    pub(crate) per_job: Option<Usd>,
    /// The folder whose files may go in.
    pub(crate) files: Option<PathBuf>,
    /// The folder where files come out.
    pub(crate) out: PathBuf,
    /// What the host takes as the schema of an input.
    pub(crate) dialect: Dialect,
    /// For how long a quote holds, in seconds.
    pub(crate) quote_seconds: u32,
}

/// Jobs of this label are the server's own: those of people are none of its business, nor are theirs of its budget.
const LABEL: &str = "mcp";

/// Serves until the host closes the standard input. Jobs that are submitted go on.
///
/// # Errors
/// The store, the folders or the limits can't be used; the host speaks another language.
pub(crate) async fn serve(desk: Desk, known: Known, models: Models, settings: Settings) -> Result<(), Failure> {
    if settings.budget > Usd::ZERO && settings.per_job.is_none_or(|most| most <= Usd::ZERO) {
        return Err(Failure::new(Exit::Usage, "--budget-usd alone does not say what one job may cost")
            .help("add --per-job-usd: so much is reserved for each job"));
    }
    // Without an account there is nothing to serve.
    let client = desk.client()?.clone();
    let out = Out { json: false };
    let store = desk.store(out, LABEL).await?;
    store.set_limit(&Budget::EachDay, Some(settings.budget)).await?;
    let batch = Batch::open(&store, "mcp").await?;
    let folders = Folders::open(settings.files.as_deref(), &settings.out, batch.name())?;
    let (halt, halted) = watch::channel(false);
    let workers = Mutex::default();
    let server =
        Arc::new(Server { _desk: desk, client, known, models, settings, store, batch, folders, halted, workers });
    // What an earlier server left goes on at once, and models that are listed by now are found.
    server.work();
    let listed = Arc::clone(&server);
    tokio::spawn(async move {
        if let Err(failure) = listed.known.refresh(&listed.client).await {
            tracing::warn!("the list of models is as old as it was: {}", failure.what());
        }
    });
    let talk = async {
        let running = server::Handler(Arc::clone(&server)).serve(rmcp::transport::stdio_pipes()).await;
        let running = running.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
        running.waiting().await.map(drop).map_err(|error| Failure::new(Exit::Server, error.to_string()))
    };
    let talked = tokio::select! {
        talked = talk => talked,
        () = stop::interrupted(out) => Ok(()),
    };
    halt.send_replace(true);
    // Submits under way are noted.
    let workers: JoinSet<()> = std::mem::take(&mut *server.workers.lock().unwrap_or_else(PoisonError::into_inner));
    workers.join_all().await;
    talked
}
