//! What the names of stored inputs mean: the lock they were written under, and whether another one means the same. Must not
//! know models or where locks are kept.

use std::collections::BTreeMap;

use toml::Table;

use crate::digest;

/// The text of a model's `names.lock`, and its digest, by which jobs name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    pub(crate) text: String,
    pub(crate) digest: String,
}

impl Lock {
    /// The lock of this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        let digest = digest::of(&[&text]);
        Self { text, digest }
    }

    /// The SHA-256 of the text, in hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// Whether every name of `old` is a name of `new` for the same wire key; if not, which one isn't.
///
/// A name whose key has moved may mean the same, but who published the schema moved it, and only the rules by which
/// locks grow can tell: see [`Models::with_catalogue`](crate::Models::with_catalogue).
pub(crate) fn mean_the_same(old: &str, new: &str) -> Result<(), String> {
    let (old, new) = (keys(old)?, keys(new)?);
    for ((owner, name), key) in &old {
        match new.get(&(owner.clone(), name.clone())) {
            Some(now) if now == key => {}
            Some(now) => return Err(format!("`{name}` was the key {key:?} and is {now:?} now")),
            None => return Err(format!("`{name}`, which was the key {key:?}, is no name any more")),
        }
    }
    Ok(())
}

/// The wire keys of a lock by the type and the name, as it stands in stored inputs; of former names, too.
fn keys(lock: &str) -> Result<BTreeMap<(String, String), String>, String> {
    let read: Table = lock.parse().map_err(|error| format!("its names.lock can't be read: {error}"))?;
    let fields = read.get("field").and_then(|fields| fields.as_array()).into_iter().flatten();
    let mut keys = BTreeMap::new();
    for field in fields.filter_map(|field| field.as_table()) {
        let text = |word: &str| field.get(word).and_then(|text| text.as_str()).map(str::to_owned);
        let is_retired = field.get("retired").and_then(toml::Value::as_bool).unwrap_or_default();
        let (Some(name), Some(key), false) = (text("json").or_else(|| text("name")), text("key"), is_retired) else {
            continue;
        };
        let owner = text("type").unwrap_or_default();
        let former = field.get("former").and_then(|former| former.as_array()).into_iter().flatten();
        for name in former.filter_map(|name| name.as_str()).map(str::to_owned).chain([name]) {
            keys.insert((owner.clone(), name), key.clone());
        }
    }
    if keys.is_empty() { Err("its names.lock has no field".to_owned()) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "version = 1\n[[field]]\nname = \"prompt\"\nkey = \"56_text\"\n[[field]]\nname = \"type_\"\njson = \"type\"\nkey = \"type\"\n";

    #[test]
    fn names_mean_the_same_while_their_keys_are_the_same() {
        let grown = format!("{OLD}[[field]]\nname = \"seed\"\nkey = \"98_seed\"\n");
        assert_eq!(mean_the_same(OLD, &grown), Ok(()));
        assert!(mean_the_same(&grown, OLD).is_err_and(|why| why.contains("`seed`")));
        let moved = OLD.replace("56_text", "57_text");
        assert!(mean_the_same(OLD, &moved).is_err_and(|why| why.contains("57_text")));
        let renamed = OLD.replace("name = \"prompt\"", "name = \"text\"\nformer = [\"prompt\"]");
        assert_eq!(mean_the_same(OLD, &renamed), Ok(()));
        let retired = OLD.replace("key = \"56_text\"", "key = \"56_text\"\nretired = true");
        assert!(mean_the_same(OLD, &retired).is_err());
    }

    #[test]
    fn what_is_no_lock_means_nothing() {
        assert!(mean_the_same("", "").is_err());
        assert!(mean_the_same(OLD, "version = ").is_err_and(|why| why.contains("can't be read")));
    }
}
