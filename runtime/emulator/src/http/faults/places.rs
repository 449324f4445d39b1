//! Answers that tell the id of their job, or of another, in another place than the documented one. One answer in, another out.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::{LINK, LOCATION};
use axum::response::Response;
use serde_json::json;

use super::answers::{is_json, with_body, with_json};
use super::errors;
use crate::IdPlace;

/// The answer with its id in this place.
pub(super) async fn told(mut answer: Response, place: IdPlace) -> Response {
    if !is_json(&answer) || !answer.status().is_success() {
        return answer;
    }
    let (mut id, mut address) = (String::new(), None);
    answer = with_json(answer, |value| {
        id = value["request_id"].as_str().unwrap_or_default().to_owned();
        address = value["status_url"].as_str().map(str::to_owned);
        match place {
            IdPlace::Data => *value = json!({"data": value.take()}),
            IdPlace::List => *value = json!([value.take()]),
            IdPlace::Address => drop(value.as_object_mut().map(|map| map.remove("request_id"))),
            IdPlace::Head | IdPlace::Link => *value = json!({}),
            IdPlace::Spaces => value["request_id"] = json!(format!(" {id} ")),
            IdPlace::Case => value["request_id"] = json!(id.to_ascii_uppercase()),
            IdPlace::Utf16 => {}
        }
    })
    .await;
    if let Some(address) = address {
        point_to(&mut answer, place, &address);
    }
    match place {
        IdPlace::Utf16 => with_body(answer, |bytes| Body::from(utf16(&String::from_utf8_lossy(&bytes)))).await,
        _ => answer,
    }
}

/// The same with the status of a refusal, which is all that refuses it.
pub(super) async fn denied(answer: Response, status: u16, place: IdPlace) -> Response {
    if !answer.status().is_success() {
        return answer;
    }
    let mut answer = told(answer, place).await;
    *answer.status_mut() = errors::status(status);
    answer
}

/// The answer with the id of another job in this place as well.
pub(super) async fn contradicted(mut answer: Response, place: IdPlace, other: &str) -> Response {
    if !is_json(&answer) || !answer.status().is_success() {
        return answer;
    }
    let address = format!("/v1/requests/{other}/status");
    point_to(&mut answer, place, &address);
    with_json(answer, |value| match place {
        IdPlace::Data => value["data"] = json!({"request_id": other}),
        IdPlace::Address => value["status_url"] = json!(address),
        _ => {}
    })
    .await
}

/// The answer with the status of a refusal and a job's status, and nothing else.
pub(super) async fn denied_as(answer: Response, status: u16, word: &str) -> Response {
    if !answer.status().is_success() {
        return answer;
    }
    let mut answer = with_json(answer, |value| *value = json!({"status": word})).await;
    *answer.status_mut() = errors::status(status);
    answer
}

/// Puts an address into the head, if that is the place.
fn point_to(answer: &mut Response, place: IdPlace, address: &str) {
    let (name, text) = match place {
        IdPlace::Head => (LOCATION, address.to_owned()),
        IdPlace::Link => (LINK, format!("<{address}>; rel=status")),
        _ => return,
    };
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().insert(name, value);
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
