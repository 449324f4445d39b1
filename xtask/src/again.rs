//! Commands that need more than this program was built with: a command in, the run of cargo that builds the rest and runs it
//! out. So nobody waits for what their command does not use.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command as Process, ExitCode};

use runcomfy_codegen::{ErrorKind, Errors};

use crate::cli::{Cli, Command, SyncArgs};
use crate::workspace;

/// What a command needs beyond this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// The crate jsonschema, which checks what few schemas have: the feature `fragments`.
    Fragments,
    /// The client, which reads the live catalogue: the feature `live`.
    Live,
    /// typify, which reads every schema a second time: the feature `second-opinion`.
    SecondOpinion,
    /// The bench's own program, optimised: how long an unoptimised generator takes says nothing.
    Bench,
}

impl Need {
    /// What the command needs and this program has not.
    #[must_use]
    pub fn of(cli: &Cli) -> Option<Self> {
        let lacks_fragments = cfg!(not(feature = "fragments"));
        match &cli.command {
            Command::Sync(SyncArgs { from: None, .. }) if cfg!(not(feature = "live")) => Some(Self::Live),
            // One model that can't be generated does not stop the others, so none would tell what it lacks.
            Command::Sync(_) if lacks_fragments => Some(Self::Fragments),
            // What is read from standard input can't be read again.
            Command::Import { import, .. } if lacks_fragments && import.page == Path::new("-") => Some(Self::Fragments),
            Command::Check { .. } if cfg!(not(feature = "second-opinion")) => Some(Self::SecondOpinion),
            Command::BenchCompile { .. } => Some(Self::Bench),
            _ => None,
        }
    }

    /// What a command that failed needs and this program has not.
    #[must_use]
    pub fn told_by(errors: &Errors) -> Option<Self> {
        errors.iter().any(|error| error.kind == ErrorKind::Feature).then_some(Self::Fragments)
    }

    /// Runs the command by a cargo that builds what it needs, with the streams of this program. `arguments` are those of
    /// this program, its name left out.
    #[must_use]
    pub fn run(self, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
        let mut cargo = Process::new(workspace::cargo());
        // The folder decides which workspace cargo finds, not where schemas are.
        cargo.arg("run").arg("--manifest-path").arg(workspace::root().join("Cargo.toml")).args(self.build());
        // The bench's arguments come after the command's name; the others' commands are read again, as a whole.
        let skipped = usize::from(self == Self::Bench);
        cargo.arg("--").args(arguments.into_iter().skip(skipped));
        tell(&format!(
            "xtask: {}, so cargo builds that and runs it: cargo run {}\n",
            self.why(),
            self.build().join(" ")
        ));
        match cargo.status() {
            Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
            Err(error) => {
                tell(&format!("error: cargo can't be run: {error}\n"));
                ExitCode::FAILURE
            }
        }
    }

    fn why(self) -> &'static str {
        match self {
            Self::Fragments => "the crate jsonschema checks what these schemas may have",
            Self::Live => "the live catalogue is read by the client",
            Self::SecondOpinion => "typify reads the schemas, too",
            Self::Bench => "the bench is a program of its own",
        }
    }

    fn build(self) -> &'static [&'static str] {
        match self {
            Self::Fragments => &["--package", "xtask", "--features", "fragments"],
            Self::Live => &["--package", "xtask", "--features", "live"],
            Self::SecondOpinion => &["--package", "xtask", "--features", "second-opinion"],
            Self::Bench => &["--release", "--package", "bench-compile"],
        }
    }
}

/// Whoever closed the stream does not want to know.
fn tell(what: &str) {
    _ = std::io::stderr().write_all(what.as_bytes());
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use runcomfy_codegen::Error;

    use super::*;

    fn need(arguments: &[&str]) -> Option<Need> {
        Need::of(&Cli::try_parse_from([&["cargo xtask"], arguments].concat()).expect("arguments"))
    }

    #[test]
    fn only_what_a_command_uses_is_built() {
        let fragments = cfg!(not(feature = "fragments")).then_some(Need::Fragments);
        assert_eq!(need(&["generate"]), None);
        assert_eq!(need(&["import", "page.html"]), None);
        assert_eq!(need(&["import", "-"]), fragments);
        assert_eq!(need(&["sync", "--from", "response.json"]), fragments);
        assert_eq!(need(&["bench-compile", "--models", "3", "--help"]), Some(Need::Bench));
        assert_eq!(need(&["check"]), cfg!(not(feature = "second-opinion")).then_some(Need::SecondOpinion));
        assert_eq!(need(&["sync"]), cfg!(not(feature = "live")).then_some(Need::Live));
    }

    #[test]
    fn a_schema_that_needs_more_has_the_command_run_again() {
        let told = |kind| Need::told_by(&Error::new(kind, "an error").into());
        assert_eq!(told(ErrorKind::Feature), Some(Need::Fragments));
        assert_eq!(told(ErrorKind::InvalidSchema), None);
    }
}
