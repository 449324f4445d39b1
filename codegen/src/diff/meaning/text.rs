//! Texts: lengths, patterns, media, limits on files and lists in; the set that they come to, and how two sets compare, out.

use std::collections::{BTreeMap, BTreeSet};

use super::Span;
use crate::ir::Media;

/// A set of texts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::diff) struct Texts {
    /// How many characters.
    pub(in crate::diff) length: Span,
    /// All of them match.
    pub(in crate::diff) patterns: BTreeSet<String>,
    pub(in crate::diff) media: BTreeSet<Media>,
    /// What a media file may be, by the rule: `file_size_mb<`.
    pub(in crate::diff) limits: BTreeMap<String, f64>,
    /// Only these; then nothing is said of length and patterns.
    pub(in crate::diff) listed: Option<BTreeSet<String>>,
}

impl Texts {
    pub(super) fn listed(values: impl IntoIterator<Item = String>) -> Self {
        Self { listed: Some(values.into_iter().collect()), ..Self::default() }
    }

    /// Of two limits the tighter one holds.
    pub(super) fn limit(&mut self, rule: &str, value: f64) {
        let tighter = |old: f64| match Way::of(rule) {
            Way::Most => old.min(value),
            Way::Least => old.max(value),
            Way::Other => value,
        };
        let known = self.limits.get(rule).copied();
        self.limits.insert(rule.to_owned(), known.map_or(value, tighter));
    }

    /// The texts in both.
    pub(super) fn and(mut self, other: Self) -> Option<Self> {
        self.length = self.length.and(other.length);
        self.patterns.extend(other.patterns);
        self.media.extend(other.media);
        other.limits.iter().for_each(|(rule, value)| self.limit(rule, *value));
        self.listed = match (self.listed, other.listed) {
            (Some(one), Some(other)) => Some(&one & &other),
            (one, other) => one.or(other),
        };
        self.settled()
    }

    /// The same set in the one form it has; none if it is empty.
    pub(super) fn settled(mut self) -> Option<Self> {
        if let Some(listed) = self.listed.take() {
            let shape = Self { length: std::mem::take(&mut self.length), ..Self::default() };
            let patterns = std::mem::take(&mut self.patterns);
            let listed =
                matching(listed.into_iter().filter(|text| shape.length.holds(length(text))).collect(), patterns);
            return (!listed.is_empty()).then_some(Self { listed: Some(listed), ..self });
        }
        (!self.length.is_empty()).then_some(self)
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        let is_listed = self.listed.as_ref().is_none_or(|listed| listed.contains(text));
        // Nobody can tell what file a text stands for.
        is_listed
            && self.media.is_empty()
            && self.limits.is_empty()
            && self.length.holds(length(text))
            && matching([text.to_owned()].into(), self.patterns.clone()).len() == 1
    }

    /// Whether every text of this set is in the other.
    pub(in crate::diff) fn is_within(&self, other: &Self) -> bool {
        let shape = Self { media: BTreeSet::new(), limits: BTreeMap::new(), ..other.clone() };
        let is_listed = match (&self.listed, &other.listed) {
            (Some(listed), _) => listed.iter().all(|text| shape.contains(text)),
            (None, Some(_)) => false,
            (None, None) => self.length.is_within(&other.length) && other.patterns.is_subset(&self.patterns),
        };
        is_listed && other.media.is_subset(&self.media) && other.limits.keys().all(|rule| self.keeps(rule, other))
    }

    fn keeps(&self, rule: &str, other: &Self) -> bool {
        let (Some(own), Some(wanted)) = (self.limits.get(rule), other.limits.get(rule)) else { return false };
        match Way::of(rule) {
            Way::Most => own <= wanted,
            Way::Least => own >= wanted,
            Way::Other => own == wanted,
        }
    }

    /// Both sets as one, where one can say both.
    pub(super) fn or(&self, other: &Self) -> Option<Self> {
        let (Some(one), Some(two)) = (&self.listed, &other.listed) else { return None };
        let is_alike = self.media == other.media && self.limits == other.limits;
        is_alike.then(|| Self { listed: Some(one | two), ..self.clone() })
    }
}

/// The texts that match all patterns. What does not compile was refused when it was read.
fn matching(mut texts: BTreeSet<String>, patterns: BTreeSet<String>) -> BTreeSet<String> {
    for pattern in patterns {
        if let Ok(pattern) = regress::Regex::with_flags(&pattern, "u") {
            texts.retain(|text| pattern.find(text).is_some());
        }
    }
    texts
}

fn length(text: &str) -> u64 {
    text.chars().count() as u64
}

/// Which way a rule of `validations` limits: `file_size_mb<` is an upper limit, `width>` a lower one.
enum Way {
    Most,
    Least,
    Other,
}

impl Way {
    fn of(rule: &str) -> Self {
        match (rule.contains('<'), rule.contains('>')) {
            (true, false) => Self::Most,
            (false, true) => Self::Least,
            _ => Self::Other,
        }
    }
}
