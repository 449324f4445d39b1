//! Endings of a job that are errors to whoever wanted its output. Plain data; must not know how a result is read.

use std::fmt;

use crate::Json;
use crate::http::status::Status;
use crate::text::Quoted;

/// A job that failed.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Failure {
    /// The job.
    pub request_id: String,
    /// RunComfy's code, if there is one.
    pub code: Option<String>,
    /// What the server says about it.
    pub message: String,
    /// What the job cost, in USD, where the server says so.
    pub cost: Option<f64>,
    /// What it made before it failed, where there is anything.
    pub output: Option<Json>,
    /// The result, its first 4 KiB.
    pub body: String,
}

/// A job that succeeded and made nothing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NoOutput {
    /// The job.
    pub request_id: String,
    /// What the job cost, in USD, where the server says so.
    pub cost: Option<f64>,
    /// The result, whole.
    pub body: String,
}

/// A result that this version does not understand, or that contradicts itself: one that was cancelled and has an output.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownEnding {
    /// The job.
    pub request_id: String,
    /// The result's status; empty if it has none.
    pub status: String,
    /// What stands where an output does: it may be paid for.
    pub output: Option<Json>,
    /// The result, whole.
    pub body: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job {} failed", self.request_id)?;
        if let Some(code) = &self.code {
            write!(f, " (code {})", code.escape_debug())?;
        }
        write!(f, ": {}", Quoted::answer(&self.message))
    }
}

impl std::error::Error for Failure {}

impl fmt::Display for NoOutput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job {} succeeded, says the server, but there is no output; it may be charged", self.request_id)
    }
}

impl std::error::Error for NoOutput {}

impl fmt::Display for UnknownEnding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the result of the job {} has ", self.request_id)?;
        match (self.status.as_str(), Status::from(&*self.status)) {
            ("", _) => f.write_str("no status")?,
            (status, Status::Unknown(_)) => {
                write!(f, "the status {}, which this version does not know", Quoted::value(status))?
            }
            (status, _) => write!(f, "the status {}, and an output all the same", Quoted::value(status))?,
        }
        write!(f, ". It begins {}", Quoted::answer(&self.body))
    }
}

impl std::error::Error for UnknownEnding {}
