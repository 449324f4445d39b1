//! The queue endpoints.

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::Body as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{BODY_LIMIT, Id, Site};
use crate::backend::{Ticket, View};
use crate::queue::Phase;
use crate::reply::ApiError;

/// Opens the account of a submit, before a fault or the handler can do anything with it.
pub(super) async fn open_account(State(site): State<Site>, Id(model_id): Id, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    // What is announced as too large is not waited for. What is cut off can't become a job, and nobody reads the answer.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let body = if announced > BODY_LIMIT { None } else { to_bytes(body, BODY_LIMIT).await.ok() };
    let Some(body) = body else { return ApiError::new(413_001, "a body has at most 64 MiB").into_response() };
    parts.extensions.insert(site.backend.open(&model_id, &body));
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// `POST /v1/models/{model_id}`: the body is the input itself.
pub(super) async fn submit(
    State(site): State<Site>,
    Id(model_id): Id,
    Extension(ticket): Extension<Ticket>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let id = site.backend.submit(&ticket, &model_id, &body)?;
    let mut answer = json!({"request_id": id});
    for what in ["status", "result", "cancel"] {
        answer[format!("{what}_url")] = json!(url(&site, &id, what));
    }
    Ok(Json(answer))
}

/// `GET /v1/requests/{request_id}/status`: whether it is over, not how it ended.
pub(super) async fn status(State(site): State<Site>, Id(id): Id) -> Result<Json<Value>, ApiError> {
    let job = site.backend.job(&id)?;
    let mut answer = json!({"request_id": job.id, "status": status_of(&job)});
    if let Some(position) = job.position {
        answer["queue_position"] = json!(position);
    }
    answer["status_url"] = json!(url(&site, &id, "status"));
    answer["result_url"] = json!(url(&site, &id, "result"));
    Ok(Json(answer))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ResultQuery {
    include_cost: bool,
}

/// `GET /v1/requests/{request_id}/result`: how it ended; asked early, how it stands.
pub(super) async fn result(
    State(site): State<Site>,
    Id(id): Id,
    query: Result<Query<ResultQuery>, QueryRejection>,
) -> Result<Json<Value>, ApiError> {
    let Query(query) = query.map_err(|error| ApiError::new(422_001, error.body_text()))?;
    let job = site.backend.job(&id)?;
    let (status, output, error) = match job.phase {
        Phase::Done { .. } if job.fails => ("failed", Value::Null, json!("the model ran out of memory")),
        Phase::Done { .. } => ("succeeded", output(&site, &job), Value::Null),
        _ => (status_of(&job), Value::Null, Value::Null),
    };
    let mut answer = json!({
        "request_id": job.id,
        "model_id": job.model_id,
        "status": status,
        "output": output,
        "error": error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
    });
    if query.include_cost {
        answer["cost"] = json!(job.cost.map(crate::Usd::as_f64));
    }
    Ok(Json(answer))
}

/// `POST /v1/requests/{request_id}/cancel`: only what waits can be cancelled.
pub(super) async fn cancel(State(site): State<Site>, Id(id): Id) -> Result<Json<Value>, ApiError> {
    let (done, job) = site.backend.cancel(&id)?;
    let outcome = if done { "cancelled" } else { "not_cancellable" };
    Ok(Json(json!({"request_id": job.id, "status": status_of(&job), "outcome": outcome})))
}

fn status_of(job: &View) -> &'static str {
    match job.phase {
        Phase::Waiting => "in_queue",
        Phase::Running { .. } => "in_progress",
        Phase::Done { .. } => "completed",
        Phase::Cancelled { .. } => "cancelled",
    }
}

fn output(site: &Site, job: &View) -> Value {
    site.backend.output(job, &mut |name| format!("{}/files/{}/{name}", site.files.origin, job.id))
}

fn url(site: &Site, id: &str, what: &str) -> String {
    format!("{}/v1/requests/{id}/{what}", site.api.origin)
}
