//! Downloads with the settings of a client. Must not hand the token on.

use std::path::Path;

use super::{DownloadError, Downloader, SavedFile};
use crate::http::Client;
use crate::rt::AsValue;

impl Client {
    /// Saves all files of an output in a folder, as [`Downloader::all`].
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn download_all(
        &self,
        output: &impl AsValue,
        folder: impl AsRef<Path>,
    ) -> Result<Vec<SavedFile>, DownloadError> {
        self.downloader().all(output, folder).await
    }

    /// Saves one file of an output as `path`, as [`Downloader::file`].
    ///
    /// # Errors
    /// [`DownloadError`].
    pub async fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        self.downloader().file(url, path).await
    }

    /// What saves the files of outputs, for progress: [`Downloader::on_progress`]. Its settings are those of
    /// [`ClientBuilder::downloader`](crate::ClientBuilder::downloader).
    #[must_use]
    pub fn downloader(&self) -> Downloader {
        self.inner().downloader.clone()
    }
}
