//! What can go wrong, where and how often. Plain data: [`dice`] decides, the HTTP layer carries out.

pub(crate) mod dice;

use std::time::Duration;

use crate::Error;

/// The endpoints, as far as faults are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Route {
    /// `POST /v1/models/{model_id}`
    Submit,
    /// `GET /v1/requests/{request_id}/status`
    Status,
    /// `GET /v1/requests/{request_id}/result`
    Result,
    /// `POST /v1/requests/{request_id}/cancel`
    Cancel,
    /// `GET /v1/models` and `GET /v1/models/categories`
    Models,
    /// `GET /v1/models/{model_id}`
    Model,
    /// The media files
    File,
}

impl Route {
    /// All routes.
    pub const ALL: [Self; 7] =
        [Self::Submit, Self::Status, Self::Result, Self::Cancel, Self::Models, Self::Model, Self::File];
}

/// Whether a fault strikes before or after the request took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The request had no effect.
    Before,
    /// The request had its effect (a job was made, cancelled, …), and the client is not told.
    After,
}

/// What a 429 says about coming back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// Nothing.
    None,
    /// A number of seconds from now, as seconds.
    Seconds(u32),
    /// A number of seconds from now, as an HTTP date.
    Date(u32),
}

/// One thing that goes wrong with one request. Times are real, whatever the emulator's speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 Too Many Requests. The request had no effect.
    RateLimited(RetryAfter),
    /// A status such as 500, 502 or 503. What is below 502 has an error body of the API, the others a proxy's HTML.
    Status(u16, When),
    /// The request is answered as usual and its connection closed; then new connections are refused for that long.
    Refused(Duration),
    /// The connection is reset without a byte of an answer.
    Reset(When),
    /// The request is answered, but the body drips over that time.
    SlowBody(Duration),
    /// The request is answered, but the connection closes in the middle of the body.
    CutBody,
    /// The request took effect, but the answer's body is not JSON.
    BrokenJson,
    /// HTTP 200 with an error body that has this code. The request had no effect.
    ErrorBody(u32),
    /// Where the answer speaks of a live job, its `status` is one that no documentation knows. For
    /// [`Route::Status`] and [`Route::Result`].
    UnknownStatus,
    /// The answer and its `output` have keys that no documentation knows.
    UnknownFields,
    /// 307 to another host. The request had no effect here.
    Redirect,
}

impl Fault {
    /// Whether the sender of a submit can't know afterwards if a job was made.
    /// A [`SlowBody`](Self::SlowBody) becomes ambiguous only if the client hangs up before its end.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::Status(status, _) => status >= 500,
            Self::ErrorBody(code) => (500_000..1_000_000).contains(&code),
            Self::Reset(_) | Self::CutBody | Self::BrokenJson | Self::Redirect => true,
            Self::RateLimited(_) | Self::Refused(_) | Self::SlowBody(_) | Self::UnknownStatus | Self::UnknownFields => {
                false
            }
        }
    }
}

/// Which faults happen how often. [`Faults::none`] is the default; [`Faults::heavy`] is for soak tests.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    pub(crate) rates: Vec<(Route, Fault, f64)>,
    pub(crate) scripts: Vec<(Route, u64, Fault)>,
    pub(crate) failing_jobs: f64,
    pub(crate) late_cost: (f64, Duration),
    pub(crate) refused_at_start: Duration,
}

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Everything goes wrong now and then: about every sixth request is struck, every tenth job fails, every fifth cost
    /// is late. Connections are refused only in the first 200 ms: closing a listener while it is busy could reset a
    /// connection that the account never saw.
    #[must_use]
    pub fn heavy() -> Self {
        let mut faults = Self::none()
            .failing_jobs(0.1)
            .late_cost(0.2, Duration::from_secs(5))
            .refused_at_start(Duration::from_millis(200));
        for route in Route::ALL {
            faults = faults
                .rate(route, Fault::RateLimited(RetryAfter::Seconds(1)), 0.02)
                .rate(route, Fault::RateLimited(RetryAfter::Date(1)), 0.01)
                .rate(route, Fault::RateLimited(RetryAfter::None), 0.01)
                .rate(route, Fault::Status(500, When::Before), 0.01)
                .rate(route, Fault::Status(502, When::Before), 0.01)
                .rate(route, Fault::Status(503, When::After), 0.01)
                .rate(route, Fault::Reset(When::Before), 0.01)
                .rate(route, Fault::Reset(When::After), 0.01)
                .rate(route, Fault::SlowBody(Duration::from_millis(50)), 0.01)
                .rate(route, Fault::CutBody, 0.01)
                .rate(route, Fault::Redirect, 0.01);
            if route != Route::File {
                faults = faults.rate(route, Fault::BrokenJson, 0.01).rate(route, Fault::ErrorBody(500_001), 0.01).rate(
                    route,
                    Fault::UnknownFields,
                    0.02,
                );
            }
        }
        faults.rate(Route::Status, Fault::UnknownStatus, 0.02).rate(Route::Result, Fault::UnknownStatus, 0.02)
    }

    /// A fault that strikes this share of the requests to a route, from 0 to 1. The shares of one route add up.
    #[must_use]
    pub fn rate(mut self, route: Route, fault: Fault, share: f64) -> Self {
        self.rates.push((route, fault, share));
        self
    }

    /// A fault that strikes the `nth` request to a route, counted from 1 and from when these faults were set. It comes
    /// before all rates.
    #[must_use]
    pub fn nth(mut self, route: Route, nth: u64, fault: Fault) -> Self {
        self.scripts.push((route, nth, fault));
        self
    }

    /// The share of jobs that fail: their status is `completed`, their result `failed`.
    #[must_use]
    pub fn failing_jobs(mut self, share: f64) -> Self {
        self.failing_jobs = share;
        self
    }

    /// The share of jobs whose cost is known only that much later than their result, in emulated time.
    #[must_use]
    pub fn late_cost(mut self, share: f64, delay: Duration) -> Self {
        self.late_cost = (share, delay);
        self
    }

    /// Refuses connections for that long from the emulator's start; without effect on one that runs.
    #[must_use]
    pub fn refused_at_start(mut self, time: Duration) -> Self {
        self.refused_at_start = time;
        self
    }

    /// # Errors
    /// A share that is not from 0 to 1, a route whose shares add up to more than 1, a status that HTTP does not know.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let shares = self.rates.iter().map(|(_, _, share)| *share).chain([self.failing_jobs, self.late_cost.0]);
        if let Some(share) = shares.into_iter().find(|share| !(0.0..=1.0).contains(share)) {
            return Err(Error::new(format!("the share of a fault must be from 0 to 1, but is {share}")));
        }
        for route in Route::ALL {
            let sum: f64 = self.rates.iter().filter(|(of, _, _)| *of == route).map(|(_, _, share)| share).sum();
            if sum > 1.0 + f64::EPSILON {
                return Err(Error::new(format!("the shares of {route:?} add up to {sum}, which is more than 1")));
            }
        }
        let faults = self.rates.iter().map(|(_, fault, _)| fault).chain(self.scripts.iter().map(|(_, _, fault)| fault));
        for fault in faults {
            if let Fault::Status(status, _) = fault
                && !(200..1000).contains(status)
            {
                return Err(Error::new(format!("{status} is not an HTTP status a server can answer with")));
            }
        }
        Ok(())
    }
}
