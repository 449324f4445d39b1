//! What was submitted and what became of it: the book in which a test looks up whether a job was lost or paid twice.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use crate::{Fault, Usd};

/// Strings above this many bytes (files as `data:` URIs) are shortened in the account.
const MAX_TEXT: usize = 4096;
/// Lists and objects of more values are shortened, too.
const MAX_PARTS: usize = 256;

/// A snapshot of everything that was submitted.
#[derive(Clone, Debug, Default)]
pub struct Account {
    submissions: Vec<Submission>,
}

/// One `POST /v1/models/{model_id}` that reached the emulator, whatever became of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Submission {
    /// The id of the job, if one was made. A client whose connection broke may not know it.
    pub request_id: Option<String>,
    /// The model as the request named it.
    pub model_id: String,
    /// The body; strings above 4 KiB are shortened, and a body that is not JSON is `null`.
    pub body: Value,
    /// The value that identifies the job, if the body has one; see [`Builder::marker`](crate::Builder::marker).
    pub marker: Option<Value>,
    /// When it arrived, in emulated time since the start.
    pub at: Duration,
    /// What became of it.
    pub outcome: Outcome,
    /// What it cost: the price if it succeeded, else nothing.
    pub cost: Usd,
    /// The fault that struck this request, if one did.
    pub fault: Option<Fault>,
    /// Whether the client could not know if the request took effect.
    pub ambiguous: bool,
}

/// What became of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A fault kept it from being looked at.
    Dropped,
    /// It was refused with this code.
    Rejected(u32),
    /// Its job waits for a worker.
    InQueue,
    /// Its job runs.
    InProgress,
    /// Its job ended well.
    Succeeded,
    /// Its job ended badly.
    Failed,
    /// Its job was cancelled while it waited.
    Cancelled,
}

impl Outcome {
    /// Whether a job was made of it.
    #[must_use]
    pub fn is_accepted(self) -> bool {
        !matches!(self, Self::Dropped | Self::Rejected(_))
    }
}

impl Account {
    pub(crate) fn new(submissions: Vec<Submission>) -> Self {
        Self { submissions }
    }

    /// Every submission in the order of arrival, refused ones too.
    #[must_use]
    pub fn submissions(&self) -> &[Submission] {
        &self.submissions
    }

    /// Those of which a job was made.
    pub fn accepted(&self) -> impl Iterator<Item = &Submission> {
        self.submissions.iter().filter(|submission| submission.outcome.is_accepted())
    }

    /// Those with this marker.
    pub fn of(&self, marker: &Value) -> impl Iterator<Item = &Submission> {
        self.submissions.iter().filter(move |submission| submission.marker.as_ref() == Some(marker))
    }

    /// The markers of which more than one job was made, cancelled ones not counted: each is paid for twice, unless a job fails.
    #[must_use]
    pub fn paid_twice(&self) -> Vec<Value> {
        let mut times: BTreeMap<String, (usize, &Value)> = BTreeMap::new();
        for submission in self.accepted().filter(|submission| submission.outcome != Outcome::Cancelled) {
            if let Some(marker) = &submission.marker {
                times.entry(marker.to_string()).or_insert((0, marker)).0 += 1;
            }
        }
        times.into_values().filter(|(times, _)| *times > 1).map(|(_, marker)| marker.clone()).collect()
    }

    /// Those of the given markers of which no job was ever made.
    #[must_use]
    pub fn lost(&self, markers: impl IntoIterator<Item = Value>) -> Vec<Value> {
        let known: BTreeSet<String> =
            self.accepted().filter_map(|submission| submission.marker.as_ref()).map(Value::to_string).collect();
        markers.into_iter().filter(|marker| !known.contains(&marker.to_string())).collect()
    }

    /// How many submissions were struck by a fault after which the client could not know whether they took effect.
    #[must_use]
    pub fn ambiguous_faults(&self) -> usize {
        self.submissions.iter().filter(|submission| submission.ambiguous).count()
    }

    /// What all jobs cost together.
    #[must_use]
    pub fn spent(&self) -> Usd {
        self.submissions.iter().map(|submission| submission.cost).sum()
    }
}

/// The body with long strings cut, so that an account of many jobs with files stays small.
pub(crate) fn shortened(mut body: Value) -> Value {
    match &mut body {
        Value::String(text) if text.len() > MAX_TEXT => {
            let kept: String = text.chars().take(64).collect();
            *text = format!("{kept}… ({} bytes)", text.len());
        }
        Value::Array(values) if values.len() > MAX_PARTS => {
            let rest = values.split_off(MAX_PARTS).len();
            // What was split off left its room behind.
            values.shrink_to_fit();
            body = shortened(body);
            if let Value::Array(values) = &mut body {
                values.push(format!("… ({rest} more)").into());
            }
        }
        Value::Object(map) if map.len() > MAX_PARTS => {
            let rest = map.len() - MAX_PARTS;
            *map = std::mem::take(map).into_iter().take(MAX_PARTS).collect();
            body = shortened(body);
            body["…"] = format!("{rest} more").into();
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = shortened(value.take())),
        Value::Object(map) => map.values_mut().for_each(|value| *value = shortened(value.take())),
        _ => {}
    }
    body
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn submission(marker: u32, outcome: Outcome) -> Submission {
        Submission {
            request_id: None,
            model_id: "a/b".to_owned(),
            body: Value::Null,
            marker: Some(json!(marker)),
            at: Duration::ZERO,
            outcome,
            cost: Usd::ZERO,
            fault: None,
            ambiguous: false,
        }
    }

    #[test]
    fn only_jobs_that_were_made_count_as_paid() {
        let account = Account::new(vec![
            submission(1, Outcome::Dropped),
            submission(1, Outcome::Succeeded),
            submission(2, Outcome::Rejected(400_002)),
            submission(3, Outcome::InQueue),
            submission(3, Outcome::Failed),
            submission(4, Outcome::Cancelled),
            submission(4, Outcome::Succeeded),
        ]);
        assert_eq!(account.paid_twice(), [json!(3)]);
        assert_eq!(account.lost([1, 2, 3, 5].map(|marker| json!(marker))), [json!(2), json!(5)]);
        assert_eq!(account.of(&json!(1)).count(), 2);
    }

    #[test]
    fn long_lists_leave_neither_values_nor_room() {
        let Value::Array(kept) = shortened(json!(vec![0; 100_000])) else { panic!("a list") };
        assert_eq!((kept.len(), kept.last()), (MAX_PARTS + 1, Some(&json!("… (99744 more)"))));
        assert!(kept.capacity() < 4 * MAX_PARTS, "{}", kept.capacity());
    }

    #[test]
    fn files_in_bodies_are_not_kept() {
        let body = shortened(json!({"image": format!("data:image/png;base64,{}", "A".repeat(9_000)), "n": [1]}));
        assert!(body["image"].as_str().is_some_and(|text| text.len() < 100 && text.ends_with("(9022 bytes)")));
        assert_eq!(body["n"], json!([1]));
    }
}
