//! Files that an output holds itself, as `data:` URIs. A text in, a name and the bytes out. Must not touch the disk.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;

use super::beginning::media_type;
use super::kind::Kind;
use super::name::FileName;

/// As lax writers emit it: padded or not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What names of files end with, where that is not the word of the media type.
const EXTENSIONS: [(&str, &str); 15] = [
    ("image/jpeg", "jpg"),
    ("image/svg+xml", "svg"),
    ("image/vnd.adobe.photoshop", "psd"),
    ("image/vnd.microsoft.icon", "ico"),
    ("video/quicktime", "mov"),
    ("video/x-matroska", "mkv"),
    ("video/x-msvideo", "avi"),
    ("video/x-ms-wmv", "wmv"),
    ("video/3gpp", "3gp"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/midi", "mid"),
    ("audio/vnd.wave", "wav"),
    ("text/plain", "txt"),
    ("application/octet-stream", ""),
];

/// How many characters are looked at to tell what is in them.
const BEGINNING: usize = 1024;

/// A `data:` URI, not yet decoded.
pub(super) struct DataUri<'a> {
    /// The media type, in lower case.
    essence: String,
    is_base64: bool,
    payload: &'a str,
}

impl<'a> DataUri<'a> {
    /// `None` if the text is none, such as words after `data:`, or has no end of its header.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let rest = text.get(5..).filter(|_| is_data(text))?;
        let (header, payload) = rest.split_once(',')?;
        let header = header.to_ascii_lowercase();
        let mut parts = header.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| essence.is_empty() || essence.contains('/'))?.to_owned();
        let mut data = Self { essence, is_base64: parts.any(|part| part == "base64"), payload };
        if matches!(&*data.essence, "" | "application/octet-stream") {
            let beginning = if data.is_base64 { beginning(payload) } else { None };
            data.essence = match beginning.and_then(|bytes| media_type(&bytes)) {
                Some(found) => found.to_owned(),
                None if data.essence.is_empty() => "text/plain".to_owned(),
                None => data.essence,
            };
        }
        Some(data)
    }

    /// The media type, in lower case: what it says, or what its bytes are where it says nothing.
    pub(super) fn essence(&self) -> &str {
        &self.essence
    }

    /// What its media type promises.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::of_type(&self.essence)
    }

    /// Whether it is an image, a film or a sound.
    pub(super) fn is_media(&self) -> bool {
        self.kind().is_some_and(Kind::is_media)
    }

    /// A name, for it has none.
    pub(super) fn name(&self) -> FileName {
        let known = EXTENSIONS.iter().find(|(essence, _)| *essence == self.essence).map(|(_, extension)| *extension);
        let word = self.essence.rsplit('/').next().unwrap_or_default();
        FileName::safe(&format!("output.{}", known.unwrap_or(word.trim_start_matches("x-"))))
    }

    /// Its bytes; `None` if they can't be read.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        match self.is_base64 {
            true => decode(self.payload.as_bytes(), false),
            false => Some(percent_decode(self.payload.as_bytes()).collect()),
        }
    }
}

/// What is in base64, in any alphabet and lines; `None` if it is none. Of what `is_cut`, as far as it is whole.
fn decode(text: &[u8], is_cut: bool) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    };
    let mut digits: Vec<u8> = percent_decode(text).filter(|byte| !byte.is_ascii_whitespace()).map(digit).collect();
    if is_cut {
        let whole = digits.iter().position(|byte| matches!(byte, b'=' | b'%')).unwrap_or(digits.len());
        digits.truncate(whole - whole % 4 + if whole % 4 > 1 { whole % 4 } else { 0 });
    }
    BASE64.decode(digits).ok()
}

/// The first bytes of what is in base64.
fn beginning(text: &str) -> Option<Vec<u8>> {
    decode(&text.as_bytes()[..text.len().min(BEGINNING)], true)
}

/// A `data:` URI of a text that is a file in base64: of an image, a film or a sound, as its first bytes tell, or of any file
/// if it `is_base64` for sure.
pub(super) fn as_data(text: &str, is_base64: bool) -> Option<String> {
    let digits = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_= \r\n".contains(&byte);
    if !text.bytes().all(digits) {
        return None;
    }
    let found = media_type(&beginning(text)?).or(is_base64.then_some("application/octet-stream"))?;
    Some(format!("data:{found};base64,{text}"))
}

/// Whether a text is a `data:` URI.
pub(super) fn is_data(text: &str) -> bool {
    text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_decoded_and_named_by_its_type() {
        for (uri, name, bytes) in [
            ("data:image/png;base64,iVBORw==", "output.png", Some(&b"\x89PNG"[..])),
            ("DATA:Image/JPEG;charset=x;base64, _-_ \n-", "output.jpg", Some(b"\xff\xef\xfe")),
            ("data:video/mp4;base64,AAAB", "output.mp4", Some(b"\0\0\x01")),
            ("data:audio/x-wav;base64,UklGRg%3D%3D", "output.wav", Some(b"RIFF")),
            ("data:,a%20b", "output.txt", Some(b"a b")),
            ("data:application/octet-stream,a", "output", Some(b"a")),
            ("data:image/png;base64,!", "output.png", None),
            ("data:;base64,iVBORw0KGgo=", "output.png", Some(b"\x89PNG\r\n\x1a\n")),
            ("data:application/octet-stream;base64,/9j/", "output.jpg", Some(b"\xff\xd8\xff")),
            ("data:;base64,Qk1X", "output.txt", Some(b"BMW")),
        ] {
            let data = DataUri::parse(uri).expect(uri);
            assert_eq!((&*data.name().numbered(0), data.bytes().as_deref()), (name, bytes), "{uri}");
        }
        let words = DataUri::parse("Data: a cat, a dog");
        assert!(
            words.is_none()
                && DataUri::parse("data:image/png;base64").is_none()
                && DataUri::parse("https://h/a,b").is_none()
        );
    }
}
