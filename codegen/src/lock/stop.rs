//! The question put to a maintainer where the rules can't tell which field is which. In: the rule that stopped and the
//! fields it could not tell apart. Out: a message with the evidence for every answer and the lines of `overrides.toml`
//! that give it. Must not know how the rules reached the question.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};

use super::answer::Answer;
use super::field::{Definition, Field};
use super::file::{LockedField, ROOT};
use super::moved::table;
use crate::error::{Error, ErrorKind};
use crate::toml_text::quoted;

/// Fields that the rules could not tell apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The locked name of the struct whose fields they are.
    pub owner: String,
    /// The rule that stopped.
    pub rule: Rule,
    /// The locked fields that are in question.
    pub old: Vec<Candidate>,
    /// The published fields that they may be now.
    pub new: Vec<Candidate>,
}

/// Why the matching stopped; see [`matching`](super::matching).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// (a) Only its key says that it is still the same field: title and definition changed at once.
    TitleAndDefinition,
    /// (a) Its title moved to another key, and type or input part changed too.
    TypeOrInput,
    /// (b) It took on the definition that another field had and lost.
    TookDefinition,
    /// (c) The key says one thing, the title another, and the definitions don't decide.
    KeyAgainstTitle,
    /// (d) A field disappeared, and one of the same type and input part appeared.
    LeftOver,
    /// (e) A field was removed once, and one with its title, type and input part appeared.
    CameBack,
}

impl Rule {
    /// The letter that the documentation calls the rule by.
    #[must_use]
    pub fn letter(self) -> char {
        match self {
            Rule::TitleAndDefinition | Rule::TypeOrInput => 'a',
            Rule::TookDefinition => 'b',
            Rule::KeyAgainstTitle => 'c',
            Rule::LeftOver => 'd',
            Rule::CameBack => 'e',
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Rule::TitleAndDefinition => "its key is the same, but title and definition changed at once",
            Rule::TypeOrInput => "its title is at another key now, where type or input part differ",
            Rule::TookDefinition => "its definition became the one that another field had and lost",
            Rule::KeyAgainstTitle => "keys and titles contradict each other, and the definitions don't decide",
            Rule::CameBack => "it was removed once, and what appeared has its title, type and input part",
            Rule::LeftOver => {
                "no unique title and no trusted key say where it is, and what appeared has its type and input part"
            }
        }
    }
}

/// A field in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The locked name; `None` for a published field.
    pub name: Option<String>,
    /// The wire key.
    pub key: String,
    /// The title; empty where there is none.
    pub title: String,
    /// Type, values, bounds and default.
    pub definition: Definition,
    /// The answer that a line of `overrides.toml` gave to an earlier question about it.
    pub answered: Option<Answer>,
}

impl Candidate {
    pub(super) fn old(name: &str, field: &Field) -> Self {
        Self { name: Some(name.to_owned()), ..Self::new(field) }
    }

    pub(super) fn new(field: &Field) -> Self {
        Self {
            name: None,
            key: field.key.clone(),
            title: field.title.clone(),
            definition: field.definition.clone(),
            answered: None,
        }
    }

    /// The line that says it is that published field now. A spent line, if there is one, may have said the same.
    fn answer(&self, new: &Self) -> Answer {
        match &self.answered {
            Some(Answer::Key(key)) if *key == new.key && *key == self.key => Answer::Stays,
            Some(Answer::Key(key)) if *key == new.key => Answer::Again(key.clone()),
            _ => Answer::Key(new.key.clone()),
        }
    }

    /// What it has in common with another field; the evidence for their being one.
    fn shared_with(&self, other: &Self) -> Vec<&'static str> {
        let marks = [
            (self.key == other.key, "key"),
            (self.title == other.title && !self.title.is_empty(), "title"),
            (self.definition == other.definition, "definition"),
        ];
        marks.into_iter().filter_map(|(shared, what)| shared.then_some(what)).collect()
    }
}

impl Stop {
    pub(super) fn new(rule: Rule, old: Vec<Candidate>, new: Vec<Candidate>) -> Self {
        Self { owner: ROOT.to_owned(), rule, old, new }
    }

    /// The same question about the fields of one struct, with the answers that its lock remembers.
    pub(super) fn about(mut self, owner: &str, locked: &[&LockedField]) -> Self {
        owner.clone_into(&mut self.owner);
        for old in &mut self.old {
            let field = locked.iter().find(|field| Some(&field.name) == old.name.as_ref());
            old.answered = field.and_then(|field| field.applied.moved.clone());
        }
        self
    }

    /// Whether it asks if the locked field is the published one; without a published one, whether it was removed.
    pub(super) fn asks(&self, old: &str, new: Option<&str>) -> bool {
        self.old.iter().any(|candidate| candidate.name.as_deref() == Some(old))
            && new.is_none_or(|key| self.new.iter().any(|candidate| candidate.key == key))
    }

    /// What is asked: the rule and the keys in question, whatever their order.
    pub(super) fn question(&self) -> (Rule, BTreeSet<String>, BTreeSet<String>) {
        let keys = |candidates: &[Candidate]| candidates.iter().map(|candidate| candidate.key.clone()).collect();
        (self.rule, keys(&self.old), keys(&self.new))
    }

    /// The lines for `overrides.toml`, all commented: for every locked field each published one that it may be now, the
    /// likeliest first, with what speaks for it, and at last that it was removed.
    #[must_use]
    pub fn overrides(&self) -> String {
        let mut lines = table(&self.owner) + "\n";
        for old in &self.old {
            let name = old.name.as_deref().unwrap_or_default();
            let mut answers: Vec<_> = self.new.iter().map(|new| (new, old.shared_with(new))).collect();
            answers.sort_by_key(|(_, shared)| std::cmp::Reverse(shared.len()));
            for (new, shared) in answers {
                let evidence = match shared.as_slice() {
                    [] => "nothing in common but type or input part".to_owned(),
                    some => format!("same {}", some.join(" and ")),
                };
                let title = short(&new.title);
                // Writing to a string can't fail.
                let _ = writeln!(lines, "# {name} = {}  # {evidence}; now titled {title}", old.answer(new));
            }
            let _ = writeln!(lines, "# {name} = \"\"  # removed");
        }
        lines
    }
}

impl fmt::Display for Stop {
    /// The question in one sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> =
            self.old.iter().filter_map(|old| old.name.as_ref()).map(|name| format!("`{name}`")).collect();
        let keys: Vec<String> = self.new.iter().map(|new| short(&new.key)).collect();
        let (names, keys) = (names.join(", "), keys.join(", "));
        write!(
            f,
            "can't tell what became of {names} among {keys}: {} (rule {})",
            self.rule.reason(),
            self.rule.letter()
        )
    }
}

impl From<Stop> for Error {
    fn from(stop: Stop) -> Self {
        let mut help = String::from("a wrong guess would send a value to the wrong node, so nothing was changed.\n");
        for old in &stop.old {
            let name = old.name.as_deref().unwrap_or_default();
            let _ = writeln!(help, "was: {name}, {}", facts(old));
        }
        for new in &stop.new {
            let _ = writeln!(help, "now: {}", facts(new));
        }
        for old in &stop.old {
            if let (Some(name), Some(answer)) = (&old.name, &old.answered) {
                let _ =
                    writeln!(help, "`{name} = {answer}` in overrides.toml answered an earlier question: replace it");
            }
        }
        help.push_str("in the model's overrides.toml, keep one line for each name that you know the answer for, or give its true key:\n");
        help.push_str(&stop.overrides());
        Error::new(ErrorKind::Ambiguous, stop.to_string()).help(help)
    }
}

/// Key, title and definition of a field in one line.
fn facts(candidate: &Candidate) -> String {
    let Definition { kind, values, bounds, default } = &candidate.definition;
    let mut facts =
        vec![format!("key {}", short(&candidate.key)), format!("title {}", short(&candidate.title)), kind.clone()];
    if !values.is_empty() {
        let first: Vec<String> = values.iter().take(3).map(|value| short(value)).collect();
        let more = if values.len() > first.len() { ", …" } else { "" };
        facts.push(format!("{} values: {}{more}", values.len(), first.join(", ")));
    }
    facts.extend(bounds.iter().map(|(keyword, value)| format!("{keyword} {value}")));
    facts.extend(default.iter().map(|text| format!("default {}", short(text))));
    facts.join(", ")
}

/// A published text in quotes, on one line, cut where it gets long.
fn short(text: &str) -> String {
    const LIMIT: usize = 50;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => quoted(&format!("{}…", &text[..end])),
        None => quoted(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stop() -> Stop {
        let field = |key: &str, title: &str| Field {
            key: key.into(),
            input: Some("text".into()),
            title: title.into(),
            definition: Definition::new("string"),
            is_bare: false,
        };
        Stop::new(
            Rule::KeyAgainstTitle,
            vec![
                Candidate::old("prompt", &field("1_text", "Prompt")),
                Candidate::old("style", &field("2_text", "Style")),
            ],
            vec![Candidate::new(&field("1_text", "Style\n[x]")), Candidate::new(&field("2_text", "Prompt"))],
        )
    }

    #[test]
    fn every_answer_is_a_line_to_uncomment() {
        let printed = stop().overrides();
        let uncommented = printed.replace("# prompt = \"2_text\"", "prompt = \"2_text\"");
        let table: toml::Table = toml::from_str(&uncommented).expect("the lines are TOML");
        assert_eq!(table["moved"]["prompt"].as_str(), Some("2_text"));
        assert_eq!(printed.lines().count(), 7, "header, and three answers for each of two names:\n{printed}");
        assert!(printed.lines().skip(1).all(|line| line.starts_with("# ")), "{printed}");
    }

    #[test]
    fn a_message_names_the_fields_the_rule_and_the_evidence() {
        let error = Error::from(stop());
        assert_eq!(error.kind, ErrorKind::Ambiguous);
        assert!(error.message.contains("`prompt`, `style`") && error.message.contains("(rule c)"), "{}", error.message);
        assert!(error.help.contains("# prompt = \"1_text\"  # same key and definition; now titled"), "{}", error.help);
    }

    #[test]
    fn a_title_with_a_line_break_stays_in_its_comment() {
        assert!(stop().overrides().contains(r#"now titled "Style\n[x]""#));
    }
}
