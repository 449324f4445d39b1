//! Answers written by hand, for no library writes them: odd heads, and whole bodies whose end never comes. One answer in, what
//! goes over the line instead out.

use std::iter;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::http::HeaderValue;
use axum::http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use axum::http::response::Parts;
use axum::response::Response;

use super::super::connection::{Ending, Takeover};
use crate::{NoEnd, OddHead};

/// Told that the other end hung up.
pub(super) type HungUp = Box<dyn FnOnce() + Send>;

/// By how much a length is too large.
const MISSING: usize = 4;

/// The answer with something odd in its head.
pub(super) async fn odd_head(answer: Response, odd: OddHead, hung_up: HungUp) -> Response {
    let (head, body) = written(answer).await;
    // The first line says the status; the odd ones come right after it.
    let first = head.iter().position(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let head = Bytes::from([&head[..first], &lines(odd), &head[first..]].concat());
    takeover([(Duration::ZERO, head), (Duration::ZERO, body)], hung_up)
}

fn lines(odd: OddHead) -> Vec<u8> {
    let line: &[u8] = match odd {
        OddHead::NoColon => b"this line has no colon\r\n",
        OddHead::NoName => b": this line has no name\r\n",
        OddHead::SpacedName => b"X Odd: 1\r\n",
        OddHead::LetterInName => b"X-\xC3\x96dd: 1\r\n",
        OddHead::SpaceBeforeColon => b"X-Odd : 1\r\n",
        OddHead::BytesInValue => b"X-Odd: \xF0\x9F\x8E\xAC caf\xE9\r\n",
        OddHead::ControlInValue => b"X-Odd: \x01\r\n",
        OddHead::Folded => b"X-Odd: this goes on\r\n\tin the next line\r\n",
        OddHead::Lines(count) => {
            return (0..count).flat_map(|line| format!("X-Odd-{line}: {line}\r\n").into_bytes()).collect();
        }
    };
    line.to_vec()
}

/// The whole answer but its end. The connection stays open for that long.
pub(super) async fn unended(answer: Response, end: NoEnd, time: Duration, hung_up: HungUp) -> Response {
    let (mut parts, mut body) = apart(answer).await;
    match end {
        NoEnd::Length => drop(parts.headers.insert(CONTENT_LENGTH, (body.len() + MISSING).into())),
        NoEnd::Close => {}
        NoEnd::Chunk => {
            parts.headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
            // An empty chunk is the end.
            if !body.is_empty() {
                body = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n"].concat().into();
            }
        }
    }
    takeover([(Duration::ZERO, head(&parts)), (Duration::ZERO, body), (time, Bytes::new())], hung_up)
}

/// Pieces to write instead of an answer, each after a pause.
pub(super) fn takeover<I>(pieces: I, hung_up: HungUp) -> Response
where
    I: IntoIterator<Item = (Duration, Bytes)>,
    I::IntoIter: Send + 'static,
{
    Takeover::response(Ending::Write { script: Box::new(pieces.into_iter()), hung_up })
}

/// An answer as it goes over the line: its head and its body.
pub(super) async fn written(answer: Response) -> (Bytes, Bytes) {
    let (mut parts, body) = apart(answer).await;
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    (head(&parts), body)
}

/// An answer that says nothing of its length.
async fn apart(answer: Response) -> (Parts, Bytes) {
    let (mut parts, body) = answer.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    (parts, to_bytes(body, usize::MAX).await.unwrap_or_default())
}

/// The head of the last answer of its connection.
fn head(parts: &Parts) -> Bytes {
    let close = (&CONNECTION, &HeaderValue::from_static("close"));
    let mut head = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
    for (name, value) in iter::once(close).chain(&parts.headers) {
        head.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend_from_slice(b"\r\n");
    head.into()
}
