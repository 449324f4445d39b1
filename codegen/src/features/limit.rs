//! How many features a published crate may have: the text of a `Cargo.toml` in, its features counted; too many are an
//! error that proposes what to merge.

use toml::Table;

use super::advice::advice;
use crate::ir::Catalog;
use crate::{Error, ErrorKind};

/// The most features that the crate may have. crates.io takes 300; what is missing to that is the time to think about
/// what to merge while the crate can still be released.
pub(crate) const MOST: usize = 290;

/// Refuses a `Cargo.toml` with more features than [`MOST`].
///
/// # Errors
/// [`ErrorKind::TooMany`], with lines for `features.toml`.
pub(crate) fn check(catalog: &Catalog, manifest: &str) -> Result<(), Error> {
    let table: Table = manifest.parse().unwrap_or_default();
    let count = table.get("features").and_then(|features| features.as_table()).map_or(0, Table::len);
    if count <= MOST {
        return Ok(());
    }
    let message = format!("the crate would have {count} features; crates.io takes 300, and {MOST} are the most here");
    Err(Error::new(ErrorKind::TooMany, message).of("", super::FILE).help(advice(catalog, count - MOST)))
}
