//! The faults by name: what goes wrong with one request. Plain data, with what each leaves its sender in doubt about.

use std::time::Duration;

use super::{NoEnd, OddHead};

/// Whether a fault strikes before or after the request took effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The request had no effect.
    Before,
    /// The request had its effect (a job was made, cancelled, …), and the client is not told.
    After,
}

/// What an answer says about coming back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// Nothing.
    None,
    /// A number of seconds from now, as seconds.
    Seconds(u32),
    /// A number of seconds from now, as an HTTP date.
    Date(u32),
    /// A number of milliseconds from now, as seconds with a fraction (`0.5`), which no standard allows.
    Fraction(u32),
    /// A number of seconds from now, as an HTTP date of a server whose clock is that many seconds ahead (or behind). Its
    /// `Date` says so.
    SkewedDate(u32, i32),
    /// Any other text.
    Text(&'static str),
    /// Several texts, each in a line of its own, as a server and those before it leave them.
    Lines(&'static [&'static str]),
}

/// What lax writers put into JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// `NaN`, as Python's `json.dumps` writes it.
    Nan,
    /// `-Infinity`.
    Infinity,
    /// `1e999`, a number beyond those of 64 bits.
    HugeNumber,
    /// The text `"\ud83d"`, half of an emoji.
    LoneSurrogate,
    /// A text with a byte that is not UTF-8.
    Latin1,
    /// The first key of the object once more, with the same value.
    RepeatedKey,
    /// A byte order mark before the answer.
    ByteOrderMark,
}

impl Oddity {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Nan,
        Self::Infinity,
        Self::HugeNumber,
        Self::LoneSurrogate,
        Self::Latin1,
        Self::RepeatedKey,
        Self::ByteOrderMark,
    ];
}

/// Another shape of `output` than the schema says, around the same URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// `"https://…"`
    Text,
    /// `["https://…"]`
    List,
    /// `{"video": {"url": "https://…"}}`
    Nested,
    /// `{"videos": "https://…"}`
    TextUnderPlural,
    /// `{"video": ["https://…"]}`
    ListUnderSingular,
    /// `{"url": "https://…"}`
    Url,
    /// `{"path": "https://…"}`
    Path,
    /// `{"video": "https://…", "videos": ["https://…"]}`: the same URL twice.
    Repeated,
    /// `{}`
    Empty,
    /// `null`
    Null,
    /// No `output` at all.
    Missing,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::List,
        Self::Nested,
        Self::TextUnderPlural,
        Self::ListUnderSingular,
        Self::Url,
        Self::Path,
        Self::Repeated,
        Self::Empty,
        Self::Null,
        Self::Missing,
    ];
}

/// Another way to say that a job is cancelled. All have been seen; the documented one is what the emulator says by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CancelForm {
    /// `"status": "cancelled", "outcome": "cancelled"`
    Both,
    /// `"status": "cancelled", "outcome": "cancellation_requested"`
    Requested,
    /// `"status": "cancellation_requested"`, and no outcome.
    StatusOnly,
    /// `"status": "canceled", "outcome": "canceled"`, as older code spells it.
    Spelling,
    /// HTTP 200 instead of 202.
    Ok,
    /// HTTP 204 without a body.
    NoContent,
}

impl CancelForm {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Both, Self::Requested, Self::StatusOnly, Self::Spelling, Self::Ok, Self::NoContent];
}

/// How an error names the fields that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// `{"path": "/47_value", "message": "…"}`
    Pointer,
    /// `{"loc": ["body", "47_value"], "msg": "…", "type": "…"}`, as FastAPI writes it.
    Location,
    /// `"47_value: …"`, one text for all.
    Text,
}

/// Another form of request id than the usual one. The job can be asked for by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdForm {
    /// A JSON number beyond those that a float holds exactly.
    Number,
    /// Characters that vendor code does not know in ids, such as `.`, `:` and `~`.
    Opaque,
    /// 128 bytes.
    Long,
}

/// Where an answer tells the job's id, other than as `request_id` at its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IdPlace {
    /// `{"data": {"request_id": "…", …}}`
    Data,
    /// `[{"request_id": "…", …}]`
    List,
    /// Only in `status_url`, `result_url` and `cancel_url`.
    Address,
    /// In the address of the header `Location`; the body is `{}`.
    Head,
    /// The same in the header `Link`.
    Link,
    /// At the top, between spaces.
    Spaces,
    /// At the top, in upper case.
    Case,
    /// At the top of an answer in UTF-16.
    Utf16,
}

impl IdPlace {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Data, Self::List, Self::Address, Self::Head, Self::Link, Self::Spaces, Self::Case, Self::Utf16];
}

/// What goes wrong with a file. Those of parts strike only requests with a `Range`; others are answered as usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FileFault {
    /// 206 without `Content-Range`.
    NoContentRange,
    /// 206 whose `Content-Range` starts one byte later than its bytes do.
    WrongStart,
    /// 206 whose `Content-Range` has another total length.
    WrongTotal,
    /// 206 whose `Content-Range` has `*` for the total length.
    UnknownTotal,
    /// 206 with the first ten bytes of the part, and `*` for the total length.
    ShortPart,
    /// 206 with the first 6,000 bytes of the file, whatever was asked for, and `*` for the total length.
    FromStart,
    /// 200 with the whole file.
    IgnoresRange,
    /// The answer has this `Content-Encoding`, which is a lie.
    Encoding(&'static str),
    /// The answer has this `Content-Type` instead.
    Type(&'static str),
    /// 200 with a line of text instead of the file, under the file's media type.
    Text,
    /// A part of another version of the file, whatever `If-Range` says, without `ETag`: only its `Last-Modified` tells, where
    /// the file has a strong validator.
    Untagged,
    /// The answer is from another version of the file, of the same length. A strong validator tells; a weak one does not,
    /// and then a part is given of it whatever `If-Range` says. See [`Builder::validator`](crate::Builder::validator).
    Changed,
}

/// One thing that goes wrong with one request. Times are real, whatever the emulator's speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 Too Many Requests. The request had no effect.
    RateLimited(RetryAfter),
    /// 503 Service Unavailable with an error body of the API. The request had no effect.
    Busy(RetryAfter),
    /// A status such as 421, 425, 500, 502 or 503. What is below 502 has an error body of the API, the others a proxy's
    /// HTML.
    Status(u16, When),
    /// A page of a gateway, with any status.
    Html(u16, When),
    /// An error body of the API whose code may not fit the status, such as 500001 with 404. The request had no effect.
    Coded(u16, u32),
    /// JSON of the API without a code. The request had no effect. With 404 or 422 on [`Route::Result`](crate::Route) a job
    /// is completed and its result out of reach.
    Uncoded(u16),
    /// 422001 for the first two keys of the body that was sent, whatever they are. The request had no effect.
    Invalid(Detail),
    /// An error body of the API that repeats the token. The request had no effect.
    TokenInError(u16),
    /// The answer's `request_id` is the token.
    TokenAsId,
    /// The answer has what was sent before all else, as `input`, and in it a `request_id` that is another job's, as a prompt
    /// may hold one.
    Echo,
    /// The same, and the connection closes right after it: the only id to be seen is the other one.
    CutAfterEcho,
    /// The answer's `request_id` is that of another job.
    OtherId,
    /// The answer has `request_id` twice: the right one, then that of another job.
    TwoIds,
    /// The answer's `request_id` is right, and the id of another job stands in this place: one of `Data`, `Address`, `Head` and
    /// `Link`.
    Contradicted(IdPlace),
    /// The request took effect, and the answer tells the job's id in another place.
    Told(IdPlace),
    /// The same, with the status of a refusal.
    Denied(u16, IdPlace),
    /// The request took effect; the answer has the status of a refusal, and of the job nothing but this `status`.
    DeniedAs(u16, &'static str),
    /// The job has an id of this form. For [`Route::Submit`](crate::Route).
    Id(IdForm),
    /// The request is answered and its connection closed; then new connections are refused for that long.
    Refused(Duration),
    /// The connection is reset without a byte of an answer.
    Reset(When),
    /// The connection is closed in good order without a byte of an answer, after the request was read.
    Close(When),
    /// A submit's connection is closed when its head has been read and nothing of its body: the account knows neither body
    /// nor marker. Rolled by the order of arrival, so no seed repeats it.
    CloseUnread,
    /// The request is answered, and its connection stays open; the next request on it is read and finds it closed, as
    /// balancers do. Which request that is depends on the client's pool, so no seed repeats it.
    StaleConnection,
    /// Nothing but `103 Early Hints` for that long, one in 50 ms; then the answer.
    Informational(Duration),
    /// The same, as many as the connection takes.
    InformationalFlood(Duration),
    /// The answer's head drips, over that time.
    SlowHead(Duration),
    /// The head of the answer has what no head should have.
    Head(OddHead),
    /// The answer's body is whole, and its end is not told. The connection stays open for that long.
    Unended(NoEnd, Duration),
    /// The answer is compressed with gzip, whatever the request accepts.
    Gzip,
    /// The answer says that it is in this encoding, which may be none, and is not.
    Encoding(&'static str),
    /// The request is answered, but the body drips over that time.
    SlowBody(Duration),
    /// The answer's body is spaces, one in that time, without end.
    EndlessBody(Duration),
    /// The request is answered, but the connection closes in the middle of the body.
    CutBody,
    /// The request is answered, but the connection closes after that many bytes of the body; a body that is not longer comes
    /// whole.
    CutAt(usize),
    /// The connection closes right after the whole `request_id`. What has none is cut in the middle.
    CutAfterId,
    /// The connection closes within the `request_id`. What has none is cut in the middle.
    CutWithinId,
    /// The request took effect, but the answer's body is empty.
    EmptyBody,
    /// The request took effect, but the answer's body is not JSON.
    BrokenJson,
    /// The answer, its `output` and its first model have a value that is not quite JSON.
    OddJson(Oddity),
    /// The answer is this many bytes longer, by a list of numbers under a key that no documentation knows.
    Padded(usize),
    /// HTTP 200 with an error body that has this code. The request had no effect.
    ErrorBody(u32),
    /// Where the answer speaks of a live job, its `status` is one that no documentation knows. For
    /// [`Route::Status`](crate::Route) and [`Route::Result`](crate::Route).
    UnknownStatus,
    /// The answer's `status` is a list of the one that it is.
    ListedStatus,
    /// The answer and its `output` have keys that no documentation knows.
    UnknownFields,
    /// A successful result's `output` has another shape.
    Output(Shape),
    /// A cancel that worked is told in another form.
    Cancel(CancelForm),
    /// A page of models is that of an offset so much smaller or larger, as if models had come or gone between two pages.
    Slides(i8),
    /// The first model of a page has no `model_id`.
    EntryWithoutId,
    /// 307 to another host. The request had no effect here.
    Redirect,
    /// A redirect with this status to this URL. The request had no effect here.
    RedirectTo(u16, &'static str),
    /// For [`Route::File`](crate::Route).
    File(FileFault),
}

impl Fault {
    /// Whether the sender of a submit can't know afterwards if a job was made, or can know it only by reading what is not
    /// quite JSON or not quite HTTP. A fault that lets the answer drip becomes ambiguous only if the client hangs up before its end.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::Status(status, _) | Self::Uncoded(status) | Self::TokenInError(status) => status >= 500,
            Self::Coded(status, code) => status >= 500 || is_server_fault(code),
            Self::ErrorBody(code) => is_server_fault(code),
            Self::OddJson(oddity) => oddity != Oddity::RepeatedKey,
            Self::Busy(_)
            | Self::Html(..)
            | Self::TokenAsId
            | Self::TwoIds
            | Self::Contradicted(_)
            | Self::Told(_)
            | Self::Denied(..)
            | Self::DeniedAs(..)
            | Self::Reset(_)
            | Self::Close(_)
            | Self::CloseUnread
            | Self::StaleConnection
            | Self::Head(_)
            | Self::Unended(..)
            | Self::Gzip
            | Self::Encoding(_)
            | Self::EndlessBody(_)
            | Self::CutBody
            | Self::CutAt(_)
            | Self::CutAfterId
            | Self::CutWithinId
            | Self::CutAfterEcho
            | Self::EmptyBody
            | Self::BrokenJson
            | Self::Redirect
            | Self::RedirectTo(..) => true,
            _ => false,
        }
    }

    /// The status that the fault answers with, if it names one.
    pub(crate) fn status(self) -> Option<u16> {
        match self {
            Self::Status(status, _)
            | Self::Html(status, _)
            | Self::Coded(status, _)
            | Self::Uncoded(status)
            | Self::TokenInError(status)
            | Self::Denied(status, _)
            | Self::DeniedAs(status, _)
            | Self::RedirectTo(status, _) => Some(status),
            _ => None,
        }
    }
}

fn is_server_fault(code: u32) -> bool {
    (500_000..1_000_000).contains(&code)
}
