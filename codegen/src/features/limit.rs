//! How many features a published crate may have: a catalogue in, its features counted; too many are an error that proposes
//! what to merge. Must not know how `Cargo.toml` is written.

use super::advice::advice;
use crate::ir::Catalog;
use crate::{Error, ErrorKind, emit};

/// The most features that the crate may have. crates.io takes 300; what is missing to that is the time to think about
/// what to merge while the crate can still be released.
pub(crate) const MAX_FEATURES: usize = 290;

/// Refuses a catalogue whose crate would have more features than [`MAX_FEATURES`].
///
/// # Errors
/// [`ErrorKind::TooMany`], with lines for `features.toml`.
pub(crate) fn check(catalog: &Catalog) -> Result<(), Error> {
    let count = count(catalog);
    if count <= MAX_FEATURES {
        return Ok(());
    }
    let message =
        format!("the crate would have {count} features; crates.io takes 300, and {MAX_FEATURES} are the most here");
    Err(Error::new(ErrorKind::TooMany, message).of("", super::FILE).help(advice(catalog, count - MAX_FEATURES)))
}

/// How many features the crate has.
pub(crate) fn count(catalog: &Catalog) -> usize {
    emit::features(catalog).iter().map(|(_, lines)| lines.len()).sum()
}
