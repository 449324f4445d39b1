//! Published keys and values in, Rust identifiers out; none where no readable and distinct ones can be found.
//! Names never depend on order, and must not know shapes.

use std::collections::{HashMap, HashSet};

/// The longest identifier; what would be longer has no name.
const LONGEST: usize = 64;

/// One field name per key, in order; none if a key has no name or two have the same.
pub(super) fn fields(keys: &[&str]) -> Option<Vec<String>> {
    let names: Vec<String> = keys.iter().map(|key| field(key)).collect::<Option<_>>()?;
    distinct(&names).then_some(names)
}

/// One variant name per value, in order; values whose words are the same are spelled out. None if a value has no name or
/// two still have the same.
///
/// `type_name` is the enum's; the first letter of its last word stands before a digit.
pub(super) fn variants(type_name: &str, values: &[String]) -> Option<Vec<String>> {
    let letter = type_name.chars().rfind(char::is_ascii_uppercase)?;
    let plain: Vec<Option<String>> = values.iter().map(|value| variant(letter, &words(value)?)).collect();
    let mut count = HashMap::new();
    for name in plain.iter().flatten() {
        *count.entry(name.as_str()).or_insert(0_usize) += 1;
    }
    let alone = |name: &Option<String>| name.as_deref().is_some_and(|name| count.get(name) == Some(&1));
    let names: Vec<String> = values
        .iter()
        .zip(&plain)
        .map(|(value, name)| if alone(name) { name.clone() } else { variant(letter, &spelled(value)?) })
        .collect::<Option<_>>()?;
    distinct(&names).then_some(names)
}

/// `text` in PascalCase, to be put behind another name; none if it holds no letter or digit, or letters outside ASCII.
pub(super) fn part(text: &str) -> Option<String> {
    let name = pascal(&words(text)?);
    (!name.is_empty() && name.len() <= LONGEST).then_some(name)
}

fn distinct(names: &[String]) -> bool {
    let mut seen = HashSet::new();
    names.iter().all(|name| seen.insert(name))
}

fn field(key: &str) -> Option<String> {
    let name = words(key)?.join("_").to_ascii_lowercase();
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(format!("_{name}"));
    }
    // `gen` is a keyword since 2024, which syn doesn't count; `extra` holds the keys without a field.
    let reserved = matches!(name.as_str(), "gen" | "extra") || syn::parse_str::<syn::Ident>(&name).is_err();
    Some(if reserved { format!("{name}_") } else { name })
}

fn variant(letter: char, words: &[String]) -> Option<String> {
    let name = pascal(words);
    let name = match name.chars().next()? {
        first if first.is_ascii_digit() => format!("{letter}{name}"),
        _ if name == "Self" => "SelfValue".to_owned(),
        _ => name,
    };
    (name.len() <= LONGEST).then_some(name)
}

/// The words in PascalCase; an underscore keeps the digits of two words apart.
fn pascal(words: &[String]) -> String {
    let mut name = String::new();
    for word in words {
        let digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        if digit(name.chars().last()) && digit(word.chars().next()) {
            name.push('_');
        }
        let shouted = word.len() > 1 && !word.contains(|character: char| character.is_ascii_lowercase());
        let word = if shouted { word.to_ascii_lowercase() } else { word.clone() };
        name.extend(word.chars().take(1).map(|first| first.to_ascii_uppercase()));
        name.extend(word.chars().skip(1));
    }
    name
}

/// The runs of letters and digits; a `:` between digits is read as `x`, and a capital behind a small letter starts a word.
/// None for letters outside ASCII and for texts that are too long to be named.
fn words(text: &str) -> Option<Vec<String>> {
    if text.len() > 4 * LONGEST || text.chars().any(|character| !character.is_ascii() && character.is_alphanumeric()) {
        return None;
    }
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
    let mut words = vec![String::new()];
    for (at, &character) in characters.iter().enumerate() {
        let between_digits = digit(at.checked_sub(1)) && digit(at.checked_add(1));
        let Some(word) = words.last_mut() else { break };
        match character {
            ':' | 'x' | 'X' if between_digits => word.push('x'),
            'A'..='Z' if word.ends_with(|last: char| last.is_ascii_lowercase()) => words.push(character.to_string()),
            _ if character.is_ascii_alphanumeric() => word.push(character),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

/// The words with every other character spelled out; capitals count, so that `a` and `A` differ.
fn spelled(text: &str) -> Option<Vec<String>> {
    if text.is_empty() {
        return Some(vec!["Empty".to_owned()]);
    }
    if text.len() > LONGEST {
        return None;
    }
    let mut words = vec![String::new()];
    for character in text.chars() {
        match symbol(character) {
            Some(name) => words.extend([name.to_owned(), String::new()]),
            None if character.is_ascii_uppercase() => {
                words.extend([format!("Upper{character}"), String::new()]);
            }
            None if character.is_ascii_alphanumeric() => words.last_mut()?.push(character),
            None => return None,
        }
    }
    words.retain(|word| !word.is_empty());
    Some(words)
}

fn symbol(character: char) -> Option<&'static str> {
    Some(match character {
        ' ' => "Space",
        '!' => "Bang",
        '"' => "Quote",
        '#' => "Hash",
        '$' => "Dollar",
        '%' => "Percent",
        '&' => "And",
        '\'' => "Apostrophe",
        '(' => "Open",
        ')' => "Close",
        '*' => "Star",
        '+' => "Plus",
        ',' => "Comma",
        '-' => "Minus",
        '.' => "Dot",
        '/' => "Slash",
        ':' => "Colon",
        ';' => "Semicolon",
        '<' => "LessThan",
        '=' => "Equals",
        '>' => "GreaterThan",
        '?' => "Question",
        '@' => "At",
        '[' => "OpenBracket",
        '\\' => "Backslash",
        ']' => "CloseBracket",
        '^' => "Caret",
        '_' => "Underscore",
        '`' => "Backtick",
        '{' => "OpenBrace",
        '|' => "Pipe",
        '}' => "CloseBrace",
        '~' => "Tilde",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(type_name: &str, values: &[&str]) -> Option<Vec<String>> {
        variants(type_name, &values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn values_with_the_same_words_are_spelled_out() {
        let names = named("Mode", &["a b", "a-b", "a_b", "c d"]).expect("names");
        assert_eq!(names, ["ASpaceB", "AMinusB", "AUnderscoreB", "CD"]);
        assert!(named("Mode", &["ab", "aB", "AB", "Ab"]).is_some());
    }

    #[test]
    fn symbols_and_the_empty_text_have_names() {
        let names = named("Vote", &["+1", "-1", "<", ">", "", "x"]).expect("names");
        assert_eq!(names, ["Plus1", "Minus1", "LessThan", "GreaterThan", "Empty", "X"]);
    }

    #[test]
    fn a_leading_digit_takes_the_letter_of_the_last_word() {
        let names = named("AspectRatio", &["16:9", "1024x576", "720p", "1.5", "TURBO", "self"]).expect("names");
        assert_eq!(names, ["R16x9", "R1024x576", "R720p", "R1_5", "Turbo", "SelfValue"]);
    }

    #[test]
    fn what_cannot_be_read_has_no_name() {
        assert_eq!(named("Mode", &["日本語"]), None);
        assert_eq!(named("Mode", &["\u{0}"]), None);
        assert_eq!(named("Mode", &[&"long ".repeat(300_000)]), None);
    }

    #[test]
    fn fields_step_around_keywords_digits_and_the_rest() {
        let names = fields(&["type", "gen", "self", "extra", "56_text", "imageURL", "a-b"]).expect("names");
        assert_eq!(names, ["type_", "gen_", "self_", "extra_", "_56_text", "image_url", "a_b"]);
        assert_eq!(fields(&["a-b", "a_b"]), None);
        assert_eq!(fields(&["größe"]), None);
    }
}
