//! Simulated years of a maintainer: do names move untold, do values reach a wrong node, are verdicts wrong, is anything
//! asked needlessly?
//!
//! `cargo run -p workspace-tests --example year -- --weeks 52 --seed 1 --years 20 --format json`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use workspace_tests::year::{Options, Report, run};

/// Ends with 1 if anything was wrong.
#[derive(Parser)]
struct Args {
    /// How many weeks a year has.
    #[arg(long, default_value_t = 52)]
    weeks: usize,
    /// What is rolled; a seed repeats a year.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many years, each with the next seed.
    #[arg(long, default_value_t = 1)]
    years: u64,
    /// How many models there are.
    #[arg(long, default_value_t = 3)]
    models: usize,
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let mut report = Report { seed: args.seed, ..Report::default() };
    for seed in args.seed..args.seed + args.years {
        let year = run(&Options { weeks: args.weeks, seed, models: args.models.max(1), fault: None });
        year.problems.iter().for_each(|problem| eprintln!("{problem}\n"));
        report.add(&year);
    }
    match args.format {
        Format::Text => println!("{report}"),
        Format::Json => println!("{}", serde_json::json!(report)),
    }
    if report.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
