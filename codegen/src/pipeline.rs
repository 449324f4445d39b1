//! The stages in order: sources in, the named representation out, and what is written of it in `package`. Gathers the
//! errors of all models, since one bad schema must not hide the next. Must not touch the disk.

mod accepted;
mod meet;
#[cfg(feature = "emit")]
mod package;

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::digest;
use crate::features::{self, Features};
use crate::ir::{Catalog, Facts, Model, Module, Output, Profile, Shared, Ty, Type};
use crate::lock::Lock;
use crate::manifest::{Manifest, OutputSource, Source, Texts};
use crate::name::stage::Written;
use crate::overrides::{self, Overrides, unused};
use crate::schema::{self, Accepted, Schema};
use crate::{Error, ErrorKind, Errors, ModelSource, SourceFile, Sources};
use crate::{fixup, json, lower, name, profile};
pub use meet::{Met, Newcomer, meet};
#[cfg(feature = "emit")]
pub use package::{generate, package};

/// Loaded texts to the named representation: parse, fix up, lower, name.
///
/// # Errors
/// Everything wrong with any model, sorted.
pub fn catalog(sources: &Sources) -> Result<Catalog, Errors> {
    catalog_with_notes(sources).map(|(catalog, _)| catalog)
}

/// The same, with what is worth telling although it stops nothing: answers of `overrides.toml` that wait for a question,
/// such that had their day, and keywords that are accepted everywhere and in no schema.
///
/// # Errors
/// As for [`catalog`].
pub fn catalog_with_notes(sources: &Sources) -> Result<(Catalog, Errors), Errors> {
    let mut errors = Errors::default();
    let shared: Vec<(Shared, Schema)> = sources.shared.iter().filter_map(|file| errors.collect(shared(file))).collect();
    let shapes: Vec<(String, Schema)> =
        shared.iter().map(|(shape, schema)| (shape_name(&shape.path), schema.clone())).collect();
    let mut catalog = Catalog { models: Vec::new(), shared: shared.into_iter().map(|(shape, _)| shape).collect() };
    let mut written = BTreeMap::new();
    let everywhere = sources.overrides.as_ref().map(overrides::accepted_everywhere).transpose();
    let everywhere = errors.collect(everywhere).flatten().unwrap_or_default();
    let mut everywhere = Accepted { everywhere, ..Accepted::default() };
    for source in &sources.models {
        if let Some((model, of_model)) = errors.collect(model(source, &shapes, &mut everywhere)).flatten() {
            written.insert(model.id.clone(), of_model);
            catalog.models.push(model);
        }
    }
    // Accepted for a schema that is to come, or that was there: it hides nothing, so it stops nothing.
    let mut unmet = Errors::default();
    if let (Some(file), true) = (&sources.overrides, errors.is_empty() && !sources.is_part) {
        let found = all_met(&everywhere.everywhere, &everywhere);
        unmet.collect(found.map_err(|found| found.map(|one| one.of("", &file.path))));
    }
    catalog.models.sort_by(|a, b| a.id.cmp(&b.id));
    catalog.shared.sort_by(|a, b| a.path.cmp(&b.path));
    let mut notes = errors.collect(name::stage::name(&mut catalog, &written)).unwrap_or_default();
    notes.append(unmet);
    for model in &mut catalog.models {
        model.profile = profile::of(model, &catalog.shared);
    }
    errors.collect(share_features(sources, &mut catalog.models));
    errors.or((catalog, notes))
}

/// What was made of a model's schemas, or of one that many share, beside the schemas themselves.
#[cfg(feature = "second-opinion")]
pub(crate) struct Understood {
    pub(crate) id: String,
    /// The file and the schema, fixed up; shared shapes are outputs only.
    pub(crate) input: Option<(String, Schema)>,
    pub(crate) output: (String, Schema, Output),
    /// All types, without names yet.
    pub(crate) types: Vec<Type>,
    /// What `[accept] second_opinion` holds, and the file it stands in.
    pub(crate) accepted: BTreeSet<String>,
    pub(crate) overrides: String,
}

/// The sources and what is made of them, for a reader that compares the two.
#[cfg(feature = "second-opinion")]
pub(crate) fn understood(sources: &Sources) -> Result<Vec<Understood>, Errors> {
    let mut errors = Errors::default();
    let shared: Vec<(Shared, Schema)> = sources.shared.iter().filter_map(|file| errors.collect(shared(file))).collect();
    let shapes: Vec<(String, Schema)> =
        shared.iter().map(|(shape, schema)| (shape_name(&shape.path), schema.clone())).collect();
    let everywhere = sources.overrides.as_ref().map(overrides::accepted_everywhere).transpose();
    let everywhere = errors.collect(everywhere).flatten().unwrap_or_default();
    let accepted = Accepted { everywhere, ..Accepted::default() };
    let mut all: Vec<Understood> = shared
        .into_iter()
        .map(|(shape, schema)| Understood {
            id: String::new(),
            input: None,
            output: (shape.path, schema, Output::Own(Ty::Named(0))),
            types: shape.types,
            accepted: BTreeSet::new(),
            overrides: String::new(),
        })
        .collect();
    for source in &sources.models {
        let read = || -> Result<Option<Understood>, Errors> {
            let Some((model, written)) = model(source, &shapes, &mut accepted.clone())? else { return Ok(None) };
            let keywords = written.overrides.accept.keywords.clone();
            let mut accepted = Accepted { keywords, ..accepted.clone() };
            Ok(Some(Understood {
                input: Some((source.input.path.clone(), input_schema(&source.input, &written, &mut accepted)?)),
                output: (source.output.path.clone(), output(&source.output, &mut accepted)?, model.output),
                id: model.id,
                types: model.types,
                accepted: written.overrides.accept.second_opinion,
                overrides: source.overrides.as_ref().map(|file| file.path.clone()).unwrap_or_default(),
            }))
        };
        all.extend(errors.collect(read()).flatten());
    }
    errors.or(all)
}

/// The features that `features.toml` makes families share.
fn share_features(sources: &Sources, models: &mut [Model]) -> Result<(), Errors> {
    let Some(file) = &sources.features else { return Ok(()) };
    let families = sources.models.iter().map(|model| features::family(&model.folder).to_owned()).collect();
    Features::parse(file)?.apply(models, &families)
}

/// The text of every model's `names.lock`, by its path in the schema folder.
#[must_use]
pub fn locks(catalog: &Catalog) -> BTreeMap<String, String> {
    catalog.models.iter().map(|model| (format!("{}/names.lock", model.folder), model.lock.render())).collect()
}

/// Nothing for a model that was removed: its folder only keeps its names.
fn model(
    source: &ModelSource,
    shapes: &[(String, Schema)],
    everywhere: &mut Accepted,
) -> Result<Option<(Model, Written)>, Errors> {
    let manifest = Manifest::parse(&source.manifest)?;
    if manifest.removed.is_some() {
        return Ok(None);
    }
    if manifest.id.as_str() != source.folder {
        let message = format!("the id {:?} does not match the folder {:?}", manifest.id.as_str(), source.folder);
        let error = Error::new(ErrorKind::ModelId, message).help("move the folder, or correct `id` in model.toml");
        return Err(error.of(manifest.id.as_str(), &source.manifest.path).into());
    }
    let mut errors = Errors::default();
    let mut written = errors.collect(written(source)).unwrap_or_default();
    written.is_bare = manifest.texts == Texts::Omitted;
    let overrides = &written.overrides;
    written.is_draft = !overrides.types.is_empty();
    // With one that should match and does not, that will be told, and nobody gets to see the rest.
    let was_there = |path: &String| {
        let fields = written.lock.iter().flat_map(|lock| &lock.fields);
        fields.filter_map(|field| field.applied.corrected.as_ref()).any(|entry| entry.path == *path)
    };
    let may_wait = overrides.types.keys().all(|path| overrides.next.types.contains_key(path) || was_there(path));
    loop {
        let lowered = lowered(source, &manifest, shapes, &mut written, everywhere);
        let more = lowered.and_then(|model| Ok((name::stage::corrections(&model, &written)?, model)));
        let Some((more, model)) = errors.collect(more) else { return errors.or(None) };
        if more.is_empty() && !(written.is_draft && may_wait) {
            return errors.or(Some((model, written)));
        }
        written.corrected.extend(more);
        written.is_draft = false;
    }
}

/// A model's schemas, with the corrections that are known, to its representation.
fn lowered(
    source: &ModelSource,
    manifest: &Manifest,
    shapes: &[(String, Schema)],
    written: &mut Written,
    everywhere: &mut Accepted,
) -> Result<Model, Errors> {
    let of = |file: &SourceFile| {
        let (id, path) = (manifest.id.as_str().to_owned(), file.path.clone());
        move |error: Error| match (error.kind, &source.overrides) {
            (ErrorKind::UnusedOverride, Some(overrides)) => error.of(&id, &overrides.path),
            _ => error.of(&id, &path),
        }
    };
    let mut errors = Errors::default();
    let keywords = written.overrides.accept.keywords.clone();
    let mut accepted = Accepted { keywords, everywhere: everywhere.everywhere.clone(), ..Accepted::default() };
    let input = input(&source.input, written, &mut accepted);
    let input = errors.collect(input.map_err(|found| found.map(of(&source.input))));
    let mut output = output(&source.output, &mut accepted);
    // The titles of shared shapes are not those of pages.
    output.iter_mut().for_each(fixup::heading_is_no_title);
    let output = errors.collect(output.map_err(|found| found.map(of(&source.output))));
    let expected: BTreeSet<String> =
        accepted.keywords.difference(&written.overrides.next.accept.keywords).cloned().collect();
    match accepted.refused.is_empty() {
        true => written.waiting.extend(expected.difference(&accepted.met).map(|word| overrides::without_keyword(word))),
        false => errors
            .collect(all_met(&expected, &accepted).map_err(|found| found.map(of(&source.input))))
            .unwrap_or_default(),
    }
    written
        .waiting
        .extend(accepted::gone(&written.overrides.accept.texts, source, manifest).map(overrides::without_text));
    everywhere.met.extend(accepted.met.iter().cloned());
    written.accepted = accepted.met;
    everywhere.refused.append(&mut accepted.refused);
    let mut types = input.unwrap_or_default();
    let input_types = types.len();
    let output = output.and_then(|schema| {
        let lowered = lower::output(&schema, shapes, &mut types);
        errors.collect(lowered.map_err(|found| found.map(of(&source.output))))
    });
    // Without an output there are errors; the stand-in is never seen.
    let output = output.unwrap_or(Output::Own(Ty::Json));
    errors.or(Model {
        id: manifest.id.as_str().to_owned(),
        folder: source.folder.clone(),
        display_name: manifest.display_name.clone(),
        page: manifest.page.clone(),
        module: Module::default(),
        profile: Profile::default(),
        price: manifest.price.clone(),
        output,
        is_output_assumed: manifest.output == OutputSource::Assumed,
        gives: manifest.gives.clone(),
        facts: facts(manifest),
        incomplete: manifest.incomplete.clone(),
        input_types,
        types,
        digest: json::parse(&source.input).map(|schema| digest(&schema)).unwrap_or_default(),
        overrides: source.overrides.as_ref().map(overrides::standing).unwrap_or_default(),
        lock: Lock::default(),
    })
}

/// Where what is known of a model was read.
fn facts(manifest: &Manifest) -> Facts {
    let source = match manifest.source {
        Source::Page => "its page",
        Source::Catalogue => "RunComfy's catalogue",
    };
    let (source, as_of) = match &manifest.via {
        Some(via) => (format!("{source} by way of {}", via.whom), via.as_of),
        None => (source.to_owned(), manifest.updated),
    };
    Facts { source, as_of: as_of.to_string(), are_bare: manifest.texts == Texts::Omitted }
}

/// What people and earlier runs wrote down about a model.
fn written(source: &ModelSource) -> Result<Written, Errors> {
    let mut errors = Errors::default();
    let overrides = source.overrides.as_ref().map(Overrides::parse).transpose();
    let overrides = errors.collect(overrides).flatten().unwrap_or_default();
    let lock = errors.collect(source.lock.as_ref().map(Lock::parse).transpose()).flatten();
    let of = |error: Error| Error { model: source.folder.clone(), ..error };
    errors.map(of).or(Written { overrides, lock, ..Written::default() })
}

/// Keywords that were accepted and are in no schema, while others are there that nobody accepted.
fn all_met(keywords: &BTreeSet<String>, accepted: &Accepted) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for keyword in keywords.difference(&accepted.met) {
        errors.push(unused("[accept]", keyword, accepted.refused.iter().map(String::as_str)));
    }
    errors.or(())
}

fn input(file: &SourceFile, written: &Written, accepted: &mut Accepted) -> Result<Vec<Type>, Errors> {
    let mut schema = input_schema(file, written, accepted)?;
    let mut errors = Errors::default();
    errors.collect(schema::measurable(&mut schema, accepted));
    let types = errors.collect(lower::input(&schema));
    errors.or(types.unwrap_or_default())
}

/// The input schema, fixed up and corrected.
fn input_schema(file: &SourceFile, written: &Written, accepted: &mut Accepted) -> Result<Schema, Errors> {
    let json = json::parse(file)?;
    let mut schema = schema::parse_accepting(&json, "", accepted)?;
    if written.is_draft {
        // What is to be corrected may be such a type.
        fixup::drop_unknown_types(&mut schema);
    }
    let corrections = written.corrected.iter().map(|(path, correct)| (path.clone(), correct.to)).collect();
    fixup::correct(&mut schema, &corrections)?;
    fixup::input(&mut schema);
    Ok(schema)
}

fn output(file: &SourceFile, accepted: &mut Accepted) -> Result<Schema, Errors> {
    let json = json::parse(file)?;
    let (inner, pointer) = fixup::output_envelope(&json);
    let mut schema = schema::parse_accepting(inner, pointer, accepted)?;
    fixup::output(&mut schema);
    Ok(schema)
}

fn shared(file: &SourceFile) -> Result<(Shared, Schema), Errors> {
    let of = |found: Errors| found.map(|error| error.of("", &file.path));
    let schema = output(file, &mut Accepted::default()).map_err(of)?;
    let shape = lower::shared(&file.path, &shape_name(&file.path), &schema).map_err(of)?;
    Ok((shape, schema))
}

/// `_shared/media-output.json` → `MediaOutput`
fn shape_name(path: &str) -> String {
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".json");
    name::type_name(stem)
}
