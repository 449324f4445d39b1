//! Intents: that jobs are about to be submitted, in the table before their requests leave. Jobs and the models that write their
//! inputs in, tasks that send out. Must not know how a request is made.

use std::sync::Arc;

use runcomfy_client::{Json, ModelInfo};

use super::Shared;
use super::jobs::Sent;
use super::rounds::Rounds;
use crate::models::{self, Unwritable, to_wire};
use crate::store::{Candidate, Intended, Intent};
use crate::{Error, clock};

/// What is sent for a job, and its digest.
type Written = Result<(String, Json), Unwritable>;

impl Rounds {
    /// Says that these jobs are about to be submitted, and leaves the rest to a task for each.
    pub(super) async fn intend(
        &mut self,
        shared: &Arc<Shared>,
        candidates: Vec<(Candidate, &'static ModelInfo)>,
    ) -> Result<(), Error> {
        let all = self.written(shared, candidates).await?;
        if all.is_empty() {
            return Ok(());
        }
        let (worker, lease) = (shared.life.worker(), shared.lease());
        let intents = all.iter().map(|(wire, sent)| {
            let (job, seen, nonce) = (sent.job, sent.epoch - 1, sent.nonce.as_str());
            Intent { job, seen, worker, nonce, lease, wire }
        });
        let intents: Vec<Intent<'_>> = intents.collect();
        let said = shared.store.intents(&intents).await;
        let mut failed = Ok(());
        for (done, (_, mut sent)) in said.into_iter().zip(all) {
            sent.in_doubt = match done {
                Ok(Intended::Committed(_)) => false,
                Ok(Intended::MovedOn | Intended::OverBudget(_)) => continue,
                Err(Error::InDoubt { .. }) => true,
                Err(error) => {
                    failed = Err(error);
                    continue;
                }
            };
            let shared = Arc::clone(shared);
            self.job(async move {
                // What it takes to submit is not carried by a job that waits.
                if let Some(taken) = Box::pin(shared.submit(sent)).await {
                    shared.follow(taken).await;
                }
            });
        }
        failed
    }

    /// What is sent for each of these jobs, with its digest, until when it may leave. A job for which nothing can be sent is told
    /// and left out.
    async fn written(
        &mut self,
        shared: &Arc<Shared>,
        candidates: Vec<(Candidate, &'static ModelInfo)>,
    ) -> Result<Vec<(String, Sent)>, Error> {
        let write = move || -> Vec<(Candidate, Written)> {
            let one = |(candidate, info)| {
                let written = write(&candidate, info);
                (candidate, written)
            };
            candidates.into_iter().map(one).collect()
        };
        // It may read files, and inputs may be large.
        let all = tokio::task::spawn_blocking(write).await;
        let all = all.map_err(|error| Error::Refused(format!("inputs can't be written: {error}")))?;
        // From before the transaction: how long that takes is nobody's time.
        let deadline = clock::now() + shared.leases.to_send;
        let mut sent = Vec::with_capacity(all.len());
        for (candidate, written) in all {
            let (wire, input) = match written {
                Ok(written) => written,
                Err(why) => {
                    shared.unwritable(&candidate, why).await?;
                    continue;
                }
            };
            self.intents += 1;
            let Candidate { job, epoch, key, model, .. } = candidate;
            let nonce = format!("{}:{}", shared.life.worker(), self.intents);
            sent.push((wire, Sent { job, epoch: epoch + 1, nonce, key, model, input, deadline, in_doubt: false }));
        }
        Ok(sent)
    }
}

/// What is sent for a job. That of a quote must be what was quoted.
fn write(candidate: &Candidate, info: &'static ModelInfo) -> Written {
    let input = to_wire(info, &candidate.input)?;
    let wire = models::wire_digest(&candidate.model, &input);
    match &candidate.quoted {
        Some(quoted) if *quoted != wire => {
            Err(Unwritable::Input("its quote is void: what would be sent is not what was quoted".to_owned()))
        }
        _ => Ok((wire, input)),
    }
}
