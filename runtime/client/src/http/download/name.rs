//! File names. In: a URL that a server chose, or a text. Out: a name that is one plain file in one folder on every system.
//! Must not look at the disk.

use percent_encoding::percent_decode_str;
use reqwest::Url;

/// The most bytes of a name without its extension: leaves room for what is appended, where systems allow 255.
const MAX_STEM: usize = 180;
const MAX_EXTENSION: usize = 16;

/// A safe file name, and the names beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileName {
    stem: String,
    /// With its dot; empty if there is none.
    extension: String,
}

impl FileName {
    /// The last part of the URL's path, made harmless; `output` if nothing is left of it.
    pub(super) fn of(url: &Url) -> Self {
        let last = url.path().rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
        Self::safe(&percent_decode_str(last).decode_utf8_lossy())
    }

    /// This text, made harmless; `output` if nothing is left of it.
    pub(super) fn safe(text: &str) -> Self {
        let plain: String = text.chars().map(harmless).collect();
        // Dots in front hide files; dots and spaces at the end are dropped by Windows.
        let plain = plain.trim_matches(['.', ' ']);
        let (stem, extension) = match plain.rfind('.') {
            Some(dot) if is_extension(&plain[dot + 1..]) => plain.split_at(dot),
            _ => (plain, ""),
        };
        let mut stem = cut(stem, MAX_STEM).trim_end_matches(['.', ' ']).to_owned();
        if stem.is_empty() {
            stem = "output".to_owned();
        } else if is_reserved(&stem) {
            stem.insert(0, '_');
        }
        Self { stem, extension: extension.to_owned() }
    }

    /// Without its extension.
    pub(super) fn stem(&self) -> &str {
        &self.stem
    }

    /// Without its dot; empty if there is none.
    pub(super) fn extension(&self) -> &str {
        self.extension.trim_start_matches('.')
    }

    /// The name itself for 0, then `name-1.mp4`, `name-2.mp4`, ….
    pub(super) fn numbered(&self, number: u32) -> String {
        match number {
            0 => format!("{}{}", self.stem, self.extension),
            number => format!("{}-{number}{}", self.stem, self.extension),
        }
    }
}

/// At most `most` bytes of the text, whole characters.
fn cut(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

fn is_extension(text: &str) -> bool {
    (1..=MAX_EXTENSION).contains(&text.len()) && text.chars().all(char::is_alphanumeric)
}

fn harmless(char: char) -> char {
    match char {
        '-' | '_' | '.' | ' ' | '(' | ')' => char,
        char if char.is_alphanumeric() => char,
        _ => '_',
    }
}

/// Names of devices on Windows, whatever their extension.
fn is_reserved(stem: &str) -> bool {
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    match first.as_str() {
        "CON" | "PRN" | "AUX" | "NUL" => true,
        name => name
            .strip_prefix("COM")
            .or_else(|| name.strip_prefix("LPT"))
            .is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(char::is_numeric)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(path: &str) -> String {
        let url = Url::parse(&format!("https://files.runcomfy.net{path}")).expect("a URL");
        FileName::of(&url).numbered(0)
    }

    #[test]
    fn a_plain_name_stays() {
        assert_eq!(name("/out/ComfyUI_00001_.mp4?sig=1"), "ComfyUI_00001_.mp4");
        assert_eq!(name("/out/a%20film%20(2).webm#t"), "a film (2).webm");
        assert_eq!(name("/out/%E7%8C%AB.png"), "猫.png");
        assert_eq!(name("/no-extension"), "no-extension");
    }

    #[test]
    fn no_name_leaves_its_folder_or_means_something_to_a_system() {
        for (path, expected) in [
            ("/a/..%2f..%2fetc%2fpasswd", "_.._etc_passwd"),
            ("/a/..%5C..%5Cboot.ini", "_.._boot.ini"),
            ("/a/C%3A%5Cx.png", "C__x.png"),
            ("/a/x.png%00.exe", "x.png_.exe"),
            ("/a/.bashrc", "bashrc"),
            ("/a/%2e%2e%2e", "output"),
            ("/a/name.png.%20.", "name.png"),
            ("/a/NUL.png", "_NUL.png"),
            ("/a/com1", "_com1"),
            ("/a/LPT%C2%B9.txt", "_LPT¹.txt"),
            ("/a/nul.tar.gz", "_nul.tar.gz"),
            ("/a/stream.mp4%3Ahidden", "stream.mp4_hidden"),
            ("/a/%E2%80%AEgnp.exe", "_gnp.exe"),
            ("/a/%ff%fe.png", "__.png"),
            ("/", "output"),
        ] {
            assert_eq!(name(path), expected, "{path}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_characters_and_keeps_its_extension() {
        let long = name(&format!("/{}.mp4", "%C3%A9".repeat(200)));
        assert_eq!(long, format!("{}.mp4", "é".repeat(90)));
        assert!(name(&format!("/x.{}", "y".repeat(200))).len() <= MAX_STEM);
    }

    #[test]
    fn numbers_stand_before_the_extension() {
        let url = Url::parse("https://files.runcomfy.net/film.mp4").expect("a URL");
        assert_eq!(FileName::of(&url).numbered(2), "film-2.mp4");
    }
}
