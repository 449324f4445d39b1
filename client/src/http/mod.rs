//! The client.

mod download;

pub use download::{
    DownloadError, DownloadErrorKind, DownloadProgress, Downloader, DownloaderBuilder, InvalidDownloader,
    MAX_DOWNLOAD_BYTES, SavedFile,
};
