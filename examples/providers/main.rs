//! One job of each provider, at once, each to a file on disk: what differs between models is their `Input` and their `Output`,
//! and nothing else.
//!
//! `cargo run -p providers` runs them on an emulator in this process: free, without an account, in seconds.
//! `RUNCOMFY_TOKEN=emulator-token cargo run -p providers -- --base-url http://127.0.0.1:PORT/v1` runs them on an
//! emulator that is a program of its own. On RunComfy every one of them is charged, so this example never goes there by itself.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod jobs;

use std::path::{Path, PathBuf};

use clap::Parser;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use runcomfy::{Client, Model, SavedFile};
use runcomfy_emulator::Emulator;

/// One job of each provider.
#[derive(Parser)]
struct Args {
    /// The API that gets the jobs, with the token of the environment. Without it: an emulator in this process.
    #[arg(long)]
    base_url: Option<String>,
    /// The folder for the files.
    #[arg(long, default_value = "out")]
    out: PathBuf,
}

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let args = Args::parse();
    if let Some(base_url) = &args.base_url {
        return make_all(&Client::builder().base_url(base_url).build()?, &args.out).await;
    }
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas"))
        .workers(jobs::all().len())
        .speed(30.0)
        .start()
        .await?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
    make_all(&client, &args.out).await
}

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Runs all jobs at once and shows each when it is done.
async fn make_all(client: &Client, out: &Path) -> Result<(), Failed> {
    let jobs = jobs::all();
    let mut running: FuturesUnordered<_> =
        jobs.iter().map(|job| async { (job.model(), job.make(client, out).await) }).collect();
    while let Some((model, made)) = running.next().await {
        let files = made.map_err(|error| format!("{model}: {error}"))?;
        if files.is_empty() {
            return Err(format!("{model}: the job ended well and made no file").into());
        }
        files.iter().for_each(|file| println!("{model}: {} ({} bytes)", file.path.display(), file.bytes));
    }
    Ok(())
}

/// A job of any model: types that differ, behind what they have in common.
trait Job {
    /// The model's id.
    fn model(&self) -> &'static str;

    /// Checks the input, submits it, waits, and saves what was made.
    fn make<'a>(&'a self, client: &'a Client, out: &'a Path) -> BoxFuture<'a, Result<Vec<SavedFile>, Failed>>;
}

impl<M: Model> Job for M {
    fn model(&self) -> &'static str {
        M::ID
    }

    fn make<'a>(&'a self, client: &'a Client, out: &'a Path) -> BoxFuture<'a, Result<Vec<SavedFile>, Failed>> {
        Box::pin(async move {
            let done = client.run(self).await?;
            // The models share the folder, so the name says whose the file is.
            let names = format!("{}-{{index}}.{{extension}}", M::ID.replace('/', "-"));
            Ok(client.downloader().names(&names)?.download_all(&done.output, out).await?)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::jobs;

    /// A provider that a sync brings is missing from the list until somebody adds it.
    #[test]
    fn there_is_a_job_of_each_provider() {
        let schemas = concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas");
        let folders = std::fs::read_dir(schemas).expect("the schema folder").map(|entry| entry.expect("an entry"));
        let folders = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
        let published: BTreeSet<String> = folders.map(|name| name.into_string().expect("ASCII")).collect();
        let published: BTreeSet<&str> =
            published.iter().map(String::as_str).filter(|name| *name != "_shared").collect();
        let jobs = jobs::all();
        let shown: Vec<&str> = jobs.iter().filter_map(|job| job.model().split('/').next()).collect();
        assert_eq!(shown.iter().copied().collect::<BTreeSet<_>>(), published, "examples/providers/jobs.rs");
        assert_eq!(shown.len(), published.len(), "one of each");
    }
}
