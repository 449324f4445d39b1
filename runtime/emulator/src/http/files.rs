//! The host of the media files, and a parking page for whoever followed a redirect here.

use std::ops::Bound;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use headers::{AcceptRanges, ContentRange, ETag, HeaderMapExt as _, IfRange, Range};

use super::Site;
use crate::lock;
use crate::reply::ApiError;

/// A request that reached the host of the files, which is another origin than the API.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Visit {
    /// The method, such as `GET`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// Whether it had an `Authorization` header, which no client may send here.
    pub carried_token: bool,
}

/// All visits so far.
pub(crate) type Visits = Arc<Mutex<Vec<Visit>>>;

pub(super) async fn note_visit(State(site): State<Site>, request: Request, next: Next) -> Response {
    lock(&site.visits).push(Visit {
        method: request.method().to_string(),
        path: request.uri().path().to_owned(),
        carried_token: request.headers().contains_key(AUTHORIZATION),
    });
    next.run(request).await
}

/// Where redirects lead.
pub(super) async fn parking_page() -> Html<&'static str> {
    Html("<!doctype html><title>Not RunComfy</title><p>This is another host.")
}

/// `GET /files/{request_id}/{name}`: a file or a part of it.
pub(super) async fn file(
    State(site): State<Site>,
    Path((id, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (kind, number) = site.backend.file(&id, &name)?;
    let bytes = kind.file(number, site.backend.config.media_bytes);
    let etag: ETag = format!("\"{number:016x}\"").parse().map_err(|_| ApiError::new(500_001, "no entity tag"))?;
    let mut answer = answer(bytes, headers.typed_get(), headers.typed_get(), &etag);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, kind.content_type().parse().map_err(|_| ApiError::new(500_001, "no media type"))?);
    headers.typed_insert(etag);
    headers.typed_insert(AcceptRanges::bytes());
    Ok(answer)
}

/// The whole file; or the one range that was asked for, if the client has a part of the same file; or 416.
fn answer(bytes: Vec<u8>, range: Option<Range>, if_range: Option<IfRange>, etag: &ETag) -> Response {
    let len = bytes.len() as u64;
    let range = range.filter(|_| !if_range.is_some_and(|if_range| if_range.is_modified(Some(etag), None)));
    let Some(range) = range else { return Body::from(bytes).into_response() };
    let parts: Vec<_> = range.satisfiable_ranges(len).filter_map(|bounds| within(bounds, len)).collect();
    match parts.as_slice() {
        [] => {
            let mut answer = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
            answer.headers_mut().typed_insert(ContentRange::unsatisfied_bytes(len));
            answer
        }
        [(first, last)] => {
            let part = bytes[*first as usize..=*last as usize].to_vec();
            let mut answer = (StatusCode::PARTIAL_CONTENT, part).into_response();
            if let Ok(range) = ContentRange::bytes(*first..=*last, len) {
                answer.headers_mut().typed_insert(range);
            }
            answer
        }
        // Several ranges would need a multipart answer; a server may answer with the whole file instead.
        _ => Body::from(bytes).into_response(),
    }
}

/// First and last byte of a range, if the file has its first.
fn within((start, end): (Bound<u64>, Bound<u64>), len: u64) -> Option<(u64, u64)> {
    let first = match start {
        Bound::Included(first) => first,
        Bound::Excluded(before) => before + 1,
        Bound::Unbounded => 0,
    };
    let last = match end {
        Bound::Included(last) => last.min(len - 1),
        Bound::Excluded(after) => after.min(len).checked_sub(1)?,
        Bound::Unbounded => len - 1,
    };
    (first <= last).then_some((first, last))
}
