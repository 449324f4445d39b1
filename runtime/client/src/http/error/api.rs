//! Errors that the server reports: documented codes and HTTP statuses in, kinds that a program can act on out.

use std::fmt;
use std::time::Duration;

use super::FieldError;
use crate::schema::Table;
use crate::text::Quoted;

/// An error that the server reported, by HTTP status or in the body of a success.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    pub(crate) http_status: u16,
    pub(crate) code: Option<String>,
    pub(crate) message: String,
    pub(crate) body: String,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<String>,
    /// Whether RunComfy itself said it, and not something on the way.
    pub(crate) is_of_the_api: bool,
    pub(crate) fields: Vec<FieldError>,
}

/// What kind of error the server reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// The request is not one the server takes: a bad id, or an input that breaks the server's rules (400, 422, 400001,
    /// 422001 and others).
    BadRequest,
    /// The token is missing, wrong or expired (401, 400004, 401001).
    Unauthorized,
    /// The balance is too low (402, 400002, 10001).
    InsufficientFunds,
    /// The account may not do this (403, 403001, 403003).
    Forbidden,
    /// There is no such model or request, or no more (404, 410, 404001, 10003).
    NotFound,
    /// Too many requests (429).
    RateLimited,
    /// The server is out of order (5xx, 408, 500001).
    Server,
    /// The server wants the request sent elsewhere (3xx). Redirects are not followed.
    Redirect,
    /// None of the above.
    Other,
}

impl ApiError {
    /// The status of the HTTP answer; 200 if the error came in the body of a success.
    #[must_use]
    pub fn http_status(&self) -> u16 {
        self.http_status
    }

    /// RunComfy's code, such as `400002`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// What the server says about it.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The answer, its first 4 KiB.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// How long to wait before the next request, where the server says so (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// What the server says about single fields of the input; empty where it names none.
    #[must_use]
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }

    /// Finds the readable names of the fields.
    pub(crate) fn find_names(&mut self, table: &'static Table) {
        self.fields.iter_mut().for_each(|field| field.find_name(table));
    }

    /// Whether RunComfy says that it has no such model: a gateway's page, or that of a site under maintenance, says nothing of it.
    pub(crate) fn is_unknown_model(&self) -> bool {
        let by_code = matches!(self.code.as_deref(), Some("400001" | "404001"));
        self.is_of_the_api && (by_code || self.kind() == ApiErrorKind::NotFound)
    }

    /// What kind of error it is: by the code, where it is a documented one, else by the HTTP status.
    #[must_use]
    pub fn kind(&self) -> ApiErrorKind {
        self.documented().unwrap_or_else(|| by_status(self.meant_status()))
    }

    /// What the code says, if RunComfy's documentation knows it: then the error comes from RunComfy itself and not from
    /// something on the way.
    fn documented(&self) -> Option<ApiErrorKind> {
        self.code.as_deref().and_then(|code| match code {
            "400001" | "422001" => Some(ApiErrorKind::BadRequest),
            "400002" | "10001" => Some(ApiErrorKind::InsufficientFunds),
            "400004" | "401001" => Some(ApiErrorKind::Unauthorized),
            "403001" | "403003" | "10002" => Some(ApiErrorKind::Forbidden),
            "404001" | "10003" => Some(ApiErrorKind::NotFound),
            "500001" => Some(ApiErrorKind::Server),
            _ => None,
        })
    }

    /// Whether asking again about a job can't help. A page of a proxy says nothing about the job.
    pub(crate) fn is_final(&self) -> bool {
        self.documented().is_some() && !self.is_retryable()
    }

    /// The HTTP status that the error means. RunComfy's codes begin with one, which counts where the answer's own status
    /// claims success.
    pub(crate) fn meant_status(&self) -> u16 {
        let in_code = || match self.code.as_deref()? {
            code if code.len() == 6 => code.get(..3)?.parse().ok().filter(|status| (300..600).contains(status)),
            _ => None,
        };
        if self.http_status < 300 { in_code().unwrap_or(self.http_status) } else { self.http_status }
    }

    pub(crate) fn is_retryable(&self) -> bool {
        match self.kind() {
            ApiErrorKind::RateLimited | ApiErrorKind::Server => true,
            // A temporary redirect: a site under maintenance, or the sign-in page of a network on the way.
            ApiErrorKind::Redirect => matches!(self.meant_status(), 302 | 303 | 307),
            _ => self.is_not_taken(),
        }
    }

    /// Whether the server says that this request was not for it, or came too early: it did nothing, and asks to be sent the
    /// same again.
    pub(crate) fn is_not_taken(&self) -> bool {
        self.kind() == ApiErrorKind::Other && matches!(self.http_status, 421 | 425)
    }

    /// Whether the server asks for the same again, and did nothing with this: too many requests, or not taken.
    pub(crate) fn invites_a_repeat(&self) -> bool {
        self.kind() == ApiErrorKind::RateLimited || self.is_not_taken()
    }

    /// Whether a submit that was answered so certainly made no job. So says a documented code of a refusal, and every 4xx
    /// that means that the server did not take the request, whoever between here and there says it. 408, 409 and the like
    /// say no such thing.
    pub(crate) fn is_refusal(&self) -> bool {
        // An internal error is none, whatever the HTTP status beside it.
        if self.http_status >= 500 || self.kind() == ApiErrorKind::Server {
            return false;
        }
        let documented = matches!(self.code.as_deref(), Some("10001" | "10002" | "10003"));
        // A success that speaks of too many requests was no 429, after which the same may be sent again.
        documented
            || self.is_not_taken()
            || self.http_status == 429
            || matches!(self.meant_status(), 400..=406 | 410..=417 | 422 | 431)
    }
}

fn by_status(status: u16) -> ApiErrorKind {
    match status {
        300..=399 => ApiErrorKind::Redirect,
        400 | 405 | 406 | 411..=417 | 422 | 431 => ApiErrorKind::BadRequest,
        401 => ApiErrorKind::Unauthorized,
        402 => ApiErrorKind::InsufficientFunds,
        403 => ApiErrorKind::Forbidden,
        404 | 410 => ApiErrorKind::NotFound,
        429 => ApiErrorKind::RateLimited,
        408 | 500..=599 => ApiErrorKind::Server,
        _ => ApiErrorKind::Other,
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {}", self.what(), self.http_status)?;
        if let Some(code) = &self.code {
            write!(f, ", code {}", code.escape_debug())?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, ", request {request_id}")?;
        }
        f.write_str(")")?;
        if self.fields.is_empty() && self.message.is_empty() {
            return Ok(());
        }
        f.write_str(": ")?;
        let joined = self.fields.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        match () {
            () if self.fields.is_empty() => write!(f, "{}", Quoted::answer(&self.message)),
            // The message is what the fields say, by their wire keys, or it is more.
            () if self.fields.iter().all(|field| self.message.contains(field.message())) => f.write_str(&joined),
            () => write!(f, "{}; {joined}", Quoted::answer(&self.message)),
        }
    }
}

impl ApiError {
    /// The kind, in words.
    fn what(&self) -> &'static str {
        match self.kind() {
            ApiErrorKind::BadRequest => "the server does not take this request",
            ApiErrorKind::Unauthorized => "the server does not accept the token",
            ApiErrorKind::InsufficientFunds => "the account's balance is too low",
            ApiErrorKind::Forbidden => "the account may not do this",
            ApiErrorKind::NotFound => "there is no such model or request, or not any more",
            ApiErrorKind::RateLimited => "there were too many requests",
            ApiErrorKind::Server => "the server is out of order",
            ApiErrorKind::Redirect => "the server redirects, which is not followed",
            ApiErrorKind::Other if self.is_not_taken() => "the server did not take the request, and asks for it again",
            ApiErrorKind::Other => "the server reports an error",
        }
    }

    /// The error without what an error around it tells: the HTTP status, and a body that is quoted there.
    pub(crate) fn summary(&self) -> String {
        let code = self.code.as_ref().map(|code| format!(" (code {})", code.escape_debug())).unwrap_or_default();
        let message = if self.is_of_the_api { format!(": {}", Quoted::answer(&self.message)) } else { String::new() };
        format!("{}{code}{message}", self.what())
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests;
