//! A schema folder in, on disk or as texts that a program carries, the catalogue out. A model is a folder with a `model.toml`;
//! `_shared/media-output.json` stands in where a model publishes no output. Reads files and nothing else; what a schema means is
//! `model`'s business.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::manifest::Manifest;
use super::{Catalog, Model};
use crate::Error;

/// Where the schemas are.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// A folder on disk.
    Folder(PathBuf),
    /// The files of one, by their paths below it, with `/` between their parts.
    Texts(BTreeMap<String, String>),
}

/// Reads all models that the catalogue still lists.
///
/// # Errors
/// The first file, in the order of their paths, that can't be read or is not what it should be; a folder without models.
pub(crate) fn load(schemas: &Source) -> Result<Catalog, Error> {
    let mut catalog = Catalog::new();
    match schemas {
        Source::Folder(root) => folder(schemas, root, "", &mut catalog)?,
        Source::Texts(texts) => {
            let models = texts.keys().filter_map(|path| path.strip_suffix("/model.toml"));
            models
                .filter(|path| !path.starts_with(['.', '_']))
                .try_for_each(|path| model(schemas, path, &mut catalog))?;
        }
    }
    match (catalog.is_empty(), schemas) {
        (false, _) => Ok(catalog),
        (true, Source::Folder(root)) => Err(Error::new(format!("no model.toml below {}", root.display()))),
        (true, Source::Texts(_)) => Err(Error::new("no model.toml among the texts".to_owned())),
    }
}

fn folder(schemas: &Source, root: &Path, relative: &str, catalog: &mut Catalog) -> Result<(), Error> {
    if root.join(relative).join("model.toml").is_file() {
        model(schemas, relative, catalog)?;
    }
    let unreadable = |error| Error::new(format!("the folder can't be read: {error}")).of(relative);
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join(relative)).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !name.starts_with(['.', '_']) {
            names.push(name);
        }
    }
    names.sort_unstable();
    names.iter().try_for_each(|name| folder(schemas, root, &join(relative, name), catalog))
}

fn model(schemas: &Source, relative: &str, catalog: &mut Catalog) -> Result<(), Error> {
    let file = join(relative, "model.toml");
    let text = schemas.read(&file)?;
    let manifest: Manifest = toml::from_str(&text).map_err(|error| {
        let line = error.span().map(|span| text[..span.start].matches('\n').count() + 1);
        let place = line.map(|line| format!("line {line}")).unwrap_or_default();
        Error::new(error.message()).of(&file).at(place)
    })?;
    if manifest.id != relative {
        return Err(Error::new(format!("the id is {:?}, which is not the folder", manifest.id)).of(&file).at("id"));
    }
    if manifest.removed.is_some() {
        return Ok(());
    }
    let input = (join(relative, "input.json"), schemas.json(&join(relative, "input.json"))?);
    let own = join(relative, "output.json");
    let output = if schemas.has(&own) { own } else { "_shared/media-output.json".to_owned() };
    let output = (output.clone(), schemas.json(&output)?);
    let model = Model::new(&manifest, input, output)?;
    catalog.insert(manifest.id, model);
    Ok(())
}

impl Source {
    fn has(&self, file: &str) -> bool {
        match self {
            Self::Folder(root) => root.join(file).is_file(),
            Self::Texts(texts) => texts.contains_key(file),
        }
    }

    fn json(&self, file: &str) -> Result<Value, Error> {
        serde_json::from_str(&self.read(file)?).map_err(|error| Error::new(error.to_string()).of(file))
    }

    fn read(&self, file: &str) -> Result<String, Error> {
        match self {
            Self::Folder(root) => fs::read_to_string(root.join(file))
                .map_err(|error| Error::new(format!("can't be read: {error}")).of(file)),
            Self::Texts(texts) => {
                texts.get(file).cloned().ok_or_else(|| Error::new("is not among the texts".to_owned()).of(file))
            }
        }
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
