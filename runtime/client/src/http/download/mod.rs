//! Downloads. In: an output, and a folder. Out: its files on disk, each whole or as a `.part` that the next call continues.
//! Has a connection of its own, which never knew a token.

mod beginning;
mod builder;
mod client;
mod data;
mod disk;
mod hosts;
mod kind;
mod name;
mod note;
mod part;
mod promise;
mod report;
mod template;
mod text;
mod transfer;
mod urls;

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Url};
use tracing::{Instrument as _, debug, debug_span};

use self::data::{DataUri, is_data};
use self::hosts::Hosts;
use self::kind::Kind;
use self::name::FileName;
use self::note::{Identity, Promise};
use self::part::{Part, Target};
use self::promise::{Said, empty};
use self::template::Naming;
use self::text::public;
use self::transfer::{BEGINNING, Failed, Transfer};
use self::urls::media_urls;
use super::error::{DownloadError, DownloadErrorKind};
use crate::schema::AsValue;

pub use self::builder::{DownloaderBuilder, InvalidDownloader};
pub use self::report::{DownloadProgress, SavedFile};
pub use self::template::FileToName;

/// The most bytes of a file unless [`max_bytes`](DownloaderBuilder::max_bytes) says otherwise: 2 GiB, the limit of the
/// vendor's command line program.
pub const MAX_DOWNLOAD_BYTES: u64 = 2 << 30;

/// Saves the files of outputs. Cheap to clone; clones share their connections.
///
/// - Files are fetched from RunComfy's hosts only, which are those below `runcomfy.net` and `runcomfy.com`, by https,
///   unless [`allow_host`](DownloaderBuilder::allow_host) names more. Redirects too. The token is never sent.
/// - A file is written as `NAME.DIGEST.part`, with a note beside it (`NAME.DIGEST.part.json`: the URL without its query,
///   the file's version and length), and renamed when it is whole. The digest is that of the whole URL. A download that
///   was cut, in this program or an earlier one, continues where it ended, if the server gave the file a strong `ETag`
///   and still has that version; what can't be continued is not kept.
/// - What arrives is what was promised, or an error that names both
///   ([`Unexpected`](DownloadErrorKind::Unexpected)): length, range, total, encoding, version, and a media type that
///   fits the name. A text, such as an error page, is never saved as an image, a film or a sound, whatever type it is
///   said to have; nor is an empty file.
/// - There is no limit to how long a download takes, only to how long it may stand still, and to how often it is tried
///   without getting further than before.
/// - It works on file systems that have no locks, hard links or exclusive renames too. Links, pipes and files with a
///   second name are never written to.
#[derive(Clone)]
pub struct Downloader {
    http: Client,
    hosts: Arc<Hosts>,
    max_bytes: u64,
    tries: usize,
    read_timeout: Duration,
    progress: Option<Arc<Listener>>,
    naming: Naming,
    /// The job whose files are saved, and its model.
    job: (Option<Arc<str>>, Option<Arc<str>>),
}

/// Who hears how far a download is.
type Listener = dyn Fn(&DownloadProgress<'_>) + Send + Sync;

impl Downloader {
    /// The same, with somebody who hears how far each file is: at its start and after each piece that was received.
    #[must_use]
    pub fn on_progress(mut self, progress: impl Fn(&DownloadProgress<'_>) + Send + Sync + 'static) -> Self {
        self.progress = Some(Arc::new(progress));
        self
    }

    /// The same, with a template for the names of the files that [`download_all`](Self::download_all) saves.
    ///
    /// `{job}` is the request id and `{model}` the model's id with `-` for `/`, both as [`for_job`](Self::for_job) said;
    /// `{index}` is the file's place in the output, from 0, of `{count}`; `{name}` and `{extension}` are those of its URL.
    /// `{{` and `}}` stand for braces. All else stands for itself. What is no character for a file name on every system
    /// becomes `_`, and a name that is taken gets a number: `r-1-0-1.mp4`.
    ///
    /// ```
    /// # #[cfg(feature = "http")]
    /// # fn example(client: runcomfy_client::Client, job: runcomfy_client::Job) -> Result<(), Box<dyn std::error::Error>> {
    /// let downloader = client.downloader().names("{job}-{index}.{extension}")?.for_job(&job);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A text that says what is wrong with the template.
    pub fn names(self, template: &str) -> Result<Self, InvalidDownloader> {
        Ok(Self { naming: Naming::parse(template).map_err(InvalidDownloader::new)?, ..self })
    }

    /// The same, with a function that names the files that [`download_all`](Self::download_all) saves. Its text is made harmless, as that
    /// of a [template](Self::names) is.
    #[must_use]
    pub fn name_with(self, name: impl Fn(&FileToName<'_>) -> String + Send + Sync + 'static) -> Self {
        Self { naming: Naming::hook(name), ..self }
    }

    /// Saves all files of an output in `folder`, which is made if need be, one after the other.
    ///
    /// The output is typed, JSON, or one URL. Its files are the URLs in it: under the keys `image`, `images`, `video`,
    /// `videos`, `audio`, `audios`, `url`, `urls`, `path`, `paths`, bare or in lists at any depth; under other keys if
    /// their host is allowed. Files that the output holds itself are decoded: `data:` URIs, an image, a film or a sound
    /// in base64, and what is in base64 under `b64_json`. Space around a text does not count, and space in a URL is sent
    /// as `%20`.
    ///
    /// Any other text under a key for media is an error, after all other files were saved. So is what looks like a file
    /// elsewhere or under `path`, such as `outputs/a.mp4` or a film on a host that is not allowed, if the output has no
    /// other. Other words are no files, and an output without any gives an empty list.
    ///
    /// The names are those of the URLs, made safe for every system, or what [`names`](Self::names) or
    /// [`name_with`](Self::name_with) say. A name that is taken is never overwritten: the next file is `name-1.mp4`.
    ///
    /// # Errors
    /// [`DownloadError`] for the first file that could not be saved; it names and holds the files that were, before and
    /// after it ([`saved`](DownloadError::saved)), and why [others](DownloadError::others) were not. Files are not lost by
    /// calling again, but those are saved once more.
    pub async fn download_all(
        &self,
        output: &impl AsValue,
        folder: impl AsRef<Path>,
    ) -> Result<Vec<SavedFile>, DownloadError> {
        let urls = media_urls(output, |url| self.hosts.parse(url).is_ok());
        let (mut saved, mut failed) = (Vec::with_capacity(urls.len()), Vec::new());
        for (index, found) in urls.iter().enumerate() {
            let place = (index, urls.len());
            let target = |name: &FileName| Ok(Target::Folder(folder.as_ref().to_owned(), self.name(name, place)?));
            let span = debug_span!("download", index, count = urls.len());
            match self.save(&found.url, found.kind, target, place).instrument(span).await {
                Ok(file) => saved.push(file),
                // What is wrong with one file is no reason to leave others, which were paid for, where they expire.
                Err(error) => failed.push(error.at(&found.place)),
            }
        }
        let others = failed.split_off(failed.len().min(1));
        match failed.pop() {
            Some(first) => Err(first.with_saved(saved).with_others(others)),
            None => Ok(saved),
        }
    }

    /// Saves one file as `path`. Its folder is made if need be.
    ///
    /// # Errors
    /// [`DownloadError`], with [`DownloadErrorKind::Exists`] if there already is something at `path`.
    pub async fn download(&self, url: &str, path: impl AsRef<Path>) -> Result<SavedFile, DownloadError> {
        let target = |_: &FileName| Ok(Target::Path(path.as_ref().to_owned()));
        self.save(url, None, target, (0, 1)).instrument(debug_span!("download", index = 0, count = 1)).await
    }

    fn name(&self, own: &FileName, (index, count): (usize, usize)) -> Result<FileName, DownloadErrorKind> {
        let (job, model) = (self.job.0.as_deref(), self.job.1.as_deref());
        let (name, extension) = (own.stem(), own.extension());
        self.naming.name(&FileToName { job, model, index, count, name, extension }, own)
    }

    /// Saves a file where `target` says, which hears the name that it has by itself.
    async fn save(
        &self,
        text: &str,
        kind: Option<Kind>,
        target: impl FnOnce(&FileName) -> Result<Target, DownloadErrorKind>,
        (index, count): (usize, usize),
    ) -> Result<SavedFile, DownloadError> {
        let shown = &*public(text);
        let unnamed = |kind| DownloadError::new(shown, None, kind);
        let source = self.source(text).map_err(unnamed)?;
        let target = target(&source.name()).map_err(unnamed)?;
        let goal = target.path(0);
        let failed = |(path, kind)| DownloadError::new(shown, Some(path), kind).of_file(goal.clone());
        let mut part = Part::claim(&disk::System, target, source.identity()).await.map_err(failed)?;
        let path = part.path.clone();
        let progress = |received, total| {
            if let Some(progress) = &self.progress {
                progress(&DownloadProgress { path: &path, received, total, index, count });
            }
        };
        let extension = source.extension(&path);
        let said = Said { extension: &extension, kind };
        let brought = match &source {
            Source::Web(url) => {
                Transfer { downloader: self, url, said, progress: &progress, ranges: true }.run(&mut part).await
            }
            Source::Data(_, data) => self.unpack(data, said, &progress, &mut part).await.map_err(Failed::from),
        };
        if let Err(error) = brought {
            let partial = part.leave(error.worthless).await;
            return Err(failed((partial, error.kind)).with_retry_after(error.wait));
        }
        let (path, bytes) = part.finish().await.map_err(failed)?;
        debug!(path = %path.display(), bytes, "saved");
        let url = if is_data(text) { shown } else { text };
        Ok(SavedFile { path, url: url.to_owned(), bytes })
    }

    /// Where the bytes are to be had.
    fn source<'t>(&self, text: &'t str) -> Result<Source<'t>, DownloadErrorKind> {
        match DataUri::parse(text) {
            Some(data) => Ok(Source::Data(text, data)),
            None if is_data(text) => Err(UNREADABLE),
            None => Ok(Source::Web(self.hosts.parse(text)?)),
        }
    }

    /// Writes the file that an output holds itself.
    async fn unpack(
        &self,
        data: &DataUri<'_>,
        said: Said<'_>,
        progress: &(dyn Fn(u64, Option<u64>) + Sync),
        part: &mut Part,
    ) -> Result<(), DownloadErrorKind> {
        let bytes = data.bytes().ok_or(UNREADABLE)?;
        let total = bytes.len() as u64;
        match total {
            0 => return Err(empty().into()),
            _ if total > self.max_bytes => return Err(DownloadErrorKind::TooLarge { limit: self.max_bytes }),
            _ => said
                .typed(data.essence())
                .and_then(|()| said.beginning(bytes.get(..BEGINNING as usize).unwrap_or(&bytes), data.kind()))?,
        }
        progress(0, Some(total));
        part.restart(Promise::default()).await?;
        part.append(&bytes).await?;
        progress(total, Some(total));
        Ok(part.flush().await?)
    }
}

const UNREADABLE: DownloadErrorKind = DownloadErrorKind::Url("this is no `data:` URI that can be read");

/// Where the bytes of a file are to be had.
enum Source<'t> {
    Web(Url),
    /// In the text.
    Data(&'t str, DataUri<'t>),
}

impl Source<'_> {
    /// The name that the file has by itself.
    fn name(&self) -> FileName {
        match self {
            Self::Web(url) => FileName::of(url),
            Self::Data(_, data) => data.name(),
        }
    }

    /// The extension that says what the file is, in lower case: that of the URL, or that of the name it gets where only that
    /// one is known.
    fn extension(&self, path: &Path) -> String {
        let of_path = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let (own, of_path) = (self.name().extension().to_ascii_lowercase(), of_path.to_ascii_lowercase());
        match self {
            // It was made of the type, which speaks for itself.
            Self::Data(..) if own == of_path => String::new(),
            Self::Data(..) => of_path,
            Self::Web(_) if Kind::of_extension(&own).is_none() => of_path,
            Self::Web(_) => own,
        }
    }

    fn identity(&self) -> Identity {
        match self {
            Self::Web(url) => Identity::of(url),
            Self::Data(text, _) => Identity::of_text(text),
        }
    }
}

impl fmt::Debug for Downloader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Downloader").field("hosts", &self.hosts).field("max_bytes", &self.max_bytes).finish()
    }
}
