//! Faults that change what an answer says and leave it JSON: one value in, another out.

use std::io::Write as _;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use super::{Struck, with_header};
use crate::media::Kind;
use crate::{CancelForm, Fault, IdForm, Shape};

/// The same answer with another body. Our own bodies are in memory, so reading them can't fail.
pub(super) async fn with_body(answer: Response, change: impl FnOnce(Bytes) -> Body) -> Response {
    let (mut parts, body) = answer.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, change(bytes))
}

pub(super) fn is_json(answer: &Response) -> bool {
    answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == "application/json")
}

pub(super) async fn with_json(answer: Response, change: impl FnOnce(&mut Value)) -> Response {
    if !is_json(&answer) {
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
pub(super) async fn broken(answer: Response) -> Response {
    with_body(answer, |bytes| Body::from(bytes.slice(..bytes.len().saturating_sub(2).max(1).min(bytes.len())))).await
}

/// The answer in gzip.
pub(super) async fn compressed(answer: Response) -> Response {
    let answer = with_body(answer, |bytes| {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        // Memory takes all.
        Body::from(gzip.write_all(&bytes).and_then(|()| gzip.finish()).unwrap_or_default())
    });
    with_header(answer.await, CONTENT_ENCODING, "gzip")
}

/// The faults of single values.
pub(super) async fn change(mut answer: Response, fault: Fault, struck: &Struck<'_>) -> Response {
    if let (Fault::Cancel(form), true) = (fault, answer.status().is_success()) {
        match form {
            CancelForm::Ok => *answer.status_mut() = StatusCode::OK,
            CancelForm::NoContent => return StatusCode::NO_CONTENT.into_response(),
            _ => {}
        }
    }
    with_json(answer, |value| match fault {
        Fault::UnknownStatus => unknown_status(value),
        Fault::ListedStatus => {
            if let Some(status) = value.get_mut("status") {
                *status = json!([status.take()]);
            }
        }
        Fault::UnknownFields => unknown_fields(value),
        Fault::Output(shape) => reshape(value, shape),
        Fault::Cancel(form) => cancelled(value, form),
        Fault::TokenAsId => replace_id(value, &struck.site.backend.config.token),
        Fault::Id(IdForm::Number) => number_id(value),
        Fault::OtherId => replace_id(value, &struck.other_id()),
        Fault::EntryWithoutId => {
            if let Some(entry) = value.pointer_mut("/models/0").and_then(Value::as_object_mut) {
                entry.remove("model_id");
            }
        }
        _ => {}
    })
    .await
}

/// The same answer after what was sent, with an id in it.
pub(super) async fn with_echo(answer: Response, struck: &Struck<'_>) -> Response {
    let mut sent = struck.ticket.as_ref().map(|ticket| struck.site.backend.sent(ticket)).unwrap_or_default();
    if !sent.is_object() {
        sent = json!({});
    }
    sent["request_id"] = json!(struck.other_id());
    with_json(answer, |value| {
        if let Some(rest) = value.as_object_mut() {
            let first = [("input".to_owned(), sent)];
            *rest = first.into_iter().chain(std::mem::take(rest)).collect();
        }
    })
    .await
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

fn replace_id(answer: &mut Value, id: &str) {
    if let Some(old) = answer.get_mut("request_id") {
        *old = json!(id);
    }
}

fn number_id(answer: &mut Value) {
    let number = answer["request_id"].as_str().and_then(|id| id.parse::<u64>().ok());
    if let Some(number) = number {
        answer["request_id"] = json!(number);
    }
}

fn cancelled(answer: &mut Value, form: CancelForm) {
    if answer["outcome"] != "cancelled" {
        return;
    }
    let (status, outcome) = match form {
        CancelForm::Both => ("cancelled", Some("cancelled")),
        CancelForm::Requested => ("cancelled", Some("cancellation_requested")),
        CancelForm::StatusOnly => ("cancellation_requested", None),
        CancelForm::Spelling => ("canceled", Some("canceled")),
        CancelForm::Ok | CancelForm::NoContent => return,
    };
    answer["status"] = json!(status);
    match outcome {
        Some(outcome) => answer["outcome"] = json!(outcome),
        None => drop(answer.as_object_mut().map(|map| map.remove("outcome"))),
    }
}

/// Puts the URLs of an output into another shape.
fn reshape(answer: &mut Value, shape: Shape) {
    let mut urls = Vec::new();
    collect_urls(&answer["output"], &mut urls);
    let Some(first) = urls.first().cloned() else { return };
    let kind = first.rsplit('.').next().and_then(Kind::from_extension).unwrap_or(Kind::Image).word();
    let plural = format!("{kind}s");
    let under = |key: &str, value: Value| Value::Object(Map::from_iter([(key.to_owned(), value)]));
    answer["output"] = match shape {
        Shape::Text => json!(first),
        Shape::List => json!(urls),
        Shape::Nested => under(kind, json!({"url": first})),
        Shape::TextUnderPlural => under(&plural, json!(first)),
        Shape::ListUnderSingular => under(kind, json!(urls)),
        Shape::Url => under("url", json!(first)),
        Shape::Path => under("path", json!(first)),
        Shape::Repeated => {
            let mut both = under(kind, json!(first));
            both[plural] = json!(urls);
            both
        }
        Shape::Empty => json!({}),
        Shape::Null => Value::Null,
        Shape::Missing => return drop(answer.as_object_mut().map(|map| map.remove("output"))),
    };
}

fn collect_urls(value: &Value, urls: &mut Vec<String>) {
    match value {
        Value::String(text) if text.starts_with("http") => urls.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| collect_urls(value, urls)),
        Value::Object(map) => map.values().for_each(|value| collect_urls(value, urls)),
        _ => {}
    }
}
