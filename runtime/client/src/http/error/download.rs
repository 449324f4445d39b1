//! Why a download failed, and what to do about it. Texts and types only.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::http::SavedFile;

/// Why a download failed.
///
/// The text names the file and says what to do. URLs in it have no query: signed ones are secrets.
#[derive(Debug)]
pub struct DownloadError {
    url: Box<str>,
    /// Where in the output it stands.
    place: Option<Box<str>>,
    path: Option<Box<Path>>,
    /// The file that was to be.
    file: Option<Box<Path>>,
    kind: DownloadErrorKind,
    rest: Box<Rest>,
    retry_after: Option<Duration>,
}

/// What became of the other files of the same output. Few errors have any, so it is apart.
#[derive(Debug, Default)]
struct Rest {
    saved: Vec<SavedFile>,
    failed: Vec<DownloadError>,
}

/// What went wrong with a download.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownloadErrorKind {
    /// The URL is none, such as words where a file should be, is relative, is not https, has a user name in it, or is a
    /// `data:` URI that can't be read.
    Url(&'static str),
    /// The URL, or a redirect, leads to a host that is not allowed.
    HostNotAllowed {
        /// The host.
        host: String,
    },
    /// The server does not have the file (HTTP 404 or 410): outputs expire.
    NotFound,
    /// Another HTTP status than one that brings a file.
    Status(u16),
    /// What came is not what was promised by the URL, the request or an earlier answer: another length, range, total,
    /// media type, encoding or version, or a text instead of an image, a film or a sound; also when tried again.
    Unexpected {
        /// What was promised, in words.
        expected: String,
        /// What came instead.
        found: String,
    },
    /// The template for names asks for what nobody said: `job` or `model`.
    Name(&'static str),
    /// The file is larger than the limit. What had arrived is gone.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// There already is a file of this name, which is never overwritten.
    Exists,
    /// Another download is writing to this file.
    InUse,
    /// The connection failed, stood still or ended too early, also when tried again. What has arrived is kept where the server
    /// gave a strong `ETag`: else it can't be continued.
    Connection(Box<dyn std::error::Error + Send + Sync>),
    /// The file or its folder can't be written. What has arrived is kept where the server gave a strong `ETag`.
    Disk(io::Error),
}

impl DownloadError {
    pub(crate) fn new(url: impl Into<String>, path: Option<PathBuf>, kind: DownloadErrorKind) -> Self {
        let (url, path) = (url.into().into_boxed_str(), path.map(PathBuf::into_boxed_path));
        Self { url, place: None, path, file: None, kind, rest: Box::default(), retry_after: None }
    }

    pub(crate) fn with_retry_after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }

    pub(crate) fn of_file(self, file: PathBuf) -> Self {
        Self { file: Some(file.into_boxed_path()), ..self }
    }

    pub(crate) fn at(self, place: &str) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    pub(crate) fn with_saved(mut self, saved: Vec<SavedFile>) -> Self {
        self.rest.saved = saved;
        self
    }

    pub(crate) fn with_others(mut self, others: Vec<Self>) -> Self {
        self.rest.failed = others;
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &DownloadErrorKind {
        &self.kind
    }

    /// The file's URL, without its query; or the beginning of the text that stands where a file should be.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where in the output the file stands, such as `output.images[0]`, if it is one of an output.
    #[must_use]
    pub fn place(&self) -> Option<&str> {
        self.place.as_deref()
    }

    /// The file that could not be completed; the partial one where there is something to resume.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The other files of the same output that were saved, before this one failed and after it.
    #[must_use]
    pub fn saved(&self) -> &[SavedFile] {
        &self.rest.saved
    }

    /// What went wrong with the other files of the same output that could not be saved.
    #[must_use]
    pub fn others(&self) -> &[Self] {
        &self.rest.failed
    }

    /// How long the server asked to wait before the next try, if it did.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether the same call may succeed later. It continues where this one ended, if the file has not changed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.kind.is_retryable()
    }
}

impl DownloadErrorKind {
    pub(crate) fn is_retryable(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Unexpected { .. } => true,
            Self::Status(status) => matches!(status, 408 | 421 | 425 | 429 | 500 | 502..=504 | 520..=529),
            _ => false,
        }
    }
}

/// What was promised, and what came instead.
#[derive(Debug)]
pub(crate) struct Unexpected {
    expected: String,
    found: String,
}

impl Unexpected {
    pub(crate) fn new(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self { expected: expected.into(), found: found.into() }
    }
}

impl From<Unexpected> for DownloadErrorKind {
    fn from(Unexpected { expected, found }: Unexpected) -> Self {
        Self::Unexpected { expected, found }
    }
}

impl From<io::Error> for DownloadErrorKind {
    fn from(error: io::Error) -> Self {
        Self::Disk(error)
    }
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nobody knows a partial file by its name.
        let is_partial = self.path.as_ref().is_some_and(|path| path.extension().is_some_and(|end| end == "part"));
        match self.file.as_ref().filter(|_| is_partial).or(self.path.as_ref()) {
            Some(path) => write!(f, "{}, from {}: {}", path.display(), self.url, self.kind)?,
            None => match &self.place {
                Some(place) => write!(f, "`{place}`, which is `{}`: {}", self.url, self.kind)?,
                None => write!(f, "{}: {}", self.url, self.kind)?,
            },
        }
        if let Some(wait) = self.retry_after {
            write!(f, "; it asks to wait {} s", wait.as_secs_f64().ceil())?;
        }
        let mut lead = "; saved all the same: ";
        for file in &self.rest.saved {
            write!(f, "{lead}{}", file.path.display())?;
            lead = ", ";
        }
        Ok(())
    }
}

impl fmt::Display for DownloadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(problem) => f.write_str(problem),
            Self::HostNotAllowed { host } => write!(
                f,
                "the host `{host}` is not one of RunComfy's; allow it by `Downloader::builder().allow_host(\"{host}\")` \
                 if you trust it"
            ),
            Self::NotFound => f.write_str(
                "the server does not have this file, or not any more; outputs expire: ask for the result again, and \
                 download at once",
            ),
            Self::Status(status) => write!(f, "the server answers HTTP {status}"),
            Self::Unexpected { expected, found } => write!(f, "the server sends {found} instead of {expected}"),
            Self::Name(what) => write!(
                f,
                "the template for names asks for {{{what}}}, which is not known; give `Downloader::for_job` a job that \
                 knows it"
            ),
            Self::TooLarge { limit } => {
                write!(f, "the file is larger than the limit of {limit} bytes; `max_bytes` raises it")
            }
            Self::Exists => f.write_str("there already is a file of this name; move it away or choose another name"),
            Self::InUse => f.write_str("another download is writing to this file"),
            Self::Connection(source) => write!(f, "{source}{}; {KEPT}", Causes(source.source())),
            Self::Disk(source) => write!(f, "{source}; {}", remedy(source)),
        }
    }
}

const KEPT: &str = "what has arrived is kept where it can be continued, and the next download does so";

fn remedy(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge => {
            format!("free some space or choose another folder; {KEPT}")
        }
        Kind::PermissionDenied | Kind::ReadOnlyFilesystem => "choose a folder that can be written to".to_owned(),
        Kind::NotADirectory | Kind::AlreadyExists => "a folder is needed here, and there is a file".to_owned(),
        _ => KEPT.to_owned(),
    }
}

/// The causes of an error, which reqwest leaves out of its text.
struct Causes<'a>(Option<&'a (dyn std::error::Error + 'static)>);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0;
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

// The message tells the cause, which `kind` has, so there is no source, which would tell it twice.
impl std::error::Error for DownloadError {}
