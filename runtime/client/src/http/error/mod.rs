//! What can go wrong, as one enum with the questions a program asks of an error. In: what the other modules found. Out:
//! an error for people and programs. Never holds a token. Must not know the modules that make errors.

mod answer;
mod api;
mod config;
mod download;
mod drift;
mod ending;
mod field;
mod job;
#[cfg(test)]
mod messages;

use std::fmt;
use std::time::Duration;

pub use answer::{DecodeError, TransportError, TransportErrorKind};
pub use api::{ApiError, ApiErrorKind};
pub use config::ConfigError;
pub(crate) use download::Unexpected;
pub use download::{DownloadError, DownloadErrorKind};
pub use drift::{Drift, KeyChange};
pub use ending::{Failure, NoOutput, UnknownEnding};
pub use field::FieldError;
pub use job::{Detached, OutOfReach, OutcomeUnknown};

use crate::InvalidInput;

/// Whatever keeps a call from its result.
///
/// The endings of a job other than success are here, too, for [`Client::run`](crate::Client::run) and
/// [`Ending::success`](crate::Ending::success).
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The input breaks its schema. Nothing was sent.
    InvalidInput(InvalidInput),
    /// The client or a request can't be set up. Nothing was sent.
    Config(ConfigError),
    /// The server publishes other keys for this model than this program was compiled with. No job was submitted.
    Drifted(Box<Drift>),
    /// The server answered with an error. A submit that ends so was refused: there is no job.
    Api(Box<ApiError>),
    /// There was no answer. A submit that ends so certainly did not arrive: there is no job.
    Transport(Box<TransportError>),
    /// The answer can't be understood. A submit never ends so, but in `OutcomeUnknown`.
    Decode(Box<DecodeError>),
    /// Nobody here can tell whether the server took the job. Don't submit it again before you have looked.
    OutcomeUnknown(Box<OutcomeUnknown>),
    /// The job failed.
    Failed(Box<Failure>),
    /// The job succeeded, says the server, and its output is empty or missing.
    NoOutput(Box<NoOutput>),
    /// The job has ended and is charged, and its result can't be had: after tries over a minute at least, or because it is
    /// larger than the client takes.
    OutOfReach(Box<OutOfReach>),
    /// The job was cancelled.
    Cancelled {
        /// The job.
        request_id: String,
    },
    /// The job was submitted and is no longer followed: it may still be running, and it is charged.
    Detached(Box<Detached>),
    /// The job ended in a way that this version does not know.
    UnknownEnding(Box<UnknownEnding>),
    /// A file of an output could not be saved.
    Download(Box<DownloadError>),
}

impl Error {
    /// Whether the same call may succeed later without doing anything twice: there was no connection, the server was
    /// busy or out of order. Of `submit` and `run`, no error is retryable once there may be a job.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.is_retryable(),
            Self::Transport(error) => error.is_retryable(),
            Self::Decode(error) => error.is_retryable(),
            Self::Download(error) => error.is_retryable(),
            _ => false,
        }
    }

    /// Whether the account's balance is too low.
    #[must_use]
    pub fn needs_funds(&self) -> bool {
        self.api_kind() == Some(ApiErrorKind::InsufficientFunds)
    }

    /// Whether the token is missing, wrong, expired or not allowed to do this.
    #[must_use]
    pub fn is_auth(&self) -> bool {
        match self {
            Self::Config(error) => error.is_auth(),
            _ => matches!(self.api_kind(), Some(ApiErrorKind::Unauthorized | ApiErrorKind::Forbidden)),
        }
    }

    /// Whether the server knows no such model or request. Requests that are too old are forgotten.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.api_kind() == Some(ApiErrorKind::NotFound)
    }

    /// How long to wait before the next request, where the server says so (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.api().and_then(ApiError::retry_after)
    }

    /// The job that the error is about, if there is one.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        match self {
            Self::Api(error) => error.request_id(),
            Self::Transport(error) => error.request_id(),
            Self::Decode(error) => error.request_id(),
            Self::OutcomeUnknown(error) => error.request_id(),
            Self::Failed(failure) => Some(&failure.request_id),
            Self::NoOutput(nothing) => Some(&nothing.request_id),
            Self::OutOfReach(error) => Some(error.request_id()),
            Self::Cancelled { request_id } => Some(request_id),
            Self::Detached(error) => Some(error.request_id()),
            Self::UnknownEnding(ending) => Some(&ending.request_id),
            Self::InvalidInput(_) | Self::Config(_) | Self::Drifted(_) | Self::Download(_) => None,
        }
    }

    /// The status of the HTTP answer that the error is about.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Self::Decode(error) => Some(error.http_status()),
            Self::Transport(error) => error.http_status(),
            Self::OutcomeUnknown(error) => error.http_status(),
            Self::Detached(error) => error.reason()?.http_status(),
            Self::OutOfReach(error) => error.reason().http_status(),
            _ => self.api().map(ApiError::http_status),
        }
    }

    /// The answer that the error is about, its first 4 KiB, or what came of it before it broke off.
    #[must_use]
    pub fn body(&self) -> Option<&str> {
        match self {
            Self::Api(error) => Some(error.body()),
            Self::Transport(error) => error.body(),
            Self::Decode(error) => Some(error.body()),
            Self::OutcomeUnknown(error) => Some(error.body()),
            Self::Failed(failure) => Some(&failure.body),
            Self::NoOutput(nothing) => Some(&nothing.body),
            Self::OutOfReach(error) => error.reason().body(),
            Self::Detached(error) => error.reason()?.body(),
            Self::UnknownEnding(ending) => Some(&ending.body),
            _ => None,
        }
    }

    /// What a job made, where it could not be read as its type or stands beside another ending than success: what was paid
    /// for is in it.
    #[must_use]
    pub fn output(&self) -> Option<&crate::Json> {
        match self {
            Self::Decode(error) => error.output(),
            Self::Detached(error) => error.reason()?.output(),
            Self::Failed(failure) => failure.output.as_ref(),
            Self::UnknownEnding(ending) => ending.output.as_ref(),
            _ => None,
        }
    }

    /// What the server answered, also where that is the reason of another error.
    fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            Self::Detached(error) => error.reason()?.api(),
            Self::OutOfReach(error) => error.reason().api(),
            _ => None,
        }
    }

    fn api_kind(&self) -> Option<ApiErrorKind> {
        self.api().map(ApiError::kind)
    }

    /// The message for within one that names the job.
    fn told_of(&self, request_id: &str) -> String {
        self.to_string().replacen(&format!(", request {request_id}"), "", 1)
    }

    /// Whether it says no more than that no answer came in time.
    pub(crate) fn is_silence(&self) -> bool {
        matches!(self, Self::Transport(error) if error.kind() == TransportErrorKind::Timeout && error.http_status().is_none())
    }

    /// The same error, if it is one of a single call.
    pub(crate) fn of_call(&self) -> Option<Self> {
        match self {
            Self::Api(error) => Some(Self::Api(error.clone())),
            Self::Transport(error) => Some(Self::Transport(error.clone())),
            Self::Decode(error) => Some(Self::Decode(error.clone())),
            _ => None,
        }
    }

    /// The same error with the job that it is about.
    pub(crate) fn about(mut self, request_id: &str) -> Self {
        match &mut self {
            Self::Api(error) => error.about(request_id),
            Self::Transport(error) => error.about(request_id),
            Self::Decode(error) => error.about(request_id),
            _ => {}
        }
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidInput(error) => error.fmt(f),
            Self::Config(error) => error.fmt(f),
            Self::Drifted(drift) => drift.fmt(f),
            Self::Api(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::OutcomeUnknown(error) => error.fmt(f),
            Self::Failed(failure) => failure.fmt(f),
            Self::NoOutput(nothing) => nothing.fmt(f),
            Self::OutOfReach(error) => error.fmt(f),
            Self::Cancelled { request_id } => write!(f, "the job {request_id} was cancelled"),
            Self::Detached(error) => error.fmt(f),
            Self::UnknownEnding(ending) => ending.fmt(f),
            Self::Download(error) => error.fmt(f),
        }
    }
}

// Messages tell their causes, so no error has a source, which would tell them twice.
impl std::error::Error for Error {}

/// Errors that may be about a job.
macro_rules! about_jobs {
    ($($type:ty),*) => {
        $(impl $type {
            /// The job it was about.
            #[must_use]
            pub fn request_id(&self) -> Option<&str> {
                self.request_id.as_deref()
            }

            fn about(&mut self, request_id: &str) {
                self.request_id = Some(request_id.to_owned());
            }
        })*
    };
}

about_jobs!(ApiError, TransportError, DecodeError);

macro_rules! from {
    ($($variant:ident($type:ty)),* $(,)?) => {
        $(impl From<$type> for Error {
            fn from(error: $type) -> Self {
                Self::$variant(error.into())
            }
        })*
    };
}

from!(
    InvalidInput(InvalidInput),
    Config(ConfigError),
    Drifted(Drift),
    Api(ApiError),
    Transport(TransportError),
    Decode(DecodeError),
    OutcomeUnknown(OutcomeUnknown),
    Failed(Failure),
    NoOutput(NoOutput),
    OutOfReach(OutOfReach),
    Detached(Detached),
    UnknownEnding(UnknownEnding),
    Download(DownloadError),
);
