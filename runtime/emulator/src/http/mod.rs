//! The endpoints over the [backend](crate::backend): two routers, one for the API and one for the host of the files.

mod body;
mod connection;
pub(crate) mod door;
mod faults;
mod files;
mod log;
mod models;
mod requests;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get, post};
use headers::{Authorization, HeaderMapExt as _, authorization::Bearer};
use tokio::sync::Semaphore;

use crate::Route;
use crate::backend::Shared;
use crate::reply::ApiError;
pub use files::Visit;
pub(crate) use files::Visits;
pub(crate) use log::{Listener, Log};
pub use log::{Logged, Seen};

/// The largest body that is read, as for the vendor's own clients.
const MAX_BODY_BYTES: usize = 64 << 20;

/// Bodies above this are read one after another.
const LARGE: usize = 1 << 20;

/// The most values in a body above that size. Each takes many times its length in memory.
const MAX_VALUES: usize = 500_000;

/// Where the emulator can be reached, and what the routers share.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) backend: Shared,
    pub(crate) api: Host,
    /// The host of the files.
    pub(crate) files: Host,
    pub(crate) visits: Visits,
    pub(crate) log: Log,
    /// One permit, for the large body that is worked on.
    pub(crate) large: Arc<Semaphore>,
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
    let wanting = |routes: MethodRouter<Site>, token: Wanted| {
        routes.route_layer(from_fn_with_state((site.clone(), token), authorize))
    };
    let struck = |routes: MethodRouter<Site>, route: Route| {
        routes.route_layer(from_fn_with_state((site.clone(), route), faults::strike))
    };
    let job = |routes: MethodRouter<Site>, route: Route| wanting(struck(routes, route), Wanted::Always);
    let listed = |routes: MethodRouter<Site>, route: Route| wanting(struck(routes, route), Wanted::ByCatalogue);
    // The account of a submit is opened before a fault or the handler can do anything with it.
    let submit = struck(post(requests::submit), Route::Submit)
        .route_layer(from_fn_with_state(site.clone(), requests::open_account));
    let submit = wanting(submit, Wanted::BySubmit);
    Router::new()
        .route("/v1/models", listed(get(models::list), Route::Models))
        .route("/v1/models/categories", listed(get(models::categories), Route::Models))
        .route("/v1/models/{*model_id}", listed(get(models::one), Route::Model).merge(submit))
        .route("/v1/requests/{request_id}/status", job(get(requests::status), Route::Status))
        .route("/v1/requests/{request_id}/result", job(get(requests::result), Route::Result))
        .route("/v1/requests/{request_id}/cancel", job(post(requests::cancel), Route::Cancel))
        .fallback(async || ApiError::new(404_001, "no such endpoint"))
        .method_not_allowed_fallback(async || ApiError::new(405_001, "not with this method"))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(site.clone(), log::log))
        .with_state(site.clone())
}

/// Another host, where the files are and where redirects lead. It wants no token and notes who brings one.
pub(crate) fn files(site: &Site) -> Router {
    let file = get(files::file).route_layer(from_fn_with_state((site.clone(), Route::File), faults::strike));
    Router::new()
        .route("/files/{request_id}/{name}", file)
        .fallback(files::parking_page)
        .layer(from_fn_with_state(site.clone(), files::note_visit))
        .layer(from_fn_with_state(site.clone(), log::log))
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

/// Which requests want the token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Always,
    /// Catalogue requests, unless the catalogue is open.
    ByCatalogue,
    /// Submits. One without a token is noted in the account, unread.
    BySubmit,
}

/// Lets through who brings the token. It is the first thing that the API looks at: without it, no body is read.
async fn authorize(State((site, wanted)): State<(Site, Wanted)>, request: Request, next: Next) -> Response {
    let config = &site.backend.config;
    let token = request.headers().typed_get::<Authorization<Bearer>>();
    let is_open = wanted == Wanted::ByCatalogue && config.open_catalogue;
    if is_open || token.is_some_and(|token| token.token() == config.token) {
        return next.run(request).await;
    }
    let error = ApiError::new(400_004, "the token is missing, unknown or expired").at(config.account_errors.token());
    if wanted == Wanted::BySubmit {
        let ticket = site.backend.open_unread(&requests::model_id(&request));
        site.backend.rejected(&ticket, error.code);
    }
    body::discard(request.into_body());
    error.into_response()
}
