//! A model's lock brought to its types: the representation and `names.lock` in; the locked names out, and the fields in
//! the locked order. Must not know how newcomers are named.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::Written;
use super::forms::{self, Known, pair_forms};
use super::place::Place;
use super::siblings::as_known_before;
use crate::ir::{Model, Object, Origin, Output, Type, TypeId, TypeKind, Union};
use crate::lock::moved::waits;
use crate::lock::{Answer, Answers, Lock, LockedField, Partial, ROOT, Resolution, resolve, resolve_partly};
use crate::{Error, ErrorKind, Errors};

/// What the lock knows of one type.
#[derive(Clone, Default)]
pub(super) struct Recalled<'l> {
    /// Its name.
    pub name: Option<&'l str>,
    /// What is known of its fields, in struct order; `None` for newcomers.
    pub fields: Vec<Option<&'l LockedField>>,
    /// Names that newcomers among its fields can't have.
    pub taken: BTreeSet<&'l str>,
    /// The variants of an enum, by value, removed ones included.
    pub variants: BTreeMap<String, String>,
    /// The answers of `[moved]` that were given, now or before.
    pub given: Answers,
    /// Why fields keep their wire keys in readable JSON, by those keys: the lock can't tell which they are.
    pub open: BTreeMap<String, String>,
}

/// Finds what the lock knows of each type, with what is worth telling of the answers, and puts fields, parameters and values into the locked order.
///
/// # Errors
/// The questions that the lock's rules leave open, and answers to questions that nobody asked.
pub(super) fn recall<'l>(model: &mut Model, written: &'l Written) -> Result<(Vec<Recalled<'l>>, Vec<Error>), Errors> {
    let mut errors = Errors::default();
    let mut recall = Recall {
        written,
        lock: written.lock.as_ref(),
        known: model.types.iter().map(nothing).collect(),
        seen: vec![false; model.types.len()],
        waiting: VecDeque::new(),
        notes: Vec::new(),
    };
    for (id, name) in roots(model) {
        recall.start(id, &name);
    }
    while let Some(id) = recall.next() {
        let is_input = id < model.input_types;
        let place = model.types[id].pointer.clone();
        if let Err(found) = recall.visit(id, &mut model.types) {
            let (folder, model_id) = (&model.folder, &model.id);
            errors.append(found.map(|error| match error.kind {
                ErrorKind::UnusedOverride => error.of(model_id, format!("{folder}/overrides.toml")),
                _ => of_schema(error.at(place.clone()), model_id, folder, is_input),
            }));
        }
    }
    recall.answers_of_types_that_are_gone();
    let file = format!("{}/overrides.toml", model.folder);
    let notes = recall.notes.into_iter().map(|note| note.of(&model.id, &file)).collect();
    errors.or((recall.known, notes))
}

/// What is known without a lock.
fn nothing<'l>(of: &Type) -> Recalled<'l> {
    let fields = match &of.kind {
        TypeKind::Object(object) => object.fields.len(),
        TypeKind::Union(union) => union.forms.len(),
        TypeKind::Choice(_) | TypeKind::Table(_) => 0,
    };
    Recalled { fields: vec![None; fields], ..Recalled::default() }
}

fn of_schema(error: Error, model: &str, folder: &str, is_input: bool) -> Error {
    let file = if is_input { "input.json" } else { "output.json" };
    error.of(model, format!("{folder}/{file}"))
}

/// The types that no field leads to, with the names they have: `Input`, and those of the output.
fn roots(model: &Model) -> Vec<(TypeId, String)> {
    let mut roots = vec![(0, "Input".to_owned())];
    if let Output::Own(ty) = &model.output {
        roots.extend(ty.places().into_iter().map(|(_, id)| {
            let name = match &model.types[id].origin {
                Origin::Definition(name) => crate::name::type_name(name),
                Origin::Fixed(name) => name.clone(),
                Origin::Field { .. } | Origin::Form { .. } => String::new(),
            };
            (id, name)
        }));
    }
    roots
}

struct Recall<'l> {
    written: &'l Written,
    lock: Option<&'l Lock>,
    known: Vec<Recalled<'l>>,
    /// Types that are visited or wait for it.
    seen: Vec<bool>,
    waiting: VecDeque<TypeId>,
    notes: Vec<Error>,
}

impl<'l> Recall<'l> {
    fn start(&mut self, id: TypeId, name: &str) {
        if !std::mem::replace(&mut self.seen[id], true) {
            let mut owners = self.lock.into_iter().flat_map(|lock| &lock.fields).map(|field| field.owner.as_str());
            self.known[id].name = owners.find(|owner| *owner == name);
            self.waiting.push_back(id);
        }
    }

    /// Answers about types that are not there now wait for them: they may come back as their fields do.
    fn answers_of_types_that_are_gone(&mut self) {
        let is_there = |owner: &str| owner == ROOT || self.known.iter().any(|known| known.name == Some(owner));
        let was_there = |owner: &str| self.lock.is_some_and(|lock| lock.owners().any(|known| known == owner));
        for (owner, answers) in &self.written.overrides.moved {
            if was_there(owner) && !is_there(owner) {
                let note = |(name, answer): (&String, &Answer)| waits(owner, name, answer, "its type is not there now");
                self.notes.extend(answers.iter().map(note));
            }
        }
    }

    /// Types with a locked name first: they may know the names of the others. Those that come back are told by the others
    /// what changed meanwhile.
    fn next(&mut self) -> Option<TypeId> {
        let was_gone = |name: &str| {
            let mut fields = self.lock.into_iter().flat_map(|lock| lock.fields_of(name)).peekable();
            fields.peek().is_some() && fields.all(|field| field.retired)
        };
        let is_locked = |id: &TypeId| self.known[*id].name.is_some();
        let stayed = self.waiting.iter().position(|id| self.known[*id].name.is_some_and(|name| !was_gone(name)));
        let next = stayed.or_else(|| self.waiting.iter().position(is_locked));
        self.waiting.remove(next.unwrap_or(0))
    }

    fn visit(&mut self, id: TypeId, types: &mut [Type]) -> Result<(), Errors> {
        if matches!(types[id].kind, TypeKind::Union(_)) {
            return self.visit_union(id, types);
        }
        let TypeKind::Object(object) = &types[id].kind else { return Ok(()) };
        let at = Place::of(types, id);
        let mut fields: Vec<_> = object.fields.iter().map(|field| self.written.published(&at, field, types)).collect();
        if let (Some(lock), Some(owner)) = (self.lock, self.known[id].name) {
            let locked: Vec<&LockedField> = lock.fields_of(owner).collect();
            as_known_before(id, &mut fields, types, &locked, |other| &self.known[other].fields);
        }
        let required: Vec<String> = object.required.iter().map(|place| object.fields[*place].key.clone()).collect();
        let (lock, owner) =
            (self.lock.filter(|_| self.known[id].name.is_some()), self.known[id].name.unwrap_or_default());
        // The whole input has no locked name before the first lock, and answers to nothing are to be reported.
        let answers_of = if id == 0 { ROOT } else { owner };
        let no_answers = Answers::new();
        let answers = self.written.overrides.moved.get(answers_of).unwrap_or(&no_answers);
        let found = match self.written.asks_nobody {
            false => resolve(lock, owner, &fields, &required, answers)?,
            true => {
                let Partial { found, open } = resolve_partly(lock, owner, &fields, &required);
                self.known[id].open = open;
                found
            }
        };
        reorder(id, &found, types);
        self.known[id].fields = found.order.iter().map(|slot| slot.locked).collect();
        self.known[id].taken = found.taken;
        self.known[id].given = found.given;
        self.notes.extend(found.notes);
        self.parts(id, types);
        Ok(())
    }

    /// The forms of a union are recalled like fields, but are tried in the order of their ranks.
    fn visit_union(&mut self, id: TypeId, types: &mut [Type]) -> Result<(), Errors> {
        let TypeKind::Union(union) = &types[id].kind else { return Ok(()) };
        if let (Some(lock), Some(owner)) = (self.lock, self.known[id].name) {
            let no_answers = Answers::new();
            let answers = self.written.overrides.moved.get(owner).unwrap_or(&no_answers);
            let found = pair_forms(union, types, lock, owner, answers, self.written.is_bare);
            let Known { paired, given, notes } = match found {
                // Without answers, the forms are newcomers.
                Err(_) if self.written.asks_nobody => Known::default(),
                found => found?,
            };
            self.known[id].given = given;
            self.notes.extend(notes);
            let order = forms::reorder(id, &paired, lock, owner, types);
            self.known[id].fields = order.iter().map(|place| paired.get(place).copied()).collect();
            self.known[id].variants = form_names(id, &self.known[id].fields, lock, owner, types);
        }
        self.parts(id, types);
        Ok(())
    }

    /// The types that the fields or forms of a type lead to.
    fn parts(&mut self, id: TypeId, types: &mut [Type]) {
        let places = types[id].kind.parts().map(|ty| ty.places()).enumerate();
        let mut parts: Vec<_> =
            places.flat_map(|(place, parts)| parts.into_iter().map(move |(at, part)| (place, at, part))).collect();
        let fields = self.known[id].fields.clone();
        // A definition that several fields have keeps its name, though one of them has a type of its own now.
        let is_its_name = |(place, at, part): &(usize, String, TypeId)| match &types[*part].origin {
            Origin::Definition(name) => {
                fields[*place].and_then(|field| field.type_name(at)) == Some(crate::name::type_name(name).as_str())
            }
            _ => false,
        };
        parts.sort_by_key(|part| !is_its_name(part));
        for (place, at, part) in parts {
            self.part(&at, part, fields[place], types);
        }
    }

    /// A type that a field leads to.
    fn part(&mut self, at: &str, id: TypeId, field: Option<&'l LockedField>, types: &mut [Type]) {
        if !std::mem::replace(&mut self.seen[id], true) {
            self.waiting.push_back(id);
        }
        let name = field.and_then(|field| field.type_name(at));
        let is_free = |name: &&str| self.known.iter().all(|known| known.name != Some(*name));
        if let (None, Some(name)) = (self.known[id].name, name.filter(is_free)) {
            self.known[id].name = Some(name);
        }
        if let (TypeKind::Choice(choice), Some(field)) = (&mut types[id].kind, field) {
            let values: Vec<_> = field.values.iter().filter(|value| value.at == at).collect();
            for value in &values {
                if let Some(variant) = &value.variant {
                    self.known[id].variants.entry(value.text.clone()).or_insert_with(|| variant.clone());
                }
            }
            let place = |text: &str| values.iter().position(|value| value.text == text).unwrap_or(usize::MAX);
            choice.values.sort_by_key(|value| place(&value.value));
        }
    }
}

/// The names of all forms that a union has or had, by what they are known by: now, or last.
fn form_names(
    id: TypeId,
    now: &[Option<&LockedField>],
    lock: &Lock,
    owner: &str,
    types: &[Type],
) -> BTreeMap<String, String> {
    let TypeKind::Union(Union { forms, .. }) = &types[id].kind else { return BTreeMap::new() };
    let is_now = |name: &str| now.iter().flatten().any(|form| form.name == name);
    let gone = lock.forms_of(owner).filter(|form| !is_now(&form.name));
    let gone = gone.filter(|form| forms.iter().all(|other| other.key != form.field.key));
    let gone = gone.map(|form| (form.field.key.clone(), form.name.clone()));
    let kept = forms.iter().zip(now).filter_map(|(form, old)| Some((form.key.clone(), old.as_ref()?.name.clone())));
    gone.chain(kept).collect()
}

/// Puts the fields of `types[id]` into the locked order, with everything that counts them.
fn reorder(id: TypeId, found: &Resolution<'_>, types: &mut [Type]) {
    let mut now = vec![0; found.order.len()];
    for (place, slot) in found.order.iter().enumerate() {
        now[slot.field] = place;
    }
    if let TypeKind::Object(Object { fields, required, .. }) = &mut types[id].kind {
        let mut old: Vec<_> = std::mem::take(fields).into_iter().map(Some).collect();
        *fields = found.order.iter().filter_map(|slot| old[slot.field].take()).collect();
        *required = found.required.iter().map(|field| now[*field]).collect();
    }
    for of in types {
        if let Origin::Field { owner, field, .. } = &mut of.origin
            && *owner == id
        {
            *field = now[*field];
        }
    }
}
