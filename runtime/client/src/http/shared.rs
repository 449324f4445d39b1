//! What all handles of a job share that one client has: what was heard of it, and what is being asked. In: a request id. Out:
//! the same for every handle of it. Must not know the client, nor ask or wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use super::error::Error;
use super::heard::{Asked, Heard};
use super::question::{Asker, Audience, Questions};
use super::runtimes::PerRuntime;

/// Whose turn it is to ask about a job, and what is being asked.
pub(crate) type Turn = tokio::sync::Mutex<Questions>;

/// What all handles of a job share that one client has.
pub(crate) struct Core {
    jobs: Jobs,
    pub(crate) request_id: Box<str>,
    heard: Mutex<Heard>,
    /// Tells those who wait that something was heard.
    pub(crate) noted: Notify,
    /// Held by the handle that asks, with what is being asked. Each runtime has a turn of its own.
    turns: PerRuntime<Turn>,
}

/// The waits for a job, which sit out a silence up to a limit.
pub(crate) struct Waits {
    pub(crate) core: Weak<Core>,
    pub(crate) what: Asked,
    pub(crate) limit: Duration,
    pub(crate) audience: Audience,
}

impl Asker for Waits {
    fn sends(&self) {
        let now = Instant::now();
        if self.audience.sends(now)
            && let Some(core) = self.core.upgrade()
        {
            core.heard().sent(now);
        }
    }

    fn end(&self) -> Option<Instant> {
        let core = self.core.upgrade()?;
        let mut heard = core.heard();
        let asked = heard.last_asked();
        heard.silence(self.what).until(asked, self.limit)
    }

    fn not_answered(&self, error: &Error) {
        if let Some(core) = self.core.upgrade() {
            core.heard().silence(self.what).note(error);
        }
    }

    fn gone(&self) -> impl Future<Output = ()> + Send {
        self.audience.gone()
    }
}

/// The jobs that a client has handles of. Clones are the same jobs.
#[derive(Clone, Default)]
pub(crate) struct Jobs(Arc<Mutex<HashMap<Box<str>, Weak<Core>>>>);

impl Jobs {
    /// What the handles of this job share; new with what is known of it if there is no handle.
    pub(crate) fn core(&self, request_id: &str, known: impl FnOnce() -> Heard) -> Arc<Core> {
        // Before the lock, for it asks the program's own policy.
        let heard = Mutex::new(known());
        let mut jobs = self.lock();
        if let Some(core) = jobs.get(request_id).and_then(Weak::upgrade) {
            return core;
        }
        let (noted, turns) = (Notify::new(), PerRuntime::default());
        let core = Arc::new(Core { jobs: self.clone(), request_id: request_id.into(), heard, noted, turns });
        jobs.insert(request_id.into(), Arc::downgrade(&core));
        core
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Weak<Core>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        let mut jobs = self.jobs.lock();
        // A new handle may have come since the last one went.
        if jobs.get(&self.request_id).is_some_and(|known| std::ptr::eq(known.as_ptr(), self)) {
            jobs.remove(&self.request_id);
        }
    }
}

impl Core {
    pub(crate) fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The turn of this runtime. Others let go of theirs when nothing is asked there.
    pub(crate) fn turn(&self) -> Arc<Turn> {
        let is_asking = |turn: &Turn| turn.try_lock().map_or(true, |questions| questions.are_under_way());
        self.turns.get(is_asking, |_| Turn::default())
    }
}

#[cfg(test)]
mod tests {
    use crate::http::{Client, Error};

    #[test]
    fn a_job_without_a_handle_is_forgotten() -> Result<(), Error> {
        let client = Client::builder().token("t").base_url("http://127.0.0.1:9").build()?;
        let count = || client.inner().jobs.lock().len();
        let (first, second) = (client.untyped_job("r-1")?, client.clone().untyped_job(" r-1 ")?);
        let other = client.untyped_job("r-2")?;
        assert_eq!(count(), 2);
        drop((first, other));
        assert_eq!(count(), 1);
        drop(second);
        assert_eq!(count(), 0);
        Ok(())
    }
}
