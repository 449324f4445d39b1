//! What a sync will write: entries and the schema folder in; the new texts, and the models that are left as they were,
//! out. Writes nothing itself.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::manifest::{Date, OutputSource, Texts};
use crate::model_id::MODEL_FILES;
use crate::name::plan_modules;
use crate::overrides::Overrides;
use crate::{
    ClientCrate, Error, ErrorKind, Errors, Manifest, ModelId, ModelSource, Placement, Source, SourceFile, Sources,
    Standalone, fs,
};

use super::twins::{twin_error, twins};
use super::{Entry, Options, Response, faulty, without};
use crate::facts::sentences;
use crate::import::{OUTPUTS, SHARED, assumed};

/// What a sync will do.
pub(super) struct Plan {
    /// The whole folder as it will be.
    pub sources: Sources,
    /// Why models are left as they were.
    pub left: Errors,
    new: BTreeSet<String>,
    changed: BTreeSet<String>,
    removed: BTreeSet<String>,
    /// Models that are not listed and stay all the same, for the response may lack models.
    pub missed: BTreeSet<String>,
    unchanged: usize,
    /// The shared shapes that the folder does not have yet.
    new_shared: BTreeSet<String>,
    /// Where the new input schemas were read, by model.
    read: BTreeMap<String, Entry>,
    /// The ids that are spelt in another way now, and how they were.
    respelt: BTreeMap<String, String>,
    /// Other spellings of ids that are listed too.
    doubled: BTreeMap<String, String>,
    /// Models that change and have no lock.
    unlocked: BTreeSet<String>,
}

impl Plan {
    /// Decides what to do with each model. `trouble` is what can't be read of the folder as it is.
    ///
    /// # Errors
    /// What keeps the whole folder from being generated, whatever becomes of single models.
    pub(super) fn new(
        response: Response,
        (old, trouble): (&Sources, Errors),
        schemas: &Path,
        options: &Options,
    ) -> Result<Self, Errors> {
        let mut plan = Self {
            sources: old.clone(),
            left: Errors::default(),
            new: BTreeSet::new(),
            changed: BTreeSet::new(),
            removed: BTreeSet::new(),
            missed: BTreeSet::new(),
            unchanged: 0,
            new_shared: BTreeSet::new(),
            read: BTreeMap::new(),
            respelt: BTreeMap::new(),
            doubled: BTreeMap::new(),
            unlocked: BTreeSet::new(),
        };
        // Without its schemas nobody can tell what a lock's names belong to; without a lock there is nothing to lose.
        let is_locked = |folder: &str| schemas.join(folder).join("names.lock").exists();
        let broken: BTreeSet<String> =
            trouble.iter().map(|error| error.model.clone()).filter(|id| is_locked(id)).collect();
        plan.left.append(trouble);
        let wanted = |id: &ModelId| options.only.as_ref().is_none_or(|only| only.matches(id.as_str()));
        let concerns = |error: &Error| ModelId::parse(&error.model).map_or(true, |id| wanted(&id));
        response.errors.into_iter().filter(concerns).for_each(|error| plan.left.push(error));
        if fs::holds_no_model(schemas)? {
            plan.share(SHARED);
            OUTPUTS.into_iter().for_each(|shape| plan.share(shape));
        } else if !old.shared.is_empty() {
            let is_own = |shape: &str| old.models.iter().any(|model| is_same_json(&model.output.text, shape));
            OUTPUTS.into_iter().filter(|(_, text)| !is_own(text)).for_each(|shape| plan.share(shape));
        }
        let mut listed: BTreeSet<ModelId> = response.unreadable.into_iter().collect();
        listed.extend(response.entries.iter().map(|entry| entry.id.clone()));
        let twins = twins(&listed, old);
        let spellings = Spellings::of(&listed, old);
        for entry in response.entries.into_iter().filter(|entry| wanted(&entry.id)) {
            if let Some(known) = spellings.doubled.get(&entry.id) {
                plan.doubled.insert(entry.id.to_string(), known.clone());
                continue;
            }
            let known = spellings.respelt.get(&entry.id);
            let twin = match twins.get(&entry.id) {
                Some(twin) => Some(twin.clone()),
                None => fs::case_twin(schemas, &entry.id)?,
            };
            let taken = match twin {
                Some(twin) => Err(entry.blame("/model_id", twin_error(&entry.id, &twin)).into()),
                None if broken.contains(entry.id.as_str()) => Ok(()),
                None => plan.take(&entry, known, old, schemas, options),
            };
            plan.left.collect(taken);
            plan.read.insert(entry.id.to_string(), entry);
        }
        plan.bury(&listed, wanted, options.today, response.may_lack);
        plan.part(old);
        plan.take_back_faulty(old, options.is_published)?;
        plan.unshare();
        Ok(plan)
    }

    /// An answer shape that many models have, for all of them. Brought to a folder that has models without it, it would
    /// become the output type of those whose own has that shape.
    fn share(&mut self, (path, text): (&str, &str)) {
        if self.sources.shared.iter().all(|file| file.path != path) {
            self.sources.shared.push(SourceFile { path: path.to_owned(), text: text.replace("\r\n", "\n") });
            self.new_shared.insert(path.to_owned());
        }
    }

    /// Takes back the shapes that no new model has.
    fn unshare(&mut self) {
        let Self { sources, new, new_shared, .. } = self;
        let outputs = sources.models.iter().filter(|model| new.contains(&model.folder));
        let outputs: BTreeSet<&str> = outputs.map(|model| model.output.text.as_str()).collect();
        let is_needed = |file: &SourceFile| file.path == SHARED.0 || outputs.contains(file.text.as_str());
        sources.shared.retain(|file| !new_shared.contains(&file.path) || is_needed(file));
    }

    /// Puts one listed model into the folder; `known` is the folder that it has so far, if its id was spelt otherwise.
    fn take(
        &mut self,
        entry: &Entry,
        known: Option<&String>,
        old: &Sources,
        schemas: &Path,
        options: &Options,
    ) -> Result<(), Errors> {
        let today = options.today;
        let folder = entry.id.as_str().to_owned();
        let before = old.models.iter().find(|model| model.folder == *known.unwrap_or(&folder));
        let overrides = match before.and_then(|model| kept("overrides.toml", &folder, &model.overrides)) {
            None => waiting_overrides(schemas, &folder)?,
            some => some,
        };
        if options.facts_only {
            // What can't be read is reported when the model is generated.
            let decided = overrides.as_ref().and_then(|file| Overrides::parse(file).ok()).unwrap_or_default();
            let schema = [("/input_schema", &*entry.input)];
            let mut errors = Errors::default();
            let found = sentences(&entry.id, schema, entry.display_name.as_deref(), &decided.accept.texts);
            found.into_iter().for_each(|error| errors.push(entry.blame(&error.place.clone(), error)));
            errors.or(())?;
        }
        let manifest = before.map(|model| Manifest::parse(&model.manifest)).transpose()?;
        let same_input = before.is_some_and(|model| is_same_json(&model.input.text, &entry.input));
        let source = manifest.as_ref().filter(|_| same_input).map_or(Source::Catalogue, |old| old.source);
        // A page is read in the reader's language; a name of the catalogue would change with every other source.
        let is_page = source == Source::Page;
        let told = entry.display_name.clone().filter(|_| !is_page);
        let known_gives = manifest.as_ref().map(|old| old.gives.clone()).filter(|gives| !gives.is_empty());
        let mut next = Manifest {
            id: entry.id.clone(),
            display_name: told
                .or_else(|| manifest.as_ref().map(|old| old.display_name.clone()))
                .unwrap_or_else(|| folder.clone()),
            page: entry.page.clone().or_else(|| manifest.as_ref().and_then(|old| old.page.clone())),
            source,
            via: entry.via.clone().filter(|_| !is_page),
            texts: match &manifest {
                // Nothing of a page is taken or left here.
                Some(manifest) if is_page => manifest.texts,
                _ if options.facts_only => Texts::Omitted,
                _ => Texts::Published,
            },
            gives: known_gives.unwrap_or_else(|| entry.gives.clone()),
            incomplete: if is_page { Vec::new() } else { entry.incomplete.clone() },
            output: manifest.as_ref().map_or(OutputSource::Assumed, |old| old.output),
            updated: manifest.as_ref().map_or(today, |old| old.updated),
            removed: None,
            price: entry.price.clone().or_else(|| manifest.as_ref().and_then(|old| old.price.clone())),
        };
        if same_input && manifest.as_ref() == Some(&next) {
            self.unchanged += 1;
            return Ok(());
        }
        next.updated = today;
        let file = |name: &str, text: String| SourceFile { path: format!("{folder}/{name}"), text };
        let input = before.filter(|_| same_input).map_or(&entry.input, |model| &model.input.text);
        let output = before.map_or_else(|| assumed(&next.gives), |model| model.output.text.clone());
        let model = ModelSource {
            manifest: file("model.toml", next.render()),
            input: file("input.json", input.clone()),
            output: file("output.json", output),
            lock: before.and_then(|model| kept("names.lock", &folder, &model.lock)),
            overrides,
            folder: folder.clone(),
        };
        if let Some(known) = known {
            self.respelt.insert(folder.clone(), known.clone());
            self.sources.models.retain(|model| model.folder != *known);
        }
        if before.is_some_and(|model| model.lock.is_none()) && !same_input {
            self.unlocked.insert(folder.clone());
        }
        if before.is_some() { &mut self.changed } else { &mut self.new }.insert(folder);
        self.put(model);
        Ok(())
    }

    /// Marks the models that the catalogue does not list any more; their names stay in their locks. Models that came from
    /// pages are nobody's to remove, and where the response may lack models, none is.
    fn bury(&mut self, listed: &BTreeSet<ModelId>, wanted: impl Fn(&ModelId) -> bool, today: Date, may_lack: bool) {
        for model in &mut self.sources.models {
            // What can't be read is reported when the folder is generated, below.
            let Ok(mut manifest) = Manifest::parse(&model.manifest) else { continue };
            if is_listed_once(&manifest) && wanted(&manifest.id) && !listed.contains(&manifest.id) {
                if may_lack {
                    self.missed.insert(model.folder.clone());
                    continue;
                }
                manifest.removed = Some(today);
                model.manifest.text = manifest.render();
                self.removed.insert(model.folder.clone());
            }
        }
    }

    /// Takes back what would share a module or a feature with another model.
    fn part(&mut self, old: &Sources) {
        loop {
            let is_offered =
                |model: &&ModelSource| Manifest::parse(&model.manifest).is_ok_and(|found| found.removed.is_none());
            let ids: Vec<&str> = self.sources.models.iter().filter(is_offered).map(|model| &*model.folder).collect();
            let problems = plan_modules(&ids).err().unwrap_or_default();
            let clashes = problems
                .into_iter()
                .flat_map(|problem| problem.keys.clone().into_iter().map(move |id| (id, problem.clone())));
            let clashes: Vec<_> = clashes.filter(|(id, _)| self.is_touched(id)).collect();
            if clashes.is_empty() {
                return;
            }
            for (id, problem) in clashes {
                let error = Error::new(ErrorKind::ModelId, problem.message).of(id.as_str(), "").help(problem.help);
                self.left.push(match self.read.get(&id) {
                    Some(entry) => entry.blame("/model_id", error),
                    None => error,
                });
                self.take_back(&id, old);
            }
        }
    }

    /// Takes back every change that would stop `generate`, until nothing stops it but what was wrong before.
    fn take_back_faulty(&mut self, old: &Sources, is_published: bool) -> Result<(), Errors> {
        let mut aside: BTreeSet<String> = BTreeSet::new();
        while let Err(errors) = self.trial(&aside) {
            let faulty = faulty(&errors);
            if faulty.is_empty() {
                return Err(errors);
            }
            let of_models = errors.iter().filter(|error| !error.model.is_empty());
            of_models
                .map(|error| self.blamed(error.clone(), old))
                .collect::<Vec<_>>()
                .into_iter()
                .for_each(|error| self.left.push(error));
            for folder in faulty {
                if self.is_touched(&folder) {
                    self.take_back(&folder, old);
                } else {
                    aside.insert(folder);
                }
            }
        }
        if aside.is_empty() && is_published {
            // The models are fine; that their features are too many for the crate that is released is the maintainers' to
            // decide.
            self.left.collect(crate::generate(&self.sources, &Placement::Workspace));
        }
        Ok(())
    }

    /// An error in an input schema that is not written is one of the response.
    fn blamed(&self, error: Error, old: &Sources) -> Error {
        let input = |sources: &Sources| {
            let model = sources.models.iter().find(|model| model.folder == error.model);
            model.map(|model| model.input.clone()).filter(|input| input.path == error.file)
        };
        match (input(&self.sources), self.read.get(&error.model)) {
            (Some(now), Some(entry)) if input(old).as_ref() != Some(&now) => {
                entry.blame(&format!("/input_schema{}", error.place), error.clone())
            }
            _ => error,
        }
    }

    /// Generates all models but those set aside, each feature its own.
    fn trial(&self, aside: &BTreeSet<String>) -> Result<(), Errors> {
        let sources = Sources { features: None, ..without(&self.sources, aside) };
        let anywhere = Standalone {
            client: ClientCrate::Version(String::new()),
            version: String::new(),
            edition: String::new(),
            rust_version: String::new(),
            license: None,
            command: String::new(),
        };
        crate::generate(&sources, &Placement::Standalone(anywhere)).map(drop)
    }

    fn is_touched(&self, folder: &str) -> bool {
        self.new.contains(folder) || self.changed.contains(folder)
    }

    fn take_back(&mut self, folder: &str, old: &Sources) {
        self.new.remove(folder);
        self.changed.remove(folder);
        self.unlocked.remove(folder);
        if let Some(known) = self.respelt.remove(folder) {
            self.sources.models.retain(|model| model.folder != folder);
            old.models.iter().filter(|model| model.folder == known).for_each(|model| self.put(model.clone()));
            return;
        }
        match old.models.iter().find(|model| model.folder == folder) {
            Some(model) => self.put(model.clone()),
            None => self.sources.models.retain(|model| model.folder != folder),
        }
    }

    fn put(&mut self, model: ModelSource) {
        match self.sources.models.iter_mut().find(|known| known.folder == model.folder) {
            Some(place) => *place = model,
            None => self.sources.models.push(model),
        }
    }

    /// Whether nothing will change.
    pub(super) fn is_empty(&self) -> bool {
        self.files().is_empty()
    }

    /// The files to write, by path.
    pub(super) fn files(&self) -> BTreeMap<String, String> {
        let shared =
            self.sources.shared.iter().filter(|file| !self.new.is_empty() && self.new_shared.contains(&file.path));
        let models = self.sources.models.iter().flat_map(|model| {
            let is_marked = self.removed.contains(&model.folder);
            let is_written = self.new.contains(&model.folder) || self.changed.contains(&model.folder);
            let is_moved = self.respelt.contains_key(&model.folder);
            let beside = [&model.lock, &model.overrides].into_iter().flatten().filter(move |_| is_moved);
            let schemas = is_written.then_some([&model.input, &model.output]).into_iter().flatten().chain(beside);
            (is_written || is_marked).then_some(&model.manifest).into_iter().chain(schemas)
        });
        shared.chain(models).map(|file| (file.path.clone(), file.text.clone())).collect()
    }

    /// The files of models whose ids are spelt in another way now.
    pub(super) fn replaced(&self, schemas: &Path) -> Vec<String> {
        let files = |known: &String| MODEL_FILES.map(|name| format!("{known}/{name}"));
        self.respelt.values().flat_map(files).filter(|file| schemas.join(file).exists()).collect()
    }

    /// What is worth telling of ids and locks, in lines.
    pub(super) fn notes(&self) -> Vec<String> {
        let respelt = self.respelt.iter().map(|(now, before)| {
            format!(
                "`{before}` is spelt `{now}` now: its lock and overrides went along, and released versions send to an id \
                 that is not listed any more"
            )
        });
        let doubled = self.doubled.iter();
        let doubled = doubled.map(|(other, known)| format!("`{other}` is `{known}` in another spelling, which stays"));
        let unlocked = self.unlocked.iter().map(|model| {
            format!("`{model}` has no names.lock: if it was deleted, restore it, or its names are made anew")
        });
        respelt.chain(doubled).chain(unlocked).collect()
    }

    /// `120 models: 118 new, 1 changed, 1 unchanged, 0 removed`.
    pub(super) fn summary(&self) -> String {
        let (new, changed, removed) = (self.new.len(), self.changed.len(), self.removed.len());
        let models = self.left.iter().map(|error| error.model.as_str());
        let left: BTreeSet<&str> = models.filter(|model| !model.is_empty() && !self.is_touched(model)).collect();
        let total = new + changed + self.unchanged + left.len();
        let noun = if total == 1 { "model" } else { "models" };
        format!(
            "{total} {noun}: {new} new, {changed} changed, {} unchanged, {} left as they were; {removed} removed",
            self.unchanged,
            left.len()
        )
    }
}

/// Whether the model came from the catalogue and is still offered: only then can it vanish from there.
pub(super) fn is_listed_once(manifest: &Manifest) -> bool {
    manifest.source == Source::Catalogue && manifest.removed.is_none()
}

/// Ids that are not known so far, and the known ones that they spell in another way.
#[derive(Default)]
struct Spellings {
    /// The known one is not listed any more: the model is the same.
    respelt: BTreeMap<ModelId, String>,
    /// The known one is listed too, or another spelling has taken its place.
    doubled: BTreeMap<ModelId, String>,
}

impl Spellings {
    fn of(listed: &BTreeSet<ModelId>, old: &Sources) -> Self {
        let mut found = Self::default();
        let known: BTreeMap<String, &str> =
            old.models.iter().map(|model| (ModelId::spelling(&model.folder), &*model.folder)).collect();
        let is_listed = |id: &str| listed.iter().any(|listed| listed.as_str() == id);
        for id in listed.iter().filter(|id| !old.models.iter().any(|model| model.folder == id.as_str())) {
            let Some(known) = known.get(&ModelId::spelling(id.as_str())) else { continue };
            // Where the file system ignores case, these would be one folder, to be moved by hand.
            let is_one_folder = known.eq_ignore_ascii_case(id.as_str());
            if is_listed(known) || found.respelt.values().any(|taken| taken == known) {
                found.doubled.insert(id.clone(), (*known).to_owned());
            } else if !is_one_folder {
                found.respelt.insert(id.clone(), (*known).to_owned());
            }
        }
        found
    }
}

/// A file of a model in the folder that it has now.
fn kept(name: &str, folder: &str, found: &Option<SourceFile>) -> Option<SourceFile> {
    found.as_ref().map(|found| SourceFile { path: format!("{folder}/{name}"), text: found.text.clone() })
}

/// An `overrides.toml` that was written before its model came.
fn waiting_overrides(schemas: &Path, folder: &str) -> Result<Option<SourceFile>, Error> {
    let path = format!("{folder}/overrides.toml");
    let file = schemas.join(&path);
    if !file.is_file() {
        return Ok(None);
    }
    let text = fs::read_text(&file).map_err(|error| error.of(folder, path.as_str()))?;
    Ok(Some(SourceFile { path, text }))
}

/// Whether two texts hold the same JSON. Properties in another order are no change.
fn is_same_json(one: &str, other: &str) -> bool {
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    one == other || parse(one).is_some_and(|one| parse(other) == Some(one))
}
