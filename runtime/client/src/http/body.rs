//! Answers, read to their end: bytes in, a record, JSON or an error out. Strict reading is tried first, then a lenient one. Must not know
//! which call it answers.

use bytes::Bytes;
use reqwest::StatusCode;
use std::time::Duration;

#[cfg(test)]
use super::encoding::utf8;
use super::endpoint::is_request_id;
use super::error::{ApiError, DecodeError, Error};
use super::lax;
use super::record::Record;
use super::secret::Secret;
use super::spoken;
use super::status::{Cancellation, Status};
use crate::{Json, UnknownValue};

/// How much of an answer an error keeps, in bytes.
const MAX_SNIPPET_BYTES: usize = 4096;

/// How much memory the values of one answer may take, in bytes, estimated. JSON of tiny values takes many times its length.
const MAX_MEMORY: usize = 256 << 20;

/// An answer, read to its end.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) body: Bytes,
    /// Where a redirect leads, host only.
    pub(crate) location: Option<String>,
    /// The ids that its head tells.
    pub(crate) ids_in_head: Vec<String>,
    /// Whether its body is in an encoding that nobody asked for, and so can't be read.
    pub(crate) is_encoded: bool,
    /// What the server calls this very answer.
    pub(crate) etag: Option<String>,
    /// What no message may show.
    pub(crate) secret: Secret,
}

impl Answer {
    /// An answer for tests, to a client whose token is `s3cret`.
    #[cfg(test)]
    pub(crate) fn sample(status: u16, body: &str) -> Self {
        Self {
            status: StatusCode::from_u16(status).expect("a status"),
            retry_after: None,
            body: utf8(Bytes::copy_from_slice(body.as_bytes())),
            location: None,
            ids_in_head: Vec::new(),
            is_encoded: false,
            etag: None,
            secret: Secret::new(reqwest::header::HeaderValue::from_static("Bearer s3cret")),
        }
    }

    /// What the answer says, if it is a success.
    pub(crate) fn record(&self) -> Result<Record, Error> {
        let read = self.any_record();
        if !self.status.is_success() {
            return Err(self.api_error(read.ok().as_ref()).into());
        }
        let record = read?;
        if record.is_error() { Err(self.api_error(Some(&record)).into()) } else { Ok(record) }
    }

    /// What the answer says, an error or not. What it repeats of the token is hidden after it was understood.
    pub(crate) fn any_record(&self) -> Result<Record, DecodeError> {
        let mut record: Record = self.read(&self.body, "the answer")?;
        if let Some(Status::Unknown(word)) = &record.status {
            record.status = Some(Status::Unknown(UnknownValue::new(&self.secret.keep_out(word.as_str().to_owned()))));
        }
        if let Some(Cancellation::Unknown(word)) = &record.outcome {
            let word = self.secret.keep_out(word.as_str().to_owned());
            record.outcome = Some(Cancellation::Unknown(UnknownValue::new(&word)));
        }
        Ok(record)
    }

    /// The answer as JSON, if it is a success and no error in disguise.
    pub(crate) fn json(&self) -> Result<Json, Error> {
        self.record()?;
        Ok(self.tree(&self.body, "the answer")?)
    }

    /// Whether it is a success whose JSON ends where it should.
    pub(crate) fn is_whole(&self) -> bool {
        let reading = lax::read(&self.body);
        self.status.is_success() && reading.broken.is_none() && reading.text.trim_ascii_start().starts_with(b"{")
    }

    /// A part of the answer as JSON, if the memory for it can be spared.
    pub(crate) fn tree(&self, part: &[u8], name: &str) -> Result<Json, DecodeError> {
        if memory(part) > MAX_MEMORY {
            return Err(self.undecodable(name, "has more values than fit into 256 MiB of memory", true));
        }
        self.read(part, name)
    }

    /// The request ids in the answer, whatever else it says, also if it was cut off after them, and wherever they stand. More
    /// than one only where the answer contradicts itself.
    pub(crate) fn request_ids(&self) -> Vec<String> {
        let at_the_top = self.any_record().map(|record| record.request_ids).unwrap_or_default();
        let mut ids: Vec<String> = Vec::new();
        for id in at_the_top.into_iter().chain(lax::read(&self.body).ids).chain(self.ids_in_head.clone()) {
            // Some servers spell ids in two cases.
            if self.is_request_id(&id) && !ids.iter().any(|known| known.eq_ignore_ascii_case(&id)) {
                ids.push(id);
            }
        }
        ids
    }

    /// Whether the answer itself names a job, in its head, at its top or in what holds it: by an id, an address, a place in
    /// the queue or a status that only jobs have. What it says in words or repeats of an input names none.
    pub(crate) fn names_a_job(&self) -> bool {
        !self.request_ids().is_empty() || !self.ids_in_head.is_empty() || lax::read(&self.body).names_a_job
    }

    /// Whether anything in the answer may be about a job, in any form, also because it can't be read.
    pub(crate) fn may_speak_of_a_job(&self) -> bool {
        self.location.is_some() || self.is_encoded && !self.body.is_empty() || spoken::of_a_job(&self.body)
    }

    /// Whether a request id is one, and not our token.
    pub(crate) fn is_request_id(&self, id: &str) -> bool {
        is_request_id(id) && !self.secret.is(id)
    }

    fn read<T: serde::de::DeserializeOwned>(&self, part: &[u8], name: &str) -> Result<T, DecodeError> {
        lax::parse(part).map_err(|broken| match broken {
            Some(_) if part.is_empty() => self.undecodable(name, "is empty", false),
            Some(_) if self.is_encoded => self.undecodable(name, "is encoded, though it was asked for as it is", false),
            Some(broken) => self.undecodable(name, &broken.to_string(), false),
            // JSON of another kind is as good as none, but for a list, which nobody wrote by mistake.
            None => self.undecodable(name, "is not an object", part.trim_ascii_start().first() == Some(&b'[')),
        })
    }

    /// The error for an answer that is not as it should be at this place. The message goes on where the place ends.
    pub(crate) fn undecodable(&self, path: &str, message: &str, is_json: bool) -> DecodeError {
        DecodeError {
            http_status: self.status.as_u16(),
            path: self.secret.keep_out(path.to_owned()),
            message: self.secret.keep_out(message.to_owned()),
            body: self.snippet(),
            is_json,
            request_id: None,
            output: None,
        }
    }

    /// The beginning of the body as text, without the token should the server repeat it.
    pub(crate) fn snippet(&self) -> String {
        self.secret.keep_out_of_start(&self.body, MAX_SNIPPET_BYTES)
    }

    /// The whole body as text, without the token should the server repeat it.
    pub(crate) fn text(&self) -> String {
        self.secret.keep_out(String::from_utf8_lossy(&self.body).into_owned())
    }

    pub(crate) fn api_error(&self, record: Option<&Record>) -> ApiError {
        let mut fields = record.map(Record::fields).unwrap_or_default();
        for field in &mut fields {
            field.hide(|text| self.secret.keep_out(text));
        }
        let is_redirect = self.status.is_redirection();
        let redirect = || self.location.as_ref().filter(|_| is_redirect).map(|host| format!("to {host}"));
        let said = record.and_then(|record| record.error_text(fields.is_empty())).or_else(redirect);
        let joined = || fields.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        let message = said.unwrap_or_else(|| if fields.is_empty() { self.snippet() } else { joined() });
        ApiError {
            http_status: self.status.as_u16(),
            code: record.and_then(Record::error_code).map(|code| self.secret.keep_out(code)),
            message: self.secret.keep_out(message),
            body: self.snippet(),
            retry_after: self.retry_after,
            request_id: None,
            is_of_the_api: record.is_some_and(Record::is_of_the_api),
            fields,
        }
    }
}

/// How much memory the values of some JSON take, about: 32 bytes each, and the first entries of an object a node of a tree.
fn memory(json: &[u8]) -> usize {
    let (mut bytes, mut in_text, mut escaped) = (json.len(), false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' if !in_text => bytes += 32,
            b'{' if !in_text => bytes += 640,
            _ => {}
        }
    }
    bytes
}

#[cfg(test)]
mod tests;
