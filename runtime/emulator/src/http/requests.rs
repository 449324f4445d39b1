//! The queue endpoints.

use axum::Json;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http_body::Body as _;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::connection::{Ending, Takeover};
use super::{Id, LARGE, MAX_BODY_BYTES, MAX_VALUES, Site, body};
use crate::backend::{Ticket, View};
use crate::queue::Phase;
use crate::reply::ApiError;
use crate::{Fault, Route};

/// The model that the path of a submit names, as it was written.
pub(super) fn model_id(request: &Request) -> String {
    request.uri().path().trim_start_matches("/v1/models/").to_owned()
}

/// Opens the account of a submit, before a fault or the handler can do anything with it.
pub(super) async fn open_account(State(site): State<Site>, Id(model_id): Id, request: Request, next: Next) -> Response {
    if site.backend.dice().strikes_unread(Route::Submit) {
        let ticket = site.backend.open_unread(&model_id);
        site.backend.struck(&ticket, Fault::CloseUnread);
        let mut answer = Takeover::response(Ending::Close);
        answer.extensions_mut().insert(Fault::CloseUnread);
        return answer;
    }
    let (mut parts, body) = request.into_parts();
    // What is announced as too large is not waited for. What is cut off can't become a job, and nobody reads the answer.
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > MAX_BODY_BYTES {
        body::discard(body);
        return too_large();
    }
    // Large bodies are read and checked one after another: what JSON takes in memory is many times its length.
    let is_large = body.size_hint().exact().is_none() || announced > LARGE;
    let _turn = if is_large { site.large.acquire().await.ok() } else { None };
    let body = match timeout(site.backend.config.read_limit, to_bytes(body, MAX_BODY_BYTES)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return too_large(),
        Err(_) => return ApiError::new(408_001, "the body did not arrive in time").into_response(),
    };
    if body.len() > LARGE && body::values(&body) > MAX_VALUES {
        let error = ApiError::new(413_001, "a body has at most half a million values");
        site.backend.rejected(&site.backend.open_unread(&model_id), error.code);
        return error.into_response();
    }
    parts.extensions.insert(site.backend.open(&model_id, &body));
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn too_large() -> Response {
    ApiError::new(413_001, "a body has at most 64 MiB").into_response()
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
    let (status, ending) = match job.phase {
        Phase::Done { .. } if job.fails => ("failed", Some(("error", json!("the model ran out of memory")))),
        Phase::Done { .. } => ("succeeded", Some(("output", output(&site, &job)))),
        _ => (status_of(&job), None),
    };
    let mut answer = json!({"request_id": job.id, "model_id": job.model_id, "status": status});
    let times = [("created_at", job.created_at), ("finished_at", job.finished_at)];
    let times = times.into_iter().filter_map(|(key, time)| Some((key, json!(time?))));
    for (key, value) in ending.into_iter().chain(times) {
        answer[key] = value;
    }
    if query.include_cost {
        answer["cost"] = json!(job.cost.map(crate::Usd::as_f64));
    }
    Ok(Json(answer))
}

/// `POST /v1/requests/{request_id}/cancel`: only what waits can be cancelled. What was cancelled is `completed` here, as in
/// the documented example.
pub(super) async fn cancel(State(site): State<Site>, Id(id): Id) -> Result<(StatusCode, Json<Value>), ApiError> {
    let (done, job) = site.backend.cancel(&id)?;
    let (status, outcome) = if done { ("completed", "cancelled") } else { (status_of(&job), "not_cancellable") };
    Ok((StatusCode::ACCEPTED, Json(json!({"request_id": job.id, "status": status, "outcome": outcome}))))
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
