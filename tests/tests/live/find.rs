//! Finding models by words: what a user expects of the published models.

use runcomfy::{Capability, Modality};
use runcomfy_live::Catalogue;
use workspace_tests::root;

fn catalogue() -> Catalogue {
    Catalogue::builder().folder(root().join("schemas")).build().expect("the schemas")
}

fn found(catalogue: &Catalogue, words: &str) -> Vec<String> {
    catalogue.find(words).entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn every_word_must_be_found_somewhere() {
    let catalogue = catalogue();
    let count = catalogue.models().entries.len();
    assert_eq!(found(&catalogue, " — ").len(), count, "no word describes all");
    assert_eq!(found(&catalogue, "zeppelin"), Vec::<String>::new());
    assert_eq!(found(&catalogue, "seedance zeppelin"), Vec::<String>::new());
    let seedance = found(&catalogue, "seedance");
    assert!(seedance.iter().all(|id| id.contains("seedance")) && seedance.len() > 4, "{seedance:?}");
    assert_eq!(found(&catalogue, "SeeDance!"), seedance);
    assert_eq!(found(&catalogue, "the seedance model"), seedance);
    let lite = found(&catalogue, "seedance 2.5");
    assert!(!lite.is_empty() && lite.len() < seedance.len(), "{lite:?}");
    assert!(lite[0].contains("seedance-2.5"), "{lite:?}");
    assert_eq!(found(&catalogue, "vace fun")[0], "community/wan-2-2/vace-fun");
    assert_eq!(found(&catalogue, "community/wan-2-2/vace-fun"), ["community/wan-2-2/vace-fun"]);
}

#[test]
fn what_models_are_for_comes_first_and_then_what_they_can_do() {
    let catalogue = catalogue();
    let model = |id: &String| catalogue.model(id).expect("a model");
    for (words, capability, from, to) in [
        ("image to video", Capability::ImageToVideo, Modality::Image, Modality::Video),
        ("text to image", Capability::TextToImage, Modality::Text, Modality::Image),
        ("text-to-video", Capability::TextToVideo, Modality::Text, Modality::Video),
    ] {
        let found = found(&catalogue, words);
        let is_for = |id: &String| model(id).capability == capability || id.contains(&words.replace(' ', "-"));
        let all: Vec<String> = catalogue.models().entries.into_iter().map(|entry| entry.id).filter(is_for).collect();
        assert!(all.len() > 5 && all.iter().all(|id| found.contains(id)), "{words}: {found:?}");
        assert!(found.len() * 2 < catalogue.models().entries.len(), "{words} describes {} models", found.len());
        let (first, others) = found.split_at(all.len());
        assert!(first.iter().all(is_for), "{words}: {first:?}");
        for model in others.iter().map(model) {
            let needs_more = model.requires.iter().any(|one| *one != from && *one != Modality::Text);
            let can = model.takes.contains(&from) && model.gives.contains(&to) && !needs_more;
            assert!(can || model.display_name().to_lowercase().contains(words), "{words}: {}", model.id);
        }
    }
}

#[test]
fn a_resolution_is_one_that_the_model_has() {
    let catalogue = catalogue();
    for words in ["image to video 1080p", "1080p", "4k"] {
        let found = found(&catalogue, words);
        assert!(!found.is_empty() && found.len() * 2 < catalogue.models().entries.len(), "{words}: {found:?}");
        let resolution = words.rsplit(' ').next().unwrap_or_default();
        for id in &found {
            let model = catalogue.model(id).expect("a model");
            let schema = model.json_schema().to_string().to_lowercase();
            assert!(schema.contains(resolution) || id.to_lowercase().contains(resolution), "{words}: {id}");
        }
    }
    let best = &catalogue.find("image to video 1080p").entries[0];
    assert_eq!(catalogue.model(&best.id).expect("a model").capability, Capability::ImageToVideo);
}

#[test]
fn the_best_of_several_words_is_the_one_that_is_called_so() {
    let catalogue = catalogue();
    for (words, best) in [
        ("elevenlabs music", "elevenlabs/elevenlabs/music-generation"),
        ("ace step inpaint", "acestep-ai/ace-step/audio-inpaint"),
        ("flux 3 extend", "blackforestlabs/flux-3/extend-video"),
        ("happyhorse reference", "alibaba/happyhorse-1.1/reference-to-video"),
        ("seedance mini text to video", "bytedance/seedance-2.0-mini/text-to-video"),
    ] {
        assert_eq!(found(&catalogue, words).first().map(String::as_str), Some(best), "{words}");
    }
}
