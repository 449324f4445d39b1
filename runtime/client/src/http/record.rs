//! What an answer says: JSON in, one loose record out. Every part of it may be missing, of another type than expected or
//! written twice, and there may be more; what a call needs, it must ask for. Must not know which call it answers.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::FieldError;
use super::lax;
use super::status::{Cancellation, Status};
use crate::Json;

/// How long a part of an error may be, in bytes, to be read.
const MAX_PART_BYTES: usize = 64 * 1024;

/// The parts of an answer that matter to some call. Of a key that is written twice, the last value counts that says anything,
/// but for the request id.
#[derive(Default)]
pub(crate) struct Record {
    /// Each id that is given, once. There is more than one only where the server contradicts itself.
    pub(crate) request_ids: Vec<String>,
    pub(crate) status: Option<Status>,
    pub(crate) queue_position: Option<u64>,
    pub(crate) outcome: Option<Cancellation>,
    /// As it is written: it may be large.
    pub(crate) output: Option<Box<RawValue>>,
    /// What stands under the key that other APIs of RunComfy have for an output, or other servers.
    other_output: Option<Box<RawValue>>,
    pub(crate) cost: Option<f64>,
    pub(crate) created_at: Option<String>,
    pub(crate) finished_at: Option<String>,
    /// Whether the status is the very word `error`.
    says_error: bool,
    error: Option<Json>,
    error_code: Option<Json>,
    error_message: Option<Json>,
    message: Option<Json>,
    detail: Option<Json>,
    errors: Option<Json>,
    code: Option<Json>,
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Record;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Record, A::Error> {
                let mut record = Record::default();
                while let Some(key) = entries.next_key::<Cow<'de, str>>()? {
                    record.take(&key, entries.next_value()?);
                }
                Ok(record)
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl Record {
    fn take(&mut self, key: &str, raw: &RawValue) {
        // Null says nothing, so it takes nothing from what the same key said before.
        if raw.get() == "null" {
            return;
        }
        let part = || match raw.get().len() {
            0..=MAX_PART_BYTES => lax::parse(raw.get().as_bytes()).ok(),
            _ => None,
        };
        let text = || part().and_then(|json| if let Json::String(text) = json { Some(text) } else { None });
        match key {
            "request_id" => {
                let number = || part().filter(Json::is_number).map(|_| raw.get().to_owned());
                let id = text().map(|id| id.trim().to_owned()).or_else(number);
                if let Some(id) = id.filter(|id| !self.request_ids.contains(id)) {
                    self.request_ids.push(id);
                }
            }
            "status" => {
                if let Some(word) = text() {
                    self.says_error = word.eq_ignore_ascii_case("error");
                    self.status = Some(Status::from(&*word));
                }
            }
            "outcome" => self.outcome = text().as_deref().map(Cancellation::from),
            "queue_position" => self.queue_position = part().and_then(|json| number(&json, Json::as_u64)),
            "cost" => self.cost = part().and_then(|json| number(&json, Json::as_f64)).filter(|cost| cost.is_finite()),
            "output" if self.output.is_none() || !part().is_some_and(|json| is_empty(&json)) => {
                self.output = Some(raw.to_owned());
            }
            "outputs" | "result" | "data" if part().is_none_or(|json| may_be_output(&json)) => {
                self.other_output.get_or_insert_with(|| raw.to_owned());
            }
            "created_at" => self.created_at = text().or_else(|| self.created_at.take()),
            "finished_at" => self.finished_at = text().or_else(|| self.finished_at.take()),
            "error" => self.error = part(),
            "error_code" => self.error_code = part(),
            "error_message" => self.error_message = part(),
            "message" => self.message = part(),
            "detail" => self.detail = part(),
            "errors" => self.errors = part(),
            "code" => self.code = part(),
            _ => {}
        }
    }

    /// The record that this one is around, where other servers put what belongs at the top: it says how the job is, or what
    /// became of the wish to cancel, and this one does not.
    pub(crate) fn inner(&self) -> Option<Self> {
        let says_nothing = self.status.is_none() && self.output.is_none() && self.outcome.is_none();
        let around = self.other_output.as_ref().filter(|_| says_nothing && !self.has_error())?;
        let mut inner: Self = lax::parse(around.get().as_bytes()).ok()?;
        inner.request_ids.extend(self.request_ids.iter().cloned());
        (inner.status.is_some() || inner.outcome.is_some()).then_some(inner)
    }

    /// What stands where a job that is over has its output, if that is not under its own key.
    pub(crate) fn take_other_output(&mut self) -> Option<Box<RawValue>> {
        self.other_output.take()
    }

    /// Whether anything is there that may be an output.
    pub(crate) fn has_output(&self) -> bool {
        self.output.is_some() || self.other_output.is_some()
    }

    /// Whether anything is said of an error or a job.
    pub(crate) fn is_of_the_api(&self) -> bool {
        let said = [&self.error, &self.error_code, &self.error_message, &self.message, &self.detail, &self.code];
        self.status.is_some() || !self.request_ids.is_empty() || said.into_iter().flatten().any(is_something)
    }

    /// Whether it says that a job has failed or was cancelled: about a job by its id, or, where the API itself answers, by a
    /// word that only jobs have.
    pub(crate) fn is_end(&self, is_client_error: bool) -> bool {
        let is_end = matches!(self.status, Some(Status::Failed | Status::Cancelled));
        is_end && (!self.request_ids.is_empty() || is_client_error && !self.says_error)
    }

    /// Whether it says what became of the wish to cancel, also by the word of its error, which is then the outcome.
    pub(crate) fn finds_outcome(&mut self) -> bool {
        let words = [&self.code, &self.error_code, &self.error, &self.error_message, &self.message, &self.detail];
        let words = words.into_iter().flatten().filter_map(Json::as_str).map(Cancellation::from);
        let known = |word: &Cancellation| !matches!(word, Cancellation::Unknown(_));
        self.outcome = self.outcome.take().filter(known).or_else(|| words.into_iter().find(known));
        self.outcome.is_some()
    }

    /// What is said of single fields of the input.
    pub(crate) fn fields(&self) -> Vec<FieldError> {
        let nested = |name: &str| self.error.as_ref().and_then(|error| error.get(name));
        let lists = [self.detail.as_ref(), self.errors.as_ref(), nested("detail"), nested("details"), nested("errors")];
        let lists = lists.into_iter().flatten().chain(&self.error);
        lists.map(FieldError::list).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Whether a success reports an error. With a job's status it is about a job, whose own error is none of the call; the
    /// status `error` alone may be that of the call.
    pub(crate) fn is_error(&self) -> bool {
        let reported = |part: &Option<Json>| part.as_ref().is_some_and(is_something);
        let has_id = !self.request_ids.is_empty();
        let about_a_job = self.status.is_some() && (has_id || !self.says_error);
        let nothing_else = !has_id && self.outcome.is_none();
        !about_a_job
            && (reported(&self.error_code)
                || nothing_else && (reported(&self.error) || reported(&self.error_message) || reported(&self.code)))
    }

    /// Whether anything is said of an error.
    pub(crate) fn has_error(&self) -> bool {
        [&self.error, &self.error_code, &self.error_message].into_iter().flatten().any(is_something)
    }

    /// RunComfy's code of the error.
    pub(crate) fn error_code(&self) -> Option<String> {
        let nested = self.error.as_ref().and_then(|error| error.get("code").or_else(|| error.get("error_code")));
        [self.error_code.as_ref(), self.code.as_ref(), nested].into_iter().flatten().find_map(|code| match code {
            Json::String(text) if !text.is_empty() => Some(text.chars().take(64).collect()),
            Json::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// What is said of the error; only texts, unless `with_details`.
    pub(crate) fn error_text(&self, with_details: bool) -> Option<String> {
        let parts = [&self.error_message, &self.message, &self.error, &self.detail, &self.errors];
        parts.into_iter().flatten().find_map(|part| {
            let inner = part.get("message").unwrap_or(part);
            match inner {
                Json::String(text) if !text.is_empty() => Some(text.clone()),
                Json::Array(_) | Json::Object(_) if with_details => Some(inner.to_string()),
                _ => None,
            }
        })
    }
}

/// A number, also one in a text.
fn number<T: std::str::FromStr>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<T> {
    read(json).or_else(|| json.as_str()?.trim().parse().ok())
}

/// Whether JSON says anything: null, `""`, `0`, `false`, `[]` and `{}` don't.
pub(crate) fn is_something(json: &Json) -> bool {
    match json {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.is_empty() && text != "0",
        Json::Number(number) => number.as_f64() != Some(0.0),
        Json::Array(items) => !items.is_empty(),
        Json::Object(entries) => !entries.is_empty(),
        Json::Bool(true) => true,
    }
}

/// Whether JSON says anything at any depth: `{"videos": []}` does not.
pub(crate) fn has_content(json: &Json) -> bool {
    match json {
        Json::Array(items) => items.iter().any(has_content),
        Json::Object(entries) => entries.values().any(has_content),
        scalar => is_something(scalar),
    }
}

/// Whether JSON under a key that has other meanings, too, may be an output: a word such as `ok` is none, a URL is.
fn may_be_output(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains("://"),
        Json::Array(_) | Json::Object(_) => !is_empty(json),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// Whether JSON holds no output: null, an empty text, or nothing else at any depth. A number is one, 0 too.
pub(crate) fn is_empty(json: &Json) -> bool {
    match json {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.iter().all(is_empty),
        Json::Object(entries) => entries.values().all(is_empty),
        Json::Bool(_) | Json::Number(_) => false,
    }
}
