//! The text of `overrides.toml`, read and written: a file in, its tables out, and the reverse. Must not know what its entries
//! decide.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::Accept;
use crate::lock::{Answer, Answers, ROOT};
use crate::{Error, ErrorKind, SourceFile};

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
    let Accept { keywords, second_opinion, texts } = of_all.accept;
    let message = match (second_opinion.is_empty(), texts.is_empty()) {
        (true, true) => return Ok(keywords),
        (false, _) => "second_opinion accepts differences at places of one model's schemas",
        (true, false) => "texts accepts what stands in one model's schema",
    };
    let error = Error::new(ErrorKind::Toml, message);
    Err(error.of("", &file.path).help("move the lines to the overrides.toml of that model"))
}

pub(super) fn read<T: DeserializeOwned>(file: &SourceFile, help: &str) -> Result<T, Error> {
    toml::from_str(&file.text).map_err(|error| {
        Error::toml("this is not what overrides.toml may hold", &file.text, &error).of("", &file.path).help(help)
    })
}

/// `[moved]` holds answers for `Input`, and tables of answers for other types.
pub(super) fn by_owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Answers>, D::Error> {
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
