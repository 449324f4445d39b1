//! What many jobs have for the store at about the same time, said at once: what costs time is the commit. Must not know what it is.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use crate::Error;

/// For how long what is to be said is gathered.
const GATHERING: Duration = Duration::from_millis(10);

/// Things of one kind to be said, each by a job that waits until it is.
pub(super) struct Gather<T, R> {
    waiting: Mutex<Vec<Waiting<T, R>>>,
    /// Held by the job that speaks for all.
    turn: tokio::sync::Mutex<()>,
}

type Waiting<T, R> = (T, oneshot::Sender<Result<R, Error>>);

impl<T, R> Default for Gather<T, R> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }
}

impl<T, R> Gather<T, R> {
    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting<T, R>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says it together with what others have to say. `say` gives a result for each, in their order.
    pub(super) async fn say<F>(&self, what: T, say: impl FnOnce(Vec<T>) -> F) -> Result<R, Error>
    where
        F: Future<Output = Vec<Result<R, Error>>>,
    {
        let (tell, mut told) = oneshot::channel();
        self.waiting().push((what, tell));
        let _turn = tokio::select! {
            biased;
            done = &mut told => return done.unwrap_or_else(nobody_knows),
            turn = self.turn.lock() => turn,
        };
        tokio::time::sleep(GATHERING).await;
        let (all, tell): (Vec<T>, Vec<_>) = std::mem::take(&mut *self.waiting()).into_iter().unzip();
        for (done, tell) in say(all).await.into_iter().zip(tell) {
            _ = tell.send(done);
        }
        told.await.unwrap_or_else(nobody_knows)
    }
}

/// Whoever spoke for this job came to a bad end.
fn nobody_knows<R>(_: oneshot::error::RecvError) -> Result<R, Error> {
    Err(Error::InDoubt { reason: "it was not said to the end".to_owned() })
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_jobs_have_to_say_at_about_the_same_time_is_said_at_once() {
        let (gather, told) = (Gather::default(), Mutex::new(Vec::new()));
        let say = |all: Vec<u32>| {
            let done = all.iter().map(|what| Ok(what * 10)).collect();
            told.lock().expect("not poisoned").push(all);
            ready(done)
        };
        let late = async {
            tokio::time::sleep(GATHERING * 2).await;
            gather.say(4, &say).await
        };
        let (first, late) = tokio::join!(join_all((1..=3).map(|what| gather.say(what, &say))), late);
        let first: Vec<u32> = first.into_iter().map(|done| done.expect("said")).collect();
        assert_eq!((first, late.expect("said")), (vec![10, 20, 30], 40));
        assert_eq!(*told.lock().expect("not poisoned"), [vec![1, 2, 3], vec![4]]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_is_spoken_for_hears_that_the_speaker_is_gone_and_may_speak() {
        let gather = Gather::<u32, u32>::default();
        let never = |_| pending::<Vec<Result<u32, Error>>>();
        let spoken_for = async {
            let first = gather.say(2, |_| ready(vec![Ok(0)])).await;
            (first, gather.say(2, |all| ready(all.into_iter().map(Ok).collect())).await)
        };
        let speaker = tokio::time::timeout(GATHERING * 2, gather.say(1, never));
        let (speaker, (first, second)) = tokio::join!(speaker, spoken_for);
        assert!(
            speaker.is_err() && first.is_err_and(|error| error.is_in_doubt()) && second.is_ok_and(|said| said == 2)
        );
    }
}
