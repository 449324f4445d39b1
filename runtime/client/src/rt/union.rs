//! Unions: a value of one of several forms. In: the forms of a type, in the order in which they are tried. Out: the first
//! that reads a value. Must not know what the forms are about.
//!
//! The names of a union's objects are exchanged for keys one by one, so readable names decide the form exactly as wire
//! keys do.

use super::check::{type_of, violations};
use super::forms;
use crate::Json;
use crate::invalid::{Violation, ViolationKind};
use crate::schema::describe::Given;
use crate::schema::node::Node;
use crate::schema::place::Place;
use crate::schema::rule::Types;
use crate::schema::table::Names;
use crate::schema::value::{AsValue, Entries as _, Value};

/// A type whose values have one of several forms.
pub trait Union: AsValue + Sized + 'static {
    /// The forms, in the order in which they are tried.
    const FORMS: &'static [Form<Self>];
    /// The key whose value tells the forms apart; empty if there is none.
    const TAG: &'static str = "";
    /// What that key is called in readable JSON.
    const TAG_NAME: &'static str = Self::TAG;
    /// Makes a value of what no form reads: so for responses, to which a newer server may add.
    const UNKNOWN: Option<fn(Json) -> Self> = None;
}

/// One form of the union `U`.
pub struct Form<U: 'static> {
    /// The JSON types it may have.
    pub types: Types,
    /// The value of the union's tag; empty if there is no tag.
    pub tag: &'static str,
    /// Reads it.
    pub read: fn(Node, &mut Place<'_>) -> Option<U>,
}

/// Reads a union; `None` after telling `place` why not.
///
/// Where only one form is left, by the type of the value or by its tag, that form's faults are told. Where none is, or
/// none of several reads the value, what the rules find says more.
pub fn read_union<U: Union>(node: Node, place: &mut Place<'_>) -> Option<U> {
    if let Some(unknown) = U::UNKNOWN {
        return Some(read_open(node, unknown, place));
    }
    let candidates = candidates::<U>(&node, place.names());
    if let [only] = candidates.as_slice() {
        return (only.read)(node, place);
    }
    let mut complaints = Vec::with_capacity(candidates.len());
    for form in candidates {
        match place.probe(|probe| (form.read)(node.clone(), probe)) {
            Ok(found) => return Some(found),
            Err(complaint) => complaints.push(complaint),
        }
    }
    place.no_form(&node, U::FORMS.len(), &complaints);
    None
}

/// Reads the union of a response.
fn read_open<U: Union>(node: Node, unknown: fn(Json) -> U, place: &mut Place<'_>) -> U {
    let candidates = candidates::<U>(&node, place.names());
    let read = candidates.iter().find_map(|form| place.probe(|probe| (form.read)(node.clone(), probe)).ok());
    read.unwrap_or_else(|| unknown(node.into_json()))
}

/// The forms that a value may have, by its tag or its type.
fn candidates<U: Union>(node: &Node, names: Names) -> Vec<&'static Form<U>> {
    let ty = type_of(&node.as_value());
    let name = if names == Names::Wire { U::TAG } else { U::TAG_NAME };
    let tag = match node {
        Node::Map(entries) if !name.is_empty() => Some(entries.entry(name)),
        _ => None,
    };
    let fits = |form: &&Form<U>| {
        form.types.contains(ty) && tag.is_none_or(|tag| matches!(tag, Value::Str(text) if text == form.tag))
    };
    U::FORMS.iter().filter(fits).collect()
}

impl Place<'_> {
    /// Reads without telling faults: they are the error.
    fn probe<T>(&mut self, read: impl FnOnce(&mut Place<'_>) -> Option<T>) -> Result<T, Vec<Violation>> {
        let before = self.fault_count();
        let found = read(self);
        let faults = self.take_faults(before);
        found.filter(|_| faults.is_empty()).ok_or(faults)
    }

    /// Reports a value that no form reads: by the rules, or, where they let it pass, by what the readers say.
    fn no_form(&mut self, node: &Node, forms: usize, complaints: &[Vec<Violation>]) {
        let mut found = violations(self.rules(), node.as_value(), self.names(), self.path());
        if found.is_empty() {
            found = forms::shared(complaints);
        }
        if found.is_empty() {
            let (given, allowed) = (Given(node.as_value()).to_string(), format!("one of {forms} forms"));
            let advice = forms::advice(complaints, self.path().depth());
            found.push(self.path().violation(ViolationKind::NoForm, given, allowed, advice));
        }
        self.tell(found);
    }
}

/// `union!(Type)` for a type that is a [`Union`]: `Serialize`, `Deserialize`, [`FromValue`](super::FromValue).
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($type:ident) => {
        $crate::__stored!($type, $crate::rt::deserialize_object, |node, place| $crate::rt::read_union(node, place));
    };
}
