//! RunComfy's own rules about media (`validations`): size of the file, shape of the picture. In: the rule and a `data:`
//! URI. Out: whether it holds. Must not fetch anything: URLs and samples pass, for only the server can see them.
//! The libraries that look into images are reached through a function pointer, so that a program without such rules
//! does not link them.

use super::number::Number;
use crate::text::is_data_uri;

/// Measures what a rule is about; `None` if the rule or the media is one it can't measure.
pub type MediaChecker = fn(quantity: &str, data_uri: &str) -> Option<f64>;

/// One entry of a schema's `validations`.
///
/// The rule is a quantity and a comparison sign, and says what must hold: `file_size_mb<` with the value 50 means below
/// 50 MB. The signs are `<`, `<=`, `>` and `>=`. `media_checker` knows the quantities `file_size_mb` (of 1,048,576 bytes, the
/// larger of the two readings: nothing is refused that the server would take), `width_pixels`, `height_pixels` and
/// `width/height`.
#[derive(Debug)]
pub struct Validation {
    /// The quantity and the comparison sign.
    pub rule: &'static str,
    /// What it is compared with.
    pub value: Number,
    /// The published message.
    pub message: &'static str,
    /// Measures the media; `media_checker`, unless a program brings its own.
    pub checker: MediaChecker,
}

impl Validation {
    /// Checks a text. Holds for all that can't be measured; the error is what was measured.
    pub(crate) fn check(&self, text: &str) -> Result<(), Number> {
        let quantity = self.rule.trim_end_matches(['<', '>', '=']);
        if !is_data_uri(text) {
            return Ok(());
        }
        let Some(measured) = (self.checker)(quantity, text).map(Number::Float) else {
            return Ok(());
        };
        let order = measured.compare(self.value);
        let holds = match self.rule.get(quantity.len()..) {
            Some("<") => order.is_some_and(|order| order.is_lt()),
            Some("<=") => order.is_some_and(|order| order.is_le()),
            Some(">") => order.is_some_and(|order| order.is_gt()),
            Some(">=") => order.is_some_and(|order| order.is_ge()),
            _ => true,
        };
        if holds { Ok(()) } else { Err(measured) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rule: &'static str, value: i64, checker: MediaChecker) -> Result<(), String> {
        let validation = Validation { rule, value: Number::Int(value), message: "", checker };
        validation.check("data:image/png;base64,QUJD").map_err(|measured| measured.to_string())
    }

    #[test]
    fn each_sign_says_what_must_hold() {
        for (rule, holds) in [
            ("q<", [true, false, false]),
            ("q<=", [true, true, false]),
            ("q>", [false, false, true]),
            ("q>=", [false, true, true]),
        ] {
            let measures: [MediaChecker; 3] = [|_, _| Some(1.0), |_, _| Some(2.0), |_, _| Some(3.0)];
            assert_eq!(measures.map(|measure| check(rule, 2, measure).is_ok()), holds, "{rule}");
        }
    }

    #[test]
    fn what_can_not_be_measured_passes() {
        assert_eq!(check("q<", 2, |_, _| None), Ok(()));
        assert_eq!(check("q", 2, |_, _| Some(9.0)), Ok(()));
        let never: MediaChecker = |_, _| Some(f64::NAN);
        let validation = Validation { rule: "q<", value: Number::Int(2), message: "", checker: never };
        assert!(validation.check("https://example.com/a.png").is_ok());
    }
}
