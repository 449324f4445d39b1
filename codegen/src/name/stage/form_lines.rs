//! Which line of `[variants]` names which form of a union: lines and lock in, the lines that name out. Lines go by what a form
//! is known by, which may have node ids, and the lock remembers for which form a line was written, as for fields. Must not
//! know how a name is made.

use std::collections::BTreeMap;

use super::Written;
use super::recall::Recalled;
use crate::ir::Form;
use crate::lock::LockedField;

/// The lines that name forms of a union: without those that the lock says were written for a form it knows already, which
/// has that name, wherever its node ids are now.
pub(super) fn pinned(written: &Written, union: &str, known: &Recalled<'_>) -> BTreeMap<String, String> {
    let owner = known.name.unwrap_or_default();
    let locked = || written.lock.iter().flat_map(|lock| lock.forms_of(owner));
    let is_spent = |key: &str, name: &str| locked().any(|form| form.name == name && line_of(form) == Some(key));
    let lines = written.overrides.variants.get(union).into_iter().flatten();
    lines.filter(|(key, name)| !is_spent(key, name)).map(|(key, name)| (key.clone(), name.clone())).collect()
}

/// The line that names a form: the one for what it is known by, or the one that the lock remembers.
pub(super) fn line_for(
    written: &Written,
    union: &str,
    form: &Form,
    locked: Option<&LockedField>,
    known: &Recalled<'_>,
) -> Option<String> {
    let lines = written.overrides.variants.get(union)?;
    if pinned(written, union, known).contains_key(&form.key) {
        return Some(form.key.clone());
    }
    let remembered = locked.and_then(|locked| line_of(locked).filter(|key| lines.get(*key) == Some(&locked.name)));
    remembered.map(str::to_owned)
}

/// What a locked form's line stands for. Locks of before did not tell: it was what the form was known by.
pub(super) fn line_of(form: &LockedField) -> Option<&str> {
    form.applied.named.as_deref().or_else(|| (!form.retired).then_some(&*form.field.key))
}
