//! What is wrong with an input: all of it, as a list. In: places and texts from the checker and the reader. Out: an
//! error for people and programs. Must not know how a violation is found, nor anything of `rt`.

use std::fmt;

/// An input that breaks its schema. Holds every violation there is, never just the first.
///
/// Prints a heading and one line per violation:
///
/// ```text
/// the input has 2 problems:
///   prompt (56_text): is missing
///   steps (47_value): 99 is above the maximum, allowed 2 to 40
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput {
    violations: Vec<Violation>,
}

/// One thing that is wrong with an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: Vec<PathPart>,
    kind: ViolationKind,
    given: String,
    allowed: String,
    hint: String,
}

/// One step of the path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathPart {
    /// A property.
    #[non_exhaustive]
    Name {
        /// The readable name.
        name: String,
        /// The wire key; the same as the name where there is no other.
        key: String,
    },
    /// A position in a list, from 0.
    Index(usize),
    /// The entry `extra` of an input, which holds what no field knows. On the wire what it holds stands among the fields, so
    /// the way there has no such step.
    Extra,
}

/// What kind of thing is wrong. For programs; [`Violation`] prints itself for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ViolationKind {
    /// A required field is not there.
    Missing,
    /// A name nobody knows.
    UnknownName,
    /// A field given twice.
    Duplicate,
    /// A value of the wrong type; null, where only leaving the field out is allowed, included.
    Type,
    /// A value that is not in the list.
    Value,
    /// A number below its minimum, or not above an exclusive one.
    Minimum,
    /// A number above its maximum, or not below an exclusive one.
    Maximum,
    /// A number off the steps.
    MultipleOf,
    /// A number that is NaN or infinite.
    NotFinite,
    /// An integer that a float can't hold, so that another would be sent.
    Precision,
    /// A text that is too short.
    MinLength,
    /// A text that is too long.
    MaxLength,
    /// A text that does not match its pattern.
    Pattern,
    /// A list with too few items.
    MinItems,
    /// A list with too many items.
    MaxItems,
    /// A list with two equal items.
    UniqueItems,
    /// An object with too few properties.
    MinProperties,
    /// An object with too many properties.
    MaxProperties,
    /// A value that fits none of the forms it may have.
    NoForm,
    /// A value that fits several forms where it must fit exactly one.
    ManyForms,
    /// A text that is not a media source.
    Media,
    /// Media that breaks a rule about its size or shape.
    Validation,
    /// A value that breaks a rule of its schema that is none of the above, such as `if` or `contains`.
    Schema,
    /// A value where none is allowed.
    Never,
    /// An entry of `extra` with the wire key or the readable name of a field.
    ExtraKey,
    /// A value that nests too deep.
    TooDeep,
}

impl InvalidInput {
    /// `Ok` if the list is empty.
    pub(crate) fn none_of(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() { Ok(()) } else { Err(Self { violations }) }
    }

    /// An error of one violation at least: the list, or `otherwise` if it is empty.
    pub(crate) fn of(mut violations: Vec<Violation>, otherwise: impl FnOnce() -> Violation) -> Self {
        if violations.is_empty() {
            violations.push(otherwise());
        }
        Self { violations }
    }

    /// The violations.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The violations, one by one.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.violations.iter()
    }

    /// How many violations there are; at least one.
    #[expect(clippy::len_without_is_empty, reason = "an error without a violation does not exist")]
    pub fn len(&self) -> usize {
        self.violations.len()
    }
}

impl<'a> IntoIterator for &'a InvalidInput {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for InvalidInput {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.violations.into_iter()
    }
}

impl std::error::Error for InvalidInput {}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.len() {
            1 => f.write_str("the input has 1 problem:")?,
            count => write!(f, "the input has {count} problems:")?,
        }
        self.iter().try_for_each(|violation| write!(f, "\n  {violation}"))
    }
}

impl Violation {
    /// A violation at the end of this path. Texts that have nothing to say are empty.
    pub(crate) fn new(path: Vec<PathPart>, kind: ViolationKind, given: String, allowed: String, hint: String) -> Self {
        Self { path, kind, given, allowed, hint }
    }

    /// The kind.
    pub fn kind(&self) -> ViolationKind {
        self.kind
    }

    /// The way from the input to the value; empty for the input itself.
    pub fn path(&self) -> &[PathPart] {
        &self.path
    }

    /// The readable name of the field the value belongs to, the nearest one around it; empty for the input itself.
    pub fn name(&self) -> &str {
        self.names().last().map_or("", |(name, _)| name)
    }

    /// The wire key of the field the value belongs to, the nearest one around it; empty for the input itself.
    pub fn wire_key(&self) -> &str {
        self.names().last().map_or("", |(_, key)| key)
    }

    /// The place of the value in the document that goes to the server, as a JSON pointer.
    pub fn wire_pointer(&self) -> String {
        self.path.iter().fold(String::new(), |pointer, part| match part {
            PathPart::Name { key, .. } => pointer + "/" + &key.replace('~', "~0").replace('/', "~1"),
            PathPart::Index(index) => pointer + "/" + &index.to_string(),
            PathPart::Extra => pointer,
        })
    }

    /// The value that was given, shortened to about 60 characters; `None` where there is none.
    pub fn given(&self) -> Option<&str> {
        Some(self.given.as_str()).filter(|given| !given.is_empty())
    }

    /// What is allowed instead: the whole range, the list of values, the forms. Empty where the kind says it all.
    pub fn allowed(&self) -> &str {
        &self.allowed
    }

    /// Advice, if there is any.
    pub fn hint(&self) -> Option<&str> {
        Some(self.hint.as_str()).filter(|hint| !hint.is_empty())
    }

    fn names(&self) -> impl DoubleEndedIterator<Item = (&str, &str)> {
        self.path.iter().filter_map(|part| match part {
            PathPart::Name { name, key } => Some((name.as_str(), key.as_str())),
            PathPart::Extra => Some(("extra", "extra")),
            PathPart::Index(_) => None,
        })
    }

    fn write_path(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str("input");
        }
        for (position, part) in self.path.iter().enumerate() {
            match part {
                PathPart::Name { name, .. } if position == 0 => write!(f, "{}", name.escape_debug())?,
                PathPart::Name { name, .. } => write!(f, ".{}", name.escape_debug())?,
                PathPart::Index(index) => write!(f, "[{index}]")?,
                PathPart::Extra if position == 0 => f.write_str("extra")?,
                PathPart::Extra => f.write_str(".extra")?,
            }
        }
        match self.names().next_back() {
            Some((name, key)) if name != key => write!(f, " ({})", key.escape_debug()),
            _ => Ok(()),
        }
    }
}

/// One line: `steps (47_value): 99 is above the maximum, allowed 2 to 40`.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_path(f)?;
        write!(f, ": {}", Verdict(self))
    }
}

/// What is wrong, without the place.
pub(crate) struct Verdict<'a>(pub(crate) &'a Violation);

impl Violation {
    fn write_verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(given) = self.given() {
            write!(f, "{given} ")?;
        }
        f.write_str(self.kind.phrase())?;
        if !self.allowed.is_empty() {
            write!(f, ", allowed {}", self.allowed)?;
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Verdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_verdict(f)
    }
}

impl ViolationKind {
    fn phrase(self) -> &'static str {
        match self {
            Self::Missing => "is missing",
            Self::UnknownName => "is not a known name",
            Self::Duplicate => "is given twice",
            Self::Type => "has the wrong type",
            Self::Value => "is not one of the values",
            Self::Minimum => "is below the minimum",
            Self::Maximum => "is above the maximum",
            Self::MultipleOf => "is between the steps",
            Self::NotFinite => "is not a finite number",
            Self::Precision => "can't be held exactly",
            Self::MinLength => "is too short",
            Self::MaxLength => "is too long",
            Self::Pattern => "does not match",
            Self::MinItems => "has too few items",
            Self::MaxItems => "has too many items",
            Self::UniqueItems => "has equal items",
            Self::MinProperties => "has too few properties",
            Self::MaxProperties => "has too many properties",
            Self::NoForm => "fits none of the forms",
            Self::ManyForms => "fits several forms",
            Self::Media => "is not a media source",
            Self::Validation => "breaks a rule for media",
            Self::Schema => "breaks a rule of the schema",
            Self::Never => "is not allowed",
            Self::ExtraKey => "is a field of its own",
            Self::TooDeep => "nests too deep",
        }
    }
}
