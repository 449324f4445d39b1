//! `[types]` of `overrides.toml` brought to its fields: the representation of the published schemas and the lock in, the
//! fields to correct out. Entries go by keys, so one that the lock remembers follows its field to where the lock's rules
//! find it; and these look at the published types, which the others must not hide. Must not know what a correction does.

use std::collections::BTreeMap;

use super::place::Place;
use super::recall::recall;
use super::{Written, describe};
use crate::Errors;
use crate::ir::{Field, Model, Type};
use crate::lock::{self, Corrected, Definition};
use crate::overrides::Correction;

/// A field to correct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Correct {
    /// The type it really has.
    pub to: Correction,
    /// What the lock is to remember of the entry.
    pub entry: Corrected,
    /// What the field is published as.
    pub definition: Definition,
}

impl Written {
    /// What tells a field of the object at a path from others: what it is published as, corrected or not.
    pub(super) fn published(&self, at: &Place, field: &Field, types: &[Type]) -> lock::Field {
        let described = lock::Field { is_bare: self.is_bare, ..describe::field(field, types) };
        match self.corrected.get(&at.key(&field.key).text()) {
            Some(correct) => lock::Field { definition: correct.definition.clone(), ..described },
            None => described,
        }
    }
}

/// The fields to correct, by their paths, that `written.corrected` does not have yet. A correction may bring to light
/// fields that others are written for, so this is asked again until it has no more.
///
/// # Errors
/// What the lock's rules can't tell.
pub(crate) fn corrections(model: &Model, written: &Written) -> Result<BTreeMap<String, Correct>, Errors> {
    let mut found = BTreeMap::new();
    if written.overrides.types.is_empty() {
        return Ok(found);
    }
    let mut model = model.clone();
    let (known, _) = recall(&mut model, written)?;
    for (id, known) in known.iter().enumerate().take(model.input_types) {
        let Some(object) = model.types[id].kind.object() else { continue };
        let at = Place::of(&model.types, id);
        let locked = known.fields.iter().copied().chain(std::iter::repeat(None));
        for (field, locked) in object.fields.iter().zip(locked) {
            let path = at.key(&field.key).text();
            let entry = locked.and_then(|locked| locked.applied.corrected.as_ref());
            let Some((to, entry)) = correction(written, &path, entry) else { continue };
            if !written.corrected.contains_key(&path) {
                let definition = describe::field(field, &model.types).definition;
                if definition.kind() == to.name() && written.overrides.next.types.contains_key(&entry.path) {
                    // It is for a schema that is still to come.
                    continue;
                }
                found.insert(path, Correct { to, entry, definition });
            }
        }
    }
    Ok(found)
}

/// The entry for the field at a path: the one that is written for it, or the one that the lock remembers.
fn correction(written: &Written, path: &str, remembered: Option<&Corrected>) -> Option<(Correction, Corrected)> {
    let Written { overrides, lock, .. } = written;
    if let Some(to) = overrides.type_at(path, lock.as_ref()) {
        return Some((to, Corrected { path: path.to_owned(), kind: to.name().to_owned() }));
    }
    let entry = remembered?;
    let to = *overrides.types.get(&entry.path)?;
    (to.name() == entry.kind).then(|| (to, entry.clone()))
}
