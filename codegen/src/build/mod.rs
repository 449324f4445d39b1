//! For build scripts: a schema folder in, one Rust file with a module for each model out, to be included. It reads the
//! locks and never writes them: a build must not change sources. Must not know a workspace or a command line.
//!
//! For people with models of their own, or who want a few and nothing else. In `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! runcomfy-client = "0.1"
//!
//! [build-dependencies]
//! runcomfy-codegen = "0.1"
//! ```
//!
//! Models with patterns, unions or rules about files need features of `runcomfy-client`; one that is off is an error that
//! names it. In `build.rs`:
//!
//! ```no_run
//! runcomfy_codegen::build::Builder::new("schemas").build_or_exit();
//! ```
//!
//! And where the models are to be:
//!
//! ```ignore
//! pub mod models {
//!     include!(concat!(env!("OUT_DIR"), "/runcomfy.rs"));
//! }
//! use models::acme::product_shot::base::Input;
//! ```
//!
//! The names of a model are kept in its `names.lock`. The program of this crate writes it: `cargo install runcomfy-codegen
//! --features cli`, then `runcomfy-codegen lock --schemas schemas` after each change of the schemas; commit what it writes.

mod assemble;

use std::env;
use std::path::{Path, PathBuf};

use crate::error::for_shell;
use crate::fs::{self, Difference};
use crate::ir::Catalog;
use crate::{Error, ErrorKind, Errors};

/// The file that is written, unless another is named.
const FILE: &str = "runcomfy.rs";

/// What a build script wants to have generated.
#[derive(Clone, Debug)]
pub struct Builder {
    schemas: PathBuf,
    file: String,
    out_dir: Option<PathBuf>,
}

impl Builder {
    /// Everything in a schema folder. A relative path starts at the package, where cargo runs build scripts.
    pub fn new(schemas: impl Into<PathBuf>) -> Self {
        Self { schemas: schemas.into(), file: FILE.to_owned(), out_dir: None }
    }

    /// Another name than `runcomfy.rs` for the file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>) -> Self {
        self.file = name.into();
        self
    }

    /// Another folder than cargo's `OUT_DIR`.
    #[must_use]
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Writes the file, if it is not what it should be already, and returns its path. Asks cargo to run the build script
    /// again when something in the schema folder changes.
    ///
    /// # Errors
    /// Everything wrong with any model, and each lock that is missing or is not what the schemas say, with the command
    /// that writes it.
    pub fn build(&self) -> Result<PathBuf, Errors> {
        rerun_if_changed(&self.schemas);
        let catalog = crate::catalog(&fs::load(&self.schemas)?)?;
        self.locks_are_fresh(&catalog)?;
        let out_dir = self.out_dir.clone().or_else(|| env::var_os("OUT_DIR").map(PathBuf::from)).ok_or_else(|| {
            Error::new(ErrorKind::Io, "there is no OUT_DIR")
                .help("call this from a build script, or name a folder with `out_dir`")
        })?;
        let text = assemble::file(&catalog)?;
        fs::write_files(&out_dir, &[(self.file.clone(), text)].into())?;
        Ok(out_dir.join(&self.file))
    }

    /// As [`build`](Self::build), for a `main` without a result: what is wrong is printed for people, and the build fails.
    #[expect(clippy::print_stderr, reason = "cargo shows it to whoever builds")]
    pub fn build_or_exit(&self) {
        if let Err(errors) = self.build() {
            eprintln!("{errors}");
            std::process::exit(1);
        }
    }

    fn locks_are_fresh(&self, catalog: &Catalog) -> Result<(), Errors> {
        let mut errors = Errors::default();
        for difference in fs::check_files(&self.schemas, &crate::locks(catalog))? {
            let (path, message) = match difference {
                Difference::Missing { path } => (path, "the lock is missing".to_owned()),
                Difference::Changed { path, line, .. } => (path, format!("line {line} is not what the schemas say")),
                Difference::Orphan { .. } | Difference::Leftover { .. } => continue,
            };
            let help = format!(
                "run `runcomfy-codegen lock --schemas {}`, review what it changes, and commit it",
                for_shell(&self.schemas)
            );
            let model = path.strip_suffix("/names.lock").unwrap_or_default().to_owned();
            errors.push(Error::new(ErrorKind::Stale, message).of(model, path).help(help));
        }
        errors.or(())
    }
}

/// cargo looks at all that is in the folder.
#[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
fn rerun_if_changed(schemas: &Path) {
    println!("cargo::rerun-if-changed={}", schemas.display());
}

#[cfg(test)]
mod tests;
