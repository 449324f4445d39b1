//! A model that a program meets at run time: the text of its input schema in, its named representation out. The stages are those
//! of any other model, but nobody can be asked: what has no certain name keeps its wire key, and a keyword that nobody
//! knows goes unchecked, and both are told. Must not know where the text came from.

use std::collections::BTreeSet;

use super::{lowered, written};
use crate::ir::Model;
use crate::manifest::{Date, Manifest, OutputSource, Source, Texts};
use crate::name::stage::{self, Doubt, Written};
use crate::schema::Accepted;
use crate::{ErrorKind, Errors, ModelId, ModelSource, SourceFile, profile};

/// What a program has of a model.
#[derive(Clone, Copy, Debug, Default)]
pub struct Newcomer<'a> {
    /// The id.
    pub id: &'a str,
    /// The name that RunComfy shows; may be empty.
    pub display_name: &'a str,
    /// The input schema, as JSON text.
    pub input: &'a str,
    /// The text of a `names.lock` of this model: its fields are recognised by it. Empty where there is none.
    pub lock: &'a str,
    /// Whether somebody left the published sentences out of the schema, as in a schema folder that must not have them.
    pub are_texts_omitted: bool,
    /// The text of the `overrides.toml` that belongs to that lock; may be empty.
    pub overrides: &'a str,
}

/// What was made of it.
#[derive(Clone, Debug)]
pub struct Met {
    /// The model. Its types have names in Rust only if nothing is in doubt. Its lock is the next one, or, with doubts, the
    /// one that was given.
    pub model: Model,
    /// The fields that keep their wire keys in readable JSON.
    pub doubts: Vec<Doubt>,
    /// Keywords that nobody knows, so that nobody checks them before the server does.
    pub unchecked: BTreeSet<String>,
    /// What was given and could not be used, such as lines of `overrides.toml` for fields that are gone.
    pub unused: Vec<String>,
}

/// Parses, fixes up, lowers and names the input of a model that was just met. Its output is left open.
///
/// # Errors
/// Why there is no such model: a text that is no schema, one that can't be enforced, or a lock or overrides that can't be read.
pub fn meet(newcomer: &Newcomer<'_>) -> Result<Met, Errors> {
    let manifest = Manifest {
        id: ModelId::parse(newcomer.id).map_err(|error| error.of(newcomer.id, ""))?,
        display_name: newcomer.display_name.to_owned(),
        page: None,
        source: Source::Catalogue,
        via: None,
        texts: Texts::default(),
        output: OutputSource::Assumed,
        gives: Vec::new(),
        incomplete: Vec::new(),
        updated: Date { year: 1970, month: 1, day: 1 },
        removed: None,
        price: None,
    };
    let source = source(newcomer);
    // Under other names, what was written by these would mean something else.
    let mut written = written(&source)?;
    written.is_bare = newcomer.are_texts_omitted;
    // What the schema does not have any more is accepted, too.
    let everywhere = std::mem::take(&mut written.overrides.accept.keywords);
    let mut accepted = Accepted { everywhere, ..Accepted::default() };
    written.is_draft = !written.overrides.types.is_empty();
    // Corrections of types bring others to light, until there are no more. A question ends that: they stay as published.
    let mut model = loop {
        let model = accepting(&source, &manifest, &mut written, &mut accepted)?;
        let more = stage::corrections(&model, &written).unwrap_or_default();
        if more.is_empty() && !written.is_draft {
            break model;
        }
        written.corrected.extend(more);
        written.is_draft = false;
    };
    let unchecked = accepted.everywhere.intersection(&accepted.met).cloned().collect();
    let mut named = model.clone();
    let Err(stops) = stage::name_one(&mut named, &written) else {
        named.profile = profile::of(&named, &[]);
        return Ok(Met { model: named, doubts: Vec::new(), unchecked, unused: Vec::new() });
    };
    let unused = stops.iter().filter(|stop| stop.kind == ErrorKind::UnusedOverride);
    let unused = unused.map(|stop| stop.message.clone()).collect();
    written.asks_nobody = true;
    let doubts = stage::name_partly(&mut model, &written);
    model.profile = profile::of(&model, &[]);
    model.lock = written.lock.take().unwrap_or_default();
    Ok(Met { model, doubts, unchecked, unused })
}

/// Lowers, and takes keywords that nobody knows for annotations.
fn accepting(
    source: &ModelSource,
    manifest: &Manifest,
    written: &mut Written,
    accepted: &mut Accepted,
) -> Result<Model, Errors> {
    loop {
        let errors = match lowered(source, manifest, &[], written, accepted) {
            Ok(model) => return Ok(model),
            Err(errors) => errors,
        };
        let before = accepted.everywhere.len();
        accepted.everywhere.append(&mut accepted.refused);
        let is_told =
            errors.iter().all(|error| matches!(error.kind, ErrorKind::UnknownKeyword | ErrorKind::UnusedOverride));
        if !is_told || accepted.everywhere.len() == before {
            return Err(errors);
        }
    }
}

fn source(newcomer: &Newcomer<'_>) -> ModelSource {
    let Newcomer { id, input, lock, overrides, .. } = *newcomer;
    let file = |name: &str, text: &str| SourceFile { path: format!("{id}/{name}"), text: text.to_owned() };
    let written = |name: &str, text: &str| (!text.is_empty()).then(|| file(name, text));
    ModelSource {
        folder: id.to_owned(),
        manifest: file("model.toml", ""),
        input: file("input.json", input),
        output: file("output.json", "{}"),
        lock: written("names.lock", lock),
        overrides: written("overrides.toml", overrides),
    }
}
