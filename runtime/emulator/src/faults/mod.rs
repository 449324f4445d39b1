//! What can go wrong, where and how often. Plain data: [`dice`] decides, the HTTP layer carries out.

pub(crate) mod dice;
mod fault;
mod line;
mod mixes;

use std::time::Duration;

use crate::Error;
pub use fault::{CancelForm, Detail, Fault, FileFault, IdForm, IdPlace, Oddity, RetryAfter, Shape, When};
pub use line::{NoEnd, OddHead};

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

/// Which faults happen how often. [`Faults::none`] is the default; [`Faults::heavy`] and [`Faults::hostile`] are for soak
/// tests.
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
            if let Some(status) = fault.status().filter(|status| !(200..1000).contains(status)) {
                return Err(Error::new(format!("{status} is not an HTTP status a server can answer with")));
            }
        }
        Ok(())
    }
}
