//! Sets of numbers: what is one set in two spellings, what is part of what, and how that is said.

use super::*;
use crate::diff::kind::Strictness::{self, Changed, Loosened, Tightened};

/// A set of integers or numbers, by the words of JSON Schema.
fn set(bounds: &[(&str, f64)]) -> Numbers {
    let mut numbers = Numbers::default();
    for (keyword, value) in bounds {
        let value = Num(Number::from_f64(*value).expect("finite"));
        match *keyword {
            "integer" => numbers.whole = true,
            "minimum" => numbers.raise(value, false),
            "exclusiveMinimum" => numbers.raise(value, true),
            "maximum" => numbers.cap(value, false),
            "exclusiveMaximum" => numbers.cap(value, true),
            _ => numbers.step(value),
        }
    }
    numbers.settled().expect("some number")
}

const INTEGER: (&str, f64) = ("integer", 0.0);

fn listed(values: &[i64]) -> Numbers {
    Numbers::listed(values.iter().map(|value| Num(Number::from(*value))))
}

fn change(old: &Numbers, new: &Numbers) -> Option<Strictness> {
    crate::diff::rules::how(old, new, Numbers::is_within)
}

#[test]
fn integers_beyond_the_precision_of_floats_are_told_apart() {
    let up_to = |most: u64| {
        let mut numbers = Numbers::integers();
        numbers.cap(Num(Number::from(most)), false);
        numbers
    };
    assert_eq!(change(&up_to(u64::MAX), &up_to(u64::MAX - 1)), Some(Tightened));
    assert_eq!(change(&up_to(40), &set(&[INTEGER, ("maximum", 40.0)])), None, "written as a float");
}

#[test]
fn an_exclusive_bound_is_tighter_but_for_the_integer_before_it() {
    let of = |keyword, value| set(&[(keyword, value)]);
    assert_eq!(change(&of("minimum", 0.0), &of("exclusiveMinimum", 0.0)), Some(Tightened));
    assert_eq!(change(&of("exclusiveMaximum", 0.0), &of("maximum", 0.0)), Some(Loosened));
    let of = |keyword, value| set(&[INTEGER, (keyword, value)]);
    assert_eq!(change(&of("minimum", 1.0), &of("exclusiveMinimum", 0.0)), None);
    assert_eq!(change(&of("maximum", 1.5), &of("exclusiveMaximum", 2.0)), None);
    assert_eq!(change(&of("minimum", 0.0), &of("exclusiveMinimum", 0.0)), Some(Tightened));
}

#[test]
fn of_two_bounds_on_one_side_the_tighter_one_holds() {
    let (one, both) = (set(&[("minimum", 5.0)]), set(&[("minimum", 1.0), ("minimum", 5.0), ("exclusiveMinimum", 4.0)]));
    assert_eq!(change(&one, &both), None);
    assert_eq!(change(&both, &set(&[("minimum", 1.0)])), Some(Loosened));
}

#[test]
fn a_shifted_range_is_neither_tighter_nor_looser() {
    let range = |low, high| set(&[("minimum", low), ("maximum", high)]);
    assert_eq!(change(&range(1.0, 10.0), &range(2.0, 11.0)), Some(Changed));
    assert_eq!(change(&range(1.0, 10.0), &range(2.0, 9.0)), Some(Tightened));
}

#[test]
fn steps_compare_by_what_they_divide() {
    let steps = |steps: &[f64]| set(&steps.iter().map(|step| ("multipleOf", *step)).collect::<Vec<_>>());
    assert_eq!(change(&steps(&[0.1]), &steps(&[0.3])), Some(Tightened));
    assert_eq!(change(&steps(&[4.0]), &steps(&[2.0])), Some(Loosened));
    assert_eq!(change(&steps(&[2.0]), &steps(&[3.0])), Some(Changed));
    assert_eq!(change(&steps(&[4.0]), &steps(&[2.0, 4.0, 4.0])), None);
    assert_eq!(change(&steps(&[]), &steps(&[2.0])), Some(Tightened));
    assert_eq!(change(&set(&[INTEGER]), &steps(&[1.0])), None, "multiples of 1 are the integers");
    let bounded = |low| set(&[INTEGER, ("minimum", low), ("multipleOf", 3.0)]);
    assert_eq!(change(&bounded(1.0), &bounded(3.0)), None, "3 is the first multiple of 3 from 1 on");
    assert_eq!(change(&bounded(-2.0), &bounded(0.0)), None);
}

#[test]
fn a_list_is_a_range_if_it_has_every_integer_of_it() {
    let range = set(&[INTEGER, ("minimum", 3.0), ("exclusiveMaximum", 7.0)]);
    assert_eq!(change(&range, &listed(&[3, 4, 5, 6])), None);
    assert_eq!(change(&range, &listed(&[3, 5, 6])), Some(Tightened));
    assert_eq!(change(&range, &listed(&[3, 4, 5, 6, 7])), Some(Loosened));
    assert_eq!(change(&range, &listed(&[1, 3])), Some(Changed));
    let even = set(&[("minimum", 1.0), ("maximum", 7.0), ("multipleOf", 2.0)]);
    assert_eq!(change(&even, &listed(&[2, 4, 6])), None);
}

#[test]
fn ranges_that_meet_are_one() {
    let range = |low, high| set(&[INTEGER, ("minimum", low), ("maximum", high)]);
    assert_eq!(range(1.0, 5.0).or(&range(6.0, 9.0)), Some(range(1.0, 9.0)));
    assert_eq!(range(1.0, 5.0).or(&range(7.0, 9.0)), None);
    let real = |low, high| set(&[("minimum", low), ("exclusiveMaximum", high)]);
    assert_eq!(real(1.0, 5.0).or(&real(5.0, 9.0)), Some(real(1.0, 9.0)));
    assert_eq!(real(1.0, 5.0).or(&real(6.0, 9.0)), None);
}

#[test]
fn numbers_are_listed_in_the_order_of_numbers() {
    assert_eq!(listed(&[15, 3, 10]).text(), "3, 10, 15");
}
