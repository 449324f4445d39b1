//! Media as files: a path or bytes in, an input with a `data:` URI out. The type is told by the content, never by the name.
//! Must not know models or connections.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::media::MediaKind;
use crate::media_input::{AudioInput, ImageInput, VideoInput};

/// The largest request body that the vendor's ComfyUI nodes send, in bytes: 64 MiB. An input with several files must stay
/// below it as a whole; base64 makes four bytes of three.
pub const MAX_BODY_BYTES: u64 = 64 << 20;

/// Why a file, or bytes that are one, did not become a media input.
#[derive(Debug)]
#[non_exhaustive]
pub enum MediaFileError {
    /// The file can't be read.
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is a folder, a pipe or a device.
    NotAFile {
        /// What it is called.
        path: PathBuf,
    },
    /// Its content is not media of this kind.
    OtherContent {
        /// The file; `None` for bytes.
        path: Option<PathBuf>,
        /// What was asked for.
        wanted: MediaKind,
        /// The media type of its content, if it has one that is known.
        found: Option<&'static str>,
    },
    /// It is larger than what may be sent inside a request.
    TooLarge {
        /// The file; `None` for bytes.
        path: Option<PathBuf>,
        /// The most bytes it may have.
        limit: u64,
    },
}

impl fmt::Display for MediaFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, source } => write!(f, "{path:?} can't be read: {source}"),
            Self::NotAFile { path } => {
                write!(f, "{path:?} is a folder, a pipe or a device; name a file, or give its https URL")
            }
            Self::OtherContent { path, wanted, found } => {
                let (found, wanted) = (found.unwrap_or("of no known type, or empty"), wanted.media_type());
                let whose = Whose(path.as_deref());
                write!(f, "{whose}: the content is {found}, but must be {wanted}; convert it, or give another file")
            }
            Self::TooLarge { path, limit } => write!(
                f,
                "{} is larger than the {} MiB that may be sent inside a request; upload it and give its https URL",
                Whose(path.as_deref()),
                limit >> 20
            ),
        }
    }
}

/// The file, or the bytes.
struct Whose<'a>(Option<&'a Path>);

impl fmt::Display for Whose<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(path) => write!(f, "{path:?}"),
            None => f.write_str("what the bytes hold"),
        }
    }
}

// The message tells the cause, so there is no source, which would tell it twice.
impl std::error::Error for MediaFileError {}

/// The file as a `data:` URI, if it is media of this kind and not larger than `limit`.
fn file_uri(path: &Path, wanted: MediaKind, limit: u64) -> Result<String, MediaFileError> {
    let failed = |source| MediaFileError::Io { path: path.to_owned(), source };
    // Looked at before it is opened: opening a pipe may wait forever.
    if !path.metadata().map_err(failed)?.is_file() {
        return Err(MediaFileError::NotAFile { path: path.to_owned() });
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(failed)?;
    data_uri(&bytes, Some(path), wanted, limit)
}

/// The content of a file as a `data:` URI, if it is media of this kind and not larger than `limit`.
fn data_uri(bytes: &[u8], path: Option<&Path>, wanted: MediaKind, limit: u64) -> Result<String, MediaFileError> {
    if bytes.len() as u64 > limit {
        return Err(MediaFileError::TooLarge { path: path.map(Path::to_owned), limit });
    }
    let found = infer::get(bytes).map(|kind| kind.mime_type());
    let is_wanted = |media_type: &str| media_type.split('/').next() == Some(wanted.media_type());
    let Some(media_type) = found.filter(|media_type| is_wanted(media_type)) else {
        return Err(MediaFileError::OtherContent { path: path.map(Path::to_owned), wanted, found });
    };
    // The registered names; the library has those of before.
    let media_type = match media_type {
        "audio/x-wav" => "audio/wav",
        "audio/x-flac" => "audio/flac",
        "audio/m4a" => "audio/mp4",
        other => other,
    };
    let mut uri = format!("data:{media_type};base64,");
    STANDARD.encode_string(bytes, &mut uri);
    Ok(uri)
}

macro_rules! from_path {
    ($name:ident, $kind:ident, $noun:literal, $data:literal MiB, $(url: $url:literal MB,)?) => {
        impl $name {
            #[doc = concat!("The most bytes of ", $noun, " inside a request: ", $data, " MiB, the limit of the vendor's ComfyUI nodes.")]
            pub const MAX_DATA_BYTES: u64 = $data << 20;

            $(
                #[doc = concat!("The most bytes of ", $noun, " behind a URL that RunComfy's documentation recommends: ", $url, " MB.")]
                pub const MAX_URL_BYTES: u64 = $url * 1_000_000;
            )?

            #[doc = concat!("Reads ", $noun, " from disk into a `data:` URI. The type is told by the first bytes of the content,")]
            /// which says neither that the rest is whole, nor that a model takes that type.
            ///
            /// # Errors
            /// [`MediaFileError`] if the file can't be read, is of another kind, or has more than
            /// [`MAX_DATA_BYTES`](Self::MAX_DATA_BYTES).
            pub fn from_path(path: impl AsRef<Path>) -> Result<Self, MediaFileError> {
                file_uri(path.as_ref(), MediaKind::$kind, Self::MAX_DATA_BYTES).map(Self::data)
            }

            #[doc = concat!("Makes a `data:` URI of the content of ", $noun, ", as [`from_path`](Self::from_path) does of a file: what was")]
            /// uploaded, downloaded or drawn need not go by way of a disk.
            ///
            /// # Errors
            /// [`MediaFileError`] if the content is of another kind, or more than [`MAX_DATA_BYTES`](Self::MAX_DATA_BYTES).
            pub fn from_bytes(bytes: impl AsRef<[u8]>) -> Result<Self, MediaFileError> {
                data_uri(bytes.as_ref(), None, MediaKind::$kind, Self::MAX_DATA_BYTES).map(Self::data)
            }
        }
    };
}

from_path!(ImageInput, Image, "an image", 6 MiB, url: 50 MB,);
from_path!(VideoInput, Video, "a video", 32 MiB, url: 100 MB,);
from_path!(AudioInput, Audio, "an audio file", 16 MiB,);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::MediaForm;

    /// The smallest files that are told by their content.
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    const WAV: &[u8] = b"RIFF\x24\0\0\0WAVEfmt ";
    const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2";

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        (folder, path)
    }

    #[test]
    fn the_content_tells_the_type_whatever_the_name_says() {
        let (_keep, path) = file("picture.mp4", PNG);
        let image = ImageInput::from_path(&path).expect("a PNG");
        assert!(image.as_str().starts_with("data:image/png;base64,iVBORw0KGgo"), "{}", image.as_str());
        assert_eq!(
            crate::media::check(MediaKind::Image, MediaForm::Data, image.as_str()),
            Ok(()),
            "what is read is fit to be sent"
        );
        let error = VideoInput::from_path(&path).expect_err("no video").to_string();
        assert!(error.contains("the content is image/png, but must be video"), "{error}");
        let (_keep, path) = file("sound", WAV);
        assert!(AudioInput::from_path(&path).expect("a WAV").as_str().starts_with("data:audio/wav;base64,"));
        let (_keep, path) = file("film", MP4);
        assert!(VideoInput::from_path(&path).expect("an MP4").as_str().starts_with("data:video/mp4;base64,"));
        let (_keep, path) = file("text.png", b"a text");
        let error = ImageInput::from_path(&path).expect_err("no image").to_string();
        assert!(error.contains("of no known type"), "{error}");
    }

    #[test]
    fn a_file_above_the_limit_is_refused_with_the_remedy() {
        let (_keep, path) = file("large.png", PNG);
        let fill = |size| File::options().write(true).open(&path).and_then(|file| file.set_len(size)).expect("grown");
        fill(ImageInput::MAX_DATA_BYTES);
        ImageInput::from_path(&path).expect("just fits");
        fill(ImageInput::MAX_DATA_BYTES + 1);
        let error = ImageInput::from_path(&path).expect_err("too large").to_string();
        assert!(error.contains("6 MiB") && error.contains("https URL") && error.contains("large.png"), "{error}");
    }

    #[test]
    fn bytes_are_taken_as_files_are() {
        let (_keep, path) = file("picture", PNG);
        assert_eq!(ImageInput::from_bytes(PNG).expect("a PNG"), ImageInput::from_path(&path).expect("a PNG"));
        assert!(AudioInput::from_bytes(Vec::from(WAV)).is_ok(), "owned bytes, too");
        let error = VideoInput::from_bytes(PNG).expect_err("no video").to_string();
        assert!(error.starts_with("what the bytes hold: the content is image/png, but must be video"), "{error}");
        let too_many = [PNG, &vec![0; ImageInput::MAX_DATA_BYTES as usize]].concat();
        let error = ImageInput::from_bytes(too_many).expect_err("too large").to_string();
        assert!(error.starts_with("what the bytes hold is larger than the 6 MiB"), "{error}");
    }

    #[test]
    fn what_is_no_file_is_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(ImageInput::from_path(folder.path()), Err(MediaFileError::NotAFile { .. })));
        assert!(matches!(ImageInput::from_path(folder.path().join("none")), Err(MediaFileError::Io { .. })));
        #[cfg(unix)]
        assert!(matches!(ImageInput::from_path("/dev/zero"), Err(MediaFileError::NotAFile { .. })), "endless");
    }
}
