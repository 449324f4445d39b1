//! Answers that tell the id of their job in another place than the documented one. One answer in, another out.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header::LOCATION;
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
        address = value["status_url"].as_str().and_then(|url| HeaderValue::from_str(url).ok());
        match place {
            IdPlace::Data => *value = json!({"data": value.take()}),
            IdPlace::List => *value = json!([value.take()]),
            IdPlace::Address => drop(value.as_object_mut().map(|map| map.remove("request_id"))),
            IdPlace::Head => *value = json!({}),
            IdPlace::Spaces => value["request_id"] = json!(format!(" {id} ")),
            IdPlace::Case => value["request_id"] = json!(id.to_ascii_uppercase()),
            IdPlace::Utf16 => {}
        }
    })
    .await;
    if let (IdPlace::Head, Some(address)) = (place, address) {
        answer.headers_mut().insert(LOCATION, address);
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

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
