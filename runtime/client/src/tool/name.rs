//! Names that hosts take: of tools, from a model's id, and of properties. The same name for the same text, always, whatever
//! others there are. Must not know schemas.

use super::rules::{MAX_NAME, Names};

/// The tool name of a model: its id, with `__` for `/` and `_` for `.`; where that could be another id's too, or is too long,
/// with the id's hash at its end. It begins with a letter, or with `_` and has that hash.
pub(super) fn tool_name(id: &str) -> String {
    let is_inner = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    let letters: Vec<char> = id.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
    let begins = letters.first().is_some_and(char::is_ascii_alphabetic);
    let is_plain = letters.iter().enumerate().all(|(place, &c)| match c {
        '.' | '/' => is_inner(at(place.checked_sub(1))) && is_inner(at(Some(place + 1))),
        c => is_inner(Some(c)),
    });
    let name: String = letters
        .iter()
        .map(|&c| match c {
            '/' => "__".to_owned(),
            c if is_inner(Some(c)) => c.to_string(),
            _ => "_".to_owned(),
        })
        .collect();
    match (begins, is_plain && name.len() <= MAX_NAME) {
        (true, true) => name,
        (true, false) => with_hash(&name, '-', id),
        (false, _) => with_hash(&format!("_{name}"), '-', id),
    }
}

/// The name under which a host is told of a property: its own, if that is one that hosts take.
pub(super) fn argument_name(name: &str, names: Names) -> String {
    let is_wide = names == Names::Plain;
    let is_taken = |c: char| c.is_ascii_alphanumeric() || c == '_' || is_wide && matches!(c, '.' | '-');
    let is_digit_first = !is_wide && name.starts_with(|c: char| c.is_ascii_digit());
    if (1..=MAX_NAME).contains(&name.len()) && name.chars().all(is_taken) && !is_digit_first {
        return name.to_owned();
    }
    let mut plain = if is_digit_first { "_".to_owned() } else { String::new() };
    plain.extend(name.chars().map(|c| if is_taken(c) { c } else { '_' }));
    with_hash(&plain, if is_wide { '-' } else { '_' }, name)
}

/// As much of a name as there is room for, with the hash of the text that it stands for.
fn with_hash(name: &str, before: char, of: &str) -> String {
    let room = MAX_NAME - 17;
    format!("{}{before}{:016x}", &name[..name.len().min(room)], fnv(of))
}

/// FNV-1a of 64 bits.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_are_alike_have_names_of_their_own() {
        assert_eq!(tool_name("community/wan-2-2/vace-fun"), "community__wan-2-2__vace-fun");
        assert_eq!(tool_name("acestep-ai/ace-step-1.5/text-to-audio"), "acestep-ai__ace-step-1_5__text-to-audio");
        let long = "a/".repeat(40) + "b";
        let ids = [
            "302ai/b", "-a/b", "_302ai/b", "a/b", "a.b", "a_b", "a__b", "a./b", "a/.b", "a//b", "a b", "ä", "", &long,
            "a/b.", ".a/b",
        ];
        let names: std::collections::BTreeSet<String> = ids.iter().map(|id| tool_name(id)).collect();
        assert_eq!(names.len(), ids.len(), "{names:?}");
        let is_taken = |name: &String| {
            (1..=64).contains(&name.len())
                && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        };
        assert!(names.iter().all(is_taken), "{names:?}");
    }

    #[test]
    fn names_that_hosts_refuse_get_another_and_others_stay() {
        let plain = |name: &str| argument_name(name, Names::Plain);
        assert_eq!(plain("steps"), "steps");
        assert_eq!(plain("47_value.x-y"), "47_value.x-y");
        assert_eq!(plain("a/b c%"), format!("a_b_c_-{:016x}", fnv("a/b c%")));
        assert_ne!(plain("a b"), plain("a/b"));
        assert_eq!(plain(&"é".repeat(90)).len(), 64);
        assert_eq!(plain("").len(), 17);
        let identifier = |name: &str| argument_name(name, Names::Identifiers);
        assert_eq!(identifier("_steps2"), "_steps2");
        assert_eq!(identifier("47_value"), format!("_47_value_{:016x}", fnv("47_value")));
        assert_eq!(identifier("a-b.c"), format!("a_b_c_{:016x}", fnv("a-b.c")));
        assert_eq!(identifier(""), format!("_{:016x}", fnv("")));
        assert_eq!(identifier(&"9".repeat(90)).len(), 64);
    }
}
