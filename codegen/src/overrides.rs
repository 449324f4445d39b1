//! `overrides.toml`, what a maintainer decides by hand for one model: text in, plain data out. An entry that matches
//! nothing is an error: a decision that silently does nothing is worse than none. One for a schema that is still to come
//! stands in `[next]`, and waits. Must not know what is decided.

mod next;

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::likeness::nearest;
use crate::lock::{Answer, Answers, Lock, ROOT};
use crate::{Error, ErrorKind, Errors, SourceFile};
pub use next::{Next, NextAccept};

/// The decisions for one model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// `[names]`: the readable name of a field, by its wire key; in nested objects, by a path such as `camera/lens`.
    pub names: BTreeMap<String, String>,
    /// `[type_names]`: the Rust name of a type, by the path of the field it is the type of, or of a union's form, such as
    /// `image_size<object>`.
    pub type_names: BTreeMap<String, String>,
    /// `[variants.<Type>]`: the variant of an enum's value or a union's form, by the name of the type and the value, or what
    /// `names.lock` knows the form by.
    pub variants: BTreeMap<String, BTreeMap<String, String>>,
    /// `[moved]` and `[moved.<Type>]`: the wire key that a locked field has now, by the names of its type and its own;
    /// empty if it was removed. The answer to a stop. Fields of the whole input stand under `Input`.
    #[serde(deserialize_with = "by_owner")]
    pub moved: BTreeMap<String, Answers>,
    /// `[aliases.<Type>]`: the name a field had, and the one it has now. The old one stays as a deprecated setter and is
    /// still read.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// `[types]`: what a field of the input really is, where the published type is wrong, by its wire key or path.
    pub types: BTreeMap<String, Correction>,
    /// `[accept]`: what is left unchecked knowingly.
    pub accept: Accept,
    /// `[next]`: which of all these are for a schema that is still to come.
    pub next: Next,
}

/// The type that a field really has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Correction {
    /// `true` or `false`
    Boolean,
    /// A whole number
    Integer,
    /// Any number
    Number,
    /// A text
    String,
    /// A list
    Array,
    /// An object
    Object,
    /// A picture, or a list of them where the published type is a list
    Image,
    /// A film, or a list of them
    Video,
    /// A sound, or a list of them
    Audio,
}

impl Correction {
    /// As it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

/// What is left unchecked knowingly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Keywords of the schemas that nothing here knows.
    pub keywords: BTreeSet<String>,
    /// Where typify reads a schema differently and a person has found our reading right: `input.json#/properties/size`.
    pub second_opinion: BTreeSet<String>,
}

/// The text of the decisions that stand, which goes with a compiled model; empty if there are none. What waits for a schema
/// (`[moved]`, `[next]`) stays out, so that committing it beforehand changes nothing that is generated.
pub(crate) fn standing(file: &SourceFile) -> String {
    // What is no TOML is an error of its own.
    let mut decisions: toml::Table = toml::from_str(&file.text).unwrap_or_default();
    for waiting in ["moved", "next"] {
        decisions.remove(waiting);
    }
    toml::to_string(&decisions).unwrap_or_default()
}

/// The keywords that `overrides.toml` at the top of the schema folder accepts for every model.
///
/// # Errors
/// [`ErrorKind::Toml`] with the line: not TOML, or more than `[accept]`.
pub fn accepted_everywhere(file: &SourceFile) -> Result<BTreeSet<String>, Error> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Everywhere {
        #[serde(default)]
        accept: Accept,
    }
    let of_all: Everywhere = read(file, "at the top of the schema folder the one table is [accept]")?;
    if of_all.accept.second_opinion.is_empty() {
        return Ok(of_all.accept.keywords);
    }
    let error = Error::new(ErrorKind::Toml, "second_opinion accepts differences at places of one model's schemas");
    Err(error.of("", &file.path).help("move the lines to the overrides.toml of that model"))
}

fn read<T: DeserializeOwned>(file: &SourceFile, help: &str) -> Result<T, Error> {
    toml::from_str(&file.text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start.min(file.text.len()));
        let line = file.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::new(ErrorKind::Toml, format!("this is not what overrides.toml may hold: {}", error.message()))
            .of("", &file.path)
            .at(format!("line {line}"))
            .help(help)
    })
}

/// `[moved]` holds answers for `Input`, and tables of answers for other types.
fn by_owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Answers>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "[moved] holds keys, \"\" or false by field, and [moved.<Type>] the same")]
    enum Entry {
        Answer(Answer),
        Answers(Answers),
    }
    let mut moved: BTreeMap<String, Answers> = BTreeMap::new();
    for (name, entry) in BTreeMap::<String, Entry>::deserialize(deserializer)? {
        match entry {
            Entry::Answer(answer) => drop(moved.entry(ROOT.to_owned()).or_default().insert(name, answer)),
            Entry::Answers(answers) => moved.entry(name).or_default().extend(answers),
        }
    }
    Ok(moved)
}

/// What the entries of a file can match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets<'a> {
    /// The paths of all fields, by wire keys.
    pub paths: BTreeSet<String>,
    /// The entries of `[names]` that name a field, by the paths they are written for.
    pub named: BTreeSet<String>,
    /// The entries of `[types]` that correct a field, by the paths they are written for.
    pub corrected: BTreeSet<String>,
    /// The types that have a lock of their own, or had one.
    pub owners: BTreeSet<&'a str>,
    /// The paths of all types, and the entries of `[type_names]` whose names there are.
    pub types: BTreeSet<String>,
    /// The values of all enums and the keys of all forms, with the names of their types.
    pub values: BTreeSet<(String, String)>,
    /// The names of all fields, with their structs' names.
    pub fields: BTreeSet<(String, String)>,
    /// The accepted keywords that a schema has.
    pub keywords: BTreeSet<String>,
}

impl Overrides {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`] with the line: not TOML, or a table that there is not.
    pub fn parse(file: &SourceFile) -> Result<Self, Error> {
        let tables = "the tables are [names], [type_names], [variants.<Type>], [moved], [aliases.<Type>], [types] and [accept], \
                      and all but [moved] below [next] for schemas that are still to come";
        read::<Self>(file, tables)?.with_next().map_err(|error| error.of("", &file.path))
    }

    /// The name that the field at a path gets, unless the lock says that the line was written for another field.
    #[must_use]
    pub fn name_at(&self, path: &str, lock: Option<&Lock>) -> Option<&str> {
        let (path, name) = self.names.get_key_value(path)?;
        let mut locked = lock.into_iter().flat_map(|lock| &lock.fields);
        let is_spent = locked.any(|field| field.applied.named.as_ref() == Some(path) && field.json == *name);
        (!is_spent).then_some(name.as_str())
    }

    /// The type that the field at a path gets, unless the lock says that the line was written for another field.
    #[must_use]
    pub fn type_at(&self, path: &str, lock: Option<&Lock>) -> Option<Correction> {
        let correction = *self.types.get(path)?;
        let corrected =
            lock.into_iter().flat_map(|lock| &lock.fields).filter_map(|field| field.applied.corrected.as_ref());
        let is_spent = corrected.into_iter().any(|entry| entry.path == path && entry.kind == correction.name());
        (!is_spent).then_some(correction)
    }

    /// Checks that every entry has something to decide, and gives what is to be told of those in `[next]`. The answers of
    /// `[moved]` are checked one by one where they are given, accepted keywords where schemas are read.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for each entry outside `[next]` that matches nothing, with what may have been meant.
    pub fn all_match(&self, targets: &Targets<'_>) -> Result<Errors, Errors> {
        let mut told = Told::default();
        let next = &self.next;
        let paths = || targets.paths.iter().map(String::as_str);
        for path in self.names.keys() {
            told.entry("names", path, next.names.contains_key(path), targets.named.contains(path), paths());
        }
        for path in self.type_names.keys() {
            let known = targets.types.iter().map(String::as_str);
            told.entry("type_names", path, next.type_names.contains_key(path), targets.types.contains(path), known);
        }
        for path in self.types.keys() {
            told.entry("types", path, next.types.contains_key(path), targets.corrected.contains(path), paths());
        }
        for owner in self.moved.keys().filter(|owner| !targets.owners.contains(owner.as_str()) && *owner != ROOT) {
            told.errors.push(unused("[moved]", owner, targets.owners.iter().copied()));
        }
        for (of, variants) in &self.variants {
            let is_next = |value: &str| next.variants.get(of).is_some_and(|next| next.contains_key(value));
            let entries = variants.keys().map(|value| (value.as_str(), value.as_str(), is_next(value)));
            told.members("variants", of, entries, &targets.values);
        }
        for (of, aliases) in &self.aliases {
            let is_next = |alias: &str| next.aliases.get(of).is_some_and(|next| next.contains_key(alias));
            let entries = aliases.iter().map(|(alias, name)| (alias.as_str(), name.as_str(), is_next(alias)));
            told.members("aliases", of, entries, &targets.fields);
        }
        for keyword in &next.accept.keywords {
            told.entry("accept", keyword, true, targets.keywords.contains(keyword), []);
        }
        told.errors.or(told.notes)
    }
}

/// What is found of entries.
#[derive(Default)]
struct Told {
    errors: Errors,
    notes: Errors,
}

impl Told {
    fn entry<'k>(
        &mut self,
        table: &str,
        entry: &str,
        is_next: bool,
        is_met: bool,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        match (is_next, is_met) {
            (true, _) => self.notes.push(next::note(table, entry, is_met, known)),
            (false, true) => {}
            (false, false) => self.errors.push(unused(&format!("[{table}]"), entry, known)),
        }
    }

    /// The same for entries about what a type has: each with what it is about. A type that is not there is told once.
    fn members<'e>(
        &mut self,
        table: &str,
        of: &str,
        entries: impl Iterator<Item = (&'e str, &'e str, bool)>,
        known: &BTreeSet<(String, String)>,
    ) {
        let full = format!("{table}.{of}");
        let members: Vec<&str> =
            known.iter().filter(|(name, _)| name == of).map(|(_, member)| member.as_str()).collect();
        let owners = || known.iter().map(|(name, _)| name.as_str()).collect::<BTreeSet<_>>();
        let mut is_type_told = !members.is_empty();
        for (entry, member, is_next) in entries {
            if is_next || !members.is_empty() {
                // An alias that is to come can't have the name of a field that is still there.
                let is_free = !is_next || entry == member || !members.contains(&entry);
                let shown = if is_next { entry } else { member };
                self.entry(&full, shown, is_next, members.contains(&member) && is_free, members.iter().copied());
            } else if !std::mem::replace(&mut is_type_told, true) {
                self.errors.push(unused(&format!("[{table}]"), of, owners()));
            }
        }
    }
}

/// An entry that matches nothing, with what may have been meant.
pub(crate) fn unused<'k>(table: &str, entry: &str, known: impl IntoIterator<Item = &'k str>) -> Error {
    let others = known.into_iter().filter(|known| *known != entry);
    let help = nearest(entry, others).map(|name| format!("did you mean {name:?}? Otherwise remove the entry"));
    Error::new(ErrorKind::UnusedOverride, format!("the entry {entry:?} of {table} matches nothing"))
        .help(help.unwrap_or_else(|| "remove the entry".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overrides(text: &str) -> Result<Overrides, Error> {
        Overrides::parse(&SourceFile { path: "a/b/overrides.toml".into(), text: text.into() })
    }

    #[test]
    fn an_entry_that_matches_nothing_is_an_error_with_a_suggestion() {
        let found = overrides("[names]\n\"56_txt\" = \"prompt\"\n\"7_cfg\" = \"guidance\"\n").expect("valid");
        let paths = ["56_text", "7_cfg"].map(str::to_owned).into();
        let targets = Targets { paths, named: ["7_cfg".to_owned()].into(), ..Targets::default() };
        let errors = found.all_match(&targets).expect_err("one matches nothing").to_string();
        assert!(errors.contains("56_txt") && errors.contains("did you mean \"56_text\""), "{errors}");
        assert!(!errors.contains("7_cfg"), "{errors}");
    }

    #[test]
    fn a_misspelt_type_is_an_error_with_a_suggestion() {
        let found = overrides("[variants.Resolutin]\na = \"A\"\n[aliases.Inputt]\na = \"b\"\n").expect("valid");
        let pair = |of: &str, member: &str| (of.to_owned(), member.to_owned());
        let (values, fields) = ([pair("Resolution", "a")].into(), [pair("Input", "b")].into());
        let errors = found.all_match(&Targets { values, fields, ..Targets::default() }).expect_err("two").to_string();
        for words in ["[variants] matches nothing", "\"Resolution\"", "[aliases] matches nothing", "\"Input\""] {
            assert!(errors.contains(words), "{words}: {errors}");
        }
    }

    #[test]
    fn answers_stand_under_the_type_whose_field_moved() {
        let found = overrides("[moved]\na = \"1_x\"\nb = \"\"\n[moved.Camera]\nlens = false\n").expect("valid");
        let (input, camera) = (&found.moved["Input"], &found.moved["Camera"]);
        assert_eq!(input["a"], Answer::Key("1_x".to_owned()));
        assert_eq!((&input["b"], &camera["lens"]), (&Answer::Removed, &Answer::Stays));
        assert!(overrides("[moved]\na = true\n").is_err() && overrides("[moved]\na = 1\n").is_err());
    }

    #[test]
    fn an_alias_for_a_field_that_is_not_there_is_an_error_with_a_suggestion() {
        let found = overrides("[aliases.Input]\ntext = \"promt\"\n").expect("valid");
        let fields = [("Input".to_owned(), "prompt".to_owned())].into();
        let errors = found.all_match(&Targets { fields, ..Targets::default() }).expect_err("no such field").to_string();
        assert!(errors.contains("[aliases.Input]") && errors.contains("did you mean \"prompt\""), "{errors}");
    }

    #[test]
    fn a_misspelt_table_is_an_error_with_its_line() {
        let error = overrides("[names]\n\"a\" = \"b\"\n[nmaes]\n").expect_err("no such table");
        assert_eq!((error.kind, error.place.as_str()), (ErrorKind::Toml, "line 3"), "{error}");
    }
}
