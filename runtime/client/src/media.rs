//! Texts that stand for media: URLs, `data:` URIs, names of samples. In: a text. Out: what it is by its look, and whether
//! it is fit to be sent. Must not know `rt`, read files, decode payloads or open connections.

pub(crate) mod host;

use std::fmt;

use crate::text::is_data_uri;

/// The kinds of media.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MediaKind {
    /// Pictures.
    Image,
    /// Moving pictures.
    Video,
    /// Sound.
    Audio,
}

/// What a media input is, by the look of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MediaSource<'a> {
    /// A URL (`https://…`; also `http://…`, which is not fit to be sent).
    Url(&'a str),
    /// A `data:` URI, which carries the media itself.
    Data(&'a str),
    /// The name of a sample that RunComfy hosts, such as `Runcomfy_Example_1290_1.png`.
    Sample(&'a str),
    /// None of these.
    Other(&'a str),
}

/// What a media input was made as, and must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaForm {
    /// Whatever it looks like: it was read.
    Any,
    /// A public URL.
    Url,
    /// A `data:` URI.
    Data,
    /// The name of a sample.
    Sample,
}

impl<'a> MediaSource<'a> {
    /// Classifies a text; loses nothing and never fails.
    pub(crate) fn of(text: &'a str) -> Self {
        if is_data_uri(text) {
            Self::Data(text)
        } else if strip_scheme(text, "https://").or_else(|| strip_scheme(text, "http://")).is_some() {
            Self::Url(text)
        } else if is_sample_name(text) {
            Self::Sample(text)
        } else {
            Self::Other(text)
        }
    }
}

impl MediaKind {
    /// The first half of the kind's media types.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

/// `image`, `video` or `audio`.
impl fmt::Display for MediaKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.media_type())
    }
}

/// The forms a media input may have, for messages.
pub(crate) struct Forms(pub(crate) MediaKind);

impl fmt::Display for Forms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let media_type = self.0.media_type();
        write!(f, "a public https URL, a data:{media_type}/…;base64 URI or the name of a hosted sample")
    }
}

/// Checks that a text is fit to be sent as media of this kind, and is what it was made as; the error is advice, which may be
/// empty.
pub(crate) fn check(kind: MediaKind, form: MediaForm, text: &str) -> Result<(), &'static str> {
    use MediaForm::{Any, Data, Sample, Url};
    match (MediaSource::of(text), form) {
        (MediaSource::Url(url), Any | Url) => check_url(url),
        (MediaSource::Data(uri), Any | Data) => check_data_uri(kind, uri),
        (MediaSource::Sample(_), Any | Sample) => Ok(()),
        (MediaSource::Url(_), _) => Err("it is a URL: make it by `url`"),
        (MediaSource::Data(_), _) => Err("it is a data: URI: make it by `data`"),
        (MediaSource::Sample(_), _) => {
            Err("it is a name: the name of a hosted sample goes by `sample`, a file on disk by `from_path`")
        }
        (MediaSource::Other(_), _) => Err(""),
    }
}

/// A quick yes for the URLs that nearly all media are: an https URL of visible ASCII with a plain host and no user or port.
pub(crate) fn is_plain_url(text: &str) -> bool {
    let Some(rest) = text.as_bytes().strip_prefix(b"https://") else { return false };
    let Some(path) = host::after_plain(rest) else { return false };
    // One pass without branches, which the compiler makes fast.
    matches!(path.first(), None | Some(b'/' | b'?' | b'#' | b'\\'))
        && !path.iter().fold(false, |odd, byte| odd | !byte.is_ascii_graphic())
}

fn check_url(url: &str) -> Result<(), &'static str> {
    let Some(rest) = strip_scheme(url, "https://") else {
        return Err("use https, not http");
    };
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("the URL has white space in it");
    }
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or("");
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    if host.is_empty() || host.starts_with(':') {
        return Err("the URL has no host");
    }
    match host::is_public(host) {
        true => Ok(()),
        false => Err("its host is not on the public internet, where the server could fetch it"),
    }
}

fn check_data_uri(kind: MediaKind, uri: &str) -> Result<(), &'static str> {
    let (header, payload) = split_data_uri(uri).ok_or("the data: URI has no comma")?;
    let mut parts = header.split(';');
    let (family, subtype) = parts.next().and_then(|media_type| media_type.split_once('/')).unwrap_or(("", ""));
    if !family.eq_ignore_ascii_case(kind.media_type()) || subtype.is_empty() {
        return Err("its media type is of another kind");
    }
    if !parts.next_back().is_some_and(|last| last.eq_ignore_ascii_case("base64")) {
        return Err("its payload must be base64");
    }
    if !is_base64(payload) {
        return Err("its payload is not base64, or cut off");
    }
    Ok(())
}

/// The header (without `data:`) and the payload of a `data:` URI.
pub(crate) fn split_data_uri(uri: &str) -> Option<(&str, &str)> {
    strip_scheme(uri, "data:")?.split_once(',')
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

/// Whether the text is base64 of the standard alphabet, padded. It is only scanned: payloads are megabytes.
fn is_base64(text: &str) -> bool {
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    !digits.is_empty()
        && text.len().is_multiple_of(4)
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/')
}

/// Whether the text looks like the name of a file: no folders, no white space, an extension.
fn is_sample_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let Some(dot) = bytes.iter().rposition(|byte| *byte == b'.') else {
        return false;
    };
    let is_plain = |byte: &u8| *byte > b' ' && !matches!(byte, b'/' | b'\\' | b':' | b'?' | b'#' | 0x7f);
    let extension = &bytes[dot + 1..];
    dot > 0
        && (2..=5).contains(&extension.len())
        && extension.iter().all(u8::is_ascii_alphanumeric)
        && bytes.iter().all(is_plain)
        && (text.is_ascii() || !text.contains(char::is_whitespace))
        && strip_scheme(text, "www.").is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_classified_by_their_look() {
        let source = |text| MediaSource::of(text);
        assert_eq!(source("HTTPS://example.com/a"), MediaSource::Url("HTTPS://example.com/a"));
        assert_eq!(source("http://example.com"), MediaSource::Url("http://example.com"));
        assert_eq!(source("Data:image/png;base64,"), MediaSource::Data("Data:image/png;base64,"));
        assert_eq!(source("Runcomfy_Example_1290_1.png"), MediaSource::Sample("Runcomfy_Example_1290_1.png"));
        for other in
            ["", "a photo of a cat.", "cat", ".png", "dir/cat.png", "www.example.com", "ftp://a.b/c.png", "daß:"]
        {
            assert_eq!(source(other), MediaSource::Other(other));
        }
    }

    #[test]
    fn only_media_that_can_be_fetched_or_read_is_fit() {
        let image = |text| check(MediaKind::Image, MediaForm::Any, text);
        for fit in ["https://example.com", "https://u:p@example.com:8/x?y#z", "data:image/png;base64,QUJD", "a_1.webp"]
        {
            assert_eq!(image(fit), Ok(()), "{fit}");
        }
        assert!(is_plain_url("https://example.com/a@b.png?b=c") && !is_plain_url("https://a.b/é"));
        for unfit in [
            "https://",
            "https:///a.png",
            "https://u@/a.png",
            "https://:80/",
            "https://a b/",
            "http://a.b/c",
            "https://localhost/a.png",
            "https://u@10.0.0.1:8/a.png",
        ] {
            assert!(image(unfit).is_err(), "{unfit}");
        }
        for unfit in [
            "data:,",
            "data:image/png,QUJD",
            "data:image/png;base64,",
            "data:image/png;base64,QUJ",
            "data:image/png;base64,Q_JD",
            "data:video/mp4;base64,QUJD",
            "data:image/;base64,QUJD",
            "data:image/png;base64",
            "a prompt",
        ] {
            assert!(image(unfit).is_err(), "{unfit}");
        }
    }

    #[test]
    fn a_text_must_be_what_it_was_made_as() {
        use MediaForm::{Any, Data, Sample, Url};
        let (url, data, sample) = ("https://example.com/a.png", "data:image/png;base64,QUJD", "photo.png");
        for (text, form) in [(url, Url), (data, Data), (sample, Sample)] {
            for made in [Any, Url, Data, Sample] {
                let fits = check(MediaKind::Image, made, text);
                assert_eq!(fits.is_ok(), made == Any || made == form, "{made:?} {text}");
            }
        }
        let advice = check(MediaKind::Image, Url, sample).expect_err("no URL");
        assert!(advice.contains("`sample`") && advice.contains("`from_path`"), "{advice}");
    }
}
