//! Where the files of an output are. In: an output, typed or as JSON. Out: what leads to them, in order, each once, where it
//! stands, and whether RunComfy puts media there. Must not know hosts, and is never shown an input.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::data::is_data;
use super::kind::Kind;
use super::text::{Stands, file, leads_somewhere, names_media};
use crate::Json;
use crate::rt::wire_value;
use crate::schema::AsValue;

/// The keys under which RunComfy and its own clients name media, and what they say of them.
const MEDIA_KEYS: [(&str, Option<Kind>); 11] = [
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
    (BASE64_KEY, None),
];

/// Holds a file in base64, as servers of images do.
const BASE64_KEY: &str = "b64_json";

/// A file of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MediaUrl {
    /// A URL, also a `data:` URI; or a text that is neither, where a file should be.
    pub(super) url: String,
    /// It stands alone, in a bare list or under a key for media; elsewhere it may lead to anything.
    pub(super) is_media: bool,
    /// What its key says that it is.
    pub(super) kind: Option<Kind>,
    /// Where it stands: `output.images[0]`.
    pub(super) place: String,
}

#[derive(Clone, Copy)]
struct Place {
    stands: Stands,
    kind: Option<Kind>,
}

/// Every text of the output that is an http(s) URL or holds a file itself, and what can't be fetched though it stands where
/// media do. If there is none of these: what else looks like a file, which is better an error than nothing.
pub(super) fn media_urls(output: &impl AsValue, may_be_fetched: impl Fn(&str) -> bool) -> Vec<MediaUrl> {
    let mut found = Found { path: "output".to_owned(), ..Found::default() };
    found.collect(&wire_value(output.as_value()), Place { stands: Stands::Alone, kind: None });
    let is_file = |found: &MediaUrl| found.is_media || is_data(&found.url) || may_be_fetched(&found.url);
    let (files, others): (Vec<_>, Vec<_>) = found.urls.into_iter().partition(is_file);
    if !files.is_empty() {
        return files;
    }
    found.hints.extend(others.into_iter().filter(|other| names_media(&other.url)));
    found.hints
}

/// The URLs so far, and where in the list each is.
#[derive(Default)]
struct Found {
    urls: Vec<MediaUrl>,
    places: HashMap<String, usize>,
    hints: Vec<MediaUrl>,
    /// Where the walk is.
    path: String,
}

impl Found {
    fn collect(&mut self, value: &Json, place: Place) {
        match value {
            Json::String(text) => self.read(text.trim(), place),
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.below(&format!("[{index}]"), item, place);
                }
            }
            Json::Object(entries) => {
                // Some servers echo what they were sent; those files are the user's own.
                for (key, value) in entries.iter().filter(|(key, _)| *key != "input" && *key != "inputs") {
                    self.below(&format!(".{key}"), value, place.below(key));
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, step: &str, value: &Json, place: Place) {
        let len = self.path.len();
        self.path.push_str(step);
        self.collect(value, place);
        self.path.truncate(len);
    }

    fn read(&mut self, text: &str, place: Place) {
        if text.is_empty() {
            return;
        }
        let file = file(text, place.stands);
        let is_media = !matches!(place.stands, Stands::Elsewhere);
        let is_expected = match place.stands {
            Stands::UnderMediaKey | Stands::AsBase64 => true,
            Stands::Alone => leads_somewhere(text),
            Stands::UnderPath | Stands::Elsewhere => false,
        };
        let is_hint = match place.stands {
            Stands::UnderPath => true,
            _ => names_media(text) && !text.contains(char::is_whitespace),
        };
        let (is_file, url) = (file.is_some(), file.unwrap_or_else(|| text.to_owned()));
        let found = MediaUrl { url, is_media, kind: place.kind, place: self.path.clone() };
        if is_file || is_expected {
            self.add(found);
        } else if is_hint {
            self.hints.push(found);
        }
    }

    fn add(&mut self, found: MediaUrl) {
        match self.places.entry(found.url.clone()) {
            Entry::Occupied(place) => {
                let known = &mut self.urls[*place.get()];
                known.is_media |= found.is_media;
                known.kind = known.kind.or(found.kind);
            }
            Entry::Vacant(place) => {
                place.insert(self.urls.len());
                self.urls.push(found);
            }
        }
    }
}

impl Place {
    fn below(self, key: &str) -> Self {
        let found = MEDIA_KEYS.iter().find(|(known, _)| *known == key);
        let stands = match key {
            "path" | "paths" => Stands::UnderPath,
            BASE64_KEY => Stands::AsBase64,
            _ if found.is_some() => Stands::UnderMediaKey,
            _ => Stands::Elsewhere,
        };
        Self { stands, kind: found.and_then(|(_, kind)| kind.or(self.kind)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(output: &Json) -> Vec<MediaUrl> {
        media_urls(output, |url| !url.contains("foreign"))
    }

    fn urls(output: Json) -> Vec<String> {
        found(&output).into_iter().map(|found| found.url).collect()
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
    fn words_and_echoed_inputs_are_no_files() {
        let output = json!({
            "text": "see https://h/1.png", "seed": 7, "video": null, "image": "", "audios": [], "status": "done", "format": "mp4",
            "caption": "A cat / a dog, filmed as my film.mp4", "licence": "https://foreign/", "mime": "video/mp4",
            "summary": "https://h/1.png and https://h/2.png", "note": "data: all of it, at last", "suffix": ".mp4",
            "id": "Qk1abcdefghijkl", "input": {"image": "https://h/mine.png"}, "inputs": ["mine.png"],
        });
        assert_eq!(urls(output), [""; 0]);
        for words in ["done.", "n/a", "A cat / a dog.", "Data: a cat, a dog", "一只猫/一只狗", "see a.mp4\nor b"]
        {
            assert_eq!(urls(json!(words)), [""; 0]);
            assert_eq!(urls(json!([words, "https://h/1"])), ["https://h/1"]);
            assert_eq!(urls(json!({"text": words})), [""; 0]);
        }
    }

    #[test]
    fn what_stands_for_a_file_is_not_left_out() {
        let words = ["my film.mp4", "outputs/a", "a cat", "a.mp4", "/view/2", "./3", "s3://b/4", "data:video/mp4", "!"];
        for (text, key) in words.iter().flat_map(|text| ["video", "images", "audio", "url"].map(|key| (*text, key))) {
            for output in [json!({key: text}), json!({key: [text]}), json!({"a": [{key: format!(" {text}\n")}]})] {
                assert_eq!(urls(output), [text], "{key}");
            }
        }
        for text in ["my film.mp4", "outputs/a", "a.mp4", "/view/2", "s3://b/4", "notes.json", "data:video/mp4"] {
            assert_eq!(urls(json!(text)), [text]);
            assert_eq!(urls(json!([text, "https://h/1"])), [text, "https://h/1"], "in order");
        }
    }

    #[test]
    fn what_only_looks_like_a_file_counts_where_there_is_no_other() {
        for (key, text) in [
            ("path", "outputs/a"),
            ("paths", "a.mp4"),
            ("file", "outputs/a.mp4"),
            ("clip", "https://foreign/a.mp4?b=1"),
        ] {
            assert_eq!(urls(json!({key: text, "text": "done"})), [text], "{key}");
            assert_eq!(urls(json!({key: text, "url": "https://h/1"})), ["https://h/1"], "{key}");
            assert_eq!(urls(json!({"video": [{key: text}, "https://h/1"]})), ["https://h/1"], "{key}");
        }
    }

    #[test]
    fn space_is_no_part_of_a_url() {
        for key in ["video", "audio", "url", "path", "file"] {
            assert_eq!(urls(json!({key: " https://h/a.mp4 \n"})), ["https://h/a.mp4"]);
            assert_eq!(urls(json!({key: "https://h/my film.mp4?a=1"})), ["https://h/my%20film.mp4?a=1"]);
            assert_eq!(urls(json!({key: " data:image/png;base64,AA== "})), ["data:image/png;base64,AA=="]);
        }
        assert_eq!(urls(json!(["https://h/a.mp4", " https://h/a.mp4"])), ["https://h/a.mp4"], "once");
    }

    #[test]
    fn media_in_base64_is_a_file() {
        let png = format!("iVBORw0KGgo{}=", "A".repeat(60));
        let data = format!("data:image/png;base64,{png}");
        for output in [json!(png), json!([png]), json!({"image": png}), json!({"mask": png}), json!({"b64_json": png})]
        {
            assert_eq!(urls(output), [&*data]);
        }
        assert_eq!(
            urls(json!({"data": [{"b64_json": "AAAAAAAAAAAA"}]})),
            ["data:application/octet-stream;base64,AAAAAAAAAAAA"]
        );
        assert_eq!(urls(json!({"b64_json": "@@"})), ["@@"]);
        assert_eq!(urls(json!({"image": "AAAAAAAAAAAA"})), ["AAAAAAAAAAAA"], "of no kind that is known");
        assert_eq!(urls(json!({"hash": "A".repeat(64)})), [""; 0]);
    }

    #[test]
    fn each_file_tells_its_place() {
        let output = json!({"video": "a", "b": [{"images": ["c", "https://h/d"]}]});
        let mut places: Vec<_> = found(&output).into_iter().map(|found| found.place).collect();
        places.sort();
        assert_eq!(places, ["output.b[0].images[0]", "output.b[0].images[1]", "output.video"]);
    }

    #[test]
    fn a_key_says_what_is_behind_its_url() {
        let all = found(&json!({"video": {"url": "https://h/1"}, "url": "https://h/2", "images": ["https://h/3"]}));
        let kind = |url: &str| all.iter().find(|found| found.url == url).and_then(|found| found.kind);
        let kinds = [kind("https://h/1"), kind("https://h/2"), kind("https://h/3")];
        assert_eq!(kinds, [Some(Kind::Film), None, Some(Kind::Image)]);
    }

    #[test]
    fn a_url_under_another_key_is_found_but_marked() {
        let all = found(&json!({"mesh": "https://h/1.glb", "licence": ["https://l/"], "image": "https://l/"}));
        let marks: Vec<_> = all.iter().map(|found| (found.url.as_str(), found.is_media)).collect();
        assert!(marks.contains(&("https://h/1.glb", false)), "{marks:?}");
        assert!(marks.contains(&("https://l/", true)), "what is media in one place is media: {marks:?}");
    }
}
