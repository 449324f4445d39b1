//! The note beside a partial file: of what its bytes are. In and out: a small JSON file. Must not know connections.

use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
use std::path::Path;

use reqwest::Url;
use serde_json::json;
use siphasher::sip::SipHasher13;

use super::disk::open_own;
use super::text::public;
use crate::Json;

/// A note is small; what is larger is none.
const MAX_NOTE_BYTES: u64 = 64 << 10;

/// Which file a URL means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// For people: without the query, in which a signature may stand, and that is a secret.
    pub(super) url: String,
    /// The digest of the whole URL: another query may be another file.
    pub(super) digest: String,
}

impl Identity {
    pub(super) fn of(url: &Url) -> Self {
        let mut sent = url.clone();
        // A server never hears it.
        sent.set_fragment(None);
        Self::of_text(sent.as_str())
    }

    /// That of a file that is in the text itself, or of a URL as it is sent.
    pub(super) fn of_text(text: &str) -> Self {
        let digest = SipHasher13::new().hash(text.as_bytes());
        Self { url: public(text), digest: format!("{digest:016x}") }
    }
}

/// What the server promised about the bytes that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Promise {
    /// What tells this version of the file from others: its ETag, weak or strong, else its date.
    pub(super) version: Option<String>,
    /// When the file was last changed, as the server writes it.
    pub(super) date: Option<String>,
    /// How many bytes the whole file has.
    pub(super) total: Option<u64>,
}

impl Promise {
    /// The strong ETag, which alone says that two answers are of the same bytes: a weak one stands for what looks alike,
    /// a date for everything within its second.
    pub(super) fn strong(&self) -> Option<&str> {
        self.version.as_deref().filter(|version| version.starts_with('"'))
    }
}

/// What lies under the name of a note.
pub(super) enum Note {
    /// Nothing, or a note that was being written when its program stopped.
    Nothing,
    /// Of this file, and what was promised.
    Of(Promise),
    /// Of another file, no note of ours, or no file of ours.
    Foreign,
}

impl Note {
    pub(super) fn read(path: &Path, identity: &Identity) -> io::Result<Self> {
        let file = match open_own(path, false) {
            Ok(Some(file)) => file,
            Ok(None) => return Ok(Self::Foreign),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Nothing),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(MAX_NOTE_BYTES).read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Ok(Self::Nothing);
        }
        let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = |key: &str| json.get(key).and_then(Json::as_str);
        if text("url") != Some(&identity.url) || text("digest") != Some(&identity.digest) {
            return Ok(Self::Foreign);
        }
        let total = json.get("total").and_then(Json::as_u64);
        let [version, date] = ["version", "date"].map(|key| text(key).map(str::to_owned));
        Ok(Self::Of(Promise { version, date, total }))
    }

    pub(super) fn write(path: &Path, identity: &Identity, promise: &Promise) -> io::Result<()> {
        let mut file = open_own(path, true)?.ok_or_else(|| io::Error::other("the note became something else"))?;
        file.set_len(0)?;
        file.rewind()?;
        let Identity { url, digest } = identity;
        let Promise { version, date, total } = promise;
        let note = json!({"url": url, "digest": digest, "version": version, "date": date, "total": total});
        file.write_all(note.to_string().as_bytes())
    }
}
