//! What goes wrong with models at run time, as data. Must not know who makes these errors.

use std::fmt;
use std::path::PathBuf;

/// Why there is no answer about models.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The server could not be asked.
    Client(runcomfy_client::Error),
    /// No model of this id is listed.
    UnknownModel {
        /// The id that was asked for.
        id: String,
        /// A listed id that is only a few typing errors away.
        meant: Option<String>,
    },
    /// The model is listed, and no input of it can be checked.
    Unusable {
        /// The id.
        id: String,
        /// What is wrong with its schema, one text for each reason.
        reasons: Vec<String>,
    },
    /// The cache can't be read or written.
    Cache {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// There is no such schema folder.
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The program has met so many schemas that it keeps no more of them.
    Full {
        /// How many bytes of schemas it keeps.
        bytes: usize,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Client(error) => error.fmt(f),
            Self::UnknownModel { id, meant } => {
                write!(f, "no model {id:?} is listed")?;
                match meant {
                    Some(meant) => write!(f, "; did you mean {meant}?"),
                    None => f.write_str("; refresh the catalogue if it is new"),
                }
            }
            Self::Unusable { id, reasons } => {
                write!(f, "the schema of {id} can't be enforced: {}", reasons.join("; "))
            }
            Self::Cache { path, reason } => write!(f, "the cache at {} can't be used: {reason}", path.display()),
            Self::Folder { path, reason } => write!(f, "no schemas can be read in {}: {reason}", path.display()),
            Self::Full { bytes } => {
                write!(f, "{bytes} bytes of schemas are kept, and no more will be: start the program again")
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Client(error) = self { Some(error) } else { None }
    }
}

impl From<runcomfy_client::Error> for Error {
    fn from(error: runcomfy_client::Error) -> Self {
        Self::Client(error)
    }
}
