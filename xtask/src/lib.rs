//! The maintainers' commands, behind `cargo xtask`.
//!
//! Parsed arguments in, an [`Answer`] out. What the commands do to schemas and to generated code is in
//! `runcomfy-codegen`; here are the command line, the workspace's own folders, and the live catalogue. Nothing here depends on
//! the generated crate, so a broken one never stops its own regeneration.

pub mod again;
pub mod carried;
pub mod cli;
mod commands;
#[cfg(feature = "live")]
mod live;
pub mod workspace;

pub use runcomfy_codegen::cli::Answer;

/// Runs one command.
#[must_use]
pub fn run(cli: &cli::Cli) -> Answer {
    try_run(cli).unwrap_or_else(Answer::from)
}

/// Runs one command, and leaves it to the caller what becomes of errors: see [`again`].
///
/// # Errors
/// What keeps the command from being carried out. Nothing was written then.
pub fn try_run(cli: &cli::Cli) -> Result<Answer, runcomfy_codegen::Errors> {
    commands::run(cli)
}
