//! The host of the media files, and a parking page for whoever followed a redirect here.

use std::ops::Bound;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::extract::{Extension, Path, RawQuery, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, LAST_MODIFIED};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Response};
use headers::{AcceptRanges, ContentRange, ETag, HeaderMapExt as _, IfRange, Range};

use super::Site;
use super::faults::Changed;
use crate::faults::dice::hash;
use crate::reply::ApiError;
use crate::{Validator, lock};

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

/// `GET /files/{request_id}/{name}`: a file or a part of it. Another query is another file.
pub(super) async fn file(
    State(site): State<Site>,
    Path((id, name)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    changed: Option<Extension<Changed>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let (kind, number) = site.backend.file(&id, &name)?;
    let number = query.map_or(number, |query| hash(number, "query", query.as_bytes(), 0));
    let version = changed.map_or(number, |_| hash(number, "changed", &[], 0));
    let bytes = kind.file(version, site.backend.config.media_bytes);
    let (validator, known) = validator(site.backend.config.validator, number, version);
    let if_range = headers.typed_get::<IfRange>();
    // A server that has no strong validator should give the whole file. This is one that does not care.
    let is_same = if_range.is_none_or(|if_range| known.is_none_or(|etag| !if_range.is_modified(Some(&etag), None)));
    let mut answer = answer(bytes, headers.typed_get().filter(|_| is_same));
    let headers = answer.headers_mut();
    headers.extend(validator);
    headers.insert(CONTENT_TYPE, kind.content_type().parse().map_err(|_| ApiError::new(500_001, "no media type"))?);
    headers.typed_insert(AcceptRanges::bytes());
    Ok(answer)
}

/// The headers that tell versions of a file apart, and the entity tag that `If-Range` is held against, if it is strong.
fn validator(kind: Validator, number: u64, version: u64) -> (HeaderMap, Option<ETag>) {
    let mut headers = HeaderMap::new();
    let mut insert = |name, value: String| {
        if let Ok(value) = value.parse() {
            headers.insert(name, value);
        }
    };
    match kind {
        Validator::Strong => {
            insert(ETAG, format!("\"{version:016x}\""));
            let changed = UNIX_EPOCH + Duration::from_secs(60 * u64::from(version != number));
            insert(LAST_MODIFIED, httpdate::fmt_http_date(changed));
        }
        // The same for all versions: changed within the second.
        Validator::Weak => insert(ETAG, format!("W/\"{number:016x}\"")),
        Validator::LastModified => insert(LAST_MODIFIED, httpdate::fmt_http_date(UNIX_EPOCH)),
        Validator::None => {}
    }
    let known = headers.typed_get::<ETag>().filter(|_| kind == Validator::Strong);
    (headers, known)
}

/// The whole file, or the one range that was asked for, or 416.
fn answer(bytes: Vec<u8>, range: Option<Range>) -> Response {
    let len = bytes.len() as u64;
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
