//! What went wrong, where, and what to do about it. Knows no stage: every stage builds its errors from these parts.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
#[cfg(feature = "emit")]
use std::path::Path;

/// One problem, with the place it was found at and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Error {
    /// The model's id; empty where no single model is at fault.
    pub model: String,
    /// The file, relative to the schema folder, with `/` between the parts; empty where there is none.
    pub file: String,
    /// The JSON pointer into the file (`/properties/56_text/type`) or `line 3, column 7`; empty for the whole file.
    pub place: String,
    /// The kind, for programs.
    pub kind: ErrorKind,
    /// One sentence that says what is wrong, with the offending value.
    pub message: String,
    /// One sentence that says what to do; may hold lines to paste. Empty where the message says it all.
    pub help: String,
}

/// The kinds of [`Error`], for programs; people read [`Error::message`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file or folder could not be read or written.
    Io,
    /// A file is not JSON, or has a key twice.
    Json,
    /// `model.toml`, `overrides.toml` or `names.lock` is not what it should be.
    Toml,
    /// The model's id can't be a folder, module or feature.
    ModelId,
    /// A keyword the generator does not know.
    UnknownKeyword,
    /// A keyword has a value of the wrong shape, or contradicts another.
    InvalidSchema,
    /// A keyword for which the generator was built without a feature.
    Feature,
    /// A `$ref` that leads nowhere, out of the file, or only to itself.
    Reference,
    /// A name can't be found, or two want the same one.
    Name,
    /// The lock's rules can't tell which field is which.
    Ambiguous,
    /// An entry of `overrides.toml` that matches nothing.
    UnusedOverride,
    /// A union that can't be turned into a type.
    Union,
    /// A file is missing, or is not what a command would write today.
    Stale,
    /// Another reader understands a schema differently.
    SecondOpinion,
    /// More models or features than a crate can have.
    TooMany,
    /// The generator contradicts itself: a bug of ours.
    Internal,
}

impl Error {
    /// An error of `kind` that is not yet tied to a place.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            model: String::new(),
            file: String::new(),
            place: String::new(),
            kind,
            message: message.into(),
            help: String::new(),
        }
    }

    /// Why a text is not the TOML that it should be, and on which line; the message says first what it is not.
    pub(crate) fn toml(message: &str, text: &str, error: &toml::de::Error) -> Self {
        let start = error.span().map_or(0, |span| span.start);
        let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count() + 1;
        Self::new(ErrorKind::Toml, format!("{message}: {}", error.message())).at(format!("line {line}"))
    }

    /// The same error with its remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same error with its JSON pointer, or its line and column.
    #[must_use]
    pub fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }

    /// The same error with its model and file.
    #[must_use]
    pub fn of(mut self, model: impl Into<String>, file: impl Into<String>) -> Self {
        self.model = model.into();
        self.file = file.into();
        self
    }
}

impl Error {
    fn write_place(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let visible = |text: &str| text.replace(char::is_control, "\u{fffd}");
        let file = visible(if self.file.is_empty() { &self.model } else { &self.file });
        match (file.is_empty(), self.place.is_empty()) {
            (true, true) => {}
            (false, true) => write!(f, "\n  --> {file}")?,
            (true, false) => write!(f, "\n  --> {}", self.place)?,
            (false, false) => write!(f, "\n  --> {file} at {}", self.place)?,
        }
        // A place in a response of many models says nothing to people.
        let is_known = self.file.is_empty() || self.file.contains(&self.model);
        if is_known { Ok(()) } else { write!(f, ", of {}", visible(&self.model)) }
    }

    /// One message for all the places that `others` add.
    fn write(&self, others: &[&Self], f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_SHOWN: usize = 3;
        write!(f, "error: {}", self.message)?;
        self.write_place(f)?;
        others.iter().take(MAX_SHOWN - 1).try_for_each(|other| other.write_place(f))?;
        if let Some(more @ 1..) = others.len().checked_sub(MAX_SHOWN - 1) {
            let models: BTreeSet<&str> = others.iter().chain([&self]).map(|error| error.model.as_str()).collect();
            write!(f, "\n  --> and {more} more {}", if more == 1 { "place" } else { "places" })?;
            if models.len() > 1 {
                write!(f, ", {} models in all", models.len())?;
            }
        }
        for (index, line) in self.help.lines().enumerate() {
            let lead = if index == 0 { "help: " } else { "      " };
            write!(f, "\n  {lead}{line}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(&[], f)
    }
}

impl std::error::Error for Error {}

/// All problems of one run, sorted and without repeats; an unknown keyword is shown once for all its places. Never empty when it is returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(Vec<Error>);

impl Errors {
    /// Adds one problem.
    pub fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// Adds all problems of another list.
    pub fn append(&mut self, other: Errors) {
        self.0.extend(other.0);
    }

    /// Every problem, changed in the same way.
    #[must_use]
    pub fn map(self, change: impl Fn(Error) -> Error) -> Self {
        Self(self.0.into_iter().map(change).collect())
    }

    /// Takes the value, or notes the problem.
    pub fn collect<T>(&mut self, result: Result<T, impl Into<Errors>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(errors) => {
                self.append(errors.into());
                None
            }
        }
    }

    /// `Ok(value)` if nothing was noted.
    ///
    /// # Errors
    /// The sorted list, if there is anything in it.
    pub fn or<T>(mut self, value: T) -> Result<T, Errors> {
        if self.0.is_empty() {
            return Ok(value);
        }
        self.0.sort();
        self.0.dedup();
        Err(self)
    }

    /// Whether nothing was noted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them in the order of [`or`](Self::or), for people, as news that stops nothing.
    #[must_use]
    pub fn as_warnings(&self) -> String {
        let mut sorted: Vec<&Error> = self.0.iter().collect();
        sorted.sort();
        let told = sorted.into_iter().map(|error| error.to_string().replacen("error: ", "warning: ", 1));
        told.collect::<Vec<_>>().join("\n\n")
    }

    /// The problems, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Error> {
        self.0.iter()
    }
}

impl From<Error> for Errors {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = HashSet::new();
        for (index, error) in self.0.iter().enumerate() {
            let is_same = |other: &&Error| other.kind == error.kind && other.message == error.message;
            let others: Vec<&Error> = match error.kind {
                // One decision settles all places.
                ErrorKind::UnknownKeyword if !told.insert(&error.message) => continue,
                ErrorKind::UnknownKeyword => self.0[index + 1..].iter().filter(is_same).collect(),
                _ => Vec::new(),
            };
            f.write_str(if index > 0 { "\n\n" } else { "" })?;
            error.write(&others, f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Errors {}

/// A path as a shell takes it, for commands to paste.
#[cfg(feature = "emit")]
pub(crate) fn for_shell(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\._-:+@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
