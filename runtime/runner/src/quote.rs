//! What is known of a job's price before it is paid for. Must not know what is reserved already.

use std::fmt;

use crate::{Error, Usd};

/// What is known of a job's price before it is paid for. What is published is a base price for a unit, never a total: length,
/// resolution and sound change the bill.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quote {
    /// A person who knows says that no job costs more.
    Bounded(Usd),
    /// One unit has this price, and how many units a job has, the server counts.
    PerUnit {
        /// The price of one.
        base: Usd,
        /// What is counted, as in `second` or `output`.
        unit: String,
    },
    /// Nothing is published.
    Unknown,
}

impl Quote {
    /// What a published base price says: dollars for one unit. A price of nothing, or of no number, is unknown.
    #[must_use]
    pub fn published(base_usd: Option<f64>, unit: Option<&str>) -> Self {
        match base_usd.and_then(Usd::from_dollars).filter(|base| *base > Usd::ZERO) {
            Some(base) => Self::PerUnit { base, unit: unit.unwrap_or("job").to_owned() },
            None => Self::Unknown,
        }
    }

    /// The word in the table.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Bounded(_) => "bounded",
            Self::PerUnit { .. } => "per unit",
            Self::Unknown => "unknown",
        }
    }

    /// The least that is reserved for a job: the figure, or the price of one unit; more, where a job of the model has cost
    /// more.
    ///
    /// # Errors
    /// Nothing is known, or it is nothing: a person must give a figure.
    pub fn reserves(&self) -> Result<Usd, Error> {
        match self {
            Self::Bounded(usd) | Self::PerUnit { base: usd, .. } if *usd > Usd::ZERO => Ok(*usd),
            _ => {
                Err(Error::Refused("its price is not known: give a figure for the most that a job may cost".to_owned()))
            }
        }
    }
}

impl From<Usd> for Quote {
    fn from(figure: Usd) -> Self {
        Self::Bounded(figure)
    }
}

/// `at most $0.50`, `$0.05 per second`, or `unknown`.
impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bounded(usd) => write!(f, "at most {usd}"),
            Self::PerUnit { base, unit } => write!(f, "{base} per {unit}"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_price_is_never_nothing() {
        let of = |usd| Quote::published(usd, Some("second"));
        assert_eq!(of(Some(0.05)).to_string(), "$0.05 per second");
        assert_eq!(of(Some(0.05)).reserves().expect("one unit"), Usd::from_micros(50_000));
        for nothing in [None, Some(0.0), Some(-1.0), Some(f64::NAN), Some(1e-9)] {
            assert_eq!(of(nothing), Quote::Unknown, "{nothing:?}");
            assert!(of(nothing).reserves().is_err());
        }
        assert!(Quote::from(Usd::ZERO).reserves().is_err(), "a figure of nothing is none");
        assert_eq!(Quote::from(Usd::from_micros(500_000)).to_string(), "at most $0.50");
    }
}
