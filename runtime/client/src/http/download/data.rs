//! Files that an output holds itself, as `data:` URIs. A text in, a name and the bytes out. Must not touch the disk.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode;

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
const EXTENSIONS: [(&str, &str); 9] = [
    ("image/jpeg", "jpg"),
    ("image/svg+xml", "svg"),
    ("video/quicktime", "mov"),
    ("video/x-matroska", "mkv"),
    ("audio/mpeg", "mp3"),
    ("audio/mp4", "m4a"),
    ("audio/vnd.wave", "wav"),
    ("text/plain", "txt"),
    ("application/octet-stream", ""),
];

/// A `data:` URI, not yet decoded.
pub(super) struct DataUri<'a> {
    /// The media type, in lower case.
    essence: String,
    is_base64: bool,
    payload: &'a str,
}

impl<'a> DataUri<'a> {
    /// `None` if the text is none, or has no end of its header.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let rest = text.get(5..).filter(|_| is_data(text))?;
        let (header, payload) = rest.split_once(',')?;
        let header = header.to_ascii_lowercase();
        let mut parts = header.split(';').map(str::trim);
        let essence = parts.next().filter(|essence| !essence.is_empty()).unwrap_or("text/plain").to_owned();
        Some(Self { essence, is_base64: parts.any(|part| part == "base64"), payload })
    }

    /// What its media type promises.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::of_type(&self.essence)
    }

    /// Whether it is an image, a film or a sound.
    pub(super) fn is_media(&self) -> bool {
        matches!(self.kind(), Some(Kind::Image | Kind::Film))
    }

    /// A name, for it has none.
    pub(super) fn name(&self) -> FileName {
        let known = EXTENSIONS.iter().find(|(essence, _)| *essence == self.essence).map(|(_, extension)| *extension);
        let word = self.essence.rsplit('/').next().unwrap_or_default();
        FileName::safe(&format!("output.{}", known.unwrap_or(word.trim_start_matches("x-"))))
    }

    /// Its bytes; `None` if they can't be read.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let plain: Vec<u8> = percent_decode(self.payload.as_bytes()).collect();
        if !self.is_base64 {
            return Some(plain);
        }
        let digit = |byte: u8| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let digits: Vec<u8> = plain.into_iter().filter(|byte| !byte.is_ascii_whitespace()).map(digit).collect();
        BASE64.decode(digits).ok()
    }
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
        ] {
            let data = DataUri::parse(uri).expect(uri);
            assert_eq!((&*data.name().numbered(0), data.bytes().as_deref()), (name, bytes), "{uri}");
        }
        assert!(DataUri::parse("data:image/png;base64").is_none() && DataUri::parse("https://h/a,b").is_none());
    }
}
