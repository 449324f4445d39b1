//! What only a person decides: jobs in doubt or held, ids that came for no job, bills, a store that was restored. Must not decide
//! anything by itself.

use runcomfy_runner::{Error, Store, Usd, Word};
use serde_json::json;

use crate::batch;
use crate::cli::{Decision, Word as Said};
use crate::desk::Desk;
use crate::failure::{Exit, Failure};
use crate::out::Out;

/// Lists what waits for a person, or carries out a decision about one job.
///
/// # Errors
/// The job has moved on since it was listed.
pub(crate) async fn resolve(out: Out, desk: &Desk, decision: Decision) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let Some(job) = decision.job else { return doubts(out, &store).await };
    let (number, epoch) = job;
    let word = match decision.word {
        Said { is: Some(request), .. } => Word::Is(request),
        Said { was_not_submitted: true, .. } => Word::WasNotSubmitted,
        Said { give_up: true, .. } => Word::GiveUp,
        _ => {
            // As it was listed: why it is held may be another reason by now.
            if !store.held().await?.iter().any(|held| (held.job, held.epoch) == job) {
                return Err(Error::MovedOn { job: number }.into());
            }
            let released = store.release(number).await?;
            return out.answer(&json!({"released": released}), if released { "released" } else { "it was not held" });
        }
    };
    store.resolve((number, epoch), &word).await?;
    out.answer(&json!({"resolved": number}), "done")
}

async fn doubts(out: Out, store: &Store) -> Result<(), Failure> {
    let (mut all, mut text) = (Vec::new(), String::new());
    // Nobody may have worked since the program ended that submitted them.
    store.recover().await?;
    for doubt in store.doubts().await? {
        let heard = doubt.heard.as_deref().unwrap_or("nothing");
        let sender = doubt.sender.as_deref().unwrap_or("nobody knows where");
        text.push_str(&format!(
            "{}@{}  {} ({}): nobody knows whether it was submitted\n      sent from {sender}; heard: {heard}; reserved {}\n",
            doubt.job, doubt.epoch, doubt.key, doubt.model, doubt.reserved
        ));
        all.push(json!({
            "job": format!("{}@{}", doubt.job, doubt.epoch), "why": "unknown", "key": doubt.key, "model": doubt.model,
            "sent_at_ms": doubt.sent_at, "sender": doubt.sender, "wire_sha256": doubt.wire, "heard": doubt.heard,
        }));
    }
    for held in store.held().await? {
        text.push_str(&format!("{}@{}  {} ({}): held: {}\n", held.job, held.epoch, held.key, held.model, held.reason));
        all.push(json!({
            "job": format!("{}@{}", held.job, held.epoch), "why": "held", "key": held.key, "model": held.model,
            "heard": held.reason,
        }));
    }
    out.answer(&all.into(), if text.is_empty() { "nothing waits for you" } else { &text })
}

/// Lists what was charged beside the store's jobs.
///
/// # Errors
/// The store can't be used.
pub(crate) async fn strays(out: Out, desk: &Desk) -> Result<(), Failure> {
    let (mut all, mut text) = (Vec::new(), String::new());
    for stray in desk.store(out, "").await?.strays().await? {
        let cost = if stray.settled { "its cost is known" } else { "its cost is not known" };
        text.push_str(&format!("{}  beside job {} ({}): {cost}\n", stray.request_id, stray.job, stray.key));
        all.push(json!({
            "request_id": stray.request_id, "job": stray.job, "key": stray.key, "settled": stray.settled,
        }));
    }
    out.answer(&all.into(), if text.is_empty() { "nothing was charged beside the jobs" } else { &text })
}

/// Lists what has no known cost, or writes what a person read on their bill.
///
/// # Errors
/// A request that is not among them; one that ended less than a day ago.
pub(crate) async fn settle(out: Out, desk: &Desk, request: Option<(String, Usd)>) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let unsettled = store.unsettled(usize::MAX).await?;
    let Some((request, cost)) = request else {
        let (mut all, mut text) = (Vec::new(), String::new());
        for what in unsettled {
            let beside = if what.stray { ", beside it" } else { "" };
            text.push_str(&format!("{}  job {}{beside}\n", what.request_id, what.job));
            all.push(json!({"request_id": what.request_id, "job": what.job, "stray": what.stray}));
        }
        return out.answer(&all.into(), if text.is_empty() { "the cost of all is known" } else { &text });
    };
    let Some(what) = unsettled.iter().find(|what| what.request_id == request) else {
        return Err(Failure::new(Exit::Usage, format!("no request {request:?} waits for its cost"))
            .help("`runcomfyctl batch settle` lists those that do"));
    };
    if !store.settle_by_hand(what, cost).await? {
        return Err(Failure::new(Exit::Input, "it ended less than a day ago: the server may still tell its cost")
            .at(request)
            .help("`runcomfyctl batch run` asks for it; a day after its end a person's word is taken"));
    }
    out.answer(&json!({"settled": request}), "done")
}

/// Holds what a store has as queued that was restored from a backup.
///
/// # Errors
/// The store can't be used.
pub(crate) async fn restored(out: Out, desk: &Desk) -> Result<(), Failure> {
    let held = desk.store(out, "").await?.restored().await?;
    let text = format!(
        "{held} queued jobs are held: each may have been submitted since the backup. Look into your account, then\n\
         `batch resolve JOB --is REQUEST_ID` for those that are there, and `batch release NAME` for the rest"
    );
    out.answer(&json!({"held": held}), &text)
}

/// Lets all jobs of a batch be submitted that are held, but for those that something was charged beside.
///
/// # Errors
/// The batch is not there.
pub(crate) async fn release(out: Out, desk: &Desk, name: &str) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let released = store.release_batch(batch::existing(&store, name).await?.name()).await?;
    out.answer(&json!({"released": released}), &format!("{released} jobs are released"))
}
