//! What a program asks of a job over time: its news, its end, its result. Must not know how often the server is asked, or what
//! is sat out.

use std::time::Duration;

use futures_util::{Stream, stream};
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::ending::{Ending, StillRunning};
use super::error::Error;
use super::job::Job;
use super::question::Patient;
use super::status::Update;
use super::wait::Watch;
use crate::schema::FromValue;

impl<O> Job<O> {
    /// News of the job, asked for at the pace of the client's [`PollPolicy`](crate::PollPolicy), one item per question. Ends after the
    /// job's end or an error; short outages of the server are sat out, as by [`wait`](Self::wait).
    pub fn updates(&self) -> impl Stream<Item = Result<Update, Error>> + Send + Unpin + use<O> {
        let watch = Watch::new(self.untyped(), None);
        Box::pin(stream::unfold(Some(watch), async |watch| {
            let mut watch = watch?;
            let news = watch.next().await;
            let goes_on = news.as_ref().is_ok_and(|update| !update.status.is_over());
            Some((news, goes_on.then_some(watch)))
        }))
    }
}

impl<O: FromValue> Job<O> {
    /// Waits until the job has ended, for as long as it takes or the client's
    /// [`wait_timeout`](crate::ClientBuilder::wait_timeout) allows.
    ///
    /// Dropping the future changes nothing on the server; the job can be waited for again. What was heard of it, and when it
    /// is to be asked about again, is known to all handles of the job that this client made: many short waits ask no more
    /// often than a long one, and hear of the end as soon.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`]. Errors that may pass end it only after the client's
    /// [`outage_limit`](crate::ClientBuilder::outage_limit). The job goes on whatever the error: an error that
    /// [is retryable](Error::is_retryable) means that waiting again may help, not that the input may be submitted again.
    pub async fn wait(&self) -> Result<Ending<O>, Error> {
        self.ending(self.client().inner().wait_timeout).await
    }

    /// Waits until the job has ended, for no longer than `limit`; after that the ending is
    /// [`StillRunning`](Ending::StillRunning). Shortly before, the server is asked once more, unless many such waits of
    /// the same job have done so, or the server asked for a longer pause. A question that is under way when the time is up goes
    /// on by itself, for as long as there is a handle of the job, and the next wait hears its answer: so short limits do with
    /// slow servers, too.
    ///
    /// # Errors
    /// As [`wait`](Self::wait).
    pub async fn wait_timeout(&self, limit: Duration) -> Result<Ending<O>, Error> {
        self.ending(Some(limit)).await
    }

    /// Asks for the result as it is now: [`StillRunning`](Ending::StillRunning) if there is none yet, also for half a minute
    /// after a success without an output.
    ///
    /// # Errors
    /// [`Error::Api`], [`Error::Transport`] and [`Error::Decode`], after retries.
    pub async fn result(&self) -> Result<Ending<O>, Error> {
        let answer = self.result_question(Patient).await?;
        Ending::read(self, &answer).map_err(|error| error.about(self.request_id()))
    }

    /// Waits until the job has ended or the time is up.
    async fn ending(&self, limit: Option<Duration>) -> Result<Ending<O>, Error> {
        let begun = Instant::now();
        // Without an end where that is later than any clock shows.
        let end = limit.and_then(|limit| begun.checked_add(limit));
        let mut watch = Watch::new(self.clone(), end);
        let span = watch.span();
        let ending = match end {
            Some(end) => timeout_at(end, watch.ending()).instrument(span).await,
            None => Ok(watch.ending().instrument(span).await),
        };
        ending.unwrap_or_else(|_| {
            let last = self.heard().last().cloned();
            Ok(Ending::StillRunning(StillRunning { job: self.clone(), last, waited: begun.elapsed() }))
        })
    }
}
