//! `overrides.toml`, what a maintainer decides by hand for one model: text in, plain data out. An entry that matches
//! nothing is an error: a decision that silently does nothing is worse than none. Must not know what is decided.

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

use crate::{Error, ErrorKind, Errors, SourceFile};

/// The decisions for one model.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Overrides {
    /// `[names]`: the readable name of a field, by its wire key; in nested objects, by a path such as `camera/lens`.
    pub names: BTreeMap<String, String>,
    /// `[variants.<Type>]`: the variant of an enum value, by the enum's Rust name and the value.
    pub variants: BTreeMap<String, BTreeMap<String, String>>,
    /// `[moved]`: the wire key that a locked field of `Input` has now, by its name; empty if it was removed. The answer
    /// to a stop.
    pub moved: BTreeMap<String, String>,
    /// `[aliases.<Type>]`: the name a field had, and the one it has now. The old one stays as a deprecated setter and is
    /// still read.
    pub aliases: BTreeMap<String, BTreeMap<String, String>>,
    /// `[types]`: what a field of the input really is, where the published type is wrong, by its wire key or path.
    pub types: BTreeMap<String, Correction>,
    /// `[accept]`: what is left unchecked knowingly.
    pub accept: Accept,
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

/// What is left unchecked knowingly.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Accept {
    /// Keywords of the schemas that nothing here knows.
    pub keywords: BTreeSet<String>,
}

/// What the entries of a file can match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets<'a> {
    /// The paths of all fields, by wire keys.
    pub paths: BTreeSet<String>,
    /// The names that the lock gives to fields which are in the schema.
    pub held: BTreeSet<&'a str>,
    /// The values of all enums, with the enums' names.
    pub values: BTreeSet<(String, String)>,
    /// The names of all fields, with their structs' names.
    pub fields: BTreeSet<(String, String)>,
}

impl Overrides {
    /// Reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::Toml`] with the line: not TOML, or a table that there is not.
    pub fn parse(file: &SourceFile) -> Result<Self, Error> {
        toml::from_str(&file.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start.min(file.text.len()));
            let line = file.text.as_bytes()[..start].iter().filter(|byte| **byte == b'\n').count() + 1;
            Error::new(ErrorKind::Toml, format!("this is not what overrides.toml may hold: {}", error.message()))
                .of("", &file.path)
                .at(format!("line {line}"))
                .help("the tables are [names], [variants.<Type>], [moved], [aliases.<Type>], [types] and [accept]")
        })
    }

    /// Checks that every entry of `[names]`, `[variants]` and `[aliases]` has something to decide.
    ///
    /// A name that the lock holds already needs no field at its key: the key was another one when the line was written.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for each entry that matches nothing, with what may have been meant.
    pub fn all_match(&self, targets: &Targets<'_>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        let spent = |name: &String| targets.held.contains(name.as_str());
        for (path, _) in self.names.iter().filter(|(path, name)| !targets.paths.contains(*path) && !spent(name)) {
            errors.push(unused("[names]", path, targets.paths.iter().map(String::as_str)));
        }
        for (of, variants) in &self.variants {
            let table = format!("[variants.{of}]");
            errors.append(unknown_members(&table, of, variants.keys(), &targets.values));
        }
        for (of, aliases) in &self.aliases {
            let table = format!("[aliases.{of}]");
            errors.append(unknown_members(&table, of, aliases.values(), &targets.fields));
        }
        errors.or(())
    }
}

/// An error for each of the entries that `known` does not have for the type `of`.
fn unknown_members<'e>(
    table: &str,
    of: &str,
    entries: impl Iterator<Item = &'e String>,
    known: &BTreeSet<(String, String)>,
) -> Errors {
    let mut errors = Errors::default();
    for entry in entries.filter(|entry| !known.contains(&(of.to_owned(), (*entry).clone()))) {
        let members = known.iter().filter(|(name, _)| name == of).map(|(_, member)| member.as_str());
        errors.push(unused(table, entry, members));
    }
    errors
}

/// An entry that matches nothing, with what may have been meant.
pub(crate) fn unused<'k>(table: &str, entry: &str, known: impl Iterator<Item = &'k str>) -> Error {
    let likeness = |name: &str| strsim::jaro_winkler(name, entry);
    let nearest = known.max_by(|a, b| likeness(a).total_cmp(&likeness(b))).filter(|name| likeness(name) > 0.7);
    let help = nearest.map(|name| format!("did you mean {name:?}? Otherwise remove the entry"));
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
        let targets = Targets { paths: ["56_text", "7_cfg"].map(str::to_owned).into(), ..Targets::default() };
        let errors = found.all_match(&targets).expect_err("one matches nothing").to_string();
        assert!(errors.contains("56_txt") && errors.contains("did you mean \"56_text\""), "{errors}");
        assert!(!errors.contains("7_cfg"), "{errors}");
    }

    #[test]
    fn a_name_that_the_lock_holds_needs_no_field_at_its_old_key() {
        let found = overrides("[names]\n\"56_text\" = \"prompt\"\n").expect("valid");
        let mut targets = Targets { paths: ["90_text".to_owned()].into(), ..Targets::default() };
        assert!(found.all_match(&targets).is_err());
        targets.held.insert("prompt");
        assert!(found.all_match(&targets).is_ok());
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
