//! One job of each provider, at once, each to a file on disk: by a program that was written for none of these models, and goes
//! on when a sync changes them.
//!
//! `cargo run -p providers` runs them on an emulator in this process: free, without an account, in seconds.
//! `RUNCOMFY_TOKEN=emulator-token cargo run -p providers -- --base-url http://127.0.0.1:PORT/v1` runs them on an
//! emulator that is a program of its own. On RunComfy every one of them is charged, so this example never goes there by itself.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Parser;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use runcomfy::{Client, Ending, ModelInfo, SavedFile};
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

type Failed = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failed> {
    let args = Args::parse();
    let models = one_of_each_provider();
    if let Some(base_url) = &args.base_url {
        return make_all(&models, &Client::builder().base_url(base_url).build()?, &args.out).await;
    }
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas"))
        .workers(models.len())
        .speed(30.0)
        .start()
        .await?;
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
    make_all(&models, &client, &args.out).await
}

/// The first model of each provider.
fn one_of_each_provider() -> Vec<&'static ModelInfo> {
    let mut first = BTreeMap::new();
    for model in runcomfy::models() {
        first.entry(model.id.split('/').next()).or_insert(model);
    }
    first.into_values().collect()
}

/// Runs all jobs at once and shows each when it is done.
async fn make_all(models: &[&'static ModelInfo], client: &Client, out: &Path) -> Result<(), Failed> {
    let mut running: FuturesUnordered<_> =
        models.iter().map(|model| async { (model.id, make(model, client, out).await) }).collect();
    while let Some((model, made)) = running.next().await {
        let files = made.map_err(|error| format!("{model}: {error}"))?;
        if files.is_empty() {
            return Err(format!("{model}: the job ended well and made no file").into());
        }
        files.iter().for_each(|file| println!("{model}: {} ({} bytes)", file.path.display(), file.bytes));
    }
    Ok(())
}

/// Starts from the model's example, checks it, submits it, waits, and saves what was made.
async fn make(model: &ModelInfo, client: &Client, out: &Path) -> Result<Vec<SavedFile>, Failed> {
    let input = model.example().ok_or("its rules ask for more than an example has")?;
    let job = client.submit_checked(model, &model.to_wire(&input)?).await?;
    let Ending::Succeeded(done) = job.wait().await? else { return Err("the job did not succeed".into()) };
    // The models share the folder, so the name says whose the file is.
    let names = format!("{}-{{index}}.{{extension}}", model.id.replace('/', "-"));
    Ok(client.downloader().names(&names)?.download_all(&done.output, out).await?)
}
