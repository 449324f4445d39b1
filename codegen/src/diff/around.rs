//! The types around what is compared: all of both sides, and which new one an old one is. Must not know what is compared.

use super::pair::{Pairs, Types};

/// The types of a model, old and new.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) old: Types<'a>,
    pub(super) new: Types<'a>,
    pub(super) pairs: &'a Pairs,
}
