//! What the emulator is told before it starts, without the catalogue and the faults. Plain data.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::Usd;
use crate::catalog::Model;

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
        }
    }
}

impl Config {
    pub(crate) fn time_of(&self, model_id: &str) -> Duration {
        self.times.get(model_id).copied().unwrap_or(self.time)
    }

    /// The price that was set for a model, else the published one, else the default.
    pub(crate) fn base_price(&self, model: &Model) -> Usd {
        let published = || model.price.as_ref().map(|price| price.base());
        self.prices.get(&model.id).copied().or_else(published).unwrap_or(self.price)
    }
}
