//! Lists: their items, how many and whether they repeat in; the set that this comes to, and how two sets compare, out.

use serde_json::Value;
use std::collections::BTreeMap;

use super::{Domain, Span, canonical};

/// A set of lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::diff) struct Lists {
    /// The first items, place by place.
    pub(super) prefix: Vec<Domain>,
    /// The items after them.
    pub(super) items: Domain,
    /// How many items.
    pub(in crate::diff) count: Span,
    /// No item may repeat.
    pub(in crate::diff) unique: bool,
    /// Only these, by their canonical text.
    pub(in crate::diff) listed: Option<BTreeMap<String, Value>>,
}

impl Lists {
    /// The same set, with the keys of objects by their names.
    pub(super) fn named(mut self) -> Self {
        self.prefix = self.prefix.into_iter().map(Domain::named).collect();
        self.items = self.items.named();
        self
    }

    /// What may stand at a place.
    pub(in crate::diff) fn at(&self, place: usize) -> &Domain {
        self.prefix.get(place).unwrap_or(&self.items)
    }

    /// Whether there may be an item at a place.
    pub(in crate::diff) fn reaches(&self, place: usize) -> bool {
        self.count.most.is_none_or(|most| most > place as u64)
    }

    pub(in crate::diff) fn items(&self) -> &Domain {
        &self.items
    }

    pub(in crate::diff) fn prefix(&self) -> usize {
        self.prefix.len()
    }

    /// The lists in both.
    pub(super) fn and(mut self, other: Self) -> Option<Self> {
        let places = self.prefix.len().max(other.prefix.len());
        self.prefix = (0..places).map(|place| self.at(place).and(other.at(place))).collect();
        self.items = self.items.and(&other.items);
        self.count = self.count.and(other.count);
        self.unique |= other.unique;
        self.listed = match (self.listed, other.listed) {
            (Some(one), Some(other)) => Some(one.into_iter().filter(|(text, _)| other.contains_key(text)).collect()),
            (one, other) => one.or(other),
        };
        self.settled()
    }

    /// The same set in the one form it has; none if it is empty.
    pub(super) fn settled(mut self) -> Option<Self> {
        if let Some(listed) = self.listed.take() {
            let listed: BTreeMap<_, _> = listed.into_iter().filter(|(_, value)| self.contains(value)).collect();
            return (!listed.is_empty()).then(|| Self { listed: Some(listed), ..Self::default() });
        }
        let reach = self.prefix.len() as u64;
        let end = (0..reach).find(|place| self.at(*place as usize).is_empty());
        if let Some(end) = end.or(self.items.is_empty().then_some(reach)) {
            self.count.most = Some(self.count.most.map_or(end, |most| most.min(end)));
        }
        if let Some(most) = self.count.most.filter(|most| *most <= reach) {
            self.prefix.truncate(most as usize);
            self.items = Domain::Any;
        }
        while self.prefix.last().is_some_and(|last| *last == self.items) && self.count.most.is_none() {
            self.prefix.pop();
        }
        self.unique &= self.count.most.is_none_or(|most| most > 1);
        (!self.count.is_empty()).then_some(self)
    }

    pub(super) fn contains(&self, value: &Value) -> bool {
        let Value::Array(items) = value else { return false };
        let text = |value: &Value| canonical(value).to_string();
        let is_unique = || {
            let mut seen = std::collections::BTreeSet::new();
            items.iter().all(|item| seen.insert(text(item)))
        };
        self.count.holds(items.len() as u64)
            && (!self.unique || is_unique())
            && items.iter().enumerate().all(|(place, item)| self.at(place).contains(item))
            && self.listed.as_ref().is_none_or(|listed| listed.contains_key(&text(value)))
    }

    /// Whether every list of this set is in the other.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        if let Some(listed) = &self.listed {
            return listed.values().all(|value| other.contains(value));
        }
        let places = self.prefix.len().max(other.prefix.len());
        other.listed.is_none()
            && self.count.is_within(&other.count)
            && (self.unique || !other.unique)
            && (0..places).all(|place| !self.reaches(place) || self.at(place).is_within(other.at(place)))
            && (!self.reaches(places) || self.items.is_within(&other.items))
    }
}
