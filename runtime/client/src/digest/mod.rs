//! The digest of what a published schema means on the wire: a number that tells whether two schemas mean the same. Must not
//! know models or who publishes what.

#[cfg(feature = "http")]
mod canonical;

use std::fmt;
use std::str::FromStr;

/// What an input schema means on the wire, as 128 bits: keys, what is required, types, values, bounds and defaults. Titles,
/// descriptions, examples, keywords `x-…` and the order of everything that has none don't count.
///
/// Two schemas with one digest take the same inputs and are filled alike; two digests say nothing. It is no secret and no
/// signature: whoever publishes schemas could make two with one digest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(u128);

impl Digest {
    /// For generated code: a digest that was counted before.
    #[must_use]
    pub const fn new(bits: u128) -> Self {
        Self(bits)
    }

    /// The digest of a schema as it is published. Linear in its length.
    #[cfg(feature = "http")]
    #[must_use]
    pub fn of(schema: &crate::Json) -> Self {
        use std::hash::Hasher as _;

        use siphasher::sip128::{Hasher128 as _, SipHasher24};

        let mut hasher = SipHasher24::new();
        hasher.write(canonical::of_schema(schema).as_bytes());
        Self(hasher.finish128().as_u128())
    }

    /// The bits.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }
}

/// 32 digits, 0 to 9 and a to f.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Reads what [`Display`](fmt::Display) writes.
impl FromStr for Digest {
    type Err = NoDigest;

    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let bits = (text.len() == 32 && text.bytes().all(is_digit)).then(|| u128::from_str_radix(text, 16).ok());
        bits.flatten().map(Self).ok_or(NoDigest)
    }
}

/// A text that is no digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDigest;

impl fmt::Display for NoDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a digest has 32 digits, 0 to 9 and a to f")
    }
}

impl std::error::Error for NoDigest {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_reads_back_from_its_digits_and_nothing_else_does() {
        let digest = Digest::new(0xabc);
        assert_eq!(digest.to_string().parse(), Ok(digest));
        for text in ["", "abc", "+0000000000000000000000000000abc", &digest.to_string().to_uppercase()] {
            assert_eq!(text.parse::<Digest>(), Err(NoDigest), "{text}");
        }
    }
}
