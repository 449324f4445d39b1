//! The client of the Model API: submits jobs, follows them, fetches their results. In: inputs that other modules have
//! checked and written. Out: outputs, endings and errors. Must not know any model.

mod about;
mod assumed;
mod bare;
mod body;
mod builder;
mod catalogue;
mod chain;
mod client;
mod connections;
mod download;
mod drift;
mod encoding;
mod ending;
mod endpoint;
mod error;
mod follow;
mod guard;
mod heard;
mod ids;
mod job;
mod lax;
mod poll;
mod proxies;
mod question;
mod record;
mod redirects;
mod retry;
mod run;
mod runtimes;
mod secret;
mod shared;
mod sleep;
mod spoken;
mod status;
mod submit;
mod submit_once;
mod tls;
mod token;
mod transport;
mod unsent;
mod verified;
mod wait;

pub use builder::ClientBuilder;
pub use catalogue::{CatalogueEntry, CataloguePage, CatalogueQuery, FreshPage};
pub use client::Client;
pub use download::{
    DownloadProgress, Downloader, DownloaderBuilder, FileToName, InvalidDownloader, MAX_DOWNLOAD_BYTES, SavedFile,
};
pub use drift::Verification;
pub use ending::{Done, Ending, StillRunning};
pub use error::{
    ApiError, ApiErrorKind, ConfigError, DecodeError, Detached, DownloadError, DownloadErrorKind, Drift, Error,
    Failure, FieldError, KeyChange, NoOutput, OutOfReach, OutcomeUnknown, TransportError, TransportErrorKind,
    UnknownEnding,
};
pub use guard::CancelGuard;
pub use job::Job;
pub use poll::{AdaptivePolling, FixedPolling, PollContext, PollPolicy};
pub use retry::RetryPolicy;
pub use status::{Cancellation, Status, Update};
pub use submit_once::SubmitOutcome;
