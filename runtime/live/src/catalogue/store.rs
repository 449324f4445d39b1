//! The cache on disk: what was listed, one file per schema digest, one lock per model. Texts in, texts out; every file is
//! whole or not there, whoever else writes. Must not know what schemas or locks say.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::entry::Entry;
use crate::error::Error;
use crate::kept::text_digest;

/// What stays as it is in a file name.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');
/// The most of an id that a file is named after; the rest is told by its digest.
const MAX_NAME: usize = 80;
/// The first line of a lock has the digest of the others: of one that was damaged, no line is believed.
const DIGEST: &str = "# digest of what follows: ";
/// The form of the index. One of another version is read anew from the server.
const VERSION: u32 = 1;

/// What was listed when.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Index {
    version: u32,
    /// When all of it was last read, or found to be as before; seconds since 1970 in UTC.
    pub(super) as_of: u64,
    pub(super) pages: Vec<Page>,
}

/// One answer of the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Page {
    /// What the server calls it.
    pub(super) tag: Option<String>,
    /// How many entries it had, readable or not.
    pub(super) sent: usize,
    pub(super) total: Option<u64>,
    pub(super) entries: Vec<Entry>,
    /// What of it can't be read.
    pub(super) problems: Vec<String>,
}

impl Index {
    pub(super) fn new(as_of: u64, pages: Vec<Page>) -> Self {
        Self { version: VERSION, as_of, pages }
    }
}

/// The folder of the cache.
#[derive(Clone, Debug)]
pub(super) struct Store {
    folder: PathBuf,
}

impl Store {
    pub(super) fn open(folder: &Path) -> Result<Self, Error> {
        let store = Self { folder: folder.to_owned() };
        for part in ["schemas", "locks"] {
            let path = store.folder.join(part);
            fs::create_dir_all(&path).map_err(|error| fault(&path, &error))?;
        }
        Ok(store)
    }

    /// What was listed; `None` if nothing was, or by another version of this program.
    pub(super) fn index(&self) -> Result<Option<Index>, Error> {
        let path = self.folder.join("index.json");
        let Some(text) = read(&path)? else { return Ok(None) };
        let index: Option<Index> = serde_json::from_str(&text).ok();
        Ok(index.filter(|index| index.version == VERSION))
    }

    pub(super) fn save_index(&self, index: &Index) -> Result<(), Error> {
        let path = self.folder.join("index.json");
        let text = serde_json::to_string(index).map_err(|error| fault(&path, &io::Error::other(error)))?;
        write(&path, &text)
    }

    /// A schema by its digest; `None` if it is not there, or not what it was.
    pub(super) fn schema(&self, digest: &str) -> Result<Option<String>, Error> {
        Ok(read(&self.schema_path(digest))?.filter(|text| text_digest(text).to_string() == digest))
    }

    pub(super) fn save_schema(&self, digest: &str, text: &str) -> Result<(), Error> {
        let path = self.schema_path(digest);
        if self.schema(digest)?.is_some() { Ok(()) } else { write(&path, text) }
    }

    fn schema_path(&self, digest: &str) -> PathBuf {
        self.folder.join("schemas").join(format!("{digest}.json"))
    }

    /// The lock of a model that was grown from this one, or, without one, from any; `None` if it is not there, or not what
    /// it was.
    pub(super) fn lock(&self, id: &str, base: &str) -> Result<Option<String>, Error> {
        let Some(text) = read(&self.lock_path(id, base))? else { return Ok(None) };
        let parts = text.strip_prefix(DIGEST).and_then(|text| text.split_once('\n'));
        let whole = parts.filter(|(digest, lock)| text_digest(lock).to_string() == *digest);
        Ok(whole.map(|(_, lock)| lock.to_owned()))
    }

    /// Keeps a lock for those who start from the same one, so that programs that were compiled with different ones keep their
    /// names; the first is there for those who start from none, too.
    pub(super) fn save_lock(&self, id: &str, base: &str, lock: &str) -> Result<(), Error> {
        if !base.is_empty() && self.lock(id, "")?.is_none() {
            self.save_lock(id, "", lock)?;
        }
        let text = format!("{DIGEST}{}\n{lock}", text_digest(lock));
        let path = self.lock_path(id, base);
        if read(&path)?.as_ref() == Some(&text) { Ok(()) } else { write(&path, &text) }
    }

    fn lock_path(&self, id: &str, base: &str) -> PathBuf {
        let name: String = utf8_percent_encode(&id.replace('/', "--"), PLAIN).to_string().to_lowercase();
        let name: String = name.chars().take(MAX_NAME).collect();
        let base = if base.is_empty() { String::new() } else { format!("-{}", text_digest(base)) };
        self.folder.join("locks").join(format!("{name}-{}{base}.lock", text_digest(id)))
    }
}

fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        // What is no text was damaged, and is made anew.
        Ok(bytes) => Ok(String::from_utf8(bytes).ok()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(fault(path, &error)),
    }
}

/// Writes a file beside its place, and then puts it there.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(path);
    let written = || {
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(path).map_err(|error| error.error).map(drop)
    };
    written().map_err(|error| fault(path, &error))
}

fn fault(path: &Path, error: &io::Error) -> Error {
    Error::Cache { path: path.to_owned(), reason: error.to_string() }
}
