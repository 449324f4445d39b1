//! Downloads whose calls wait. In and out: as [`crate::Downloader`].

use std::path::Path;

use super::Job;
use super::runtime::Background;
use crate::schema::AsValue;
use crate::{DownloadError, DownloadProgress, FileToName, InvalidDownloader, SavedFile};

/// Saves the files of outputs, as [`crate::Downloader`], and waits for it.
#[derive(Clone, Debug)]
pub struct Downloader {
    downloader: crate::Downloader,
    background: Background,
}

impl Downloader {
    pub(super) fn new(downloader: crate::Downloader, background: Background) -> Self {
        Self { downloader, background }
    }

    /// As [`crate::Downloader::on_progress`].
    #[must_use]
    pub fn on_progress(self, progress: impl Fn(&DownloadProgress<'_>) + Send + Sync + 'static) -> Self {
        Self { downloader: self.downloader.on_progress(progress), ..self }
    }

    /// As [`crate::Downloader::names`].
    ///
    /// # Errors
    /// As there.
    pub fn names(self, template: &str) -> Result<Self, InvalidDownloader> {
        Ok(Self { downloader: self.downloader.names(template)?, ..self })
    }

    /// As [`crate::Downloader::name_with`].
    #[must_use]
    pub fn name_with(self, name: impl Fn(&FileToName<'_>) -> String + Send + Sync + 'static) -> Self {
        Self { downloader: self.downloader.name_with(name), ..self }
    }

    /// As [`crate::Downloader::for_job`].
    #[must_use]
    pub fn for_job<O>(self, job: &Job<O>) -> Self {
        Self { downloader: self.downloader.for_job(&job.job), ..self }
    }

    /// As [`crate::Downloader::download_all`].
    ///
    /// # Errors
    /// As there.
    pub fn download_all(
        &self,
        output: &(impl AsValue + Sync),
        folder: impl AsRef<Path>,
    ) -> Result<Vec<SavedFile>, DownloadError> {
        self.background.wait(self.downloader.download_all(output, folder.as_ref()))
    }

    /// As [`crate::Downloader::download`].
    ///
    /// # Errors
    /// As there.
    pub fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        self.background.wait(self.downloader.download(url, path.as_ref()))
    }
}
