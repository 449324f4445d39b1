//! RunComfy's `validations`: JSON in, rules about media out. A rule that the runtime can't measure is an error. Must not
//! know where the rules stand.

use serde_json::Value;

use super::Parser;
use crate::json::join;
use crate::schema::Validation;
use crate::schema::accepted::UNENFORCED_HELP;
use crate::schema::validations::is_measured;
use crate::{Error, ErrorKind};

impl Parser<'_> {
    pub(super) fn validations(&mut self, value: &Value, at: &str) -> Vec<Validation> {
        let list = self.list(value, at).unwrap_or_default();
        list.iter().enumerate().filter_map(|(index, entry)| self.validation(entry, &join(at, index))).collect()
    }

    fn validation(&mut self, value: &Value, at: &str) -> Option<Validation> {
        let Value::Object(map) = value else {
            self.wrong(at, "a validation", "an object", value);
            return None;
        };
        for key in map.keys().filter(|key| !key.starts_with("validation_")) {
            self.unknown(key, &join(at, key));
        }
        let rule = map.get("validation_rule").map(|rule| self.string(rule, &join(at, "validation_rule")));
        let number = map.get("validation_value").and_then(|value| self.number(value, &join(at, "validation_value")));
        let message = map.get("validation_error").map(|text| self.string(text, &join(at, "validation_error")));
        if let Some(rule) = rule.as_deref().filter(|rule| !is_measured(rule)) {
            self.unmeasured(rule, &join(at, "validation_rule"));
            return None;
        }
        let (Some(rule), Some(value)) = (rule, number) else {
            self.wrong(at, "a validation", "`validation_rule` and a number as `validation_value`", value);
            return None;
        };
        Some(Validation { rule, value, message: message.unwrap_or_default() })
    }

    /// A rule about media that nobody measures is like a keyword that nobody enforces.
    fn unmeasured(&mut self, rule: &str, at: &str) {
        if !self.accepted.accepts(rule) {
            let message = format!("the rule {rule:?} of `validations` is not enforced by the generated code");
            self.errors.push(Error::new(ErrorKind::UnknownKeyword, message).at(at).help(UNENFORCED_HELP));
        }
    }
}
