//! A published pattern in, the same pattern as ECMA-262 reads it with the flag `u` out, or why it is none. Needless escapes
//! and lone brackets, which only the older grammar allows, are spelt so that the flag stays on: without it `\p{L}` is the
//! letter p. What other dialects write and ECMA-262 reads as something else is an error. Must not know where a pattern is
//! used.

use std::iter::Peekable;
use std::str::Chars;

use crate::{Error, ErrorKind};

const HELP: &str = "write it as JavaScript would, in the words of ECMA-262 with the flag `u`; a published one that nobody here \
                    can change is left unchecked by overrides.toml: [accept], then `keywords = [\"pattern\"]`";

/// The pattern in a form that compiles with the flag `u` and means the same.
///
/// # Errors
/// [`ErrorKind::InvalidSchema`] for what is no regular expression, and for what means something else elsewhere.
pub(crate) fn ecma(source: &str) -> Result<String, Error> {
    let mut reader = Reader { rest: source.chars().peekable(), out: String::with_capacity(source.len()) };
    let fail = |why: String| {
        let message = format!("the pattern {source:?} is no regular expression of ECMA-262: {why}");
        Error::new(ErrorKind::InvalidSchema, message).help(HELP)
    };
    reader.read().map_err(fail)?;
    let compiled = regress::Regex::with_flags(&reader.out, "u");
    compiled.map(|_| reader.out).map_err(|error| fail(error.to_string()))
}

struct Reader<'s> {
    rest: Peekable<Chars<'s>>,
    out: String,
}

impl Reader<'_> {
    fn read(&mut self) -> Result<(), String> {
        // Whether a class without members was met: elsewhere `[]a]` is the class of `]` and `a`.
        let mut empty = false;
        while let Some(char) = self.rest.next() {
            match char {
                '\\' => self.escape(false)?,
                '[' => empty |= self.class()?,
                '{' if !self.is_quantifier()? => self.out.push_str(r"\{"),
                '{' => self.quantifier(),
                '}' => self.out.push_str(r"\}"),
                ']' if empty => return Err("a `]` at the start of a class ends it".to_owned()),
                ']' => self.out.push_str(r"\]"),
                _ => self.out.push(char),
            }
        }
        Ok(())
    }

    /// What follows a backslash.
    fn escape(&mut self, in_class: bool) -> Result<(), String> {
        let Some(char) = self.rest.next() else { return Err("it ends in a backslash".to_owned()) };
        let is_syntax = r"^$\.*+?()[]{}|/".contains(char) || (in_class && char == '-');
        // What is neither a letter nor a digit means itself.
        if !is_syntax && !char.is_ascii_alphanumeric() {
            self.out.push(char);
            return Ok(());
        }
        let known = if in_class { "dDwWsSbfnrtvcxu0pP" } else { "dDwWsSbBfnrtvcxu0pPk123456789" };
        let needs_brace = matches!(char, 'p' | 'P') && self.rest.peek() != Some(&'{');
        let is_other = matches!(char, 'x') && self.rest.peek() == Some(&'{');
        if !is_syntax && (!known.contains(char) || needs_brace || is_other) {
            return Err(format!("`\\{char}{}` belongs to another dialect", if is_other { "{…}" } else { "" }));
        }
        self.out.extend(['\\', char]);
        if matches!(char, 'p' | 'P' | 'u') && self.rest.peek() == Some(&'{') {
            self.through('}');
        }
        Ok(())
    }

    /// A class, whose bracket is read. Tells whether it has no members.
    fn class(&mut self) -> Result<bool, String> {
        self.out.push('[');
        if self.rest.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let (mut members, mut after_set) = (0, false);
        while let Some(char) = self.rest.next() {
            match char {
                ']' => {
                    self.out.push(']');
                    return Ok(members == 0);
                }
                '\\' => {
                    let is_set = self.rest.peek().is_some_and(|next| "dDwWsSpP".contains(*next));
                    self.escape(true)?;
                    after_set = is_set;
                    members += 1;
                    continue;
                }
                '[' if self.rest.peek().is_some_and(|next| ":.=".contains(*next)) => {
                    return Err("`[:…:]` within a class belongs to another dialect".to_owned());
                }
                // A set such as `\w` begins and ends no range, so the hyphen beside it is one.
                '-' if members > 0 && (after_set || self.before_set()) => self.out.push_str(r"\-"),
                _ => self.out.push(char),
            }
            after_set = false;
            members += 1;
        }
        Err("a class has no end".to_owned())
    }

    /// Whether a set such as `\w` comes next.
    fn before_set(&self) -> bool {
        let mut next = self.rest.clone();
        next.next() == Some('\\') && next.next().is_some_and(|char| "dDwWsSpP".contains(char))
    }

    /// Whether a brace that is read begins `{2}`, `{2,}` or `{2,3}`.
    fn is_quantifier(&self) -> Result<bool, String> {
        let inside: String = self.rest.clone().take_while(|char| *char != '}').collect();
        let is_closed = self.rest.clone().any(|char| char == '}');
        let is_count = |text: &str| !text.is_empty() && text.chars().all(|char| char.is_ascii_digit());
        match inside.split_once(',') {
            Some(("", most)) if is_closed && is_count(most) => {
                Err(format!("`{{,{most}}}` counts in other dialects only: write `{{0,{most}}}`"))
            }
            Some((least, most)) => Ok(is_closed && is_count(least) && (most.is_empty() || is_count(most))),
            None => Ok(is_closed && is_count(&inside)),
        }
    }

    fn quantifier(&mut self) {
        self.out.push('{');
        self.through('}');
    }

    /// Copies up to and with `end`.
    fn through(&mut self, end: char) {
        for char in self.rest.by_ref() {
            self.out.push(char);
            if char == end {
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_flag_u_stays_where_only_needless_escapes_are_in_its_way() {
        for (published, with_u) in [
            (r"^[\p{L}\_]+$", r"^[\p{L}_]+$"),
            (r"^[\w-.]+$", r"^[\w\-.]+$"),
            (r"^[a-\d]$", r"^[a\-\d]$"),
            (r"\@\#\-\:", "@#-:"),
            (r"[\-a]", r"[\-a]"),
            ("^{.*}$", r"^\{.*\}$"),
            ("a{2}b{2,}c{2,3}d{x}", r"a{2}b{2,}c{2,3}d\{x\}"),
            ("a]", r"a\]"),
            (r"\u{1F600}\x41\cA\0(a)\1", r"\u{1F600}\x41\cA\0(a)\1"),
            ("[a-z]{1,3}[^]", "[a-z]{1,3}[^]"),
            (r"(?<year>\d{4})-\k<year>", r"(?<year>\d{4})-\k<year>"),
        ] {
            assert_eq!(ecma(published).expect(published), with_u);
        }
        let letters = regress::Regex::with_flags(&ecma(r"^[\p{L}\_]+$").expect("a pattern"), "u").expect("compiles");
        assert!(letters.find("abc_é").is_some() && letters.find("p{L}").is_none());
    }

    #[test]
    fn what_other_dialects_mean_is_refused_with_the_way_out() {
        for (published, word) in [
            (r"\A[a-z]+\Z", r"`\A`"),
            (r"^a\z", r"`\z`"),
            (r"^\h+$", r"`\h`"),
            (r"\Qa.b\E", r"`\Q`"),
            ("^[[:alpha:]]+$", "`[:…:]`"),
            ("^[[.a.]]$", "`[:…:]`"),
            ("a{,3}", "`{0,3}`"),
            (r"^\x{41}$", r"`\x{…}`"),
            (r"\pL", r"`\p`"),
            (r"\a", r"`\a`"),
            ("[]a]", "start of a class"),
            ("[^]a]", "start of a class"),
            (r"[\B]", r"`\B`"),
            ("[a", "no end"),
            ("a\\", "backslash"),
            ("(?P<a>b)", "ECMA-262"),
            ("a++", "ECMA-262"),
            ("(?i)a", "ECMA-262"),
            ("(", "ECMA-262"),
            (r"\1", "ECMA-262"),
        ] {
            let error = ecma(published).expect_err(published);
            assert!(error.message.contains(word) && error.help.contains("[accept]"), "{published}: {error}");
        }
    }

    proptest! {
        /// What the flag takes as it is keeps its spelling, but for escapes that mean nothing.
        #[test]
        fn what_is_written_compiles_and_stays_as_it_is(source in r"[a-z\\\[\]\{\}^$.*+?()|,0-9:_-]{0,12}") {
            if let Ok(once) = ecma(&source) {
                prop_assert!(regress::Regex::with_flags(&once, "u").is_ok());
                prop_assert_eq!(ecma(&once).expect("compiles"), once);
            }
        }
    }
}
