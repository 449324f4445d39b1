//! Thousands of jobs on one client, against an emulator that misbehaves: is any lost, or paid for twice?
//!
//! `cargo run --release -p workspace-tests --example soak -- --jobs 2000 --faults hostile --seed 7 --format json`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use runcomfy_emulator::Faults;
use workspace_tests::soak::{self, Options};

/// Ends with 1 if a job is not where it should be.
#[derive(Parser)]
struct Args {
    /// How many jobs.
    #[arg(long, default_value_t = 1000)]
    jobs: usize,
    /// How much goes wrong.
    #[arg(long, value_enum, default_value_t = Weather::Hostile)]
    faults: Weather,
    /// What is rolled; a seed repeats a run.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Weather {
    None,
    Heavy,
    Hostile,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let args = Args::parse();
    let faults = match args.faults {
        Weather::None => Faults::none(),
        Weather::Heavy => Faults::heavy(),
        Weather::Hostile => Faults::hostile(),
    };
    let options = Options { jobs: args.jobs, faults, seed: args.seed };
    let report = soak::run(&options, |work| allocation_counter::measure(work).bytes_current)?;
    for problem in &report.problems {
        eprintln!("{problem}");
    }
    match args.format {
        Format::Text => println!("{report}"),
        Format::Json => println!("{}", serde_json::to_string(&report)?),
    }
    Ok(if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
