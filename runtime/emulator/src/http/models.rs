//! The catalogue endpoints.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use serde_json::{Value, json};

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
) -> Result<Json<Value>, ApiError> {
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
    Ok(Json(json!({"models": page.collect::<Vec<_>>(), "total": found.len()})))
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
