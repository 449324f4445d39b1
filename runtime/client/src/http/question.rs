//! Questions about a job that go on when the wait that asked them ends, so that the next one hears the answer. In: what to
//! ask. Out: the answer. Must not know what is asked.

use std::future::pending;
use std::panic::resume_unwind;
use std::sync::{Arc, OnceLock};

use futures_util::FutureExt as _;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use super::body::Answer;
use super::error::Error;
use super::status::Update;

/// Somebody who wants an answer, for as long as it may take to ask for it.
pub(crate) trait Asker {
    /// A request leaves now: its turn has come.
    fn sends(&self) {}

    /// When no repeat is begun any more.
    fn end(&self) -> Option<Instant>;

    /// A request brought this instead of an answer.
    fn not_answered(&self, error: &Error);

    /// Comes when nobody listens any more.
    fn gone(&self) -> impl Future<Output = ()> + Send;
}

/// Somebody who asks once and waits for as long as that takes.
pub(crate) struct Patient;

impl Asker for Patient {
    fn end(&self) -> Option<Instant> {
        None
    }

    fn not_answered(&self, _: &Error) {}

    fn gone(&self) -> impl Future<Output = ()> + Send {
        pending()
    }
}

/// Whether somebody listens for the answer to a question, who is told when its first request leaves.
#[derive(Clone)]
pub(crate) struct Audience {
    listens: watch::Receiver<bool>,
    sent: Arc<OnceLock<Instant>>,
}

impl Audience {
    /// Comes when nobody listens any more.
    pub(crate) async fn gone(&self) {
        // It ends without the question only together with the task that asks.
        let _ = self.listens.clone().wait_for(|listens| !listens).await;
    }

    /// A request leaves now. Whether it is the question's first.
    pub(crate) fn sends(&self, now: Instant) -> bool {
        self.sent.set(now).is_ok()
    }
}

/// What is being asked about a job.
#[derive(Default)]
pub(crate) struct Questions {
    pub(crate) status: Question<Result<Update, Error>>,
    pub(crate) result: Question<Result<Answer, Error>>,
}

impl Questions {
    pub(crate) fn are_under_way(&self) -> bool {
        self.status.is_under_way() || self.result.is_under_way()
    }
}

/// A question, asked by a task of its own, which ends with this.
pub(crate) struct Question<T>(Option<Task<T>>);

struct Task<T> {
    answer: JoinHandle<T>,
    listens: watch::Sender<bool>,
    /// When its first request left; nothing while it waits for its turn.
    sent: Arc<OnceLock<Instant>>,
}

impl<T> Task<T> {
    /// The answer, if it comes within the patience for a question that was sent then. While it waits for its turn, it counts
    /// as sent now.
    async fn answer(&mut self, patience: &impl Fn(Instant) -> Instant) -> Option<Result<T, JoinError>> {
        let end = || patience(self.sent.get().copied().unwrap_or_else(Instant::now));
        loop {
            if let Ok(answer) = timeout_at(end(), &mut self.answer).await {
                return Some(answer);
            }
            if end() <= Instant::now() {
                return None;
            }
        }
    }
}

/// Somebody who listens, until this is dropped.
struct Listener(watch::Sender<bool>);

impl Listener {
    fn new(listens: &watch::Sender<bool>) -> Self {
        listens.send_replace(true);
        Self(listens.clone())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

impl<T> Default for Question<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Send + 'static> Question<T> {
    /// Whether the answer has yet to come.
    pub(crate) fn is_under_way(&self) -> bool {
        self.0.as_ref().is_some_and(|task| !task.answer.is_finished())
    }

    /// The answer that came while nobody waited for it.
    pub(crate) fn finished(&mut self) -> Option<T> {
        let answer = (&mut self.0.as_mut()?.answer).now_or_never()?;
        self.0 = None;
        // A question that was stopped has no answer.
        answer.ok()
    }

    /// The answer to the question under way, which is asked if there is none; nothing if it takes longer than the patience
    /// for a question that was sent then, which is given up. If this is dropped, the question goes on.
    pub(crate) async fn answer<F: Future<Output = T> + Send + 'static>(
        &mut self,
        patience: impl Fn(Instant) -> Instant,
        ask: impl Fn(Audience) -> F,
    ) -> Option<T> {
        loop {
            let task = self.0.get_or_insert_with(|| {
                let ((listens, heard), sent) = (watch::channel(true), Arc::default());
                let audience = Audience { listens: heard, sent: Arc::clone(&sent) };
                let asked = ask(audience).in_current_span().with_current_subscriber();
                Task { answer: tokio::spawn(asked), listens, sent }
            });
            let listener = Listener::new(&task.listens);
            let answer = task.answer(&patience).await;
            drop(listener);
            let Some(answer) = answer else {
                self.give_up();
                return None;
            };
            self.0 = None;
            match answer {
                Ok(answer) => return Some(answer),
                Err(stopped) if stopped.is_panic() => resume_unwind(stopped.into_panic()),
                // The runtime in which it was asked is gone, and this is another one.
                Err(_) => {}
            }
        }
    }
}

impl<T> Question<T> {
    /// Nobody wants to know any more.
    pub(crate) fn give_up(&mut self) {
        if let Some(task) = self.0.take() {
            task.answer.abort();
        }
    }
}

impl<T> Drop for Question<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}
