//! What people look for a model by, from its id and, where that says nothing, from what it must be given and what it makes.

use std::collections::BTreeSet;

use crate::ir::{Capability, Field, Modality, Ty};

/// What is known of a model before anybody says what it is for.
pub(super) struct Known<'m> {
    pub(super) id: &'m str,
    /// The fields of the input.
    pub(super) fields: &'m [Field],
    pub(super) requires: &'m BTreeSet<Modality>,
    pub(super) gives: &'m BTreeSet<Modality>,
}

/// The rule. What follows the family in an id says more than the family's name, and both say more than the fields.
pub(super) fn of(known: &Known<'_>) -> Capability {
    let gives = made(known);
    let family = known.id.split('/').nth(1).unwrap_or_default();
    let parts = known.id.split('/').skip(2).chain([family]);
    let said = parts.map(words).find_map(|words| by_words(&words, gives, known));
    said.or_else(|| by_fields(gives?, known)).unwrap_or(Capability::Other)
}

/// The one thing that a model makes. Of several that it may make, a model whose input counts frames makes films.
fn made(known: &Known<'_>) -> Option<Modality> {
    let is_timed = |field: &Field| has(&words(&field.json), &["frames", "fps", "duration"]);
    match known.gives.iter().copied().collect::<Vec<_>>().as_slice() {
        [one] => Some(*one),
        [] => None,
        more => (more.contains(&Modality::Video) && known.fields.iter().any(is_timed)).then_some(Modality::Video),
    }
}

/// The words of a part of an id or of a name, in lower case.
fn words(text: &str) -> Vec<String> {
    text.split(['-', '_', '.']).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn has(words: &[String], any: &[&str]) -> bool {
    words.iter().any(|word| any.contains(&&**word))
}

fn modality(word: &str) -> Option<Modality> {
    match word {
        "speech" | "music" => Some(Modality::Audio),
        _ => Modality::ALL.into_iter().find(|modality| modality.as_str() == word),
    }
}

/// What the words of one part of an id say.
fn by_words(words: &[String], gives: Option<Modality>, known: &Known<'_>) -> Option<Capability> {
    let to = words.iter().position(|word| word == "to");
    let from = to.and_then(|to| words.get(to.checked_sub(1)?)).and_then(|word| modality(word));
    let made = to.and_then(|to| words.get(to + 1)).and_then(|word| modality(word)).or(gives);
    let is_video = made == Some(Modality::Video);
    if has(words, &["upscale", "upscaler", "upscaling", "superresolution", "enhance", "enhancer"]) {
        Some(Capability::Upscale)
    } else if is_video && has(words, &["lipsync", "talking", "avatar"]) {
        Some(Capability::AudioToVideo)
    } else if has(words, &["extend", "outpaint"]) {
        changed(made?, Capability::ExtendVideo)
    } else if has(words, &["edit", "inpaint"]) || (from.is_some() && from == made) {
        changed(made?, Capability::EditVideo)
    } else if is_video
        && (has(words, &["transition", "keyframes"]) || (has(words, &["first"]) && has(words, &["last"])))
    {
        Some(Capability::FirstLastFrameToVideo)
    } else if is_video && has(words, &["reference", "references"]) {
        Some(Capability::ReferenceToVideo)
    } else if has(words, &["music", "song"]) {
        Some(Capability::Music)
    } else if has(words, &["speech", "tts"]) && made == Some(Modality::Audio) {
        Some(Capability::Speech)
    } else {
        from_to(from?, made?, known)
    }
}

/// What changes a thing of a kind; a longer film is a thing of its own.
fn changed(made: Modality, video: Capability) -> Option<Capability> {
    match made {
        Modality::Image => Some(Capability::EditImage),
        Modality::Video => Some(video),
        Modality::Audio => Some(Capability::EditAudio),
        Modality::Text => None,
    }
}

/// What makes one thing of another.
fn from_to(from: Modality, made: Modality, known: &Known<'_>) -> Option<Capability> {
    let takes = |name: &str| known.fields.iter().any(|field| has(&words(&field.json), &[name]));
    Some(match (from, made) {
        (Modality::Text, Modality::Image) => Capability::TextToImage,
        (Modality::Text, Modality::Video) => Capability::TextToVideo,
        (Modality::Image, Modality::Video) => Capability::ImageToVideo,
        (Modality::Audio, Modality::Video) => Capability::AudioToVideo,
        (Modality::Text, Modality::Audio) if takes("lyrics") => Capability::Music,
        (Modality::Text, Modality::Audio) if takes("voice") => Capability::Speech,
        (Modality::Text, Modality::Audio) => Capability::TextToAudio,
        _ => return None,
    })
}

/// What the fields say: a film with a required sound is made to that sound, one with a required film is made of it.
fn by_fields(made: Modality, known: &Known<'_>) -> Option<Capability> {
    let needs = |modality| known.requires.contains(&modality);
    let images = known.fields.iter().filter(|field| field.required && field.ty == Ty::Media(crate::ir::Media::Image));
    match made {
        Modality::Video if needs(Modality::Audio) => Some(Capability::AudioToVideo),
        Modality::Video if needs(Modality::Video) => Some(Capability::EditVideo),
        Modality::Video if images.count() > 1 => Some(Capability::FirstLastFrameToVideo),
        Modality::Image if needs(Modality::Image) => Some(Capability::EditImage),
        Modality::Audio if needs(Modality::Audio) => Some(Capability::EditAudio),
        Modality::Video if needs(Modality::Image) => Some(Capability::ImageToVideo),
        _ if known.requires.iter().all(|needed| *needed == Modality::Text) => from_to(Modality::Text, made, known),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Media;

    /// An id, what the model makes, its required fields, its optional ones, and what it is for.
    type Case<'c> = (&'c str, &'c [Modality], &'c [Modality], &'c [&'c str], Capability);

    fn field(name: &str, ty: Ty, required: bool) -> Field {
        Field {
            name: name.to_owned(),
            json: name.to_owned(),
            aliases: Vec::new(),
            key: name.to_owned(),
            title: String::new(),
            description: String::new(),
            required,
            default: None,
            ty,
            rules: Vec::new(),
            format: String::new(),
            fixed: None,
        }
    }

    fn capability((id, gives, required, optional, _): &Case<'_>) -> Capability {
        let ty = |modality: &Modality| match modality {
            Modality::Text => Ty::Text,
            Modality::Image => Ty::Media(Media::Image),
            Modality::Video => Ty::Media(Media::Video),
            Modality::Audio => Ty::Media(Media::Audio),
        };
        let needed = required.iter().map(|modality| field("input", ty(modality), true));
        let fields: Vec<Field> = needed.chain(optional.iter().map(|name| field(name, Ty::Text, false))).collect();
        let requires = required.iter().copied().collect();
        of(&Known { id, fields: &fields, requires: &requires, gives: &gives.iter().copied().collect() })
    }

    #[test]
    fn what_an_id_says_comes_before_what_fields_say() {
        use Modality::{Audio, Image, Video};
        let cases: &[Case<'_>] = &[
            ("a/b/text-to-image", &[Image], &[], &[], Capability::TextToImage),
            ("a/b/pro/image-to-video/1080p", &[Video], &[], &[], Capability::ImageToVideo),
            ("a/b/image-to-image", &[Image], &[], &[], Capability::EditImage),
            ("a/b/Video-Edit", &[Video], &[], &[], Capability::EditVideo),
            ("a/b/video-to-video", &[], &[], &[], Capability::EditVideo),
            ("a/b/edit", &[Image], &[], &[], Capability::EditImage),
            ("a/b/extend-video/draft", &[Video], &[], &[], Capability::ExtendVideo),
            ("a/b/audio-outpaint", &[Audio], &[], &[], Capability::EditAudio),
            ("a/b/first-last-frame/720p", &[Video], &[], &[], Capability::FirstLastFrameToVideo),
            ("a/b/transition", &[Video], &[], &[], Capability::FirstLastFrameToVideo),
            ("a/b/4K/reference-to-video", &[Video], &[Video], &[], Capability::ReferenceToVideo),
            ("a/b/speech-to-video", &[Video], &[], &[], Capability::AudioToVideo),
            ("a/talking-head", &[Video], &[], &[], Capability::AudioToVideo),
            ("a/b/music-generation", &[Audio], &[], &[], Capability::Music),
            ("a/b/text-to-audio", &[Audio], &[], &["lyrics"], Capability::Music),
            ("a/b/text-to-audio", &[Audio], &[], &["voice"], Capability::Speech),
            ("a/b/text-to-audio", &[Audio], &[], &[], Capability::TextToAudio),
            ("a/b/text-to-speech", &[Audio], &[], &[], Capability::Speech),
            ("a/image-upscaler/fast", &[Image], &[Image], &[], Capability::Upscale),
        ];
        for case in cases {
            assert_eq!(capability(case), case.4, "{}", case.0);
        }
    }

    #[test]
    fn where_an_id_says_nothing_the_fields_do() {
        use Modality::{Audio, Image, Video};
        let cases: &[Case<'_>] = &[
            ("a/b/pro", &[Video], &[Modality::Text], &[], Capability::TextToVideo),
            ("a/b/pro", &[Video], &[Image], &[], Capability::ImageToVideo),
            ("a/b/pro", &[Video], &[Image, Image], &[], Capability::FirstLastFrameToVideo),
            ("a/b/pro", &[Video], &[Video], &[], Capability::EditVideo),
            ("a/b/pro", &[Video], &[Image, Audio], &[], Capability::AudioToVideo),
            ("a/b", &[Image], &[], &[], Capability::TextToImage),
            ("a/b/pro", &[Image], &[Image], &[], Capability::EditImage),
            ("a/b/pro", &[Audio], &[Audio], &[], Capability::EditAudio),
            ("a/b/pro", &[Image, Video], &[Image], &["number_of_frames"], Capability::ImageToVideo),
            ("a/b/pro", &[Image, Video], &[Image], &[], Capability::Other),
            ("a/b/pro", &[Image], &[Video], &[], Capability::Other),
            ("a/b/image-to-3d", &[], &[Image], &[], Capability::Other),
            ("a/b/pro", &[], &[], &[], Capability::Other),
        ];
        for case in cases {
            assert_eq!(capability(case), case.4, "{} {:?}", case.0, case.2);
        }
    }
}
