//! Numbers and texts against the rules about them: first the verdict, which must be fast, then, if need be, the words,
//! which need not. Must not know lists and objects.

use std::cmp::Ordering::{Equal, Greater, Less};

use super::super::same::is_const;
use super::{Checker, type_of};
use crate::invalid::ViolationKind;
use crate::media::{self, MediaForm};
use crate::nearest::did_you_mean;
use crate::schema::describe::{Constants, Count, Given, NULL_HINT, Range};
use crate::schema::number::Number;
use crate::schema::path::{Path, Step};
use crate::schema::rule::{Const, Rule, Types};
use crate::schema::validation::Validation;
use crate::schema::value::Value;

/// A quick yes: whether the value is a scalar that satisfies all the rules. No means that somebody should look closer.
///
/// Nearly every value of nearly every input ends here, without a path or a word having been made for it: one loop for
/// each kind of value, with the rules that most fields have and the comparisons that take one instruction.
pub(super) fn passes(rules: &[Rule], value: &Value<'_>) -> bool {
    match *value {
        Value::Absent => true,
        Value::Int(int) => all(rules, value, |rule| match rule {
            Rule::Type(types) => types.contains(Types::INTEGER),
            Rule::Minimum(Number::Int(bound)) => int >= *bound,
            Rule::Maximum(Number::Int(bound)) => int <= *bound,
            Rule::Values(listed) => listed.iter().any(|one| matches!(one, Const::Int(listed) if *listed == int)),
            _ => false,
        }),
        Value::Float(float) => {
            float.is_finite()
                && all(rules, value, |rule| match rule {
                    Rule::Type(types) => types.contains(Types::NUMBER),
                    Rule::Minimum(Number::Int(bound)) => small(*bound).is_some_and(|bound| float >= bound),
                    Rule::Maximum(Number::Int(bound)) => small(*bound).is_some_and(|bound| float <= bound),
                    Rule::Minimum(Number::Float(bound)) => float >= *bound,
                    Rule::Maximum(Number::Float(bound)) => float <= *bound,
                    _ => false,
                })
        }
        Value::Str(text) => all(rules, value, |rule| match rule {
            Rule::Type(types) => types.contains(Types::STRING),
            Rule::Values(listed) => listed.iter().any(|one| matches!(one, Const::Str(listed) if *listed == text)),
            Rule::MaxLength(most) => text.len() as u64 <= *most,
            Rule::Media(_) => media::is_plain_url(text),
            _ => false,
        }),
        Value::Media(form, text) => all(rules, value, |rule| match rule {
            Rule::Type(types) => types.contains(Types::STRING),
            Rule::Media(_) => matches!(form, MediaForm::Any | MediaForm::Url) && media::is_plain_url(text),
            _ => false,
        }),
        Value::Bool(_) => all(rules, value, |rule| matches!(rule, Rule::Type(types) if types.contains(Types::BOOLEAN))),
        Value::UInt(_) => all(rules, value, |_| false),
        _ => false,
    }
}

/// Whether each rule holds: obviously, or at a closer look.
#[inline]
fn all(rules: &[Rule], value: &Value<'_>, is_obvious: impl Fn(&Rule) -> bool) -> bool {
    rules.iter().all(|rule| is_obvious(rule) || holds(rule, value))
}

/// Kept out of the loops above, which it would slow down.
#[inline(never)]
fn holds(rule: &Rule, value: &Value<'_>) -> bool {
    breach(rule, value).is_none() && !is_composed(rule)
}

/// An integer as a float, if that is the same number for sure.
fn small(int: i64) -> Option<f64> {
    i32::try_from(int).ok().map(f64::from)
}

/// Whether the rule may say something about scalars that this module does not know.
fn is_composed(rule: &Rule) -> bool {
    matches!(
        rule,
        Rule::AllOf(_) | Rule::AnyOf(_) | Rule::OneOf(_) | Rule::Validation(_) | Rule::Fragment(_) | Rule::Never
    )
}

/// How a scalar breaks the rule, if it does. Rules about lists and objects are not broken here, nor are rules about
/// values of another type.
pub(super) fn breach(rule: &Rule, value: &Value<'_>) -> Option<ViolationKind> {
    match (value.number(), value.text()) {
        (Some(number), _) => number_breach(rule, number),
        (_, Some(text)) => text_breach(rule, text, value.form()),
        _ => match rule {
            Rule::Type(types) if !types.contains(type_of(value)) => Some(ViolationKind::Type),
            Rule::Values(allowed) if !is_among(*value, allowed) => Some(ViolationKind::Value),
            _ => None,
        },
    }
}

fn is_among(value: Value<'_>, allowed: &[Const]) -> bool {
    allowed.iter().any(|constant| is_const(value, constant))
}

#[inline]
fn number_breach(rule: &Rule, number: Number) -> Option<ViolationKind> {
    let (kind, broken) = match *rule {
        Rule::Type(types) => (ViolationKind::Type, !types.contains(type_of(&number.into()))),
        Rule::Values(allowed) => (ViolationKind::Value, !is_among(number.into(), allowed)),
        Rule::Minimum(bound) => (ViolationKind::Minimum, number.compare(bound) == Some(Less)),
        Rule::Maximum(bound) => (ViolationKind::Maximum, number.compare(bound) == Some(Greater)),
        Rule::ExclusiveMinimum(bound) => (ViolationKind::Minimum, matches!(number.compare(bound), Some(Less | Equal))),
        Rule::ExclusiveMaximum(bound) => {
            (ViolationKind::Maximum, matches!(number.compare(bound), Some(Greater | Equal)))
        }
        Rule::MultipleOf(step) => (ViolationKind::MultipleOf, !number.is_multiple_of(step)),
        _ => return None,
    };
    broken.then_some(kind)
}

#[inline]
fn text_breach(rule: &Rule, text: &str, form: MediaForm) -> Option<ViolationKind> {
    let (kind, broken) = match *rule {
        Rule::Type(types) => (ViolationKind::Type, !types.contains(Types::STRING)),
        Rule::Values(allowed) => (ViolationKind::Value, !is_among(Value::Str(text), allowed)),
        Rule::MinLength(least) => (ViolationKind::MinLength, is_shorter(text, least)),
        Rule::MaxLength(most) => (ViolationKind::MaxLength, is_longer(text, most)),
        Rule::Pattern(pattern) => (ViolationKind::Pattern, !pattern.matches(text)),
        Rule::Media(kind) => (ViolationKind::Media, media::check(kind, form, text).is_err()),
        _ => return None,
    };
    broken.then_some(kind)
}

impl Checker {
    /// Reports a breach of a rule of this module.
    #[cold]
    pub(super) fn breached(
        &mut self,
        (kind, rule): (ViolationKind, &Rule),
        rules: &[Rule],
        value: &Value<'_>,
        at: &Path<'_>,
    ) {
        let given = Given(*value);
        let given = format_args!("{given}");
        match *rule {
            Rule::Type(types) => {
                let optional = at.field().is_some_and(|field| !field.required);
                let hint = if optional && matches!(value, Value::Null) { NULL_HINT } else { "" };
                self.fault_with_hint(at, kind, given, format_args!("{types}"), format_args!("{hint}"));
            }
            Rule::Values(allowed) => self.unlisted(allowed, *value, at),
            Rule::MultipleOf(step) => self.fault(at, kind, given, format_args!("multiples of {step}")),
            Rule::Pattern(pattern) => {
                self.fault(at, kind, given, format_args!("texts that match {}", pattern.source()));
            }
            Rule::MinLength(_) => self.fault(at, kind, given, format_args!("{}", Count::of(rule, rules))),
            Rule::MaxLength(_) => {
                let length = value.text().map_or(0, |text| text.chars().count());
                let given = format_args!("{given} with {length} characters");
                self.fault(at, kind, given, format_args!("{}", Count::of(rule, rules)));
            }
            Rule::Media(media) => {
                let hint = value.text().and_then(|text| media::check(media, value.form(), text).err()).unwrap_or("");
                let allowed = media::Forms(media);
                let allowed = format_args!("{allowed}");
                self.fault_with_hint(at, kind, given, allowed, format_args!("{hint}"));
            }
            _ => self.fault(at, kind, given, format_args!("{}", Range(rules))),
        }
    }

    /// Reports a value that is none of these.
    #[cold]
    pub(super) fn unlisted(&mut self, allowed: &[Const], value: Value<'_>, at: &Path<'_>) {
        let texts = allowed.iter().filter_map(|one| if let Const::Str(text) = one { Some(*text) } else { None });
        let hint = value.text().filter(|_| !self.probing).map_or_else(String::new, |text| did_you_mean(texts, text));
        let (given, allowed) = (Given(value), Constants(allowed));
        let (given, allowed) = (format_args!("{given}"), format_args!("{allowed}"));
        self.fault_with_hint(at, ViolationKind::Value, given, allowed, format_args!("{hint}"));
    }

    pub(super) fn validation(&mut self, validation: &Validation, value: Value<'_>, at: &Path<'_>) {
        if let Value::List(list) = value {
            for index in 0..list.count() {
                let at = at.then(Step::Index(index));
                self.validate_text(validation, list.item(index), &at);
            }
        } else {
            self.validate_text(validation, value, at);
        }
    }

    fn validate_text(&mut self, validation: &Validation, value: Value<'_>, at: &Path<'_>) {
        if let Some(text) = value.opened().text()
            && let Err(measured) = validation.check(text)
        {
            let given = format_args!("{} ({measured})", Given(value));
            let allowed = format_args!("{} {}", validation.rule, validation.value);
            self.fault_with_hint(at, ViolationKind::Validation, given, allowed, format_args!("{}", validation.message));
        }
    }
}

/// Counts code points only as far as needed; most texts have more bytes than the bound by far, or fewer.
fn is_shorter(text: &str, least: u64) -> bool {
    match usize::try_from(least) {
        Ok(0) => false,
        Ok(least) => text.len() < least || text.chars().nth(least - 1).is_none(),
        Err(_) => true,
    }
}

fn is_longer(text: &str, most: u64) -> bool {
    usize::try_from(most).is_ok_and(|most| text.len() > most && text.chars().nth(most).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::MediaKind;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = Number> {
        prop_oneof![
            (-3_i64..3).prop_map(Number::Int),
            (-6_i32..6).prop_map(|halves| Number::Float(f64::from(halves) / 2.0)),
            (0_u64..3).prop_map(Number::UInt),
        ]
    }

    proptest! {
        #[test]
        fn what_passes_breaks_no_rule(
            value in number(), bound in number(), text in "(https://)?[a-cä@:/. 1-]{0,5}(\\.local|\\.png)?", count in 0..4_u64
        ) {
            const LISTED: [Const; 5] = [Const::Int(1), Const::UInt(1), Const::Float(-2.0), Const::Str("a"), Const::Null];
            let types = [Types::INTEGER, Types::NUMBER, Types::STRING, Types::OBJECT];
            let rules = types.map(Rule::Type).into_iter().chain([
                Rule::Minimum(bound),
                Rule::Maximum(bound),
                Rule::ExclusiveMinimum(bound),
                Rule::ExclusiveMaximum(bound),
                Rule::Values(&LISTED),
                Rule::MaxLength(count),
                Rule::Media(MediaKind::Image),
            ]);
            for rule in rules {
                let media = [MediaForm::Any, MediaForm::Url, MediaForm::Sample].map(|form| Value::Media(form, &text));
                for value in [value.into(), Value::Str(&text)].into_iter().chain(media) {
                    prop_assert_eq!(passes(&[rule], &value), breach(&rule, &value).is_none(), "{:?}", text);
                }
            }
        }
    }
}
