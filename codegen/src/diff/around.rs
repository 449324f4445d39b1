//! The types around what is compared: all of both sides, which new one an old one is, and what is said of their fields. Must
//! not know what is compared.

use super::meaning::{Domain, Objects, domain};
use super::pair::{Pairs, Types};
use super::whole::Wholes;
use crate::ir::{Field, TypeId};

/// The types of a model, old and new.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) old: Types<'a>,
    pub(super) new: Types<'a>,
    pub(super) pairs: &'a Pairs,
    /// What is said of the fields of structs, old and new.
    pub(super) wholes: [&'a Wholes<'a>; 2],
}

impl Around<'_> {
    /// Whether all that is said of the fields of a struct is known, old and new.
    pub(super) fn knows(self, (from, to): (TypeId, TypeId)) -> bool {
        self.wholes[0].get(from).is_some() && self.wholes[1].get(to).is_some()
    }

    /// The values that a field of the old struct may have.
    pub(super) fn old_values(self, pair: (TypeId, TypeId), field: &Field) -> Domain {
        self.values(pair, self.wholes[0].get(pair.0), field, self.old)
    }

    /// The values that a field of the new struct may have.
    pub(super) fn new_values(self, pair: (TypeId, TypeId), field: &Field) -> Domain {
        self.values(pair, self.wholes[1].get(pair.1), field, self.new)
    }

    fn values(self, pair: (TypeId, TypeId), whole: Option<&Objects>, field: &Field, side: Types<'_>) -> Domain {
        let whole = whole.filter(|_| self.knows(pair));
        whole.map_or_else(|| domain(&field.rules, side.list), |whole| whole.at(&field.json).clone())
    }
}
