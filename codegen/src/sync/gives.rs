//! What a model makes, by the words of its capability: categories or an id in, media out. Must not know schemas.

use crate::ir::Media;

/// What RunComfy calls media.
const WORDS: [(&str, Media); 8] = [
    ("image", Media::Image),
    ("video", Media::Video),
    ("audio", Media::Audio),
    ("speech", Media::Audio),
    ("voice", Media::Audio),
    ("music", Media::Audio),
    ("sound", Media::Audio),
    ("song", Media::Audio),
];

/// What a model makes: by its categories, else by the last part of its id that tells; nothing where none does.
pub(super) fn gives(id: &str, categories: &[String]) -> Vec<Media> {
    let told = categories.iter().filter_map(|category| medium(category)).flatten().collect::<Vec<_>>();
    let by_id = || id.split('/').skip(1).collect::<Vec<_>>().into_iter().rev().find_map(medium).flatten();
    let all = if told.is_empty() { by_id().into_iter().collect() } else { told };
    [Media::Image, Media::Video, Media::Audio].into_iter().filter(|medium| all.contains(medium)).collect()
}

/// What a capability such as `image-to-video` makes: `None` if it does not tell, and inside it `None` if that is no medium.
fn medium(capability: &str) -> Option<Option<Media>> {
    let capability = capability.to_lowercase();
    let words: Vec<&str> = capability.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let known = |word: &&str| WORDS.iter().find(|(known, _)| known == word).map(|(_, medium)| *medium);
    match words.iter().rposition(|word| *word == "to") {
        Some(to) => Some(words[to..].iter().find_map(known)),
        None => words.iter().rev().find_map(known).map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_says_what_is_made() {
        use Media::{Audio, Image, Video};
        for (id, categories, made) in [
            ("kling/kling-3.0/4k/image-to-video", &[][..], &[Video][..]),
            ("lightricks/ltx-2.5/audio-to-video/fast", &[], &[Video]),
            ("acestep-ai/ace-step/audio-inpaint", &[], &[Audio]),
            ("elevenlabs/elevenlabs/music-generation", &[], &[Audio]),
            ("a/b/Text-To-Speech", &[], &[Audio]),
            ("qwen/qwen-image-3.0/pro/edit", &[], &[Image]),
            ("wan-ai/wan-2.7/edit", &[], &[]),
            ("image/b/edit", &[], &[]),
            ("a/some-image/image-to-3d", &[], &[]),
            ("a/some-image/speech-to-text", &[], &[]),
            ("a/b/image-edit", &["video_to_audio"], &[Audio]),
            ("a/b/image-edit", &["text-to-video", "image-to-image"], &[Image, Video]),
            ("a/b/image-edit", &["featured"], &[Image]),
        ] {
            let categories: Vec<String> = categories.iter().map(|text| (*text).to_owned()).collect();
            assert_eq!(gives(id, &categories), made, "{id} {categories:?}");
        }
    }
}
