//! What a worker tells of its work, for programs and, in a line each, for people. Must not know who listens.

use std::fmt;

use crate::State;

/// What a worker tells of its work.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Progress {
    /// A job was taken by the server.
    Submitted {
        /// The caller's key.
        key: String,
        /// The id.
        request_id: String,
    },
    /// A submit brought no id; the text says why, and the job is in the state that follows from it.
    NotSubmitted {
        /// The caller's key.
        key: String,
        /// Where the job stands now.
        state: State,
        /// Why.
        reason: String,
    },
    /// A job has ended.
    Ended {
        /// The caller's key.
        key: String,
        /// How.
        state: State,
    },
    /// The files of a job lie under their names.
    Saved {
        /// The caller's key.
        key: String,
        /// The names.
        files: Vec<String>,
    },
    /// No job of a model is submitted until a person resumes it: what the names of its inputs mean is in doubt.
    ModelPaused {
        /// The model.
        model: String,
        /// Why.
        reason: String,
    },
    /// Something did not work and is left to a later try, or to a person.
    Trouble(String),
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Submitted { key, request_id } => write!(f, "{key}: submitted as {request_id}"),
            Self::NotSubmitted { key, state, reason } => write!(f, "{key}: {state}, {reason}"),
            Self::Ended { key, state } => write!(f, "{key}: {state}"),
            Self::Saved { key, files } => write!(f, "{key}: saved {}", files.join(", ")),
            Self::ModelPaused { model, reason } => write!(f, "{model} is paused: {reason}"),
            Self::Trouble(text) => f.write_str(text),
        }
    }
}
