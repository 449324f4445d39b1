//! The command line: arguments in, [`Cli`] out. Knows no command's work.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use runcomfy_codegen::manifest::Date;
use toml::value::Datetime;

/// The end of the help.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the command failed, or `check` found a difference; 2 wrong arguments.
Problems are printed to standard error, all at once, with file, place and remedy.";

/// The maintainers' commands of the RunComfy bindings.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    after_help = EXIT_CODES
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Read a saved model page into the schema folder
    ///
    /// The page may be plain text (select all, copy, paste into a file) or HTML (save as "HTML only"), in any language:
    /// the JSON on it counts, not the words. An existing model is updated and the change is printed. The page is refused,
    /// and nothing written, if it is cut off or contradicts itself.
    Import {
        /// The saved page, or `-` for standard input; at most 16 MiB
        #[arg(value_name = "FILE|-")]
        page: PathBuf,
        /// Where the model is written.
        #[command(flatten)]
        schemas: Schemas,
        /// The day to note as the day of the change, instead of today (UTC)
        #[arg(long, value_name = "YYYY-MM-DD", hide = true, value_parser = date)]
        date: Option<Date>,
    },
    /// Write the generated crate
    ///
    /// Writes what changed and removes what is no longer generated; files without our header are never touched.
    Generate(Folders),
    /// Compare the generated crate with the schemas; writes nothing
    ///
    /// Prints changed, missing and orphan files and exits 1 if there are any.
    Check(Folders),
    /// Print the intermediate representation as JSON
    Ir(Schemas),
}

/// Where the schemas are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Schemas {
    /// The schema folder [default: `schemas` of the workspace]
    #[arg(long, value_name = "DIR")]
    pub schemas: Option<PathBuf>,
}

/// Where the schemas and the generated crate are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
pub struct Folders {
    /// Where the schemas are.
    #[command(flatten)]
    pub schemas: Schemas,
    /// The folder of the generated crate [default: `generated` of the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// A day of the calendar, without a time.
fn date(text: &str) -> Result<Date, String> {
    let parsed: Option<Datetime> = text.parse().ok();
    match parsed {
        Some(Datetime { date: Some(date), time: None, offset: None }) => Ok(date),
        _ => Err("give a day, such as 2026-01-31".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_day_is_a_day_of_the_calendar() {
        assert_eq!(date("2026-11-22").map(|date| date.to_string()), Ok("2026-11-22".to_owned()));
        for text in ["2026-02-30", "2026-11-22T10:00:00", "today", "10:00:00"] {
            assert!(date(text).is_err(), "{text}");
        }
    }
}
