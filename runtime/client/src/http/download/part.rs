//! A file that is not complete yet. In: where it shall be, and bytes. Out: the file under its name, once whole. A partial
//! file lies beside it as `name.part`, locked while it is written to, with a note (`name.part.json`) of where it came
//! from, so that another program can continue it. Must not know connections.

use std::fs::{self, File};
use std::io::{self, ErrorKind, SeekFrom};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use same_file::Handle;
use serde_json::json;
use tempfile::TempPath;
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::task::spawn_blocking;

use super::DownloadErrorKind;
use super::name::FileName;
use crate::Json;

/// How many names are tried before giving up.
const MOST_NAMES: u32 = 10_000;

/// Where a file shall be.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// Exactly there.
    Path(PathBuf),
    /// In this folder, by this name or the next that is free.
    Folder(PathBuf, FileName),
}

impl Target {
    fn candidate(&self, number: u32) -> Option<PathBuf> {
        match self {
            Self::Path(path) => (number == 0).then(|| path.clone()),
            Self::Folder(folder, name) => (number < MOST_NAMES).then(|| folder.join(name.numbered(number))),
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => path.parent(),
            Self::Folder(folder, _) => Some(folder),
        }
    }
}

/// A partial file, locked.
#[derive(Debug)]
pub(super) struct Part {
    target: Target,
    number: u32,
    /// What the file will be called, if nobody else takes the name.
    pub(super) path: PathBuf,
    file: tokio::fs::File,
    len: u64,
    source: Source,
}

/// Where the bytes came from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Source {
    /// Without the query: a signature is a secret, and another one next time.
    url: String,
    /// ETag or Last-Modified of the version that the bytes are of.
    validator: Option<String>,
}

/// What lies under the name of a note.
enum Note {
    Nothing,
    Of(Source),
    /// A file that is no note of ours.
    Foreign,
}

impl Note {
    fn read(path: &Path) -> io::Result<Self> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::Nothing),
            Err(error) => return Err(error),
        };
        // Stopped while it was written.
        if bytes.is_empty() {
            return Ok(Self::Nothing);
        }
        let json: Json = serde_json::from_slice(&bytes).unwrap_or_default();
        let text = |key: &str| json.get(key).and_then(Json::as_str).map(str::to_owned);
        let source = text("url").map(|url| Source { url, validator: text("validator") });
        Ok(source.map_or(Self::Foreign, Self::Of))
    }
}

impl Source {
    fn write(&self, note: &Path) -> io::Result<()> {
        fs::write(note, json!({"url": self.url, "validator": self.validator}).to_string())
    }
}

/// A name was taken.
enum Taken {
    Exists,
    InUse,
}

impl Part {
    /// Finds a name that is free, or at which a part of the same file waits to be continued.
    pub(super) async fn claim(target: Target, url: &str) -> Result<Self, (PathBuf, DownloadErrorKind)> {
        let url = url.to_owned();
        match spawn_blocking(move || claim(target, &url)).await {
            Ok(claimed) => claimed,
            Err(stopped) => Err((PathBuf::new(), io::Error::other(stopped).into())),
        }
    }

    /// How many bytes are there.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Of which version of the file they are. `None` if there is nothing to continue.
    pub(super) fn validator(&self) -> Option<&str> {
        self.source.validator.as_deref().filter(|_| self.len > 0)
    }

    /// Drops what is there; what follows is of this version of the file.
    pub(super) async fn restart(&mut self, validator: Option<String>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0)).await?;
        self.file.set_len(0).await?;
        self.len = 0;
        // Only now: a note must never vouch for bytes of an older version.
        self.source.validator = validator;
        self.source.write(&note_of(&self.path))
    }

    pub(super) async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    pub(super) async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// Gives the whole file its name, or the next one if somebody else took that meanwhile.
    pub(super) async fn finish(self) -> Result<(PathBuf, u64), (PathBuf, DownloadErrorKind)> {
        let part = part_of(&self.path);
        self.file.sync_all().await.map_err(|error| (part.clone(), error.into()))?;
        let (len, note) = (self.len, note_of(&self.path));
        let named = spawn_blocking(move || {
            let named = name(&part, &self.target, self.number).map_err(|kind| (part, kind));
            if named.is_ok() {
                _ = fs::remove_file(note);
            }
            // Locked until it has its name, and the note of the old one is gone.
            drop(self.file);
            named
        });
        let path = named.await.unwrap_or_else(|stopped| Err((PathBuf::new(), io::Error::other(stopped).into())))?;
        Ok((path, len))
    }

    /// Leaves what can be continued, and removes what can't. Gives the name of the partial file.
    pub(super) async fn leave(mut self, worthless: bool) -> PathBuf {
        let part = part_of(&self.path);
        _ = self.file.flush().await;
        if self.len == 0 || worthless {
            _ = fs::remove_file(&part);
            _ = fs::remove_file(note_of(&self.path));
        }
        part
    }
}

fn part_of(path: &Path) -> PathBuf {
    with_suffix(path, ".part")
}

fn note_of(path: &Path) -> PathBuf {
    with_suffix(path, ".part.json")
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn claim(target: Target, url: &str) -> Result<Part, (PathBuf, DownloadErrorKind)> {
    let folder = target.folder().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(|error| (folder.to_owned(), error.into()))?;
    }
    let mut taken = (PathBuf::new(), DownloadErrorKind::Exists);
    for number in 0.. {
        let Some(path) = target.candidate(number) else { break };
        match open(&path, url).map_err(|error| (part_of(&path), error.into()))? {
            Ok((file, len, source)) => return Ok(Part { target, number, path, file: file.into(), len, source }),
            Err(Taken::Exists) => taken = (path, DownloadErrorKind::Exists),
            Err(Taken::InUse) => taken = (path, DownloadErrorKind::InUse),
        }
    }
    Err(taken)
}

/// Opens and locks the partial file of `path`, at its end.
fn open(path: &Path, url: &str) -> io::Result<Result<(File, u64, Source), Taken>> {
    if is_there(path)? {
        return Ok(Err(Taken::Exists));
    }
    let part = part_of(path);
    // A link or a device under this name is not ours to write to.
    if fs::symlink_metadata(&part).is_ok_and(|found| !found.is_file()) {
        return Ok(Err(Taken::Exists));
    }
    let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&part)?;
    match FileExt::try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(Err(Taken::InUse)),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    // The one who had the lock may just have given the file that we hold open its name, or removed it.
    if !is_at(&file, &part)? {
        return Ok(Err(if is_there(path)? { Taken::Exists } else { Taken::InUse }));
    }
    let len = io::Seek::seek(&mut file, SeekFrom::End(0))?;
    let taken = is_there(path)?;
    match Note::read(&note_of(path))? {
        Note::Of(source) if !taken && source.url == url => return Ok(Ok((file, len, source))),
        Note::Of(_) | Note::Nothing if !taken && len == 0 => {
            let source = Source { url: url.to_owned(), validator: None };
            source.write(&note_of(path))?;
            return Ok(Ok((file, len, source)));
        }
        _ => {}
    }
    // Most likely made by us, a moment ago, and of no use to anybody else.
    if len == 0 {
        fs::remove_file(&part)?;
    }
    Ok(Err(Taken::Exists))
}

/// Whether the open file is still the one under this name.
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    let open = Handle::from_file(file.try_clone()?)?;
    match Handle::from_path(path) {
        Ok(named) => Ok(open == named),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

fn is_there(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Renames, never over another file.
fn name(part: &Path, target: &Target, first: u32) -> Result<PathBuf, DownloadErrorKind> {
    let mut part = TempPath::try_from_path(part)?;
    for number in first.. {
        let Some(path) = target.candidate(number) else { break };
        match part.persist_noclobber(&path) {
            Ok(()) => return Ok(path),
            Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => part = failed.path,
            Err(failed) => {
                _ = failed.path.keep();
                return Err(failed.error.into());
            }
        }
    }
    _ = part.keep();
    Err(DownloadErrorKind::Exists)
}
