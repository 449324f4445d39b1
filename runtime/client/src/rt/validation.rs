//! RunComfy's own rules about media (`validations`): size of the file, shape of the picture. In: the rule and a `data:`
//! URI. Out: whether it holds. Must not fetch anything: URLs and samples pass, for only the server can see them.
//! The libraries that look into images are reached through a function pointer, so that a program without such rules
//! does not link them.

use super::number::Number;
#[cfg(feature = "validations")]
use crate::media::split_data_uri;
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

/// Measures `data:` URIs: the size from the length of the payload, the shape from the header of the image.
#[cfg(feature = "validations")]
pub fn media_checker(quantity: &str, data_uri: &str) -> Option<f64> {
    let (_, payload) = split_data_uri(data_uri)?;
    match quantity {
        "file_size_mb" => Some(decoded_len(payload) as f64 / (1024.0 * 1024.0)),
        "width_pixels" => image_size(payload).map(|(width, _)| width),
        "height_pixels" => image_size(payload).map(|(_, height)| height),
        "width/height" => image_size(payload).map(|(width, height)| width / height),
        _ => None,
    }
}

#[cfg(feature = "validations")]
fn decoded_len(payload: &str) -> usize {
    payload.trim_end_matches('=').len() * 3 / 4
}

/// The size of the image in pixels. Most formats have it in the first bytes; where a large preview comes first, the
/// whole payload is decoded.
#[cfg(feature = "validations")]
fn image_size(payload: &str) -> Option<(f64, f64)> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    /// A multiple of four, so that the cut falls between groups.
    const START: usize = 64 * 1024;
    let size_of = |payload: &str| {
        let bytes = STANDARD.decode(payload).ok()?;
        let size = imagesize::blob_size(&bytes).ok()?;
        Some((size.width as f64, size.height as f64))
    };
    payload.get(..START).and_then(size_of).or_else(|| size_of(payload))
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

    #[cfg(feature = "validations")]
    #[test]
    fn images_are_measured_by_their_header() {
        // A GIF of 3 by 2 pixels, cut off after its header.
        let gif = "data:image/gif;base64,R0lGODlhAwACAAAAAA==";
        assert_eq!(media_checker("width_pixels", gif), Some(3.0));
        assert_eq!(media_checker("height_pixels", gif), Some(2.0));
        assert_eq!(media_checker("width/height", gif), Some(1.5));
        assert_eq!(media_checker("file_size_mb", gif), Some(13.0 / 1_048_576.0));
        assert_eq!(media_checker("frames", gif), None);
    }
}
