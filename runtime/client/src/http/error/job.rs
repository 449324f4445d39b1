//! Errors after which there is, or may be, a job on the server that somebody pays for.

use std::fmt;
use std::time::{Duration, SystemTime};

use super::Error;
use crate::http::status::Update;
use crate::text::Quoted;

/// A submit that may or may not have made a job.
///
/// The API takes no idempotency key, so nothing was sent again. Look at your requests on RunComfy's site: if the job is
/// there, follow it with [`Client::job`](crate::Client::job); submit again only if it is not.
#[derive(Clone, Debug)]
pub struct OutcomeUnknown {
    pub(crate) model_id: String,
    pub(crate) sent_at: SystemTime,
    pub(crate) cause: String,
    pub(crate) http_status: Option<u16>,
    pub(crate) body: String,
    pub(crate) request_ids: Vec<String>,
    /// Whether the reason quotes the answer.
    pub(crate) is_told: bool,
}

impl OutcomeUnknown {
    /// The model.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.model_id
    }

    /// When the request was sent.
    #[must_use]
    pub fn sent_at(&self) -> SystemTime {
        self.sent_at
    }

    /// What happened to the answer.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.cause
    }

    /// The status of the answer, if there was one.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.http_status
    }

    /// The answer, its first 4 KiB; empty if there was none.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The id in the answer, where it is whole and the only one: also in one that was cut off, or beside an error.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self.request_ids() {
            [id] => Some(id),
            _ => None,
        }
    }

    /// All ids in the answer: more than one where it contradicts itself.
    #[must_use]
    pub fn request_ids(&self) -> &[String] {
        &self.request_ids
    }
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nobody knows whether the job for {} was taken: {}", self.model_id, self.cause)?;
        if let Some(status) = self.http_status {
            write!(f, " (HTTP {status})")?;
        }
        if !self.body.is_empty() && !self.is_told {
            write!(f, ". The answer begins {}", Quoted::answer(&self.body))?;
        }
        match self.request_ids() {
            [] => f.write_str(". Look for the job among your requests before you submit it again: it may be charged"),
            [id] => write!(f, ". Ask for the request {id} before you submit the job again"),
            ids => write!(f, ". Ask for the requests {} before you submit the job again", ids.join(" and ")),
        }
    }
}

impl std::error::Error for OutcomeUnknown {}

/// A job that was submitted and is no longer followed. It goes on by itself and is charged; follow it again with
/// [`Client::job`](crate::Client::job) and the request id.
#[derive(Debug)]
pub struct Detached {
    pub(crate) model_id: Option<String>,
    pub(crate) request_id: String,
    pub(crate) last: Option<Update>,
    pub(crate) waited: Duration,
    pub(crate) cause: Option<Error>,
}

impl Detached {
    /// The model, where it is known.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        self.model_id.as_deref()
    }

    /// The job.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// What was last heard of it.
    #[must_use]
    pub fn last(&self) -> Option<&Update> {
        self.last.as_ref()
    }

    /// How long it was waited for.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// Why it is no longer followed; `None` if the time was up.
    #[must_use]
    pub fn reason(&self) -> Option<&Error> {
        self.cause.as_ref()
    }
}

impl fmt::Display for Detached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job {} was submitted and is no longer followed", self.request_id)?;
        match (&self.cause, &self.last) {
            (Some(cause), _) => write!(f, ": {}", cause.told_of(&self.request_id))?,
            (None, Some(last)) => write!(f, ": it is {} after {:?}", last.status, self.waited)?,
            (None, None) => write!(f, ": no news after {:?}", self.waited)?,
        }
        f.write_str(match &self.cause {
            // It has ended, which the cause says.
            Some(cause) if cause.output().is_some() => "",
            Some(cause) if cause.is_not_found() => {
                ". It may go on all the same, and be charged: ask for it again by its request id"
            }
            _ => ". It goes on and is charged: follow it again by its request id",
        })
    }
}

// The message tells the cause, so there is no source, which would tell it twice.
impl std::error::Error for Detached {}

/// A job that has ended and is charged, and whose result could not be had. Ask for it again later with
/// [`Client::job`](crate::Client::job) and the request id; to submit the input again is to pay again.
#[derive(Debug)]
pub struct OutOfReach {
    pub(crate) request_id: String,
    pub(crate) cause: Error,
}

impl OutOfReach {
    /// The job.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.request_id
    }

    /// What the last try came to.
    #[must_use]
    pub fn reason(&self) -> &Error {
        &self.cause
    }
}

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, cause) = (&self.request_id, self.cause.told_of(&self.request_id));
        write!(f, "the job {id} has ended and is charged, but its result is out of reach: {cause}")
    }
}

impl std::error::Error for OutOfReach {}
