//! Answers that are not quite JSON. A value that no JSON has is put where it goes as a placeholder, and the placeholder
//! replaced in the text: so all else stays as it was written.

use axum::body::Body;
use axum::response::Response;
use serde_json::{Value, json};

use super::answers::{is_json, with_body};
use crate::Oddity;

/// The key under which odd values come, which no documentation knows.
const KEY: &str = "x_odd";
/// What is replaced in the text. No value of ours is like it.
const PLACEHOLDER: &str = "odd value here";

/// The answer with an odd value in itself, in its `output` and in the first of its models.
pub(super) async fn with_oddity(answer: Response, oddity: Oddity) -> Response {
    if !is_json(&answer) {
        return answer;
    }
    with_body(answer, |bytes| {
        let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else { return Body::from(bytes) };
        if oddity == Oddity::ByteOrderMark {
            return Body::from([&b"\xEF\xBB\xBF"[..], &bytes].concat());
        }
        let mut raw = Vec::new();
        for pointer in ["/models/0", "/output", ""] {
            let Some(object) = value.pointer_mut(pointer).and_then(Value::as_object_mut) else { continue };
            let first = object.iter().next().map(|(key, value)| (key.clone(), value.clone()));
            object.insert(KEY.to_owned(), json!(PLACEHOLDER));
            raw.push((pointer, first));
        }
        // In the text, parts come before what they are in: the placeholders are in the order of `raw`.
        raw.iter()
            .fold(value.to_string().into_bytes(), |text, (_, first)| replace(&text, &written(oddity, first)))
            .into()
    })
    .await
}

/// The answer with its id twice: the right one, then another.
pub(super) async fn with_two_ids(answer: Response, other: &str) -> Response {
    if !is_json(&answer) {
        return answer;
    }
    with_body(answer, |bytes| {
        let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else { return Body::from(bytes) };
        let Some(object) = value.as_object_mut().filter(|object| object.contains_key("request_id")) else {
            return Body::from(bytes);
        };
        object.insert(KEY.to_owned(), json!(PLACEHOLDER));
        let member = format!("\"request_id\":{}", json!(other));
        replace(value.to_string().as_bytes(), member.as_bytes()).into()
    })
    .await
}

/// The odd member of an object whose first member is this.
fn written(oddity: Oddity, first: &Option<(String, Value)>) -> Vec<u8> {
    let value = match oddity {
        Oddity::Nan => &b"NaN"[..],
        Oddity::Infinity => b"-Infinity",
        Oddity::HugeNumber => b"1e999",
        Oddity::LoneSurrogate => b"\"\\ud83d\"",
        Oddity::Latin1 => b"\"caf\xE9\"",
        Oddity::RepeatedKey | Oddity::ByteOrderMark => {
            let (key, value) = first.as_ref().map_or((KEY, &Value::Null), |(key, value)| (key.as_str(), value));
            return format!("{}:{value}", json!(key)).into_bytes();
        }
    };
    [format!("{}:", json!(KEY)).as_bytes(), value].concat()
}

/// The text with its first placeholder member replaced.
fn replace(text: &[u8], member: &[u8]) -> Vec<u8> {
    let wanted = format!("{}:{}", json!(KEY), json!(PLACEHOLDER)).into_bytes();
    match text.windows(wanted.len()).position(|window| window == wanted) {
        Some(at) => [&text[..at], member, &text[at + wanted.len()..]].concat(),
        None => text.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn odd(oddity: Oddity) -> Vec<u8> {
        let answer = axum::Json(json!({"request_id": "r", "output": {"video": "v"}, "z": 1}));
        let answer = with_oddity(axum::response::IntoResponse::into_response(answer), oddity).await;
        let bytes = axum::body::to_bytes(answer.into_body(), 9_999).await.expect("in memory");
        bytes.to_vec()
    }

    #[tokio::test]
    async fn odd_values_are_written_as_lax_writers_do() {
        let cases: [(Oddity, &[u8]); 3] = [
            (Oddity::Nan, br#"{"request_id":"r","output":{"video":"v","x_odd":NaN},"z":1,"x_odd":NaN}"#),
            (
                Oddity::RepeatedKey,
                br#"{"request_id":"r","output":{"video":"v","video":"v"},"z":1,"request_id":"r"}"#,
            ),
            (Oddity::Latin1, b"{\"request_id\":\"r\",\"output\":{\"video\":\"v\",\"x_odd\":\"caf\xE9\"},\"z\":1,\"x_odd\":\"caf\xE9\"}"),
        ];
        for (oddity, text) in cases {
            assert_eq!(odd(oddity).await, text, "{oddity:?}");
        }
    }

    #[tokio::test]
    async fn only_repeated_keys_are_json() {
        for oddity in Oddity::ALL {
            let is_json = serde_json::from_slice::<Value>(&odd(oddity).await).is_ok();
            assert_eq!(is_json, oddity == Oddity::RepeatedKey, "{oddity:?}");
        }
    }
}
