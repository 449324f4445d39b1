//! Entries of `overrides.toml` and what there is to decide in; which entries match nothing, out: as an error, or, where they
//! wait for something that may come, as a note. Must not know what an entry decides.

use std::collections::{BTreeMap, BTreeSet};

use super::{Overrides, next};
use crate::likeness::nearest;
use crate::lock::ROOT;
use crate::{Error, ErrorKind, Errors};

/// What the entries of a file can match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets<'a> {
    /// The paths of all fields, by wire keys.
    pub paths: BTreeSet<String>,
    /// The entries of `[names]` that name a field, by the paths they are written for.
    pub named: BTreeSet<String>,
    /// The entries of `[types]` that correct a field, by the paths they are written for.
    pub corrected: BTreeSet<String>,
    /// The types that have a lock of their own, or had one.
    pub owners: BTreeSet<&'a str>,
    /// The paths of all types, and the entries of `[type_names]` whose names there are.
    pub types: BTreeSet<String>,
    /// The values of all enums and the keys of all forms, with the names of their types.
    pub values: BTreeSet<(String, String)>,
    /// The names of all fields, with their structs' names.
    pub fields: BTreeSet<(String, String)>,
    /// The accepted keywords that a schema has.
    pub keywords: BTreeSet<String>,
    /// What entries were written for that was there and is gone, by the table and the entry: `the field power`.
    pub gone: BTreeMap<(String, String), String>,
}

impl Overrides {
    /// Checks that every entry has something to decide, and gives what is to be told of those that wait. The answers of
    /// `[moved]` are checked one by one where they are given, accepted keywords where schemas are read.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for each entry that never matched anything and stands outside `[next]`, with what may have
    /// been meant.
    pub fn all_match(&self, targets: &Targets<'_>) -> Result<Errors, Errors> {
        let mut told = Told { targets, errors: Errors::default(), notes: Errors::default() };
        let next = &self.next;
        let paths = || targets.paths.iter().map(String::as_str);
        for path in self.names.keys() {
            told.entry("names", path, next.names.contains_key(path), targets.named.contains(path), paths());
        }
        for path in self.type_names.keys() {
            let known = targets.types.iter().map(String::as_str);
            told.entry("type_names", path, next.type_names.contains_key(path), targets.types.contains(path), known);
        }
        for path in self.types.keys() {
            told.entry("types", path, next.types.contains_key(path), targets.corrected.contains(path), paths());
        }
        for owner in self.moved.keys().filter(|owner| !targets.owners.contains(owner.as_str()) && *owner != ROOT) {
            told.errors.push(unused("[moved]", owner, targets.owners.iter().copied()));
        }
        for (of, variants) in &self.variants {
            let is_next = |value: &str| next.variants.get(of).is_some_and(|next| next.contains_key(value));
            let entries = variants.keys().map(|value| (value.as_str(), value.as_str(), is_next(value)));
            told.members("variants", of, entries, &targets.values);
        }
        for (of, aliases) in &self.aliases {
            let is_next = |alias: &str| next.aliases.get(of).is_some_and(|next| next.contains_key(alias));
            let entries = aliases.iter().map(|(alias, name)| (alias.as_str(), name.as_str(), is_next(alias)));
            told.members("aliases", of, entries, &targets.fields);
        }
        for keyword in &next.accept.keywords {
            told.entry("accept", keyword, true, targets.keywords.contains(keyword), []);
        }
        told.errors.or(told.notes)
    }
}

/// What is found of entries.
struct Told<'t> {
    targets: &'t Targets<'t>,
    errors: Errors,
    notes: Errors,
}

impl Told<'_> {
    fn entry<'k>(
        &mut self,
        table: &str,
        entry: &str,
        is_next: bool,
        is_met: bool,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        match (is_next, is_met) {
            (true, _) => self.notes.push(next::note(table, entry, is_met, known)),
            (false, true) => {}
            (false, false) => match self.gone(table, entry) {
                Some(gone) => self.notes.push(gone),
                None => self.errors.push(unused(&format!("[{table}]"), entry, known)),
            },
        }
    }

    /// What is told of an entry whose subject was there and is gone.
    fn gone(&self, table: &str, entry: &str) -> Option<Error> {
        let what = self.targets.gone.get(&(table.to_owned(), entry.to_owned()))?;
        let message = format!("the entry {entry:?} of [{table}] waits: {what} that it was written for is gone");
        let help = "it takes effect again if that comes back; delete the line if it never will";
        Some(Error::new(ErrorKind::UnusedOverride, message).help(help))
    }

    /// The same for entries about what a type has: each with what it is about. A type that is not there is told once.
    fn members<'e>(
        &mut self,
        table: &str,
        of: &str,
        entries: impl Iterator<Item = (&'e str, &'e str, bool)>,
        known: &BTreeSet<(String, String)>,
    ) {
        let full = format!("{table}.{of}");
        let members: Vec<&str> =
            known.iter().filter(|(name, _)| name == of).map(|(_, member)| member.as_str()).collect();
        let owners = || known.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>();
        let mut is_type_told = !members.is_empty();
        for (entry, member, is_next) in entries {
            if is_next || !members.is_empty() {
                // An alias that is to come can't have the name of a field that is still there.
                let is_free = !is_next || entry == member || !members.contains(&entry);
                let shown = if is_next { entry } else { member };
                self.entry(&full, shown, is_next, members.contains(&member) && is_free, members.iter().copied());
            } else if let Some(gone) = self.gone(&full, member) {
                self.notes.push(gone);
            } else if !std::mem::replace(&mut is_type_told, true) {
                self.errors.push(unused(&format!("[{table}]"), of, owners()));
            }
        }
    }
}

/// An entry that matches nothing, with what may have been meant.
pub(crate) fn unused<'k>(table: &str, entry: &str, known: impl IntoIterator<Item = &'k str>) -> Error {
    let others = known.into_iter().filter(|known| *known != entry);
    let help = nearest(entry, others).map(|name| format!("did you mean {name:?}? Otherwise remove the entry"));
    Error::new(ErrorKind::UnusedOverride, format!("the entry {entry:?} of {table} matches nothing"))
        .help(help.unwrap_or_else(|| "remove the entry".to_owned()))
}

/// What is told of an accepted keyword that no schema has. A misspelt one is seen by the other, which nobody accepted.
pub(crate) fn without_keyword(keyword: &str) -> Error {
    waits(&format!("the entry {keyword:?} of [accept] waits: no schema has that keyword now"))
}

/// What is told of an accepted text that the model has not.
pub(crate) fn without_text(text: &str) -> Error {
    waits(&format!("the entry {text:?} of [accept] texts waits: no name or value of the model is that text now"))
}

fn waits(message: &str) -> Error {
    Error::new(ErrorKind::UnusedOverride, message).help("delete the line if none will have it again")
}
