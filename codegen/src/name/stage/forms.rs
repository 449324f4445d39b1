//! The forms of a union and its lock in, which form is which locked one out. Must not know how forms are named.
//!
//! An object is recognised by all its fields, as its struct has them in the lock. Where they leave a doubt, and for forms
//! that are no objects, the lock's rules decide on what a form is known by, and ask where they can't tell.

use std::collections::{BTreeMap, BTreeSet};

use super::{describe, likeness};
use crate::ir::{Form, Origin, Ty, Type, TypeId, TypeKind, Union};
use crate::lock::moved::waits;
use crate::lock::{self, Answer, Answers, Lock, LockedField, resolve_forms};
use crate::{Error, Errors};

/// Locked forms by the places of the forms that they are now.
pub(super) type Paired<'l> = BTreeMap<usize, &'l LockedField>;

/// What is known of a union's forms.
#[derive(Default)]
pub(super) struct Known<'l> {
    pub(super) paired: Paired<'l>,
    /// The answers that were given, now or before.
    pub(super) given: Answers,
    /// What is worth telling of the others.
    pub(super) notes: Vec<Error>,
}

/// Which forms of a union the lock knows; `owner` is its locked name, `is_bare` whether its texts were left out. Answers that nobody asks for wait.
///
/// # Errors
/// The questions that the lock's rules leave open.
pub(super) fn pair_forms<'l>(
    union: &Union,
    types: &[Type],
    lock: &'l Lock,
    owner: &str,
    answers: &Answers,
    is_bare: bool,
) -> Result<Known<'l>, Errors> {
    let locked: Vec<&LockedField> = lock.forms_of(owner).collect();
    let is_spent = |(name, answer): &(&String, &Answer)| {
        locked.iter().any(|form| form.name == **name && form.applied.moved.as_ref() == Some(*answer))
    };
    let (spent, open): (Vec<_>, Vec<_>) = answers.iter().partition(is_spent);
    let open: Answers = open.into_iter().map(cloned).collect();
    let is_known = |found: &Known<'_>| open.keys().all(|name| found.paired.values().any(|form| form.name == *name));
    let mut found = match pair_with(union, types, lock, owner, &Answers::new(), is_bare) {
        Ok(found) if is_known(&found) => {
            let waits = open.iter().map(|(name, answer)| waits(owner, name, answer, "nobody asks"));
            Known { notes: waits.collect(), ..found }
        }
        _ => pair_with(union, types, lock, owner, &open, is_bare)?,
    };
    found.given.extend(spent.into_iter().map(cloned));
    Ok(found)
}

fn pair_with<'l>(
    union: &Union,
    types: &[Type],
    lock: &'l Lock,
    owner: &str,
    open: &Answers,
    is_bare: bool,
) -> Result<Known<'l>, Errors> {
    let locked: Vec<&LockedField> = lock.forms_of(owner).collect();
    let mut paired = objects(union, types, lock, &locked);
    paired.extend(lists_and_maps(union, types, &locked));
    paired.extend(come_back(union, types, lock, &locked, &paired));
    let is_asked = |form: &Form| {
        describe::object(&form.ty, types).is_some_and(|it| {
            it.fields.iter().any(|field| open.values().any(|answer| *answer == Answer::Key(field.key.clone())))
        })
    };
    paired.retain(|place, form| !open.contains_key(&form.name) && !is_asked(&union.forms[*place]));

    let taken: BTreeSet<&str> = paired.values().map(|form| form.name.as_str()).collect();
    let rest: Vec<&LockedField> = locked.iter().copied().filter(|form| !taken.contains(form.name.as_str())).collect();
    let places: Vec<usize> = (0..union.forms.len()).filter(|place| !paired.contains_key(place)).collect();
    let described = |place: &usize| lock::Field { is_bare, ..described(*place, union, types, &rest, open) };
    let fields: Vec<lock::Field> = places.iter().map(described).collect();
    let found = resolve_forms(owner, &rest, &fields, open)?;
    paired.extend(found.order.iter().filter_map(|slot| Some((places[slot.field], slot.locked?))));
    Ok(Known { paired, given: found.given, notes: found.notes })
}

fn cloned((name, answer): (&String, &Answer)) -> (String, Answer) {
    (name.clone(), answer.clone())
}

/// The objects that are recognised by their fields. Those that a tag tells apart are what their values say.
fn objects<'l>(union: &Union, types: &[Type], lock: &'l Lock, locked: &[&'l LockedField]) -> Paired<'l> {
    let is_known = |form: &Form| locked.iter().any(|old| old.field.key == form.key);
    if union.tag.is_some() && union.forms.iter().any(is_known) {
        return Paired::new();
    }
    let is_object = |form: &&&LockedField| !form.retired && form.field.definition.kind().starts_with("object");
    let old: Vec<&LockedField> = locked.iter().filter(is_object).copied().collect();
    let of_old = |form: &&LockedField| -> likeness::Fields {
        let fields = form.type_name("").into_iter().flat_map(|name| lock.fields_of(name));
        fields.filter(|field| !field.retired).map(|field| field.field.clone()).collect()
    };
    let (mut places, mut new) = (Vec::new(), Vec::new());
    for (place, form) in union.forms.iter().enumerate() {
        if let Some(object) = describe::object(&form.ty, types) {
            places.push(place);
            new.push(object.fields.iter().map(|field| describe::field(field, types)).collect());
        }
    }
    let found = likeness::pairs(&old.iter().map(of_old).collect::<Vec<_>>(), &new);
    found.into_iter().map(|(o, n)| (places[n], old[o])).collect()
}

/// Objects that were gone and are back for certain: each field is one that the old object had, and no other object was like
/// that. Those that a tag tells apart are what their values say.
fn come_back<'l>(
    union: &Union,
    types: &[Type],
    lock: &'l Lock,
    locked: &[&'l LockedField],
    paired: &Paired<'l>,
) -> Paired<'l> {
    let mut found = Paired::new();
    if union.tag.is_some() {
        return found;
    }
    let fields = |place: usize| describe::object(&union.forms[place].ty, types).map(|object| &object.fields);
    let is_shared = |place: usize, key: &str| {
        let others = (0..union.forms.len()).filter(|other| *other != place).filter_map(fields);
        others.flatten().any(|field| field.key == key)
    };
    let was = |old: &LockedField, place: usize| {
        let had: Vec<&LockedField> = old.type_name("").into_iter().flat_map(|name| lock.fields_of(name)).collect();
        let has: Vec<lock::Field> =
            fields(place).into_iter().flatten().map(|field| describe::field(field, types)).collect();
        let is_one = |field: &lock::Field| had.iter().filter(|old| may_be(&old.field, field)).count() == 1;
        has.iter().all(is_one) && has.iter().any(|field| !is_shared(place, &field.key))
    };
    let gone: Vec<&LockedField> = locked.iter().copied().filter(|form| form.retired).collect();
    let came: Vec<usize> = (0..union.forms.len()).filter(|place| !paired.contains_key(place)).collect();
    for &place in &came {
        let old: Vec<&LockedField> = gone.iter().copied().filter(|old| was(old, place)).collect();
        if let [only] = old.as_slice()
            && came.iter().filter(|other| was(only, **other)).count() == 1
        {
            found.insert(place, *only);
        }
    }
    found
}

/// Whether a published field is a locked one for certain: its key is no node's and the same, or all but its key is.
fn may_be(old: &lock::Field, new: &lock::Field) -> bool {
    match (&old.input, &new.input) {
        (None, None) => old.key == new.key,
        (Some(_), Some(_)) => {
            !new.title.is_empty()
                && (&old.input, &old.title, &old.definition) == (&new.input, &new.title, &new.definition)
        }
        _ => false,
    }
}

/// A list or a map that is not alone any more, or alone again, is what it was: the one of its type, or the only one.
fn lists_and_maps<'l>(union: &Union, types: &[Type], locked: &[&'l LockedField]) -> Paired<'l> {
    let mut paired = Paired::new();
    for is_it in [|ty: &Ty| matches!(ty, Ty::List(_) | Ty::Tuple(_)), |ty: &Ty| matches!(ty, Ty::Map(_))] {
        let word = |kind: &str| kind.split(' ').next().unwrap_or_default().to_owned();
        let now: Vec<(usize, lock::Field)> = (0..union.forms.len())
            .filter(|place| is_it(&union.forms[*place].ty))
            .map(|place| (place, describe::form(&union.forms[place], types)))
            .collect();
        let words: BTreeSet<String> = now.iter().map(|(_, form)| word(form.definition.kind())).collect();
        let is_gone = |old: &&&LockedField| {
            !old.retired
                && words.contains(&word(old.field.definition.kind()))
                && now.iter().all(|(_, form)| form.key != old.field.key)
        };
        let mut gone: Vec<&LockedField> = locked.iter().filter(is_gone).copied().collect();
        let mut new: Vec<(usize, &str)> = now
            .iter()
            .filter(|(_, form)| locked.iter().all(|old| old.field.key != form.key))
            .map(|(place, form)| (*place, form.definition.kind()))
            .collect();
        for kind in gone.iter().map(|old| old.field.definition.kind()).collect::<BTreeSet<_>>() {
            let of_kind = |old: &&&LockedField| old.field.definition.kind() == kind;
            let (was, is): (Vec<_>, Vec<_>) =
                (gone.iter().filter(of_kind).copied().collect(), new.iter().filter(|(_, now)| *now == kind).collect());
            if let ([old], [(place, _)]) = (was.as_slice(), is.as_slice()) {
                paired.insert(*place, *old);
            }
        }
        gone.retain(|old| paired.values().all(|known| !std::ptr::eq(*known, *old)));
        new.retain(|(place, _)| !paired.contains_key(place));
        if let ([old], [(place, _)]) = (gone.as_slice(), new.as_slice()) {
            paired.insert(*place, *old);
        }
    }
    paired
}

/// What a form is put to the lock's rules as: an object as the field that a locked form is known by, or that an answer
/// names, if it is its own.
fn described(place: usize, union: &Union, types: &[Type], rest: &[&LockedField], open: &Answers) -> lock::Field {
    let form = &union.forms[place];
    let Some(object) = describe::object(&form.ty, types).filter(|_| union.tag.is_none()) else {
        return describe::form(form, types);
    };
    let others = || {
        (0..union.forms.len())
            .filter(|other| *other != place)
            .filter_map(|other| describe::object(&union.forms[other].ty, types))
    };
    let is_own = |key: &str| !others().any(|other| other.fields.iter().any(|field| field.key == key));
    let by_each = object.fields.iter().filter(|field| is_own(&field.key)).map(|field| {
        describe::form(&Form { key: field.key.clone(), by: vec![field.key.clone()], ..form.clone() }, types)
    });
    let own: Vec<lock::Field> = by_each.filter(|field| field.input.is_some()).collect();
    let known = || rest.iter().filter(|form| !form.retired && form.field.input.is_some());
    let is_answer = |field: &&lock::Field| open.values().any(|answer| *answer == Answer::Key(field.key.clone()));
    let has_title = |field: &&lock::Field| !field.title.is_empty() && known().any(|old| old.field.title == field.title);
    let has_key = |field: &&lock::Field| known().any(|old| old.field.key == field.key);
    let like = |field: &&lock::Field| known().any(|old| old.field.input == field.input);
    let found = own.iter().find(is_answer).or_else(|| own.iter().find(has_title)).or_else(|| own.iter().find(has_key));
    let found = found.or_else(|| own.iter().find(like));
    found.cloned().unwrap_or_else(|| describe::form(form, types))
}

/// Puts forms that may be tried in any order into that of the lock, newcomers last, and lets those that the lock knows by
/// no node id be known by what they were.
pub(super) fn reorder(id: TypeId, paired: &Paired<'_>, lock: &Lock, owner: &str, types: &mut [Type]) -> Vec<usize> {
    let TypeKind::Union(union) = &mut types[id].kind else { return Vec::new() };
    for (place, old) in paired {
        let key = &old.field.key;
        let is_free =
            union.tag.is_none() && old.field.input.is_none() && union.forms.iter().all(|form| form.key != *key);
        if is_free {
            key.clone_into(&mut union.forms[*place].key);
            union.forms[*place].by.clear();
        }
    }
    let known: Vec<&str> = lock.forms_of(owner).map(|form| form.name.as_str()).collect();
    let locked_place = |place: &usize| {
        let old = paired.get(place).and_then(|old| known.iter().position(|name| *name == old.name));
        old.unwrap_or(usize::MAX)
    };
    let mut order: Vec<usize> = (0..union.forms.len()).collect();
    order.sort_by_key(|place| (union.forms[*place].rank, locked_place(place)));
    let mut forms: Vec<Option<Form>> = std::mem::take(&mut union.forms).into_iter().map(Some).collect();
    union.forms = order.iter().filter_map(|place| forms[*place].take()).collect();
    for of in types {
        if let Origin::Form { owner, form, .. } = &mut of.origin
            && *owner == id
        {
            *form = order.iter().position(|place| place == form).unwrap_or(*form);
        }
    }
    order
}
