//! What each runtime has of its own: a program may stop driving one at any time, and what its tasks hold then, nobody gives back.
//! In: what to make. Out: the part of the runtime that asks. Must not know what it is.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Handle, Id};

/// One `T` for each runtime. There are few of them, mostly one.
pub(crate) struct PerRuntime<T>(Mutex<Vec<(Option<Id>, Arc<T>)>>);

impl<T> Default for PerRuntime<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> PerRuntime<T> {
    /// The one of this runtime, made if there is none: then those of others are let go, but for those that are in use and
    /// those that are to be kept. What makes it is told whether it is the only one.
    pub(crate) fn get(&self, keep: impl Fn(&T) -> bool, make: impl FnOnce(bool) -> T) -> Arc<T> {
        let id = Handle::try_current().ok().map(|runtime| runtime.id());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, own)) = all.iter().find(|(of, _)| *of == id) {
            return Arc::clone(own);
        }
        all.retain(|(_, other)| Arc::strong_count(other) > 1 || keep(other));
        let own = Arc::new(make(all.is_empty()));
        all.reserve_exact(1);
        all.push((id, Arc::clone(&own)));
        own
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::*;

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().expect("a runtime")
    }

    #[test]
    fn each_runtime_has_its_own_and_what_nobody_uses_is_let_go() {
        let all = PerRuntime::default();
        let own = |of: &Runtime, keep| {
            let _inside = of.enter();
            all.get(|_| keep, |is_only| is_only)
        };
        let (first, second, third) = (runtime(), runtime(), runtime());
        let used = own(&first, false);
        assert!(*used && Arc::ptr_eq(&used, &own(&first, false)), "one for a runtime");
        assert!(!*own(&second, false), "another one for another");
        assert!(!*own(&third, true), "what is to be kept");
        assert_eq!(all.0.lock().expect("all").len(), 3);
        drop(used);
        assert!(*all.get(|_| false, |is_only| is_only), "nothing is used or kept");
        assert_eq!(all.0.lock().expect("all").len(), 1);
    }
}
