//! What answers say: JSON in, one loose record out. Every part of it may be missing or of another type than expected, and
//! there may be more; what a call needs, it must ask for. Must not know which call it answers.

use bytes::Bytes;
use reqwest::StatusCode;
use serde::{Deserialize, Deserializer};
use std::time::Duration;

use super::endpoint::is_request_id;
use super::error::{ApiError, DecodeError, Error};
use crate::Json;

/// How much of an answer an error keeps, in bytes.
const SNIPPET: usize = 4096;

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
    /// Where a redirect leads, host only.
    pub(crate) location: Option<String>,
    /// What no message may show.
    pub(crate) secret: Secret,
}

/// A token, to be kept out of what errors quote.
#[derive(Clone)]
pub(crate) struct Secret(pub(crate) reqwest::header::HeaderValue);

/// The parts of an answer that matter to some call.
#[derive(Default, Deserialize)]
pub(crate) struct Record {
    #[serde(default, deserialize_with = "text")]
    pub(crate) request_id: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) status: Option<String>,
    #[serde(default, deserialize_with = "count")]
    pub(crate) queue_position: Option<u64>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) outcome: Option<String>,
    #[serde(default)]
    pub(crate) output: Option<Json>,
    #[serde(default, deserialize_with = "amount")]
    pub(crate) cost: Option<f64>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) created_at: Option<String>,
    #[serde(default, deserialize_with = "text")]
    pub(crate) finished_at: Option<String>,
    #[serde(default)]
    error: Option<Json>,
    #[serde(default)]
    error_code: Option<Json>,
    #[serde(default)]
    error_message: Option<Json>,
    #[serde(default)]
    message: Option<Json>,
    #[serde(default)]
    detail: Option<Json>,
    #[serde(default)]
    code: Option<Json>,
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(match Json::deserialize(deserializer)? {
        Json::String(text) => Some(text),
        _ => None,
    })
}

fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let json = Json::deserialize(deserializer)?;
    Ok(json.as_u64().or_else(|| json.as_str()?.trim().parse().ok()))
}

fn amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let json = Json::deserialize(deserializer)?;
    Ok(json.as_f64().or_else(|| json.as_str()?.trim().parse().ok().filter(|amount: &f64| amount.is_finite())))
}

impl Answer {
    /// What the answer says, if it is a success.
    pub(crate) fn record(&self) -> Result<Record, Error> {
        if !self.status.is_success() {
            return Err(self.api_error(&self.read().unwrap_or_default()).into());
        }
        let mut record: Record = self.read()?;
        for text in [&mut record.status, &mut record.outcome].into_iter().flatten() {
            *text = self.secret.keep_out(std::mem::take(text));
        }
        if record.is_error() { Err(self.api_error(&record).into()) } else { Ok(record) }
    }

    /// The answer as JSON, if it is a success and no error in disguise.
    pub(crate) fn json(&self) -> Result<Json, Error> {
        self.record()?;
        Ok(self.read()?)
    }

    /// The request id in it, whatever else it says.
    pub(crate) fn request_id(&self) -> Option<String> {
        self.read::<Record>().ok()?.request_id.filter(|id| is_request_id(id))
    }

    /// Reads the body. The way to the trouble is looked for only where there is some.
    fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, DecodeError> {
        serde_json::from_slice(&self.body).map_err(|_| {
            let deserializer = &mut serde_json::Deserializer::from_slice(&self.body);
            match serde_path_to_error::deserialize::<_, T>(deserializer) {
                Ok(_) => self.undecodable(".", "there is more after the JSON", false),
                Err(error) => {
                    // Of another kind altogether is as good as none.
                    let is_json = error.inner().is_data() && error.path().iter().next().is_some();
                    // serde's messages quote what they read.
                    let message = self.secret.keep_out(error.inner().to_string());
                    self.undecodable(&error.path().to_string(), &message, is_json)
                }
            }
        })
    }

    /// The error for an answer that is not as it should be at this place.
    pub(crate) fn undecodable(&self, path: &str, message: &str, is_json: bool) -> DecodeError {
        DecodeError {
            http_status: self.status.as_u16(),
            path: path.to_owned(),
            message: message.to_owned(),
            body: self.snippet(),
            is_json,
            request_id: None,
        }
    }

    /// The beginning of the body as text, without the token should the server repeat it.
    pub(crate) fn snippet(&self) -> String {
        // Some more is read than is kept, so that a token across the end is found.
        let start = self.body.get(..2 * SNIPPET).unwrap_or(&self.body);
        let mut text = self.secret.keep_out(String::from_utf8_lossy(start).into_owned());
        let end = (0..=SNIPPET.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text.truncate(end.unwrap_or(0));
        text
    }

    pub(crate) fn api_error(&self, record: &Record) -> ApiError {
        let redirect = || self.location.as_ref().map(|host| format!("to {host}"));
        let message = record.error_text().or_else(redirect).unwrap_or_else(|| self.snippet());
        ApiError {
            http_status: self.status.as_u16(),
            code: record.error_code().map(|code| self.secret.keep_out(code)),
            message: self.secret.keep_out(message),
            body: self.snippet(),
            retry_after: self.retry_after,
            request_id: None,
        }
    }
}

impl Secret {
    /// The text without the token.
    pub(crate) fn keep_out(&self, text: String) -> String {
        let token = self.0.to_str().ok().and_then(|header| header.strip_prefix("Bearer "));
        match token {
            Some(token) if text.contains(token) => text.replace(token, "…"),
            _ => text,
        }
    }
}

impl Record {
    /// Whether a success reports an error. With a job's status it is about a job, whose own error is none of the call; the
    /// status `error` alone may be that of the call.
    fn is_error(&self) -> bool {
        let reported = |part: &Option<Json>| part.as_ref().is_some_and(is_something);
        let of_job = |status: &str| self.request_id.is_some() || !status.eq_ignore_ascii_case("error");
        let about_a_job = self.status.as_deref().is_some_and(of_job);
        let nothing_else = self.request_id.is_none() && self.outcome.is_none();
        !about_a_job
            && (reported(&self.error_code)
                || nothing_else && (reported(&self.error) || reported(&self.error_message) || reported(&self.code)))
    }

    /// Whether anything is said of an error.
    pub(crate) fn has_error(&self) -> bool {
        [&self.error, &self.error_code, &self.error_message].into_iter().flatten().any(is_something)
    }

    /// RunComfy's code of the error.
    pub(crate) fn error_code(&self) -> Option<String> {
        let nested = self.error.as_ref().and_then(|error| error.get("code").or_else(|| error.get("error_code")));
        [self.error_code.as_ref(), self.code.as_ref(), nested].into_iter().flatten().find_map(|code| match code {
            Json::String(text) if !text.is_empty() => Some(text.chars().take(64).collect()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// What is said of the error.
    pub(crate) fn error_text(&self) -> Option<String> {
        let parts = [&self.error_message, &self.message, &self.error, &self.detail];
        parts.into_iter().flatten().find_map(|part| {
            let inner = part.get("message").unwrap_or(part);
            match inner {
                Json::String(text) if !text.is_empty() => Some(text.clone()),
                Json::Array(_) | Json::Object(_) => Some(inner.to_string()),
                _ => None,
            }
        })
    }
}

/// Whether JSON says anything: null, `""`, `0`, `false`, `[]` and `{}` don't.
pub(crate) fn is_something(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.is_empty() && text != "0",
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
        Json::Bool(true) => true,
    }
}

/// Whether JSON says anything at any depth: `{"videos": []}` does not.
pub(crate) fn has_content(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.iter().any(has_content),
        Json::Object(entries) => entries.values().any(has_content),
        scalar => is_something(scalar),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::error::ApiErrorKind;
    use reqwest::header::HeaderValue;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).expect("a status"),
            retry_after: None,
            body: Bytes::copy_from_slice(body.as_bytes()),
            location: None,
            secret: Secret(HeaderValue::from_static("Bearer s3cret")),
        }
    }

    fn api(status: u16, body: &str) -> ApiError {
        match answer(status, body).record() {
            Err(Error::Api(error)) => *error,
            Err(other) => panic!("another error: {other}"),
            Ok(_) => panic!("no error: {body}"),
        }
    }

    #[test]
    fn all_spellings_of_an_error_are_read() {
        for (body, code, message) in [
            (r#"{"error_code": 400002, "error_message": "no balance"}"#, "400002", "no balance"),
            (r#"{"code": "400002", "error": "no balance"}"#, "400002", "no balance"),
            (r#"{"error": {"code": 400002, "message": "no balance"}}"#, "400002", "no balance"),
            (r#"{"error_code": "400002", "message": "no balance", "detail": null}"#, "400002", "no balance"),
            (r#"{"code": 400002, "error": true, "detail": [{"path": "/a"}]}"#, "400002", r#"[{"path":"/a"}]"#),
        ] {
            for status in [200, 400] {
                let error = api(status, body);
                assert_eq!((error.code(), error.message()), (Some(code), message), "{body}");
                assert_eq!(error.kind(), ApiErrorKind::InsufficientFunds);
            }
        }
        let html = api(502, "<html>Bad Gateway</html>");
        assert_eq!((html.code(), html.message()), (None, "<html>Bad Gateway</html>"));
    }

    #[test]
    fn the_error_of_a_job_is_not_one_of_the_call() {
        let body = r#"{"request_id": "a", "status": "failed", "error": "out of memory", "error_code": 500001}"#;
        let record = answer(200, body).record().expect("a record");
        assert_eq!(record.error_text().as_deref(), Some("out of memory"));
        let empty = r#"{"request_id": "a", "error": null, "error_code": 0, "code": 0, "message": "ok"}"#;
        assert!(answer(200, empty).record().is_ok());
    }

    #[test]
    fn parts_of_another_type_are_as_good_as_missing() {
        let body = r#"{"status": 7, "queue_position": "3", "cost": "0.25", "created_at": {}, "new": [1]}"#;
        let record = answer(200, body).record().expect("a record");
        assert_eq!((record.status, record.queue_position, record.cost), (None, Some(3), Some(0.25)));
        let body = r#"{"status": "in_queue", "queue_position": -1, "cost": null}"#;
        let record = answer(200, body).record().expect("a record");
        assert_eq!((record.queue_position, record.cost), (None, None));
    }

    #[test]
    fn what_is_no_json_may_be_asked_for_again() {
        for garbled in ["{\"status\": \"comp", "<html>", "", "{} {}"] {
            let error = answer(200, garbled).record().err().expect(garbled);
            assert!(matches!(&error, Error::Decode(_)) && error.is_retryable(), "{garbled}: {error}");
        }
        let list = answer(200, "[]").record().err();
        assert!(list.is_none_or(|error| !error.is_retryable()));
    }

    #[test]
    fn a_server_that_repeats_the_token_does_not_get_it_into_an_error() {
        let long = format!("{{\"message\": \"{}s3cret is no token\"}}", "x".repeat(SNIPPET - 14));
        for body in [r#"{"error_message": "s3cret is no token", "code": "s3cret"}"#, "s3cret is no token", &long] {
            let error = api(401, body);
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("s3cr"), "{shown}");
        }
    }

    #[test]
    fn the_status_error_of_a_call_is_not_that_of_a_job() {
        assert_eq!(api(200, r#"{"status": "error", "error_code": 500001}"#).kind(), ApiErrorKind::Server);
        let about_a_job = r#"{"request_id": "a-1", "status": "error", "error_code": 500001}"#;
        assert!(answer(200, about_a_job).record().is_ok());
    }

    #[test]
    fn an_empty_envelope_says_nothing() {
        for (json, says) in [
            (r#"{"videos": []}"#, false),
            (r#"{"video": null, "image": ""}"#, false),
            (r#"{"videos": ["https://example.com/a.mp4"]}"#, true),
        ] {
            assert_eq!(has_content(&serde_json::from_str(json).expect("JSON")), says, "{json}");
        }
    }

    #[test]
    fn a_token_that_is_repeated_as_a_status_is_kept_out() {
        let record = answer(200, r#"{"request_id": "a-1", "status": "s3cret"}"#).record();
        assert_eq!(record.ok().and_then(|record| record.status).as_deref(), Some("…"));
    }
}
