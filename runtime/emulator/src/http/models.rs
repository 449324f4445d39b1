//! The catalogue endpoints.

use std::collections::BTreeSet;
use std::hash::Hasher as _;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};
use siphasher::sip::SipHasher13;

use super::faults::Slide;
use super::{Id, Site};
use crate::catalog::{Filter, category_of, entry};
use crate::reply::ApiError;

/// The documented default of `limit`.
const LIMIT: usize = 100;

/// `GET /v1/models`: the entries of one page, and how many there are in all.
pub(super) async fn list(
    State(site): State<Site>,
    slide: Option<Extension<Slide>>,
    filter: Result<Query<Filter>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let Query(filter) = filter.map_err(|error| ApiError::new(422_001, error.body_text()))?;
    let limit = filter.limit.unwrap_or(LIMIT);
    if !(1..=500).contains(&limit) {
        return Err(ApiError::new(422_001, "limit is from 1 to 500"));
    }
    let found: Vec<_> = site.backend.catalog.values().filter(|model| filter.matches(model)).collect();
    let slide = slide.map_or(0, |Extension(Slide(by))| isize::from(by));
    let page = found
        .iter()
        .skip(filter.offset.saturating_add_signed(slide))
        .take(limit)
        .map(|model| entry(model, site.backend.config.told_price(model), filter.include_schema));
    let body = json!({"models": page.collect::<Vec<_>>(), "total": found.len()}).to_string();
    let tag = tag(&body);
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let json = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, json)], [(ETAG, tag)], body).into_response())
}

/// What a page is called, the same for the same bytes.
fn tag(body: &str) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(body.as_bytes());
    format!("\"{:016x}\"", hasher.finish())
}

/// `GET /v1/models/categories`: the categories that models have.
pub(super) async fn categories(State(site): State<Site>) -> Json<Value> {
    let categories: BTreeSet<_> = site.backend.catalog.values().map(category_of).collect();
    Json(json!({"categories": categories}))
}

/// `GET /v1/models/{model_id}`: one entry with its schema.
pub(super) async fn one(State(site): State<Site>, Id(id): Id) -> Result<Json<Value>, ApiError> {
    let model = site.backend.model(&id)?;
    Ok(Json(entry(model, site.backend.config.told_price(model), true)))
}
