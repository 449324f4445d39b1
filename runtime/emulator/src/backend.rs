//! RunComfy without HTTP: requests as calls in, answers as values or documented errors out. Takes jobs, runs the queue,
//! keeps the money and the account. Must not know sockets, headers or who asks.

mod ledger;

pub(crate) use ledger::Ticket;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::catalog::{Catalog, Model};
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::dice::{Dice, Fate, hash};
use crate::media::Kind;
use crate::queue::{JobNumber, Phase, Queue};
use crate::reply::ApiError;
use crate::{Faults, IdForm, Usd, lock};
use ledger::{Entry, cost};

/// Everything behind the endpoints.
pub(crate) struct Backend {
    pub(crate) config: Config,
    pub(crate) catalog: Catalog,
    clock: Clock,
    dice: Mutex<Dice>,
    books: Mutex<Books>,
}

/// What changes with every job.
#[derive(Debug)]
struct Books {
    queue: Queue,
    jobs: Vec<Job>,
    numbers: HashMap<String, JobNumber>,
    /// How many jobs were made for a key; with the key, that is what ids are made of.
    made: HashMap<[u8; 8], u64>,
    entries: Vec<Entry>,
    /// What is left; `None` is boundless.
    balance: Option<Usd>,
}

#[derive(Debug)]
struct Job {
    id: String,
    entry: usize,
    fate: Fate,
    price: Usd,
}

/// What is known of a job at a moment.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) id: String,
    pub(crate) model_id: String,
    pub(crate) phase: Phase,
    pub(crate) position: Option<usize>,
    pub(crate) fails: bool,
    pub(crate) created_at: Option<String>,
    pub(crate) finished_at: Option<String>,
    /// `None` until it is known.
    pub(crate) cost: Option<Usd>,
}

impl Backend {
    pub(crate) fn new(config: Config, catalog: Catalog, faults: Faults) -> Self {
        let books = Books {
            queue: Queue::new(config.workers),
            jobs: Vec::new(),
            numbers: HashMap::new(),
            made: HashMap::new(),
            entries: Vec::new(),
            balance: config.balance,
        };
        let (dice, clock) = (Dice::new(config.seed, faults), Clock::new(config.speed));
        Self { config, catalog, clock, dice: Mutex::new(dice), books: Mutex::new(books) }
    }

    pub(crate) fn dice(&self) -> std::sync::MutexGuard<'_, Dice> {
        lock(&self.dice)
    }

    /// Lets emulated time pass at once.
    pub(crate) fn skip(&self, time: Duration) {
        self.clock.skip(time);
    }

    /// The model with this id.
    ///
    /// # Errors
    /// 400001 if the id can't be one, the one or the other if there is no such model.
    pub(crate) fn model(&self, id: &str) -> Result<&Model, ApiError> {
        let is_segment = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if !id.split('/').all(is_segment) {
            return Err(ApiError::new(400_001, "not a model id"));
        }
        self.catalog.get(id).ok_or_else(|| ApiError::new(self.config.unknown_model.code(), format!("no model {id}")))
    }

    /// Makes a job and gives its id.
    ///
    /// # Errors
    /// 400001, 404001: no such model; 403001: not for this token; 422001: not a body that the model takes;
    /// 400002: the balance is too low.
    pub(crate) fn submit(&self, ticket: &Ticket, model_id: &str, body: &[u8]) -> Result<String, ApiError> {
        let made = self.check(model_id, body).and_then(|(model, price)| self.make_job(ticket, model, price));
        if let Err(error) = &made {
            self.rejected(ticket, error.code);
        }
        made
    }

    fn check(&self, model_id: &str, body: &[u8]) -> Result<(&Model, Usd), ApiError> {
        let model = self.model(model_id)?;
        if self.config.denied.contains(model_id) {
            return Err(ApiError::new(403_001, format!("this account may not run {model_id}")));
        }
        let body: Value = serde_json::from_slice(body)
            .map_err(|error| ApiError::new(422_001, format!("the body is not JSON: {error}")))?;
        let problems = model.check(&body);
        if !body.is_object() || !problems.is_empty() {
            return Err(ApiError::new(422_001, format!("not a valid input for {model_id}")).detail(problems));
        }
        Ok((model, model.price_of(&body, self.config.base_price(model))))
    }

    fn make_job(&self, ticket: &Ticket, model: &Model, price: Usd) -> Result<String, ApiError> {
        let books = &mut *lock(&self.books);
        books.queue.advance(self.clock.now());
        let left = match books.balance {
            Some(balance) => Some(balance.pay(price).ok_or_else(|| {
                let message = format!("the job costs {price}, and the balance is {balance}");
                ApiError::new(400_002, message).at(self.config.account_errors.balance())
            })?),
            None => None,
        };
        let nth = books.made.entry(ticket.key).or_default();
        *nth += 1;
        let fate = self.dice().job(&ticket.key, *nth);
        let id = id_of(books.entries[ticket.entry].id_form, hash(self.config.seed, "request", &ticket.key, *nth));
        let length = self.config.time_of(&model.id);
        let number = books.queue.push(length);
        if !fate.fails {
            books.balance = left;
        }
        books.numbers.insert(id.clone(), number);
        books.jobs.push(Job { id: id.clone(), entry: ticket.entry, fate, price });
        let entry = &mut books.entries[ticket.entry];
        entry.job = Some(number);
        entry.submission.request_id = Some(id.clone());
        Ok(id)
    }

    /// What is known of a job now.
    ///
    /// # Errors
    /// 400001 if the id can't be one; 404001 if there was no such job, or it is so long ago that it is forgotten.
    pub(crate) fn job(&self, id: &str) -> Result<View, ApiError> {
        let now = self.clock.now();
        let books = &mut *lock(&self.books);
        books.queue.advance(now);
        let number = self.find(books, id, now)?;
        Ok(self.view(books, number, now))
    }

    /// Cancels a job that waits. Says whether it did, and what is known of the job then.
    ///
    /// # Errors
    /// As for [`Backend::job`].
    pub(crate) fn cancel(&self, id: &str) -> Result<(bool, View), ApiError> {
        let now = self.clock.now();
        let books = &mut *lock(&self.books);
        books.queue.advance(now);
        let number = self.find(books, id, now)?;
        let done = books.queue.cancel(number);
        if done && !books.jobs[number].fate.fails {
            books.balance = books.balance.map(|left| left + books.jobs[number].price);
        }
        Ok((done, self.view(books, number, now)))
    }

    fn find(&self, books: &Books, id: &str, now: Duration) -> Result<JobNumber, ApiError> {
        let is_id = (1..=128).contains(&id.len())
            && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        let number = books.numbers.get(id).copied();
        if !is_id && number.is_none() {
            return Err(ApiError::new(400_001, "not a request id"));
        }
        let is_kept = |number: &JobNumber| {
            ended(books.queue.phase(*number)).is_none_or(|at| now <= at.saturating_add(self.config.retention))
        };
        number.filter(is_kept).ok_or_else(|| ApiError::new(404_001, "no such request, or it has expired"))
    }

    fn view(&self, books: &Books, number: JobNumber, now: Duration) -> View {
        let job = &books.jobs[number];
        let phase = books.queue.phase(number);
        let submission = &books.entries[job.entry].submission;
        let cost_known = ended(phase).is_some_and(|at| now >= at.saturating_add(job.fate.cost_delay));
        View {
            id: job.id.clone(),
            model_id: submission.model_id.clone(),
            phase,
            position: books.queue.position(number),
            fails: job.fate.fails,
            created_at: self.clock.date(submission.at),
            finished_at: ended(phase).and_then(|at| self.clock.date(at)),
            cost: cost_known.then(|| cost(job, phase)),
        }
    }

    /// The id of a job that this path does not speak of; without one, an id that no job has.
    pub(crate) fn other_id(&self, path: &str) -> String {
        let books = lock(&self.books);
        let other = books.jobs.iter().map(|job| &job.id).find(|id| !path.contains(id.as_str()));
        // A submit's own job is the last one, so a first job has no other.
        other.filter(|_| books.jobs.len() > 1).cloned().unwrap_or_else(|| "emulated-0000000000000000".to_owned())
    }

    /// The output of a job that succeeded; `url` gives the URL for the name of each file in it.
    pub(crate) fn output(&self, job: &View, url: &mut dyn FnMut(&str) -> String) -> Value {
        let mut numbers = 0..;
        let mut named = |kind: Kind| {
            let number: u64 = numbers.next().unwrap_or_default();
            url(&format!("{number}.{}", kind.extension()))
        };
        self.catalog.get(&job.model_id).map_or(Value::Null, |model| model.output(&mut named))
    }

    /// A file that a job left: what it is, and the number that makes it its own.
    ///
    /// # Errors
    /// As for [`Backend::job`], and 404001 for a name that is not in the job's output.
    pub(crate) fn file(&self, id: &str, name: &str) -> Result<(Kind, u64), ApiError> {
        let job = self.job(id)?;
        let mut left = Vec::new();
        if matches!(job.phase, Phase::Done { .. }) && !job.fails {
            self.output(&job, &mut |name| {
                left.push(name.to_owned());
                String::new()
            });
        }
        let index = left.iter().position(|left| left == name);
        let kind = name.rsplit('.').next().and_then(Kind::from_extension);
        index
            .zip(kind)
            .map(|(index, kind)| (kind, hash(self.config.seed, "file", id.as_bytes(), index as u64)))
            .ok_or_else(|| ApiError::new(404_001, "no such file"))
    }
}

/// A request id.
fn id_of(form: Option<IdForm>, number: u64) -> String {
    match form {
        None => format!("emulated-{number:016x}"),
        // Above what a float holds exactly, and not below what it holds as a number of the same length.
        Some(IdForm::Number) => (number | 1 << 63 | 1).to_string(),
        Some(IdForm::Opaque) => format!("emulated.{number:016x}:1~a=b@c"),
        Some(IdForm::Long) => format!("{number:0>128x}"),
    }
}

/// When a job ended, if it did.
fn ended(phase: Phase) -> Option<Duration> {
    match phase {
        Phase::Done { at } | Phase::Cancelled { at } => Some(at),
        Phase::Waiting | Phase::Running { .. } => None,
    }
}

/// Shared by everything that answers requests.
pub(crate) type Shared = Arc<Backend>;
