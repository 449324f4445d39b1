//! Errors that are no answer to the request: of the API, of a gateway before it, and in forms that no documentation knows.

use std::time::{Duration, SystemTime};

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{DATE, RETRY_AFTER};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};

use crate::reply::ApiError;
use crate::{Detail, RetryAfter};

pub(super) fn status(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// An error of the API below 502, and of a proxy before it above.
pub(super) fn broken_server(code: u16) -> Response {
    if code < 502 { coded(code, u32::from(code) * 1000 + 1, "this is a fault") } else { page(code) }
}

/// What a gateway says.
pub(super) fn page(code: u16) -> Response {
    let code = status(code);
    let page = format!("<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>");
    (code, Html(page)).into_response()
}

pub(super) fn coded(http: u16, code: u32, message: &str) -> Response {
    (status(http), Json(ApiError::new(code, message).body())).into_response()
}

pub(super) fn uncoded(http: u16) -> Response {
    (status(http), Json(json!({"detail": "not available"}))).into_response()
}

/// Too many requests, or too busy: come back later.
pub(super) fn later(http: u16, retry_after: RetryAfter) -> Response {
    let mut error = coded(http, u32::from(http) * 1000 + 1, "too many requests");
    let now = SystemTime::now();
    // A date has whole seconds: rounded up, so that who waits for it has waited long enough.
    let rounded = |seconds: u32| Duration::from_secs(u64::from(seconds) + 1);
    if let RetryAfter::Lines(texts) = retry_after {
        for value in texts.iter().filter_map(|text| text.parse().ok()) {
            error.headers_mut().append(RETRY_AFTER, value);
        }
        return error;
    }
    let value = match retry_after {
        RetryAfter::None | RetryAfter::Lines(_) => return error,
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        RetryAfter::Date(seconds) => httpdate::fmt_http_date(now + rounded(seconds)),
        RetryAfter::Fraction(millis) => format!("{:?}", f64::from(millis) / 1000.0),
        RetryAfter::SkewedDate(seconds, skew) => {
            let there = skewed(now, skew);
            if let Ok(date) = httpdate::fmt_http_date(there).parse() {
                error.headers_mut().insert(DATE, date);
            }
            httpdate::fmt_http_date(there + rounded(seconds))
        }
        RetryAfter::Text(text) => text.to_owned(),
    };
    if let Ok(value) = value.parse() {
        error.headers_mut().insert(RETRY_AFTER, value);
    }
    error
}

fn skewed(now: SystemTime, seconds: i32) -> SystemTime {
    let by = Duration::from_secs(seconds.unsigned_abs().into());
    if seconds < 0 { now - by } else { now + by }
}

/// Names the first two keys of a body as wrong.
pub(super) fn invalid(sent: &Value, detail: Detail) -> Response {
    const MESSAGE: &str = "is not what it should be";
    let keys = || sent.as_object().into_iter().flat_map(|map| map.keys()).take(2);
    let detail = match detail {
        Detail::Pointer => keys().map(|key| json!({"path": format!("/{key}"), "message": MESSAGE})).collect(),
        Detail::Location => {
            keys().map(|key| json!({"loc": ["body", key], "msg": MESSAGE, "type": "value_error"})).collect()
        }
        Detail::Text => json!(keys().map(|key| format!("{key}: {MESSAGE}")).collect::<Vec<_>>().join("; ")),
    };
    let mut body = ApiError::new(422_001, "this is a fault").body();
    body["detail"] = detail;
    (StatusCode::UNPROCESSABLE_ENTITY, Json(body)).into_response()
}
