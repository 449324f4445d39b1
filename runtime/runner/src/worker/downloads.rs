//! The files of a job that succeeded: fetched under names of this try, then named without replacing, then noted. Must not
//! know how jobs end.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use runcomfy_client::{DownloadError, DownloadErrorKind, Json, SavedFile};

use super::naming::{Named, Naming, safe};
use super::{Progress, Shared};
use crate::digest;
use crate::spool::sync_folder;
use crate::store::{Download, Missing, StoredFile};

impl Shared {
    pub(super) async fn download(&self, download: Download) {
        let Some(folder) = &self.folder else { return };
        let place = (download.job, download.epoch);
        let folder = folder.join(safe(&download.batch));
        // Of this try alone: another may be slow, not dead.
        let part = folder.join(format!(".part-{}-{}-{}", self.store.id(), download.job, download.epoch));
        let (saved, missing) = match self.fetch(&download, &part).await {
            Ok(saved) => (saved, Vec::new()),
            Err(error) => (error.saved().to_vec(), missing(&error)),
        };
        let all = saved.len() + missing.len();
        let (naming, target, of) = (self.naming.clone(), folder.clone(), download.clone());
        let named = tokio::task::spawn_blocking(move || name_all(&saved, &target, &naming, &of)).await;
        let noted = match named.map_err(io::Error::other).flatten() {
            Ok(files) if missing.is_empty() => {
                let note = || self.store.note_files(place, &files);
                self.noted(&download, &files, self.repeat("files can't be noted", note).await)
            }
            // What came is kept, whatever became of the others.
            Ok(files) => {
                let (rest, reason) = self.told(&download.key, &missing);
                let note = || self.store.note_some_files(place, &files, all, (rest, &reason));
                self.noted(&download, &files, self.repeat("files can't be noted", note).await)
            }
            Err(error) => self.left(place, &download.key, &error.to_string()).await,
        };
        if noted.is_some() {
            _ = fs::remove_dir_all(&part);
        }
    }

    fn noted(&self, download: &Download, files: &[StoredFile], noted: Option<bool>) -> Option<bool> {
        if !files.is_empty() {
            self.changes(download.job);
            let files = files.iter().map(|file| file.name.clone()).collect();
            self.tell(Progress::Saved { key: download.key.clone(), files });
        }
        noted
    }

    /// What becomes of files that did not come, in a word and in words: nobody tries again only if the server has none of them.
    fn told(&self, key: &str, missing: &[(bool, String)]) -> (Missing, String) {
        let texts: Vec<&str> = missing.iter().map(|(_, text)| text.as_str()).collect();
        let texts = texts.join("; ");
        match missing.iter().all(|(gone, _)| *gone) {
            true => {
                let reason = format!("the server has these files no more: {texts}");
                self.trouble(key, &reason);
                (Missing::Expired, reason)
            }
            false => {
                self.trouble(&format!("files of {key} are left to the next start"), &texts);
                (Missing::Left, texts)
            }
        }
    }

    async fn left(&self, place: (i64, i64), key: &str, reason: &str) -> Option<bool> {
        self.trouble(&format!("the files of {key} are left to the next start"), &reason);
        let note = || self.store.leave_download(place, reason);
        self.repeat("a download can't be given back", note).await
    }

    async fn fetch(&self, download: &Download, part: &Path) -> Result<Vec<SavedFile>, DownloadError> {
        let output: Json = serde_json::from_str(&download.output).unwrap_or_default();
        let names = |file: &runcomfy_client::FileToName<'_>| match file.extension {
            "" => file.index.to_string(),
            extension => format!("{}.{extension}", file.index),
        };
        self.client.downloader().name_with(names).download_all(&output, part).await
    }
}

/// The files that did not come: whether the server has each no more, and in words why.
fn missing(error: &DownloadError) -> Vec<(bool, String)> {
    let one = |error: &DownloadError| {
        let gone = matches!(error.kind(), DownloadErrorKind::NotFound);
        (gone, format!("{}: {}", error.url(), error.kind()))
    };
    std::iter::once(error).chain(error.others()).map(one).collect()
}

/// Gives files their final names, and says what lies there then.
fn name_all(saved: &[SavedFile], folder: &Path, naming: &Naming, of: &Download) -> io::Result<Vec<StoredFile>> {
    let mut files = Vec::new();
    for file in saved {
        let own = file.path.file_name().unwrap_or_default().to_string_lossy();
        let (index, extension) = own.split_once('.').unwrap_or((&own, ""));
        let name = naming.name(&Named { key: &of.key, job: of.job, model: &of.model, index, extension });
        let path = folder.join(&name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent)?;
        let (_, fetched) = digest::of_reader(File::open(&file.path)?)?;
        match fs::hard_link(&file.path, &path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(io::Error::other(format!("{}: {error}", path.display()))),
        }
        let (bytes, sha256) = digest::of_reader(File::open(&path)?)?;
        if sha256 != fetched {
            let text = format!("{}: another file has this name, and is left as it is", path.display());
            return Err(io::Error::other(text));
        }
        sync_folder(parent)?;
        files.push(StoredFile { name, url: file.url.clone(), bytes, sha256 });
    }
    Ok(files)
}
