//! Many prompts, some at a time, each paid for once: the program may be killed at any moment and started again.
//!
//! `cargo run --example batch` runs twelve prompts on an emulator. On RunComfy, which costs money:
//! `RUNCOMFY_TOKEN=… cargo run --example batch -- --live --prompts prompts.txt --table jobs --out films`
//!
//! What makes it safe is an order: a job is noted as *submitting* before it is sent, and its request id right after. So the
//! next start knows for each job whether to submit, to wait or to do nothing. If the program ended between the two notes,
//! or the answer got lost, nobody knows whether there is a job; then it is reported, not sent again. An id is also printed,
//! before it is noted: a table on a full disk must not be the only one who was told of a job that is paid for.

mod table;

use std::error::Error as StdError;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use futures_util::{StreamExt as _, stream};
use runcomfy::community::wan_2_2::vace_fun::Input;
use runcomfy::{Client, DownloadErrorKind, Ending, Error, ImageInput, Model as _};
use runcomfy_emulator::Emulator;
use tracing_subscriber::EnvFilter;

use table::{Row, State, Table};

/// Runs a file of prompts.
#[derive(Parser)]
struct Args {
    /// Use RunComfy, with the token of the environment. This is charged.
    #[arg(long)]
    live: bool,
    /// A text file with one prompt on each line.
    #[arg(long)]
    prompts: Option<PathBuf>,
    /// The folder of the job table.
    #[arg(long, default_value = "out/batch/jobs")]
    table: PathBuf,
    /// The folder for the films.
    #[arg(long, default_value = "out/batch/films")]
    out: PathBuf,
    /// How many jobs are submitted and not yet finished at any time.
    #[arg(long, default_value_t = 4)]
    at_once: usize,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    // `RUST_LOG=debug` shows what the client does.
    tracing_subscriber::fmt().with_env_filter(EnvFilter::from_default_env()).with_writer(std::io::stderr).init();
    let mut args = Args::parse();
    if args.live {
        return run(&Client::from_env()?, &args).await;
    }
    let emulator = Emulator::builder(concat!(env!("CARGO_MANIFEST_DIR"), "/../schemas"))
        .model_time(Input::ID, Duration::from_secs(30))
        .speed(60.0)
        .start()
        .await?;
    // This emulator will know nothing of an earlier one's jobs.
    let folder = tempfile::tempdir()?;
    args.table = folder.path().join("jobs");
    args.out = folder.path().join("films");
    let client = Client::builder().base_url(emulator.base_url()).token(emulator.token()).build()?;
    let code = run(&client, &args).await?;
    say(&format!("the emulator's account: {} jobs", emulator.account().accepted().count()));
    Ok(code)
}

/// Brings every job as far as it gets. The exit code is 0 if all are done.
async fn run(client: &Client, args: &Args) -> Result<ExitCode, Box<dyn StdError>> {
    let prompts = match &args.prompts {
        Some(file) => fs::read_to_string(file)?.lines().map(str::to_owned).collect(),
        None => samples(),
    };
    let image = ImageInput::sample("Runcomfy_Example_1290_1.png");
    let inputs = prompts.into_iter().zip(1..).map(|(prompt, seed)| Input::new(prompt, image.clone()).seed(seed));
    let table = Table::open(&args.table)?;
    let rows = stream::iter(table.rows(inputs)?).map(|mut row| {
        let table = &table;
        async move {
            let end = finish(client, table, &mut row, &args.out).await;
            report(&row, end)
        }
    });
    let unfinished = rows.buffer_unordered(args.at_once).filter(|done| std::future::ready(!done)).count().await;
    say(&format!("{unfinished} unfinished"));
    Ok(if unfinished == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Takes a job from where it is to its end. An error leaves it where it is, for the next start.
async fn finish(client: &Client, table: &Table, row: &mut Row, out: &Path) -> Result<(), Box<dyn StdError>> {
    if row.state == State::Submitting {
        let why = "a program ended while it submitted this job".to_owned();
        note(table, row, State::OutcomeUnknown { why })?;
    }
    if row.state == State::New {
        note(table, row, State::Submitting)?;
        let next = submit(client, &row.input).await;
        if let State::Submitted { request_id } = &next {
            say(&format!("{:04} submitted: {request_id}", row.number));
        }
        note(table, row, next).map_err(|error| unnoted(row, &error))?;
    }
    if let State::Submitted { request_id } = row.state.clone() {
        // The id keeps it apart from the films of other tables.
        let file = out.join(format!("{:04}-{request_id}.mp4", row.number));
        let next = fetch(client, request_id, file).await?;
        note(table, row, next)?;
    }
    Ok(())
}

/// What the table should hold and doesn't, so that a person can put it there.
fn unnoted(row: &Row, error: &std::io::Error) -> String {
    match &row.state {
        State::Submitted { request_id } => format!(
            "the table can't be written ({error}), but the job is submitted and paid for: set its state to \"submitted\" and \
             its \"request_id\" to \"{request_id}\", or it is taken for one of unknown outcome"
        ),
        state => format!("the table can't be written ({error}); it should say {state:?}"),
    }
}

/// A line for the user, on both streams if the first is on the full disk too. Unlike `println!` it never ends the program.
fn say(line: &str) {
    if writeln!(std::io::stdout(), "{line}").is_err() {
        _ = writeln!(std::io::stderr(), "{line}");
    }
}

fn note(table: &Table, row: &mut Row, state: State) -> std::io::Result<()> {
    row.state = state;
    table.store(row)
}

async fn submit(client: &Client, input: &Input) -> State {
    match client.submit(input).await {
        Ok(job) => State::Submitted { request_id: job.request_id().to_owned() },
        // Certainly not submitted, and worth another try at the next start.
        Err(error) if error.is_retryable() || error.needs_funds() || error.is_auth() => State::New,
        Err(error @ Error::OutcomeUnknown(_)) => match error.request_id() {
            Some(id) => State::Submitted { request_id: id.to_owned() },
            None => State::OutcomeUnknown { why: error.to_string() },
        },
        Err(error) => State::Failed { request_id: None, why: error.to_string() },
    }
}

/// Waits for the job and saves its film. May be done again as often as need be.
async fn fetch(client: &Client, request_id: String, file: PathBuf) -> Result<State, Box<dyn StdError>> {
    let failed = |why: String| Ok(State::Failed { request_id: Some(request_id.clone()), why });
    let done = match client.job::<Input>(&request_id)?.wait().await? {
        Ending::Succeeded(done) => done,
        Ending::Failed(failure) => return failed(failure.message),
        Ending::Cancelled(_) => return failed("cancelled".to_owned()),
        // It may go on, so it stays as it is.
        other => return Err(other.success().map_or_else(Into::into, |_| "not over".into())),
    };
    let Some(url) = &done.output.video else { return failed("no film".to_owned()) };
    match client.downloader().download(url, &file).await {
        Ok(_) => {}
        // A program saved it and ended before it could note so: files get their name only when they are whole.
        Err(error) if matches!(error.kind(), DownloadErrorKind::Exists) => {}
        Err(error) => return Err(error.into()),
    }
    Ok(State::Done { request_id, file })
}

/// Says how far the job is, and whether it is done.
fn report(row: &Row, end: Result<(), Box<dyn StdError>>) -> bool {
    let number = row.number;
    match (&row.state, end) {
        (State::Done { file, .. }, _) => {
            say(&format!("{number:04} done: {}", file.display()));
            return true;
        }
        (_, Err(error)) => say(&format!("{number:04} later: {error}")),
        (State::OutcomeUnknown { why }, _) => say(&format!(
            "{number:04} outcome unknown, not submitted again: {why}. Look for it in your account; \
             if it is not there, set its state to \"new\""
        )),
        (state, _) => say(&format!("{number:04} {state:?}")),
    }
    false
}

fn samples() -> Vec<String> {
    let places = ["a harbour", "a desert", "a night train", "a greenhouse"];
    let lights = ["at dawn", "in the rain", "under neon light"];
    lights.iter().flat_map(|light| places.map(|place| format!("A slow shot through {place} {light}"))).collect()
}
