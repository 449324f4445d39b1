//! Numbers as JSON Schema means them. In: integers of 64 bits and floats. Out: exact order and exact multiples.
//! Knows nothing of rules, fields or JSON text.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};

use crate::Json;

/// A number of a schema or an input. `1` and `1.0` are the same number; comparisons lose no digit anywhere in
/// the range of `i64` and `u64`.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A signed integer.
    Int(i64),
    /// An unsigned integer, for values above `i64::MAX`.
    UInt(u64),
    /// Any other number; may be NaN or infinite, which no bound accepts.
    Float(f64),
}

impl From<Number> for Json {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(int) => int.into(),
            Number::UInt(int) => int.into(),
            Number::Float(float) => float.into(),
        }
    }
}

impl Number {
    /// The exact order of two numbers; `None` if either is NaN.
    #[inline]
    pub fn compare(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            // What nearly all comparisons are, and what needs no more than 64 bits.
            (Self::Int(a), Self::Int(b)) => Some(a.cmp(&b)),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(&b),
            (a, b) => a.compare_widened(b),
        }
    }

    fn compare_widened(self, other: Self) -> Option<Ordering> {
        match (self.whole(), other.whole()) {
            (Ok(a), Ok(b)) => Some(a.cmp(&b)),
            (Ok(a), Err(b)) => compare_with_float(a, b),
            (Err(a), Ok(b)) => compare_with_float(b, a).map(Ordering::reverse),
            (Err(a), Err(b)) => a.partial_cmp(&b),
        }
    }

    /// The integer, or else the float.
    fn whole(self) -> Result<i128, f64> {
        match self {
            Self::Int(int) => Ok(int.into()),
            Self::UInt(int) => Ok(int.into()),
            Self::Float(float) => Err(float),
        }
    }

    /// Whether the number has no fraction: `3` and `3.0` do, NaN and the infinities don't.
    pub fn is_integer(self) -> bool {
        match self {
            Self::Int(_) | Self::UInt(_) => true,
            Self::Float(float) => float.is_finite() && float.fract() == 0.0,
        }
    }

    /// Whether the number is neither NaN nor infinite.
    pub fn is_finite(self) -> bool {
        !matches!(self, Self::Float(float) if !float.is_finite())
    }

    /// Whether the number is `step` times an integer, as people read decimals: `0.3` is three times `0.1`, although
    /// the two floats are not. Both are taken as the shortest decimal that reads back as the same float, and those
    /// decimals are divided exactly; there is no tolerance. Everything is a multiple of zero, a step no schema may have.
    pub fn is_multiple_of(self, step: Self) -> bool {
        match (Decimal::of(self), Decimal::of(step)) {
            (Some(number), Some(step)) => number.is_multiple_of(step),
            _ => false,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(int) => int.fmt(f),
            Self::UInt(int) => int.fmt(f),
            // Large floats in full would be hundreds of zeros; `Debug` switches to an exponent, but writes `10.0`.
            Self::Float(float) if float.abs() >= 1e16 => write!(f, "{float:?}"),
            Self::Float(float) => float.fmt(f),
        }
    }
}

/// Compares an integer of at most 64 bits with a float.
fn compare_with_float(integer: i128, float: f64) -> Option<Ordering> {
    // Nearly every bound is small, and a float holds it.
    if let Ok(small) = i32::try_from(integer) {
        return f64::from(small).partial_cmp(&float);
    }
    if float.is_nan() {
        return None;
    }
    // The cast saturates, far outside the integers that can occur here, so it is exact or decides by itself.
    let whole = float.trunc() as i128;
    Some(integer.cmp(&whole).then_with(|| {
        if float.fract() > 0.0 {
            Ordering::Less
        } else if float.fract() < 0.0 {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }))
}

/// The magnitude `digits × 10^exponent`.
#[derive(Clone, Copy)]
struct Decimal {
    digits: u64,
    exponent: i32,
}

impl Decimal {
    /// `None` for NaN and the infinities.
    fn of(number: Number) -> Option<Self> {
        match number {
            Number::Int(int) => Some(Self { digits: int.unsigned_abs(), exponent: 0 }),
            Number::UInt(int) => Some(Self { digits: int, exponent: 0 }),
            Number::Float(float) if float.is_finite() => Self::of_float(float),
            Number::Float(_) => None,
        }
    }

    /// Reads the shortest text of the float, which has at most 17 digits.
    fn of_float(float: f64) -> Option<Self> {
        let mut text = Scratch { bytes: [0; 32], len: 0 };
        write!(text, "{:e}", float.abs()).ok()?;
        let (mantissa, exponent) = text.as_str()?.split_once('e')?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = 0_u64;
        for digit in whole.bytes().chain(fraction.bytes()) {
            digits = digits * 10 + u64::from(digit - b'0');
        }
        Some(Self { digits, exponent: exponent.parse::<i32>().ok()? - fraction.len() as i32 })
    }

    fn is_multiple_of(self, step: Self) -> bool {
        if self.digits == 0 || step.digits == 0 {
            return true;
        }
        let (digits, step_digits) = (u128::from(self.digits), u128::from(step.digits));
        let shift = self.exponent - step.exponent;
        if shift >= 0 {
            // digits × 10^shift mod step: both factors stay below 2^64, so the product fits.
            ((digits % step_digits) * power_of_ten_modulo(shift, step_digits)).is_multiple_of(step_digits)
        } else {
            // A scaled step that overflows is larger than any digits, so they can't be a multiple of it.
            10_u128
                .checked_pow(shift.unsigned_abs())
                .and_then(|scale| scale.checked_mul(step_digits))
                .is_some_and(|step| digits.is_multiple_of(step))
        }
    }
}

/// `10^power mod modulus`, for a modulus below 2^64.
fn power_of_ten_modulo(power: i32, modulus: u128) -> u128 {
    (0..power).fold(1 % modulus, |rest, _| rest * 10 % modulus)
}

/// A text on the stack: checking a number must not allocate.
struct Scratch {
    bytes: [u8; 32],
    len: usize,
}

impl Scratch {
    fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(self.bytes.get(..self.len)?).ok()
    }
}

impl fmt::Write for Scratch {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Number::{Float, Int, UInt};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_do_not_blur_large_integers() {
        assert_eq!(Int(i64::MAX).compare(Float(9_223_372_036_854_775_808.0)), Some(Ordering::Less));
        assert_eq!(Int(i64::MIN).compare(Float(-9_223_372_036_854_775_808.0)), Some(Ordering::Equal));
        assert_eq!(UInt(u64::MAX).compare(Float(18_446_744_073_709_551_616.0)), Some(Ordering::Less));
        assert_eq!(UInt(u64::MAX).compare(Int(-1)), Some(Ordering::Greater));
        assert_eq!(Int(9_007_199_254_740_993).compare(Float(9_007_199_254_740_992.0)), Some(Ordering::Greater));
    }

    #[test]
    fn fractions_and_infinities_order_on_both_sides_of_zero() {
        assert_eq!(Int(-1).compare(Float(-1.5)), Some(Ordering::Greater));
        assert_eq!(Int(1).compare(Float(1.5)), Some(Ordering::Less));
        assert_eq!(Float(f64::NEG_INFINITY).compare(Int(i64::MIN)), Some(Ordering::Less));
        assert_eq!(Int(0).compare(Float(f64::NAN)), None);
    }

    #[test]
    fn decimals_divide_as_people_write_them() {
        for (number, step) in [(0.3, 0.1), (1.1, 0.1), (4.35, 0.05), (1e300, 1e-5), (0.0075, 0.0001), (-0.3, 0.1)] {
            assert!(Float(number).is_multiple_of(Float(step)), "{number} / {step}");
        }
        for (number, step) in [(0.35, 0.1), (1e-5, 1e300), (0.1, 0.3), (1e308, 0.123_456_789)] {
            assert!(!Float(number).is_multiple_of(Float(step)), "{number} / {step}");
        }
        assert!(Int(7).is_multiple_of(Float(0.5)));
        assert!(Float(7.0).is_multiple_of(Int(7)));
        assert!(!Float(f64::INFINITY).is_multiple_of(Int(1)));
        assert!(Float(f64::MIN_POSITIVE).is_multiple_of(Float(f64::MIN_POSITIVE)));
    }

    #[test]
    fn numbers_print_without_needless_zeros() {
        assert_eq!(Float(10.0).to_string(), "10");
        assert_eq!(Float(3.5).to_string(), "3.5");
        assert_eq!(Float(1e300).to_string(), "1e300");
    }

    proptest! {
        #[test]
        fn order_agrees_with_integers_that_floats_can_hold(a in -(1_i64 << 53)..(1 << 53), b in -(1_i64 << 53)..(1 << 53)) {
            prop_assert_eq!(Int(a).compare(Float(b as f64)), Some(a.cmp(&b)));
            prop_assert_eq!(Float(a as f64).compare(Int(b)), Some(a.cmp(&b)));
        }

        #[test]
        fn multiples_in_hundredths_agree_with_integers(number in 0_u32..1_000_000, step in 1_u32..1_000) {
            let (n, s) = (f64::from(number) / 100.0, f64::from(step) / 100.0);
            prop_assert_eq!(Float(n).is_multiple_of(Float(s)), number % step == 0);
        }
    }
}
