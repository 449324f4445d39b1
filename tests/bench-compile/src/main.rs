//! The program behind `cargo xtask bench-compile`: what generated code costs to make and to compile, against typify's types
//! of the same schemas and against code written by hand. Arguments in, a table or JSON out.

mod bench;
mod crates;
mod measure;
mod report;
mod theirs;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use mimalloc::MiMalloc;
use runcomfy_codegen::Errors;
use xtask::Answer;

/// As in xtask: the generator is measured in this program.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Measures what generated code costs to make and to compile, against typify's types of the same schemas.
///
/// Made-up models, or the published ones, in a temporary folder, offline; the least CPU time of several runs by turns. Tells
/// how far it is on standard error. A thousand models take about half an hour on two cores.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo xtask bench-compile", args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(flatten)]
    bench: BenchArgs,
    #[command(subcommand)]
    measured: Option<Measured>,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
struct BenchArgs {
    /// How many models
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=3000))]
    models: u32,
    /// The models of the repository's schema folder instead of made-up ones
    #[arg(long, conflicts_with_all = ["models", "seed", "growth"])]
    published: bool,
    /// Where the random source of the models starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How often each measurement is taken
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// Measure the generation of 100 and of 3,000 models, too
    #[arg(long)]
    growth: bool,
    /// How the figures are written
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How figures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table for people
    Text,
    /// For programs
    Json,
}

/// A program that is measured: this one, started by itself.
#[derive(Debug, Subcommand)]
enum Measured {
    /// Write our crate
    #[command(hide = true)]
    Generate(Folders),
    /// Write a crate of typify's types
    #[command(hide = true)]
    Typify(Folders),
}

#[derive(Debug, Args)]
struct Folders {
    #[arg(long)]
    schemas: PathBuf,
    #[arg(long)]
    out: PathBuf,
}

fn main() -> ExitCode {
    let answer = run(Cli::parse()).unwrap_or_else(Answer::from);
    // Whoever closed the stream does not want to read more.
    let _ = std::io::stdout().write_all(answer.out.as_bytes());
    let _ = std::io::stderr().write_all(answer.err.as_bytes());
    ExitCode::from(answer.code)
}

fn run(Cli { bench, measured }: Cli) -> Result<Answer, Errors> {
    match measured {
        Some(Measured::Generate(Folders { schemas, out })) => {
            let folders =
                xtask::cli::Folders { schemas: xtask::cli::Schemas { schemas: Some(schemas) }, out: Some(out) };
            Ok(xtask::run(&xtask::cli::Cli { command: xtask::cli::Command::Generate(folders) }))
        }
        Some(Measured::Typify(Folders { schemas, out })) => {
            bench::generate_theirs(&schemas, &out).map(|()| Answer::default())
        }
        None => {
            let BenchArgs { models, published, seed, runs, growth, format } = bench;
            let models = (!published).then_some(models as usize);
            let options = bench::Options { models, seed, runs: runs as usize, growth };
            bench::run(options, format == Format::Json).map(|out| Answer { out, ..Answer::default() })
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
        assert!(Cli::try_parse_from(["bench-compile", "--models", "3"]).is_ok_and(|cli| cli.measured.is_none()));
        let measured = Cli::try_parse_from(["bench-compile", "typify", "--schemas", "a", "--out", "b"]);
        assert!(measured.is_ok_and(|cli| cli.measured.is_some()));
    }
}
