//! How jobs end: the server's result in, one type for each ending out. Must not ask for a result.

use std::time::Duration;

use serde_json::value::RawValue;

use super::about::result_record;
use super::assumed;
use super::body::Answer;
use super::error::{DecodeError, Detached, Error, Failure, NoOutput, UnknownEnding};
use super::job::Job;
use super::record::{Record, has_content, is_empty};
use super::status::{Status, Update};
use crate::invalid::Verdict;
use crate::rt::{forgiving_from_wire, from_wire};
use crate::schema::FromValue;
use crate::{InvalidInput, Json, PathPart};

/// How a job ended, or that it has not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Ending<O = Json> {
    /// There is an output.
    Succeeded(Done<O>),
    /// The job failed, and the server says why.
    Failed(Failure),
    /// The job succeeded, says the server, and there is nothing in its output, or no output half a minute later. It may be
    /// charged.
    NoOutput(NoOutput),
    /// The job was cancelled before it ran.
    Cancelled(Job<O>),
    /// The job has not ended. It goes on and is charged.
    StillRunning(StillRunning<O>),
    /// The server says something that this version does not understand: look at the body.
    Unknown(UnknownEnding),
}

/// A job that succeeded.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Done<O = Json> {
    /// The job.
    pub request_id: String,
    /// What the model made. Copy the files behind its URLs at once, the server deletes them.
    pub output: O,
    /// What the job cost, in USD. The server may know that later than the output: see [`Job::cost`].
    pub cost: Option<f64>,
    /// When the job was submitted, as the server writes it.
    pub created_at: Option<String>,
    /// When the job ended, as the server writes it.
    pub finished_at: Option<String>,
    /// What the server says as an error beside the output. The job has succeeded all the same.
    pub warning: Option<String>,
}

/// A job that has not ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct StillRunning<O = Json> {
    /// The job, to wait for it again.
    pub job: Job<O>,
    /// What was last heard of it.
    pub last: Option<Update>,
    /// How long it was waited for.
    pub waited: Duration,
}

impl<O> Ending<O> {
    /// The output, or the error that stands for the ending.
    ///
    /// # Errors
    /// [`Error::Failed`], [`Error::NoOutput`], [`Error::Cancelled`], [`Error::Detached`], [`Error::UnknownEnding`].
    pub fn success(self) -> Result<Done<O>, Error> {
        Err(match self {
            Self::Succeeded(done) => return Ok(done),
            Self::Failed(failure) => failure.into(),
            Self::NoOutput(nothing) => nothing.into(),
            Self::Cancelled(job) => Error::Cancelled { request_id: job.request_id().to_owned() },
            Self::StillRunning(StillRunning { job, last, waited }) => Detached {
                model_id: job.model_id().map(str::to_owned),
                request_id: job.request_id().to_owned(),
                last,
                waited,
                cause: None,
            }
            .into(),
            Self::Unknown(ending) => ending.into(),
        })
    }

    /// Whether it is certain that the job has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Succeeded(_) | Self::Failed(_) | Self::NoOutput(_) | Self::Cancelled(_))
    }
}

impl<O: FromValue> Ending<O> {
    /// Reads a result. Its own status decides, not that of the queue.
    pub(crate) fn read(job: &Job<O>, answer: &Answer) -> Result<Self, Error> {
        let mut record = result_record(job.request_id(), answer)?;
        let status = record.status.take();
        let queue_position = record.queue_position;
        let running = |status| {
            let last = Some(Update { status, queue_position });
            Ok(Self::StillRunning(StillRunning { job: job.clone(), last, waited: Duration::ZERO }))
        };
        let tree = |raw: Box<RawValue>| answer.tree(raw.get().as_bytes(), "output");
        let output = record.output.take().map(tree).transpose()?.filter(|output| !output.is_null());
        let other = record.take_other_output().filter(|_| status.as_ref().is_none_or(Status::is_over));
        let (output, is_other) = match other {
            Some(other) if output.as_ref().is_none_or(is_empty) => (Some(tree(other)?), true),
            _ => (output, false),
        };
        let failed = record.has_error();
        // An error beside nothing is a failure, whatever the status claims.
        let is_nothing = output.as_ref().is_none_or(|output| !has_content(output));
        let is_ended = matches!(status, Some(Status::Completed));
        match (status, output) {
            (Some(Status::Failed), output) => Ok(Self::Failed(failure(job, answer, &record, output))),
            (Some(Status::Cancelled), _) if is_nothing => Ok(Self::Cancelled(job.clone())),
            (Some(Status::Completed), _) if failed && is_nothing => {
                Ok(Self::Failed(failure(job, answer, &record, None)))
            }
            (Some(Status::Completed), Some(output)) if !is_empty(&output) => {
                done(job, answer, &record, output, is_other).map(Self::Succeeded)
            }
            // The server may say that there is a result before it has stored it.
            (_, output) if is_ended && (output.is_some() || job.heard().misses_output()) => {
                Ok(Self::NoOutput(NoOutput {
                    request_id: job.request_id().to_owned(),
                    cost: record.cost,
                    body: answer.text(),
                }))
            }
            (Some(status @ (Status::InQueue | Status::InProgress | Status::Completed)), _) => running(status),
            // What says nothing of an end has not ended.
            (Some(status @ Status::Unknown(_)), None) if !failed && record.finished_at.is_none() => running(status),
            (status, output) => Ok(Self::Unknown(UnknownEnding {
                request_id: job.request_id().to_owned(),
                status: status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
                output: output.and_then(|output| answer.secret.keep_out_of_json(&output)),
                body: answer.text(),
            })),
        }
    }
}

/// The output as its type, forgivingly where nobody published that it stands there or what it looks like.
fn done<O: FromValue>(
    job: &Job<O>,
    answer: &Answer,
    record: &Record,
    output: Json,
    is_other: bool,
) -> Result<Done<O>, Error> {
    let read = match job.is_assumed() {
        _ if is_other => forgiving_from_wire(output.clone()),
        true => forgiving_from_wire(assumed::envelope(output.clone())),
        false => from_wire(output.clone()),
    };
    let output = read.map_err(|faults| {
        let path = format!("output{}", path(&faults));
        // The path of the first is told already.
        let first = faults.iter().take(1).map(|fault| format!("does not fit its type: {}", Verdict(fault)));
        let texts: Vec<String> = first.chain(faults.iter().skip(1).map(ToString::to_string)).collect();
        let error = answer.undecodable(&path, &answer.secret.keep_out(texts.join("; ")), true);
        DecodeError { output: answer.secret.keep_out_of_json(&output).map(Box::new), ..error }
    })?;
    Ok(Done {
        request_id: job.request_id().to_owned(),
        output,
        cost: record.cost,
        created_at: record.created_at.clone(),
        finished_at: record.finished_at.clone(),
        warning: record.has_error().then(|| record.error_text(true)).flatten().map(|text| answer.secret.keep_out(text)),
    })
}

/// Where the first fault is, as in `.videos[0]`.
fn path(faults: &InvalidInput) -> String {
    let parts = faults.iter().next().map(crate::Violation::path).unwrap_or_default();
    let part = |part: &PathPart| match part {
        PathPart::Name { key, .. } => format!(".{key}"),
        PathPart::Index(index) => format!("[{index}]"),
        PathPart::Extra => String::new(),
    };
    parts.iter().map(part).collect()
}

fn failure<O>(job: &Job<O>, answer: &Answer, record: &Record, output: Option<Json>) -> Failure {
    let unsaid = || "the server does not say why".to_owned();
    Failure {
        request_id: job.request_id().to_owned(),
        code: record.error_code().map(|code| answer.secret.keep_out(code)),
        message: answer.secret.keep_out(record.error_text(true).unwrap_or_else(unsaid)),
        cost: record.cost,
        output: output.filter(has_content).and_then(|output| answer.secret.keep_out_of_json(&output)),
        body: answer.snippet(),
    }
}
