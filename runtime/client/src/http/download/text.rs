//! What one text of an output is: a URL, a file in itself, something that was meant to be one, or words. In: the text, and
//! where it stands. Must not know outputs or hosts.

use super::data::{DataUri, as_data, is_data};
use super::kind::Kind;
use crate::text::without_logins;

/// The fewest characters in base64 that are more than a word, and more than an id.
const MIN_BASE64: usize = 12;
const MIN_BASE64_ELSEWHERE: usize = 64;

/// The most characters of a text that are shown.
const MAX_SHOWN: usize = 80;

/// Where a text stands in an output, as far as it matters.
#[derive(Clone, Copy)]
pub(super) enum Stands {
    /// The output is the text, or a list of such.
    Alone,
    UnderMediaKey,
    /// A path on the server's own disk may stand here, beside the URL.
    UnderPath,
    /// Under `b64_json`.
    AsBase64,
    Elsewhere,
}

/// The URL that a text is, or that holds the file which the text is.
pub(super) fn file(text: &str, stands: Stands) -> Option<String> {
    let elsewhere = matches!(stands, Stands::Elsewhere);
    let is_one = || !text.contains(char::is_whitespace) || names_media(text) && text.matches("://").count() == 1;
    // Words may begin with a URL.
    if is_web_url(text) && (!elsewhere || is_one()) {
        return Some(text.replace(' ', "%20"));
    }
    if is_data(text) {
        return DataUri::parse(text).filter(|data| !elsewhere || data.is_media()).map(|_| text.to_owned());
    }
    let fewest = if elsewhere { MIN_BASE64_ELSEWHERE } else { MIN_BASE64 };
    if text.len() < fewest { None } else { as_data(text, matches!(stands, Stands::AsBase64)) }
}

/// Whether a text that is the whole output, and no URL of the web, was meant to lead to a file: another scheme, a path, or
/// the name of a file.
pub(super) fn leads_somewhere(text: &str) -> bool {
    let is_one_word = !text.contains(char::is_whitespace);
    let is_known = || extension(text).is_some_and(|extension| Kind::of_extension(&extension).is_some());
    // `n/a` is no path.
    let is_path = text.contains('/') && text.is_ascii() && text.len() > 3;
    is_one_word && (is_path || is_data(text) || is_known()) || names_media(text)
}

/// Whether a text ends as the name of an image, a film or a sound does.
pub(super) fn names_media(text: &str) -> bool {
    !text.contains('\n') && extension(text).and_then(|found| Kind::of_extension(&found)).is_some_and(Kind::is_media)
}

/// The extension of the name that a path or a URL ends with, in lower case.
fn extension(text: &str) -> Option<String> {
    let path = if is_web_url(text) { text.split(['?', '#']).next().unwrap_or_default() } else { text };
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

fn is_web_url(text: &str) -> bool {
    let starts = |scheme: &str| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    starts("https://") || starts("http://")
}

/// A URL without what may be a secret in it, or is a file; of another text, its beginning.
pub(super) fn public(url: &str) -> String {
    if is_data(url) {
        return url.split(',').next().unwrap_or_default().to_owned();
    }
    let url = without_logins(url);
    let shown = url.split(['?', '#']).next().unwrap_or_default();
    if is_web_url(shown) {
        return shown.to_owned();
    }
    shown.lines().next().unwrap_or_default().chars().take(MAX_SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_short_and_no_secret() {
        assert_eq!(public("https://h/a?b#c"), "https://h/a");
        assert_eq!(public("https://u:pass?word@h/a?b#c"), "https://…@h/a");
        assert_eq!(public("film at ftp://u:password@h/a"), "film at ftp://…@h/a");
        assert_eq!(public("/a?signature=b"), "/a");
        assert_eq!(public(&"é".repeat(100)), "é".repeat(80));
        assert_eq!(public("a\nb"), "a");
        assert_eq!(public("data:image/png;base64,AA=="), "data:image/png;base64");
    }
}
