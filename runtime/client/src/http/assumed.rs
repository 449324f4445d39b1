//! Outputs whose form nobody published: JSON in, an object with the keys that most models use out. Nothing is lost; what is
//! not known as media goes under a key of its own. Must not know types.

use serde_json::json;

use crate::Json;

/// The key of what no other key is known for.
const UNKNOWN: &str = "output";

/// What the names of files end with, by the key of such media.
const EXTENSIONS: [(&str, &[&str]); 3] = [
    ("image", &["png", "jpg", "jpeg", "webp", "gif", "bmp", "avif", "heic", "tif", "tiff", "svg"]),
    ("video", &["mp4", "webm", "mov", "mkv", "m4v", "avi"]),
    ("audio", &["wav", "mp3", "flac", "ogg", "oga", "opus", "m4a", "aac"]),
];

/// The output as an object: a bare URL or a bare list of them under the key for such media.
pub(super) fn envelope(output: Json) -> Json {
    let key = match &output {
        Json::Object(_) => return output,
        Json::String(url) => medium(url).map(str::to_owned),
        Json::Array(items) => one_medium(items).map(|medium| format!("{medium}s")),
        _ => None,
    };
    json!({ key.unwrap_or_else(|| UNKNOWN.to_owned()): output })
}

/// What all items are URLs of.
fn one_medium(items: &[Json]) -> Option<&'static str> {
    let mut media = items.iter().map(|item| item.as_str().and_then(medium));
    let first = media.next()??;
    media.all(|other| other == Some(first)).then_some(first)
}

/// What a URL leads to, by the end of its path.
fn medium(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next()?;
    let (_, extension) = path.rsplit('/').next()?.rsplit_once('.')?;
    let is_of = |known: &[&str]| known.iter().any(|known| known.eq_ignore_ascii_case(extension));
    EXTENSIONS.iter().find(|(_, known)| is_of(known)).map(|(medium, _)| *medium)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_urls_go_where_typed_outputs_have_them() {
        for (output, seen) in [
            (json!("https://h/a.mp4?sig=1.png#x"), json!({"video": "https://h/a.mp4?sig=1.png#x"})),
            (
                json!(["https://h/a.PNG", "https://h/b.webp"]),
                json!({"images": ["https://h/a.PNG", "https://h/b.webp"]}),
            ),
            (json!(["https://h/a.wav"]), json!({"audios": ["https://h/a.wav"]})),
            (json!(["https://h/a.wav", "https://h/a.mp4"]), json!({"output": ["https://h/a.wav", "https://h/a.mp4"]})),
            (json!(["https://h/a.wav", 7]), json!({"output": ["https://h/a.wav", 7]})),
            (json!("https://h/a.glb"), json!({"output": "https://h/a.glb"})),
            (json!("done."), json!({"output": "done."})),
            (json!([]), json!({"output": []})),
            (json!(7), json!({"output": 7})),
            (json!({"anything": 1}), json!({"anything": 1})),
        ] {
            assert_eq!(envelope(output), seen);
        }
    }
}
