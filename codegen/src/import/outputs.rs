//! The shapes of answers that schema folders start with: what a model makes in, the shape that is assumed of its answers
//! out. Plain texts; must not know the schema folder.

use crate::ir::Media;

/// The shape of the answers of most models: its path and its text. A schema folder starts with it; in one that has models
/// without it, it would become the output type of those whose own has that shape.
pub(crate) const SHARED: (&str, &str) = ("_shared/media-output.json", include_str!("media-output.json"));

/// The shapes that are assumed where none is published: of whatever medium, and of one that is known.
pub(crate) const OUTPUTS: [(&str, &str); 4] = [
    ("_shared/assumed-output.json", include_str!("assumed-output.json")),
    ("_shared/image-output.json", include_str!("image-output.json")),
    ("_shared/video-output.json", include_str!("video-output.json")),
    ("_shared/audio-output.json", include_str!("audio-output.json")),
];

/// The shape that is assumed of a model that makes this.
pub(crate) fn assumed(gives: &[Media]) -> String {
    let place = match gives {
        [Media::Image] => 1,
        [Media::Video] => 2,
        [Media::Audio] => 3,
        _ => 0,
    };
    OUTPUTS[place].1.replace("\r\n", "\n")
}
