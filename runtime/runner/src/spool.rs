//! Ids that were heard and are not known to be in the table yet: a file beside the worker that is opened before the first
//! submit. In: an id, on disk before this returns. Out: what an ended worker left. Must not know the database.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use fs4::FileExt;
use serde::{Deserialize, Serialize};

/// An id that was heard, and the intent it answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) job: i64,
    pub(crate) epoch: i64,
    pub(crate) request_id: String,
}

/// The file of one worker, locked for as long as it lives.
pub(crate) struct Spool {
    path: PathBuf,
    inner: Mutex<Inner>,
}

struct Inner {
    file: File,
    /// How many ids were written, how many of them are on disk, and how many may be on none: a disk tells of a fault once.
    written: u64,
    synced: u64,
    lost: u64,
    /// What stands in the file and may not be in the table.
    open: Vec<Entry>,
}

/// Not by closing alone: a child that was just forked has the file, too, until it runs its own program.
impl Drop for Spool {
    fn drop(&mut self) {
        _ = FileExt::unlock(&self.inner().file);
    }
}

const EXTENSION: &str = "spool";

impl Spool {
    /// Makes the file of a worker. Its name tells the store and the account: what was heard for another is not replayed into this
    /// one. It is never that of an earlier worker, whose number is given out again by a store that was restored from a backup.
    pub(crate) fn open(folder: &Path, store: &str, worker: i64) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let path = folder.join(format!("{store}-{worker}-{:016x}.{EXTENSION}", fastrand::u64(..)));
        let file = OpenOptions::new().create_new(true).append(true).open(&path)?;
        FileExt::try_lock(&file).map_err(io::Error::from)?;
        file.sync_all()?;
        sync_folder(folder)?;
        Ok(Self { path, inner: Mutex::new(Inner { file, written: 0, synced: 0, lost: 0, open: Vec::new() }) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps an id, on disk before this returns. Those that are heard at the same time come to the disk together.
    pub(crate) async fn keep(&self, entry: &Entry) -> io::Result<()> {
        let number = self.write(entry)?;
        tokio::task::yield_now().await;
        self.sync(number)
    }

    /// Sees to it that the id of this number is on disk, and with it all that were written.
    fn sync(&self, number: u64) -> io::Result<()> {
        let mut inner = self.inner();
        if number <= inner.lost {
            return Err(io::Error::other("the disk failed when this id was written"));
        }
        if inner.synced < number {
            if let Err(error) = inner.file.sync_data() {
                inner.lost = inner.written;
                return Err(error);
            }
            inner.synced = inner.written;
        }
        Ok(())
    }

    /// Writes an id, and gives its number.
    fn write(&self, entry: &Entry) -> io::Result<u64> {
        let mut inner = self.inner();
        // What stands before it may have been cut off by a full disk.
        let line = format!("\n{}\n", serde_json::to_string(entry)?);
        inner.open.push(entry.clone());
        inner.file.write_all(line.as_bytes())?;
        inner.written += 1;
        Ok(inner.written)
    }

    /// The id is in the table. When that is true of all, the file is emptied.
    pub(crate) fn forget(&self, entry: &Entry) {
        let mut inner = self.inner();
        inner.open.retain(|open| open != entry);
        if inner.open.is_empty() {
            // If not, they are replayed, which changes nothing.
            _ = inner.file.set_len(0);
        }
    }

    /// Ends it. A file with ids that may not be in the table stays.
    pub(crate) fn close(self) {
        if self.inner().open.is_empty() {
            _ = fs::remove_file(&self.path);
        }
    }

    /// What ended workers of this machine left, each with its file, which [`Left::done`] removes.
    pub(crate) fn left(folder: &Path, store: &str) -> io::Result<Vec<Left>> {
        let mut all = Vec::new();
        for found in fs::read_dir(folder)? {
            let path = found?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let is_ours = name.strip_prefix(store).is_some_and(|rest| rest.starts_with('-'));
            if !is_ours || path.extension().is_none_or(|extension| extension != EXTENSION) {
                continue;
            }
            let file = File::open(&path)?;
            // Its worker lives.
            if FileExt::try_lock(&file).is_err() {
                continue;
            }
            let text = fs::read(&path)?;
            // A line that was cut off, maybe within a character, was not kept, and nobody was told that it was.
            let entries =
                String::from_utf8_lossy(&text).lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
            let worker = worker_of(&name, store);
            all.push(Left { entries, worker, path, _lock: file });
        }
        Ok(all)
    }
}

/// The number of the worker whose file has this name.
fn worker_of(name: &str, store: &str) -> Option<i64> {
    let number = name.strip_prefix(store)?.strip_prefix('-')?;
    number.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// What an ended worker left.
pub(crate) struct Left {
    pub(crate) entries: Vec<Entry>,
    /// Whose file it is: its process has ended.
    pub(crate) worker: Option<i64>,
    path: PathBuf,
    _lock: File,
}

impl Left {
    /// All of it is in the table.
    pub(crate) fn done(self) -> io::Result<()> {
        fs::remove_file(self.path)
    }
}

/// A new name outlives a power failure only when its folder is on disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(job: i64) -> Entry {
        Entry { job, epoch: 1, request_id: format!("r-{job}") }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_was_written_before_a_fault_of_the_disk_is_not_kept_after_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        spool.keep(&entry(1)).await.expect("kept");
        let first = spool.write(&entry(2)).expect("written");
        let second = spool.write(&entry(3)).expect("written");
        let disk = spool.inner().file.try_clone().expect("the file");
        // A pipe is on no disk.
        let (_reader, pipe) = io::pipe().expect("a pipe");
        spool.inner().file = std::os::fd::OwnedFd::from(pipe).into();
        spool.sync(first).expect_err("no disk");
        spool.inner().file = disk;
        spool.sync(second).expect_err("the fault was told to another");
        spool.keep(&entry(4)).await.expect("kept");
    }

    #[tokio::test]
    async fn what_was_kept_and_not_forgotten_is_found_when_its_worker_has_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        spool.keep(&entry(1)).await.expect("kept");
        spool.keep(&entry(2)).await.expect("kept");
        assert!(Spool::left(folder.path(), "store").expect("read").is_empty(), "its worker lives");
        drop(spool);
        for others in ["other-1.spool", "store2-1.spool"] {
            fs::write(folder.path().join(others), "{}").expect("written");
        }
        let mut left = Spool::left(folder.path(), "store").expect("read");
        let one = left.pop().expect("one");
        assert_eq!((one.entries.clone(), one.worker, left.len()), (vec![entry(1), entry(2)], Some(1), 0));
        one.done().expect("removed");
        assert!(Spool::left(folder.path(), "store").expect("read").is_empty());
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_hides_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        spool.keep(&entry(1)).await.expect("kept");
        spool.inner().file.write_all(br#"{"job": 2, "ep"#).expect("written");
        drop(spool);
        assert_eq!(Spool::left(folder.path(), "store").expect("read")[0].entries, [entry(1)]);
    }

    /// As on a disk that is full for a while.
    #[tokio::test]
    async fn what_is_kept_after_a_line_that_was_cut_off_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        spool.inner().file.write_all(b"{\"job\":1,\"epoch\":1,\"request_id\":\"r-\xC3").expect("written");
        spool.keep(&entry(2)).await.expect("kept");
        drop(spool);
        assert_eq!(Spool::left(folder.path(), "store").expect("read")[0].entries, [entry(2)]);
    }

    #[tokio::test]
    async fn an_empty_spool_leaves_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        spool.keep(&entry(1)).await.expect("kept");
        spool.forget(&entry(1));
        spool.close();
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 0);
    }

    #[tokio::test]
    async fn ids_that_are_heard_at_the_same_time_come_to_the_disk_together_and_each_before_it_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let spool = Spool::open(folder.path(), "store", 1).expect("a spool");
        let kept = async |job| {
            spool.keep(&entry(job)).await.expect("kept");
            spool.inner().synced
        };
        let synced = tokio::join!(kept(1), kept(2), kept(3));
        assert_eq!((synced, kept(4).await), ((3, 3, 3), 4));
    }
}
