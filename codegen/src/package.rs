//! What one run produces: file names and texts, not yet on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A generated crate: every file it consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Text by path relative to the crate's folder, with `/` between the parts.
    pub files: BTreeMap<String, String>,
}

/// Where the generated crate will live, which decides what its `Cargo.toml` may inherit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placement {
    /// As `generated/` of this workspace: keys are inherited.
    Workspace,
    /// Anywhere else: keys are written out and paths are absolute.
    Standalone(Standalone),
}

/// What a crate outside the workspace must spell out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standalone {
    /// The absolute path of `runcomfy-client`.
    pub client: PathBuf,
    /// `version` of the workspace.
    pub version: String,
    /// `edition` of the workspace.
    pub edition: String,
    /// `rust-version` of the workspace.
    pub rust_version: String,
    /// `license` of the workspace.
    pub license: String,
}
