//! The command line: arguments in, [`Cli`] out. Knows no command's work.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use runcomfy_codegen::cli::{self, DiffArgs, ImportArgs};
use runcomfy_codegen::diff::Version;

/// The end of the help.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the command failed, `check` found a difference, or `diff` a change that `--fail-on` names; 2 wrong
arguments.
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
    /// and nothing written, if it is cut off or contradicts itself, or if names.lock can't tell what became of a field.
    Import {
        /// What is imported.
        #[command(flatten)]
        import: ImportArgs,
        /// Where the model is written.
        #[command(flatten)]
        schemas: Schemas,
    },
    /// Bring the schema folder in step with RunComfy's catalogue
    ///
    /// New and changed models are written all at once, and what changes for users is told. A model that can't be
    /// generated, or whose fields names.lock can't tell apart, is reported and left as it was. A model that the catalogue
    /// does not list any more is marked in model.toml; its names stay in its lock. The live catalogue wants a token:
    /// RUNCOMFY_TOKEN, RUNCOMFY_API_TOKEN, or the token file of RunComfy's own program.
    Sync(SyncArgs),
    /// Write the generated crate, and the locks of the schema folder
    ///
    /// Writes what changed and removes what is no longer generated; files without our header are never touched. Each
    /// model's names.lock remembers its names. Where it can't tell what became of a field, nothing is written.
    Generate(Folders),
    /// Compare the generated crate and the locks with the schemas; writes nothing
    ///
    /// Prints changed, missing and orphan files and exits 1 if there are any. Also reads every schema by typify, and warns
    /// where that understands it differently than the generator does.
    Check {
        /// What is compared.
        #[command(flatten)]
        folders: Folders,
        /// What a schema is that typify understands differently
        #[arg(long, value_enum, default_value_t = SecondOpinion::Warn, value_name = "LEVEL")]
        second_opinion: SecondOpinion,
    },
    /// Tell what changed for users between two versions of the schemas
    ///
    /// Each change is breaking (code that compiles today no longer would), compatible, or docs only, and the report ends
    /// with the version to release next. A mark says where released versions send wrong keys from now on.
    Diff {
        /// What is compared.
        #[command(flatten)]
        diff: DiffArgs,
        /// The version that the suggestion for the next one starts from [default: that of the workspace]
        #[arg(long, value_name = "VERSION")]
        released: Option<Version>,
        /// The repository's schema folder, for git revisions.
        #[command(flatten)]
        schemas: Schemas,
    },
    /// Print the intermediate representation as JSON
    Ir(Schemas),
    /// Measure what generated code costs to make and to compile, against typify's types of the same schemas
    ///
    /// `--help` after it lists its flags; they are those of the program `bench-compile`, which cargo builds for it.
    #[command(disable_help_flag = true)]
    BenchCompile {
        /// The bench's own flags
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "FLAGS")]
        flags: Vec<OsString>,
    },
}

/// What a difference between two readers of a schema is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SecondOpinion {
    /// A warning
    Warn,
    /// An error: the exit code is 1
    Deny,
}

/// What is synced.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct SyncArgs {
    /// A saved answer of GET /v1/models?include_schema=true instead of the live catalogue, or `-` for standard input; at
    /// most 16 MiB
    #[arg(long, value_name = "FILE|-", conflicts_with = "base_url")]
    pub from: Option<PathBuf>,
    /// The address of the API, `/v1` included [default: $RUNCOMFY_MODEL_API_BASE, else RunComfy's]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// What of it, and how.
    #[command(flatten)]
    pub sync: cli::SyncFlags,
    /// Where the models are written.
    #[command(flatten)]
    pub schemas: Schemas,
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
