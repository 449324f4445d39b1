//! Money as whole micro-dollars, so that sums over ten thousand jobs are exact. Knows no model and no job.

use std::fmt;
use std::iter::Sum;

/// An amount of US dollars, never negative, exact to a millionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(u64);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// From millionths of a dollar: 40,000 is four cents.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// From dollars, rounded to a millionth. What is not a number or negative becomes zero; what is too large, the largest.
    #[must_use]
    pub fn from_f64(dollars: f64) -> Self {
        // `as` saturates and turns NaN into 0, which is what the docs promise.
        Self((dollars * 1e6).round() as u64)
    }

    /// The amount in millionths of a dollar.
    #[must_use]
    pub const fn micros(self) -> u64 {
        self.0
    }

    /// The amount in dollars, as the API writes it.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The amount times a number of units, such as seconds of video.
    #[must_use]
    pub fn times(self, units: f64) -> Self {
        Self::from_f64(self.as_f64() * units)
    }

    /// What is left after paying `price`, or `None` if this is not enough.
    #[must_use]
    pub fn pay(self, price: Self) -> Option<Self> {
        self.0.checked_sub(price.0).map(Self)
    }
}

impl std::ops::Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| sum + amount)
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_thousand_cents_are_exactly_a_hundred_dollars() {
        let sum: Usd = std::iter::repeat_n(Usd::from_f64(0.01), 10_000).sum();
        assert_eq!((sum, sum.to_string().as_str()), (Usd::from_micros(100_000_000), "$100.000000"));
    }

    #[test]
    fn no_dollars_become_negative() {
        assert_eq!(Usd::from_f64(-1.0), Usd::ZERO);
        assert_eq!(Usd::from_f64(f64::NAN), Usd::ZERO);
        assert_eq!(Usd::from_micros(5).pay(Usd::from_micros(6)), None);
    }
}
