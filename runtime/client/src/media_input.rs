//! The types of media inputs: images, videos and audio. Each is a text, and what it was made as, that the checker knows to be
//! of its kind. Must not judge the text: that is in `media`.

use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::media::{MediaForm, MediaSource};
use crate::rt::StandIn;
use crate::schema::{AsValue, FromValue, Node, Place, Value};
use crate::text::Quoted;

macro_rules! media_input {
    ($name:ident, $noun:literal, $example:literal, $media_type:literal) => {
        #[doc = concat!($noun, " for a model: a URL, a `data:` URI or the name of a hosted sample.")]
        ///
        /// There is no conversion from texts, so that a prompt can't land here by mistake. The text is kept as it is;
        /// [`validate`](crate::Model::validate) says whether it is fit to be sent, and is what it was made as: a name is no
        /// `url`. What is read from JSON is what it looks like. Two inputs are equal if they send the same text. `Debug`
        /// shortens `data:` URIs.
        #[derive(Clone)]
        pub struct $name {
            text: String,
            form: MediaForm,
        }

        impl $name {
            #[doc = concat!("A public `https` URL, such as `", $example, "`, that can be fetched without cookies or tokens.")]
            pub fn url(url: impl Into<String>) -> Self {
                Self { text: url.into(), form: MediaForm::Url }
            }

            #[doc = concat!("A `data:` URI with a base64 payload: `data:", $media_type, ";base64,…`.")]
            pub fn data(uri: impl Into<String>) -> Self {
                Self { text: uri.into(), form: MediaForm::Data }
            }

            /// The name of a sample that RunComfy hosts, as the defaults of some models have it.
            pub fn sample(name: impl Into<String>) -> Self {
                Self { text: name.into(), form: MediaForm::Sample }
            }

            /// The text that is sent.
            pub fn as_str(&self) -> &str {
                &self.text
            }

            /// What the text looks like, however it was made.
            pub fn source(&self) -> MediaSource<'_> {
                MediaSource::of(&self.text)
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.text.hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), Quoted { text: &self.text, limit: usize::MAX })
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.text)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|text| Self { text, form: MediaForm::Any })
            }
        }

        impl AsValue for $name {
            #[inline]
            fn as_value(&self) -> Value<'_> {
                Value::Media(self.form, &self.text)
            }
        }

        impl FromValue for $name {
            fn from_node(node: Node, place: &mut Place<'_>) -> Option<Self> {
                String::from_node(node, place).map(|text| Self { text, form: MediaForm::Any })
            }
        }

        impl StandIn for $name {
            fn stand_in() -> Self {
                Self { text: String::new(), form: MediaForm::Any }
            }
        }
    };
}
media_input!(ImageInput, "An image", "https://example.com/reference.png", "image/png");
media_input!(VideoInput, "A video", "https://example.com/clip.mp4", "video/mp4");
media_input!(AudioInput, "A sound", "https://example.com/voice.wav", "audio/wav");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_does_not_print_megabytes() {
        let input = ImageInput::data(format!("data:image/png;base64,{}", "A".repeat(4_000_000)));
        assert_eq!(format!("{input:?}"), "ImageInput(\"data:image/png;base64,AAAAAAAA…\" (4000022 bytes))");
    }
}
