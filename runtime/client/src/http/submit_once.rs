//! One attempt to submit a job, for programs that keep their own table of what was submitted: what became of it out, as a
//! verdict on whether there is a job and what to do next. Must not repeat a request.

use std::sync::Arc;

use super::client::Client;
use super::error::{ApiErrorKind, ConfigError, Error, OutcomeUnknown};
use super::submit::told;
use crate::Json;
use crate::rt::json_text;

/// What became of one attempt to submit a job: see [`Client::submit_once`].
#[derive(Debug)]
#[non_exhaustive]
pub enum SubmitOutcome {
    /// There is a job.
    Taken {
        /// Its id.
        request_id: String,
    },
    /// There is no job, and the same may be sent again: no connection, too many requests, not taken, too late to send; and
    /// the answer, if there is one, says nothing of a job. The error tells [how long to wait](Error::retry_after) where the server said so.
    NotSent(Error),
    /// There is no job: the input is refused, and will be again.
    InputRefused(Error),
    /// There is no job: the balance is empty, the token is not accepted, or the account may not do this. All other submits of
    /// the account would end the same.
    AccountRefused(Error),
    /// There is no job: the server has no such model, or the id can't be one.
    UnknownModel(Error),
    /// Nobody here can tell whether there is a job.
    Unknown(Box<OutcomeUnknown>),
}

impl SubmitOutcome {
    /// The verdict on how an attempt ended.
    fn of(submitted: Result<String, Error>) -> Self {
        match submitted {
            Ok(request_id) => Self::Taken { request_id },
            Err(Error::OutcomeUnknown(doubt)) => Self::Unknown(doubt),
            Err(Error::Api(error)) => match error.kind() {
                _ if error.invites_a_repeat() => Self::NotSent(Error::Api(error)),
                ApiErrorKind::Unauthorized | ApiErrorKind::InsufficientFunds | ApiErrorKind::Forbidden => {
                    Self::AccountRefused(Error::Api(error))
                }
                ApiErrorKind::NotFound => Self::UnknownModel(Error::Api(error)),
                _ if error.is_unknown_model() => Self::UnknownModel(Error::Api(error)),
                _ => Self::InputRefused(Error::Api(error)),
            },
            Err(Error::Config(error @ ConfigError::Body { .. })) => Self::InputRefused(Error::Config(error)),
            Err(Error::Config(error)) => Self::UnknownModel(Error::Config(error)),
            // Of an attempt, nothing else is left than what certainly did not arrive.
            Err(error) => Self::NotSent(error),
        }
    }

    /// Why there is no job, or perhaps none; `None` if there is one.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        match self {
            Self::Taken { .. } => None,
            Self::NotSent(error)
            | Self::InputRefused(error)
            | Self::AccountRefused(error)
            | Self::UnknownModel(error) => Some(error.to_string()),
            Self::Unknown(doubt) => Some(doubt.to_string()),
        }
    }
}

impl Client {
    /// Submits a job in one attempt: nothing is sent again, whatever happens. For programs that note in a table of their own
    /// what they are about to send; all others want [`submit`](Self::submit). The input has wire keys and is sent unchecked.
    ///
    /// `may_send` is asked when the attempt has its turn, and again at the last moment, when there is a connection and the body
    /// is about to leave. If it says no, the body is not sent, and a server acts on no request whose body does not come. So an
    /// intent that others may give up after a time is not begun later, however long connecting took. A body that has begun to
    /// leave may still arrive at any time within [`ClientBuilder::submit_timeout`](crate::ClientBuilder::submit_timeout), and,
    /// where the line or the server holds it back, after it: such an attempt is [`Unknown`](SubmitOutcome::Unknown).
    pub async fn submit_once(
        &self,
        model_id: &str,
        input: &Json,
        may_send: impl Fn() -> bool + Send + Sync + 'static,
    ) -> SubmitOutcome {
        let body = || json_text(input);
        let attempt = self.attempt(model_id, &body, Some(Arc::new(may_send)));
        SubmitOutcome::of(told(model_id, attempt).await)
    }
}
