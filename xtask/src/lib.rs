//! The maintainers' commands, behind `cargo xtask`.
//!
//! Parsed arguments in, an [`Answer`] out. What the commands do to schemas and to generated code is in
//! `runcomfy-codegen`; here are the command line, the workspace's own folders, and [`import`]. Nothing here depends on the
//! generated crate, so a broken one never stops its own regeneration.

pub mod bench_compile;
pub mod cli;
mod commands;
mod diff;
pub mod import;
pub mod sync;
pub mod synthetic;
pub mod trial;
mod workspace;

use runcomfy_codegen::Errors;

/// What a command says and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// For standard output.
    pub out: String,
    /// For standard error.
    pub err: String,
    /// 0: done. 1: the command failed, `check` found a difference, or `diff` a change that `--fail-on` names.
    pub code: u8,
}

/// Runs one command.
#[must_use]
pub fn run(cli: &cli::Cli) -> Answer {
    commands::run(cli).unwrap_or_else(|errors| Answer { out: String::new(), err: failure(&errors), code: 1 })
}

/// All problems, and their count as the last line, where it is seen first.
fn failure(errors: &Errors) -> String {
    let count = errors.iter().count();
    let noun = if count == 1 { "error" } else { "errors" };
    format!("{errors}\n\n{count} {noun}\n")
}
