//! The stage "name": the representation in, the same with Rust names out. It brings the pure naming functions and the
//! representation together; how a name is found is their business.

mod correct;
mod describe;
mod form_lines;
mod form_names;
mod forms;
mod keep;
mod likeness;
mod partly;
mod place;
mod recall;
mod siblings;
mod targets;
mod type_names;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use super::ident::{is_readable, without_marks};
use super::problem::toml_string;
use super::{FieldName, NameProblem, name_variants, plan_modules};
use crate::ir::{Alias, Catalog, Form, Model, Module, Type, TypeId, TypeKind};
use crate::lock::Lock;
use crate::overrides::Overrides;
use crate::{Error, ErrorKind, Errors};
pub(crate) use correct::{Correct, corrections};
pub use partly::Doubt;
pub(crate) use partly::name_partly;
use place::Place;
use recall::{Recalled, recall};
use targets::targets;
use type_names::{expected_name, type_names};

/// What was written down about the names of one model.
#[derive(Default)]
pub(crate) struct Written {
    /// `overrides.toml`
    pub overrides: Overrides,
    /// `names.lock`
    pub lock: Option<Lock>,
    /// Whether the schema was taken over without its texts.
    pub is_bare: bool,
    /// What was made of `[types]`: the corrected fields by their paths.
    pub corrected: BTreeMap<String, Correct>,
    /// Whether the schemas are only looked at to find what is to be corrected.
    pub is_draft: bool,
    /// The accepted keywords that a schema has.
    pub accepted: BTreeSet<String>,
    /// What is told of accepted keywords and texts that no schema has.
    pub waiting: Vec<Error>,
    /// Whether there is nobody to ask: then what has no certain name keeps its wire key.
    pub asks_nobody: bool,
}

/// Names everything in the catalogue: modules, types, fields, variants. Fields, parameters and values get the order of
/// the lock, and every model the lock that remembers its names. `written` is by model id. Gives what is worth telling
/// although it stops nothing.
///
/// # Errors
/// Whatever has no name, or shares one, in any model; and what the lock's rules can't tell.
pub(crate) fn name(catalog: &mut Catalog, written: &BTreeMap<String, Written>) -> Result<Errors, Errors> {
    let mut errors = Errors::default();
    let ids: Vec<&str> = catalog.models.iter().map(|model| model.id.as_str()).collect();
    match plan_modules(&ids) {
        Ok(mut plan) => {
            for model in &mut catalog.models {
                model.module = plan.remove(&model.id).map(Module::from).unwrap_or_default();
            }
        }
        Err(problems) => problems.into_iter().for_each(|problem| errors.push(error(problem, ErrorKind::ModelId))),
    }
    let nothing = Written::default();
    let mut notes = Errors::default();
    for model in &mut catalog.models {
        let of_model = errors.collect(name_model(model, written.get(&model.id).unwrap_or(&nothing)));
        of_model.into_iter().flatten().for_each(|note| notes.push(note));
    }
    for shape in &mut catalog.shared {
        let known: Vec<Recalled<'_>> = vec![Recalled::default(); shape.types.len()];
        for (_, _, problem) in types(&mut shape.types, 0, &nothing, &known) {
            errors.push(problem.of("", &shape.path));
        }
    }
    errors.or(notes)
}

/// Names one model as if there were no other.
///
/// # Errors
/// As [`name`].
pub(crate) fn name_one(model: &mut Model, written: &Written) -> Result<Vec<Error>, Errors> {
    if let Ok(mut plan) = plan_modules(&[&model.id]) {
        model.module = plan.remove(&model.id).map(Module::from).unwrap_or_default();
    }
    name_model(model, written)
}

fn name_model(model: &mut Model, written: &Written) -> Result<Vec<Error>, Errors> {
    let mut errors = Errors::default();
    let (known, mut notes) = recall(model, written)?;
    for (id, is_written, problem) in types(&mut model.types, model.input_types, written, &known) {
        let file = match (is_written, id < model.input_types) {
            (true, _) => "overrides.toml",
            (false, true) => "input.json",
            (false, false) => "output.json",
        };
        errors.push(problem.of(&model.id, format!("{}/{file}", model.folder)));
    }
    let targets = targets(&model.types, written, &known);
    let (id, file) = (model.id.clone(), format!("{}/overrides.toml", model.folder));
    let of = |error: Error| error.of(&id, &file);
    let told = errors.collect(written.overrides.all_match(&targets).map_err(|found| found.map(of)));
    notes.extend(told.iter().flat_map(Errors::iter).cloned().map(of));
    notes.extend(written.waiting.iter().cloned().map(of));
    errors.collect(aliases(&mut model.types, &written.overrides).map_err(|found| found.map(of)));
    errors.or(())?;
    model.lock = keep::keep(written, &model.types, &known);
    Ok(notes)
}

impl From<super::ModulePath> for Module {
    fn from(path: super::ModulePath) -> Self {
        let super::ModulePath { provider, family, variant, feature, provider_feature } = path;
        Self { provider, family, variant, feature, provider_feature }
    }
}

fn error(problem: NameProblem, kind: ErrorKind) -> Error {
    Error::new(kind, problem.message).help(problem.help)
}

/// Names all types of one file pair, the input's first, their fields and variants; gives back the problems with the type they
/// are in, and whether `overrides.toml` is at fault.
fn types(
    types: &mut [Type],
    input_types: usize,
    written: &Written,
    known: &[Recalled<'_>],
) -> Vec<(TypeId, bool, Error)> {
    let mut problems = Vec::new();
    let mut note = |types: &[Type], id: TypeId, found: Vec<NameProblem>| {
        problems.extend(found.into_iter().map(|problem| match problem.is_written {
            true => (id, true, error(problem, ErrorKind::Name)),
            false => (id, false, error(problem, ErrorKind::Name).at(types[id].pointer.clone())),
        }));
    };
    for group in unions::groups(types) {
        if let Err(found) = unions::name_group(&group, types, written, known) {
            note(types, group.first(), found);
        }
    }
    unions::name_tables(types, input_types);
    for id in 0..types.len() {
        if let Err(found) = forms(types, id, written, known) {
            note(types, id, found);
        }
    }
    let named: Vec<TypeId> = (0..types.len()).filter(|id| !matches!(types[*id].kind, TypeKind::Table(_))).collect();
    match type_names(types, &named, known, written) {
        Ok(names) => named.iter().zip(names).for_each(|(id, name)| types[*id].name = name),
        Err(found) => note(types, 0, found),
    }
    for id in 0..types.len() {
        if let Err(found) = variants(&mut types[id], &written.overrides, &known[id].variants) {
            note(types, id, found);
        }
    }
    problems
}

/// Names the forms of a union. Its name is not known yet, for the types of its forms are named for them.
fn forms(types: &mut [Type], id: TypeId, written: &Written, known: &[Recalled<'_>]) -> Result<(), Vec<NameProblem>> {
    let TypeKind::Union(union) = &types[id].kind else { return Ok(()) };
    let is_nameless = |form: &Form| describe::form_fields(form, types).iter().any(|field| field.name.is_empty());
    if union.forms.iter().any(is_nameless) {
        // That has been told.
        return Ok(());
    }
    let name = expected_name(types, id, written, known);
    let pinned = form_lines::pinned(written, &name, &known[id]);
    let named = form_names::name_forms(id, &name, types, &pinned, &known[id].variants);
    if let (Err(_), TypeKind::Union(union)) = (&named, &mut types[id].kind) {
        // Names to go on with: the types of the forms are named for them, and nobody gets to see them.
        union.forms.iter_mut().enumerate().for_each(|(place, form)| form.name = format!("Form{place}"));
    }
    named
}

/// Lines to paste name fields of nested objects by their paths. A field of the whole input may be a removed one that
/// moved.
fn with_paths(mut problems: Vec<NameProblem>, owner: &Place, taken: &[&str]) -> Vec<NameProblem> {
    for problem in problems.iter_mut().filter(|_| owner.is_root()) {
        let is_it = |name: &&&str| problem.retired.as_deref() == Some(without_marks(name));
        if let (Some(name), [key]) = (taken.iter().find(is_it), problem.keys.as_slice()) {
            let moved =
                format!("if it is that field, say so in overrides.toml:\n[moved]\n{name} = {}", toml_string(key));
            problem.help = format!("{moved}\nif it is another one: {}", problem.help);
        }
    }
    for problem in &mut problems {
        for key in &problem.keys {
            let (key, place) = (toml_string(key), toml_string(&owner.key(key).text()));
            problem.help = problem.help.replace(&format!("{key} ="), &format!("{place} ="));
        }
    }
    problems
}

fn variants(of: &mut Type, overrides: &Overrides, locked: &BTreeMap<String, String>) -> Result<(), Vec<NameProblem>> {
    if let TypeKind::Choice(choice) = &mut of.kind {
        let values: Vec<&str> = choice.values.iter().map(|one| one.value.as_str()).collect();
        let nothing = BTreeMap::new();
        let pinned = overrides.variants.get(&of.name).unwrap_or(&nothing);
        let names = name_variants(&of.name, &values, pinned, locked)?;
        for (value, name) in choice.values.iter_mut().zip(names) {
            value.variant = name;
        }
    }
    Ok(())
}

/// Gives fields the names they had, where `overrides.toml` wants those to go on for a while.
fn aliases(types: &mut [Type], overrides: &Overrides) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for of in types {
        let (Some(wanted), TypeKind::Object(object)) = (overrides.aliases.get(&of.name), &mut of.kind) else {
            continue;
        };
        let now: BTreeSet<String> = object.fields.iter().map(|field| field.json.clone()).collect();
        let waits = |alias: &String| {
            now.contains(alias) && overrides.next.aliases.get(&of.name).is_some_and(|next| next.contains_key(alias))
        };
        for (alias, name) in wanted.iter().filter(|(alias, _)| !waits(alias)) {
            if !is_readable(alias) || now.contains(alias) {
                let message = format!(
                    "`{alias}` of [aliases.{}] can't be an alias: {}",
                    of.name,
                    match now.contains(alias) {
                        true => "a field has that name",
                        false => "it is not a readable name",
                    }
                );
                errors
                    .push(Error::new(ErrorKind::Name, message).help("an alias is the name that the field had before"));
            } else if let Some(field) = object.fields.iter_mut().find(|field| field.json == *name) {
                let FieldName { ident: name, json } = FieldName::from_readable(alias);
                field.aliases.push(Alias { name, json });
            }
        }
    }
    errors.or(())
}
