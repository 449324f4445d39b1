//! The rules of one field, old and new, in; what changed about the values it takes out. A rule that names a field table
//! without a type is compared by what the table says; structs are compared as types, elsewhere.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

use super::kind::{ChangeKind, Strictness};
use super::limits::Limits;
use super::report::{Change, Place};
use super::show;
use crate::ir::{Rule, Type, TypeKind};
use crate::spelling;

/// One side of a comparison.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) rules: &'a [Rule],
    pub(super) types: &'a [Type],
}

impl<'a> Rules<'a> {
    /// The rules about one thing.
    fn facet(self, facet: Facet) -> Vec<&'a Rule> {
        self.rules.iter().filter(|rule| Facet::of(rule, self.types) == Some(facet)).collect()
    }

    fn texts(self, facet: Facet) -> BTreeSet<String> {
        let text = |rule: &Rule| match rule {
            Rule::Pattern(pattern) => pattern.clone(),
            other => {
                let (keyword, text) = spelling::rule_beside_structs(other, self.types);
                format!("{keyword} {text}")
            }
        };
        self.facet(facet).into_iter().map(text).collect()
    }

    /// The rules for parts of the value, by the part: `[]` for the items of a list, `[0]` for the first of a tuple, `{}`
    /// for the values of a map.
    fn parts(self) -> BTreeMap<String, Vec<Rule>> {
        let mut parts: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
        for rule in self.rules {
            match rule {
                Rule::Items(rules) => parts.entry("[]".to_owned()).or_default().extend_from_slice(rules),
                Rule::AdditionalProperties(rules) => {
                    parts.entry("{}".to_owned()).or_default().extend_from_slice(rules);
                }
                Rule::PrefixItems(prefix) => {
                    for (place, rules) in prefix.iter().enumerate() {
                        parts.entry(format!("[{place}]")).or_default().extend_from_slice(rules);
                    }
                }
                _ => {}
            }
        }
        parts
    }
}

/// What a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Facet {
    Bounds,
    Length,
    ItemCount,
    Pattern,
    Values,
    FileLimit,
    Other,
}

impl Facet {
    const ALL: [(Self, ChangeKind, &'static str); 7] = [
        (Self::Bounds, ChangeKind::BoundsChanged, "bounds"),
        (Self::Length, ChangeKind::LengthChanged, "length"),
        (Self::ItemCount, ChangeKind::ItemCountChanged, "number of items"),
        (Self::Pattern, ChangeKind::PatternChanged, "pattern"),
        (Self::Values, ChangeKind::ValuesChanged, "listed values"),
        (Self::FileLimit, ChangeKind::FileLimitChanged, "limits on the file"),
        (Self::Other, ChangeKind::RulesChanged, "rules"),
    ];

    /// `None` for rules that hold others, and for structs: both are compared part by part.
    fn of(rule: &Rule, types: &[Type]) -> Option<Self> {
        match rule {
            Rule::Minimum(_)
            | Rule::Maximum(_)
            | Rule::ExclusiveMinimum(_)
            | Rule::ExclusiveMaximum(_)
            | Rule::MultipleOf(_) => Some(Self::Bounds),
            Rule::MinLength(_) | Rule::MaxLength(_) => Some(Self::Length),
            Rule::MinItems(_) | Rule::MaxItems(_) | Rule::UniqueItems => Some(Self::ItemCount),
            Rule::Pattern(_) => Some(Self::Pattern),
            Rule::Values(_) => Some(Self::Values),
            Rule::Validation { .. } => Some(Self::FileLimit),
            Rule::Items(_) | Rule::PrefixItems(_) | Rule::AdditionalProperties(_) => None,
            Rule::Properties(id) if matches!(types.get(*id)?.kind, TypeKind::Table(_)) => Some(Self::Other),
            Rule::Properties(_) => None,
            Rule::Type(_)
            | Rule::Media(_)
            | Rule::NoAdditionalProperties
            | Rule::PropertyNames(_)
            | Rule::MinProperties(_)
            | Rule::MaxProperties(_)
            | Rule::AllOf(_)
            | Rule::AnyOf(_)
            | Rule::OneOf(_)
            | Rule::Fragment { .. }
            | Rule::Never => Some(Self::Other),
        }
    }
}

/// Compares the rules at one place, and those within them. `is_choice` leaves out listed values: variants show them.
pub(super) fn compare(place: &Place<'_>, old: Rules<'_>, new: Rules<'_>, is_choice: bool, changes: &mut Vec<Change>) {
    for (facet, kind, name) in Facet::ALL {
        if is_choice && facet == Facet::Values {
            continue;
        }
        if let Some((strictness, before, after)) = change(facet, old, new) {
            let sentence = format!("{name} {}: {}", strictness.as_str(), show::arrow(&before, &after));
            let change = place.change(kind, before, after, sentence);
            changes.push(Change { strictness: Some(strictness), ..change });
        }
    }
    messages(place, old, new, changes);
    let (before, after) = (old.parts(), new.parts());
    let parts: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for part in parts {
        let side = |rules: &BTreeMap<String, Vec<Rule>>| rules.get(part).cloned().unwrap_or_default();
        let (before, after) = (side(&before), side(&after));
        let (old, new) = (Rules { rules: &before, ..old }, Rules { rules: &after, ..new });
        compare(&place.part(part), old, new, is_choice, changes);
    }
}

/// Whether the rules come to the same.
pub(super) fn are_same(old: &[Rule], old_types: &[Type], new: &[Rule], new_types: &[Type]) -> bool {
    let all = |rules: &[Rule], types: &[Type]| -> BTreeSet<(String, String)> {
        rules.iter().map(|rule| spelling::rule_beside_structs(rule, types)).collect()
    };
    all(old, old_types) == all(new, new_types)
}

/// How one facet changed, with its old and new text.
fn change(facet: Facet, old: Rules<'_>, new: Rules<'_>) -> Option<(Strictness, String, String)> {
    match facet {
        Facet::Bounds | Facet::Length | Facet::ItemCount => {
            let (old, new) = (Limits::of(&old.facet(facet)), Limits::of(&new.facet(facet)));
            Some((old.change(&new)?, old.text(), new.text()))
        }
        Facet::Values => {
            let (old, new) = (allowed(&old.facet(facet)), allowed(&new.facet(facet)));
            // No list means that every value is allowed.
            let strictness = match (&old, &new) {
                (Some(old), Some(new)) => by_demands(new, old)?,
                (old, new) => by_demands(&old.iter().collect(), &new.iter().collect())?,
            };
            let text = |values: Option<BTreeSet<String>>| joined(&values.unwrap_or_default());
            Some((strictness, text(old), text(new)))
        }
        Facet::FileLimit => {
            let (old, new) = (file_limits(&old.facet(facet)), file_limits(&new.facet(facet)));
            let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            let parts = names.into_iter().map(|name| limit_moved(name, old.get(name), new.get(name)));
            let strictness = Strictness::of_all(parts)?;
            let text = |limits: BTreeMap<String, f64>| {
                joined(&limits.into_iter().map(|(rule, value)| format!("{rule} {value}")).collect())
            };
            Some((strictness, text(old), text(new)))
        }
        Facet::Pattern | Facet::Other => {
            let (old, new) = (old.texts(facet), new.texts(facet));
            Some((by_demands(&old, &new)?, joined(&old), joined(&new)))
        }
    }
}

fn joined(texts: &BTreeSet<String>) -> String {
    texts.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// More demands than before are tighter.
fn by_demands<T: Ord>(old: &BTreeSet<T>, new: &BTreeSet<T>) -> Option<Strictness> {
    match (old.is_subset(new), new.is_subset(old)) {
        (true, true) => None,
        (true, false) => Some(Strictness::Tightened),
        (false, true) => Some(Strictness::Loosened),
        (false, false) => Some(Strictness::Changed),
    }
}

/// The values that all lists allow, as JSON; whole numbers as integers, so that `1` is `1.0`.
fn allowed(rules: &[&Rule]) -> Option<BTreeSet<String>> {
    let lists = rules.iter().filter_map(|rule| if let Rule::Values(values) = rule { Some(values) } else { None });
    let text = |value: &Value| match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 => format!("{number}"),
        _ => value.to_string(),
    };
    lists.map(|values| values.iter().map(text).collect()).reduce(|all: BTreeSet<_>, list| &all & &list)
}

fn file_limits(rules: &[&Rule]) -> BTreeMap<String, f64> {
    let limit = |rule: &&Rule| match rule {
        Rule::Validation { rule, value, .. } => Some((rule.clone(), value.as_f64().unwrap_or_default())),
        _ => None,
    };
    rules.iter().filter_map(limit).collect()
}

/// `file_size_mb<` is an upper limit, `width>` a lower one.
fn limit_moved(rule: &str, old: Option<&f64>, new: Option<&f64>) -> Option<Strictness> {
    let (old, new) = match (old, new) {
        (Some(old), Some(new)) => (old, new),
        (Some(_), None) => return Some(Strictness::Loosened),
        (None, _) => return Some(Strictness::Tightened),
    };
    let grew = old.partial_cmp(new).filter(|order| order.is_ne())?.is_lt();
    Some(match (rule.contains('<'), rule.contains('>')) {
        (true, false) if grew => Strictness::Loosened,
        (false, true) if !grew => Strictness::Loosened,
        (true, false) | (false, true) => Strictness::Tightened,
        _ => Strictness::Changed,
    })
}

/// The server's words for a limit that stayed.
fn messages(place: &Place<'_>, old: Rules<'_>, new: Rules<'_>, changes: &mut Vec<Change>) {
    let words = |side: Rules<'_>| -> BTreeMap<String, String> {
        let limits = side.rules.iter().filter_map(|rule| match rule {
            Rule::Validation { rule, value, message } => Some((format!("{rule} {value}"), message.clone())),
            _ => None,
        });
        limits.collect()
    };
    let after = words(new);
    for (limit, before) in words(old) {
        if let Some(after) = after.get(&limit).filter(|after| **after != before) {
            let sentence = format!("the server's words for {}: {}", show::code(&limit), show::arrow(&before, after));
            changes.push(place.change(ChangeKind::DescriptionChanged, before, after, sentence));
        }
    }
}
