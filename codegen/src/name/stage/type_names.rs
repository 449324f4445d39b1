//! The names of types: what each wants to be called, what `overrides.toml` and the lock say, one name for each out. Must not know how
//! a name is made.

use std::collections::BTreeSet;

use super::Written;
use super::place::Place;
use super::recall::Recalled;
use crate::ir::{Item, Origin, Type, TypeId, TypeKind};
use crate::name::ident::without_marks;
use crate::name::types::{bad_type_name, taken_type_name};
use crate::name::{
    NameProblem, TypeWish, form_type_name, item_type_name, long_item_type_name, place_type_name, type_name,
    unique_type_names,
};

/// The name that a type will have, as far as that can be told before all are named.
pub(super) fn expected_name(types: &[Type], id: TypeId, written: &Written, known: &[Recalled<'_>]) -> String {
    let written_down = pinned_type(types, id, known, written).or(known[id].name);
    written_down.map_or_else(|| wish(types, id).0, str::to_owned)
}

/// The names of the types in `named`, in that order.
pub(super) fn type_names(
    types: &[Type],
    named: &[TypeId],
    known: &[Recalled<'_>],
    written: &Written,
) -> Result<Vec<String>, Vec<NameProblem>> {
    let pins = named.iter().filter_map(|id| {
        let path = Place::of(types, *id).text();
        bad_type_name(&path, written.overrides.type_names.get(&path)?)
    });
    let problems: Vec<NameProblem> = pins.chain(taken_by_lines(types, named, known, written)).collect();
    if !problems.is_empty() {
        return Err(problems);
    }
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
            locked: match types[*id].origin {
                Origin::Fixed(_) => Some(wish.as_str()),
                _ => pinned_type(types, *id, known, written).or(known[*id].name),
            },
        })
        .collect();
    let mut taken: BTreeSet<&str> = written.lock.as_ref().map(|lock| lock.type_names().collect()).unwrap_or_default();
    known.iter().filter_map(|known| known.name).for_each(|name| {
        taken.remove(name);
    });
    unique_type_names(&wishes, &taken)
}

/// The name that `overrides.toml` gives a type, unless the lock says that the line was written for another type.
fn pinned_type<'w>(types: &[Type], id: TypeId, known: &[Recalled<'_>], written: &'w Written) -> Option<&'w str> {
    if written.overrides.type_names.is_empty() {
        return None;
    }
    let (path, name) = written.overrides.type_names.get_key_value(&Place::of(types, id).text())?;
    let is_own = known[id].name == Some(name);
    let is_spent = written.lock.as_ref().is_some_and(|lock| lock.line_of_type(name) == Some(path));
    (is_own || !is_spent).then_some(name.as_str())
}

/// The line of `[type_names]` that names a type: the one for the place it is at, or the one that the lock remembers.
pub(super) fn line_of_type(types: &[Type], id: TypeId, known: &[Recalled<'_>], written: &Written) -> Option<String> {
    let lines = &written.overrides.type_names;
    if lines.is_empty() {
        return None;
    }
    let remembered = || {
        let name = known[id].name?;
        let path = written.lock.as_ref()?.line_of_type(name)?;
        lines.get(path).filter(|line| *line == name).map(|_| path.to_owned())
    };
    pinned_type(types, id, known, written).map(|_| Place::of(types, id).text()).or_else(remembered)
}

/// What is wrong with lines that give a type the name that another one has.
fn taken_by_lines(types: &[Type], named: &[TypeId], known: &[Recalled<'_>], written: &Written) -> Vec<NameProblem> {
    let mut problems = Vec::new();
    for id in named {
        let Some(name) = pinned_type(types, *id, known, written) else { continue };
        let is_other = |other: &&TypeId| {
            let by_line = pinned_type(types, **other, known, written);
            other != &id && by_line.or(known[**other].name) == Some(name)
        };
        if let Some(other) = named.iter().find(is_other) {
            problems.push(taken_type_name(&Place::of(types, *id).text(), name, &Place::of(types, *other).text()));
        }
    }
    problems
}

/// The name a type wants, and what it takes where that does not do.
fn wish(types: &[Type], id: TypeId) -> (String, Option<String>) {
    match &types[id].origin {
        Origin::Fixed(name) => (name.clone(), None),
        // A definition has no owner to tell it from a type that had its name before.
        Origin::Definition(name) => (type_name(name), Some(type_name(&format!("{name} value")))),
        Origin::Field { owner, field, item } => {
            let TypeKind::Object(object) = &types[*owner].kind else { return (String::new(), None) };
            // Not for its name in JSON, which may be its key: that has a node id, or no letter at all.
            let field = without_marks(&object.fields[*field].name);
            match item {
                Item::Whole => (type_name(field), None),
                Item::Each => (item_type_name(field), Some(long_item_type_name(field))),
                Item::Place(places) => (place_type_name(field, places), None),
            }
        }
        Origin::Form { owner, form, item } => {
            let TypeKind::Union(union) = &types[*owner].kind else { return (String::new(), None) };
            let places = match item {
                Item::Whole => None,
                Item::Each => Some(&[][..]),
                Item::Place(places) => Some(places.as_slice()),
            };
            (form_type_name(&wish(types, *owner).0, &union.forms[*form].name, places), None)
        }
    }
}

/// The names of the types that a type is declared in, outermost first.
fn owners(types: &[Type], id: TypeId) -> Vec<String> {
    match &types[id].origin {
        // Named for their union, they are declared where it is.
        Origin::Form { owner, .. } => owners(types, *owner),
        Origin::Field { owner, .. } => {
            let mut names = owners(types, *owner);
            names.push(wish(types, *owner).0);
            names
        }
        Origin::Fixed(_) => Vec::new(),
        // Input and output may each have a definition of one name: the output's is told apart by its side.
        Origin::Definition(_) => {
            let sides = types[..id].iter().filter_map(|of| match &of.origin {
                Origin::Fixed(side) => Some(side.clone()),
                _ => None,
            });
            sides.skip(1).take(1).collect()
        }
    }
}
