//! What the first bytes of a file tell of it: a text, a drawing, or media of which type. Must not know names, keys or answers.

use infer::MatcherType;

/// Whether the beginning of a file is that of a text: a page, a message, or words in UTF-8 or UTF-16. What is cut within a
/// character is one, too.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let plain = without_mark(bytes);
    if matches!(plain.trim_ascii_start().first(), Some(b'<' | b'{'))
        || matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..])
    {
        return true;
    }
    is_all_text(plain)
}

/// Whether there is nothing but words in UTF-8.
pub(super) fn is_all_text(bytes: &[u8]) -> bool {
    let plain = without_mark(bytes);
    let text = match std::str::from_utf8(plain) {
        Ok(text) => text,
        Err(cut) if cut.error_len().is_none() => std::str::from_utf8(&plain[..cut.valid_up_to()]).unwrap_or_default(),
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(|char| !char.is_control() || char.is_whitespace())
}

/// Whether it begins as a page, XML or a JSON object does.
pub(super) fn is_message(bytes: &[u8]) -> bool {
    match without_mark(bytes).trim_ascii_start() {
        [b'<', next, ..] => next.is_ascii_alphabetic() || matches!(next, b'!' | b'?'),
        [b'{', rest @ ..] => rest.trim_ascii_start().first() == Some(&b'"'),
        _ => false,
    }
}

/// Whether it is an SVG: the one image that is a text.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(without_mark(bytes)).trim_start().to_ascii_lowercase();
    let prologs = ["<?xml", "<!doctype svg", "<!--"];
    text.starts_with("<svg") || prologs.iter().any(|start| text.starts_with(start)) && text.contains("<svg")
}

/// The media type of an image, a film or a sound.
pub(super) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    let is_media = |kind: &infer::Type| {
        matches!(kind.matcher_type(), MatcherType::Image | MatcherType::Video | MatcherType::Audio)
    };
    let found = infer::get(bytes).filter(is_media).map(|kind| kind.mime_type());
    // The library knows the containers of films by a list of brands, which grows.
    let is_film = || bytes.get(4..8) == Some(b"ftyp");
    found.or_else(|| is_film().then_some("video/mp4")).filter(|_| !is_text(bytes))
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes)
}
