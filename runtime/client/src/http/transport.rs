//! One request: method and URL in, the answer read to its end out, or why there is none and what came of it. The one place
//! where the token is put on a request. Must not repeat a request or judge an answer.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};

use bytes::{Bytes, BytesMut};
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderValue, IF_NONE_MATCH, LOCATION, USER_AGENT,
};
use reqwest::{Body, Method, Response, Url};

use super::body::Answer;
use super::chain::chain;
use super::connections::{Connections, Turn};
use super::encoding::utf8;
use super::endpoint::Endpoint;
use super::error::{Error, TransportError, TransportErrorKind};
use super::ids;
use super::question::Asker;
use super::retry::retry_after;
use super::secret::Secret;
use super::token::Token;
use super::unsent::{MaySend, Once, Sending, failure_of_answer};

/// What all requests of a client have in common.
pub(crate) struct Transport {
    pub(crate) connections: Connections,
    pub(crate) endpoint: Endpoint,
    pub(crate) token: Token,
    pub(crate) user_agent: HeaderValue,
    /// How large an answer may be, in bytes.
    pub(crate) answer_limit: usize,
}

/// What is sent.
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) body: Option<Bytes>,
    /// What is known already: the server may say that it has nothing else.
    pub(crate) known: Option<String>,
    pub(crate) timeout: Duration,
    /// Asked at the last moment, before the body leaves.
    pub(crate) may_send: Option<MaySend>,
}

/// Why there is no whole answer.
pub(crate) struct NoAnswer {
    pub(crate) error: TransportError,
    /// What came of the answer before that.
    pub(crate) begun: Option<Answer>,
}

impl NoAnswer {
    /// The answer, if it is a success and its JSON is whole: then only its end is missing, for its length was miscounted or
    /// nobody said that this was all.
    pub(crate) fn or_whole(self) -> Result<Answer, Error> {
        match self.begun {
            Some(answer) if answer.is_whole() => Ok(answer),
            begun => Err(Self { begun, ..self }.into()),
        }
    }
}

impl From<TransportError> for NoAnswer {
    fn from(error: TransportError) -> Self {
        Self { error, begun: None }
    }
}

impl From<NoAnswer> for Error {
    fn from(NoAnswer { error, begun }: NoAnswer) -> Self {
        match begun {
            Some(answer) => error.with_answer(answer.status.as_u16(), answer.snippet()).into(),
            None => error.into(),
        }
    }
}

impl Transport {
    /// Sends one request. Redirects are not followed, and a body is sent as a stream, which no HTTP client can send twice.
    pub(crate) async fn send(&self, turn: Turn, request: Request) -> Result<Answer, NoAnswer> {
        let Request { method, url, body, known, timeout, may_send } = request;
        let mut sent = turn
            .http
            .request(method.clone(), url.clone())
            .timeout(timeout)
            .header(AUTHORIZATION, self.token.header())
            .header(USER_AGENT, self.user_agent.clone())
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            // Without it any encoding will do, says HTTP, and a compressed answer hides the id of a job that is paid for.
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(known) = known {
            sent = sent.header(IF_NONE_MATCH, known);
        }
        let sending = Sending::default();
        if let Some(body) = body {
            // Lets a runtime of one thread, which the program may have kept busy, see that the server closed an idle
            // connection: once to hear it, once to close the connection here.
            for _ in 0..2 {
                tokio::task::yield_now().await;
            }
            sent = sent
                .header(CONTENT_TYPE, "application/json")
                .header(CONTENT_LENGTH, body.len())
                .body(Body::wrap_stream(Once::new(body, &sending, may_send)));
        }
        let answer = match sent.send().await {
            Ok(response) => self.read(response, &url).await,
            Err(error) => Err(TransportError::new(sending.failure(&error), causes(error)).into()),
        };
        match &answer {
            Ok(answer) => tracing::debug!(%method, path = url.path(), status = answer.status.as_u16(), "answered"),
            Err(NoAnswer { error, .. }) => tracing::debug!(%method, path = url.path(), %error, "not answered"),
        }
        answer
    }

    /// Sends one request, which gives its turn to others as soon as nobody listens for the answer.
    pub(crate) async fn send_for(
        &self,
        asker: &impl Asker,
        mut turn: Turn,
        request: Request,
    ) -> Result<Answer, NoAnswer> {
        let permit = turn.take_permit();
        let sent = pin!(self.send(turn, request));
        let answer = match select(sent, pin!(asker.gone())).await {
            Either::Left((answer, _)) => return answer,
            Either::Right(((), answer)) => answer,
        };
        drop(permit);
        answer.await
    }

    async fn read(&self, mut response: Response, url: &Url) -> Result<Answer, NoAnswer> {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let location = self.location(response.headers(), url);
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        let ids_in_head = ids::in_headers(response.headers());
        let encodings = response.headers().get_all(CONTENT_ENCODING);
        let is_encoded = encodings.iter().any(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"));
        let (body, broken) = self.body(&mut response).await;
        let secret = Secret::new(self.token.header());
        let answer = Answer { status, retry_after, body: utf8(body), location, ids_in_head, is_encoded, etag, secret };
        match broken {
            None => Ok(answer),
            Some(error) => Err(NoAnswer { error, begun: Some(answer) }),
        }
    }

    /// The body, or as much of it as came, and why not more.
    async fn body(&self, response: &mut Response) -> (Bytes, Option<TransportError>) {
        // Nearly all answers are one chunk, which is taken as it is.
        let (mut first, mut whole) = (Bytes::new(), BytesMut::new());
        let broken = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if first.is_empty() && whole.is_empty() => first = chunk,
                Ok(Some(chunk)) => {
                    whole.extend_from_slice(&std::mem::take(&mut first));
                    whole.extend_from_slice(&chunk);
                }
                Ok(None) => break None,
                Err(error) => break Some(no_answer(error)),
            }
            if let Err(error) = self.limit(first.len() + whole.len()) {
                break Some(error);
            }
        };
        (if whole.is_empty() { first } else { whole.freeze() }, broken)
    }

    fn limit(&self, length: usize) -> Result<(), TransportError> {
        if length <= self.answer_limit {
            return Ok(());
        }
        let detail = format!("more than {} bytes; `max_answer_bytes` raises the limit", self.answer_limit);
        Err(TransportError::new(TransportErrorKind::TooLarge, detail))
    }

    /// The host that a redirect leads to. The rest of it may be signed, and is nobody's business.
    fn location(&self, headers: &HeaderMap, url: &Url) -> Option<String> {
        let target = url.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
        let elsewhere = if self.endpoint.is_origin_of(&target) { "" } else { ", another server" };
        Some(format!("{}{elsewhere}", target.host_str()?))
    }
}

/// The answer began, and broke off.
fn no_answer(error: reqwest::Error) -> TransportError {
    TransportError::new(failure_of_answer(&error), causes(error))
}

/// What is behind an error of reqwest, whose own text says no more than that there is one.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    std::error::Error::source(&error).map_or_else(|| error.to_string(), chain)
}
