//! The program behind `cargo xtask`: arguments in, text and an exit code out. All it knows is the two streams.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use mimalloc::MiMalloc;
use xtask::again::Need;

/// With the system's allocator the generator takes half as long again, and longer for each model the more there are.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = xtask::cli::Cli::parse();
    let again = |need: Need| need.run(std::env::args_os().skip(1));
    if let Some(need) = Need::of(&cli) {
        return again(need);
    }
    let answer = match xtask::try_run(&cli) {
        Ok(answer) => answer,
        Err(errors) => match Need::told_by(&errors) {
            Some(need) => return again(need),
            None => errors.into(),
        },
    };
    // Whoever closed the stream (`| head`) does not want to read more; the exit code still says how it went.
    let _ = io::stdout().write_all(answer.out.as_bytes());
    let _ = io::stderr().write_all(answer.err.as_bytes());
    ExitCode::from(answer.code)
}
