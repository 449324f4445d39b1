//! Objects: their keys and what may stand there in; the set that this comes to, and how two sets compare, out.

use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

use super::{Domain, Span, canonical};

/// A set of objects.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::diff) struct Objects {
    pub(in crate::diff) keys: BTreeMap<String, Key>,
    /// What may stand at other keys; nothing if there may be none.
    pub(in crate::diff) rest: Domain,
    /// The texts that a key may be.
    pub(in crate::diff) names: Domain,
    /// How many keys.
    pub(in crate::diff) count: Span,
    /// Only these, by their canonical text.
    pub(in crate::diff) listed: Option<BTreeMap<String, Value>>,
}

/// A key of an object.
#[derive(Clone, PartialEq)]
pub(in crate::diff) struct Key {
    /// As it stands on the wire.
    pub(super) wire: String,
    /// The name that it has in readable JSON, which it keeps when its node ids change.
    pub(super) name: String,
    pub(in crate::diff) required: bool,
    pub(in crate::diff) values: Domain,
}

impl fmt::Debug for Key {
    /// Without the spelling on the wire, so that conditions that say the same of the same names have one text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").field("required", &self.required).field("values", &self.values).finish()
    }
}

impl Objects {
    /// The same set, its keys by the names that they have in readable JSON.
    pub(super) fn named(mut self) -> Self {
        for (_, mut key) in std::mem::take(&mut self.keys) {
            key.values = key.values.named();
            let name = if self.keys.contains_key(&key.name) { &key.wire } else { &key.name };
            self.keys.insert(name.clone(), key);
        }
        (self.rest, self.names) = (self.rest.named(), self.names.named());
        self
    }

    /// What may stand at a key.
    pub(in crate::diff) fn at(&self, key: &str) -> &Domain {
        self.keys.get(key).map_or(&self.rest, |key| &key.values)
    }

    pub(in crate::diff) fn requires(&self, key: &str) -> bool {
        self.keys.get(key).is_some_and(|key| key.required)
    }

    /// The objects in both.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        let names = self.keys.keys().chain(other.keys.keys());
        let both = |key: &String| {
            let known = || [&self, &other].into_iter().filter_map(|side| side.keys.get(key));
            let name = known().map(|known| &known.name).find(|name| *name != key).unwrap_or(key).clone();
            let (required, values) = (known().any(|known| known.required), self.at(key).and(other.at(key)));
            (key.clone(), Key { wire: key.clone(), name, required, values })
        };
        let keys = names.map(both).collect();
        let listed = match (self.listed, other.listed) {
            (Some(one), Some(other)) => Some(one.into_iter().filter(|(text, _)| other.contains_key(text)).collect()),
            (one, other) => one.or(other),
        };
        let (rest, names) = (self.rest.and(&other.rest), self.names.and(&other.names));
        Self { keys, rest, names, count: self.count.and(other.count), listed }.settled()
    }

    /// The same set in the one form it has; none if it is empty.
    pub(super) fn settled(mut self) -> Option<Self> {
        if let Some(listed) = self.listed.take() {
            let listed: BTreeMap<_, _> = listed.into_iter().filter(|(_, value)| self.contains(value)).collect();
            return (!listed.is_empty()).then(|| Self { listed: Some(listed), ..Self::default() });
        }
        let (rest, keys) = (&self.rest, &mut self.keys);
        keys.retain(|_, key| key.required || key.values != *rest);
        if keys.values().any(|key| key.required && key.values.is_empty()) {
            return None;
        }
        (!self.counted().is_empty()).then_some(self)
    }

    /// What is true of each of several sets.
    pub(in crate::diff) fn hull(all: &[&Self]) -> Self {
        let any = |part: &dyn Fn(&Self) -> Domain| all.iter().fold(Domain::none(), |any, one| any.or(&part(one)));
        let names = all.iter().flat_map(|one| one.keys.values().map(|key| (&key.name, &key.wire)));
        let key = |(name, wire): (&String, &String)| {
            let place = all.iter().flat_map(|one| &one.keys).find(|(_, key)| key.wire == *wire).map(|(place, _)| place);
            let place = place.unwrap_or(name).clone();
            let (required, values) = (all.iter().all(|one| one.requires(&place)), any(&|one| one.at(&place).clone()));
            (place, Key { wire: wire.clone(), name: name.clone(), required, values })
        };
        let keys: BTreeMap<String, Key> = names.map(key).collect();
        let most =
            all.iter().map(|one| one.count.most).collect::<Option<Vec<_>>>().and_then(|most| most.into_iter().max());
        let count = Span { least: all.iter().map(|one| one.count.least).min().unwrap_or(0), most };
        Self { keys, rest: any(&|one| one.rest.clone()), names: any(&|one| one.names.clone()), count, listed: None }
    }

    /// What is said of this set alone, and not of all that the hull is of.
    pub(in crate::diff) fn beyond(&self, hull: &Self) -> Self {
        let own = |one: &Domain, other: &Domain| if one.is_same(other) { Domain::Any } else { one.clone() };
        let keys = self.keys.iter().filter_map(|(name, key)| {
            let values = own(&key.values, hull.at(name));
            let required = key.required && !hull.requires(name);
            (required || values != Domain::Any).then(|| (name.clone(), Key { required, values, ..key.clone() }))
        });
        Self {
            keys: keys.collect(),
            rest: own(&self.rest, &hull.rest),
            names: own(&self.names, &hull.names),
            count: if self.count == hull.count { Span::default() } else { self.count },
            listed: None,
        }
    }

    fn required(&self) -> u64 {
        self.keys.values().filter(|key| key.required).count() as u64
    }

    /// How many keys there may be at most, if others may not.
    fn possible(&self) -> Option<u64> {
        let possible = || self.keys.values().filter(|key| !key.values.is_empty()).count() as u64;
        self.rest.is_empty().then(possible)
    }

    /// How many keys there may be, by the keys themselves too.
    pub(in crate::diff) fn counted(&self) -> Span {
        self.count.and(Span { least: self.required(), most: self.possible() })
    }

    pub(super) fn contains(&self, value: &Value) -> bool {
        let Value::Object(map) = value else { return false };
        self.count.holds(map.len() as u64)
            && self.keys.values().all(|key| !key.required || map.contains_key(&key.wire))
            && map.iter().all(|(wire, value)| {
                let key = self.keys.values().find(|key| key.wire == *wire);
                key.map_or(&self.rest, |key| &key.values).contains(value)
                    && self.names.contains(&Value::String(wire.clone()))
            })
            && self.listed.as_ref().is_none_or(|listed| listed.contains_key(&canonical(value).to_string()))
    }

    /// Whether every object of this set is in the other.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if let Some(listed) = &self.listed {
            return listed.values().all(|value| other.contains(value));
        }
        other.listed.is_none()
            && self.counted().is_within(&other.counted())
            && self.names.is_within(&other.names)
            && other.keys.iter().all(|(name, key)| !key.required || self.requires(name))
            && self.keys.keys().chain(other.keys.keys()).all(|name| self.at(name).is_within(other.at(name)))
            && self.rest.is_within(&other.rest)
    }
}
