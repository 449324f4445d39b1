//! Rules: the validation keywords of JSON Schema as static data. They are data only; `check` gives them their meaning.

use super::fragment::Fragment;
use super::number::Number;
use super::pattern::Pattern;
use super::table::{Table, TableRef};
use super::validation::Validation;
use crate::Json;
use crate::media::MediaKind;

/// One keyword. A value must satisfy every rule of its list; a keyword says nothing about values of other types.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// The value is of one of these types. If it is not, the rest of the list is not looked at, so this comes first.
    Type(Types),
    /// The value is one of these (`enum`, `const`).
    Values(&'static [Const]),
    /// The number is this or above.
    Minimum(Number),
    /// The number is this or below.
    Maximum(Number),
    /// The number is above this.
    ExclusiveMinimum(Number),
    /// The number is below this.
    ExclusiveMaximum(Number),
    /// The number is this times an integer; see [`Number::is_multiple_of`].
    MultipleOf(Number),
    /// The text has at least this many code points.
    MinLength(u64),
    /// The text has at most this many code points.
    MaxLength(u64),
    /// The text matches, anywhere in it.
    Pattern(&'static Pattern),
    /// The rules of a list's items, those covered by `PrefixItems` in the same list excepted.
    Items(&'static [Rule]),
    /// The rules of a list's first items, one by one.
    PrefixItems(&'static [&'static [Rule]]),
    /// The list has at least this many items.
    MinItems(u64),
    /// The list has at most this many items.
    MaxItems(u64),
    /// No two items are equal.
    UniqueItems,
    /// The object's properties, which of them are required, and, unless the table is open, that there are no others.
    /// Tables inside `AllOf`, `AnyOf` and `OneOf` should be open, for each sees a part of the object only.
    Properties(TableRef),
    /// The rules of properties that `Properties` in the same list does not name; for maps, of all of them. What an
    /// object has in `extra` is exempt: that is what `extra` is for.
    AdditionalProperties(&'static [Rule]),
    /// There are no properties but those that `Properties` in the same list names; `extra` is exempt.
    NoAdditionalProperties,
    /// The object has at least this many properties.
    MinProperties(u64),
    /// The object has at most this many properties.
    MaxProperties(u64),
    /// The rules of a map's keys.
    PropertyNames(&'static [Rule]),
    /// The value satisfies every one of these lists.
    AllOf(&'static [&'static [Rule]]),
    /// The value satisfies at least one of these lists.
    AnyOf(&'static [&'static [Rule]]),
    /// The value satisfies exactly one of these lists.
    OneOf(&'static [&'static [Rule]]),
    /// The text is a media source of this kind: an `https` URL, a `data:` URI or the name of a sample.
    Media(MediaKind),
    /// A rule of RunComfy's own about media (`validations`); on a list, about each item.
    Validation(&'static Validation),
    /// Keywords that a library checks: `contains`, `if`, `not` and the like.
    Fragment(&'static Fragment),
    /// No value is allowed (the schema `false`).
    Never,
}

impl Rule {
    /// The table of [`Properties`](Self::Properties).
    pub fn table(&self) -> Option<&'static Table> {
        if let Self::Properties(table) = self { Some(table.get()) } else { None }
    }
}

/// A set of JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Types(u8);

impl Types {
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `true` and `false`.
    pub const BOOLEAN: Self = Self(1 << 1);
    /// Numbers without a fraction; `1.0` is one.
    pub const INTEGER: Self = Self(1 << 2);
    /// All numbers.
    pub const NUMBER: Self = Self(1 << 3 | Self::INTEGER.0);
    /// Texts.
    pub const STRING: Self = Self(1 << 4);
    /// Lists.
    pub const ARRAY: Self = Self(1 << 5);
    /// Objects and maps.
    pub const OBJECT: Self = Self(1 << 6);
    /// All of them.
    pub const ANY: Self = Self((1 << 7) - 1);

    /// None of them.
    pub(crate) const NONE: Self = Self(0);

    /// The types of both sets.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether every type of `other` is in this set.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The types with the words that name them, in the order in which texts list them.
    pub(crate) const WORDS: [(Self, &'static str); 7] = [
        (Self::NUMBER, "a number"),
        (Self::INTEGER, "an integer"),
        (Self::STRING, "a string"),
        (Self::BOOLEAN, "true or false"),
        (Self::ARRAY, "a list"),
        (Self::OBJECT, "an object"),
        (Self::NULL, "null"),
    ];
}

/// A value of `enum` or `const`.
#[derive(Clone, Copy, Debug)]
pub enum Const {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A signed integer.
    Int(i64),
    /// An unsigned integer, for values above `i64::MAX`.
    UInt(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Str(&'static str),
    /// The JSON text of a list or an object, and what parses it.
    Json(&'static str, JsonParser),
}

impl From<&Const> for Json {
    fn from(value: &Const) -> Self {
        match *value {
            Const::Null => Self::Null,
            Const::Bool(bool) => bool.into(),
            Const::Int(int) => int.into(),
            Const::UInt(int) => int.into(),
            Const::Float(float) => float.into(),
            Const::Str(text) => text.into(),
            Const::Json(text, parse) => parse(text).unwrap_or_default(),
        }
    }
}

/// Reads JSON; `None` if the text is none.
pub type JsonParser = fn(&str) -> Option<Json>;

/// The rules of the item at `index` of a list with these rules.
pub(crate) fn item_rules(rules: &[Rule], index: usize) -> &'static [Rule] {
    let prefix = rules.iter().find_map(|rule| match *rule {
        Rule::PrefixItems(prefix) => prefix.get(index).copied(),
        _ => None,
    });
    let rest = rules.iter().find_map(|rule| match *rule {
        Rule::Items(items) => Some(items),
        _ => None,
    });
    prefix.or(rest).unwrap_or(&[])
}
