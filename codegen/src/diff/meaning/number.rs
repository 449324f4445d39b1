//! Numbers: a range, multiples and lists of them in; the set that they come to, and how two sets compare, out. Numbers are
//! compared by value: `1` is `1.0`.

use serde_json::Number;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;

/// A number by its value.
#[derive(Clone)]
pub(in crate::diff) struct Num(Number);

impl Num {
    pub(super) fn of(number: &Number) -> Self {
        Self(number.clone())
    }

    fn int(value: i128) -> Self {
        Self(Number::from_i128(value).unwrap_or_else(|| Number::from(0)))
    }

    fn float(&self) -> f64 {
        self.0.as_f64().unwrap_or_default()
    }

    /// The integer, if it is one that 128 bits hold.
    fn whole(&self) -> Option<i128> {
        let float = || self.0.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 1e38);
        self.0.as_i128().or_else(|| float().map(|float| float as i128))
    }

    fn is_multiple_of(&self, step: &Self) -> bool {
        if let (Some(number), Some(step)) = (self.whole(), step.whole()) {
            return step != 0 && number % step == 0;
        }
        let quotient = self.float() / step.float();
        // Published steps such as 0.1 are no binary fractions.
        (quotient - quotient.round()).abs() < 1e-9
    }
}

impl Ord for Num {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.whole(), other.whole()) {
            (Some(one), Some(other)) => one.cmp(&other),
            _ => self.float().total_cmp(&other.float()),
        }
    }
}

impl PartialOrd for Num {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Num {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Num {}

impl fmt::Display for Num {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.whole() {
            Some(whole) => whole.fmt(out),
            None => self.0.fmt(out),
        }
    }
}

impl fmt::Debug for Num {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Bound {
    value: Num,
    exclusive: bool,
}

/// A set of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::diff) struct Numbers {
    /// Integers only.
    pub(in crate::diff) whole: bool,
    lower: Option<Bound>,
    upper: Option<Bound>,
    /// A number is a multiple of all of them.
    steps: Vec<Num>,
    /// Only these; then nothing else is said.
    pub(in crate::diff) listed: Option<BTreeSet<Num>>,
}

impl Numbers {
    pub(super) fn integers() -> Self {
        Self { whole: true, ..Self::default() }
    }

    pub(super) fn listed(values: impl IntoIterator<Item = Num>) -> Self {
        Self { listed: Some(values.into_iter().collect()), ..Self::default() }
    }

    /// Of two bounds on one side the tighter one holds.
    pub(super) fn raise(&mut self, value: Num, exclusive: bool) {
        let bound = Bound { value, exclusive };
        if self.lower.as_ref().is_none_or(|old| tightness_below(&bound, old).is_gt()) {
            self.lower = Some(bound);
        }
    }

    pub(super) fn cap(&mut self, value: Num, exclusive: bool) {
        let bound = Bound { value, exclusive };
        if self.upper.as_ref().is_none_or(|old| tightness_above(&bound, old).is_gt()) {
            self.upper = Some(bound);
        }
    }

    pub(super) fn step(&mut self, step: Num) {
        self.steps.push(step);
    }

    /// The numbers in both.
    pub(super) fn and(mut self, other: Self) -> Option<Self> {
        self.whole |= other.whole;
        if let Some(Bound { value, exclusive }) = other.lower {
            self.raise(value, exclusive);
        }
        if let Some(Bound { value, exclusive }) = other.upper {
            self.cap(value, exclusive);
        }
        self.steps.extend(other.steps);
        self.listed = match (self.listed, other.listed) {
            (Some(one), Some(other)) => Some(&one & &other),
            (one, other) => one.or(other),
        };
        self.settled()
    }

    /// The same set in the one form it has; none if it is empty.
    pub(super) fn settled(mut self) -> Option<Self> {
        self.whole |= self.steps.iter().any(|step| step.whole().is_some());
        let steps = with_common_multiple(std::mem::take(&mut self.steps));
        for (place, step) in steps.iter().enumerate() {
            let is_implied = |(other, by): (usize, &Num)| {
                other != place && by.is_multiple_of(step) && (!step.is_multiple_of(by) || other < place)
            };
            let is_of_integers = self.whole && Num::int(1).is_multiple_of(step);
            if !is_of_integers && !steps.iter().enumerate().any(is_implied) {
                self.steps.push(step.clone());
            }
        }
        if let Some(listed) = self.listed.take() {
            let values: BTreeSet<Num> = listed.into_iter().filter(|value| self.contains(value)).collect();
            return (!values.is_empty()).then(|| Self::listed(values));
        }
        if self.whole {
            self.lower = self.lower.take().map(|bound| self.next(&bound, 1));
            self.upper = self.upper.take().map(|bound| self.next(&bound, -1));
        }
        let is_empty = self.lower.as_ref().zip(self.upper.as_ref()).is_some_and(|(lower, upper)| {
            lower.value > upper.value || (lower.value == upper.value && (lower.exclusive || upper.exclusive))
        });
        (!is_empty).then_some(self)
    }

    /// The first integer within a bound, above it or below.
    fn next(&self, bound: &Bound, way: i128) -> Bound {
        let step = match self.steps.as_slice() {
            [step] => step.whole().map_or(1, i128::abs),
            _ => 1,
        };
        let value = match bound.value.whole() {
            Some(whole) if bound.exclusive => whole.saturating_add(way),
            Some(whole) => whole,
            None if way > 0 => bound.value.float().ceil() as i128,
            None => bound.value.float().floor() as i128,
        };
        let beyond = if way > 0 { (-value).rem_euclid(step) } else { value.rem_euclid(step) };
        match Number::from_i128(value.saturating_add(way * beyond)) {
            Some(number) => Bound { value: Num(number), exclusive: false },
            None => bound.clone(),
        }
    }

    pub(super) fn contains(&self, number: &Num) -> bool {
        let is_above = |bound: &Bound| *number > bound.value || (*number == bound.value && !bound.exclusive);
        let is_below = |bound: &Bound| *number < bound.value || (*number == bound.value && !bound.exclusive);
        (!self.whole || number.whole().is_some())
            && self.lower.as_ref().is_none_or(is_above)
            && self.upper.as_ref().is_none_or(is_below)
            && self.steps.iter().all(|step| number.is_multiple_of(step))
            && self.listed.as_ref().is_none_or(|listed| listed.contains(number))
    }

    /// Whether every number of this set is in the other.
    pub(in crate::diff) fn is_within(&self, other: &Self) -> bool {
        match (&self.listed, &other.listed) {
            (Some(listed), _) => listed.iter().all(|number| other.contains(number)),
            (None, Some(listed)) => self
                .count()
                .is_some_and(|count| listed.iter().filter(|number| self.contains(number)).count() as i128 == count),
            (None, None) => {
                let tighter = |own: &Option<Bound>, other: &Option<Bound>, by: fn(&Bound, &Bound) -> Ordering| {
                    other.as_ref().is_none_or(|other| own.as_ref().is_some_and(|own| by(own, other).is_ge()))
                };
                let divides = |step: &Num| {
                    self.steps.iter().any(|own| own.is_multiple_of(step))
                        || (self.whole && Num::int(1).is_multiple_of(step))
                };
                (self.whole || !other.whole)
                    && tighter(&self.lower, &other.lower, tightness_below)
                    && tighter(&self.upper, &other.upper, tightness_above)
                    && other.steps.iter().all(divides)
            }
        }
    }

    /// How many numbers there are, if that is certain.
    fn count(&self) -> Option<i128> {
        let (lower, upper) = (self.lower.as_ref()?.value.whole()?, self.upper.as_ref()?.value.whole()?);
        let step = match self.steps.as_slice() {
            [] => 1,
            [step] => step.whole()?.abs(),
            _ => return None,
        };
        self.whole.then(|| upper.saturating_sub(lower) / step + 1)
    }

    /// Both sets as one, where one can say both.
    pub(super) fn or(&self, other: &Self) -> Option<Self> {
        if let (Some(one), Some(other)) = (&self.listed, &other.listed) {
            return Some(Self::listed(one | other));
        }
        if self.listed.is_some() || other.listed.is_some() || self.whole != other.whole || self.steps != other.steps {
            return None;
        }
        let looser = |one: &Option<Bound>, other: &Option<Bound>, by: fn(&Bound, &Bound) -> Ordering| {
            let (one, other) = (one.clone()?, other.clone()?);
            Some(if by(&one, &other).is_le() { one } else { other })
        };
        let is_met = |one: &Self, other: &Self| match (&one.upper, &other.lower) {
            (Some(upper), Some(lower)) => {
                let next = Num::int(upper.value.whole().map_or(0, |value| value.saturating_add(1)));
                lower.value < upper.value
                    || (lower.value == upper.value && !(lower.exclusive && upper.exclusive))
                    || (one.whole && one.steps.is_empty() && lower.value == next)
            }
            _ => true,
        };
        (is_met(self, other) && is_met(other, self)).then(|| Self {
            lower: looser(&self.lower, &other.lower, tightness_below),
            upper: looser(&self.upper, &other.upper, tightness_above),
            ..self.clone()
        })
    }

    /// `>= 1, < 5, multiple of 2`, or the numbers; empty without limits.
    pub(in crate::diff) fn text(&self) -> String {
        if let Some(listed) = &self.listed {
            return listed.iter().map(Num::to_string).collect::<Vec<_>>().join(", ");
        }
        let mark = |bound: &Bound| if bound.exclusive { "" } else { "=" };
        let lower = self.lower.iter().map(|bound| format!(">{} {}", mark(bound), bound.value));
        let upper = self.upper.iter().map(|bound| format!("<{} {}", mark(bound), bound.value));
        let steps = self.steps.iter().map(|step| format!("multiple of {step}"));
        lower.chain(upper).chain(steps).collect::<Vec<_>>().join(", ")
    }

    pub(in crate::diff) fn word(&self) -> &'static str {
        let is_whole = self.listed.as_ref().is_some_and(|listed| listed.iter().all(|number| number.whole().is_some()));
        if self.whole || is_whole { "integer" } else { "number" }
    }
}

/// The multiples of several integers are those of one.
fn with_common_multiple(steps: Vec<Num>) -> Vec<Num> {
    let divisor = |mut one: i128, mut other: i128| {
        while other != 0 {
            (one, other) = (other, one % other);
        }
        one
    };
    let common = steps
        .iter()
        .filter_map(Num::whole)
        .filter(|step| *step > 0)
        .try_fold(1_i128, |common, step| (common / divisor(common, step)).checked_mul(step));
    match common {
        Some(common) if common > 1 => [Num::int(common)].into_iter().chain(steps).collect(),
        _ => steps,
    }
}

/// The greater lower bound is tighter; of equal ones that which excludes its value.
fn tightness_below(one: &Bound, other: &Bound) -> Ordering {
    one.value.cmp(&other.value).then(one.exclusive.cmp(&other.exclusive))
}

fn tightness_above(one: &Bound, other: &Bound) -> Ordering {
    other.value.cmp(&one.value).then(one.exclusive.cmp(&other.exclusive))
}

#[cfg(test)]
mod tests;
