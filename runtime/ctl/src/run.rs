//! `run`: one job through the runner's store, so that nothing that is paid is lost with a terminal. The same command again goes on
//! with the job that has not ended. Must not submit anything itself.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use runcomfy_client::{Client, Json, ModelInfo, Verification};
use runcomfy_runner::{Batch, Line, Models, Prepared, Progress as Told, Record, Store, Usd, Worker};
use serde_json::json;

use crate::desk::Desk;
use crate::failure::{Exit, Failure};
use crate::models::Known;
use crate::out::{self, Out};
use crate::progress::Progress;
use crate::stop;

/// What a job on an emulator may cost where nobody says.
pub(crate) const PLAY_MONEY: Usd = Usd::from_micros(100_000_000);

/// What is to be run.
pub(crate) struct Order {
    /// The model.
    pub(crate) info: &'static ModelInfo,
    /// The input, with readable names, unchecked.
    pub(crate) input: Json,
    /// The most that it may cost.
    pub(crate) budget: Option<Usd>,
    /// Where its files go.
    pub(crate) out: PathBuf,
    /// How to give the same command again.
    pub(crate) again: String,
}

/// Runs one job to its end, or goes on with one that has not ended.
///
/// # Errors
/// An input that is none; a price that is not known or above the budget; how the job ended; what keeps it from its end.
pub(crate) async fn run(out: Out, desk: &Desk, known: &Known, order: Order) -> Result<(), Failure> {
    let prepared = crate::check::prepare(order.info, &order.input)?;
    let figure = affordable(order.info, order.budget)?;
    let client = desk.client()?;
    let name = batch_name(order.info.id, &prepared);
    out::folder(&order.out.join(&name))?;
    let store = desk.store(out, "").await?;
    let batch = Batch::open(&store, &name).await?;
    let (key, goes_on) = job_of(&store, &batch).await?;
    if goes_on {
        out.note(&format!("going on with job {} of {}, which has not ended", key, batch.name()));
        // Whoever starts it again has looked at why it paused.
        store.resume(batch.name()).await?;
        store.resume_model(order.info.id).await?;
    }
    // Free, and tells at once whether anybody is signed in. A worker compares by itself, with the fresh list at hand.
    if let Verification::Drifted(_) = client.verify_model(order.info).await? {
        known.refresh(client).await?;
    }
    let models = known.to_models();
    let spent = batch.summary().await?;
    if let Some(budget) = order.budget {
        let limit = spent.spent.micros() + spent.reserved.micros() + budget.micros();
        batch.set_budget(Usd::from_micros(limit)).await?;
    }
    let line = Line { key: Some(key.clone()), ..Line::new(order.info.id, order.input.clone()) };
    batch.add_lines(&models, &[line], figure).await?;
    work(out, client, models, &store, &batch, &order).await?;
    let Some((_, record)) = store.record(batch.id(), &key).await? else {
        return Err(Failure::new(Exit::Server, "the job is not in the store any more"));
    };
    told(out, &record, &order.out.join(batch.name()), &batch, &order).await
}

async fn work(
    out: Out,
    client: &Client,
    models: Models,
    store: &Store,
    batch: &Batch,
    order: &Order,
) -> Result<(), Failure> {
    let progress = Arc::new(Progress::new(out));
    let request = Arc::new(Mutex::new(None::<String>));
    let (shown, heard) = (Arc::clone(&progress), Arc::clone(&request));
    let worker = Worker::new(store, client, models).only(batch).at_once(1).folder(&order.out);
    let worker = worker.on_progress(move |told| {
        let mut request = heard.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Told::Submitted { request_id, .. } => *request = Some(request_id.clone()),
            // Nothing is left to cancel.
            Told::Ended { .. } => *request = None,
            _ => {}
        }
        drop(request);
        shown.tell(told);
    });
    let client = client.clone();
    let known = move || request.lock().unwrap_or_else(PoisonError::into_inner).clone();
    worker.run(stop::asked(out, client, known)).await?;
    progress.end();
    Ok(())
}

/// The figure that a job is reserved with: the person's; else what is published for one unit counts.
fn affordable(info: &ModelInfo, budget: Option<Usd>) -> Result<Option<Usd>, Failure> {
    let base = info.price.and_then(|price| Usd::from_dollars(price.base_usd)).filter(|base| *base > Usd::ZERO);
    match (base, budget) {
        (None, None) => Err(Failure::new(Exit::Usage, "the price of this model is not known")
            .at(info.id)
            .help("say what the job may cost at most with --budget-usd")),
        (Some(base), Some(budget)) if base > budget => {
            Err(Failure::new(Exit::Usage, format!("one unit costs {base}, the budget is {budget}: nothing was sent"))
                .at(info.id))
        }
        (_, budget) => Ok(budget),
    }
}

/// One batch for each model and input: the last part of the model's id, and the digest.
fn batch_name(model: &str, prepared: &Prepared) -> String {
    let leaf = model.rsplit('/').next().unwrap_or(model);
    format!("{leaf}-{}", &prepared.digest[..12])
}

/// The key of the job that has not ended, if there is one, else of the next one.
async fn job_of(store: &Store, batch: &Batch) -> Result<(String, bool), Failure> {
    let (mut last, mut count) = (None, 0);
    loop {
        let page = store.records(batch.id(), last.as_ref().map_or(0, |(number, _)| *number), 100).await?;
        count += page.len();
        match page.into_iter().last() {
            Some(record) => last = Some(record),
            None => break,
        }
    }
    let unfetched = batch.summary().await?.unfetched > 0;
    match last {
        Some((_, record)) if unfetched || !has_ended(&record) => Ok((record.key, true)),
        _ => Ok(((count + 1).to_string(), false)),
    }
}

fn has_ended(record: &Record) -> bool {
    !["queued", "submitting", "submitted", "unknown"].contains(&record.state.as_str())
}

/// Tells how the job stands.
async fn told(out: Out, record: &Record, folder: &Path, batch: &Batch, order: &Order) -> Result<(), Failure> {
    let files: Vec<String> = record.files.iter().map(|file| folder.join(&file.name).display().to_string()).collect();
    let cost = record.cost_usd.as_deref();
    let heard = record.heard.clone().unwrap_or_default();
    let place = match &record.request_id {
        Some(request) => format!("job {} of {}, request {request}", record.key, batch.name()),
        None => format!("job {} of {}", record.key, batch.name()),
    };
    match record.state.as_str() {
        "succeeded" if files.is_empty() && batch.summary().await?.unfetched > 0 => {
            Err(Failure::new(Exit::Again, "the job succeeded, and its files are not saved yet")
                .at(place)
                .help(format!("`{}` goes on with them", order.again)))
        }
        "succeeded" => {
            let json = json!({
                "state": "succeeded", "model": record.model, "request_id": record.request_id,
                "batch": batch.name(), "key": record.key, "cost_usd": cost, "files": files,
            });
            out.note(&cost.map_or("it has no known cost yet".to_owned(), |cost| format!("cost ${cost}")));
            out.answer(&json, &files.join("\n"))
        }
        "unknown" => Err(Failure::new(Exit::Server, format!("nobody knows whether the submit arrived: {heard}"))
            .at(place)
            .help("look into your account; it is not sent again by itself")),
        "submitting" => Err(Failure::new(
            Exit::Again,
            "it was submitted just before a program ended, and nobody knows yet whether that arrived",
        )
        .at(place)
        .help(format!("in a few minutes, `{}` goes on with it or says that nobody knows", order.again))),
        "submitted" => Err(Failure::new(Exit::Again, "the job goes on without this program, and is charged")
            .at(place)
            .help(format!("`{}` goes on with it", order.again))),
        "queued" => {
            let summary = batch.summary().await?;
            let reason = summary
                .paused
                .clone()
                .or_else(|| summary.models.get(&record.model).and_then(|model| model.paused.clone()));
            let exit = if reason.as_deref().is_some_and(is_about_token) { Exit::SignIn } else { Exit::Again };
            let why = reason.unwrap_or_else(|| match (summary.over_budget, summary.held) {
                (1.., _) => "no budget has room for it".to_owned(),
                (_, 1..) => format!("it is held: {heard}"),
                _ => "it was left in time".to_owned(),
            });
            let what = format!("nothing was submitted: {why}");
            Err(Failure::new(exit, what).at(place).help(format!("`{}` goes on with it", order.again)))
        }
        state => Err(Failure::new(Exit::Server, format!("the job is {state}: {heard}")).at(place)),
    }
}

/// Whether a batch paused because nobody is signed in.
fn is_about_token(reason: &str) -> bool {
    ["400004", "401", "403"].iter().any(|code| reason.contains(code))
}
