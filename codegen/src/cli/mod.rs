//! The commands that people run: folders and flags in, an [`Answer`] out. The program `runcomfy-codegen` consists of them,
//! and the maintainers' `cargo xtask` uses them. They know neither a workspace nor the standard streams.

mod diff;
mod files;
mod project;
mod take;

use crate::Errors;

pub use diff::{DiffArgs, FailOn, Format, compare, diff};
pub use files::{existing_folder, input};
pub use project::Project;
pub use take::{ImportArgs, SyncFlags, Target, import, saved_response};

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

impl Answer {
    /// A command that did what it was asked to.
    #[must_use]
    pub fn done(out: impl Into<String>) -> Self {
        Self { out: out.into(), ..Self::default() }
    }
}

impl From<Errors> for Answer {
    /// All problems, and their count as the last line, where it is seen first.
    fn from(errors: Errors) -> Self {
        Self { out: String::new(), err: format!("{errors}\n\n{}\n", count(errors.iter().count(), "error")), code: 1 }
    }
}

/// `1 file`, `2 files`
#[must_use]
pub fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
