//! Where in an input the walk is. A chain of stack frames, so that a valid input costs no allocation; it is copied only
//! when a violation is reported.

use super::table::Field;
use crate::invalid::{PathPart, Violation, ViolationKind};

/// How deep values may nest, as in `serde_json`. Deeper ones are refused before they can overflow the stack.
pub(crate) const MAX_DEPTH: usize = 128;

/// A place in an input: a step, and the place it was taken from.
#[derive(Clone, Copy)]
pub(crate) struct Path<'a> {
    up: Option<&'a Path<'a>>,
    step: Step<'a>,
    depth: usize,
}

/// One step down.
#[derive(Clone, Copy)]
pub(crate) enum Step<'a> {
    Field(&'static Field),
    Name(&'a str),
    Index(usize),
    Extra,
}

impl<'a> Path<'a> {
    /// The input itself.
    pub(crate) const ROOT: Path<'static> = Path { up: None, step: Step::Index(0), depth: 0 };

    /// A place so deep, for whoever only asks for a verdict: it has no steps that a violation could tell.
    pub(crate) fn of_depth(depth: usize) -> Self {
        Path { depth, ..Path::ROOT }
    }

    pub(crate) fn then(&'a self, step: Step<'a>) -> Self {
        Path { up: Some(self), step, depth: self.depth + 1 }
    }

    /// How many steps it is from the input to here.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Whether this is the input itself.
    pub(crate) fn is_root(&self) -> bool {
        self.depth == 0
    }

    pub(crate) fn is_too_deep(&self) -> bool {
        self.depth > MAX_DEPTH
    }

    /// The field this place is the value of, if it is one.
    pub(crate) fn field(&self) -> Option<&'static Field> {
        match self.step {
            Step::Field(field) => Some(field),
            _ => None,
        }
    }

    /// A violation at this place. Texts that have nothing to say are empty.
    pub(crate) fn violation(&self, kind: ViolationKind, given: String, allowed: String, hint: String) -> Violation {
        Violation::new(self.parts(), kind, given, allowed, hint)
    }

    /// The steps from the root to here.
    fn parts(&self) -> Vec<PathPart> {
        let mut parts = Vec::with_capacity(self.depth);
        let mut place = self;
        while let Some(up) = place.up {
            parts.push(match place.step {
                Step::Field(field) => PathPart::Name { name: field.name.to_owned(), key: field.key.to_owned() },
                Step::Name(name) => PathPart::Name { name: name.to_owned(), key: name.to_owned() },
                Step::Index(index) => PathPart::Index(index),
                Step::Extra => PathPart::Extra,
            });
            place = up;
        }
        parts.reverse();
        parts
    }
}
