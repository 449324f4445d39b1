//! What was heard of a submit, into its row: an id, a refusal, or nothing. Must not know who follows a job.

use super::Store;
use super::db::{Statement, Tx, args};
use super::job::{Held, State};
use super::many::at_once;
use super::queue::Candidate;
use super::submits::Noted;
use crate::Error;

/// What came of a submit, but for an id.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Answer {
    /// It certainly did not arrive, and may be sent again after so many milliseconds.
    NotSent {
        /// How long to wait.
        wait: i64,
    },
    /// The input is refused.
    InputRefused,
    /// The account is refused: the batch pauses.
    AccountRefused,
    /// There is no such model, or nobody here can write its input: the model pauses.
    UnknownModel,
    /// Nobody knows whether it arrived.
    Lost,
}

/// An id that a submit brought.
#[derive(Clone, Debug)]
pub struct HeardId {
    /// The job.
    pub job: i64,
    /// The epoch of the intent.
    pub epoch: i64,
    /// The id.
    pub request_id: String,
    /// What was heard beside it.
    pub heard: Option<String>,
}

const NOTE_ID: Statement = Statement {
    name: "note the id",
    text: "UPDATE jobs SET state = 'submitted', request_id = $3, owner = $4, heard = $5
        WHERE id = $1 AND epoch = $2 AND intent = $2 AND state IN ('submitting', 'unknown') AND account = $6",
};
/// An attempt that has ended and that a person let be made again.
const OF_AN_ATTEMPT: Statement =
    Statement { name: "of an attempt", text: "SELECT COUNT(*) FROM attempts WHERE job = $1 AND request_id = $2" };
const STRAY: Statement = Statement {
    name: "keep a stray",
    text: "INSERT INTO strays (job, request_id, heard_at, day, reserved) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
};
const HOLD_BACK: Statement =
    Statement { name: "hold back", text: "UPDATE jobs SET held = 1, heard = $2 WHERE id = $1 AND state = 'queued'" };
const BACK_TO_QUEUE: Statement = Statement {
    name: "back to the queue",
    text: "UPDATE jobs SET state = 'queued', reserved = 0, not_before = $3, heard = $4, owner = NULL
        WHERE id = $1 AND epoch = $2 AND intent = $2 AND state IN ('submitting', 'unknown')",
};
const REFUSED: Statement = Statement {
    name: "refused",
    text: "UPDATE jobs SET state = 'refused', reserved = 0, heard = $3, owner = NULL
        WHERE id = $1 AND epoch = $2 AND intent = $2 AND state IN ('submitting', 'unknown')",
};
const LOST: Statement = Statement {
    name: "lost",
    text: "UPDATE jobs SET state = 'unknown', heard = $3
        WHERE id = $1 AND epoch = $2 AND intent = $2 AND state IN ('submitting', 'unknown')",
};
const REFUSED_UNSENT: Statement = Statement {
    name: "refused unsent",
    text: "UPDATE jobs SET state = 'refused', heard = $3, epoch = epoch + 1 WHERE id = $1 AND epoch = $2 AND state = 'queued'",
};
const HOLD_UNSENT: Statement = Statement {
    name: "hold unsent",
    text: "UPDATE jobs SET held = 1, heard = $3, epoch = epoch + 1 WHERE id = $1 AND epoch = $2 AND state = 'queued'",
};
const POSTPONE: Statement = Statement {
    name: "postpone a model",
    text: "UPDATE jobs SET not_before = $3, heard = $4
        WHERE account = $1 AND model = $2 AND state = 'queued' AND not_before < $3",
};
const PAUSE_BATCH: Statement =
    Statement { name: "pause the batch", text: "UPDATE batches SET paused = 1, reason = $2 WHERE id = $1" };
const PAUSE_MODEL: Statement = Statement {
    name: "pause the model",
    text: "UPDATE models SET paused = 1, reason = $3 WHERE account = $1 AND name = $2",
};

impl Store {
    /// Notes the id that a submit brought. May be repeated, and is to be until it is answered. An id is never thrown away: what
    /// the row can't take is kept beside it, and charged.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_id(
        &self,
        (job, epoch): (i64, i64),
        request_id: &str,
        worker: i64,
        heard: Option<&str>,
    ) -> Result<Noted, Error> {
        let mut tx = self.db.begin().await?;
        let held = self.hold(&mut tx, job).await?;
        if tx.run(&NOTE_ID, &args![job, epoch, request_id, worker, heard, self.account]).await? > 0 {
            tx.commit().await?;
            return Ok(Noted::Row);
        }
        if held.request_id.as_deref() == Some(request_id) {
            let own = held.epoch == epoch && held.state == State::Submitted;
            return Ok(if own { Noted::Row } else { Noted::Known });
        }
        if tx.value::<i64>(&OF_AN_ATTEMPT, &args![job, request_id]).await?.unwrap_or_default() > 0 {
            return Ok(Noted::Known);
        }
        self.keep_stray(&mut tx, job, held, request_id).await?;
        tx.commit().await?;
        Ok(Noted::Beside)
    }

    /// The same for ids of many jobs, in one transaction: what costs time is the commit. What their rows can't take is noted after it,
    /// each for itself. Each has its own result, as if it had been the only one.
    pub async fn note_ids(&self, heard: &[HeardId], worker: i64) -> Vec<Result<Noted, Error>> {
        let rows = at_once(heard, |heard| self.note_rows(heard, worker)).await;
        let mut done = Vec::with_capacity(heard.len());
        for (HeardId { job, epoch, request_id, heard }, row) in heard.iter().zip(rows) {
            done.push(match row {
                Ok(true) => Ok(Noted::Row),
                Ok(false) => self.note_id((*job, *epoch), request_id, worker, heard.as_deref()).await,
                Err(error) => Err(error),
            });
        }
        done
    }

    /// Which ids their rows take.
    async fn note_rows(&self, heard: &[HeardId], worker: i64) -> Result<Vec<bool>, Error> {
        let mut tx = self.db.begin().await?;
        let mut done = vec![false; heard.len()];
        // In one order for all: no transaction waits for one that waits for it.
        let mut order: Vec<usize> = (0..heard.len()).collect();
        order.sort_unstable_by_key(|index| heard[*index].job);
        for index in order {
            let HeardId { job, epoch, request_id, heard } = &heard[index];
            let values = args![*job, *epoch, request_id.as_str(), worker, heard.as_deref(), self.account];
            done[index] = tx.run(&NOTE_ID, &values).await? > 0;
        }
        if done.contains(&true) {
            tx.commit().await?;
        }
        Ok(done)
    }

    async fn keep_stray(&self, tx: &mut Tx, job: i64, held: Held, request_id: &str) -> Result<(), Error> {
        let now = tx.now().await?;
        let mut part = held.part;
        part.day = super::budgets::day_of(now);
        if tx.run(&STRAY, &args![job, request_id, now, part.day, held.price]).await? > 0 {
            part.shift(tx, held.price, 0).await?;
            let why = format!("the request {request_id} turned up after this job was said not to be submitted");
            tx.run(&HOLD_BACK, &args![job, why.as_str()]).await?;
        }
        Ok(())
    }

    /// Notes what came of a submit without an id. May be repeated. A refusal of the account pauses the batch also where the row
    /// is not the writer's any more.
    ///
    /// # Errors
    /// What the database says.
    pub async fn note_answer(&self, (job, epoch): (i64, i64), answer: &Answer, heard: &str) -> Result<Noted, Error> {
        let mut tx = self.db.begin().await?;
        let held = self.hold(&mut tx, job).await?;
        let changed = match answer {
            Answer::InputRefused => tx.run(&REFUSED, &args![job, epoch, heard]).await?,
            Answer::Lost => tx.run(&LOST, &args![job, epoch, heard]).await?,
            Answer::NotSent { wait } => {
                let then = tx.now().await? + wait;
                tx.run(&BACK_TO_QUEUE, &args![job, epoch, then, heard]).await?
            }
            Answer::AccountRefused => {
                tx.run(&PAUSE_BATCH, &args![held.part.batch, heard]).await?;
                tx.run(&BACK_TO_QUEUE, &args![job, epoch, 0, heard]).await?
            }
            Answer::UnknownModel => {
                tx.run(&PAUSE_MODEL, &args![self.account, held.part.model.as_str(), heard]).await?;
                tx.run(&BACK_TO_QUEUE, &args![job, epoch, 0, heard]).await?
            }
        };
        if changed > 0 && !matches!(answer, Answer::Lost) {
            held.part.shift(&mut tx, -held.reserved, 0).await?;
        }
        tx.commit().await?;
        Ok(if changed > 0 { Noted::Row } else { Noted::Nothing })
    }

    /// Notes that an input can't be sent, found out before anything was intended. Gives whether it was still as it was seen.
    ///
    /// # Errors
    /// What the database says.
    pub async fn refuse_unsent(&self, candidate: &Candidate, why: &str) -> Result<bool, Error> {
        self.one(&REFUSED_UNSENT, &args![candidate.job, candidate.epoch, why]).await.map(|changed| changed > 0)
    }

    /// Holds a job of which something is not as it was, until a person releases it. Gives whether it was still as it was seen.
    ///
    /// # Errors
    /// What the database says.
    pub async fn hold_unsent(&self, candidate: &Candidate, why: &str) -> Result<bool, Error> {
        self.one(&HOLD_UNSENT, &args![candidate.job, candidate.epoch, why]).await.map(|changed| changed > 0)
    }

    /// Lets no job of a batch be submitted until a person resumes it.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn pause_batch(&self, batch: i64, why: &str) -> Result<(), Error> {
        self.one(&PAUSE_BATCH, &args![batch, why]).await.map(drop)
    }

    /// Lets no job of a model be submitted until a person resumes it.
    ///
    /// # Errors
    /// What the database says.
    pub async fn pause_model(&self, model: &str, why: &str) -> Result<(), Error> {
        self.one(&PAUSE_MODEL, &args![self.account, model, why]).await.map(drop)
    }

    /// Lets the queued jobs of a model wait, for so many milliseconds from now.
    ///
    /// # Errors
    /// What the database says.
    pub async fn postpone_model(&self, model: &str, wait: i64, why: &str) -> Result<(), Error> {
        let mut tx = self.db.begin().await?;
        let then = tx.now().await? + wait;
        tx.run(&POSTPONE, &args![self.account, model, then, why]).await?;
        tx.commit().await
    }
}
