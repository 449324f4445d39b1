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
                .help("there are two tables: [names] and [variants.<Type>]")
        })
    }

    /// Checks that every entry has something to decide: `fields` holds the paths of all fields, `values` the values of
    /// all enums.
    ///
    /// # Errors
    /// [`ErrorKind::UnusedOverride`] for each entry that matches nothing, with what may have been meant.
    pub fn all_match(&self, fields: &BTreeSet<String>, values: &BTreeSet<(String, String)>) -> Result<(), Errors> {
        let mut errors = Errors::default();
        for path in self.names.keys().filter(|path| !fields.contains(*path)) {
            errors.push(unused("[names]", path, fields.iter().map(String::as_str)));
        }
        for (of, variants) in &self.variants {
            let table = format!("[variants.{of}]");
            for value in variants.keys().filter(|value| !values.contains(&(of.clone(), (*value).clone()))) {
                let known = values.iter().filter(|(name, _)| name == of).map(|(_, value)| value.as_str());
                errors.push(unused(&table, value, known));
            }
        }
        errors.or(())
    }
}

fn unused<'k>(table: &str, entry: &str, known: impl Iterator<Item = &'k str>) -> Error {
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
        let fields = ["56_text", "7_cfg"].map(str::to_owned).into();
        let errors = found.all_match(&fields, &BTreeSet::new()).expect_err("one matches nothing").to_string();
        assert!(errors.contains("56_txt") && errors.contains("did you mean \"56_text\""), "{errors}");
        assert!(!errors.contains("7_cfg"), "{errors}");
    }

    #[test]
    fn a_misspelt_table_is_an_error_with_its_line() {
        let error = overrides("[names]\n\"a\" = \"b\"\n[nmaes]\n").expect_err("no such table");
        assert_eq!((error.kind, error.place.as_str()), (ErrorKind::Toml, "line 3"), "{error}");
    }
}
