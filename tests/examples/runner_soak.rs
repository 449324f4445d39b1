//! A batch that worker processes bring to its end while they are killed, stopped beyond their leases and cut off from disk and
//! database, against an emulator that misbehaves: is any job lost, paid for twice, or paid for beyond the budget?
//!
//! `cargo run --release -p workspace-tests --example runner_soak -- --jobs 20000 --workers 3 --database postgres --seed 7 --format json`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::process::{Command, ExitCode};

use clap::{Parser, ValueEnum};
use runner_soak::{Database, Options, run, work};

/// Ends with 1 if a job is not where it should be.
#[derive(Parser)]
struct Args {
    /// How many jobs; the budget is for nine of ten.
    #[arg(long, default_value_t = 1000)]
    jobs: u32,
    /// How many worker processes.
    #[arg(long, default_value_t = 3)]
    workers: usize,
    /// How many jobs each of them has under way.
    #[arg(long, default_value_t = 32)]
    at_once: usize,
    /// `sqlite`, `postgres` for a cluster in a scratch folder, or the URL of an empty database.
    #[arg(long, default_value = "sqlite", value_parser = database)]
    database: Database,
    /// What is rolled.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Nothing goes wrong: how fast it is.
    #[arg(long)]
    calm: bool,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn database(text: &str) -> Result<Database, String> {
    match text {
        "sqlite" => Ok(Database::Sqlite),
        "postgres" => Ok(Database::Postgres),
        url if url.contains("://") => Ok(Database::Url(url.to_owned())),
        _ => Err("sqlite, postgres, or a URL".to_owned()),
    }
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    if work() {
        return Ok(ExitCode::SUCCESS);
    }
    let Args { jobs, workers, at_once, database, seed, calm, format } = Args::parse();
    let options = Options { jobs, workers, database, seed, rough: !calm, at_once };
    let program = std::env::current_exe()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(run(&options, || Command::new(&program)))?;
    for problem in &report.problems {
        eprintln!("{problem}");
    }
    match format {
        Format::Text => println!("{report}"),
        Format::Json => println!("{}", serde_json::to_string(&report)?),
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
