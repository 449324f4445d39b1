//! Names that hosts take: of tools, from a model's id, and of properties. The same name for the same text, always, whatever
//! others there are. Must not know schemas.

use super::rules::MAX_NAME;

/// The tool name of a model: its id, with `__` for `/` and `_` for `.`; where that could be another id's too, or is too long,
/// with the id's hash at its end.
pub(super) fn tool_name(id: &str) -> String {
    let is_inner = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '-');
    let letters: Vec<char> = id.chars().collect();
    let at = |place: Option<usize>| place.and_then(|place| letters.get(place)).copied();
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
    if is_plain && (1..=MAX_NAME).contains(&name.len()) { name } else { with_hash(&name, id) }
}

/// The name under which a host is told of a property: its own, if that is one that hosts take.
pub(super) fn argument_name(name: &str) -> String {
    let is_taken = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if (1..=MAX_NAME).contains(&name.len()) && name.chars().all(is_taken) {
        return name.to_owned();
    }
    let plain: String = name.chars().map(|c| if is_taken(c) { c } else { '_' }).collect();
    with_hash(&plain, name)
}

/// As much of a name as there is room for, with the hash of the text that it stands for.
fn with_hash(name: &str, of: &str) -> String {
    let room = MAX_NAME - 17;
    format!("{}-{:016x}", &name[..name.len().min(room)], fnv(of))
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
        let ids = ["a/b", "a.b", "a_b", "a__b", "a./b", "a/.b", "a//b", "a b", "ä", "", &long, "a/b.", ".a/b"];
        let names: std::collections::BTreeSet<String> = ids.iter().map(|id| tool_name(id)).collect();
        assert_eq!(names.len(), ids.len(), "{names:?}");
        let is_taken = |name: &String| {
            (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
        };
        assert!(names.iter().all(is_taken), "{names:?}");
    }

    #[test]
    fn names_that_hosts_refuse_get_another_and_others_stay() {
        assert_eq!(argument_name("steps"), "steps");
        assert_eq!(argument_name("47_value.x-y"), "47_value.x-y");
        assert_eq!(argument_name("a/b c%"), format!("a_b_c_-{:016x}", fnv("a/b c%")));
        assert_ne!(argument_name("a b"), argument_name("a/b"));
        assert_eq!(argument_name(&"é".repeat(90)).len(), 64);
        assert_eq!(argument_name("").len(), 17);
    }
}
