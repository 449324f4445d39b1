//! Rust's words, as far as names must not be any of them. Data, and the one question about it. Knows no name of ours.

/// Keywords of every edition, strict and reserved. syn accepts `gen`, which is one since the edition of 2024.
pub(crate) const KEYWORDS: &[&str] = &[
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct",
    "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while",
    "yield",
];

/// Whether Rust takes a text as it is for a name, of ASCII letters as all of ours are.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    let starts = bytes.next().is_some_and(|first| first.is_ascii_alphabetic() || first == b'_');
    starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') && !KEYWORDS.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_identifier_is_what_syn_takes_for_one(text in "[_a-zA-Z0-9]{0,3}|[ -~]{0,4}|ü|a\u{301}") {
            let is_ours = text.is_ascii() && !text.contains(['#', ' ', '/']) && text != "gen";
            prop_assert_eq!(is_identifier(&text), is_ours && syn::parse_str::<syn::Ident>(&text).is_ok(), "{}", text);
        }
    }

    #[test]
    fn no_keyword_is_an_identifier() {
        assert!(KEYWORDS.iter().all(|word| !is_identifier(word)));
        assert!(is_identifier("gen_") && is_identifier("_4k") && is_identifier("Self_"));
    }
}
