//! What a reader makes of a schema: one form for both readers, and how two readings differ. Must not know either reader.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What values a schema describes, bounds and formats aside.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reading {
    /// Any JSON value.
    Any,
    /// `null`, `boolean`, `integer`, `number` or `string`.
    Scalar(&'static str),
    /// One of these strings.
    Values(BTreeSet<String>),
    /// An array of any length.
    List(Box<Reading>),
    /// An array with a schema for each place.
    Tuple(Vec<Reading>),
    /// An object with any keys.
    Map(Box<Reading>),
    /// An object with these keys.
    Object(BTreeMap<String, Property>),
    /// One of several; never one within another, never only one.
    Union(BTreeSet<Reading>),
    /// A type that contains this place.
    Again,
}

/// One key of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Property {
    pub(super) required: bool,
    pub(super) reading: Reading,
}

const NULL: Reading = Reading::Scalar("null");

impl Reading {
    /// The union of some readings: flat, with the listed strings in one set.
    pub(super) fn union(forms: impl IntoIterator<Item = Self>) -> Self {
        let (mut all, mut values) = (BTreeSet::new(), BTreeSet::new());
        let mut rest: Vec<Self> = forms.into_iter().collect();
        while let Some(form) = rest.pop() {
            match form {
                Self::Union(forms) => rest.extend(forms),
                Self::Values(more) => values.extend(more),
                Self::Any => return Self::Any,
                other => drop(all.insert(other)),
            }
        }
        // A string that is listed is no news beside any string.
        if !values.is_empty() && !all.contains(&Self::Scalar("string")) {
            all.insert(Self::Values(values));
        }
        if all.contains(&Self::Scalar("number")) {
            all.remove(&Self::Scalar("integer"));
        }
        if all.len() > 1 { Self::Union(all) } else { all.pop_first().unwrap_or(Self::Any) }
    }

    /// An object with some keys; without any it may have all.
    pub(super) fn object(properties: BTreeMap<String, Property>) -> Self {
        if properties.is_empty() { Self::Map(Self::Any.into()) } else { Self::Object(properties) }
    }

    pub(super) fn nullable(self) -> Self {
        Self::union([self, NULL])
    }

    /// The same without null: of what may be left out, typify does not tell whether it may be null.
    fn without_null(&self) -> Self {
        match self {
            Self::Union(forms) => Self::union(forms.iter().filter(|form| **form != NULL).cloned()),
            other => other.clone(),
        }
    }

    /// A form of a union without the keys that have one value only: one reader keeps a tag as a key, the other as a name.
    pub(super) fn without_tags(self) -> Self {
        let Self::Object(mut properties) = self else { return self };
        properties.retain(|_, property| !matches!(&property.reading, Self::Values(values) if values.len() == 1));
        Self::object(properties)
    }
}

/// How the two readings differ, each with its place.
pub(super) fn differences(pointer: &str, ours: &Reading, theirs: &Reading) -> Vec<(String, String)> {
    use Reading::{Again, List, Map, Object, Scalar, Tuple, Union, Values};
    let told = |what: String| vec![(pointer.to_owned(), what)];
    match (ours, theirs) {
        (Again, _) | (_, Again) => Vec::new(),
        (a, b) if a == b => Vec::new(),
        (Object(ours), Object(theirs)) => properties(pointer, ours, theirs),
        (List(ours), List(theirs)) => differences(&format!("{pointer}/items"), ours, theirs),
        (Map(ours), Map(theirs)) => differences(&format!("{pointer}/additionalProperties"), ours, theirs),
        (Tuple(ours), Tuple(theirs)) if ours.len() == theirs.len() => {
            let parts = ours.iter().zip(theirs).enumerate();
            parts
                .flat_map(|(at, (ours, theirs))| differences(&format!("{pointer}/prefixItems/{at}"), ours, theirs))
                .collect()
        }
        (Values(a), Values(b)) => {
            told(one_sided("value", a.difference(b), b.difference(a), |value| format!("{value:?}")))
        }
        (Union(a), Union(b))
            if a.contains(&NULL) == b.contains(&NULL) && a.len().min(b.len()) == 2 && a.contains(&NULL) =>
        {
            differences(pointer, &ours.without_null(), &theirs.without_null())
        }
        (Union(a), Union(b)) => forms(pointer, a, b),
        (Scalar(_), Scalar(_)) | (_, _) => told(format!("read as {ours}, but by typify as {theirs}")),
    }
}

fn properties(
    pointer: &str,
    ours: &BTreeMap<String, Property>,
    theirs: &BTreeMap<String, Property>,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let keys: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
    for key in keys {
        let place = place(pointer, key);
        match (ours.get(key), theirs.get(key)) {
            (Some(a), Some(b)) if a.required != b.required => {
                let word = |required| if required { "required" } else { "optional" };
                found.push((place, format!("read as {}, but by typify as {}", word(a.required), word(b.required))));
            }
            (Some(a), Some(b)) if a.required => found.extend(differences(&place, &a.reading, &b.reading)),
            (Some(a), Some(b)) => {
                found.extend(differences(&place, &a.reading.without_null(), &b.reading.without_null()));
            }
            (Some(_), None) => found.push((place, "typify reads no such key".to_owned())),
            (None, _) => found.push((place, "only typify reads this key".to_owned())),
        }
    }
    found
}

/// Where a property's schema stands; the empty key is for the whole.
pub(super) fn place(pointer: &str, key: &str) -> String {
    match key {
        "" => pointer.to_owned(),
        key => format!("{pointer}/properties/{}", key.replace('~', "~0").replace('/', "~1")),
    }
}

/// Unions have their forms in no order: what only one reader has is told. Forms that contain themselves are alike.
fn forms(pointer: &str, ours: &BTreeSet<Reading>, theirs: &BTreeSet<Reading>) -> Vec<(String, String)> {
    let lacks =
        |all: &BTreeSet<Reading>, form: &Reading| !all.iter().any(|other| differences("", form, other).is_empty());
    let only_ours: Vec<&Reading> = ours.iter().filter(|form| lacks(theirs, form)).collect();
    let only_theirs: Vec<&Reading> = theirs.iter().filter(|form| lacks(ours, form)).collect();
    if only_ours.is_empty() && only_theirs.is_empty() {
        return Vec::new();
    }
    vec![(pointer.to_owned(), one_sided("form", only_ours, only_theirs, Reading::to_string))]
}

fn one_sided<'r, T: 'r + ?Sized>(
    what: &str,
    ours: impl IntoIterator<Item = &'r T>,
    theirs: impl IntoIterator<Item = &'r T>,
    shown: impl Fn(&T) -> String,
) -> String {
    let list = |all: Vec<String>| if all.is_empty() { "none".to_owned() } else { all.join(", ") };
    let ours = list(ours.into_iter().map(&shown).collect());
    let theirs = list(theirs.into_iter().map(&shown).collect());
    format!("{what}s that typify does not read: {ours}; that only typify reads: {theirs}")
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |readings: &mut dyn Iterator<Item = String>| readings.collect::<Vec<_>>();
        match self {
            Self::Any => f.write_str("any value"),
            Self::Scalar(name) => f.write_str(name),
            Self::Values(values) => {
                write!(f, "{}", list(&mut values.iter().map(|value| format!("{value:?}"))).join(" | "))
            }
            Self::List(items) => write!(f, "[{items}, …]"),
            Self::Tuple(parts) => write!(f, "[{}]", list(&mut parts.iter().map(Self::to_string)).join(", ")),
            Self::Map(values) => write!(f, "{{…: {values}}}"),
            Self::Object(properties) => {
                let shown = |(key, property): (&String, &Property)| {
                    format!("{key:?}{}: {}", if property.required { "" } else { "?" }, property.reading)
                };
                write!(f, "{{{}}}", list(&mut properties.iter().map(shown)).join(", "))
            }
            Self::Union(forms) => write!(f, "({})", list(&mut forms.iter().map(Self::to_string)).join(" | ")),
            Self::Again => f.write_str("…"),
        }
    }
}
