//! Faults of downloads: parts that are not what their headers say, and headers that are not what the file is.

use axum::body::{Body, to_bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;
use headers::{ContentRange, HeaderMapExt as _};

use super::answers::with_body;
use super::with_header;
use crate::FileFault;

/// How much of a file comes from its start, whatever was asked for.
const START: usize = 6000;
/// How much of a part a short one has.
const SHORT: u64 = 10;

/// The answer with what is wrong with it.
pub(super) async fn strike(answer: Response, fault: FileFault) -> Response {
    match fault {
        FileFault::Encoding(encoding) => return with_header(answer, CONTENT_ENCODING, encoding),
        FileFault::Type(kind) => return with_header(answer, CONTENT_TYPE, kind),
        FileFault::Text if answer.status().is_success() => return text(answer).await,
        FileFault::Untagged => return without(answer, &ETAG),
        _ => {}
    }
    let Some((first, last, total)) = part(&answer) else { return answer };
    match fault {
        FileFault::NoContentRange => without(answer, &CONTENT_RANGE),
        FileFault::WrongStart => ranged(answer, &format!("bytes {}-{}/{total}", first + 1, last + 1)),
        FileFault::WrongTotal => ranged(answer, &format!("bytes {first}-{last}/{}", total + 1)),
        FileFault::UnknownTotal => ranged(answer, &format!("bytes {first}-{last}/*")),
        FileFault::ShortPart => {
            let last = last.min(first + SHORT - 1);
            let answer = with_body(answer, |bytes| Body::from(bytes.slice(..(last - first + 1) as usize))).await;
            ranged(answer, &format!("bytes {first}-{last}/*"))
        }
        _ => answer,
    }
}

/// A line of text under the headers of the file.
async fn text(answer: Response) -> Response {
    let mut answer = with_body(answer, |_| Body::from("the file is not ready, try again later\n")).await;
    *answer.status_mut() = StatusCode::OK;
    without(without(answer, &CONTENT_RANGE), &ETAG)
}

/// The start of the whole file as if it were the part that was asked for.
pub(super) async fn from_start(whole: Response) -> Response {
    if whole.status() != StatusCode::OK {
        return whole;
    }
    let (mut parts, body) = whole.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let start = bytes.slice(..START.min(bytes.len()));
    parts.status = StatusCode::PARTIAL_CONTENT;
    parts.headers.remove(CONTENT_LENGTH);
    let range = format!("bytes 0-{}/*", start.len().saturating_sub(1));
    ranged(Response::from_parts(parts, Body::from(start)), &range)
}

/// First and last byte of a part and the length of the whole, if the answer is a part.
fn part(answer: &Response) -> Option<(u64, u64, u64)> {
    let headers: &HeaderMap = answer.headers();
    let range = headers.typed_get::<ContentRange>().filter(|_| answer.status() == StatusCode::PARTIAL_CONTENT)?;
    let ((first, last), total) = range.bytes_range().zip(range.bytes_len())?;
    Some((first, last, total))
}

fn ranged(mut answer: Response, range: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(range) {
        answer.headers_mut().insert(CONTENT_RANGE, value);
    }
    answer
}

fn without(mut answer: Response, name: &HeaderName) -> Response {
    answer.headers_mut().remove(name);
    answer
}
