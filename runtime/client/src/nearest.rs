//! The text that was probably meant. In: texts that are known, and one that is not. Out: the nearest, if it is near. Must not
//! know what the texts name.

use crate::text::Quoted;

/// The known text that is the fewest typing errors away, if they are few. Another number is no typing error, and neither
/// is another case.
pub(crate) fn nearest<'k>(known: impl Iterator<Item = &'k str>, given: &str) -> Option<&'k str> {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let (given, given_digits) = (given.to_lowercase(), digits(given));
    let alike = known.filter(|text| digits(text) == given_digits);
    let (errors, text) = alike
        .map(|text| (strsim::osa_distance(&text.to_lowercase(), &given), text))
        .min_by_key(|(errors, _)| *errors)?;
    (errors <= text.chars().count() / 3).then_some(text)
}

/// The listed text that was probably meant, as a question; empty if none is near.
pub(crate) fn did_you_mean<'k>(known: impl Iterator<Item = &'k str>, given: &str) -> String {
    nearest(known, given).map_or_else(String::new, |text| format!("did you mean {}?", Quoted::value(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_typing_errors_are_near() {
        let known = || ["guidance_scale", "fps", "16:9", "1024x576", "720p", "a"].into_iter();
        for (given, meant) in [
            ("guidance_scal", Some("guidance_scale")),
            ("GUIDANCE-SCALE", Some("guidance_scale")),
            ("fsp", Some("fps")),
            ("16x9", Some("16:9")),
            ("1024*576", Some("1024x576")),
            ("720P", Some("720p")),
            ("760p", None),
            ("9:16", None),
            ("b", None),
            ("A", Some("a")),
            ("", None),
        ] {
            assert_eq!(nearest(known(), given), meant, "{given}");
        }
        assert_eq!(did_you_mean(known(), "720P"), "did you mean \"720p\"?");
        assert_eq!(did_you_mean(known(), "x"), "");
    }
}
