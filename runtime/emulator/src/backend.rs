//! RunComfy without HTTP: requests as calls in, answers as values or documented errors out. Takes jobs, runs the queue,
//! keeps the money and the account. Must not know sockets, headers or who asks.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::account::{Account, Outcome, Submission, shortened};
use crate::catalog::{Catalog, Model};
use crate::clock::Clock;
use crate::config::Config;
use crate::faults::dice::{Dice, Fate, hash};
use crate::media::Kind;
use crate::queue::{JobNumber, Phase, Queue};
use crate::reply::ApiError;
use crate::{Fault, Faults, IdForm, Usd, lock};

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

/// A submission, with its job instead of its outcome once there is one.
#[derive(Debug)]
struct Entry {
    submission: Submission,
    job: Option<JobNumber>,
    id_form: Option<IdForm>,
}

/// A submission from its arrival to its end: its place in the account, and what it is rolled by.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    entry: usize,
    pub(crate) key: [u8; 8],
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
    /// 400001 if the id can't be one, 404001 if there is no such model.
    pub(crate) fn model(&self, id: &str) -> Result<&Model, ApiError> {
        let is_segment = |part: &str| {
            !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        if !id.split('/').all(is_segment) {
            return Err(ApiError::new(400_001, "not a model id"));
        }
        self.catalog.get(id).ok_or_else(|| ApiError::new(404_001, format!("no model {id}")))
    }

    /// Opens the account of a submission before anything is done with it.
    pub(crate) fn open(&self, model_id: &str, body: &[u8]) -> Ticket {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let seed_key = self.catalog.get(model_id).and_then(Model::seed_key);
        let marker = self.config.marker.as_deref().or(seed_key).and_then(|key| value.get(key)).cloned();
        let key = match &marker {
            Some(marker) => hash(0, model_id, marker.to_string().as_bytes(), 0),
            None => hash(0, model_id, body, 0),
        };
        self.enter(model_id, shortened(value), marker.map(shortened), key)
    }

    /// Opens the account of a submission whose body nobody read.
    pub(crate) fn open_unread(&self, model_id: &str) -> Ticket {
        self.enter(model_id, Value::Null, None, 0)
    }

    fn enter(&self, model_id: &str, body: Value, marker: Option<Value>, key: u64) -> Ticket {
        let submission = Submission {
            request_id: None,
            model_id: model_id.to_owned(),
            body,
            marker,
            at: self.clock.now(),
            outcome: Outcome::Dropped,
            cost: Usd::ZERO,
            fault: None,
            ambiguous: false,
        };
        let entries = &mut lock(&self.books).entries;
        entries.push(Entry { submission, job: None, id_form: None });
        Ticket { entry: entries.len() - 1, key: key.to_le_bytes() }
    }

    /// Notes which fault struck a submission.
    pub(crate) fn struck(&self, ticket: &Ticket, fault: Fault) {
        let submission = &mut lock(&self.books).entries[ticket.entry].submission;
        submission.fault = Some(fault);
        submission.ambiguous = fault.is_ambiguous();
    }

    /// The job of a submission gets an id of this form.
    pub(crate) fn name_differently(&self, ticket: &Ticket, form: IdForm) {
        lock(&self.books).entries[ticket.entry].id_form = Some(form);
    }

    /// The body of a submission, as the account has it.
    pub(crate) fn sent(&self, ticket: &Ticket) -> Value {
        lock(&self.books).entries[ticket.entry].submission.body.clone()
    }

    /// The id of a job that this path does not speak of; without one, an id that no job has.
    pub(crate) fn other_id(&self, path: &str) -> String {
        let books = lock(&self.books);
        let other = books.jobs.iter().map(|job| &job.id).find(|id| !path.contains(id.as_str()));
        // A submit's own job is the last one, so a first job has no other.
        other.filter(|_| books.jobs.len() > 1).cloned().unwrap_or_else(|| "emulated-0000000000000000".to_owned())
    }

    /// Notes that the client of a submission went away before it had the answer.
    pub(crate) fn hung_up(&self, ticket: &Ticket) {
        lock(&self.books).entries[ticket.entry].submission.ambiguous = true;
    }

    /// Notes that a submission was refused before it came to [`Backend::submit`].
    pub(crate) fn rejected(&self, ticket: &Ticket, code: u32) {
        lock(&self.books).entries[ticket.entry].submission.outcome = Outcome::Rejected(code);
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

    /// Everything that was submitted, as it is now.
    pub(crate) fn account(&self) -> Account {
        let books = &mut *lock(&self.books);
        books.queue.advance(self.clock.now());
        let entries = books.entries.iter().map(|entry| {
            let mut submission = entry.submission.clone();
            if let Some(number) = entry.job {
                let phase = books.queue.phase(number);
                submission.outcome = outcome(&books.jobs[number], phase);
                submission.cost = cost(&books.jobs[number], phase);
            }
            submission
        });
        Account::new(entries.collect())
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

fn outcome(job: &Job, phase: Phase) -> Outcome {
    match phase {
        Phase::Waiting => Outcome::InQueue,
        Phase::Running { .. } => Outcome::InProgress,
        Phase::Done { .. } if job.fate.fails => Outcome::Failed,
        Phase::Done { .. } => Outcome::Succeeded,
        Phase::Cancelled { .. } => Outcome::Cancelled,
    }
}

/// Assumed: only success is paid for.
fn cost(job: &Job, phase: Phase) -> Usd {
    if outcome(job, phase) == Outcome::Succeeded { job.price } else { Usd::ZERO }
}

/// Shared by everything that answers requests.
pub(crate) type Shared = Arc<Backend>;
