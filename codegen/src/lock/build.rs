//! The next lock. In: the old lock and the structs of a model with all names final. Out: the lock that remembers both.
//! Must not know how the names were found.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::Answers;
use super::field::Field;
use super::file::{Applied, Corrected, Lock, LockedField, LockedType, LockedValue};

/// A struct with all names final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedType {
    /// Its name; [`ROOT`](super::ROOT) for the model's own.
    pub name: String,
    /// The name it had in the lock; `None` for a newcomer.
    pub was: Option<String>,
    /// Its fields in struct order.
    pub fields: Vec<NamedField>,
    /// The names of its required fields in the order of `new`'s parameters.
    pub required: Vec<String>,
    /// The answers of `overrides.toml` for it, by the names that the fields had in the lock.
    pub answers: Answers,
}

/// A published field with all names final.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedField {
    /// What it will be recognised by. Its definition's values are taken from `values`.
    pub field: Field,
    /// The name it had in the lock; `None` for a newcomer.
    pub was: Option<String>,
    /// The Rust name.
    pub name: String,
    /// The name in stored inputs.
    pub json: String,
    /// The types made for it.
    pub types: Vec<NamedShape>,
    /// Its listed values, each once.
    pub values: Vec<NamedValue>,
    /// The path that `[names]` of `overrides.toml` names it by; see [`Applied`].
    pub named: Option<String>,
    /// The entry of `[types]` that corrects it.
    pub corrected: Option<Corrected>,
}

/// A type made for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedShape {
    /// Where inside the field; see [`LockedType::at`].
    pub at: String,
    /// The Rust name.
    pub name: String,
    /// The path that `[type_names]` of `overrides.toml` names it by; see [`Applied`].
    pub named: Option<String>,
}

/// A listed value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedValue {
    /// Where inside the field; see [`LockedType::at`].
    pub at: String,
    /// The value; see [`LockedValue::text`].
    pub text: String,
    /// The Rust variant, where values have names.
    pub variant: Option<String>,
}

impl NamedShape {
    fn locked(&self) -> LockedType {
        LockedType { at: self.at.clone(), name: self.name.clone(), named: self.named.clone(), retired: false }
    }
}

impl NamedValue {
    fn locked(&self) -> LockedValue {
        LockedValue { at: self.at.clone(), text: self.text.clone(), variant: self.variant.clone(), retired: false }
    }
}

impl Lock {
    /// The next lock: the old one brought up to date with the final names of all structs. What the old one remembers of lines
    /// of `overrides.toml` about what is gone is kept, so the caller drops from it the lines that don't stand any more.
    ///
    /// Fields, types and values of the old lock that are not among them stay as retired, those of structs that aren't
    /// generated any more included. A name that an override took from a retired field goes over to its new owner.
    #[must_use]
    pub fn build(old: Option<&Lock>, types: &[NamedType]) -> Lock {
        let mut next = Lock::default();
        for made in types {
            let before: Vec<&LockedField> =
                old.map(|old| old.all_of(made.was.as_ref().unwrap_or(&made.name)).collect()).unwrap_or_default();
            let names: BTreeSet<&str> = made.fields.iter().map(|field| field.name.as_str()).collect();
            for locked in &before {
                match made.fields.iter().find(|field| field.was.as_ref() == Some(&locked.name)) {
                    Some(field) => next.fields.push(locked_field(made, field, Some(locked), &names)),
                    None if names.contains(locked.name.as_str()) => {}
                    None => next.fields.push(retired(locked, &names, &made.answers)),
                }
            }
            let newcomers =
                made.fields.iter().filter(|field| !before.iter().any(|b| field.was.as_ref() == Some(&b.name)));
            next.fields.extend(newcomers.map(|field| locked_field(made, field, None, &names)));
            if !made.required.is_empty() {
                next.required.insert(made.name.clone(), made.required.clone());
            }
        }
        let generated = |owner: &str| types.iter().any(|made| made.name == owner || made.was.as_deref() == Some(owner));
        let rest = old.into_iter().flat_map(|old| &old.fields).filter(|field| !generated(&field.owner));
        next.fields.extend(rest.map(|field| retired(field, &BTreeSet::new(), &Answers::new())));
        let is_bare = types.iter().flat_map(|made| &made.fields).any(|named| named.field.is_bare);
        next.fields.iter_mut().for_each(|locked| locked.field.is_bare = is_bare);
        next
    }
}

fn locked_field(
    owner: &NamedType,
    named: &NamedField,
    before: Option<&LockedField>,
    names: &BTreeSet<&str>,
) -> LockedField {
    let mut former: Vec<String> = before.map(|before| before.former.clone()).unwrap_or_default();
    former.extend(before.map(|before| before.name.clone()));
    former.retain(|name| !names.contains(name.as_str()));
    former.dedup();
    let values = merge_values(before.map(|before| before.values.as_slice()).unwrap_or_default(), &named.values);
    let mut field = named.field.clone();
    field.definition.values = values.iter().filter(|value| !value.retired).map(|value| value.text.clone()).collect();
    LockedField {
        owner: owner.name.clone(),
        name: named.name.clone(),
        json: named.json.clone(),
        former,
        field,
        types: merge_types(before.map(|before| before.types.as_slice()).unwrap_or_default(), &named.types),
        values,
        applied: Applied {
            named: named.named.clone(),
            corrected: named.corrected.clone(),
            moved: before.and_then(|before| owner.answers.get(&before.name)).cloned(),
        },
        retired: false,
    }
}

fn retired(locked: &LockedField, names: &BTreeSet<&str>, answers: &Answers) -> LockedField {
    let applied = Applied { moved: answers.get(&locked.name).cloned(), ..locked.applied.clone() };
    let mut locked = LockedField { applied, retired: true, ..locked.clone() };
    locked.former.retain(|name| !names.contains(name.as_str()));
    locked
}

fn merge_values(before: &[LockedValue], now: &[NamedValue]) -> Vec<LockedValue> {
    let mut newcomers: BTreeMap<(&str, &str), &NamedValue> =
        now.iter().map(|value| ((value.at.as_str(), value.text.as_str()), value)).collect();
    let mut merged: Vec<LockedValue> = Vec::with_capacity(before.len().max(now.len()));
    for value in before {
        merged.push(match newcomers.remove(&(value.at.as_str(), value.text.as_str())) {
            Some(now) => now.locked(),
            None => LockedValue { retired: true, ..value.clone() },
        });
    }
    let is_new = |value: &&NamedValue| newcomers.contains_key(&(value.at.as_str(), value.text.as_str()));
    merged.extend(now.iter().filter(is_new).map(NamedValue::locked));
    merged
}

fn merge_types(before: &[LockedType], now: &[NamedShape]) -> Vec<LockedType> {
    let mut merged: Vec<LockedType> = Vec::new();
    for made in before {
        merged.push(match now.iter().find(|now| now.at == made.at) {
            Some(now) => now.locked(),
            None => LockedType { retired: true, ..made.clone() },
        });
    }
    merged.extend(now.iter().filter(|now| !before.iter().any(|made| made.at == now.at)).map(NamedShape::locked));
    merged
}

#[cfg(test)]
mod tests;
