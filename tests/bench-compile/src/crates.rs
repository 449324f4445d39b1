//! The crates that are compiled: generated files in, folders and calls of cargo out. Knows no times.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use runcomfy_codegen::{Error, ErrorKind, Package};

use crate::measure::{Cost, run};
use xtask::workspace;

/// A crate in the bench's folder.
pub(crate) struct Crate {
    folder: PathBuf,
    features: String,
}

/// What cargo does with a crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `cargo check`
    Check,
    /// `cargo build --release`
    Release,
}

impl Crate {
    /// Writes a crate with the workspace's lock file; `features` are those that are turned on.
    pub(crate) fn write(folder: PathBuf, package: &Package, features: &str) -> Result<Self, Error> {
        for (path, text) in &package.files {
            write(&folder.join(path), text)?;
        }
        Self::of(folder, features)
    }

    /// A crate that is already in its folder.
    pub(crate) fn of(folder: PathBuf, features: &str) -> Result<Self, Error> {
        let lock = folder.join("Cargo.lock");
        fs::copy(workspace::lock_file(), &lock).map_err(|error| fault(&lock, &error))?;
        Ok(Self { folder, features: features.to_owned() })
    }

    /// Compiles the crate, and what it depends on if that was not done before. The crate itself is compiled anew each time.
    pub(crate) fn build(&self, step: Step, target: &Path) -> Result<Cost, Error> {
        let root =
            ["src/lib.rs", "src/main.rs"].map(|path| self.folder.join(path)).into_iter().find(|path| path.is_file());
        let root = root.unwrap_or_else(|| self.folder.join("src/lib.rs"));
        // What is newer than the last build is compiled again.
        let touched = File::options().append(true).open(&root).and_then(|file| file.set_modified(SystemTime::now()));
        touched.map_err(|error| fault(&root, &error))?;
        let mut cargo = Command::new(workspace::cargo());
        cargo.current_dir(&self.folder).env("CARGO_TARGET_DIR", target).env("CARGO_INCREMENTAL", "0");
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WRAPPER", "CARGO_BUILD_RUSTFLAGS"] {
            cargo.env_remove(variable);
        }
        match step {
            Step::Check => cargo.arg("check"),
            Step::Release => cargo.args(["build", "--release"]),
        };
        cargo.args(["--offline", "--quiet", "--no-default-features", "--features", &self.features]);
        run(&mut cargo)
    }
}

/// The size of a file, in bytes.
pub(crate) fn size(path: &Path) -> Result<u64, Error> {
    path.metadata().map(|found| found.len()).map_err(|error| fault(path, &error))
}

/// Writes a file and the folders it lies in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder).and_then(|()| fs::write(path, text)).map_err(|error| fault(path, &error))
}

fn fault(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("the bench's folder can't be used: {error}")).of("", path.display().to_string())
}
