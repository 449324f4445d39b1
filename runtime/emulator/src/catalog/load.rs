//! A schema folder in, the catalogue out. A model is a folder with a `model.toml`; `_shared/media-output.json` stands in
//! where a model publishes no output. Reads files and nothing else; what a schema means is `model`'s business.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::manifest::Manifest;
use super::{Catalog, Model};
use crate::Error;

/// Reads all models of a folder that the catalogue still lists.
///
/// # Errors
/// The first file, in the order of their paths, that can't be read or is not what it should be; a folder without models.
pub(crate) fn load(schemas: &Path) -> Result<Catalog, Error> {
    let mut catalog = Catalog::new();
    folder(schemas, "", &mut catalog)?;
    if catalog.is_empty() {
        return Err(Error::new(format!("no model.toml below {}", schemas.display())));
    }
    Ok(catalog)
}

fn folder(root: &Path, relative: &str, catalog: &mut Catalog) -> Result<(), Error> {
    if root.join(relative).join("model.toml").is_file() {
        model(root, relative, catalog)?;
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
    names.iter().try_for_each(|name| folder(root, &join(relative, name), catalog))
}

fn model(root: &Path, relative: &str, catalog: &mut Catalog) -> Result<(), Error> {
    let file = join(relative, "model.toml");
    let text = read(root, &file)?;
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
    let input = (join(relative, "input.json"), json(root, &join(relative, "input.json"))?);
    let own = join(relative, "output.json");
    let output = if root.join(&own).is_file() { own } else { "_shared/media-output.json".to_owned() };
    let output = (output.clone(), json(root, &output)?);
    let model = Model::new(&manifest, input, output)?;
    catalog.insert(manifest.id, model);
    Ok(())
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn json(root: &Path, file: &str) -> Result<Value, Error> {
    serde_json::from_str(&read(root, file)?).map_err(|error| Error::new(error.to_string()).of(file))
}

fn read(root: &Path, file: &str) -> Result<String, Error> {
    fs::read_to_string(root.join(file)).map_err(|error| Error::new(format!("can't be read: {error}")).of(file))
}
