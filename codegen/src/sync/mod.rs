//! `sync`: the catalogue's models into the schema folder. A catalogue response in, files and what changed for
//! users out. Where the response comes from is its callers' business.
//!
//! One model that can't be generated, or whose fields the lock can't tell apart, never blocks the others: it is reported
//! and stays as it was. What is written is written all at once.

mod gives;
mod odd_numbers;
mod plan;
pub mod response;
mod second_hand;
mod twins;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::ir::Catalog;
use crate::manifest::Date;
use crate::{Error, ErrorKind, Errors, ModelId, Sources, cli, diff, fs};
use glob::Pattern;

use crate::cli::Answer;
use crate::diff::Version;
use plan::Plan;
pub use response::{Entry, Response};
pub use second_hand::SecondHand;

/// What is synced, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only models whose ids match.
    pub only: Option<Pattern>,
    /// Whether to say what would be done instead of doing it.
    pub dry_run: bool,
    /// Whether to leave out the sentences that are published for models, and take facts only.
    pub facts_only: bool,
    /// The day that changed models get.
    pub today: Date,
    /// The version that the suggestion for the next one starts from.
    pub released: Version,
    /// Whether the folder is that of a crate that is published, which can't have any number of features.
    pub is_published: bool,
    /// The command that generates, for messages.
    pub generate: &'static str,
}

/// Brings the schema folder in step with a catalogue response.
///
/// The exit code is 1 if a model was left as it was.
///
/// # Errors
/// What keeps everything from being synced: a folder that can't be read or written, or a response that is not whole.
pub fn sync(mut response: Response, schemas: &Path, options: &Options) -> Result<Answer, Errors> {
    let _held = if options.dry_run { None } else { Some(fs::hold(schemas)?) };
    let (old, trouble) = fs::load_readable(schemas)?;
    if let Some(only) = &options.only {
        is_any(&response, &old, only)?;
    }
    if options.facts_only {
        response.entries.iter_mut().for_each(Entry::keep_facts);
    }
    let plan = Plan::new(response, (&old, trouble), schemas, options)?;
    if !options.dry_run {
        fs::replace_files(schemas, &plan.files(), plan.replaced(schemas))?;
    }
    let mut out = report(&plan, &old, options);
    plan.notes().iter().for_each(|note| _ = writeln!(out, "{note}"));
    if !plan.missed.is_empty() {
        let models = listed(&plan.missed);
        _ = writeln!(out, "not listed, and not taken for removed, since the response may be a part: {models}");
    }
    _ = writeln!(out, "{}{}", if options.dry_run { "dry run, nothing written: " } else { "" }, plan.summary());
    let left = plan.left.or(()).map_or_else(Answer::from, |()| Answer::default());
    Ok(Answer { out, ..left })
}

/// Whether a model of the catalogue or of the folder matches: else there is nothing to do, and a misspelt pattern would go
/// unseen.
fn is_any(response: &Response, old: &Sources, only: &Pattern) -> Result<(), Error> {
    let entries = response.entries.iter().map(|entry| entry.id.as_str());
    let others = response.unreadable.iter().map(ModelId::as_str).chain(old.models.iter().map(|model| &*model.folder));
    if entries.chain(others).any(|id| only.matches(id)) {
        return Ok(());
    }
    let message = format!("no model's id matches `--only {only}`");
    Err(Error::new(ErrorKind::ModelId, message)
        .help("ids look like community/wan-2-2/vace-fun; `*` and `**` match over `/`, too: try `*wan*`"))
}

/// The models that came from the catalogue and are still offered, as far as the folder tells; those of `only`.
///
/// # Errors
/// [`ErrorKind::Io`] if there is no such folder.
pub fn known(schemas: &Path, only: Option<&Pattern>) -> Result<Vec<ModelId>, Error> {
    let (sources, _) = fs::load_readable(schemas)?;
    let manifests = sources.models.iter().filter_map(|model| crate::Manifest::parse(&model.manifest).ok());
    let listed = manifests.filter(plan::is_listed_once).map(|manifest| manifest.id);
    Ok(listed.filter(|id| only.is_none_or(|only| only.matches(id.as_str()))).collect())
}

/// What changes for users: of the models that could be generated before, and of the new ones.
fn report(plan: &Plan, old: &Sources, options: &Options) -> String {
    if plan.is_empty() {
        return String::new();
    }
    let told = generable(old).and_then(|(catalog, aside)| {
        let report = cli::compare(&catalog, "synced", without(&plan.sources, &aside)).ok()?;
        Some((report, aside))
    });
    let Some((report, aside)) = told else {
        return format!(
            "What changes for users can't be told: `{}` fails on the schemas as they were.\n\n",
            options.generate
        );
    };
    let mut text = diff::text(&report, &options.released) + "\n";
    if !aside.is_empty() {
        let models = listed(&aside);
        _ = writeln!(text, "not compared, since they could not be generated before: {models}\n");
    }
    text
}

/// The representation of the models that can be generated, and the folders of the others; none if nothing can.
///
/// What people wrote down may be for the schemas that come now, and match nothing in these: the names of these are in their
/// locks.
fn generable(sources: &Sources) -> Option<(Catalog, BTreeSet<String>)> {
    let mut sources = sources.clone();
    let (mut aside, mut as_locked) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let errors = match crate::catalog(&without(&sources, &aside)) {
            Ok(catalog) => return Some((catalog, aside)),
            Err(errors) => errors,
        };
        let faulty = faulty(&errors);
        if faulty.is_empty() {
            return None;
        }
        for folder in faulty {
            let model = sources.models.iter_mut().find(|model| model.folder == folder && model.lock.is_some());
            match model.and_then(|model| model.overrides.as_mut()) {
                Some(overrides) if as_locked.insert(folder.clone()) => overrides.text = unnamed(&overrides.text),
                _ => drop(aside.insert(folder)),
            }
        }
    }
}

/// The overrides without those that name things, and without the texts that a schema may lack.
fn unnamed(overrides: &str) -> String {
    let Ok(mut tables) = overrides.parse::<toml::Table>() else { return overrides.to_owned() };
    ["names", "type_names", "variants", "moved"].iter().for_each(|table| drop(tables.remove(*table)));
    if let Some(accept) = tables.get_mut("accept").and_then(toml::Value::as_table_mut) {
        accept.remove("texts");
    }
    tables.to_string()
}

/// The folders of the models that errors are about.
fn faulty(errors: &Errors) -> BTreeSet<String> {
    errors.iter().map(|error| error.model.clone()).filter(|model| !model.is_empty()).collect()
}

/// The sources without some of the models.
fn without(sources: &Sources, aside: &BTreeSet<String>) -> Sources {
    let models = sources.models.iter().filter(|model| !aside.contains(&model.folder)).cloned().collect();
    let is_part = sources.is_part || !aside.is_empty();
    Sources {
        models,
        shared: sources.shared.clone(),
        features: sources.features.clone(),
        overrides: sources.overrides.clone(),
        is_part,
    }
}

fn listed(models: &BTreeSet<String>) -> String {
    models.iter().map(|model| format!("`{model}`")).collect::<Vec<_>>().join(", ")
}
