//! The endpoints over the [backend](crate::backend): two routers, one for the API and one for the host of the files.

mod body;
pub(crate) mod door;
mod faults;
mod files;
mod models;
mod requests;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use headers::{Authorization, HeaderMapExt as _, authorization::Bearer};

use crate::Route;
use crate::backend::Shared;
use crate::reply::ApiError;
pub use files::Visit;
pub(crate) use files::Visits;

/// The largest body that is read, as for the vendor's own clients.
const BODY_LIMIT: usize = 64 << 20;

/// Where the emulator can be reached, and what the routers share.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) backend: Shared,
    pub(crate) api: Host,
    /// The host of the files.
    pub(crate) files: Host,
    pub(crate) visits: Visits,
}

/// One of the two hosts.
#[derive(Clone, Debug)]
pub(crate) struct Host {
    /// Scheme, name and port.
    pub(crate) origin: String,
    /// The listener, for faults that close it.
    pub(crate) door: door::Handle,
}

/// The API itself.
pub(crate) fn api(site: &Site) -> Router {
    let struck = |routes: MethodRouter<Site>, route: Route| {
        routes
            .route_layer(from_fn_with_state(site.clone(), authorize))
            .route_layer(from_fn_with_state((site.clone(), route), faults::strike))
    };
    let submit = struck(post(requests::submit), Route::Submit)
        .route_layer(from_fn_with_state(site.clone(), requests::open_account));
    Router::new()
        .route("/v1/models", struck(get(models::list), Route::Models))
        .route("/v1/models/categories", struck(get(models::categories), Route::Models))
        .route("/v1/models/{*model_id}", struck(get(models::one), Route::Model).merge(submit))
        .route("/v1/requests/{request_id}/status", struck(get(requests::status), Route::Status))
        .route("/v1/requests/{request_id}/result", struck(get(requests::result), Route::Result))
        .route("/v1/requests/{request_id}/cancel", struck(post(requests::cancel), Route::Cancel))
        .fallback(async || ApiError::new(404_001, "no such endpoint"))
        .method_not_allowed_fallback(async || ApiError::new(405_001, "not with this method"))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(site.clone())
}

/// Another host, where the files are and where redirects lead. It wants no token and notes who brings one.
pub(crate) fn files(site: &Site) -> Router {
    let file = get(files::file).route_layer(from_fn_with_state((site.clone(), Route::File), faults::strike));
    Router::new()
        .route("/files/{request_id}/{name}", file)
        .fallback(files::parking_page)
        .layer(from_fn_with_state(site.clone(), files::note_visit))
        .with_state(site.clone())
}

/// The id in a path.
struct Id(String);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let id = Path::from_request_parts(parts, state).await;
        id.map(|Path(id)| Self(id)).map_err(|_| ApiError::new(400_001, "an id is UTF-8"))
    }
}

/// Lets through who brings the token. It is the first thing that the API looks at.
async fn authorize(State(site): State<Site>, request: Request, next: Next) -> Response {
    let token = request.headers().typed_get::<Authorization<Bearer>>();
    if token.is_some_and(|token| token.token() == site.backend.config.token) {
        return next.run(request).await;
    }
    let error = ApiError::new(400_004, "the token is missing, unknown or expired");
    if let Some(ticket) = request.extensions().get() {
        site.backend.rejected(ticket, error.code);
    }
    error.into_response()
}
