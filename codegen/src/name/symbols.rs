//! Symbols in enum values go in, words or digit separators come out. Knows nothing of identifiers.

/// A value with the symbols that carry meaning written out as words: the signs of numbers (`-1`, `>=5`, `50%`) and the
/// `x` of sizes and ratios (`16:9`, `16 x 9`, `16×9`).
pub(super) fn with_signs(value: &str) -> String {
    let chars: Vec<char> = value.chars().collect();
    let leading = chars.iter().take_while(|&&c| is_sign(c) || c == ' ').count();
    let signed = chars.get(leading).is_some_and(char::is_ascii_digit);
    let mut text = String::with_capacity(value.len());
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let after = chars.get(at + 1);
        if c.is_ascii_digit()
            && let Some(next) = joined_digit(&chars, at)
        {
            text.extend([c, 'x']);
            at = next;
            continue;
        }
        let before_number = signed && at < leading && c != ' ';
        let after_number = matches!(c, '+' | '%')
            && !after.is_some_and(|c| c.is_alphanumeric())
            && at > 0
            && chars[at - 1].is_ascii_digit();
        match word(c, before_number) {
            Some(word) if before_number || after_number => push_word(&mut text, word),
            _ => text.push(c),
        }
        at += 1;
    }
    text
}

/// A value with every symbol written out as a word; `None` where a symbol has none.
pub(super) fn spelled_out(value: &str) -> Option<String> {
    let alone = !value.contains(char::is_alphanumeric);
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_alphanumeric() {
            text.push(c);
        } else {
            push_word(&mut text, word(c, alone)?);
        }
    }
    Some(text)
}

fn push_word(text: &mut String, word: &str) {
    text.push(' ');
    text.push_str(word);
    text.push(' ');
}

/// Where a digit's partner is, if an `x` or what stands for it joins the two: at 0 of `4 : 3` it is 4.
fn joined_digit(chars: &[char], digit: usize) -> Option<usize> {
    let skip_spaces = |from: usize| (from..chars.len()).find(|&at| chars[at] != ' ');
    let joint = skip_spaces(digit + 1).filter(|&at| matches!(chars[at], ':' | '：' | 'x' | 'X' | '×'))?;
    skip_spaces(joint + 1).filter(|&at| chars[at].is_ascii_digit())
}

fn is_sign(c: char) -> bool {
    matches!(c, '-' | '−' | '+' | '±' | '<' | '>' | '=' | '≤' | '≥' | '~')
}

/// The word for a symbol. A hyphen is a minus where it is a sign, or all there is.
fn word(symbol: char, is_operator: bool) -> Option<&'static str> {
    Some(match symbol {
        '-' if is_operator => "Minus",
        '-' => "Hyphen",
        '−' => "Minus",
        '+' => "Plus",
        '±' => "PlusMinus",
        '*' => "Asterisk",
        '×' => "Times",
        '/' => "Slash",
        '÷' => "DividedBy",
        '\\' => "Backslash",
        '%' => "Percent",
        '<' => "LessThan",
        '>' => "GreaterThan",
        '=' => "Equals",
        '≤' => "AtMost",
        '≥' => "AtLeast",
        '≠' => "NotEqual",
        '~' => "Tilde",
        '!' => "Exclamation",
        '?' => "Question",
        '.' => "Dot",
        ',' => "Comma",
        ':' | '：' => "Colon",
        ';' => "Semicolon",
        '…' => "Ellipsis",
        '·' => "MiddleDot",
        '•' => "Bullet",
        '_' => "Underscore",
        '–' => "EnDash",
        '—' => "EmDash",
        '|' => "Pipe",
        '&' => "Ampersand",
        '@' => "At",
        '#' => "Hash",
        '^' => "Caret",
        '°' => "Degree",
        '∞' => "Infinity",
        '$' => "Dollar",
        '€' => "Euro",
        '£' => "Pound",
        '¥' => "Yen",
        '←' => "LeftArrow",
        '→' => "RightArrow",
        '↑' => "UpArrow",
        '↓' => "DownArrow",
        '(' | '（' => "OpenParenthesis",
        ')' | '）' => "CloseParenthesis",
        '[' => "OpenBracket",
        ']' => "CloseBracket",
        '{' => "OpenBrace",
        '}' => "CloseBrace",
        '"' => "Quote",
        '“' => "OpenQuote",
        '”' => "CloseQuote",
        '\'' | '’' => "Apostrophe",
        '`' => "Backtick",
        ' ' => "Space",
        '\u{a0}' => "NoBreakSpace",
        '\t' => "Tab",
        '\n' => "Newline",
        '\r' => "Return",
        '\0' => "Null",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(value: &str) -> String {
        with_signs(value).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn digits_are_joined_by_x_and_by_what_stands_for_it() {
        for value in ["16:9", "16x9", "16 x 9", "16×9", "16 : 9"] {
            assert_eq!(signs(value), "16x9");
        }
        assert_eq!(signs("1:2:3"), "1x2x3");
        assert_eq!(signs("1024*576"), "1024*576");
        assert_eq!(signs("x 2"), "x 2");
        assert_eq!(signs("2 x"), "2 x");
    }

    #[test]
    fn a_sign_before_or_after_a_number_is_not_lost() {
        assert_eq!(signs("-1"), "Minus 1");
        assert_eq!(signs("+1"), "Plus 1");
        assert_eq!(signs(">= 5"), "GreaterThan Equals 5");
        assert_eq!(signs("50%"), "50 Percent");
        assert_eq!(signs("18+"), "18 Plus");
        assert_eq!(signs("1-5"), "1-5", "a range, not a sign");
        assert_eq!(signs("- item"), "- item");
    }

    #[test]
    fn what_has_no_word_is_not_spelled_out() {
        assert_eq!(spelled_out("a b"), Some("a Space b".to_owned()));
        assert_eq!(spelled_out("-"), Some(" Minus ".to_owned()));
        assert_eq!(spelled_out("a-b"), Some("a Hyphen b".to_owned()));
        assert_eq!(spelled_out("🎬"), None);
        assert_eq!(spelled_out("\u{202e}"), None);
    }
}
