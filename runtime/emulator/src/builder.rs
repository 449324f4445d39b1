//! What the emulator is to be like: every option with its default, and the models that the options leave. Must not start
//! anything.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use crate::catalog::{self, Catalog, Source};
use crate::config::Config;
use crate::{AccountErrors, Error, Faults, Logged, UnknownModel, Usd, Validator, http};

/// What the emulator is to be like. Made by [`Emulator::builder`](crate::Emulator::builder); every option has a default.
#[derive(Clone)]
#[must_use]
pub struct Builder {
    pub(crate) schemas: Source,
    pub(crate) port: u16,
    pub(crate) config: Config,
    pub(crate) faults: Faults,
    pub(crate) unlisted: Vec<String>,
    pub(crate) inputs: Vec<(String, Value)>,
    pub(crate) outputs: Vec<(String, Value)>,
    pub(crate) listener: Option<http::Listener>,
}

impl Builder {
    pub(crate) fn new(schemas: Source) -> Self {
        Self {
            schemas,
            port: 0,
            config: Config::default(),
            faults: Faults::none(),
            unlisted: Vec::new(),
            inputs: Vec::new(),
            outputs: Vec::new(),
            listener: None,
        }
    }

    /// The port on 127.0.0.1. Default: 0, any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The token that requests must bring. Default: `emulator-token`.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.config.token = token.into();
        self
    }

    /// How many jobs run at once, at least 1. Default: 4.
    pub fn workers(mut self, workers: usize) -> Self {
        self.config.workers = workers;
        self
    }

    /// How much faster emulated time runs than real time: processing, expiry and late costs. Above 0. Default: 1.
    /// Real time is that of tokio: where a test pauses its clock, emulated time stands still, too.
    pub fn speed(mut self, speed: f64) -> Self {
        self.config.speed = speed;
        self
    }

    /// What all rolls, request ids and media files are made from. Default: 0.
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = seed;
        self
    }

    /// How long a job runs, in emulated time, where nothing else is said of its model. Default: 20 s.
    pub fn processing_time(mut self, time: Duration) -> Self {
        self.config.time = time;
        self
    }

    /// How long a job of one model runs, in emulated time.
    pub fn model_time(mut self, model_id: impl Into<String>, time: Duration) -> Self {
        self.config.times.insert(model_id.into(), time);
        self
    }

    /// What a job costs where the model publishes no price. Default: $0.05.
    pub fn price(mut self, price: Usd) -> Self {
        self.config.price = price;
        self
    }

    /// What a job of one model costs, whatever is published. Where the model is priced by the second, that is for each
    /// second of the body's `duration`.
    pub fn model_price(mut self, model_id: impl Into<String>, price: Usd) -> Self {
        self.config.prices.insert(model_id.into(), price);
        self
    }

    /// The money there is. A job that costs more than what is left is refused with 400002. Default: boundless.
    pub fn balance(mut self, balance: Usd) -> Self {
        self.config.balance = Some(balance);
        self
    }

    /// Refuses submits to a model with 403001.
    pub fn deny(mut self, model_id: impl Into<String>) -> Self {
        self.config.denied.insert(model_id.into());
        self
    }

    /// Leaves a model of the folder out: 404001.
    pub fn unlist(mut self, model_id: impl Into<String>) -> Self {
        self.unlisted.push(model_id.into());
        self
    }

    /// How long results and files are kept after their job ended, in emulated time; then they are 404001. Default: 7 days.
    pub fn retention(mut self, time: Duration) -> Self {
        self.config.retention = time;
        self
    }

    /// Publishes another input schema for a model than the folder has, and checks bodies against it.
    pub fn input_schema(mut self, model_id: impl Into<String>, schema: Value) -> Self {
        self.inputs.push((model_id.into(), schema));
        self
    }

    /// Answers this `output` for a model instead of one that is made from its output schema. The strings `file:image`,
    /// `file:video` and `file:audio` become URLs of media files. It is not checked, so that it may be what no schema allows.
    pub fn output(mut self, model_id: impl Into<String>, output: Value) -> Self {
        self.outputs.push((model_id.into(), output));
        self
    }

    /// Fills media files up to at least that many bytes; they stay valid. Default: 0, a few kilobytes.
    pub fn media_bytes(mut self, bytes: usize) -> Self {
        self.config.media_bytes = bytes;
        self
    }

    /// What tells versions of a media file apart. Default: [`Validator::Strong`].
    pub fn validator(mut self, validator: Validator) -> Self {
        self.config.validator = validator;
        self
    }

    /// The key of the body whose value identifies a job in the account and in the rolls of faults. Default: the first
    /// property of the model that is `seed` or ends in `_seed`; without one, a hash of the body.
    pub fn marker(mut self, key: impl Into<String>) -> Self {
        self.config.marker = Some(key.into());
        self
    }

    /// With which HTTP status a bad token and an empty balance are answered. Default: [`AccountErrors::BadRequest`].
    pub fn account_errors(mut self, errors: AccountErrors) -> Self {
        self.config.account_errors = errors;
        self
    }

    /// With which code an unknown model is answered. Default: [`UnknownModel::NotFound`].
    pub fn unknown_model(mut self, unknown: UnknownModel) -> Self {
        self.config.unknown_model = unknown;
        self
    }

    /// Whether catalogue requests are answered without a token. Default: no.
    pub fn open_catalogue(mut self, open: bool) -> Self {
        self.config.open_catalogue = open;
        self
    }

    /// How long the head or the body of a request may take to arrive. Default: 20 s.
    pub fn read_limit(mut self, time: Duration) -> Self {
        self.config.read_limit = time;
        self
    }

    /// How many connections are served at once by each of the two hosts, at least 1; more wait. Default: 4096.
    pub fn connections(mut self, connections: usize) -> Self {
        self.config.connections = connections;
        self
    }

    /// Calls this with each request when its answer is over. It must not take long: the answer's connection waits for it.
    pub fn on_request(mut self, listener: impl Fn(&Logged) + Send + Sync + 'static) -> Self {
        self.listener = Some(Arc::new(listener));
        self
    }

    /// What goes wrong. Default: nothing.
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// The models of the folder with what the options change.
    pub(crate) fn catalog(&self) -> Result<Catalog, Error> {
        let mut catalog = catalog::load(&self.schemas)?;
        let unknown = |id: &str| Error::new(format!("an option names the model {id}, which is not in the folder"));
        let config = &self.config;
        let mut named = config.times.keys().chain(config.prices.keys()).chain(&config.denied).chain(&self.unlisted);
        if let Some(id) = named.find(|id| !catalog.contains_key(*id)) {
            return Err(unknown(id));
        }
        for (id, schema) in &self.inputs {
            catalog.get_mut(id).ok_or_else(|| unknown(id))?.set_input(schema.clone())?;
        }
        for (id, output) in &self.outputs {
            catalog.get_mut(id).ok_or_else(|| unknown(id))?.set_output(output.clone());
        }
        catalog.retain(|id, _| !self.unlisted.contains(id));
        Ok(catalog)
    }
}

/// Without the token, which has no place in logs, be it a false one.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schemas, port, faults, .. } = self;
        let mut shown = f.debug_struct("Builder");
        let schemas = match schemas {
            Source::Folder(folder) => folder.display().to_string(),
            Source::Texts(texts) => format!("{} texts", texts.len()),
        };
        shown.field("schemas", &schemas).field("port", port).field("faults", faults).finish_non_exhaustive()
    }
}
