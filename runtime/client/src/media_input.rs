//! The types of media inputs: images, videos and audio. Each is a text that the checker knows to be of its kind. Must not
//! judge the text: that is in `media`.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::media::{MediaKind, MediaSource};
use crate::rt::{AsValue, FromValue, Node, Place, StandIn, Value};
use crate::text::Quoted;

macro_rules! media_input {
    ($name:ident, $kind:ident, $noun:literal, $example:literal, $media_type:literal) => {
        #[doc = concat!($noun, " for a model: a URL, a `data:` URI or the name of a hosted sample.")]
        ///
        /// There is no conversion from texts, so that a prompt can't land here by mistake. The text is kept as it is;
        /// [`validate`](crate::Model::validate) says whether it is fit to be sent. `Debug` shortens `data:` URIs.
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("A public `https` URL, such as `", $example, "`, that can be fetched without cookies or tokens.")]
            pub fn url(url: impl Into<String>) -> Self {
                Self(url.into())
            }

            #[doc = concat!("A `data:` URI with a base64 payload: `data:", $media_type, ";base64,…`.")]
            pub fn data(uri: impl Into<String>) -> Self {
                Self(uri.into())
            }

            /// The name of a sample that RunComfy hosts, as the defaults of some models have it.
            pub fn sample(name: impl Into<String>) -> Self {
                Self(name.into())
            }

            /// The text that is sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// What the text looks like, however it was made.
            pub fn source(&self) -> MediaSource<'_> {
                MediaSource::of(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), Quoted { text: &self.0, limit: usize::MAX })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self)
            }
        }

        impl AsValue for $name {
            #[inline]
            fn as_value(&self) -> Value<'_> {
                Value::Media(MediaKind::$kind, &self.0)
            }
        }

        impl FromValue for $name {
            fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
                String::from_node(node, place).map(Self)
            }
        }

        impl StandIn for $name {
            fn stand_in() -> Self {
                Self(String::new())
            }
        }
    };
}
media_input!(ImageInput, Image, "An image", "https://example.com/reference.png", "image/png");
media_input!(VideoInput, Video, "A video", "https://example.com/clip.mp4", "video/mp4");
media_input!(AudioInput, Audio, "A sound", "https://example.com/voice.wav", "audio/wav");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_print_megabytes() {
        let input = ImageInput::data(format!("data:image/png;base64,{}", "A".repeat(4_000_000)));
        assert_eq!(format!("{input:?}"), "ImageInput(\"data:image/png;base64,AAAAAAAA…\" (4000022 bytes))");
    }
}
