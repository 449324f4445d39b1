//! Where the files of an output are. In: an output, typed or as JSON. Out: the URLs in it, in order, each once, and
//! whether they stand where RunComfy puts media. Must not know hosts, and is never shown an input.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::data::{DataUri, is_data};
use super::kind::Kind;
use crate::Json;
use crate::rt::wire_value;
use crate::schema::AsValue;

/// The keys under which RunComfy and its own clients name media, and what they say of them.
const MEDIA_KEYS: [(&str, Option<Kind>); 10] = [
    ("image", Some(Kind::Image)),
    ("images", Some(Kind::Image)),
    ("video", Some(Kind::Film)),
    ("videos", Some(Kind::Film)),
    ("audio", Some(Kind::Film)),
    ("audios", Some(Kind::Film)),
    ("url", None),
    ("urls", None),
    ("path", None),
    ("paths", None),
];

/// A URL in an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaUrl {
    pub(super) url: String,
    /// It stands alone, in a bare list or under a key for media; elsewhere it may lead to anything.
    pub(super) is_media: bool,
    /// What its key says that it is.
    pub(super) kind: Option<Kind>,
}

/// Where a text stands in an output.
#[derive(Clone, Copy)]
struct Place {
    is_media: bool,
    /// A path on the server's own disk may stand here, which is nobody else's business.
    may_be_path: bool,
    kind: Option<Kind>,
}

/// Every text of the output that is an http(s) URL or holds a file itself, and then what can't be fetched, though it stands
/// where media do.
pub(super) fn media_urls(output: &impl AsValue) -> Vec<MediaUrl> {
    let mut found = Found::default();
    found.collect(&wire_value(output.as_value()), Place { is_media: true, may_be_path: false, kind: None });
    found.urls.append(&mut found.unfit);
    found.urls
}

/// The URLs so far, and where in the list each is.
#[derive(Default)]
struct Found {
    urls: Vec<MediaUrl>,
    places: HashMap<String, usize>,
    unfit: Vec<MediaUrl>,
}

impl Found {
    fn collect(&mut self, value: &Json, place: Place) {
        match value {
            Json::String(text) if is_web_url(text) || holds_file(text, place.is_media) => self.add(text, place),
            Json::String(text) if place.is_media && !place.may_be_path && leads_somewhere(text) => {
                self.unfit.push(MediaUrl { url: text.clone(), is_media: true, kind: place.kind });
            }
            Json::Array(items) => items.iter().for_each(|item| self.collect(item, place)),
            Json::Object(entries) => entries
                .iter()
                // Some servers echo what they were sent; those files are the user's own.
                .filter(|(key, _)| *key != "input" && *key != "inputs")
                .for_each(|(key, value)| self.collect(value, place.below(key))),
            _ => {}
        }
    }

    fn add(&mut self, url: &str, Place { is_media, kind, .. }: Place) {
        match self.places.entry(url.to_owned()) {
            Entry::Occupied(place) => {
                let known = &mut self.urls[*place.get()];
                known.is_media |= is_media;
                known.kind = known.kind.or(kind);
            }
            Entry::Vacant(place) => {
                place.insert(self.urls.len());
                self.urls.push(MediaUrl { url: url.to_owned(), is_media, kind });
            }
        }
    }
}

impl Place {
    fn below(self, key: &str) -> Self {
        let found = MEDIA_KEYS.iter().find(|(known, _)| *known == key);
        let kind = found.and_then(|(_, kind)| kind.or(self.kind));
        Self { is_media: found.is_some(), may_be_path: key.starts_with("path"), kind }
    }
}

/// Whether the text is a file itself.
fn holds_file(text: &str, is_media: bool) -> bool {
    DataUri::parse(text).is_some_and(|data| is_media || data.is_media())
}

/// Whether a text that is no URL of the web was meant to lead to a file: another scheme, a path, or the name of a file.
fn leads_somewhere(text: &str) -> bool {
    let extension = text.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_name = extension.as_deref().and_then(Kind::of_extension).is_some();
    let is_path = text.contains("://") || text.starts_with(['/', '.']) && text.contains('/') || is_data(text);
    !text.contains(char::is_whitespace) && (is_path || is_name)
}

fn is_web_url(text: &str) -> bool {
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    (starts("https://") || starts("http://")) && !text.contains(char::is_whitespace)
}

/// A URL without what may be a secret in it, or is a file.
pub(super) fn public(url: &str) -> &str {
    if is_data(url) {
        return url.split(',').next().unwrap_or_default();
    }
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
            "text": "see https://h/1.png", "seed": 7, "image": "a cat", "video": null, "path": "out/1.png", "file": "1.png",
            "input": {"image": "https://h/mine.png"},
        });
        assert_eq!(urls(output), [""; 0]);
    }

    #[test]
    fn what_should_be_media_and_can_not_be_fetched_comes_last_and_is_not_left_out() {
        let output = json!({
            "image": "1.png", "images": ["/view/2", "./3", "s3://b/4"], "video": {"url": "https://h/5", "path": "out/5.mp4"},
            "audio": "data:audio/wav;base64,AA==", "preview": "data:image/png;base64,AA==", "note": "data:text/plain,a",
            "videos": ["data:video/mp4"],
        });
        let mut found = urls(output);
        found[..3].sort();
        found[3..].sort();
        let fetched = ["data:audio/wav;base64,AA==", "data:image/png;base64,AA==", "https://h/5"];
        assert_eq!(found, [&fetched[..], &["./3", "/view/2", "1.png", "data:video/mp4", "s3://b/4"]].concat());
        assert_eq!(urls(json!("done.")), [""; 0]);
        assert_eq!(urls(json!("a.mp4")), ["a.mp4"]);
    }

    #[test]
    fn a_key_says_what_is_behind_its_url() {
        let found =
            media_urls(&json!({"video": {"url": "https://h/1"}, "url": "https://h/2", "images": ["https://h/3"]}));
        let kind = |url: &str| found.iter().find(|found| found.url == url).and_then(|found| found.kind);
        let kinds = [kind("https://h/1"), kind("https://h/2"), kind("https://h/3")];
        assert_eq!(kinds, [Some(Kind::Film), None, Some(Kind::Image)]);
    }

    #[test]
    fn a_url_under_another_key_is_found_but_marked() {
        let found = media_urls(&json!({"mesh": "https://h/1.glb", "licence": ["https://l/"], "image": "https://l/"}));
        let marks: Vec<_> = found.iter().map(|found| (found.url.as_str(), found.is_media)).collect();
        assert!(marks.contains(&("https://h/1.glb", false)), "{marks:?}");
        assert!(marks.contains(&("https://l/", true)), "what is media in one place is media: {marks:?}");
    }
}
