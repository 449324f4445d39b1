//! The files that jobs leave: a kind, a number and a least size in, a small valid file out. The same number gives the same
//! bytes, another number others. Knows no jobs.

mod mp4;
mod png;
mod wav;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A PNG of 64 × 64 pixels.
    Image,
    /// One second of H.264 in MP4.
    Video,
    /// A quarter of a second or more of PCM in WAVE.
    Audio,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Image, Self::Video, Self::Audio];

    /// The word in formats, media types and categories.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }

    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Image => "png",
            Self::Video => "mp4",
            Self::Audio => "wav",
        }
    }

    pub(crate) fn from_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.extension() == extension)
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Image => "image/png",
            Self::Video => "video/mp4",
            Self::Audio => "audio/wav",
        }
    }

    /// A valid file of at least that many bytes.
    pub(crate) fn file(self, number: u64, at_least: usize) -> Vec<u8> {
        match self {
            Self::Image => png::file(number, at_least),
            Self::Video => mp4::file(number, at_least),
            Self::Audio => wav::file(number, at_least),
        }
    }
}

/// Bytes that fill a file up to the wanted size. They differ from place to place, so that a download put together wrongly
/// can't look right.
fn filling(number: u64, len: usize) -> Vec<u8> {
    let bytes = (0..=u64::MAX).flat_map(move |word| (word ^ number).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    bytes.take(len).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_as_long_as_wanted_and_differ_by_number() {
        for kind in Kind::ALL {
            let file = kind.file(7, 100_000);
            assert!((100_000..101_000).contains(&file.len()), "{kind:?} {}", file.len());
            assert_eq!(file, kind.file(7, 100_000));
            assert_ne!(kind.file(7, 0), kind.file(8, 0), "{kind:?}");
            assert!(kind.file(7, 0).len() < 16_000, "{kind:?}");
        }
    }
}
