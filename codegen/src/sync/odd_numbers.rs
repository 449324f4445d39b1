//! Numbers that JSON does not have, as some writers emit them: a text in, the same with strings in their place out. Must not know
//! what the text is about.

use std::borrow::Cow;

use crate::import::token;

/// What begins a stand-in: a character that Unicode gives to nobody.
pub(super) const STAND_IN: char = '\u{FFFF}';

/// A text in which a string stands for each number that Python's and other writers emit and JSON does not have. They make a
/// whole response unreadable; so they cost the entry which holds them.
pub(super) struct Repaired<'t> {
    pub(super) text: Cow<'t, str>,
    /// The offsets behind stand-ins.
    stand_ins: Vec<usize>,
}

impl<'t> Repaired<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let (mut repaired, mut stand_ins) = (String::new(), Vec::new());
        let (mut kept, mut at) = (0, 0);
        while let Some(next) = text[at..].find(['"', 'N', 'I', '-']).map(|found| at + found) {
            let rest = &text[next..];
            at = next + token(rest).len().max(1);
            if let Some(number) = ["NaN", "Infinity", "-Infinity"].into_iter().find(|number| token(rest) == *number) {
                repaired += &text[kept..next];
                repaired.extend(['"', STAND_IN]);
                repaired += number;
                repaired.push('"');
                stand_ins.push(repaired.len());
                kept = at;
            }
        }
        let text = if kept == 0 { Cow::Borrowed(text) } else { Cow::Owned(repaired + &text[kept..]) };
        Self { text, stand_ins }
    }

    /// A place as it is in the text without stand-ins.
    pub(super) fn place(&self, line: usize, column: usize) -> String {
        const ADDED: usize = 2 + STAND_IN.len_utf8();
        let start = match line.checked_sub(2) {
            Some(before) => self.text.match_indices('\n').nth(before).map_or(0, |(at, _)| at + 1),
            None => 0,
        };
        let added = self.stand_ins.iter().filter(|end| (start..=start + column).contains(end)).count() * ADDED;
        format!("line {line}, column {}", column - added)
    }
}
