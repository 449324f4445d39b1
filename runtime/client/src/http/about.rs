//! What answers say of one job: the id that was asked about and an answer in, a record of that job out, or the error of the call.
//! Must not ask, nor know what a result holds.

use super::body::Answer;
use super::error::Error;
use super::record::Record;
use super::status::Status;

/// What an answer says, if it is about this job.
pub(super) fn record(request_id: &str, answer: &Answer) -> Result<Record, Error> {
    record_within(request_id, answer, |_| true)
}

/// The same, also from within another record, if it may stand there.
fn record_within(request_id: &str, answer: &Answer, may_be: impl Fn(&Record) -> bool) -> Result<Record, Error> {
    let record = answer.record()?;
    let record = record.inner().filter(may_be).unwrap_or(record);
    match is_about(request_id, &record) {
        true => Ok(record),
        false => Err(answer.undecodable("request_id", "is that of another job", false).into()),
    }
}

/// What a result says. The API may answer that a job failed with the status of an error: that is no error of the call.
pub(super) fn result_record(request_id: &str, answer: &Answer) -> Result<Record, Error> {
    // What says success without an output may be the output itself.
    let may_be = |inner: &Record| inner.has_output() || inner.status != Some(Status::Completed);
    record_or(request_id, answer, |record| record.is_end(answer.status.is_client_error()), may_be)
}

/// What became of the wish to cancel. The API may say with the status of an error that it is too late.
pub(super) fn cancel_record(request_id: &str, answer: &Answer) -> Result<Record, Error> {
    record_or(request_id, answer, |record| answer.status.is_client_error() && record.finds_outcome(), |_| true)
}

/// What an answer says, also one with the status of an error if `is_no_error`.
fn record_or(
    request_id: &str,
    answer: &Answer,
    is_no_error: impl Fn(&mut Record) -> bool,
    may_be: impl Fn(&Record) -> bool,
) -> Result<Record, Error> {
    if !answer.status.is_success()
        && let Ok(mut record) = answer.any_record()
        && is_about(request_id, &record)
        && is_no_error(&mut record)
    {
        return Ok(record);
    }
    record_within(request_id, answer, may_be)
}

/// Whether what an answer says is about this job: some servers spell ids in another case.
fn is_about(request_id: &str, record: &Record) -> bool {
    record.request_ids.is_empty() || record.request_ids.iter().any(|id| id.eq_ignore_ascii_case(request_id))
}
