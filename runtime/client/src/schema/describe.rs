//! Words for messages: what was given, and what the rules allow. In: values and rule lists. Out: short texts, written
//! only when something is wrong. Must not decide whether anything is.

use std::fmt;

use super::number::Number;
use super::rule::{Const, Rule, Types};
use super::table::{Names, Table};
use super::value::Value;
use crate::nearest::nearest;
use crate::text::{Quoted, write_list};

/// A value as a message quotes it.
pub(crate) struct Given<'a>(pub(crate) Value<'a>);

impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.opened() {
            Value::Absent | Value::Null => f.write_str("null"),
            Value::Bool(bool) => bool.fmt(f),
            Value::Int(int) => int.fmt(f),
            Value::UInt(int) => int.fmt(f),
            Value::Float(float) => Number::Float(float).fmt(f),
            Value::Str(text) | Value::Media(_, text) => Quoted::value(text).fmt(f),
            Value::List(list) => write!(f, "a list of {}", list.count()),
            Value::Map(map) => write!(f, "an object of {}", map.count()),
            Value::Object(_) | Value::Json(_) => f.write_str("an object"),
        }
    }
}

/// "a string or null".
impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = || {
            Self::WORDS.into_iter().filter(|(types, _)| {
                // Numbers include integers, which then need no mention.
                self.contains(*types) && !(*types == Self::INTEGER && self.contains(Self::NUMBER))
            })
        };
        let count = words().count();
        for (index, (_, word)) in words().enumerate() {
            f.write_str(match index {
                0 => "",
                _ if index + 1 == count => " or ",
                _ => ", ",
            })?;
            f.write_str(word)?;
        }
        Ok(())
    }
}

/// The values of an enum.
pub(crate) struct Constants<'a>(pub(crate) &'a [Const]);

impl fmt::Display for Constants<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, self.0.iter())
    }
}

impl fmt::Display for Const {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Null => f.write_str("null"),
            Self::Bool(bool) => bool.fmt(f),
            Self::Int(int) => int.fmt(f),
            Self::UInt(int) => int.fmt(f),
            Self::Float(float) => Number::Float(float).fmt(f),
            Self::Str(text) => Quoted::value(text).fmt(f),
            Self::Json(text, _) => f.write_str(text),
        }
    }
}

/// The names a table knows.
pub(crate) struct KnownNames<'a>(pub(crate) &'a Table, pub(crate) Names);

impl fmt::Display for KnownNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, self.0.fields.iter().map(|field| field.spelled(self.1)))
    }
}

/// What to do about a name the table does not know: the field meant, or the nearest name. Empty if nothing is near.
pub(crate) struct Advice<'a>(pub(crate) &'a Table, pub(crate) Names, pub(crate) &'a str);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(table, names, given) = *self;
        let (meant, other) = match names {
            Names::Readable => (table.field_by_key(given), "it is a wire key, the name is"),
            Names::Wire => (table.field(given), "it is a readable name, the wire key is"),
        };
        if let Some(field) = meant {
            write!(f, "{other} {}", field.spelled(names))
        } else if let Some(name) = nearest(table.fields.iter().map(|field| field.spelled(names)), given) {
            write!(f, "did you mean {name}?")
        } else {
            Ok(())
        }
    }
}

/// The bounds of a number, both ends: "2 to 40", "above 0, at most 1", "at least 2".
pub(crate) struct Range<'a>(pub(crate) &'a [Rule]);

impl fmt::Display for Range<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut low = None;
        let mut high = None;
        for rule in self.0 {
            match rule {
                Rule::Minimum(bound) => low = Some(("at least", bound)),
                Rule::ExclusiveMinimum(bound) => low = Some(("above", bound)),
                Rule::Maximum(bound) => high = Some(("at most", bound)),
                Rule::ExclusiveMaximum(bound) => high = Some(("below", bound)),
                _ => {}
            }
        }
        match (low, high) {
            (Some(("at least", low)), Some(("at most", high))) => write!(f, "{low} to {high}"),
            (Some((from, low)), Some((to, high))) => write!(f, "{from} {low}, {to} {high}"),
            (Some((word, bound)), None) | (None, Some((word, bound))) => {
                write!(f, "{word} {bound}")
            }
            (None, None) => Ok(()),
        }
    }
}

/// The bounds of a length or count, with its unit: "1 to 4 items".
pub(crate) struct Count {
    low: Option<u64>,
    high: Option<u64>,
    unit: &'static str,
}

impl Count {
    /// The bounds that the rules set for what `rule` counts.
    pub(crate) fn of(rule: &Rule, rules: &[Rule]) -> Self {
        let mut count = Self { low: None, high: None, unit: unit(rule) };
        for bound in rules.iter().filter(|bound| unit(bound) == count.unit) {
            match *bound {
                Rule::MinLength(low) | Rule::MinItems(low) | Rule::MinProperties(low) => count.low = Some(low),
                Rule::MaxLength(high) | Rule::MaxItems(high) | Rule::MaxProperties(high) => count.high = Some(high),
                _ => {}
            }
        }
        count
    }
}

fn unit(rule: &Rule) -> &'static str {
    match rule {
        Rule::MinLength(_) | Rule::MaxLength(_) => "characters",
        Rule::MinItems(_) | Rule::MaxItems(_) => "items",
        Rule::MinProperties(_) | Rule::MaxProperties(_) => "properties",
        _ => "",
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit;
        match (self.low, self.high) {
            (Some(low), Some(high)) if low == high => write!(f, "exactly {low} {unit}"),
            (Some(low), Some(high)) => write!(f, "{low} to {high} {unit}"),
            (Some(low), None) => write!(f, "at least {low} {unit}"),
            (None, Some(high)) => write!(f, "at most {high} {unit}"),
            (None, None) => Ok(()),
        }
    }
}

/// What to do about a null where null is not a value.
pub(crate) const NULL_HINT: &str = "leave the field out instead";

#[cfg(test)]
mod tests {
    use super::*;
    use Number::{Float, Int};

    #[test]
    fn a_range_states_both_ends() {
        let range = |rules: &[Rule]| Range(rules).to_string();
        assert_eq!(range(&[Rule::Maximum(Int(40)), Rule::Minimum(Int(2))]), "2 to 40");
        assert_eq!(range(&[Rule::ExclusiveMinimum(Int(0)), Rule::Maximum(Float(1.5))]), "above 0, at most 1.5");
        assert_eq!(range(&[Rule::ExclusiveMaximum(Int(1))]), "below 1");
    }

    #[test]
    fn a_count_ignores_the_bounds_of_other_units() {
        let rules = [Rule::MinItems(1), Rule::MaxLength(9), Rule::MaxItems(4)];
        assert_eq!(Count::of(&rules[0], &rules).to_string(), "1 to 4 items");
        assert_eq!(Count::of(&rules[1], &rules).to_string(), "at most 9 characters");
    }

    #[test]
    fn types_are_listed_as_people_do() {
        assert_eq!(Types::NUMBER.to_string(), "a number");
        assert_eq!(Types::STRING.or(Types::NULL).or(Types::INTEGER).to_string(), "an integer, a string or null");
    }

    #[test]
    fn a_long_list_of_values_says_how_many_more_there_are() {
        let values: Vec<Const> = (0..20).map(Const::Int).collect();
        assert!(Constants(&values).to_string().ends_with("14, 15 and 4 more"));
    }
}
