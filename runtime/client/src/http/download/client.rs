//! Downloads with the settings of a client, for the files of a job. Must not hand the token on.

use std::path::Path;

use super::{DownloadError, Downloader, SavedFile};
use crate::http::{Client, Job};
use crate::schema::AsValue;

impl Downloader {
    /// The same, for the files of this job: its request id and model can be in names. The job of a stored request id is
    /// [`Client::job`](crate::Client::job).
    #[must_use]
    pub fn for_job<O>(self, job: &Job<O>) -> Self {
        Self { job: (Some(job.request_id().into()), job.model_id().map(Into::into)), ..self }
    }
}

impl Client {
    /// Saves all files of an output in a folder, as [`Downloader::download_all`].
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn download_all(
        &self,
        output: &impl AsValue,
        folder: impl AsRef<Path>,
    ) -> Result<Vec<SavedFile>, DownloadError> {
        self.downloader().download_all(output, folder).await
    }

    /// Saves one file of an output as `path`, as [`Downloader::download`].
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        self.downloader().download(url, path).await
    }

    /// What saves the files of outputs, for progress: [`Downloader::on_progress`]. Its settings are those of
    /// [`ClientBuilder::downloader`](crate::ClientBuilder::downloader).
    #[must_use]
    pub fn downloader(&self) -> Downloader {
        self.inner().downloader.clone()
    }
}
