//! A job on the server: a request id, and what can be asked and done about it at once. Must not submit or wait.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use reqwest::Method;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::about::{cancel_record, record, result_record};
use super::body::Answer;
use super::client::Client;
use super::endpoint::{RequestPath, is_request_id};
use super::error::{ConfigError, Error};
use super::heard::{Asked, Heard};
use super::poll::PollPolicy;
use super::question::{Asker, Audience, Patient};
use super::shared::{Core, Turn, Waits};
use super::status::{Cancellation, Update};
use crate::Json;

/// A job that was submitted. `O` is what its model makes; without a model's type it is JSON.
///
/// It is a handle and no more: dropping it changes nothing on the server. To follow the job later, or in another process,
/// store [`request_id`](Self::request_id) and take [`Client::job`].
pub struct Job<O = Json> {
    client: Client,
    core: Arc<Core>,
    model_id: Option<Cow<'static, str>>,
    /// Whether the output's type is only assumed.
    is_assumed: bool,
    output: PhantomData<fn() -> O>,
}

impl Client {
    /// A job that was submitted before, by this process or another. Nothing is asked of the server.
    ///
    /// All handles of a job that this client or its clones made share what was heard and when it is to be asked about again, for
    /// as long as there is one of them; so keep one while the job is followed. The first one made of an id asks at once.
    ///
    /// # Errors
    /// [`ConfigError::RequestId`] if the id can't be one.
    pub fn job<M: crate::Model>(&self, request_id: &str) -> Result<Job<M::Output>, Error> {
        Ok(Job::resumed(self.clone(), request_id, Some(M::ID.into()))?.of_model::<M>())
    }

    /// A job whose model this program was not compiled with.
    ///
    /// # Errors
    /// [`ConfigError::RequestId`] if the id can't be one.
    pub fn untyped_job(&self, request_id: &str) -> Result<Job, Error> {
        Job::resumed(self.clone(), request_id, None)
    }
}

impl<O> Job<O> {
    pub(crate) fn submitted(client: Client, request_id: String, model_id: String) -> Self {
        let known = || Heard::submitted(&*client.inner().poll);
        let core = client.inner().jobs.core(&request_id, known);
        Self::of(client, core, Some(model_id.into()))
    }

    fn resumed(client: Client, request_id: &str, model_id: Option<Cow<'static, str>>) -> Result<Self, Error> {
        let request_id = request_id.trim();
        if !is_request_id(request_id) {
            return Err(ConfigError::RequestId.into());
        }
        let core = client.inner().jobs.core(request_id, Heard::resumed);
        Ok(Self::of(client, core, model_id))
    }

    fn of(client: Client, core: Arc<Core>, model_id: Option<Cow<'static, str>>) -> Self {
        Self { client, core, model_id, is_assumed: false, output: PhantomData }
    }

    /// The same handle, which reads the output as this model's.
    pub(crate) fn of_model<M: crate::Model>(self) -> Self {
        Self { is_assumed: M::ASSUMED_OUTPUT, ..self }
    }

    /// Whether the output's type is only assumed.
    pub(crate) fn is_assumed(&self) -> bool {
        self.is_assumed
    }

    /// The id by which the server knows the job.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.core.request_id
    }

    /// The model; `None` if the handle was made from a bare id.
    #[must_use]
    pub fn model_id(&self) -> Option<&str> {
        self.model_id.as_deref()
    }

    /// The same job with its output as JSON: for outputs that can't be read as `O`.
    #[must_use]
    pub fn untyped(&self) -> Job<Json> {
        Job::of(self.client.clone(), Arc::clone(&self.core), self.model_id.clone())
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// What was heard of the job through any of its handles.
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.core.heard()
    }

    /// Tells that something was heard.
    pub(crate) fn noted(&self) -> &Notify {
        &self.core.noted
    }

    /// Whose turn it is to ask in this runtime, and what is being asked.
    pub(crate) fn turn(&self) -> Arc<Turn> {
        self.core.turn()
    }

    /// Asks where the job stands.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn status(&self) -> Result<Update, Error> {
        self.status_question(Patient).await
    }

    /// Those who wait for the answer to a question, and sit out a silence up to this limit.
    pub(crate) fn waits(&self, what: Asked, limit: Duration, audience: Audience) -> Waits {
        Waits { core: Arc::downgrade(&self.core), what, limit, audience }
    }

    /// The question for the status, which notes what was heard. Begins now, and is no handle of the job.
    pub(crate) fn status_question<A: Asker + Send + Sync + 'static>(
        &self,
        asker: A,
    ) -> impl Future<Output = Result<Update, Error>> + Send + use<O, A> {
        let asked = Instant::now();
        self.heard().asked();
        let (client, core) = (self.client.clone(), Arc::downgrade(&self.core));
        let question = self.question(asker, RequestPath::Status, |id, answer| {
            let record = record(id, answer)?;
            match record.status {
                Some(status) => Ok(Update { status, queue_position: record.queue_position }),
                None => Err(answer.undecodable("status", "is missing", false).into()),
            }
        });
        async move {
            let answer = question.await;
            if let Some(core) = core.upgrade() {
                note(&core, &answer, asked, &*client.inner().poll);
            }
            answer
        }
    }

    /// The question for the result, which may be that there is none yet. Is no handle of the job.
    pub(crate) fn result_question<A: Asker + Send + Sync + 'static>(
        &self,
        asker: A,
    ) -> impl Future<Output = Result<Answer, Error>> + Send + use<O, A> {
        self.question(asker, RequestPath::Result, |id, answer| {
            let record = result_record(id, answer)?;
            match record.status.is_none() && !record.has_output() && !record.has_error() {
                true => Err(answer.undecodable("status", "is missing", false).into()),
                false => Ok(answer.clone()),
            }
        })
    }

    fn question<T: Send + 'static, A, R>(
        &self,
        asker: A,
        path: RequestPath,
        read: R,
    ) -> impl Future<Output = Result<T, Error>> + Send + use<O, T, A, R>
    where
        A: Asker + Send + Sync + 'static,
        R: Fn(&str, &Answer) -> Result<T, Error> + Send + Sync + 'static,
    {
        let (client, id) = (self.client().clone(), self.request_id().to_owned());
        async move {
            let url = client.inner().transport.endpoint.request(&id, path);
            let answer = client.call_for(&asker, url, |answer| read(&id, answer)).await;
            answer.map_err(|error| error.about(&id))
        }
    }

    /// Cancels the job, if it is still queued: a job that runs can't be cancelled any more.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries: then nobody knows what became of the
    /// wish, and it may be repeated, or the job's status asked for.
    pub async fn cancel(&self) -> Result<Cancellation, Error> {
        let outcome = self
            .call(Method::POST, RequestPath::Cancel, |answer| {
                let record = cancel_record(self.request_id(), answer)?;
                let outcome = Cancellation::of(record.status.as_ref(), record.outcome);
                outcome.ok_or_else(|| answer.undecodable("outcome", "is missing", true).into())
            })
            .await?;
        tracing::info!(request_id = self.request_id(), %outcome, "asked to cancel");
        if outcome == Cancellation::Cancelled {
            self.heard().cancelled();
            self.noted().notify_waiters();
        }
        Ok(outcome)
    }

    /// Asks something about the job, again and again if that may help.
    pub(crate) async fn call<T>(
        &self,
        method: Method,
        path: RequestPath,
        read: impl Fn(&Answer) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let client = self.client();
        let url = client.inner().transport.endpoint.request(self.request_id(), path);
        let answer = client.call(method, url, read).await;
        answer.map_err(|error| error.about(self.request_id()))
    }

    /// Asks what the job cost, in USD. The server may know it a while after the output, so this asks again until `limit` has
    /// passed, the time of its requests included; `None` if it was not known by then.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn cost(&self, limit: Duration) -> Result<Option<f64>, Error> {
        match Instant::now().checked_add(limit) {
            Some(end) => timeout_at(end, self.cost_in_the_end()).await.unwrap_or(Ok(None)),
            None => self.cost_in_the_end().await,
        }
    }

    async fn cost_in_the_end(&self) -> Result<Option<f64>, Error> {
        let mut pause = Duration::from_millis(500);
        loop {
            let read = |answer: &Answer| Ok(record(self.request_id(), answer)?.cost);
            let cost = self.call(Method::GET, RequestPath::Result, read).await?;
            if cost.is_some() {
                return Ok(cost);
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(10));
        }
    }
}

/// Notes what the question for the status brought.
fn note(core: &Core, answer: &Result<Update, Error>, asked: Instant, poll: &dyn PollPolicy) {
    let mut heard = core.heard();
    let Ok(update) = answer else { return heard.status_unanswered() };
    if heard.last() != Some(update) {
        let (request_id, queue_position) = (&*core.request_id, update.queue_position);
        let (status, polls) = (update.status.as_str(), heard.polls());
        tracing::debug!(request_id, status, queue_position, polls, "news");
    }
    heard.status_answered(update, asked, poll);
    core.noted.notify_waiters();
}

impl<O> Clone for Job<O> {
    fn clone(&self) -> Self {
        let (client, core) = (self.client.clone(), Arc::clone(&self.core));
        Self { is_assumed: self.is_assumed, ..Self::of(client, core, self.model_id.clone()) }
    }
}

impl<O> fmt::Debug for Job<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Job");
        shown.field("request_id", &self.request_id()).field("model_id", &self.model_id()).finish_non_exhaustive()
    }
}
