//! `[next]` of `overrides.toml`: decisions that are written down before the schema they are for, so that they can be
//! committed before it comes. In: its tables. Out: the same decisions among the others. Must not know what is decided.
//!
//! Its tables are those of the file: `[next.names]`, `[next.variants.<Type>]` and so on, with the same entries.
//!
//! ```toml
//! [next.names]
//! "156_text" = "prompt"        # no schema has this key today
//!
//! [next.variants.Resolution]
//! "2048x1152" = "Large"
//! ```
//!
//! An entry that matches nothing *waits*, which every run tells; in the tables outside `[next]` it would be an error. One that
//! matches decides as if it stood outside, from the first schema on that it matches, and every run asks to move it there. So
//! neither is forgotten, and a misspelt one is seen. `[moved]` needs no such table, for its answers wait by themselves.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Correction, Overrides};
use crate::likeness::nearest;
use crate::{Error, ErrorKind};

/// Decisions for schemas that are still to come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Next {
    /// `[next.names]`
    pub names: BTreeMap<String, String>,
    /// `[next.type_names]`
    pub type_names: BTreeMap<String, String>,
    /// `[next.variants.<Type>]`
    pub variants: BTreeMap<String, BTreeMap<String, String>>,
    /// `[next.aliases.<Type>]`
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// `[next.types]`
    pub types: BTreeMap<String, Correction>,
    /// `[next.accept]`
    pub accept: NextAccept,
}

/// What is to be left unchecked knowingly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NextAccept {
    /// Keywords that a schema is expected to have. A second opinion stops nothing, so nobody needs to accept it beforehand.
    pub keywords: BTreeSet<String>,
}

impl Overrides {
    /// Puts the decisions of `[next]` among the others.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`] for an entry that stands outside, too: nobody could say which of the two is meant.
    pub(super) fn with_next(mut self) -> Result<Self, Error> {
        let next = self.next.clone();
        add("names", &mut self.names, next.names)?;
        add("type_names", &mut self.type_names, next.type_names)?;
        add("types", &mut self.types, next.types)?;
        for (of, entries) in next.variants {
            add(&format!("variants.{of}"), self.variants.entry(of).or_default(), entries)?;
        }
        for (of, entries) in next.aliases {
            add(&format!("aliases.{of}"), self.aliases.entry(of).or_default(), entries)?;
        }
        self.accept.keywords.extend(next.accept.keywords);
        Ok(self)
    }
}

fn add<T>(table: &str, entries: &mut BTreeMap<String, T>, next: BTreeMap<String, T>) -> Result<(), Error> {
    for (entry, decision) in next {
        if entries.contains_key(&entry) {
            let message = format!("the entry {entry:?} stands in [{table}] and in [next.{table}]");
            return Err(Error::new(ErrorKind::Toml, message).help("delete one of the two"));
        }
        entries.insert(entry, decision);
    }
    Ok(())
}

/// What is told of an entry of `[next]`: that it waits, or that it has taken effect.
pub(super) fn note<'k>(table: &str, entry: &str, is_met: bool, known: impl IntoIterator<Item = &'k str>) -> Error {
    let entry_of = format!("the entry {entry:?} of [next.{table}]");
    if is_met {
        let message = format!("{entry_of} has taken effect");
        return Error::new(ErrorKind::UnusedOverride, message).help(format!("move the line to [{table}]"));
    }
    let meant = nearest(entry, known.into_iter().filter(|known| *known != entry));
    let meant = meant.map(|name| format!(", unless {name:?} is meant")).unwrap_or_default();
    Error::new(ErrorKind::UnusedOverride, format!("{entry_of} waits: nothing matches it yet{meant}"))
        .help("it takes effect with the first schema that it matches; delete the line if it is for none")
}
