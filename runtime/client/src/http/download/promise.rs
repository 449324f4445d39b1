//! Whether an answer is what was promised. In: its status and headers, and what is known of the file. Out: where its
//! bytes go, or what was expected and what came instead. Must not read bodies beyond their beginning.

use reqwest::StatusCode;
use reqwest::header::{
    CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED,
    TRANSFER_ENCODING,
};

use super::beginning::{is_all_text, is_message, is_svg, is_text};
use super::kind::Kind;
use super::note::Promise;
use crate::http::error::Unexpected;
use crate::text::without_logins;

/// What is known of a file before an answer.
pub(super) struct Known<'a> {
    pub(super) promise: &'a Promise,
    /// How many bytes are there.
    pub(super) len: u64,
    /// Whether the rest was asked for, not the whole file.
    pub(super) rest: bool,
    /// What it is said to be.
    pub(super) said: Said<'a>,
}

/// What a file is said to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    /// The extension of its name, in lower case.
    pub(super) extension: &'a str,
    /// What the output's key says of it.
    pub(super) kind: Option<Kind>,
}

/// What an answer brings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brings {
    /// The file from its start, as promised here. Whatever was there is worth nothing.
    Whole(Promise),
    /// What is missing, up to this byte, which is not part of it.
    Rest { end: u64, total: u64 },
    /// Nothing: nothing was missing.
    Nothing,
}

/// An answer that is not what was promised.
#[derive(Debug)]
pub(super) struct Broken {
    pub(super) unexpected: Unexpected,
    /// It contradicts what is there already, so the whole file is the better question.
    pub(super) of_part: bool,
}

impl Known<'_> {
    /// Reads the head of a 200, 206 or 416.
    pub(super) fn read(&self, status: StatusCode, headers: &HeaderMap) -> Result<Brings, Broken> {
        let of_part = |unexpected| Broken { unexpected, of_part: true };
        if status == StatusCode::RANGE_NOT_SATISFIABLE {
            return self.nothing_missing(headers).map_err(of_part);
        }
        let right = as_it_is(headers).and_then(|()| self.said.typed(&essence(headers)));
        right.map_err(|unexpected| Broken { unexpected, of_part: false })?;
        match status {
            StatusCode::PARTIAL_CONTENT if self.rest => self.rest(headers),
            StatusCode::PARTIAL_CONTENT => whole_range(headers).and_then(|total| self.whole(headers, Some(total))),
            _ => self.whole(headers, None),
        }
        .map_err(of_part)
    }

    /// `range` is the total of the range that this is, if it is one.
    fn whole(&self, headers: &HeaderMap, range: Option<u64>) -> Result<Brings, Unexpected> {
        let date = header(headers, LAST_MODIFIED).map(str::to_owned);
        let mut now = Promise { version: version(headers), date, total: range.or(length(headers)) };
        if now.version == self.promise.version {
            match (self.promise.total, now.total) {
                (Some(first), Some(total)) if first != total => return Err(other_total(first, total)),
                (first, total) => now.total = total.or(first),
            }
        }
        match now.total {
            Some(0) => Err(empty()),
            _ => Ok(Brings::Whole(now)),
        }
    }

    fn rest(&self, headers: &HeaderMap) -> Result<Brings, Unexpected> {
        let (found, shown) = (header(headers, CONTENT_RANGE), shown_range(headers));
        let (start, total) = (self.len, self.promise.total);
        let last = total.map_or_else(String::new, |total| (total - 1).to_string());
        let shown_total = total.map_or_else(|| "*".to_owned(), |total| total.to_string());
        let other = || Unexpected::new(format!("`bytes {start}-{last}/{shown_total}`"), shown.clone());
        let range = found.and_then(Range::parse).ok_or_else(other)?;
        // A total that nobody ever said can't be reached.
        let whole = range.total.or(total).ok_or_else(other)?;
        let fits =
            range.first == start && range.last >= start && range.last < whole && total.is_none_or(|t| t == whole);
        if !fits || length(headers).is_some_and(|length| length != range.last - start + 1) {
            return Err(other());
        }
        let tag = header(headers, ETAG);
        if let (Some(tag), Some(ours)) = (tag, self.promise.strong())
            && tag != ours
        {
            return Err(Unexpected::new(format!("the version {ours}"), tag));
        }
        // A server that leaves out the version may still tell another date.
        let date = header(headers, LAST_MODIFIED).filter(|_| tag.is_none());
        if let (Some(date), Some(ours)) = (date, self.promise.date.as_deref())
            && date != ours
        {
            return Err(Unexpected::new(format!("the version of `{ours}`"), format!("that of `{date}`")));
        }
        Ok(Brings::Rest { end: range.last + 1, total: whole })
    }

    /// 416: `If-Range` came first, so it is the same version; then this means that nothing was missing.
    fn nothing_missing(&self, headers: &HeaderMap) -> Result<Brings, Unexpected> {
        let found = header(headers, CONTENT_RANGE);
        let total = found.and_then(|text| text.trim().strip_prefix("bytes */")?.parse().ok());
        let promised = self.promise.total.unwrap_or(self.len);
        if total == Some(self.len) && promised == self.len {
            return Ok(Brings::Nothing);
        }
        let shown = found.map_or("HTTP 416".to_owned(), |text| format!("HTTP 416 with `{text}`"));
        Err(Unexpected::new(format!("the bytes from {} on, of {promised}", self.len), shown))
    }
}

impl Said<'_> {
    /// What the output's key says counts where the name says nothing that is known.
    fn kind(&self) -> Option<Kind> {
        Kind::of_extension(self.extension).or(self.kind)
    }

    /// Whether a media type fits: pages and messages are no media, and no image is a film.
    pub(super) fn typed(&self, essence: &str) -> Result<(), Unexpected> {
        let fits = match (self.kind(), Kind::of_type(essence)) {
            (_, None) => true,
            (None | Some(Kind::Other | Kind::Plain), Some(found)) => found != Kind::Page,
            (Some(Kind::Binary), Some(found)) => !matches!(found, Kind::Page | Kind::Message),
            (Some(expected), Some(found)) => expected == found,
        };
        match fits {
            true => Ok(()),
            false => Err(Unexpected::new(self.described(None), format!("`{essence}`"))),
        }
    }

    /// Whether the file begins as it is said to, also by the media type that came with it: no image, film or sound begins as
    /// a text does, but for an SVG, which is not called `.png`. What else is no text may begin like one, and is none all the
    /// same.
    pub(super) fn beginning(&self, bytes: &[u8], typed: Option<Kind>) -> Result<(), Unexpected> {
        let fits = match self.kind().or(typed) {
            Some(Kind::Image) if Kind::of_extension(self.extension).is_none() && is_svg(bytes) => true,
            Some(kind) if kind.is_media() => !is_text(bytes),
            Some(Kind::Binary) => !is_all_text(bytes),
            Some(Kind::Plain) => !is_message(bytes),
            _ => true,
        };
        if fits {
            return Ok(());
        }
        let text = String::from_utf8_lossy(bytes);
        let shown: String = without_logins(text.trim_start()).chars().filter(|char| is_shown(*char)).take(80).collect();
        Err(Unexpected::new(self.described(typed), format!("a text that begins with `{shown}`")))
    }

    fn described(&self, typed: Option<Kind>) -> String {
        let what = match self.kind().or(typed) {
            Some(Kind::Image) => "an image",
            Some(Kind::Film) => "a film or a sound",
            Some(Kind::Binary | Kind::Plain) => "a file",
            _ => return "a file".to_owned(),
        };
        match self.extension {
            "" => what.to_owned(),
            extension => format!("{what} (`.{extension}`)"),
        }
    }
}

/// What is not a control character or a mark that nobody sees.
fn is_shown(char: char) -> bool {
    !char.is_control() && char != '\u{feff}'
}

/// The media type of an answer without its parameters, in lower case.
fn essence(headers: &HeaderMap) -> String {
    let text = header(headers, CONTENT_TYPE).unwrap_or_default();
    text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// What the media type of an answer says, if anything.
pub(super) fn typed(headers: &HeaderMap) -> Option<Kind> {
    Kind::of_type(&essence(headers))
}

/// The range of a 206: its first and last byte, and the total unless it is `*`.
struct Range {
    first: u64,
    last: u64,
    total: Option<u64>,
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        // The unit may be written in any case, and some write what stands in a request.
        let (unit, range) = text.trim().split_once([' ', '='])?;
        let (range, total) = range.split_once('/').filter(|_| unit.eq_ignore_ascii_case("bytes"))?;
        let (first, last) = range.split_once('-')?;
        let total = match total.trim() {
            "*" => None,
            total => Some(total.parse().ok()?),
        };
        Some(Self { first: first.trim().parse().ok()?, last: last.trim().parse().ok()?, total })
    }

    /// How many bytes are in it; `None` if it ends before it begins.
    fn len(&self) -> Option<u64> {
        self.last.checked_sub(self.first)?.checked_add(1)
    }
}

/// The total of a range that is the whole file, which some servers send to those who ask for no range.
fn whole_range(headers: &HeaderMap) -> Result<u64, Unexpected> {
    let range = header(headers, CONTENT_RANGE).and_then(Range::parse);
    let total =
        range.filter(|range| range.first == 0).and_then(|range| Some((range.last.checked_add(1)?, range.total?)));
    match total {
        Some((end, total)) if end == total && length(headers).is_none_or(|length| length == total) => Ok(total),
        _ => Err(Unexpected::new("the whole file", shown_range(headers))),
    }
}

/// What a 206 says that it is, for people.
fn shown_range(headers: &HeaderMap) -> String {
    let Some(range) = header(headers, CONTENT_RANGE) else { return "a part that does not say which".to_owned() };
    match Range::parse(range).zip(length(headers)) {
        Some((said, length)) if said.len() != Some(length) => format!("{length} bytes as `{range}`"),
        _ => format!("`{range}`"),
    }
}

pub(super) fn empty() -> Unexpected {
    Unexpected::new("at least one byte", "an empty file")
}

pub(super) fn other_total(expected: u64, found: u64) -> Unexpected {
    Unexpected::new(format!("{expected} bytes"), format!("{found} bytes"))
}

/// What stands for no coding at all: beside the word for it, what object stores keep of an upload, and what others write of a file
/// that is no text, or one.
const NO_CODINGS: [&str; 7] = ["", "identity", "aws-chunked", "none", "binary", "utf-8", "utf8"];

/// The ranges are of the file itself, so it must come as it is, which was asked for.
fn as_it_is(headers: &HeaderMap) -> Result<(), Unexpected> {
    let is_none = |coding: &String| NO_CODINGS.iter().any(|none| coding.eq_ignore_ascii_case(none));
    let codings = headers.get_all(CONTENT_ENCODING).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    let mut other = codings.flat_map(|text| text.split(',').map(|one| one.trim().to_owned()).collect::<Vec<_>>());
    match other.find(|coding| !is_none(coding)) {
        Some(coding) => Err(Unexpected::new("the file as it is", format!("the file encoded as `{coding}`"))),
        None => Ok(()),
    }
}

/// What tells a version from others: its ETag, else its date.
fn version(headers: &HeaderMap) -> Option<String> {
    header(headers, ETAG).or_else(|| header(headers, LAST_MODIFIED)).map(str::to_owned)
}

/// How long the body is. Where it comes in chunks, those say so, and a length beside them says nothing.
fn length(headers: &HeaderMap) -> Option<u64> {
    if headers.contains_key(TRANSFER_ENCODING) {
        return None;
    }
    header(headers, CONTENT_LENGTH)?.trim().parse().ok()
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
