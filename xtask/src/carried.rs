//! The schemas that `runcomfyctl` carries for the emulator inside it: the files of the schema folder as one JSON object, texts by paths. A
//! package has nothing of what lies outside of its own folder. Must not know what schemas say.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use runcomfy_codegen::{Error, ErrorKind, fs};

use crate::workspace;

/// Where they are kept.
#[must_use]
pub fn file() -> PathBuf {
    workspace::root().join("runtime/ctl/assets/schemas.json")
}

/// The text of that file, of the schemas in a folder. Names of fields are no business of an emulator's.
///
/// # Errors
/// [`ErrorKind::Io`] if the folder can't be read.
pub fn text(schemas: &Path) -> Result<String, Error> {
    let mut texts = BTreeMap::new();
    gather(schemas, "", &mut texts)?;
    let text = serde_json::to_string_pretty(&texts)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("texts are no JSON: {error}")))?;
    Ok(text + "\n")
}

/// Writes the file anew, if it is not as it should be.
///
/// # Errors
/// As [`text`], and [`ErrorKind::Io`] if it can't be written.
pub fn write(schemas: &Path) -> Result<(), Error> {
    let (file, text) = (file(), text(schemas)?);
    if std::fs::read_to_string(&file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let written = file.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&file, text));
    written.map_err(|error| unusable(&file, &error))
}

fn gather(folder: &Path, below: &str, texts: &mut BTreeMap<String, String>) -> Result<(), Error> {
    for entry in std::fs::read_dir(folder).map_err(|error| unusable(folder, &error))? {
        let path = entry.map_err(|error| unusable(folder, &error))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let place = if below.is_empty() { name.to_string() } else { format!("{below}/{name}") };
        if path.is_dir() {
            gather(&path, &place, texts)?;
        } else if name == "model.toml" || name.ends_with(".json") {
            texts.insert(place, fs::read_text(&path)?);
        }
    }
    Ok(())
}

fn unusable(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, error.to_string()).of("", path.display().to_string())
}
