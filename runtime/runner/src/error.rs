//! What can go wrong with a store and a runner, as one enum. Must not know the modules that make errors.

use std::fmt;

/// Whatever keeps a call of this crate from its result.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Error {
    /// The database can't be opened, or is not one of ours.
    Open {
        /// Where it is, without a password.
        place: String,
        /// Why not, and what helps.
        reason: String,
    },
    /// The database refused a statement; nothing of its transaction is in the tables.
    Database {
        /// The statement's name.
        statement: &'static str,
        /// Why.
        reason: String,
    },
    /// The answer to a commit was lost: nobody knows whether the transaction is in the tables.
    InDoubt {
        /// Why.
        reason: String,
    },
    /// The row is not as it was seen: another worker or person was faster. Look again.
    MovedOn {
        /// The job.
        job: i64,
    },
    /// What was given can't be taken.
    Refused(String),
}

impl Error {
    /// Whether nobody knows if the transaction is in the tables.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        matches!(self, Self::InDoubt { .. })
    }

    /// Whether the database was there and refused a statement.
    pub(crate) fn is_of_a_statement(&self) -> bool {
        matches!(self, Self::Database { statement, .. } if *statement != "begin")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open { place, reason } => write!(f, "{place}: {reason}"),
            Self::Database { statement, reason } => write!(f, "the database refused `{statement}`: {reason}"),
            Self::InDoubt { reason } => write!(f, "nobody knows whether the database took this: {reason}"),
            Self::MovedOn { job } => write!(f, "job {job} is no more as it was seen: look again before you decide"),
            Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Error {}
