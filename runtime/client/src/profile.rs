//! What a model is for, as data: what it is looked for by, what goes in, what comes out, and what is known of its price.
//! Must not know any model, nor how these facts are found.

use std::fmt;
use std::str::FromStr;

use crate::UnknownChoice;
use crate::rt::choose;

/// An enum of facts, each with its word: `ALL`, `as_str`, `Display`, `FromStr`.
macro_rules! words {
    ($(#[$attribute:meta])+ pub enum $type:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$attribute])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $type {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $type {
            /// All of them, in the order in which lists of models show them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it, as `FromStr` reads it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl FromStr for $type {
            type Err = UnknownChoice;

            fn from_str(text: &str) -> Result<Self, UnknownChoice> {
                choose(text, |place| Self::ALL.get(place).map(|one| one.as_str())).map(|place| Self::ALL[place])
            }
        }
    };
}

words! {
    /// What people look for a model by. Found by a rule from the model's id, what it takes and what it gives; a model has one.
    pub enum Capability {
        /// Pictures from words.
        TextToImage = "text-to-image",
        /// Pictures from pictures: edited, filled in, mixed.
        EditImage = "edit-image",
        /// Films from words.
        TextToVideo = "text-to-video",
        /// A film from a picture, which it begins with.
        ImageToVideo = "image-to-video",
        /// A film from the picture that it begins with and the one that it ends with.
        FirstLastFrameToVideo = "first-last-frame-to-video",
        /// A film with what reference pictures, films or sounds show.
        ReferenceToVideo = "reference-to-video",
        /// A film to a sound: talking heads, lip sync.
        AudioToVideo = "audio-to-video",
        /// Films from films: edited, in another style.
        EditVideo = "edit-video",
        /// Films that go on after their end or begin before their start.
        ExtendVideo = "extend-video",
        /// Speech from words.
        Speech = "speech",
        /// Music and songs.
        Music = "music",
        /// Other sounds from words.
        TextToAudio = "text-to-audio",
        /// Sounds from sounds: filled in, continued.
        EditAudio = "edit-audio",
        /// The same picture or film with more detail.
        Upscale = "upscale",
        /// What fits none of these.
        Other = "other",
    }
}

words! {
    /// What goes into a model or comes out of it.
    pub enum Modality {
        /// Words.
        Text = "text",
        /// Pictures.
        Image = "image",
        /// Moving pictures.
        Video = "video",
        /// Sound.
        Audio = "audio",
    }
}

/// A published base price: a fact about the model, no quote for a job, and no minimum. What a job costs depends on its input.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Price {
    /// US dollars for one [`unit`](Self::unit).
    pub base_usd: f64,
    /// What is counted, as in `output` or `second`.
    pub unit: &'static str,
    /// What RunComfy adds in words.
    pub note: Option<&'static str>,
}

impl Price {
    /// For generated code.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(base_usd: f64, unit: &'static str, note: Option<&'static str>) -> Self {
        Self { base_usd, unit, note }
    }
}

impl fmt::Display for Price {
    /// `0.05 USD per second`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} USD per {}", self.base_usd, self.unit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back_and_no_two_are_alike() {
        for one in Capability::ALL {
            assert_eq!(one.as_str().parse(), Ok(*one));
        }
        for one in Modality::ALL {
            assert_eq!(one.as_str().parse(), Ok(*one));
        }
        let meant = "image-to-vidio".parse::<Capability>().expect_err("misspelt").meant();
        assert_eq!(meant, Some("image-to-video"));
    }

    #[test]
    fn a_price_is_told_with_its_unit() {
        assert_eq!(Price::new(0.05, "second", None).to_string(), "0.05 USD per second");
    }
}
