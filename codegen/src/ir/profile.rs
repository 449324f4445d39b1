//! What a model is for, as plain data: what it is looked for by, what goes in and what comes out. Must not know how that is
//! found.

use serde::Serialize;

use super::Media;

/// What a model is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// What people look for it by.
    pub capability: Capability,
    /// What every input of it has.
    pub requires: Vec<Modality>,
    /// What an input of it may have, the required included.
    pub takes: Vec<Modality>,
    /// What it makes; empty where that is not known.
    pub gives: Vec<Modality>,
    /// The resolutions that it is asked for by, as in `1080p` and `4k`, smallest first.
    pub resolutions: Vec<String>,
}

/// What goes into a model or comes out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Modality {
    /// Words
    Text,
    /// Pictures
    Image,
    /// Moving pictures
    Video,
    /// Sound
    Audio,
}

impl Modality {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Text, Self::Image, Self::Video, Self::Audio];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Image => "image",
            Self::Video => "video",
            Self::Audio => "audio",
        }
    }
}

impl From<Media> for Modality {
    fn from(media: Media) -> Self {
        match media {
            Media::Image => Self::Image,
            Media::Video => Self::Video,
            Media::Audio => Self::Audio,
        }
    }
}

/// What people look for a model by. The client has the same, under the same names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[expect(missing_docs, reason = "each has a title")]
pub enum Capability {
    TextToImage,
    EditImage,
    TextToVideo,
    ImageToVideo,
    FirstLastFrameToVideo,
    ReferenceToVideo,
    AudioToVideo,
    EditVideo,
    ExtendVideo,
    Speech,
    Music,
    TextToAudio,
    EditAudio,
    Upscale,
    #[default]
    Other,
}

impl Capability {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 15] = [
        Self::TextToImage,
        Self::EditImage,
        Self::TextToVideo,
        Self::ImageToVideo,
        Self::FirstLastFrameToVideo,
        Self::ReferenceToVideo,
        Self::AudioToVideo,
        Self::EditVideo,
        Self::ExtendVideo,
        Self::Speech,
        Self::Music,
        Self::TextToAudio,
        Self::EditAudio,
        Self::Upscale,
        Self::Other,
    ];

    /// What people call it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::TextToImage => "Text to image",
            Self::EditImage => "Edit images",
            Self::TextToVideo => "Text to video",
            Self::ImageToVideo => "Image to video",
            Self::FirstLastFrameToVideo => "First and last frame to video",
            Self::ReferenceToVideo => "Reference to video",
            Self::AudioToVideo => "Audio to video",
            Self::EditVideo => "Edit videos",
            Self::ExtendVideo => "Extend videos",
            Self::Speech => "Speech",
            Self::Music => "Music",
            Self::TextToAudio => "Text to audio",
            Self::EditAudio => "Edit audio",
            Self::Upscale => "Upscale",
            Self::Other => "Other",
        }
    }
}
