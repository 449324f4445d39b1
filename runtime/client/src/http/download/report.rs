//! What a download tells: how far it is, and what it saved. Data and words only.

use std::fmt;
use std::path::{Path, PathBuf};

/// How far a download is.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DownloadProgress<'a> {
    /// What the file will be called, unless somebody else takes the name.
    pub path: &'a Path,
    /// How many bytes are there, with those of earlier tries. Falls to 0 when a file has changed.
    pub received: u64,
    /// How many there will be, if the server says so.
    pub total: Option<u64>,
    /// Which of the output's files this is, from 0.
    pub index: usize,
    /// How many files the output has.
    pub count: usize,
}

/// For a terminal or a log: `film.mp4: 12.5 of 40.0 MB, 31 %`, and which file it is if there are several.
impl fmt::Display for DownloadProgress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        let name = self.path.file_name().unwrap_or(self.path.as_os_str());
        write!(f, "{}: {:.1} ", name.display(), megabytes(self.received))?;
        match self.total.filter(|total| *total > 0) {
            Some(total) => {
                let percent = u128::from(self.received) * 100 / u128::from(total);
                write!(f, "of {:.1} MB, {percent} %", megabytes(total))?;
            }
            None => f.write_str("MB")?,
        }
        match self.count {
            0 | 1 => Ok(()),
            count => write!(f, ", file {} of {count}", self.index + 1),
        }
    }
}

/// A file that was downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SavedFile {
    /// Where it is.
    pub path: PathBuf,
    /// Where it came from.
    pub url: String,
    /// How large it is, in bytes.
    pub bytes: u64,
}
