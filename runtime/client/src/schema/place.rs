//! Places: where a value is read, and where its faults go. In: nodes that don't fit. Out: violations with their way from the
//! input. Must not know who reads, nor check rules.

use super::describe::{Given, NULL_HINT};
use super::node::Node;
use super::path::{Path, Step};
use super::rule::{Rule, item_rules};
use super::table::{Field, Names};
use super::value::AsValue as _;
use crate::invalid::{InvalidInput, Violation, ViolationKind};

/// A Rust value that can be read.
pub trait FromValue: Sized {
    /// Whether a value of this type can say that the field is not set.
    const OPTIONAL: bool = false;
    /// Whether null is a value of this type.
    const NULLABLE: bool = false;

    /// Reads the value; `None` after telling `place` why not.
    fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self>;

    /// The value of a field that is not set, if there is one.
    fn absent() -> Option<Self> {
        None
    }
}

/// Where a value is read, and where its faults go.
pub struct Place<'a> {
    pub(crate) path: Path<'a>,
    pub(crate) rules: &'static [Rule],
    /// Whether this is within a response that is read forgivingly.
    pub(crate) is_forgiving: bool,
    pub(crate) faults: &'a mut Faults,
}

/// The faults of a document.
pub(crate) struct Faults {
    /// How it spells its names.
    pub(crate) names: Names,
    /// Whether responses are read forgivingly. Inputs never are.
    pub(crate) forgives: bool,
    pub(crate) list: Vec<Violation>,
}

impl Faults {
    #[cold]
    pub(crate) fn into_error(self) -> InvalidInput {
        // A value that refuses itself without a word is a fault of its type.
        InvalidInput::of(self.list, || {
            Path::ROOT.violation(ViolationKind::Type, String::new(), String::new(), String::new())
        })
    }
}

impl Place<'_> {
    /// Reports a value of the wrong type.
    #[inline]
    pub fn wrong_type<T>(&mut self, node: &Node, allowed: &str) -> Option<T> {
        self.refuse(ViolationKind::Type, node, allowed)
    }

    /// Reports a value that can't be.
    #[inline]
    pub(crate) fn refuse<T>(&mut self, kind: ViolationKind, node: &Node, allowed: &str) -> Option<T> {
        self.refused(kind, node, allowed);
        None
    }

    #[cold]
    pub(crate) fn refused(&mut self, kind: ViolationKind, node: &Node, allowed: &str) {
        let optional = self.path.field().is_some_and(|field| !field.required);
        let hint = if optional && *node == Node::Null { NULL_HINT } else { "" };
        self.fault(kind, Given(node.as_value()).to_string(), allowed.to_owned(), hint.to_owned());
    }

    pub(crate) fn fault(&mut self, kind: ViolationKind, given: String, allowed: String, hint: String) {
        self.faults.list.push(self.path.violation(kind, given, allowed, hint));
    }

    /// What the values here must satisfy.
    pub(crate) fn rules(&self) -> &'static [Rule] {
        self.rules
    }

    /// How the document spells its names.
    pub(crate) fn names(&self) -> Names {
        self.faults.names
    }

    /// Where this is.
    pub(crate) fn path(&self) -> &Path<'_> {
        &self.path
    }

    /// Reports what is known already.
    pub(crate) fn tell(&mut self, mut violations: Vec<Violation>) {
        self.faults.list.append(&mut violations);
    }

    /// How many faults there are so far.
    pub(crate) fn fault_count(&self) -> usize {
        self.faults.list.len()
    }

    /// Whether another form of what is meant will do: in responses that are read forgivingly.
    pub(crate) fn is_forgiving(&self) -> bool {
        self.is_forgiving
    }

    /// Takes out the faults after the first `count`.
    pub(crate) fn take_faults(&mut self, count: usize) -> Vec<Violation> {
        self.faults.list.split_off(count.min(self.faults.list.len()))
    }

    /// A field of the object that is here.
    pub(crate) fn field(&mut self, field: &'static Field) -> Place<'_> {
        Place {
            path: self.path.then(Step::Field(field)),
            rules: field.rules,
            is_forgiving: self.is_forgiving,
            faults: self.faults,
        }
    }

    /// An item of the list that is here.
    pub(crate) fn item(&mut self, index: usize) -> Place<'_> {
        let rules = item_rules(self.rules, index);
        Place { path: self.path.then(Step::Index(index)), rules, is_forgiving: self.is_forgiving, faults: self.faults }
    }

    /// An entry of the map that is here.
    pub(crate) fn entry<'p>(&'p mut self, name: &'p str) -> Place<'p> {
        let rules = self.rules.iter().find_map(|rule| match *rule {
            Rule::AdditionalProperties(rules) => Some(rules),
            _ => None,
        });
        let (path, rules) = (self.path.then(Step::Name(name)), rules.unwrap_or(&[]));
        Place { path, rules, is_forgiving: self.is_forgiving, faults: self.faults }
    }

    /// Reports something about the entry `name` of what is here.
    pub(crate) fn name_fault(&mut self, name: &str, kind: ViolationKind, allowed: String, hint: String) {
        let path = self.path.then(Step::Name(name));
        self.faults.list.push(path.violation(kind, String::new(), allowed, hint));
    }
}
