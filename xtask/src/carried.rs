//! The schemas that `runcomfyctl` carries for the emulator inside it: the files of the schema folder as one JSON object, texts by paths. A
//! package has nothing of what lies outside of its own folder. Must not know what schemas say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use runcomfy_codegen::{Error, ErrorKind, Errors, fs};

use crate::workspace;

/// The package that carries them, and where in it.
const PACKAGE: &str = "runtime/ctl";
const FILE: &str = "assets/schemas.json";

/// Where they are kept.
#[must_use]
pub fn file() -> PathBuf {
    workspace::root().join(PACKAGE).join(FILE)
}

/// The text of that file, of the schemas in a folder. Names of fields are no business of an emulator's.
///
/// # Errors
/// As for [`fs::load`].
pub fn text(schemas: &Path) -> Result<String, Errors> {
    let sources = fs::load(schemas)?;
    let of_models = sources.models.iter().flat_map(|model| [&model.manifest, &model.input, &model.output]);
    let files = of_models.chain(&sources.shared);
    let texts: BTreeMap<&str, &str> = files.map(|file| (&*file.path, &*file.text)).collect();
    let text = serde_json::to_string_pretty(&texts)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("texts are no JSON: {error}")))?;
    Ok(text + "\n")
}

/// Writes the file anew, if it is not as it should be.
///
/// # Errors
/// As for [`text`] and [`fs::write_files`].
pub fn write(schemas: &Path) -> Result<(), Errors> {
    let files = BTreeMap::from([(FILE.to_owned(), text(schemas)?)]);
    fs::write_files(&workspace::root().join(PACKAGE), &files)?;
    Ok(())
}
