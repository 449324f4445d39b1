//! The first stage: the schema folder in, [`Sources`] out, sorted. Knows file names, not what is in the files.
//!
//! Nothing is ignored in silence: a file that is not a model's is an error, since it is more often `imput.json` than
//! something that was meant to be there. Left alone are what is hidden, `README*`, and what editors and merges leave
//! (`*~`, `*.orig`, `*.rej`, `*.bak`).

use std::fs;
use std::path::{Path, PathBuf};

use super::read::{io_error, read_text};
use super::walk::{self, Entry, entries, join, name_of};
use crate::features::FILE as FEATURES;
use crate::model_id::{MAX_SEGMENTS, MODEL_FILES, case_clashes};
use crate::{Error, ErrorKind, Errors, ModelId, ModelSource, SourceFile, Sources};

/// The folder of the shapes that many models share.
const SHARED: &str = "_shared";

/// What holds for every model, and what holds for one.
const OVERRIDES: &str = "overrides.toml";

/// Reads every model below `schemas`, and the shared shapes.
///
/// A model is a folder with a `model.toml`; it may hold other models' folders.
///
/// # Errors
/// All problems at once: [`ErrorKind::Io`] for what can't be read, is not UTF-8, larger than 16 MiB, a link that leaves
/// the folder or a file that belongs to no model; [`ErrorKind::ModelId`] for folders that can't be ids or clash where
/// case is ignored.
pub fn load(schemas: &Path) -> Result<Sources, Errors> {
    let (sources, errors) = load_readable(schemas)?;
    errors.or(sources)
}

/// Reads every model below `schemas` that can be read, and says why others can't: as [`load`], for whom one bad folder is
/// no reason to leave the rest.
///
/// # Errors
/// [`ErrorKind::Io`] if there is no such folder.
pub fn load_readable(schemas: &Path) -> Result<(Sources, Errors), Error> {
    let mut loader = Loader::new(schemas)?;
    loader.folder("");
    for clash in case_clashes(&loader.ids) {
        let message =
            format!("`{}` and `{}` are in one folder where the file system ignores case", clash.first, clash.second);
        loader.errors.push(
            Error::new(ErrorKind::ModelId, message)
                .of(clash.second.as_str(), clash.folder)
                .help("only one of them can be kept: remove the model that is no longer offered"),
        );
    }
    loader.sources.models.sort_by(|a, b| a.folder.cmp(&b.folder));
    Ok((loader.sources, loader.errors))
}

/// Reads the shapes that many models share, and nothing else.
///
/// # Errors
/// As for [`load`].
pub fn load_shared(schemas: &Path) -> Result<Vec<SourceFile>, Errors> {
    if !schemas.join(SHARED).is_dir() {
        return Ok(Vec::new());
    }
    let mut loader = Loader::new(schemas)?;
    loader.folder(SHARED);
    loader.errors.or(loader.sources.shared)
}

/// Whether there is no model below `schemas`, whole or not. Overrides may wait for one.
///
/// # Errors
/// [`ErrorKind::Io`] if a folder can't be read.
pub fn holds_no_model(schemas: &Path) -> Result<bool, Error> {
    let files = walk::files(schemas)?;
    let is_models = |file: &String| MODEL_FILES.contains(&name_of(file)) && name_of(file) != OVERRIDES;
    Ok(!files.iter().any(|file| file.contains('/') && is_models(file)))
}

/// The folder on the way to a model that exists already with other upper and lower case: `kling/o3/4K` for an id
/// `kling/o3/4k/edit`. On a file system that ignores case, writing the id's files would change that folder's.
///
/// # Errors
/// [`ErrorKind::Io`] if a folder can't be read.
pub fn case_twin(schemas: &Path, id: &ModelId) -> Result<Option<String>, Error> {
    let mut folder = String::new();
    for segment in id.segments() {
        if !schemas.join(&folder).is_dir() {
            break;
        }
        let twin = entries(schemas, &folder)?
            .into_iter()
            .flatten()
            .find(|entry| entry.name() != segment && entry.name().eq_ignore_ascii_case(segment));
        if let Some(twin) = twin {
            return Ok(Some(twin.path));
        }
        folder = join(&folder, segment);
    }
    Ok(None)
}

struct Loader {
    /// Without links, to tell which links leave it.
    root: PathBuf,
    errors: Errors,
    ids: Vec<ModelId>,
    sources: Sources,
}

impl Loader {
    fn new(schemas: &Path) -> Result<Self, Error> {
        let whole = |error: Error| error.of("", schemas.display().to_string());
        let root =
            schemas.canonicalize().map_err(|error| whole(io_error("the schema folder can't be read", &error)))?;
        if !root.is_dir() {
            let error = Error::new(ErrorKind::Io, "the schema folder is a file");
            return Err(whole(error.help("name the folder that holds the models")));
        }
        Ok(Self { root, errors: Errors::default(), ids: Vec::new(), sources: Sources::default() })
    }

    /// Reads one folder and those in it.
    fn folder(&mut self, relative: &str) {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        for entry in self.errors.collect(entries(&self.root, relative)).unwrap_or_default() {
            let sorted = entry.and_then(|entry| Ok((self.is_folder(&entry)?, entry.path)));
            match sorted {
                Ok((None, _)) => {}
                Ok((Some(true), path)) => folders.push(path),
                Ok((Some(false), path)) => files.push(path),
                Err(error) => self.errors.push(error),
            }
        }
        if relative == SHARED {
            self.shared(&files, &folders);
            return;
        }
        if relative.is_empty() && files.iter().any(|file| file == FEATURES) {
            files.retain(|file| file != FEATURES);
            self.sources.features = self.read("", FEATURES);
        }
        if relative.is_empty() && files.iter().any(|file| file == OVERRIDES) {
            files.retain(|file| file != OVERRIDES);
            self.sources.overrides = self.read("", OVERRIDES);
        }
        if files.iter().any(|file| name_of(file) == "model.toml") {
            self.model(relative, &files);
        } else {
            self.strays(&files, true);
        }
        for folder in folders {
            if folder.split('/').count() > MAX_SEGMENTS {
                self.errors.push(
                    Error::new(ErrorKind::Io, "the folder is deeper than any model")
                        .of("", folder)
                        .help("move or remove it"),
                );
            } else {
                self.folder(&folder);
            }
        }
    }

    /// Whether an entry is a folder, or `None` if it is left alone. Links to files inside the schema folder are files.
    fn is_folder(&self, entry: &Entry) -> Result<Option<bool>, Error> {
        // First of all: the locks of some editors are hidden links that lead nowhere.
        if entry.name().starts_with('.') || (!entry.kind.is_dir() && is_left_behind(entry.name())) {
            return Ok(None);
        }
        if !entry.kind.is_symlink() {
            return Ok(Some(entry.kind.is_dir()));
        }
        let refuse = |error: Error| error.of("", entry.path.as_str()).help("replace the link by what it leads to");
        let target = fs::canonicalize(self.root.join(&entry.path))
            .map_err(|error| refuse(io_error("the link leads nowhere", &error)))?;
        if !target.starts_with(&self.root) {
            return Err(refuse(Error::new(ErrorKind::Io, "the link leaves the schema folder")));
        }
        if target.is_dir() {
            return Err(refuse(Error::new(
                ErrorKind::Io,
                "the link leads to a folder, whose models would be there twice",
            )));
        }
        Ok(Some(false))
    }

    /// Reads the files of one model.
    fn model(&mut self, folder: &str, files: &[String]) {
        match ModelId::parse(folder) {
            Ok(id) => self.ids.push(id),
            Err(error) => self.errors.push(error.of(folder, folder)),
        }
        self.strays(files, false);
        let manifest = self.required(folder, "model.toml", files);
        let input = self.required(folder, "input.json", files);
        let output = self.required(folder, "output.json", files);
        let lock = self.optional(folder, "names.lock", files);
        let overrides = self.optional(folder, OVERRIDES, files);
        // Without a lock that is there, its fields would have other names.
        let is_whole = |name: &str, file: &Option<SourceFile>| file.is_some() || !files.contains(&join(folder, name));
        let is_named = is_whole("names.lock", &lock) && is_whole(OVERRIDES, &overrides);
        if let (Some(manifest), Some(input), Some(output), true) = (manifest, input, output, is_named) {
            self.sources.models.push(ModelSource {
                folder: folder.to_owned(),
                manifest,
                input,
                output,
                lock,
                overrides,
            });
        }
    }

    /// Reads the shared shapes.
    fn shared(&mut self, files: &[String], folders: &[String]) {
        for path in files.iter().chain(folders) {
            if files.contains(path) && path.ends_with(".json") {
                let file = self.read("", path);
                self.sources.shared.extend(file);
            } else {
                self.errors.push(
                    Error::new(ErrorKind::Io, "only `.json` files belong here")
                        .of("", path.as_str())
                        .help("move it away"),
                );
            }
        }
    }

    /// Notes the files that have no place in their folder. Where there is no `model.toml`, none has.
    fn strays(&mut self, files: &[String], no_model: bool) {
        for path in files {
            let is_models = MODEL_FILES.contains(&name_of(path));
            let (message, help) = match (is_models, no_model) {
                (true, false) => continue,
                // Written before its model came: without it, the model may not be generated.
                (true, true) if name_of(path) == "overrides.toml" => continue,
                (true, true) => {
                    ("a model's file without a `model.toml` beside it", "import the model's page, or remove the file")
                }
                (false, _) => {
                    ("the file is not one of a model's", "rename it to what it was meant to be, or move it away")
                }
            };
            self.errors.push(Error::new(ErrorKind::Io, message).of("", path.as_str()).help(help));
        }
    }

    fn required(&mut self, folder: &str, name: &str, files: &[String]) -> Option<SourceFile> {
        let file = self.optional(folder, name, files);
        if file.is_none() && !files.contains(&join(folder, name)) {
            let error = Error::new(ErrorKind::Io, format!("`{name}` is missing")).of(folder, join(folder, name));
            self.errors.push(error.help("import the model's page again"));
        }
        file
    }

    fn optional(&mut self, folder: &str, name: &str, files: &[String]) -> Option<SourceFile> {
        let path = join(folder, name);
        if files.contains(&path) { self.read(folder, &path) } else { None }
    }

    fn read(&mut self, model: &str, path: &str) -> Option<SourceFile> {
        let text = read_text(&self.root.join(path)).map_err(|error| error.of(model, path));
        self.errors.collect(text).map(|text| SourceFile { path: path.to_owned(), text })
    }
}

/// What people, editors and merges leave beside a model's files.
fn is_left_behind(name: &str) -> bool {
    name.starts_with("README") || [".orig", ".rej", ".bak", "~"].iter().any(|end| name.ends_with(end))
}
