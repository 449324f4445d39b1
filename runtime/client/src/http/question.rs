//! Questions about a job that go on when the wait that asked them ends, so that the next one hears the answer. In: what to
//! ask. Out: the answer. Must not know what is asked.

use std::panic::resume_unwind;

use futures_util::FutureExt as _;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tracing::Instrument as _;

use super::body::Answer;
use super::error::Error;
use super::status::Update;

/// Somebody who wants an answer, for as long as it may take to ask for it.
pub(crate) trait Asker {
    /// When no repeat is begun any more.
    fn end(&self) -> Option<Instant>;

    /// A request brought this instead of an answer.
    fn not_answered(&self, error: &Error);
}

/// Somebody who asks once and waits for as long as that takes.
pub(crate) struct Patient;

impl Asker for Patient {
    fn end(&self) -> Option<Instant> {
        None
    }

    fn not_answered(&self, _: &Error) {}
}

/// What is being asked about a job.
#[derive(Default)]
pub(crate) struct Questions {
    pub(crate) status: Question<Result<Update, Error>>,
    pub(crate) result: Question<Result<Answer, Error>>,
}

/// A question, asked by a task of its own, which ends with this.
pub(crate) struct Question<T>(Option<JoinHandle<T>>);

impl<T> Default for Question<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Send + 'static> Question<T> {
    /// Whether the answer has yet to come.
    pub(crate) fn is_under_way(&self) -> bool {
        self.0.as_ref().is_some_and(|task| !task.is_finished())
    }

    /// The answer that came while nobody waited for it.
    pub(crate) fn finished(&mut self) -> Option<T> {
        let answer = self.0.as_mut()?.now_or_never()?;
        self.0 = None;
        // A question that was stopped has no answer.
        answer.ok()
    }

    /// The answer to the question under way, which is asked if there is none. If this is dropped, the question goes on.
    pub(crate) async fn answer<F: Future<Output = T> + Send + 'static>(&mut self, ask: impl Fn() -> F) -> T {
        loop {
            let task = self.0.get_or_insert_with(|| tokio::spawn(ask().in_current_span()));
            let answer = task.await;
            self.0 = None;
            match answer {
                Ok(answer) => return answer,
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
            task.abort();
        }
    }
}

impl<T> Drop for Question<T> {
    fn drop(&mut self) {
        self.give_up();
    }
}
