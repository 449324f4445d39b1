//! What can keep the emulator from starting: a file and a place in it, or an option, and what is wrong there.

use std::fmt;

/// Why the emulator did not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The file, as a path below the schema folder; empty if no file is at fault.
    pub file: String,
    /// The place in the file: a JSON pointer or `line 3, column 7`; empty for the whole file.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl Error {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { file: String::new(), place: String::new(), message: message.into() }
    }

    pub(crate) fn of(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }

    pub(crate) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = place.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.file.as_str(), self.place.as_str()) {
            ("", _) => f.write_str(&self.message),
            (file, "") => write!(f, "{file}: {}", self.message),
            (file, place) => write!(f, "{file}, {place}: {}", self.message),
        }
    }
}

impl std::error::Error for Error {}
