//! Least, greatest, multiples, no repeats: the rules that span a range in, the range they come to and how two ranges
//! compare out. Numbers are compared by value: `1` is `1.0`.

use serde_json::Number;
use std::cmp::Ordering;

use super::kind::Strictness;
use crate::ir::Rule;

/// What the limits of one facet come to together.
#[derive(Default)]
pub(super) struct Limits {
    lower: Option<Bound>,
    upper: Option<Bound>,
    steps: Vec<Number>,
    unique: bool,
}

struct Bound {
    value: Number,
    exclusive: bool,
}

impl Limits {
    /// The limits that these rules set; of two bounds on one side the tighter one holds.
    pub(super) fn of(rules: &[&Rule]) -> Self {
        let mut limits = Self::default();
        for rule in rules {
            match rule {
                Rule::Minimum(value) => limits.raise(value.clone(), false),
                Rule::ExclusiveMinimum(value) => limits.raise(value.clone(), true),
                Rule::MinLength(count) | Rule::MinItems(count) => limits.raise(Number::from(*count), false),
                Rule::Maximum(value) => limits.cap(value.clone(), false),
                Rule::ExclusiveMaximum(value) => limits.cap(value.clone(), true),
                Rule::MaxLength(count) | Rule::MaxItems(count) => limits.cap(Number::from(*count), false),
                Rule::MultipleOf(step) => limits.steps.push(step.clone()),
                Rule::UniqueItems => limits.unique = true,
                _ => {}
            }
        }
        limits
    }

    fn raise(&mut self, value: Number, exclusive: bool) {
        let bound = Bound { value, exclusive };
        if self.lower.as_ref().is_none_or(|old| tightness_below(&bound, old).is_gt()) {
            self.lower = Some(bound);
        }
    }

    fn cap(&mut self, value: Number, exclusive: bool) {
        let bound = Bound { value, exclusive };
        if self.upper.as_ref().is_none_or(|old| tightness_above(&bound, old).is_gt()) {
            self.upper = Some(bound);
        }
    }

    /// How the range changed; `None` if it did not.
    pub(super) fn change(&self, new: &Self) -> Option<Strictness> {
        Strictness::of_all([
            moved(self.lower.as_ref(), new.lower.as_ref(), tightness_below),
            moved(self.upper.as_ref(), new.upper.as_ref(), tightness_above),
            stepped(&self.steps, &new.steps),
            by_tightness(new.unique.cmp(&self.unique)),
        ])
    }

    /// `>= 1, < 5, multiple of 2`; empty without limits.
    pub(super) fn text(&self) -> String {
        let mark = |bound: &Bound| if bound.exclusive { "" } else { "=" };
        let lower = self.lower.iter().map(|bound| format!(">{} {}", mark(bound), bound.value));
        let upper = self.upper.iter().map(|bound| format!("<{} {}", mark(bound), bound.value));
        let steps = self.steps.iter().map(|step| format!("multiple of {step}"));
        let unique = self.unique.then(|| "no repeats".to_owned());
        lower.chain(upper).chain(steps).chain(unique).collect::<Vec<_>>().join(", ")
    }
}

/// The greater lower bound is tighter; of equal ones that which excludes its value.
fn tightness_below(one: &Bound, other: &Bound) -> Ordering {
    order(&one.value, &other.value).then(one.exclusive.cmp(&other.exclusive))
}

fn tightness_above(one: &Bound, other: &Bound) -> Ordering {
    order(&other.value, &one.value).then(one.exclusive.cmp(&other.exclusive))
}

fn moved(old: Option<&Bound>, new: Option<&Bound>, tightness: fn(&Bound, &Bound) -> Ordering) -> Option<Strictness> {
    by_tightness(match (old, new) {
        (Some(old), Some(new)) => tightness(new, old),
        (old, new) => new.is_some().cmp(&old.is_some()),
    })
}

fn by_tightness(change: Ordering) -> Option<Strictness> {
    match change {
        Ordering::Greater => Some(Strictness::Tightened),
        Ordering::Less => Some(Strictness::Loosened),
        Ordering::Equal => None,
    }
}

/// Multiples of 4 are multiples of 2: from 2 to 4 is tighter.
fn stepped(old: &[Number], new: &[Number]) -> Option<Strictness> {
    match (old, new) {
        ([], []) => None,
        ([], _) => Some(Strictness::Tightened),
        (_, []) => Some(Strictness::Loosened),
        ([old], [new]) => match (is_multiple(new, old), is_multiple(old, new)) {
            (true, true) => None,
            (true, false) => Some(Strictness::Tightened),
            (false, true) => Some(Strictness::Loosened),
            (false, false) => Some(Strictness::Changed),
        },
        _ => (old != new).then_some(Strictness::Changed),
    }
}

fn is_multiple(number: &Number, step: &Number) -> bool {
    let quotient = number.as_f64().unwrap_or_default() / step.as_f64().unwrap_or_default();
    // Published steps such as 0.1 are no binary fractions.
    (quotient - quotient.round()).abs() < 1e-9
}

/// By value: integers exactly, others as `f64`.
fn order(one: &Number, other: &Number) -> Ordering {
    match (one.as_i128(), other.as_i128()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_f64().partial_cmp(&other.as_f64()).unwrap_or(Ordering::Equal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Strictness::{Changed, Loosened, Tightened};

    fn number(value: f64) -> Number {
        Number::from_f64(value).expect("a finite number")
    }

    fn change(old: &[Rule], new: &[Rule]) -> Option<Strictness> {
        let limits = |rules: &[Rule]| Limits::of(&rules.iter().collect::<Vec<_>>());
        limits(old).change(&limits(new))
    }

    #[test]
    fn an_integer_written_as_a_float_is_no_change() {
        assert_eq!(change(&[Rule::Maximum(Number::from(40))], &[Rule::Maximum(number(40.0))]), None);
    }

    #[test]
    fn integers_beyond_the_precision_of_floats_are_told_apart() {
        let (old, new) = (Number::from(u64::MAX), Number::from(u64::MAX - 1));
        assert_eq!(change(&[Rule::Maximum(old)], &[Rule::Maximum(new)]), Some(Tightened));
    }

    #[test]
    fn an_exclusive_bound_of_the_same_value_is_tighter() {
        let zero = || Number::from(0);
        assert_eq!(change(&[Rule::Minimum(zero())], &[Rule::ExclusiveMinimum(zero())]), Some(Tightened));
        assert_eq!(change(&[Rule::ExclusiveMaximum(zero())], &[Rule::Maximum(zero())]), Some(Loosened));
    }

    #[test]
    fn of_two_bounds_on_one_side_the_tighter_one_holds() {
        let [loose, tight] = [Rule::Minimum(Number::from(1)), Rule::Minimum(Number::from(5))];
        assert_eq!(change(&[loose.clone(), tight.clone()], std::slice::from_ref(&tight)), None);
        assert_eq!(change(&[tight.clone(), loose], &[tight]), None);
    }

    #[test]
    fn a_shifted_range_is_neither_tighter_nor_looser() {
        let range = |low, high| [Rule::Minimum(Number::from(low)), Rule::Maximum(Number::from(high))];
        assert_eq!(change(&range(1, 10), &range(2, 11)), Some(Changed));
    }

    #[test]
    fn steps_compare_by_what_they_divide() {
        let step = |value: f64| [Rule::MultipleOf(number(value))];
        assert_eq!(change(&step(0.1), &step(0.3)), Some(Tightened));
        assert_eq!(change(&step(4.0), &step(2.0)), Some(Loosened));
        assert_eq!(change(&step(2.0), &step(3.0)), Some(Changed));
        assert_eq!(change(&step(2.0), &[Rule::MultipleOf(Number::from(2))]), None);
        assert_eq!(change(&[], &step(2.0)), Some(Tightened));
    }
}
