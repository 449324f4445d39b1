//! Submitting: an input in, a job out, or the certainty that there is none, or the news that nobody can tell. Here is the
//! rule that no job is paid twice.

use std::time::SystemTime;

use bytes::Bytes;
use reqwest::Method;
use tracing::Instrument as _;

use super::body::Answer;
use super::client::Client;
use super::error::{ApiErrorKind, ConfigError, Error, OutcomeUnknown, TransportError, TransportErrorKind};
use super::job::Job;
use super::transport::{NoAnswer, Request};
use super::unsent::{MaySend, TooLate};
use crate::rt::{json_text, wire_text};
use crate::schema::{FromValue, Names, Table};
use crate::{Json, Model, ModelInfo};

impl Client {
    /// Checks the input and submits a job.
    ///
    /// The request is repeated only if the server certainly did not take it: without a connection, after 429, and up to three
    /// times after 421 and 425, where its connection was closed before it was written, and where the server refuses it by
    /// HTTP/2 (REFUSED_STREAM, or GOAWAY below its stream). Let the future run to its end: when it is dropped half-way, nobody
    /// knows whether there is a job; for a limit on its time, use
    /// [`ClientBuilder::submit_timeout`](crate::ClientBuilder::submit_timeout).
    ///
    /// | the server's answer | the result |
    /// |---|---|
    /// | success with a request id | the job |
    /// | 4xx, or a success with a code of the family 4xx, that names no job; 429, 421 and 425 must not even mention one | [`Error::Api`]: refused, there is no job |
    /// | no connection, or not taken, also after retries | [`Error::Transport`]: there is no job |
    /// | 5xx, 408, 409, 3xx, a success that can't be read, has no id or more than one, a broken connection, no answer in time | [`Error::OutcomeUnknown`] |
    ///
    /// # Errors
    /// As above; before that [`Error::InvalidInput`], and [`Error::Drifted`] where the client
    /// [verifies models](crate::ClientBuilder::verify_models).
    pub async fn submit<M: Model>(&self, input: &M) -> Result<Job<M::Output>, Error> {
        input.validate()?;
        for near_miss in input.near_misses() {
            tracing::warn!(model_id = M::ID, %near_miss, "sent as it is");
        }
        self.verify_before_submit(M::ID, M::SCHEMA, M::DIGEST, M::OVERRIDES).await?;
        let submitted = self.submit_body(M::ID, &|| wire_text(input)).await;
        let job = self.submitted(M::ID, submitted.map_err(|error| named(error, M::SCHEMA))?);
        Ok(job.of_model::<M>())
    }

    /// Submits a job for a model that this program was not compiled with. The input has wire keys and is sent as it is,
    /// unchecked.
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub async fn submit_json(&self, model_id: &str, input: &Json) -> Result<Job, Error> {
        Ok(self.submitted(model_id, self.submit_body(model_id, &|| json_text(input)).await?))
    }

    /// Submits a job for a model that is chosen at run time. The input has wire keys and is checked by the same table as
    /// the model's own type.
    ///
    /// # Errors
    /// As [`submit`](Self::submit).
    pub async fn submit_checked(&self, model: &ModelInfo, input: &Json) -> Result<Job, Error> {
        model.schema.check_json(input, Names::Wire)?;
        self.verify_before_submit(model.id, model.schema, model.digest, model.overrides).await?;
        let submitted = self.submit_body(model.id, &|| json_text(input)).await;
        Ok(self.submitted(model.id, submitted.map_err(|error| named(error, model.schema))?))
    }

    /// Submits a body, and gives the request id.
    async fn submit_body(&self, model_id: &str, body: &BodyMaker<'_>) -> Result<String, Error> {
        let attempts = self.inner().retry.run(was_not_taken(), || self.attempt(model_id, body, None));
        told(model_id, attempts).await
    }

    fn submitted<O: FromValue>(&self, model_id: &str, request_id: String) -> Job<O> {
        Job::submitted(self.clone(), request_id, model_id.to_owned())
    }

    /// One attempt. Its error may be retried only if there certainly is no job. The body is made when its turn has come,
    /// and dropped with the attempt, so that what waits for a turn or for a retry holds none.
    pub(super) async fn attempt(
        &self,
        model_id: &str,
        body: &BodyMaker<'_>,
        may_send: Option<MaySend>,
    ) -> Result<String, Error> {
        let inner = self.inner();
        let url = inner.transport.endpoint.model(model_id)?;
        let turn = inner.transport.connections.turn().await;
        if may_send.as_ref().is_some_and(|may_send| !may_send()) {
            return Err(TransportError::new(TransportErrorKind::NotTaken, TooLate.to_string()).into());
        }
        let body = Bytes::from(body().map_err(|error| ConfigError::Body { reason: error.to_string() })?);
        let sent_at = SystemTime::now();
        let (method, timeout) = (Method::POST, inner.submit_timeout);
        let request = Request { method, url, body: Some(body), known: None, timeout, may_send };
        let unknown = |cause: String, is_told, answer: Option<&Answer>| OutcomeUnknown {
            model_id: model_id.to_owned(),
            sent_at,
            cause,
            http_status: answer.map(|answer| answer.status.as_u16()),
            body: answer.map(Answer::snippet).unwrap_or_default(),
            request_ids: answer.map(Answer::request_ids).unwrap_or_default(),
            is_told,
        };
        match inner.transport.send(turn, request).await {
            Ok(answer) => accepted(&answer).map_err(|doubt| match doubt {
                Doubt::Refused(error) => error,
                Doubt::Unknown { cause, is_told } => unknown(cause, is_told, Some(&answer)).into(),
            }),
            Err(NoAnswer { error, .. }) if error.certainly_did_not_arrive() => Err(error.into()),
            // What came of the answer may tell the id.
            Err(NoAnswer { error, begun }) => Err(unknown(error.to_string(), false, begun.as_ref()).into()),
        }
    }
}

/// Submits, and logs what came of it.
pub(super) async fn told(model_id: &str, submit: impl Future<Output = Result<String, Error>>) -> Result<String, Error> {
    let span = tracing::debug_span!("submit", model_id, request_id = tracing::field::Empty);
    // Boxed, for a submit is often part of larger futures that wait for long.
    let submitted = Box::pin(submit).instrument(span.clone()).await;
    let _in_span = span.enter();
    // With all that tells the job: whoever listens to `info` alone does not hear of the span.
    match submitted {
        Ok(request_id) => {
            span.record("request_id", &*request_id);
            tracing::info!(model_id, request_id, "submitted");
            Ok(request_id)
        }
        Err(error) => {
            tracing::warn!(model_id, %error, "not submitted");
            Err(error)
        }
    }
}

/// Makes the text of a body.
pub(super) type BodyMaker<'a> = dyn Fn() -> serde_json::Result<Vec<u8>> + Sync + 'a;

/// The error with the readable names of the fields that the server complains about.
fn named(mut error: Error, table: &'static Table) -> Error {
    if let Error::Api(error) = &mut error {
        error.find_names(table);
    }
    error
}

/// How often a request is sent again that was not taken, though there was a connection.
const MAX_AGAIN: usize = 3;

/// Whether it is certain that the server did not take the request, so that it may be sent again.
fn was_not_taken() -> impl FnMut(&Error) -> bool {
    let mut again = 0..MAX_AGAIN;
    move |error| match error {
        Error::Transport(error) => match error.kind() {
            TransportErrorKind::Connect => true,
            TransportErrorKind::NotTaken => again.next().is_some(),
            _ => false,
        },
        Error::Api(error) if error.is_not_taken() => again.next().is_some(),
        Error::Api(error) => error.kind() == ApiErrorKind::RateLimited,
        _ => false,
    }
}

/// Why an answer to a submit is not a job.
enum Doubt {
    /// There is none.
    Refused(Error),
    /// There may be one.
    Unknown { cause: String, is_told: bool },
}

/// The request id, if the answer says that there is a job.
fn accepted(answer: &Answer) -> Result<String, Doubt> {
    let unknown = |cause: &str| Doubt::Unknown { cause: cause.to_owned(), is_told: false };
    let record = match answer.record() {
        Ok(record) => record,
        Err(Error::Api(error)) => {
            // An answer that names a job does not say that there is none. Where the same would be sent again, and be paid
            // twice, a suspicion is enough; all other refusals stay what they are, whatever they mention.
            let yet = match () {
                () if !error.is_refusal() => "",
                () if answer.names_a_job() => "; and yet the answer speaks of a job",
                () if error.invites_a_repeat() && answer.may_speak_of_a_job() => {
                    "; and yet the answer may be about a job"
                }
                () => return Err(Doubt::Refused(Error::Api(error))),
            };
            let cause = format!("{}{yet}", error.summary());
            return Err(Doubt::Unknown { cause, is_told: error.is_of_the_api });
        }
        Err(Error::Decode(error)) => return Err(unknown(&format!("{} {}", error.path(), error.message()))),
        Err(_) => return Err(unknown("the answer can't be read")),
    };
    match record.request_ids.as_slice() {
        // Another id elsewhere may be that of the job as well as this one.
        [_] if answer.request_ids().len() > 1 => Err(unknown("the answer has more than one request id")),
        [request_id] if answer.is_request_id(request_id) => Ok(request_id.clone()),
        [_] => Err(unknown("the answer has a request id that can't be one")),
        [] => Err(unknown("the answer has no request id")),
        _ => Err(unknown("the answer has more than one request id")),
    }
}

#[cfg(test)]
mod tests;
