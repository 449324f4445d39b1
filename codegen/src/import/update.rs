//! A page into the schema folder: a [`Page`] in, files and the change in words out. Knows no page's text.

use std::collections::BTreeMap;
use std::path::Path;

use crate::facts::sentences;
use crate::manifest::{Date, OutputSource, Texts};
use crate::overrides::Overrides;
use crate::{Error, ErrorKind, Errors, Manifest, ModelId, Source, SourceFile, fs};
use similar::TextDiff;

use super::Page;
use super::outputs::SHARED;
use super::trial::trial;

/// Writes the files of the page's model, all or none, and says what changed: a unified diff of each file that was there.
///
/// An import that changes nothing leaves every file as it is; `today` is noted only when something else changed. The
/// price of an existing `model.toml` is kept, and so is its display name if the page shows none; its comments are not
/// kept. A folder without models gets the shared media shape.
///
/// # Errors
/// [`ErrorKind::ModelId`] if the id differs from an existing folder in upper and lower case only; [`ErrorKind::Io`],
/// [`ErrorKind::Toml`] if the model's files can't be read or written; for a model with a lock, whatever would stop
/// `generate`, [`ErrorKind::Ambiguous`] first of all. A new model is written even so: its names can be settled then.
pub fn update(page: &Page, schemas: &Path, today: Date) -> Result<String, Errors> {
    let id = &page.id;
    if let Some(twin) = fs::case_twin(schemas, id)? {
        return Err(Error::new(
            ErrorKind::ModelId,
            format!("the id `{id}` differs from the folder `{twin}` in upper and lower case only"),
        )
        .help("where the file system ignores case they would be one folder: remove the model that is no longer offered")
        .into());
    }
    let old = Old::read(schemas, page)?;
    if page.texts == Texts::Omitted {
        only_facts(page, schemas)?;
    }
    let mut files = BTreeMap::from([
        (format!("{id}/input.json"), page.input.clone()),
        (format!("{id}/output.json"), page.output.clone()),
    ]);
    let manifest = manifest(page, &old, today);
    if Some(&manifest) != old.manifest.as_ref() {
        files.insert(format!("{id}/model.toml"), manifest.render());
    }
    if !schemas.join(SHARED.0).exists() && fs::holds_no_model(schemas)? {
        files.insert(SHARED.0.to_owned(), SHARED.1.replace("\r\n", "\n"));
    }
    if schemas.join(id.as_str()).join("names.lock").exists() {
        trial(schemas, id.as_str(), [&manifest.render(), &page.input, &page.output])
            .map_err(|errors| errors.map(|error| of_page(error, id)))?;
    }
    let changes = fs::write_files(schemas, &files)?;
    let is_models = |path: &&String| path.starts_with(id.as_str());
    let mut said = match (old.texts.is_empty(), changes.written.iter().any(|path| is_models(&path))) {
        (true, _) => format!("{id}: new\n"),
        (false, true) => format!("{id}: changed\n"),
        (false, false) => format!("{id}: unchanged\n"),
    };
    for path in &changes.written {
        match (old.texts.get(path), files.get(path)) {
            (Some(before), Some(after)) => said += &diff(path, before, after),
            _ => said += &format!("wrote {path}\n"),
        }
    }
    if page.display_name.is_none() && old.manifest.is_none() {
        said += &format!(
            "note: no title above the id on the page; display_name is the id until you edit {id}/model.toml\n"
        );
    }
    Ok(said)
}

/// That no name or value of the page is a sentence, but for those that a person has accepted.
fn only_facts(page: &Page, folder: &Path) -> Result<(), Errors> {
    let path = format!("{}/overrides.toml", page.id);
    // What can't be read is reported when the model is generated.
    let file = fs::read_text(&folder.join(&path)).ok().map(|text| SourceFile { text, path });
    let decided = file.and_then(|file| Overrides::parse(&file).ok()).unwrap_or_default();
    let schemas = [("input schema, ", &*page.input), ("output schema, ", &*page.output)];
    let found = sentences(&page.id, schemas, page.display_name.as_deref(), &decided.accept.texts);
    let mut errors = Errors::default();
    found.into_iter().for_each(|error| errors.push(error));
    errors.or(())
}

/// An error in a file that is not written is one of the page.
fn of_page(error: Error, id: &ModelId) -> Error {
    let schema = ["input", "output"].into_iter().find(|name| error.file == format!("{id}/{name}.json"));
    match schema {
        Some(name) => {
            let place = format!("the {name} schema{}{}", if error.place.is_empty() { "" } else { ", " }, error.place);
            error.of(id.as_str(), "").at(place)
        }
        None => error,
    }
}

/// What is known of the model so far.
struct Old {
    /// Its files, by path, with LF.
    texts: BTreeMap<String, String>,
    manifest: Option<Manifest>,
}

impl Old {
    fn read(schemas: &Path, page: &Page) -> Result<Self, Error> {
        let id = page.id.as_str();
        let mut texts = BTreeMap::new();
        for name in ["model.toml", "input.json", "output.json"] {
            let path = format!("{id}/{name}");
            let file = schemas.join(&path);
            if file.is_file() {
                let text = fs::read_text(&file).map_err(|error| error.of(id, path.as_str()))?;
                texts.insert(path, text.replace("\r\n", "\n"));
            }
        }
        let path = format!("{id}/model.toml");
        let manifest = texts.get(&path).map(|text| Manifest::parse(&SourceFile { path, text: text.clone() }));
        Ok(Self { texts, manifest: manifest.transpose()? })
    }
}

/// The manifest after the import: the old one, unless something of the model changed.
fn manifest(page: &Page, old: &Old, today: Date) -> Manifest {
    let new = Manifest {
        id: page.id.clone(),
        display_name: page.display_name.clone().unwrap_or_else(|| match &old.manifest {
            Some(old) => old.display_name.clone(),
            None => page.id.to_string(),
        }),
        page: old.manifest.as_ref().and_then(|old| old.page.clone()),
        source: Source::Page,
        via: None,
        texts: page.texts,
        output: OutputSource::Published,
        gives: old.manifest.as_ref().map(|old| old.gives.clone()).unwrap_or_default(),
        incomplete: Vec::new(),
        updated: old.manifest.as_ref().map_or(today, |old| old.updated),
        removed: None,
        price: old.manifest.as_ref().and_then(|old| old.price.clone()),
    };
    let has = |name: &str, text: &String| old.texts.get(&format!("{}/{name}", page.id)) == Some(text);
    let same =
        Some(&new) == old.manifest.as_ref() && has("input.json", &page.input) && has("output.json", &page.output);
    if same { new } else { Manifest { updated: today, ..new } }
}

/// The change of one file, as a unified diff.
fn diff(path: &str, before: &str, after: &str) -> String {
    let diff = TextDiff::from_lines(before, after);
    diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")).to_string()
}
