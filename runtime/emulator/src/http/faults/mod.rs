//! Carries out the faults that the dice decide on: one middleware, around every route.

mod answers;
mod errors;
mod files;
mod odd;
mod places;
mod raw;
mod wire;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_ENCODING, IF_RANGE, LOCATION, RANGE};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Site;
use super::connection::{Ending, Link, Takeover};
use crate::backend::Ticket;
use crate::reply::ApiError;
use crate::{Fault, FileFault, Route, When};

/// Told to the handlers of models: the page of another offset.
#[derive(Clone, Copy)]
pub(super) struct Slide(pub(super) i8);

/// Told to the handler of files: another version of the file.
#[derive(Clone, Copy)]
pub(super) struct Changed;

/// Where a request comes from and what it was about.
struct Struck<'a> {
    site: &'a Site,
    route: Route,
    ticket: Option<Ticket>,
    link: Link,
    /// The id in the path of a request, the model's id for a submit.
    path: String,
}

/// Rolls for a request, and lets it pass or strikes it.
pub(super) async fn strike(State((site, route)): State<(Site, Route)>, request: Request, next: Next) -> Response {
    let ticket = request.extensions().get::<Ticket>().cloned();
    let link = request.extensions().get::<Link>().cloned().unwrap_or_default();
    let struck = Struck { site: &site, route, ticket, link, path: request.uri().path().to_owned() };
    let fault = if struck.link.is_stale() {
        Some(Fault::StaleConnection)
    } else {
        let key = struck.ticket.as_ref().map_or(struck.path.as_bytes(), |ticket| &ticket.key);
        site.backend.dice().request(route, key)
    };
    let Some(fault) = fault else { return next.run(request).await };
    let mut answer = match (&struck.ticket, fault) {
        // What strikes is the next request.
        (Some(ticket), Fault::StaleConnection) if struck.link.is_stale() => {
            site.backend.struck(ticket, fault);
            Takeover::response(Ending::Close)
        }
        (None, Fault::StaleConnection) if struck.link.is_stale() => Takeover::response(Ending::Close),
        (_, Fault::StaleConnection) => {
            struck.link.make_stale();
            next.run(request).await
        }
        (ticket, _) => {
            if let Some(ticket) = ticket {
                site.backend.struck(ticket, fault);
            }
            struck.carry_out(fault, request, next).await
        }
    };
    answer.extensions_mut().insert(fault);
    answer
}

impl Struck<'_> {
    async fn carry_out(&self, fault: Fault, mut request: Request, next: Next) -> Response {
        if let Some(refusal) = self.refuse(fault, &request) {
            return refusal;
        }
        match fault {
            Fault::Slides(by) => {
                request.extensions_mut().insert(Slide(by));
            }
            Fault::File(FileFault::Changed) => {
                request.extensions_mut().insert(Changed);
            }
            Fault::File(FileFault::Untagged) if request.headers_mut().remove(IF_RANGE).is_some() => {
                request.extensions_mut().insert(Changed);
            }
            Fault::File(FileFault::IgnoresRange) => {
                request.headers_mut().remove(RANGE);
            }
            Fault::Id(form) => {
                if let Some(ticket) = &self.ticket {
                    self.site.backend.name_differently(ticket, form);
                }
            }
            _ => {}
        }
        if fault == Fault::File(FileFault::FromStart) && request.headers_mut().remove(RANGE).is_some() {
            return files::from_start(next.run(request).await).await;
        }
        let answer = next.run(request).await;
        self.answered(fault, answer).await
    }

    /// The faults that keep a request from its effect.
    fn refuse(&self, fault: Fault, request: &Request) -> Option<Response> {
        Some(match fault {
            Fault::RateLimited(retry_after) => errors::later(429, retry_after),
            Fault::Busy(retry_after) => errors::later(503, retry_after),
            Fault::Status(status, When::Before) => errors::broken_server(status),
            Fault::Html(status, When::Before) => errors::page(status),
            Fault::Coded(status, code) => errors::coded(status, code, "this is a fault"),
            Fault::Uncoded(status) => errors::uncoded(status),
            Fault::TokenInError(status) => {
                let message = format!("unknown token {}", self.site.backend.config.token);
                errors::coded(status, 400_004, &message)
            }
            Fault::Invalid(detail) => {
                let sent = self.ticket.as_ref().map(|ticket| self.site.backend.sent(ticket));
                errors::invalid(&sent.unwrap_or_default(), detail)
            }
            Fault::Reset(When::Before) => Takeover::response(Ending::Reset),
            Fault::Close(When::Before) | Fault::CloseUnread => Takeover::response(Ending::Close),
            Fault::ErrorBody(code) => Json(ApiError::new(code, "an error with HTTP 200").body()).into_response(),
            Fault::Redirect => redirect(307, &self.elsewhere(request)),
            Fault::RedirectTo(status, url) => redirect(status, url),
            _ => return None,
        })
    }

    /// The faults that change the answer.
    async fn answered(&self, fault: Fault, answer: Response) -> Response {
        match fault {
            Fault::Refused(time) => {
                let host = if self.route == Route::File { &self.site.files } else { &self.site.api };
                host.door.close_for(time).await;
                with_header(answer, CONNECTION, "close")
            }
            Fault::Status(status, _) => errors::broken_server(status),
            Fault::Html(status, _) => errors::page(status),
            Fault::Reset(_) => Takeover::response(Ending::Reset),
            Fault::Close(_) => Takeover::response(Ending::Close),
            Fault::Informational(time) => wire::informational(answer, time, self.hung_up()).await,
            Fault::InformationalFlood(time) => wire::informational_flood(answer, time, self.hung_up()).await,
            Fault::SlowHead(time) => wire::slow_head(answer, time, self.hung_up()).await,
            Fault::Head(odd) => raw::odd_head(answer, odd, self.hung_up()).await,
            Fault::Unended(end, time) => raw::unended(answer, end, time, self.hung_up()).await,
            Fault::Gzip => answers::compressed(answer).await,
            Fault::Encoding(encoding) => with_header(answer, CONTENT_ENCODING, encoding),
            Fault::SlowBody(time) => wire::slow_body(answer, time, self.hung_up()).await,
            Fault::EndlessBody(pause) => wire::endless_body(answer, pause, self.hung_up()),
            Fault::CutBody => wire::cut_half(answer).await,
            Fault::CutAt(bytes) => wire::cut_at(answer, bytes).await,
            Fault::CutAfterId => wire::cut_near_id(answer, true).await,
            Fault::CutWithinId => wire::cut_near_id(answer, false).await,
            Fault::CutAfterEcho => wire::cut_after_first(answers::with_echo(answer, self).await).await,
            Fault::EmptyBody => wire::empty(answer),
            Fault::BrokenJson => answers::broken(answer).await,
            Fault::Padded(bytes) => wire::padded(answer, bytes).await,
            Fault::OddJson(oddity) => odd::with_oddity(answer, oddity).await,
            Fault::TwoIds => odd::with_two_ids(answer, &self.other_id()).await,
            Fault::Contradicted(place) => places::contradicted(answer, place, &self.other_id()).await,
            Fault::DeniedAs(status, word) => places::denied_as(answer, status, word).await,
            Fault::Told(place) => places::told(answer, place).await,
            Fault::Denied(status, place) => places::denied(answer, status, place).await,
            Fault::Echo => answers::with_echo(answer, self).await,
            Fault::File(fault) => files::strike(answer, fault).await,
            _ => answers::change(answer, fault, self).await,
        }
    }

    /// Notes that the client went away before it had the answer.
    fn hung_up(&self) -> Box<dyn FnOnce() + Send> {
        let (backend, ticket) = (self.site.backend.clone(), self.ticket.clone());
        Box::new(move || {
            if let Some(ticket) = ticket {
                backend.hung_up(&ticket);
            }
        })
    }

    /// An id that is not the one of this request.
    fn other_id(&self) -> String {
        self.site.backend.other_id(&self.path)
    }

    fn elsewhere(&self, request: &Request) -> String {
        let host = match self.route {
            // Files are there already; by another name it is another host.
            Route::File => self.site.files.origin.replace("127.0.0.1", "localhost"),
            _ => self.site.files.origin.clone(),
        };
        format!("{host}{}", request.uri())
    }
}

fn redirect(status: u16, location: &str) -> Response {
    (errors::status(status), [(LOCATION, location)]).into_response()
}

fn with_header(mut answer: Response, name: HeaderName, value: &'static str) -> Response {
    answer.headers_mut().insert(name, HeaderValue::from_static(value));
    answer
}
