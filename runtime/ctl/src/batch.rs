//! `batch` and `work`: thousands of jobs through the runner. Jobs from a file, a worker, numbers. Must not keep
//! anything itself.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use runcomfy_client::Json;
use runcomfy_runner::{Batch, Line, Models, State, Store, Summary, Usd, Worker};
use serde_json::{Map, json};

use crate::cli::{Add, Export, Format, Work};
use crate::desk::Desk;
use crate::failure::{Exit, Failure, brief};
use crate::flags::{self, Files, Samples};
use crate::models::Known;
use crate::out::{self, Out};
use crate::progress::Progress;
use crate::{check, stop};

/// Adds the jobs of a file, all or none.
///
/// # Errors
/// A line that is no job; an input that breaks its schema; an unknown price.
pub(crate) async fn add(out: Out, desk: &Desk, known: &Known, samples: Samples, add: Add) -> Result<(), Failure> {
    let folder = add.file.parent().unwrap_or(Path::new(""));
    let lines = match add.file.extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
        true => of_csv(&add.file, add.model.as_deref(), known, Files { samples, folder })?,
        false => of_json(&add.file, add.model.as_deref(), known)?,
    };
    let store = desk.store(out, "").await?;
    let batch = Batch::open(&store, &add.name).await?;
    if let Some(budget) = add.budget_usd {
        batch.set_budget(budget).await?;
    }
    let batch = batch.files_from(folder);
    let new = batch.add_lines(&known.to_models(), &lines, add.per_job_usd).await.map_err(|error| {
        Failure::from(error).at_path(&add.file).help("no job of the file was added; nothing was sent")
    })?;
    let text = format!("{new} of {} jobs are new in the batch {}", lines.len(), add.name);
    out.answer(&json!({"batch": add.name, "new": new, "lines": lines.len()}), &text)
}

fn of_json(path: &Path, model: Option<&str>, known: &Known) -> Result<Vec<Line>, Failure> {
    let text = check::text(path)?;
    let mut lines = Vec::new();
    for (number, text) in text.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()) {
        let place = format!("{}:{}", path.display(), number + 1);
        let read: Result<Line, String> = match (serde_json::from_str::<Map<String, Json>>(text), model) {
            (Err(error), _) => Err(error.to_string()),
            // Of one model, a line is an input.
            (Ok(object), Some(model)) if !object.contains_key("input") => Ok(Line::new(model, object.into())),
            (Ok(object), _) => serde_json::from_value(object.into()).map_err(|error| error.to_string()),
        };
        let mut line = read.map_err(|error| {
            Failure::new(Exit::Input, error)
                .at(&place)
                .help(r#"a line is {"model": …, "input": {…}, "key": …}, or an input where --model is given"#)
        })?;
        line.model = known.model(&line.model).map_err(|failure| failure.at(place))?.id.to_owned();
        lines.push(line);
    }
    Ok(lines)
}

/// Rows of values by the names of fields, read as flags are; the columns `model` and `key` say which model, and the job's key. An
/// empty value leaves a field out.
fn of_csv(path: &Path, model: Option<&str>, known: &Known, files: Files<'_>) -> Result<Vec<Line>, Failure> {
    let failed = |error: csv::Error| Failure::new(Exit::Input, error.to_string()).at_path(path);
    let mut rows = csv::Reader::from_path(path).map_err(failed)?;
    let names = rows.headers().map_err(failed)?.clone();
    if let Some((_, twice)) =
        names.iter().enumerate().find(|(place, name)| names.iter().take(*place).any(|one| one == *name))
    {
        let what = format!("two columns are called {}", brief(twice));
        return Err(Failure::new(Exit::Input, what).at_path(path).help("a list is one value: JSON in one column"));
    }
    let mut lines = Vec::new();
    for (number, row) in rows.records().enumerate() {
        let row = row.map_err(failed)?;
        let place = format!("{}: row {}", path.display(), number + 1);
        let filled = || names.iter().zip(&row).filter(|(_, value)| !value.is_empty());
        let cell = |wanted: &str| filled().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        let Some(id) = cell("model").or_else(|| model.map(str::to_owned)) else {
            return Err(Failure::new(Exit::Input, "no model").at(place).help("add a column `model`, or --model"));
        };
        let info = known.model(&id).map_err(|failure| failure.at(&place))?;
        let mut input = Map::new();
        for (name, value) in filled() {
            // A field may have one of these names; where the model has none, the column is about the job.
            let field = info.schema.field(name);
            if field.is_none() && (name == "model" || name == "key") {
                continue;
            }
            let read = field.map_or_else(|| Ok(value.into()), |field| flags::read(field, value, files));
            input.insert(name.to_owned(), read.map_err(|failure| failure.at(&place))?);
        }
        lines.push(Line { key: cell("key"), ..Line::new(info.id, input.into()) });
    }
    Ok(lines)
}

/// Works on one batch, or on all, until there is nothing left to do.
///
/// # Errors
/// The store can't be used.
pub(crate) async fn work(
    out: Out,
    desk: &Desk,
    models: Models,
    batch: Option<&str>,
    work: Work,
) -> Result<(), Failure> {
    out::folder(&work.out)?;
    // Free, and tells at once whether anybody is signed in.
    let client = desk.client()?;
    client.categories().await?;
    let store = desk.store(out, "").await?;
    let mut worker = Worker::new(&store, client, models).at_once(work.at_once).folder(&work.out);
    if let Some(state) = work.state {
        worker = worker.state_folder(state);
    }
    let batch = match batch {
        Some(name) => Some(existing(&store, name).await?),
        None => None,
    };
    if let Some(batch) = &batch {
        worker = worker.only(batch);
    }
    let progress = Progress::new(out);
    worker.on_progress(move |told| progress.tell(told)).run(stop::interrupted(out)).await?;
    match batch {
        Some(batch) => told(out, &[batch]).await,
        None => told(out, &all(&store).await?).await,
    }
}

/// A batch that is there: what is misspelt must not become one.
///
/// # Errors
/// It is not.
pub(crate) async fn existing(store: &Store, name: &str) -> Result<Batch, Failure> {
    let names = store.batches().await?;
    if names.iter().any(|known| known == name) {
        return Ok(Batch::open(store, name).await?);
    }
    let all = if names.is_empty() { "there is none yet".to_owned() } else { format!("there are {}", names.join(", ")) };
    Err(Failure::new(Exit::Usage, format!("there is no batch {name:?}")).help(all))
}

/// Batches in numbers.
///
/// # Errors
/// The store can't be used.
pub(crate) async fn status(out: Out, desk: &Desk, name: Option<&str>) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let batches = match name {
        Some(name) => vec![existing(&store, name).await?],
        None => all(&store).await?,
    };
    told(out, &batches).await
}

async fn all(store: &Store) -> Result<Vec<Batch>, Failure> {
    let mut batches = Vec::new();
    for name in store.batches().await? {
        batches.push(Batch::open(store, &name).await?);
    }
    Ok(batches)
}

async fn told(out: Out, batches: &[Batch]) -> Result<(), Failure> {
    let (mut all, mut text) = (Map::new(), String::new());
    for batch in batches {
        let (name, summary) = (batch.name(), batch.summary().await?);
        text.push_str(&format!("{name}\n  {}\n", summary.to_string().replace('\n', "\n  ")));
        all.insert(name.to_owned(), numbers(&summary));
    }
    out.answer(&all.into(), if text.is_empty() { "no batch yet" } else { &text })
}

fn numbers(summary: &Summary) -> Json {
    let states: Map<String, Json> =
        summary.states.iter().map(|(state, count)| (state.as_str().to_owned(), (*count).into())).collect();
    let paused: Map<String, Json> =
        summary.models.iter().filter_map(|(model, of)| Some((model.clone(), of.paused.clone()?.into()))).collect();
    json!({
        "states": states, "paid": summary.paid, "over_budget": summary.over_budget, "held": summary.held,
        "unsettled": summary.unsettled, "unfetched": summary.unfetched, "reserved_usd": summary.reserved.decimal(),
        "spent_usd": summary.spent.decimal(), "limit_usd": summary.limit.map(Usd::decimal), "paused": summary.paused,
        "paused_models": paused,
    })
}

/// Lets a batch or a model go on that paused, and makes jobs again that have ended badly.
///
/// # Errors
/// The batch is not there.
pub(crate) async fn retry(out: Out, desk: &Desk, name: &str, state: Option<State>, pay: bool) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let batch = existing(&store, name).await?;
    let mut resumed = store.resume(name).await?;
    for (model, of) in batch.summary().await?.models {
        resumed |= of.paused.is_some() && store.resume_model(&model).await?;
    }
    let Some(state) = state else {
        return out.answer(
            &json!({"resumed": resumed}),
            if resumed { "it goes on at the next run" } else { "nothing paused" },
        );
    };
    let retried = store.retry(name, state, pay).await?;
    let text = format!(
        "{} jobs are queued again; {} were paid for and stay (--pay-again), {} wait for their cost",
        retried.again, retried.paid, retried.unsettled
    );
    let json =
        json!({"again": retried.again, "paid": retried.paid, "unsettled": retried.unsettled, "resumed": resumed});
    out.answer(&json, &text)
}

/// Writes all that is known of a batch's jobs.
///
/// # Errors
/// The batch is not there; the file can't be written.
pub(crate) async fn export(out: Out, desk: &Desk, export: Export) -> Result<(), Failure> {
    let store = desk.store(out, "").await?;
    let batch = existing(&store, &export.name).await?;
    let mut text = Vec::new();
    match export.format {
        Format::Jsonl => batch.export_json_lines(&mut text).await?,
        Format::Csv => batch.export_csv(&mut text).await?,
    };
    let Some(path) = export.to else {
        // As it is: lines of JSON are for programs, with --json or without.
        return Out::bytes(&text);
    };
    let written = File::create_new(&path).and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()));
    written.map_err(|error| Failure::new(Exit::Usage, error.to_string()).at_path(&path))?;
    out.answer(&json!({"written": path.display().to_string()}), &format!("written to {}", path.display()))
}
