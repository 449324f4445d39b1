//! What stands in the public signatures of the crate `runcomfy`, named as its users can name it. A test holds this list
//! against the sources: what is missing here can't be named, or nobody tried.

use runcomfy::schema::{
    AsValue, CompiledFragment, CompiledPattern, Const, Entries, Field, Fragment, FragmentCompiler, FromValue,
    JsonParser, LateTable, List, MediaChecker, MediaForm, Names, Node, Number, Object, Pattern, PatternCompiler, Place,
    Rule, Table, TableRef, Types, Validation, Value,
};
use runcomfy::tool::{Dialect, Dropped, Tool, ToolError};
use runcomfy::{
    AdaptivePolling, ApiError, ApiErrorKind, AudioInput, CancelGuard, Cancellation, Capability, CatalogueEntry,
    CataloguePage, CatalogueQuery, CheckError, Client, ClientBuilder, ConfigError, DecodeError, Detached, Digest, Done,
    DownloadError, DownloadErrorKind, DownloadProgress, Downloader, DownloaderBuilder, Drift, Ending, Error, Extra,
    Failure, FieldError, FileToName, FixedPolling, FreshPage, ImageInput, InvalidDownloader, InvalidInput, Job, Json,
    KeyChange, MediaFileError, MediaKind, MediaSource, Modality, Model, ModelInfo, NoDigest, NoOutput, OutOfReach,
    OutcomeUnknown, PathPart, PollContext, PollPolicy, Price, RetryPolicy, SavedFile, Status, StillRunning, Stream,
    SubmitOutcome, TransportError, TransportErrorKind, UnknownChoice, UnknownEnding, UnknownValue, Update,
    Verification, VideoInput, Violation, ViolationKind, blocking, reqwest,
};

/// Compiles if the type can be named.
const fn named<T: ?Sized>() {}

/// Every type.
pub const fn types() {
    named::<(Client, ClientBuilder, ConfigError, Error, ApiError, ApiErrorKind, FieldError, TransportError)>();
    named::<(TransportErrorKind, DecodeError, OutcomeUnknown, OutOfReach, Detached, NoOutput, Failure, UnknownEnding)>(
    );
    named::<(Job, SubmitOutcome, CancelGuard, Ending, Done, StillRunning, Status, Update, Cancellation, RetryPolicy)>();
    named::<(AdaptivePolling, FixedPolling, PollContext<'_>, CatalogueEntry, FreshPage, CataloguePage, CatalogueQuery)>(
    );
    named::<(Verification, Drift, KeyChange, Downloader, DownloaderBuilder, InvalidDownloader, SavedFile)>();
    named::<(DownloadError, DownloadErrorKind, DownloadProgress<'_>, FileToName<'_>)>();
    named::<(ImageInput, VideoInput, AudioInput, MediaKind, MediaSource<'_>, MediaForm, MediaFileError)>();
    named::<(InvalidInput, Violation, ViolationKind, PathPart, UnknownChoice, UnknownValue, CheckError)>();
    named::<(ModelInfo, Capability, Modality, Price)>();
    named::<(Digest, NoDigest, LateTable, TableRef)>();
    named::<(Dialect, Dropped, Tool, ToolError)>();
    named::<(Json, Extra, Table, Field, Rule, Const, Number, Types, Names, Validation, Pattern)>();
    named::<(Fragment, CompiledFragment, FragmentCompiler, JsonParser, MediaChecker, Node)>();
    named::<(PatternCompiler, CompiledPattern)>();
    named::<(Value<'_>, Place<'_>, &dyn Object, &dyn List, &dyn Entries, &dyn PollPolicy)>();
    named::<(blocking::Client, blocking::Job, blocking::Downloader, blocking::Items<Json>)>();
    named::<(reqwest::Client, reqwest::ClientBuilder, reqwest::Url)>();
}

/// What `Model` asks of its types can be asked for.
pub fn outputs<M: Model + Object + FromValue>(of: &M) -> Vec<&'static Field>
where
    M::Output: AsValue + FromValue,
{
    of.table().fields.iter().collect()
}

/// A stream of the client can be handed on.
pub fn news(job: &Job) -> impl Stream<Item = Result<Update, Error>> + use<> {
    job.updates()
}
