//! What the emulator is told before it starts, without the catalogue and the faults. Plain data.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use axum::http::StatusCode;

use crate::Usd;
use crate::catalog::Model;

/// What tells versions of a media file apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Validator {
    /// An entity tag and a `Last-Modified` that are others for every version, and `If-Range` is obeyed.
    #[default]
    Strong,
    /// A weak entity tag that is the same for all versions. Parts are given whatever `If-Range` says, as careless servers do.
    Weak,
    /// Only `Last-Modified`, the same for all versions; else as for `Weak`.
    LastModified,
    /// Nothing; else as for `Weak`.
    None,
}

/// With which HTTP status a bad token (400004) and an empty balance (400002) are answered. The documentation has the codes
/// and not the status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccountErrors {
    /// 400 for both, as the codes say.
    #[default]
    BadRequest,
    /// 401 and 402, as the vendor's clients expect it.
    Unauthorized,
    /// 403 and 402, as the vendor's clients expect it, too.
    Forbidden,
}

impl AccountErrors {
    pub(crate) fn token(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
        }
    }

    pub(crate) fn balance(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::Forbidden => StatusCode::PAYMENT_REQUIRED,
        }
    }
}

/// With which code an unknown model is answered. The documentation has both: 404001 for what is not there, and 400001 for "a
/// wrong `model_id`".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnknownModel {
    /// 404001.
    #[default]
    NotFound,
    /// 400001.
    BadIdentifier,
}

impl UnknownModel {
    pub(crate) fn code(self) -> u32 {
        match self {
            Self::NotFound => 404_001,
            Self::BadIdentifier => 400_001,
        }
    }
}

#[derive(Clone)]
pub(crate) struct Config {
    pub(crate) token: String,
    pub(crate) workers: usize,
    pub(crate) speed: f64,
    pub(crate) seed: u64,
    pub(crate) time: Duration,
    pub(crate) times: BTreeMap<String, Duration>,
    pub(crate) price: Usd,
    pub(crate) prices: BTreeMap<String, Usd>,
    pub(crate) balance: Option<Usd>,
    pub(crate) denied: BTreeSet<String>,
    pub(crate) retention: Duration,
    pub(crate) media_bytes: usize,
    pub(crate) marker: Option<String>,
    pub(crate) validator: Validator,
    pub(crate) account_errors: AccountErrors,
    pub(crate) unknown_model: UnknownModel,
    pub(crate) open_catalogue: bool,
    pub(crate) read_limit: Duration,
    pub(crate) connections: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            token: "emulator-token".to_owned(),
            workers: 4,
            speed: 1.0,
            seed: 0,
            time: Duration::from_secs(20),
            times: BTreeMap::new(),
            price: Usd::from_micros(50_000),
            prices: BTreeMap::new(),
            balance: None,
            denied: BTreeSet::new(),
            retention: Duration::from_secs(7 * 24 * 60 * 60),
            media_bytes: 0,
            marker: None,
            validator: Validator::default(),
            account_errors: AccountErrors::default(),
            unknown_model: UnknownModel::default(),
            open_catalogue: false,
            read_limit: Duration::from_secs(20),
            connections: 4096,
        }
    }
}

impl Config {
    pub(crate) fn time_of(&self, model_id: &str) -> Duration {
        self.times.get(model_id).copied().unwrap_or(self.time)
    }

    /// The price that was set for a model, else the published one, else the default.
    pub(crate) fn base_price(&self, model: &Model) -> Usd {
        self.told_price(model).unwrap_or(self.price)
    }

    /// The price that the catalogue tells: the one that was set for a model, else the published one.
    pub(crate) fn told_price(&self, model: &Model) -> Option<Usd> {
        let published = || model.price.as_ref().map(|price| price.base());
        self.prices.get(&model.id).copied().or_else(published)
    }
}
