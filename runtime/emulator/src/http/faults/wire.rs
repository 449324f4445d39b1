//! Faults of the line: heads and bodies that drip, break off, never end or are much too long.

use std::iter;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;

use super::super::body::Paced;
use super::answers::{is_json, with_body};
use super::raw::{HungUp, takeover, written};

/// The pause between two informational answers.
const EARLY: Duration = Duration::from_millis(50);
/// An informational answer.
const HINT: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </>; rel=preload\r\n\r\n";
/// Pieces that a slow head comes in.
const PIECES: usize = 10;
/// What a padded answer is made longer with.
const PADDING: &[u8] = b"0,";

/// Early hints for that long, then the answer.
pub(super) async fn informational(answer: Response, time: Duration, hung_up: HungUp) -> Response {
    let hints = usize::try_from(time.as_nanos() / EARLY.as_nanos()).unwrap_or(usize::MAX);
    let (head, body) = written(answer).await;
    let script = iter::repeat_n((EARLY, Bytes::from_static(HINT)), hints)
        .chain([(Duration::ZERO, head), (Duration::ZERO, body)]);
    takeover(script, hung_up)
}

/// As many early hints as the line takes in that time, then the answer.
pub(super) async fn informational_flood(answer: Response, time: Duration, hung_up: HungUp) -> Response {
    let (head, body) = written(answer).await;
    let (hints, begun) = (Bytes::from(HINT.repeat(100)), Instant::now());
    let flood = iter::repeat_with(move || (Duration::ZERO, hints.clone())).take_while(move |_| begun.elapsed() < time);
    let script = flood.chain([(Duration::ZERO, head), (Duration::ZERO, body)]);
    takeover(script, hung_up)
}

/// The head in ten pieces, then the body.
pub(super) async fn slow_head(answer: Response, time: Duration, hung_up: HungUp) -> Response {
    let (head, body) = written(answer).await;
    let piece = head.len().div_ceil(PIECES).max(1);
    let pause = time / PIECES as u32;
    let pieces: Vec<_> = head.chunks(piece).map(|piece| (pause, Bytes::copy_from_slice(piece))).collect();
    let script = pieces.into_iter().chain([(Duration::ZERO, body)]);
    takeover(script, hung_up)
}

pub(super) async fn slow_body(answer: Response, time: Duration, hung_up: HungUp) -> Response {
    with_body(answer, |bytes| Body::new(Paced::slow(&bytes, time, hung_up))).await
}

/// Spaces without end, which a reader of JSON passes over.
pub(super) fn endless_body(answer: Response, pause: Duration, hung_up: HungUp) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::new(Paced::endless(Bytes::from_static(b" "), pause, hung_up)))
}

pub(super) async fn cut_half(answer: Response) -> Response {
    with_body(answer, |bytes| Body::new(Paced::cut(&bytes, bytes.len() / 2))).await
}

/// The first bytes; a body that is not longer comes whole.
pub(super) async fn cut_at(answer: Response, kept: usize) -> Response {
    with_body(answer, |bytes| if kept < bytes.len() { Body::new(Paced::cut(&bytes, kept)) } else { Body::from(bytes) })
        .await
}

/// The body up to the end of the first object in it.
pub(super) async fn cut_after_first(answer: Response) -> Response {
    with_body(answer, |bytes| {
        let end = bytes.iter().position(|byte| *byte == b'}').map_or(bytes.len() / 2, |end| end + 1);
        Body::new(Paced::cut(&bytes, end))
    })
    .await
}

/// The body up to the end of the id, or up to its middle.
pub(super) async fn cut_near_id(answer: Response, whole: bool) -> Response {
    with_body(answer, |bytes| {
        let end = end_of_id(&bytes).map(|(start, end)| if whole { end } else { start + (end - start) / 2 });
        Body::new(Paced::cut(&bytes, end.unwrap_or(bytes.len() / 2)))
    })
    .await
}

/// Where the value of `request_id` begins and ends, quotes included.
fn end_of_id(bytes: &[u8]) -> Option<(usize, usize)> {
    const KEY: &[u8] = b"\"request_id\":";
    let start = bytes.windows(KEY.len()).position(|window| window == KEY)? + KEY.len();
    let len = bytes.get(start + 1..)?.iter().position(|byte| *byte == b'"')?;
    Some((start, start + 1 + len + 1))
}

pub(super) fn empty(answer: Response) -> Response {
    let (mut parts, _) = answer.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::empty())
}

/// A JSON object with a long list as its last member. The list is one piece sent many times, so it needs no memory here.
pub(super) async fn padded(answer: Response, bytes: usize) -> Response {
    if !is_json(&answer) {
        return answer;
    }
    with_body(answer, |body| {
        let piece = Bytes::from(PADDING.repeat(32 << 10));
        let (whole, rest) = (bytes / piece.len(), bytes % piece.len() / PADDING.len() * PADDING.len());
        let Some(end) = body.iter().rposition(|byte| *byte == b'}') else { return Body::from(body) };
        let start = iter::once(body.slice(..end)).chain([Bytes::from_static(b",\"x_padding\":[")]);
        let list = iter::repeat_n(piece.clone(), whole).chain([piece.slice(..rest), Bytes::from_static(b"0]}")]);
        Body::new(Paced::at_once(start.chain(list)))
    })
    .await
}

#[cfg(test)]
mod tests {
    use axum::Json;
    use axum::body::to_bytes;
    use axum::response::IntoResponse as _;
    use serde_json::{Value, json};

    use super::*;

    #[tokio::test]
    async fn a_padded_answer_is_json_and_longer_by_what_was_asked() {
        let answer = json!({"request_id": "r"});
        for bytes in [0, 7, 65_536, 1_000_000] {
            let long = padded(Json(&answer).into_response(), bytes).await;
            let long = to_bytes(long.into_body(), usize::MAX).await.expect("in memory");
            assert!(long.len().abs_diff(bytes + answer.to_string().len()) < 20, "{} {bytes}", long.len());
            let read: Value = serde_json::from_slice(&long).expect("JSON");
            assert_eq!(read["request_id"], "r");
        }
    }

    #[test]
    fn an_id_is_found_with_its_quotes() {
        let text = br#"{"request_id":"r-1","x":1}"#;
        assert_eq!(end_of_id(text).map(|(start, end)| &text[start..end]), Some(&b"\"r-1\""[..]));
        assert_eq!(end_of_id(br#"{"id":"r"}"#), None);
    }
}
