//! A runtime that nobody sees. In: a future. Out: what comes of it, when it does. Must not know what it waits for.

use std::fmt;
use std::io;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

/// A runtime with one thread, which also keeps the connections alive between calls: without it, a connection that the
/// server closed meanwhile would be noticed only by the next submit, whose outcome would then be unknown.
#[derive(Clone)]
pub(super) struct Background(Arc<Owned>);

struct Owned(Option<Runtime>);

impl Background {
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(1).thread_name("runcomfy").enable_all().build()?;
        Ok(Self(Arc::new(Owned(Some(runtime)))))
    }

    /// Waits, also where the caller is a task of another runtime.
    pub(super) fn wait<F: Future<Output: Send> + Send>(&self, future: F) -> F::Output {
        let Some(runtime) = &self.0.0 else { unreachable!("the runtime is taken only by its drop") };
        if Handle::try_current().is_err() {
            return runtime.block_on(future);
        }
        // A thread of a runtime may not wait in another one, so a fresh thread does.
        let waited = thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join());
        waited.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Background")
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Dropping a runtime waits for it, which panics inside another one.
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
