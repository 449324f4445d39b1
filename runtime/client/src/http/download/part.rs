//! A file that is not complete yet. In: where it shall be, and bytes. Out: the file under its name, once whole. A partial
//! file lies beside it as `name.DIGEST.part`, locked while it is written to, with a note (`name.DIGEST.part.json`) of
//! what its bytes are, so that another program can continue it. Must not know connections.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::task::spawn_blocking;

use super::disk::{Disk, Lock, first_free, is_at, is_there, open_own, place, synced, with_suffix};
use super::name::FileName;
use super::note::{Identity, Note, Promise};
use crate::http::error::DownloadErrorKind;

/// How many partial files of one URL may lie in one folder: downloads of it that run at once, and what is not ours.
const MAX_PARTS: u32 = 10_000;

/// Where a file shall be.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// Exactly there.
    Path(PathBuf),
    /// In this folder, by this name or the next that is free.
    Folder(PathBuf, FileName),
}

impl Target {
    pub(super) fn path(&self, number: u32) -> PathBuf {
        match self {
            Self::Path(path) => path.clone(),
            Self::Folder(folder, name) => folder.join(name.numbered(number)),
        }
    }

    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Path(path) => path.parent(),
            Self::Folder(folder, _) => Some(folder),
        }
    }

    /// A number whose path is free, from this one upwards.
    fn free(&self, from: u32) -> io::Result<Option<u32>> {
        match self {
            Self::Path(path) => Ok((from == 0 && !is_there(path)?).then_some(0)),
            Self::Folder(..) => first_free(from, |number| is_there(&self.path(number))),
        }
    }
}

/// A partial file, locked.
#[derive(Debug)]
pub(super) struct Part {
    disk: &'static dyn Disk,
    target: Target,
    number: u32,
    /// What the file will be called, if nobody else takes the name.
    pub(super) path: PathBuf,
    partial: PathBuf,
    file: tokio::fs::File,
    /// Declared after `file`, so that the file is closed before the lock is given up.
    _lock: Lock,
    len: u64,
    identity: Identity,
    promise: Promise,
}

type Failed = (PathBuf, DownloadErrorKind);

impl Part {
    /// Finds a partial file of this URL that waits to be continued, or starts one.
    pub(super) async fn claim(disk: &'static dyn Disk, target: Target, identity: Identity) -> Result<Self, Failed> {
        match spawn_blocking(move || claim(disk, target, identity)).await {
            Ok(claimed) => claimed,
            Err(stopped) => Err((PathBuf::new(), io::Error::other(stopped).into())),
        }
    }

    /// How many bytes are there.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// What was promised about them, and about the file when they started.
    pub(super) fn promise(&self) -> &Promise {
        &self.promise
    }

    /// Drops what is there; what follows is as promised here.
    pub(super) async fn restart(&mut self, promise: Promise) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(0)).await?;
        self.file.set_len(0).await?;
        self.len = 0;
        self.promise = promise;
        // After the bytes are gone: a note must never describe bytes of an older version.
        Note::write(&note_of(&self.partial), &self.identity, &self.promise)
    }

    pub(super) async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    pub(super) async fn flush(&mut self) -> io::Result<()> {
        self.file.flush().await
    }

    /// How the file begins: at most this many bytes.
    pub(super) async fn beginning(&mut self, most: u64) -> io::Result<Vec<u8>> {
        self.flush().await?;
        let mut file = self.file.try_clone().await?.into_std().await;
        let read = move || {
            let mut bytes = Vec::new();
            file.rewind()?;
            (&mut file).take(most).read_to_end(&mut bytes)?;
            file.seek(SeekFrom::End(0))?;
            Ok(bytes)
        };
        spawn_blocking(read).await.map_err(io::Error::other)?
    }

    /// Gives the whole file its name, or the next one if somebody else took that meanwhile.
    pub(super) async fn finish(self) -> Result<(PathBuf, u64), Failed> {
        let partial = self.partial.clone();
        synced(self.file.sync_all().await).map_err(|error| (partial, error.into()))?;
        let len = self.len;
        let named = spawn_blocking(move || {
            let named = name(&self).map_err(|kind| (self.partial.clone(), kind));
            if named.is_ok() {
                _ = fs::remove_file(note_of(&self.partial));
            }
            // Locked until it has its name, and the note of the old one is gone.
            drop(self);
            named
        });
        let path = named.await.unwrap_or_else(|stopped| Err((PathBuf::new(), io::Error::other(stopped).into())))?;
        Ok((path, len))
    }

    /// Leaves what can be continued, and removes what can't. Gives the name of the partial file.
    pub(super) async fn leave(mut self, worthless: bool) -> PathBuf {
        _ = self.file.flush().await;
        if self.len == 0 || worthless || self.promise.strong().is_none() {
            _ = fs::remove_file(&self.partial);
            _ = fs::remove_file(note_of(&self.partial));
        }
        self.partial
    }
}

fn note_of(partial: &Path) -> PathBuf {
    with_suffix(partial, ".json")
}

fn claim(disk: &'static dyn Disk, target: Target, identity: Identity) -> Result<Part, Failed> {
    let folder = target.folder().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).map_err(|error| (folder.to_owned(), error.into()))?;
    }
    let first = target.path(0);
    let number = target.free(0).map_err(|error| (first.clone(), error.into()))?;
    let Some(number) = number else { return Err((first, DownloadErrorKind::Exists)) };
    for attempt in 0..MAX_PARTS {
        let copy = if attempt == 0 { String::new() } else { format!("-{attempt}") };
        let partial = with_suffix(&first, &format!(".{}{copy}.part", identity.digest));
        let opened = open(disk, &partial, &identity).map_err(|error| (partial.clone(), error.into()))?;
        if let Some((file, lock, len, promise)) = opened {
            let (path, file) = (target.path(number), file.into());
            return Ok(Part { disk, target, number, path, partial, file, _lock: lock, len, identity, promise });
        }
    }
    Err((first, DownloadErrorKind::InUse))
}

/// Opens and locks a partial file, at its end. `None` if it is in use, or not ours.
fn open(disk: &dyn Disk, partial: &Path, identity: &Identity) -> io::Result<Option<(File, Lock, u64, Promise)>> {
    let Some(mut file) = open_own(partial, true)? else { return Ok(None) };
    let Some(lock) = Lock::take(disk, &file, partial)? else { return Ok(None) };
    // Whoever held the lock before may have renamed or removed the file since it was opened here.
    if !is_at(&file, partial)? {
        return Ok(None);
    }
    let len = file.seek(SeekFrom::End(0))?;
    let note = note_of(partial);
    let promise = match Note::read(&note, identity)? {
        Note::Of(promise) if promise.strong().is_some() && promise.total.is_none_or(|total| len <= total) => promise,
        Note::Nothing if len > 0 => return Ok(None),
        Note::Of(_) | Note::Nothing => {
            // Nothing says of what these bytes are.
            file.set_len(0)?;
            file.rewind()?;
            Note::write(&note, identity, &Promise::default())?;
            return Ok(Some((file, lock, 0, Promise::default())));
        }
        Note::Foreign => {
            // Most likely made by us, a moment ago, and of no use to anybody else.
            if len == 0 {
                fs::remove_file(partial)?;
            }
            return Ok(None);
        }
    };
    Ok(Some((file, lock, len, promise)))
}

/// Names the whole file.
fn name(part: &Part) -> Result<PathBuf, DownloadErrorKind> {
    let mut from = part.number;
    while let Some(number) = part.target.free(from)? {
        let path = part.target.path(number);
        match place(part.disk, &part.partial, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => from = number,
            Err(error) => return Err(error.into()),
        }
    }
    Err(DownloadErrorKind::Exists)
}

#[cfg(test)]
mod tests {
    use super::*;

    use fs4::TryLockError;
    use tempfile::TempDir;

    /// A mount that knows neither locks nor a rename that replaces nothing, as those over a network or FUSE.
    #[derive(Debug)]
    struct Bare;

    impl Disk for Bare {
        fn lock(&self, _: &File) -> Result<(), TryLockError> {
            Err(TryLockError::Error(ErrorKind::Unsupported.into()))
        }

        fn rename_new(&self, _: &Path, _: &Path) -> io::Result<()> {
            Err(ErrorKind::PermissionDenied.into())
        }
    }

    async fn claim(folder: &TempDir) -> Part {
        let url = "https://files.runcomfy.net/film.mp4".parse().expect("a URL");
        let target = Target::Folder(folder.path().to_owned(), FileName::of(&url));
        Part::claim(&Bare, target, Identity::of(&url)).await.expect("a part")
    }

    fn names(folder: &TempDir) -> Vec<String> {
        let entries = fs::read_dir(folder.path()).expect("a folder");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn promise() -> Promise {
        Promise { version: Some("\"v1\"".to_owned()), date: None, total: Some(8) }
    }

    #[tokio::test]
    async fn a_file_system_without_locks_and_links_gets_whole_files_over_nobodys() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = claim(&folder).await;
        let mut second = claim(&folder).await;
        assert_ne!(first.partial, second.partial, "two at once never share a partial file");
        for part in [&mut first, &mut second] {
            part.restart(promise()).await.expect("a note");
            part.append(b"the film").await.expect("bytes");
        }
        let (path, bytes) = first.finish().await.expect("a file");
        assert_eq!((fs::read(path).expect("a file"), bytes), (b"the film".to_vec(), 8));
        let (path, _) = second.finish().await.expect("another file");
        assert!(path.ends_with("film-1.mp4"), "{path:?}");
        assert_eq!(names(&folder), ["film-1.mp4", "film.mp4"]);
    }

    #[tokio::test]
    async fn a_file_system_without_locks_continues_what_was_left_in_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut part = claim(&folder).await;
        part.restart(promise()).await.expect("a note");
        part.append(b"the ").await.expect("bytes");
        part.leave(false).await;
        let part = claim(&folder).await;
        assert_eq!((part.len(), part.promise()), (4, &promise()));
    }

    #[tokio::test]
    async fn a_name_that_is_taken_in_the_last_moment_is_left_to_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut part = claim(&folder).await;
        part.restart(promise()).await.expect("a note");
        part.append(b"the film").await.expect("bytes");
        fs::write(folder.path().join("film.mp4"), "mine").expect("a file");
        let (path, _) = part.finish().await.expect("another name");
        assert!(path.ends_with("film-1.mp4"), "{path:?}");
        assert_eq!(fs::read(folder.path().join("film.mp4")).expect("a file"), b"mine");
    }

    #[tokio::test]
    async fn after_ten_thousand_files_of_one_name_comes_the_next() {
        let folder = tempfile::tempdir().expect("a folder");
        let target =
            Target::Folder(folder.path().to_owned(), FileName::of(&"https://h/film.mp4".parse().expect("a URL")));
        for number in 0..10_000 {
            File::create(target.path(number)).expect("a file");
        }
        let mut part = claim(&folder).await;
        part.restart(promise()).await.expect("a note");
        part.append(b"the film").await.expect("bytes");
        let (path, _) = part.finish().await.expect("a file");
        assert!(path.ends_with("film-10000.mp4"), "{path:?}");
    }
}
