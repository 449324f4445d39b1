//! Amounts in US dollars, as integers of millionths. Must not know what they are for.

use std::fmt;
use std::str::FromStr;

/// An amount in US dollars, exact to a millionth.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(i64);

const MICROS: i64 = 1_000_000;

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// So many millionths of a dollar.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The amount in millionths of a dollar.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The amount in dollars without their sign, as in `0.05`.
    #[must_use]
    pub fn decimal(self) -> String {
        self.to_string().replace('$', "")
    }

    /// What the server calls so many dollars, to the nearest millionth; `None` for what is no amount.
    #[must_use]
    pub fn from_dollars(dollars: f64) -> Option<Self> {
        let micros = (dollars * 1e6).round();
        // Beyond that an f64 is no exact number of millionths, and no bill.
        let fits = micros.is_finite() && (0.0..=9e15).contains(&micros);
        #[expect(clippy::cast_possible_truncation, reason = "in range")]
        fits.then_some(Self(micros as i64))
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, micros) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let part = format!("{:06}", micros % MICROS.unsigned_abs());
        let part = part.trim_end_matches('0');
        write!(f, "{sign}${}.{part:0<2}", micros / MICROS.unsigned_abs())
    }
}

/// Why a text is no amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAmount(String);

impl fmt::Display for NoAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no amount in dollars, such as 12.50, with at most six digits after the point", self.0)
    }
}

impl std::error::Error for NoAmount {}

impl FromStr for Usd {
    type Err = NoAmount;

    fn from_str(text: &str) -> Result<Self, NoAmount> {
        let refused = || NoAmount(text.to_owned());
        let plain = text.trim().trim_start_matches('$');
        let (whole, part) = plain.split_once('.').unwrap_or((plain, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 6 || whole.len() + part.len() == 0 {
            return Err(refused());
        }
        let number = |text: String| text.parse::<i64>().map_err(|_| refused());
        let whole = number(format!("0{whole}"))?.checked_mul(MICROS).ok_or_else(refused)?;
        whole.checked_add(number(format!("{part:0<6}"))?).map(Self).ok_or_else(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_to_the_millionth() {
        for (text, micros, written) in [
            ("12.50", 12_500_000, "$12.50"),
            ("$0.000001", 1, "$0.000001"),
            ("3", 3_000_000, "$3.00"),
            (".5", 500_000, "$0.50"),
            ("9223372036854.775807", i64::MAX, "$9223372036854.775807"),
        ] {
            let amount: Usd = text.parse().expect("an amount");
            assert_eq!((amount.micros(), amount.to_string().as_str()), (micros, written));
        }
        for text in ["", ".", "-1", "1.0000001", "1,5", "1e3", "9223372036854.775808", "$ 1"] {
            assert!(text.parse::<Usd>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_server_says_is_rounded_to_the_nearest_millionth() {
        assert_eq!(Usd::from_dollars(0.05), Some(Usd(50_000)));
        assert_eq!(Usd::from_dollars(0.1 + 0.2), Some(Usd(300_000)));
        assert_eq!(Usd::from_dollars(f64::NAN).or(Usd::from_dollars(-0.1)).or(Usd::from_dollars(1e300)), None);
    }
}
