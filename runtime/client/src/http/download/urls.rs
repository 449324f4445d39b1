//! Where the files of an output are. In: an output, typed or as JSON. Out: the URLs in it, in order, each once, and
//! whether they stand where RunComfy puts media. Must not know hosts, and is never shown an input.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::Json;
use crate::rt::wire_value;
use crate::schema::AsValue;

/// The keys under which RunComfy and its own clients name media.
const MEDIA_KEYS: [&str; 10] =
    ["image", "images", "video", "videos", "audio", "audios", "url", "urls", "path", "paths"];

/// A URL in an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaUrl {
    pub(super) url: String,
    /// It stands alone, in a bare list or under a key for media; elsewhere it may lead to anything.
    pub(super) is_media: bool,
}

/// Every text of the output that is an http(s) URL.
pub(super) fn media_urls(output: &impl AsValue) -> Vec<MediaUrl> {
    let mut found = Found::default();
    found.collect(&wire_value(output.as_value()), true);
    found.urls
}

/// The URLs so far, and where in the list each is.
#[derive(Default)]
struct Found {
    urls: Vec<MediaUrl>,
    places: HashMap<String, usize>,
}

impl Found {
    fn collect(&mut self, value: &Json, is_media: bool) {
        match value {
            Json::String(text) if is_web_url(text) => self.add(text, is_media),
            Json::Array(items) => items.iter().for_each(|item| self.collect(item, is_media)),
            Json::Object(entries) => entries
                .iter()
                // Some servers echo what they were sent; those files are the user's own.
                .filter(|(key, _)| *key != "input" && *key != "inputs")
                .for_each(|(key, value)| self.collect(value, MEDIA_KEYS.contains(&key.as_str()))),
            _ => {}
        }
    }

    fn add(&mut self, url: &str, is_media: bool) {
        match self.places.entry(url.to_owned()) {
            Entry::Occupied(place) => self.urls[*place.get()].is_media |= is_media,
            Entry::Vacant(place) => {
                place.insert(self.urls.len());
                self.urls.push(MediaUrl { url: url.to_owned(), is_media });
            }
        }
    }
}

fn is_web_url(text: &str) -> bool {
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://")) && !text.contains(char::is_whitespace)
}

/// A URL without what may be a secret in it.
pub(super) fn public(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn urls(output: Json) -> Vec<String> {
        media_urls(&output).into_iter().map(|found| found.url).collect()
    }

    #[test]
    fn every_documented_place_is_found_once_and_in_order() {
        let output = json!({
            "video": "https://h/1.mp4",
            "images": ["https://h/2.png", "https://h/3.png", "https://h/2.png"],
            "audio": {"url": "https://h/4.wav", "seconds": 3},
            "9": {"images": [{"url": "https://h/5.png", "filename": "5.png", "type": "output"}]},
        });
        let mut found = urls(output);
        found.sort();
        assert_eq!(
            found,
            ["https://h/1.mp4", "https://h/2.png", "https://h/3.png", "https://h/4.wav", "https://h/5.png"]
        );
        assert_eq!(urls(json!("https://h/1.mp4")), ["https://h/1.mp4"]);
        assert_eq!(urls(json!(["https://h/1.mp4", "HTTPS://h/2.mp4"])), ["https://h/1.mp4", "HTTPS://h/2.mp4"]);
    }

    #[test]
    fn texts_and_echoed_inputs_are_no_media() {
        let output = json!({
            "text": "see https://h/1.png", "seed": 7, "image": "1.png", "video": null,
            "input": {"image": "https://h/mine.png"},
        });
        assert_eq!(urls(output), [""; 0]);
    }

    #[test]
    fn a_url_under_another_key_is_found_but_marked() {
        let found = media_urls(&json!({"mesh": "https://h/1.glb", "licence": ["https://l/"], "image": "https://l/"}));
        let marks: Vec<_> = found.iter().map(|found| (found.url.as_str(), found.is_media)).collect();
        assert!(marks.contains(&("https://h/1.glb", false)), "{marks:?}");
        assert!(marks.contains(&("https://l/", true)), "what is media in one place is media: {marks:?}");
    }
}
