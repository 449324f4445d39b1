//! The workspace this program was built in: its folders, and what a generated crate outside must be told of it.
//!
//! The root is fixed when the program is built, so that the commands work from any folder.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use runcomfy_codegen::diff::Version;
use runcomfy_codegen::{COMMAND, ClientCrate, Error, ErrorKind, Placement, Standalone, fs};
use toml::Table;

/// The folder of the root `Cargo.toml`.
#[must_use]
pub fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// The folder of the schemas, unless another is named.
#[must_use]
pub fn schemas() -> PathBuf {
    root().join("schemas")
}

/// The folder of the generated crate, unless another is named.
#[must_use]
pub fn generated() -> PathBuf {
    root().join("generated")
}

/// The file that says which versions of dependencies are used.
#[must_use]
pub fn lock_file() -> PathBuf {
    root().join("Cargo.lock")
}

/// The cargo that runs this program, or else the one that is found.
#[must_use]
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// What the crate in `out` may inherit: everything in `generated/` of this workspace, nothing elsewhere.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Toml`] if the root `Cargo.toml` can't be read or does not say what to inherit.
pub fn placement(out: &Path) -> Result<Placement, Error> {
    if is_same(out, &generated()) {
        return Ok(Placement::Workspace);
    }
    standalone(&root_manifest()?, root()).map(Placement::Standalone)
}

/// The version that all packages have, and that a release would follow.
///
/// # Errors
/// [`ErrorKind::Io`] or [`ErrorKind::Toml`] if the root `Cargo.toml` can't be read or has none.
pub fn version() -> Result<Version, Error> {
    let Standalone { version, .. } = standalone(&root_manifest()?, root())?;
    version.parse().map_err(|error| {
        Error::new(ErrorKind::Toml, format!("the version {version:?} is not one: {error}")).of("", "Cargo.toml")
    })
}

fn root_manifest() -> Result<String, Error> {
    let file = root().join("Cargo.toml");
    fs::read_text(&file).map_err(|error| error.of("", file.display().to_string()))
}

/// Whether the crate that is released is made of this folder.
#[must_use]
pub fn is_own(folder: &Path) -> bool {
    is_same(folder, &schemas())
}

/// Whether two paths are one folder, links and `..` included.
fn is_same(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    real(a).is_some_and(|a| real(b).is_some_and(|b| a == b))
}

/// What `[workspace.package]` of the root `Cargo.toml` says.
fn standalone(text: &str, root: &Path) -> Result<Standalone, Error> {
    let fail =
        |message: String| Error::new(ErrorKind::Toml, message).of("", root.join("Cargo.toml").display().to_string());
    let manifest: Table = toml::from_str(text).map_err(|error| fail(error.message().to_owned()))?;
    let inherited = |key: &str| {
        let value = manifest.get("workspace").and_then(|table| table.get("package")?.get(key)?.as_str());
        value.map(str::to_owned).ok_or_else(|| {
            fail(format!("`{key}` is missing from [workspace.package]"))
                .help("a crate outside the workspace takes it from there")
        })
    };
    Ok(Standalone {
        client: ClientCrate::Path(root.join("runtime/client")),
        version: inherited("version")?,
        edition: inherited("edition")?,
        rust_version: inherited("rust-version")?,
        license: Some(inherited("license")?),
        command: COMMAND.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_is_itself_however_it_is_spelt() {
        let detour = root().join("schemas/../generated");
        assert_eq!(placement(&detour).expect("readable"), Placement::Workspace);
    }

    #[test]
    fn a_crate_elsewhere_is_told_all_and_by_absolute_paths() {
        let Placement::Standalone(told) = placement(Path::new("/nowhere/generated")).expect("readable") else {
            panic!("not in the workspace");
        };
        let ClientCrate::Path(client) = told.client else { panic!("not a path") };
        assert!(client.is_absolute() && client.join("Cargo.toml").is_file());
        assert_eq!((told.edition.as_str(), told.rust_version.as_str()), ("2024", "1.89"));
    }

    #[test]
    fn a_missing_key_is_named() {
        let error = standalone("[workspace.package]\nversion = \"1\"\n", Path::new("/")).expect_err("no edition");
        assert!(error.message.contains("`edition`"), "{error}");
    }
}
