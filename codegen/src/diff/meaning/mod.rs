//! Rules in, the set of JSON values that they allow out, in a form in which equal sets are mostly equal: as a union of
//! forms, each of one JSON type. [`Domain::is_within`] proves that one set is part of another; where it can't, it says no,
//! so that nobody calls a change smaller than it is. Must not know places, verdicts or names.

mod fragment;
mod list;
mod number;
mod object;
mod read;
mod text;
mod words;

use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeSet;

pub(super) use list::Lists;
use number::Num;
pub(super) use number::Numbers;
pub(super) use object::Objects;
pub(super) use read::domain;
pub(super) use text::Texts;

/// A set of JSON values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Domain {
    /// All of them.
    #[default]
    Any,
    /// Those of any of these.
    Forms(Vec<Form>),
}

/// A set of values of one JSON type.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Form {
    pub(super) kind: Kind,
    /// What must be true besides.
    pub(super) demands: BTreeSet<Demand>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Null,
    Booleans(BTreeSet<bool>),
    Numbers(Numbers),
    Texts(Texts),
    Lists(Lists),
    Objects(Objects),
}

/// A condition that is known by its words alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    /// What makes it equal to another.
    text: String,
    /// What people are shown.
    pub(super) shown: String,
    /// Whether it is about the forms themselves: that a value has one of them alone.
    pub(super) is_choice: bool,
}

/// As many forms are told apart; of more a set is known by its words alone.
const MAX_FORMS: usize = 200;

impl Kind {
    /// Every value of each type.
    fn all() -> [Self; 6] {
        [
            Self::Null,
            Self::Booleans([false, true].into()),
            Self::Numbers(Numbers::default()),
            Self::Texts(Texts::default()),
            Self::Lists(Lists::default()),
            Self::Objects(Objects::default()),
        ]
    }

    /// The values in both; none if there are none.
    fn and(&self, other: &Self) -> Option<Self> {
        match (self.clone(), other.clone()) {
            (Self::Null, Self::Null) => Some(Self::Null),
            (Self::Booleans(one), Self::Booleans(other)) => {
                let both = &one & &other;
                (!both.is_empty()).then_some(Self::Booleans(both))
            }
            (Self::Numbers(one), Self::Numbers(other)) => one.and(other).map(Self::Numbers),
            (Self::Texts(one), Self::Texts(other)) => one.and(other).map(Self::Texts),
            (Self::Lists(one), Self::Lists(other)) => one.and(other).map(Self::Lists),
            (Self::Objects(one), Self::Objects(other)) => one.and(other).map(Self::Objects),
            _ => None,
        }
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Booleans(one), Self::Booleans(other)) => one.is_subset(other),
            (Self::Numbers(one), Self::Numbers(other)) => one.is_within(other),
            (Self::Texts(one), Self::Texts(other)) => one.is_within(other),
            (Self::Lists(one), Self::Lists(other)) => one.is_within(other),
            (Self::Objects(one), Self::Objects(other)) => one.is_within(other),
            _ => false,
        }
    }

    fn rank(&self) -> usize {
        match self {
            Self::Null => 6,
            Self::Booleans(_) => 1,
            Self::Numbers(_) => 2,
            Self::Texts(_) => 3,
            Self::Lists(_) => 4,
            Self::Objects(_) => 5,
        }
    }

    fn contains(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Null, Value::Null) => true,
            (Self::Booleans(values), Value::Bool(value)) => values.contains(value),
            (Self::Numbers(numbers), Value::Number(number)) => numbers.contains(&Num::of(number)),
            (Self::Texts(texts), Value::String(text)) => texts.contains(text),
            (Self::Lists(lists), value) => lists.contains(value),
            (Self::Objects(objects), value) => objects.contains(value),
            _ => false,
        }
    }

    /// Both sets as one, where one can say both.
    fn or(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Booleans(one), Self::Booleans(other)) => Some(Self::Booleans(one | other)),
            (Self::Numbers(one), Self::Numbers(other)) => one.or(other).map(Self::Numbers),
            (Self::Texts(one), Self::Texts(other)) => one.or(other).map(Self::Texts),
            _ => None,
        }
    }
}

impl Form {
    fn of(kind: Kind) -> Self {
        Self { kind, demands: BTreeSet::new() }
    }

    /// Whether both are of one JSON type.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        self.kind.rank() == other.kind.rank()
    }

    fn and(&self, other: &Self) -> Option<Self> {
        Some(Self { kind: self.kind.and(&other.kind)?, demands: &self.demands | &other.demands })
    }

    /// Whether every value of this form has the other too.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        other.demands.is_subset(&self.demands) && self.kind.is_within(&other.kind)
    }
}

impl Domain {
    /// The values of any of these forms.
    pub(super) fn of(forms: impl IntoIterator<Item = Form>) -> Self {
        let mut all: Vec<Form> = Vec::new();
        'forms: for mut form in forms {
            // Whatever takes another in may take in one more.
            loop {
                if all.iter().any(|known| form.is_within(known)) {
                    continue 'forms;
                }
                all.retain(|known| !known.is_within(&form));
                let both = all.iter().enumerate().find_map(|(place, known)| {
                    let kind = (known.demands == form.demands).then(|| known.kind.or(&form.kind))??;
                    Some((place, kind))
                });
                let Some((place, kind)) = both else { break };
                all.remove(place);
                form = Form { kind, ..form };
            }
            all.push(form);
        }
        all.sort_by_cached_key(|form| (form.kind.rank(), form.words()));
        let every = Kind::all();
        let is_any =
            all.len() == every.len() && all.iter().all(|form| form.demands.is_empty() && every.contains(&form.kind));
        if is_any { Self::Any } else { Self::Forms(all) }
    }

    /// The same set, with the keys of objects by the names that they have in readable JSON: so nothing differs but for node
    /// ids.
    fn named(self) -> Self {
        let Self::Forms(forms) = self else { return self };
        Self::of(forms.into_iter().map(|Form { kind, demands }| {
            let kind = match kind {
                Kind::Lists(lists) => Kind::Lists(lists.named()),
                Kind::Objects(objects) => Kind::Objects(objects.named()),
                kind => kind,
            };
            Form { kind, demands }
        }))
    }

    /// The set without these conditions.
    pub(super) fn without(&self, demands: &BTreeSet<Demand>) -> Self {
        let Self::Forms(forms) = self else { return self.clone() };
        let free = |form: &Form| Form { kind: form.kind.clone(), demands: &form.demands - demands };
        Self::of(forms.iter().map(free))
    }

    /// No value at all.
    fn none() -> Self {
        Self::Forms(Vec::new())
    }

    /// Every value, but those of one type only if they are in this set.
    fn but_for(own: Kind) -> Self {
        let others = Kind::all().into_iter().filter(|kind| kind.rank() != own.rank());
        Self::of(others.chain([own.clone()]).map(Form::of))
    }

    /// Every value for which this is true.
    fn demanding(demand: &Demand, is_about: impl Fn(&Kind) -> bool) -> Self {
        Self::of(Kind::all().into_iter().map(|kind| {
            let demands = is_about(&kind).then(|| demand.clone()).into_iter().collect();
            Form { kind, demands }
        }))
    }

    pub(super) fn forms(&self) -> Cow<'_, [Form]> {
        match self {
            Self::Any => Kind::all().map(Form::of).to_vec().into(),
            Self::Forms(forms) => forms.into(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        matches!(self, Self::Forms(forms) if forms.is_empty())
    }

    /// Whether there are values of every type.
    pub(super) fn has_all_types(&self) -> bool {
        Kind::all().iter().all(|kind| self.forms().iter().any(|form| form.kind.rank() == kind.rank()))
    }

    /// Whether no value is in both.
    pub(super) fn is_apart(&self, other: &Self) -> bool {
        self.and(other).is_empty()
    }

    /// The values in both.
    fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Any, domain) | (domain, Self::Any) => domain.clone(),
            (Self::Forms(one), Self::Forms(other)) => {
                Self::of(one.iter().flat_map(|form| other.iter().filter_map(|with| form.and(with))))
            }
        }
    }

    /// The values in either.
    fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) => Self::Any,
            (Self::Forms(one), Self::Forms(other)) => Self::of(one.iter().chain(other).cloned()),
        }
    }

    fn size(&self) -> usize {
        if let Self::Forms(forms) = self { forms.len() } else { 1 }
    }

    /// Whether it is certain that every value of this set is in the other.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Any) => true,
            _ if self == other => true,
            _ => {
                let (own, other) = (self.forms(), other.forms());
                own.iter().all(|form| other.iter().any(|with| form.is_within(with)))
            }
        }
    }

    /// Whether both sets certainly have the same values.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.is_within(other) && other.is_within(self)
    }

    /// Whether it is certain that this value is one of them.
    fn contains(&self, value: &Value) -> bool {
        match self {
            Self::Any => true,
            Self::Forms(forms) => forms.iter().any(|form| form.demands.is_empty() && form.kind.contains(value)),
        }
    }
}

/// From how many to how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) least: u64,
    pub(super) most: Option<u64>,
}

impl Span {
    fn and(self, other: Self) -> Self {
        let most = [self.most, other.most].into_iter().flatten().min();
        Self { least: self.least.max(other.least), most }
    }

    fn holds(self, count: u64) -> bool {
        count >= self.least && self.most.is_none_or(|most| count <= most)
    }

    fn is_empty(self) -> bool {
        self.most.is_some_and(|most| most < self.least)
    }

    pub(super) fn is_within(&self, other: &Self) -> bool {
        self.least >= other.least && other.most.is_none_or(|wanted| self.most.is_some_and(|most| most <= wanted))
    }

    /// `>= 1, <= 5`; empty without limits.
    pub(super) fn text(self) -> String {
        let least = (self.least > 0).then(|| format!(">= {}", self.least));
        let most = self.most.map(|most| format!("<= {most}"));
        least.into_iter().chain(most).collect::<Vec<_>>().join(", ")
    }
}

/// The value with its keys sorted and whole numbers as integers, so that `1` is `1.0`.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            let text = Num::of(number).to_string();
            serde_json::from_str(&text).unwrap_or_else(|_| value.clone())
        }
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(map) => {
            let sorted: std::collections::BTreeMap<_, _> =
                map.iter().map(|(key, value)| (key.clone(), canonical(value))).collect();
            Value::Object(sorted.into_iter().collect())
        }
        other => other.clone(),
    }
}
