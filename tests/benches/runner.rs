//! Jobs through the runner's store: how many are submitted in a second, by how many workers and of how many jobs, against how
//! many empty transactions the same database commits in a second; and what a job that waits adds to its worker's memory.
//!
//! `cargo bench -p benches --bench runner -- --jobs 1000,10000,100000 --waiting 10000`
#![expect(clippy::print_stdout, reason = "a bench shows what it found")]

use std::process::Command;
use std::time::Instant;

use clap::Parser;
use runner_soak::{Database, Options, Waiting, run, work};

type Failure = Box<dyn std::error::Error>;

/// How fast, and how heavy.
#[derive(Parser)]
struct Args {
    /// How many jobs, each number for itself: the times must grow as the numbers do.
    #[arg(long, value_delimiter = ',', default_values_t = [1000, 10_000])]
    jobs: Vec<u32>,
    /// How many jobs each worker has under way.
    #[arg(long, default_value_t = 64)]
    at_once: usize,
    /// How many jobs wait in one worker.
    #[arg(long, default_value_t = 10_000)]
    waiting: u32,
    /// How many more are queued then.
    #[arg(long, default_value_t = 90_000)]
    queued: u32,
    /// What `cargo bench` says.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Failure> {
    if work() {
        return Ok(());
    }
    let args = Args::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let program = std::env::current_exe()?;
    for (database, workers) in [(Database::Sqlite, 1), (Database::Sqlite, 3), (Database::Postgres, 3)] {
        for &jobs in &args.jobs {
            let options =
                Options { jobs, workers, database: database.clone(), seed: 1, rough: false, at_once: args.at_once };
            let start = Instant::now();
            let report = match runtime.block_on(run(&options, || Command::new(&program))) {
                Ok(report) => report,
                Err(why) => {
                    println!("{database:?}: left out: {why}");
                    continue;
                }
            };
            let seconds = start.elapsed().as_secs_f64();
            assert!(report.is_sound(), "{report}\n{}", report.problems.join("\n"));
            println!(
                "{database:?}, {workers} workers, {jobs:6} jobs: {:5.0} submits/s, {:.2} for each commit of the database; {:.1} s of {seconds:.1} s are work",
                report.accepted as f64 / report.seconds,
                report.accepted as f64 / report.seconds / report.commits_per_second,
                report.seconds,
            );
        }
    }
    memory(&args)
}

/// What jobs weigh that wait in one worker: what the process uses more, whoever allocates it.
fn memory(args: &Args) -> Result<(), Failure> {
    let program = std::env::current_exe()?;
    let mut waiting = Waiting::new(args.waiting + args.queued, args.waiting, Command::new(&program))?;
    let start = Instant::now();
    let first = waiting.weigh(args.waiting / 10)?;
    let all = waiting.weigh(args.waiting)?;
    let more = u64::from(args.waiting - args.waiting / 10);
    println!(
        "{} jobs wait, {} are queued: {} bytes for each that waits, {first} for the worker and the first tenth; {:.0} s",
        args.waiting,
        args.queued,
        all.saturating_sub(first) / more,
        start.elapsed().as_secs_f64(),
    );
    Ok(())
}
