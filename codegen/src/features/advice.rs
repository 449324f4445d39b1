//! Which families to merge when there are too many features: the catalogue and the surplus in, lines for `features.toml`
//! out. Proposes only; a maintainer decides.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::family;
use crate::ir::Catalog;
use crate::name::{feature, is_free_feature};

/// How many features more than necessary are saved, so that the next week's models don't bring the question back.
const ROOM: usize = 10;

/// Families that share a feature, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Merge<'c> {
    families: BTreeSet<&'c str>,
    /// How many features there are for them now.
    features: usize,
    /// How many models whoever wants one of the families would compile.
    models: usize,
}

/// Merges with their features.
type Named<'c> = Vec<(String, Merge<'c>)>;

impl<'c> Merge<'c> {
    fn add(&mut self, other: Merge<'c>) {
        self.families.extend(other.families);
        self.features += other.features;
        self.models += other.models;
    }

    fn saved(&self) -> usize {
        self.features - 1
    }
}

/// The remedy for `surplus` features too many, as the help of an error.
pub(super) fn advice(catalog: &Catalog, surplus: usize) -> String {
    let proposals = proposals(catalog, surplus + ROOM);
    if proposals.is_empty() {
        return "no families can be merged: families share a feature within one provider only. Leave models out of the schema \
                folder, or generate a second crate from a folder of its own with `--schemas` and `--out`"
            .to_owned();
    }
    let mut text = "\
put families behind one feature: write lines such as these into features.toml in the schema folder, in place of those
that name the same feature or families. Whoever uses a feature that goes away has to change a line, so prefer
families that were not released yet.
[merge]"
        .to_owned();
    for (feature, merge) in proposals {
        let families: Vec<String> = merge.families.iter().map(|family| format!("\"{family}\"")).collect();
        _ = write!(text, "\n{feature} = [{}] # {} models", families.join(", "), merge.models);
    }
    text
}

/// Merges that save at least so many features, if there are that many: those with the fewest models for each feature
/// saved before others, versions of one family before what else a provider has.
fn proposals(catalog: &Catalog, wanted: usize) -> Named<'_> {
    let (versions, others) = candidates(catalog);
    let mut left = wanted;
    let mut chosen = Vec::new();
    for mut merges in [versions, others] {
        // models / saved, compared without a division.
        merges.sort_by(|(a_name, a), (b_name, b)| (a.models * b.saved(), a_name).cmp(&(b.models * a.saved(), b_name)));
        for (feature, merge) in merges {
            if left > 0 {
                left = left.saturating_sub(merge.saved());
                chosen.push((feature, merge));
            }
        }
    }
    chosen
}

/// Families that differ in their version only (`wan-2-2`, `wan-2-7` and `wan-3-0-prime` are `wan`), and what is left of
/// each provider.
fn candidates(catalog: &Catalog) -> (Named<'_>, Named<'_>) {
    let mut groups: BTreeMap<(&str, String), Merge<'_>> = BTreeMap::new();
    let features = features(catalog);
    for (name, merge) in &features {
        let mut families = merge.families.iter();
        let Some(first) = families.next() else { continue };
        let provider = first.split('/').next().unwrap_or(first);
        // A feature that families share already keeps its name.
        let group = if families.next().is_none() { feature(&stem(first)) } else { (*name).to_owned() };
        groups.entry((provider, group)).or_default().add(merge.clone());
    }
    let (versions, single): (Vec<_>, Vec<_>) = groups.into_iter().partition(|(_, merge)| merge.features > 1);
    let mut others: BTreeMap<String, Merge<'_>> = BTreeMap::new();
    for ((provider, _), merge) in single {
        others.entry(feature(&format!("{provider}-others"))).or_default().add(merge);
    }
    let providers: BTreeSet<&str> = catalog.models.iter().map(|model| &*model.module.provider_feature).collect();
    let is_free = |(name, merge): &(String, Merge<'_>)| {
        let taken = features.get(name.as_str()).is_some_and(|owner| !owner.families.is_subset(&merge.families));
        merge.features > 1 && !taken && is_free_feature(name) && !providers.contains(name.as_str())
    };
    let versions = versions.into_iter().map(|((_, name), merge)| (name, merge)).filter(is_free).collect();
    (versions, others.into_iter().filter(is_free).collect())
}

/// The features of families that there are now, each as the merge that it is.
fn features(catalog: &Catalog) -> BTreeMap<&str, Merge<'_>> {
    let mut features: BTreeMap<&str, Merge<'_>> = BTreeMap::new();
    for model in &catalog.models {
        let of = features.entry(&model.module.feature).or_default();
        of.families.insert(family(&model.id));
        of.features = 1;
        of.models += 1;
    }
    features
}

/// A family without its version, as a feature: the provider, and what stands before the first part with a digit.
fn stem(family: &str) -> String {
    let (provider, name) = family.split_once('/').unwrap_or(("", family));
    let parts = name.split(['-', '.', '_']).take_while(|part| !part.bytes().any(|byte| byte.is_ascii_digit()));
    let words: Vec<&str> = parts.collect();
    format!("{provider}-{}", if words.is_empty() { name.to_owned() } else { words.join("-") })
}
