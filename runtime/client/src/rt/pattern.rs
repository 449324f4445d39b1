//! Patterns compiled with the crate `regress`. Must not know tables.

use crate::schema::pattern::CompiledPattern;

/// Compiles with the meaning ECMA-262 gives patterns under the flag `u`, as JSON Schema asks for. The generator spells
/// published patterns so that they do.
pub fn regress_matcher(source: &str) -> Option<CompiledPattern> {
    let regex = regress::Regex::with_flags(source, "u").ok()?;
    Some(Box::new(move |text| regex.find(text).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::pattern::Pattern;

    #[test]
    fn patterns_have_the_meaning_of_ecma_262() {
        let matches = |source, text| Pattern::new(source, regress_matcher).matches(text);
        assert!(matches("b", "abc"), "not anchored");
        assert!(matches("^(?!no)", "yes"), "look-ahead");
        assert!(!matches(r"^\d$", "٣"), "digits are those of ASCII");
        assert!(matches("^.$", "𝄞"), "a code point is one character");
        assert!(matches(r"^\p{L}$", "é") && !matches(r"^\p{L}$", "p{L}"), "the flag u is on");
        assert!(matches("(", "anything"), "not a pattern");
    }
}
