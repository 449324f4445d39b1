//! What lines of `overrides.toml` may be about: the named types of a model in, the paths, values and names that such lines
//! may have out. Must not know what a line changes.

use std::collections::{BTreeMap, BTreeSet};

use super::Written;
use super::form_lines::{line_for, line_of};
use super::place::Place;
use super::recall::Recalled;
use super::type_names::{expected_name, line_of_type};
use crate::ir::{Origin, Type, TypeId, TypeKind};
use crate::lock::{Applied, Lock, LockedField};
use crate::overrides::{Overrides, Targets};

/// Everything that lines may be about.
pub(super) fn targets<'k>(types: &[Type], written: &'k Written, known: &[Recalled<'k>]) -> Targets<'k> {
    Targets {
        paths: paths(types),
        named: named(types, written, known),
        corrected: written.corrected.values().map(|correct| correct.entry.path.clone()).collect(),
        owners: known.iter().filter_map(|known| known.name).chain(written.lock.iter().flat_map(Lock::owners)).collect(),
        values: values(types, written, known),
        types: type_places(types, written, known),
        fields: field_names(types),
        keywords: written.accepted.clone(),
        gone: written.lock.as_ref().map(|lock| gone(&written.overrides, lock)).unwrap_or_default(),
    }
}

/// What entries are about that the lock knows, by their tables. Those about what is there are met anyhow.
fn gone(overrides: &Overrides, lock: &Lock) -> BTreeMap<(String, String), String> {
    let mut gone = BTreeMap::new();
    let mut add = |table: &str, entry: &str, what: String| gone.insert((table.to_owned(), entry.to_owned()), what);
    for field in &lock.fields {
        let Applied { named, corrected, .. } = &field.applied;
        let is_line = |path: &&String| overrides.names.get(*path) == Some(&field.json);
        if let Some(path) = named.as_ref().filter(is_line) {
            add("names", path, format!("the field `{}`", field.json));
        }
        if let Some(entry) = corrected {
            let is_line = overrides.types.get(&entry.path).is_some_and(|kind| kind.name() == entry.kind);
            _ = is_line.then(|| add("types", &entry.path, format!("the field `{}`", field.json)));
        }
        for made in &field.types {
            if let Some(path) = made.named.as_ref().filter(|path| overrides.type_names.get(*path) == Some(&made.name)) {
                add("type_names", path, format!("the type `{}`", made.name));
            }
            let lines = overrides.variants.get(&made.name);
            for value in field.values.iter().filter(|value| value.at == made.at) {
                if lines.is_some_and(|lines| lines.get(&value.text) == value.variant.as_ref()) {
                    add(&format!("variants.{}", made.name), &value.text, "the value".to_owned());
                }
            }
        }
        if let Some(form) = line_of(field)
            && overrides.variants.get(&field.owner).and_then(|lines| lines.get(form)) == Some(&field.name)
        {
            add(&format!("variants.{}", field.owner), form, format!("the form `{}`", field.name));
        }
        if overrides.aliases.contains_key(&field.owner) {
            add(&format!("aliases.{}", field.owner), &field.json, format!("the field `{}`", field.json));
        }
    }
    gone
}

/// The paths of all fields that have a name of their own.
fn paths(types: &[Type]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for (id, of) in types.iter().enumerate() {
        if let TypeKind::Object(object) = &of.kind {
            let owner = Place::of(types, id);
            paths.extend(object.fields.iter().map(|field| owner.key(&field.key).text()));
        }
    }
    paths
}

/// The places that `[type_names]` may name a type at, and those of its lines that name one, wherever it is now.
fn type_places(types: &[Type], written: &Written, known: &[Recalled<'_>]) -> BTreeSet<String> {
    if written.overrides.type_names.is_empty() {
        return BTreeSet::new();
    }
    let is_free =
        |id: &TypeId| !matches!(types[*id].kind, TypeKind::Table(_)) && !matches!(types[*id].origin, Origin::Fixed(_));
    let places = (0..types.len()).filter(is_free).map(|id| Place::of(types, id).text());
    let met = (0..types.len()).filter(is_free).filter_map(|id| line_of_type(types, id, known, written));
    places.chain(met).collect()
}

/// The values of all enums and the keys of all forms, with the names of their types.
fn values(types: &[Type], written: &Written, known: &[Recalled<'_>]) -> BTreeSet<(String, String)> {
    let mut values = BTreeSet::new();
    for (id, of) in types.iter().enumerate() {
        match &of.kind {
            TypeKind::Choice(choice) => {
                values.extend(choice.values.iter().map(|one| (of.name.clone(), one.value.clone())));
            }
            TypeKind::Union(union) => {
                let name = expected_name(types, id, written, known);
                values.extend(union.forms.iter().map(|form| (name.clone(), form.key.clone())));
                // Lines that name a form, wherever its node ids are now.
                let forms = union.forms.iter().zip(&known[id].fields);
                let lines = forms.filter_map(|(form, old)| line_for(written, &name, form, *old, &known[id]));
                values.extend(lines.map(|key| (name.clone(), key)));
            }
            TypeKind::Object(_) | TypeKind::Table(_) => {}
        }
    }
    values
}

/// The names of all fields that have one of their own, with their structs' names.
fn field_names(types: &[Type]) -> BTreeSet<(String, String)> {
    let objects = types.iter().filter_map(|of| match &of.kind {
        TypeKind::Object(object) => Some(object.fields.iter().map(|field| (of.name.clone(), field.json.clone()))),
        _ => None,
    });
    objects.flatten().collect()
}

/// The entries of `[names]` that name a field.
fn named(types: &[Type], written: &Written, known: &[Recalled<'_>]) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (id, known) in known.iter().enumerate() {
        if let TypeKind::Object(object) = &types[id].kind {
            let owner = Place::of(types, id);
            let fields = object.fields.iter().zip(&known.fields);
            named
                .extend(fields.filter_map(|(field, locked)| named_by(written, &owner.key(&field.key).text(), *locked)));
        }
    }
    named
}

/// The entry of `[names]` that names the field at a path, by the path it is written for: that one, or the one that the
/// lock remembers.
pub(super) fn named_by(written: &Written, path: &str, locked: Option<&LockedField>) -> Option<String> {
    let Written { overrides, lock, .. } = written;
    let remembered = locked.and_then(|locked| {
        locked.applied.named.as_ref().filter(|entry| overrides.names.get(*entry) == Some(&locked.json))
    });
    overrides.name_at(path, lock.as_ref()).map(|_| path.to_owned()).or_else(|| remembered.cloned())
}
