//! Numbers and texts against the rules about them. Must not know lists and objects.

use std::cmp::Ordering;

use super::super::describe::{Count, Given, Range};
use super::super::number::Number;
use super::super::path::{Path, Step};
use super::super::rule::Rule;
use super::super::validation::Validation;
use super::super::value::Value;
use super::Checker;
use crate::invalid::ViolationKind;
use crate::media;

impl Checker {
    pub(super) fn number(&mut self, rule: &Rule, rules: &[Rule], number: Number, at: &Path<'_>) {
        use Ordering::{Equal, Greater, Less};
        let kind = match *rule {
            Rule::Minimum(bound) if number.compare(bound) == Some(Less) => ViolationKind::Minimum,
            Rule::Maximum(bound) if number.compare(bound) == Some(Greater) => {
                ViolationKind::Maximum
            }
            Rule::ExclusiveMinimum(bound)
                if matches!(number.compare(bound), Some(Less | Equal)) =>
            {
                ViolationKind::Minimum
            }
            Rule::ExclusiveMaximum(bound)
                if matches!(number.compare(bound), Some(Greater | Equal)) =>
            {
                ViolationKind::Maximum
            }
            Rule::MultipleOf(step) if !number.is_multiple_of(step) => {
                let allowed = format_args!("multiples of {step}");
                return self.fault(
                    at,
                    ViolationKind::MultipleOf,
                    format_args!("{number}"),
                    allowed,
                );
            }
            _ => return,
        };
        self.fault(
            at,
            kind,
            format_args!("{number}"),
            format_args!("{}", Range(rules)),
        );
    }

    pub(super) fn text(&mut self, rule: &Rule, rules: &[Rule], text: &str, at: &Path<'_>) {
        let given = Given(Value::Str(text));
        match *rule {
            Rule::MinLength(least) if is_shorter(text, least) => {
                let allowed = format_args!("{}", Count::of(rule, rules));
                self.fault(
                    at,
                    ViolationKind::MinLength,
                    format_args!("{given}"),
                    allowed,
                );
            }
            Rule::MaxLength(most) if is_longer(text, most) => {
                let given = format_args!("{given} with {} characters", text.chars().count());
                self.fault(
                    at,
                    ViolationKind::MaxLength,
                    given,
                    format_args!("{}", Count::of(rule, rules)),
                );
            }
            Rule::Pattern(pattern) if !pattern.matches(text) => {
                let allowed = format_args!("texts that match {}", pattern.source());
                self.fault(at, ViolationKind::Pattern, format_args!("{given}"), allowed);
            }
            Rule::Media(kind) => {
                if let Err(hint) = media::check(kind, text) {
                    let allowed = format_args!("{}", media::Forms(kind));
                    let given = format_args!("{given}");
                    self.fault_with_hint(
                        at,
                        ViolationKind::Media,
                        given,
                        allowed,
                        format_args!("{hint}"),
                    );
                }
            }
            _ => {}
        }
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
            self.fault_with_hint(
                at,
                ViolationKind::Validation,
                given,
                allowed,
                format_args!("{}", validation.message),
            );
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
