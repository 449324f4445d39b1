//! Whether a model could be generated with new files: the texts in, the generator's own verdict out. Writes nothing.

use std::path::Path;

use crate::{Errors, ModelSource, Placement, SourceFile, Sources, fs};

/// Generates the model as it would be, with the lock and the overrides that lie beside it now.
///
/// `texts` are those of `model.toml`, `input.json` and `output.json`.
///
/// # Errors
/// Everything that would stop `generate`: first of all the questions of the lock's rules.
pub(super) fn trial(schemas: &Path, folder: &str, texts: [&str; 3]) -> Result<(), Errors> {
    let mut errors = Errors::default();
    let mut beside = |name: &str| errors.collect(existing(schemas, folder, name)).flatten();
    let (lock, overrides) = (beside("names.lock"), beside("overrides.toml"));
    let shared = errors.collect(fs::load_shared(schemas)).unwrap_or_default();
    let of_all = errors.collect(existing(schemas, "", "overrides.toml")).flatten();
    errors.or(())?;
    let file = |name: &str, text: &str| SourceFile { path: format!("{folder}/{name}"), text: text.to_owned() };
    let model = ModelSource {
        folder: folder.to_owned(),
        manifest: file("model.toml", texts[0]),
        input: file("input.json", texts[1]),
        output: file("output.json", texts[2]),
        lock,
        overrides,
    };
    let sources = Sources { models: vec![model], shared, features: None, overrides: of_all, is_part: true };
    crate::generate(&sources, &Placement::Workspace).map(|_| ())
}

/// A file of the model, or of the whole folder where none is named, if there is one.
fn existing(schemas: &Path, folder: &str, name: &str) -> Result<Option<SourceFile>, Errors> {
    let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
    let file = schemas.join(&path);
    if !file.is_file() {
        return Ok(None);
    }
    let text = fs::read_text(&file).map_err(|error| error.of(folder, path.as_str()))?;
    Ok(Some(SourceFile { path, text }))
}
