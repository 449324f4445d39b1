//! Where a job stands: the server's words in, a status out. Must not know how a status is asked for.

use std::fmt;

use crate::UnknownValue;

/// Where a job stands in the queue.
///
/// `Completed` is not success: a job that failed is completed, too. Only the result tells, see [`Ending`](crate::Ending).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Status {
    /// It waits for its turn (`in_queue`; also `pending`, `waiting`). Only now can it be cancelled.
    InQueue,
    /// It runs (`in_progress`; also `starting`, `processing`).
    InProgress,
    /// It has ended; its result tells how (`completed`; also `succeeded`).
    Completed,
    /// It has failed (`failed`; also `error`).
    Failed,
    /// It was cancelled (`cancelled`; also `canceled`).
    Cancelled,
    /// A status that this version does not know. The job may be running.
    Unknown(UnknownValue),
}

impl Status {
    /// The word of the documentation for this status, or the server's for one that is unknown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InQueue => "in_queue",
            Self::InProgress => "in_progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown(value) => value.as_str(),
        }
    }

    /// Whether it is certain that the job has not ended.
    #[must_use]
    pub fn is_live(&self) -> bool {
        matches!(self, Self::InQueue | Self::InProgress)
    }

    /// Whether it is certain that the job has ended.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

impl From<&str> for Status {
    fn from(text: &str) -> Self {
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        match () {
            () if is(&["in_queue", "pending", "waiting"]) => Self::InQueue,
            () if is(&["in_progress", "starting", "processing"]) => Self::InProgress,
            () if is(&["completed", "succeeded"]) => Self::Completed,
            () if is(&["failed", "error"]) => Self::Failed,
            () if is(&["cancelled", "canceled"]) => Self::Cancelled,
            () => Self::Unknown(UnknownValue::new(text)),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// News of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update {
    /// Where it stands.
    pub status: Status,
    /// How many jobs are before it, where the server says so: only while it is queued.
    pub queue_position: Option<u64>,
}

/// What became of the wish to cancel a job.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cancellation {
    /// The job is cancelled.
    Cancelled,
    /// The wish was taken; what becomes of it, the job's status tells.
    Requested,
    /// It is too late: the job runs or has ended, and is charged.
    NotCancellable,
    /// An outcome that this version does not know. Ask for the job's status.
    Unknown(UnknownValue),
}

impl Cancellation {
    /// The word of the documentation for this outcome, or the server's for one that is unknown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Requested => "cancellation_requested",
            Self::NotCancellable => "not_cancellable",
            Self::Unknown(value) => value.as_str(),
        }
    }
}

impl From<&str> for Cancellation {
    fn from(text: &str) -> Self {
        let is = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
        match () {
            () if is(&["cancelled", "canceled"]) => Self::Cancelled,
            () if is(&["cancellation_requested"]) => Self::Requested,
            () if is(&["not_cancellable"]) => Self::NotCancellable,
            () => Self::Unknown(UnknownValue::new(text)),
        }
    }
}

impl Cancellation {
    /// What an answer says of the wish: a job that is cancelled is so whatever the outcome's word.
    pub(crate) fn of(status: Option<&Status>, outcome: Option<Self>) -> Option<Self> {
        match (status, outcome) {
            (Some(Status::Cancelled), _) => Some(Self::Cancelled),
            (_, Some(outcome)) => Some(outcome),
            (Some(Status::Unknown(word)), None) => match Self::from(word.as_str()) {
                Self::Unknown(_) => None,
                outcome => Some(outcome),
            },
            _ => None,
        }
    }
}

impl fmt::Display for Cancellation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_that_was_seen_has_its_status() {
        for (words, status) in [
            (&["in_queue", "pending", "waiting"][..], Status::InQueue),
            (&["in_progress", "starting", "processing", "IN_PROGRESS"], Status::InProgress),
            (&["completed", "succeeded"], Status::Completed),
            (&["failed", "error"], Status::Failed),
            (&["cancelled", "canceled"], Status::Cancelled),
        ] {
            for word in words {
                assert_eq!(Status::from(*word), status, "{word}");
            }
        }
    }

    #[test]
    fn an_unknown_status_is_kept_and_decides_nothing() {
        let status = Status::from("Warming_Up");
        assert_eq!(status.as_str(), "Warming_Up");
        assert!(!status.is_live() && !status.is_over());
    }

    #[test]
    fn every_answer_to_the_wish_to_cancel_that_was_seen_is_understood() {
        for (status, outcome, expected) in [
            (Some("completed"), Some("cancelled"), Some(Cancellation::Cancelled)),
            (Some("cancelled"), Some("cancellation_requested"), Some(Cancellation::Cancelled)),
            (Some("cancellation_requested"), None, Some(Cancellation::Requested)),
            (Some("in_progress"), Some("cancellation_requested"), Some(Cancellation::Requested)),
            (Some("in_progress"), Some("NOT_CANCELLABLE"), Some(Cancellation::NotCancellable)),
            (Some("canceled"), None, Some(Cancellation::Cancelled)),
            (Some("completed"), None, None),
            (None, None, None),
        ] {
            let status = status.map(Status::from);
            assert_eq!(Cancellation::of(status.as_ref(), outcome.map(Cancellation::from)), expected, "{status:?}");
        }
    }
}
