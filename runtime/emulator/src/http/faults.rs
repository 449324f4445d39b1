//! Carries out the faults that the dice decide on: one middleware, around every route.

use std::time::{Duration, SystemTime};

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};

use super::Site;
use super::body::Paced;
use super::door::Hangup;
use crate::backend::Ticket;
use crate::reply::ApiError;
use crate::{Fault, RetryAfter, Route, When};

/// Rolls for a request, and lets it pass or strikes it.
pub(super) async fn strike(State((site, route)): State<(Site, Route)>, request: Request, next: Next) -> Response {
    let ticket = request.extensions().get::<Ticket>().cloned();
    let path = request.uri().path().to_owned();
    let key = ticket.as_ref().map_or(path.as_bytes(), |ticket| &ticket.key);
    let fault = site.backend.dice().request(route, key);
    let Some(fault) = fault else { return next.run(request).await };
    if let Some(ticket) = &ticket {
        site.backend.struck(ticket, fault);
    }
    match fault {
        Fault::RateLimited(retry_after) => rate_limited(retry_after),
        Fault::Status(status, When::Before) => broken_server(status),
        Fault::Reset(When::Before) => hangup(),
        Fault::ErrorBody(code) => Json(ApiError::new(code, "an error with HTTP 200").body()).into_response(),
        Fault::Redirect => redirect(&site, route, request.uri()),
        Fault::Refused(time) => {
            let answer = next.run(request).await;
            let host = if route == Route::File { &site.files } else { &site.api };
            host.door.close_for(time).await;
            with_header(answer, CONNECTION, HeaderValue::from_static("close"))
        }
        _ => answered(fault, &site, ticket, next.run(request).await).await,
    }
}

/// The faults that change the answer.
async fn answered(fault: Fault, site: &Site, ticket: Option<Ticket>, answer: Response) -> Response {
    match fault {
        Fault::Status(status, _) => broken_server(status),
        Fault::Reset(_) => hangup(),
        Fault::SlowBody(time) => {
            let backend = site.backend.clone();
            let hung_up = move || {
                if let Some(ticket) = ticket {
                    backend.hung_up(&ticket);
                }
            };
            with_body(answer, |bytes| Body::new(Paced::slow(&bytes, time, hung_up))).await
        }
        Fault::CutBody => with_body(answer, |bytes| Body::new(Paced::cut(&bytes))).await,
        Fault::BrokenJson => with_body(answer, |bytes| Body::from(broken(&bytes))).await,
        Fault::UnknownStatus => with_json(answer, unknown_status).await,
        Fault::UnknownFields => with_json(answer, unknown_fields).await,
        _ => answer,
    }
}

fn rate_limited(retry_after: RetryAfter) -> Response {
    let mut error = ApiError::new(429_001, "too many requests").into_response();
    let value = match retry_after {
        RetryAfter::None => return error,
        RetryAfter::Seconds(seconds) => seconds.to_string(),
        // A date has whole seconds: rounded up, so that who waits for it has waited long enough.
        RetryAfter::Date(seconds) => {
            httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(u64::from(seconds) + 1))
        }
    };
    if let Ok(value) = value.parse() {
        error.headers_mut().insert(RETRY_AFTER, value);
    }
    error
}

/// An error of the API below 502, and of a proxy before it above.
fn broken_server(status: u16) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if status < 502 {
        let body = ApiError::new(u32::from(status) * 1000 + 1, "this is a fault").body();
        return (code, Json(body)).into_response();
    }
    let page = format!("<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>");
    (code, Html(page)).into_response()
}

fn hangup() -> Response {
    let mut answer = Response::new(Body::empty());
    answer.extensions_mut().insert(Hangup);
    answer
}

fn redirect(site: &Site, route: Route, uri: &axum::http::Uri) -> Response {
    let host = match route {
        // Files are there already; by another name it is another host.
        Route::File => site.files.origin.replace("127.0.0.1", "localhost"),
        _ => site.files.origin.clone(),
    };
    (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, format!("{host}{uri}"))]).into_response()
}

fn with_header(mut answer: Response, name: axum::http::HeaderName, value: HeaderValue) -> Response {
    answer.headers_mut().insert(name, value);
    answer
}

/// The same answer with another body. Our own bodies are in memory, so reading them can't fail.
async fn with_body(answer: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, change(bytes))
}

async fn with_json(answer: Response, change: impl FnOnce(&mut Value)) -> Response {
    let is_json = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !is_json {
        return answer;
    }
    with_body(answer, |bytes| {
        let Ok(mut value) = serde_json::from_slice(&bytes) else { return Body::from(bytes) };
        change(&mut value);
        Body::from(value.to_string())
    })
    .await
}

/// What a proxy leaves that ran out of memory: the beginning, and then nothing.
fn broken(bytes: &Bytes) -> Bytes {
    bytes.slice(..bytes.len().saturating_sub(2).max(1).min(bytes.len()))
}

fn unknown_status(answer: &mut Value) {
    if matches!(answer["status"].as_str(), Some("in_queue" | "in_progress")) {
        answer["status"] = json!("warming_up");
    }
}

fn unknown_fields(answer: &mut Value) {
    for pointer in ["", "/output"] {
        if let Some(object) = answer.pointer_mut(pointer).and_then(Value::as_object_mut) {
            object.insert("x_unknown".to_owned(), json!({"since": "tomorrow", "values": [1, null]}));
        }
    }
}
