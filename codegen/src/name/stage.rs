//! The stage "name": the representation in, the same with Rust names out. It brings the pure naming functions and the
//! representation together; how a name is found is their business.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    FieldLabel, NameProblem, TypeWish, item_type_name, long_item_type_name, name_fields, name_variants, plan_modules,
    type_name, unique_type_names,
};
use crate::ir::{Catalog, Module, Origin, Type, TypeId, TypeKind};
use crate::overrides::Overrides;
use crate::{Error, ErrorKind, Errors, ModelSource};

/// Names everything in the catalogue: modules, types, fields, variants.
///
/// # Errors
/// Whatever has no name, or shares one, in any model.
pub(crate) fn name(catalog: &mut Catalog, sources: &[ModelSource]) -> Result<(), Errors> {
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
    for model in &mut catalog.models {
        let source = sources.iter().find(|source| source.folder == model.folder);
        let file = source.and_then(|source| source.overrides.as_ref());
        let overrides = errors.collect(file.map_or_else(|| Ok(Overrides::default()), Overrides::parse));
        let Some(overrides) = overrides else { continue };
        for (id, problem) in types(&mut model.types, &overrides) {
            let file = if id < model.input_types { "input.json" } else { "output.json" };
            errors.push(problem.of(&model.id, format!("{}/{file}", model.folder)));
        }
        let unused = overrides.all_match(&paths(&model.types), &values(&model.types));
        let of = |error: Error| error.of(&model.id, format!("{}/overrides.toml", model.folder));
        errors.collect(unused.map_err(|found| found.map(of)));
    }
    for shape in &mut catalog.shared {
        for (_, problem) in types(&mut shape.types, &Overrides::default()) {
            errors.push(problem.of("", &shape.path));
        }
    }
    errors.or(())
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

/// Names all types of one file pair, their fields and variants; gives back the problems with the type they are in.
fn types(types: &mut [Type], overrides: &Overrides) -> Vec<(TypeId, Error)> {
    let mut problems = Vec::new();
    let mut note = |types: &[Type], id: TypeId, found: Vec<NameProblem>| {
        let at = types[id].pointer.clone();
        problems.extend(found.into_iter().map(|problem| (id, error(problem, ErrorKind::Name).at(at.clone()))));
    };
    for id in 0..types.len() {
        if let Err(found) = fields(&mut types[id], overrides) {
            note(types, id, found);
        }
    }
    let named: Vec<TypeId> = (0..types.len()).filter(|id| !matches!(types[*id].kind, TypeKind::Table(_))).collect();
    match type_names(types, &named) {
        Ok(names) => named.iter().zip(names).for_each(|(id, name)| types[*id].name = name),
        Err(found) => note(types, 0, found),
    }
    for id in 0..types.len() {
        if let Err(found) = variants(&mut types[id], overrides) {
            note(types, id, found);
        }
    }
    problems
}

fn fields(of: &mut Type, overrides: &Overrides) -> Result<(), Vec<NameProblem>> {
    let owner = path_of(&of.pointer);
    match &mut of.kind {
        TypeKind::Object(object) => {
            let labels: Vec<FieldLabel<'_>> = object
                .fields
                .iter()
                .map(|field| {
                    let pinned = overrides.names.get(&join(&owner, &field.key)).map(String::as_str);
                    FieldLabel { key: &field.key, title: &field.title, pinned, locked: None }
                })
                .collect();
            let names = name_fields(&labels, &[]).map_err(|problems| with_paths(problems, &owner))?;
            for (field, name) in object.fields.iter_mut().zip(names) {
                (field.name, field.json) = (name.ident, name.json);
            }
        }
        // Inside unions the wire's spelling stays.
        TypeKind::Table(object) => object.fields.iter_mut().for_each(|field| field.json.clone_from(&field.key)),
        TypeKind::Choice(_) | TypeKind::Union(_) => {}
    }
    Ok(())
}

/// The names of the types in `named`, in that order.
fn type_names(types: &[Type], named: &[TypeId]) -> Result<Vec<String>, Vec<NameProblem>> {
    let owners: Vec<Vec<String>> = named.iter().map(|id| owners(types, *id)).collect();
    let owners: Vec<Vec<&str>> = owners.iter().map(|names| names.iter().map(String::as_str).collect()).collect();
    let wishes: Vec<(String, Option<String>)> = named.iter().map(|id| wish(types, *id)).collect();
    let wishes: Vec<TypeWish<'_>> = named
        .iter()
        .zip(owners.iter().zip(&wishes))
        .map(|(id, (owners, (wish, second)))| TypeWish {
            owners,
            wish,
            second_wish: second.as_deref(),
            locked: matches!(types[*id].origin, Origin::Fixed(_)).then_some(wish.as_str()),
        })
        .collect();
    unique_type_names(&wishes)
}

/// The name a type wants, and what it takes where that does not do.
fn wish(types: &[Type], id: TypeId) -> (String, Option<String>) {
    match &types[id].origin {
        Origin::Fixed(name) => (name.clone(), None),
        Origin::Definition(name) => (type_name(name), None),
        Origin::Field { owner, field, item } => {
            let TypeKind::Object(object) = &types[*owner].kind else { return (String::new(), None) };
            let field = &object.fields[*field].json;
            if *item { (item_type_name(field), Some(long_item_type_name(field))) } else { (type_name(field), None) }
        }
    }
}

/// The names of the types that a type is declared in, outermost first.
fn owners(types: &[Type], id: TypeId) -> Vec<String> {
    match &types[id].origin {
        Origin::Field { owner, .. } => {
            let mut names = owners(types, *owner);
            names.push(wish(types, *owner).0);
            names
        }
        Origin::Fixed(_) | Origin::Definition(_) => Vec::new(),
    }
}

/// Where an object is, as `overrides.toml` writes it: the keys on the way, without the words of JSON Schema between them.
fn path_of(pointer: &str) -> String {
    let parts = pointer.replace("/properties/", "/").replace("/items", "");
    parts.trim_start_matches('/').to_owned()
}

fn join(owner: &str, key: &str) -> String {
    if owner.is_empty() { key.to_owned() } else { format!("{owner}/{key}") }
}

/// Lines to paste name fields of nested objects by their paths.
fn with_paths(mut problems: Vec<NameProblem>, owner: &str) -> Vec<NameProblem> {
    for problem in problems.iter_mut().filter(|_| !owner.is_empty()) {
        for key in &problem.keys {
            problem.help = problem.help.replace(&format!("\"{key}\" ="), &format!("\"{owner}/{key}\" ="));
        }
    }
    problems
}

/// The paths of all fields that have a name of their own.
fn paths(types: &[Type]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for of in types {
        if let TypeKind::Object(object) = &of.kind {
            let owner = path_of(&of.pointer);
            paths.extend(object.fields.iter().map(|field| join(&owner, &field.key)));
        }
    }
    paths
}

/// The values of all enums, with the enums' names.
fn values(types: &[Type]) -> BTreeSet<(String, String)> {
    let mut values = BTreeSet::new();
    for of in types {
        if let TypeKind::Choice(choice) = &of.kind {
            values.extend(choice.values.iter().map(|one| (of.name.clone(), one.value.clone())));
        }
    }
    values
}

fn variants(of: &mut Type, overrides: &Overrides) -> Result<(), Vec<NameProblem>> {
    if let TypeKind::Choice(choice) = &mut of.kind {
        let values: Vec<&str> = choice.values.iter().map(|one| one.value.as_str()).collect();
        let nothing = BTreeMap::new();
        let pinned = overrides.variants.get(&of.name).unwrap_or(&nothing);
        let names = name_variants(&of.name, &values, pinned, &nothing)?;
        for (value, name) in choice.values.iter_mut().zip(names) {
            value.variant = name;
        }
    }
    Ok(())
}
