//! Answers that did not come, and answers that can't be read.

use std::fmt;

use crate::Json;
use crate::text::Quoted;

/// Why there is no answer. Prints the reason without the URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportError {
    kind: TransportErrorKind,
    detail: String,
    pub(super) request_id: Option<String>,
    /// The status of an answer that broke off, and what came of it.
    begun: Option<(u16, String)>,
}

/// What kind of thing kept an answer from coming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: refused, name not found, or no agreement about TLS. The request certainly did not arrive.
    Connect,
    /// The connection was closed before the request was written, or the server says, by HTTP/2, that it did not look at it.
    /// The request certainly did not arrive.
    NotTaken,
    /// It took too long.
    Timeout,
    /// The connection broke, before or within the answer.
    Interrupted,
    /// The answer is larger than the client takes.
    TooLarge,
}

impl TransportError {
    pub(crate) fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), request_id: None, begun: None }
    }

    /// The same error with what came of the answer.
    pub(crate) fn with_answer(self, http_status: u16, body: String) -> Self {
        Self { begun: Some((http_status, body)), ..self }
    }

    /// The status of the answer, if it began.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.begun.as_ref().map(|(status, _)| *status)
    }

    /// What came of the answer before it broke off, its first 4 KiB.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        self.begun.as_ref().map(|(_, body)| &**body)
    }

    /// What kind of thing it was.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request certainly did not arrive.
    pub(crate) fn certainly_did_not_arrive(&self) -> bool {
        matches!(self.kind, TransportErrorKind::Connect | TransportErrorKind::NotTaken)
    }

    pub(crate) fn is_retryable(&self) -> bool {
        self.kind != TransportErrorKind::TooLarge
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            TransportErrorKind::Connect => "there is no connection",
            TransportErrorKind::NotTaken => "the server did not take the request",
            TransportErrorKind::Timeout => "there was no answer in time",
            TransportErrorKind::Interrupted => "the connection broke",
            TransportErrorKind::TooLarge => "the answer is too large",
        };
        write!(f, "{what}: {}", self.detail)?;
        match &self.begun {
            Some((status, body)) if body.is_empty() => write!(f, " (HTTP {status})"),
            Some((status, body)) => write!(f, " (HTTP {status}). The answer begins {}", Quoted::answer(body)),
            None => Ok(()),
        }
    }
}

impl std::error::Error for TransportError {}

/// An answer that can't be understood, with all that helps to find out why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    pub(crate) http_status: u16,
    pub(crate) path: String,
    pub(crate) message: String,
    pub(crate) body: String,
    pub(crate) is_json: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) output: Option<Box<Json>>,
}

impl DecodeError {
    /// The status of the answer.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// Where in the JSON the trouble is, as in `output.videos[0]`; `the answer` for the whole of it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What the trouble is.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The answer, its first 4 KiB.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// The whole output of a job that succeeded, if it is the output that can't be read as its type: what was paid for is
    /// in it. [`Job::untyped`](crate::Job::untyped) asks for it again.
    #[must_use]
    pub fn output(&self) -> Option<&Json> {
        self.output.as_deref()
    }

    /// What is not even JSON was garbled on its way.
    pub(crate) fn is_retryable(&self) -> bool {
        !self.is_json
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't understand the answer (HTTP {}", self.http_status)?;
        if let Some(request_id) = &self.request_id {
            write!(f, ", request {request_id}")?;
        }
        write!(f, "): {} {}", self.path, self.message)?;
        if !self.body.is_empty() {
            write!(f, ". It begins {}", Quoted::answer(&self.body))?;
        }
        match self.output {
            Some(_) => f.write_str(". The job has succeeded and is charged: `output()` has what it made"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for DecodeError {}
