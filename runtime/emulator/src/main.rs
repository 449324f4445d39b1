//! The emulator as a program: options in, an address, a token and a curl line that works out, until Ctrl-C.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use runcomfy_emulator::{AccountErrors, Emulator, Faults, UnknownModel};

/// A RunComfy that runs on your desk: no account, no money, no internet
#[derive(Debug, Parser)]
#[command(version)]
struct Options {
    /// The schema folder whose models are served
    #[arg(long, default_value = "schemas")]
    schemas: PathBuf,
    /// The port on 127.0.0.1; 0 is any that is free
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The token that requests must bring
    #[arg(long, default_value = "emulator-token")]
    token: String,
    /// How many jobs run at once
    #[arg(long, default_value_t = 4)]
    workers: usize,
    /// How many emulated seconds a job runs
    #[arg(long, value_name = "SECONDS", default_value_t = 20)]
    time: u64,
    /// How much faster emulated time runs than real time
    #[arg(long, default_value_t = 1.0)]
    speed: f64,
    /// What request ids, media files and faults are made from
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// What goes wrong
    #[arg(long, value_enum, default_value_t = FaultLevel::None)]
    faults: FaultLevel,
    /// How a bad token and an empty balance are answered
    #[arg(long, value_enum, default_value_t = Refusal::BadRequest)]
    account_errors: Refusal,
    /// How an unknown model is answered
    #[arg(long, value_enum, default_value_t = Unknown::NotFound)]
    unknown_model: Unknown,
    /// The catalogue wants no token
    #[arg(long)]
    open_catalogue: bool,
    /// A line on stderr for each request: time, method, path, status, and size and hash of what came in and went out
    #[arg(long)]
    log: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Refusal {
    /// Both with HTTP 400
    BadRequest,
    /// With 401 and 402
    Unauthorized,
    /// With 403 and 402
    Forbidden,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unknown {
    /// With 404001
    NotFound,
    /// With 400001
    BadIdentifier,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FaultLevel {
    /// Nothing
    None,
    /// About every sixth request is struck, every tenth job fails
    Heavy,
    /// About every third: odd JSON, other shapes of outputs and cancels, pages of gateways, broken downloads, too
    Hostile,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    let mut builder = Emulator::builder(options.schemas)
        .port(options.port)
        .token(options.token)
        .workers(options.workers)
        .processing_time(Duration::from_secs(options.time))
        .speed(options.speed)
        .seed(options.seed)
        .faults(match options.faults {
            FaultLevel::None => Faults::none(),
            FaultLevel::Heavy => Faults::heavy(),
            FaultLevel::Hostile => Faults::hostile(),
        })
        .account_errors(match options.account_errors {
            Refusal::BadRequest => AccountErrors::BadRequest,
            Refusal::Unauthorized => AccountErrors::Unauthorized,
            Refusal::Forbidden => AccountErrors::Forbidden,
        })
        .unknown_model(match options.unknown_model {
            Unknown::NotFound => UnknownModel::NotFound,
            Unknown::BadIdentifier => UnknownModel::BadIdentifier,
        })
        .open_catalogue(options.open_catalogue);
    if options.log {
        // A log that nobody reads any more is no reason to stop.
        builder = builder.on_request(|request| drop(writeln!(io::stderr(), "{request}")));
    }
    let emulator = builder.start().await?;
    io::stdout().write_all(greeting(&emulator).as_bytes())?;
    tokio::signal::ctrl_c().await?;
    let account = emulator.account();
    let (submitted, accepted, spent) = (account.submissions().len(), account.accepted().count(), account.spent());
    emulator.stop().await;
    writeln!(io::stdout(), "\nstopped: {submitted} submitted, {accepted} accepted, {spent} spent")?;
    Ok(())
}

/// Everything that one needs to talk to the emulator, ready to paste.
fn greeting(emulator: &Emulator) -> String {
    let (ids, token) = (emulator.model_ids(), emulator.token());
    let mut text = format!(
        "RunComfy emulator, models: {}\n\nexport RUNCOMFY_MODEL_API_BASE={}\nexport RUNCOMFY_TOKEN={}\n",
        ids.len(),
        emulator.base_url(),
        quoted(token),
    );
    if let Some((id, body)) = ids.iter().find_map(|id| Some((id, emulator.example_body(id)?))) {
        let url = format!("{}/models/{id}", emulator.base_url());
        text += &format!(
            "\ncurl -sS {url} \\\n  -H {} \\\n  -H 'Content-Type: application/json' \\\n  -d {}\n",
            quoted(&format!("Authorization: Bearer {token}")),
            quoted(&body.to_string()),
        );
    }
    text + "\nCtrl-C stops it.\n"
}

/// The text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
