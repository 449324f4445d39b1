//! A model's id as RunComfy writes it: text in, a checked [`ModelId`] out.
//!
//! An id becomes a folder, a module and a feature, so what is allowed is what is safe as all three on every file system.
//! Knows neither the disk nor Rust's names: modules and features are made in [`crate::name`].

use std::collections::BTreeMap;
use std::fmt;

use crate::{Error, ErrorKind};

/// The longest id, in bytes. Longer ones would not leave room for the rest of a path on Windows.
pub const MAX_LENGTH: usize = 160;
/// The longest segment, in bytes.
pub const MAX_SEGMENT: usize = 64;
/// The most segments; real ids have two to four.
pub const MAX_SEGMENTS: usize = 8;

/// The files of a model. A model's folder may hold other models' folders, so no segment may be named like one of them.
pub const MODEL_FILES: [&str; 5] = ["model.toml", "input.json", "output.json", "names.lock", "overrides.toml"];

/// A checked id such as `community/wan-2-2/vace-fun`: `provider/family[/more…]`.
///
/// Each segment consists of ASCII letters, digits, `.`, `-` and `_`; upper case is kept, since ids are sent as they are.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModelId(String);

impl ModelId {
    /// Checks an id.
    ///
    /// # Errors
    /// [`ErrorKind::ModelId`] if the id has fewer than two or more than [`MAX_SEGMENTS`] segments, is too long, or has a
    /// segment that is unsafe as a folder: empty, with other characters than those above, starting with `.` or `_`, ending
    /// with `.`, a device name of Windows, one of [`MODEL_FILES`], or `features.toml`.
    pub fn parse(id: &str) -> Result<Self, Error> {
        let refuse = |why: String| {
            let shown: String = id.chars().take(MAX_LENGTH).collect();
            Error::new(ErrorKind::ModelId, format!("the model id {shown:?} can't be used: {why}"))
                .help("an id looks like `provider/family/variant`, with ASCII letters, digits, `.`, `-` and `_` between the slashes")
        };
        if id.len() > MAX_LENGTH {
            return Err(refuse(format!("it is longer than {MAX_LENGTH} bytes")));
        }
        let segments = id.split('/').count();
        if !(2..=MAX_SEGMENTS).contains(&segments) {
            return Err(refuse(format!("it has {segments} segments, not 2 to {MAX_SEGMENTS}")));
        }
        match id.split('/').find_map(|segment| fault(segment).map(|why| (segment, why))) {
            Some((segment, why)) => Err(refuse(format!("the segment {segment:?} {why}"))),
            None => Ok(Self(id.to_owned())),
        }
    }

    /// The id as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The parts between the slashes; at least two.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// The folders on the way: `a`, `a/b` and `a/b/c` of `a/b/c`.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at]).chain(std::iter::once(&*self.0))
    }

    /// What two spellings of one id have in common: upper and lower case don't count, nor which of `.`, `-` and `_` it is.
    #[must_use]
    pub fn spelling(id: &str) -> String {
        id.to_ascii_lowercase().replace(['.', '_'], "-")
    }

    /// The first segment: `community`.
    #[must_use]
    pub fn provider(&self) -> &str {
        self.split().0
    }

    /// The second segment: `wan-2-2`.
    #[must_use]
    pub fn family(&self) -> &str {
        self.split().1
    }

    /// What follows the family, slashes included (`image-to-video/1080p`); empty if nothing does.
    #[must_use]
    pub fn rest(&self) -> &str {
        self.split().2
    }

    fn split(&self) -> (&str, &str, &str) {
        let (provider, tail) = self.0.split_once('/').unwrap_or((&self.0, ""));
        let (family, rest) = tail.split_once('/').unwrap_or((tail, ""));
        (provider, family, rest)
    }
}

impl fmt::Display for ModelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a segment can't be a folder, as the end of a sentence.
fn fault(segment: &str) -> Option<&'static str> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if segment.is_empty() {
        Some("is empty")
    } else if segment.len() > MAX_SEGMENT {
        Some("is longer than 64 bytes")
    } else if !segment.chars().all(allowed) {
        Some("has other characters than ASCII letters, digits, `.`, `-` and `_`")
    } else if segment.starts_with('.') || segment.ends_with('.') {
        Some("starts or ends with a dot")
    } else if segment.starts_with('_') {
        Some("starts with `_`, which is kept for folders such as `_shared`")
    } else if is_device(segment) {
        Some("is a device name on Windows")
    } else if MODEL_FILES.iter().chain([&crate::features::FILE]).any(|file| file.eq_ignore_ascii_case(segment)) {
        Some("is the name of a file of the schema folder")
    } else {
        None
    }
}

/// Windows opens a device for these names, whatever follows the first dot.
pub(crate) fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    match stem.as_str() {
        "con" | "prn" | "aux" | "nul" => true,
        _ => {
            let digit = stem.strip_prefix("com").or_else(|| stem.strip_prefix("lpt"));
            digit.is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit()))
        }
    }
}

/// Two ids whose folders are one folder where the file system ignores case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseClash {
    /// The id that comes first in byte order.
    pub first: ModelId,
    /// The other id.
    pub second: ModelId,
    /// The first folder on the way that differs in case only, as the first id spells it.
    pub folder: String,
}

/// Finds the ids whose folders, or whose parents' folders, differ in case only.
///
/// One clash is reported per id, with the first id that spells the folder otherwise. An id that continues another
/// (`a/b` and `a/b/c`) is no clash: a model's folder may hold another model's.
#[must_use]
pub fn case_clashes<'a>(ids: impl IntoIterator<Item = &'a ModelId>) -> Vec<CaseClash> {
    let mut ids: Vec<&ModelId> = ids.into_iter().collect();
    ids.sort();
    ids.dedup();
    let mut seen: BTreeMap<String, (&str, &ModelId)> = BTreeMap::new();
    let mut clashes = Vec::new();
    for id in ids {
        let clash = id.folders().find_map(|folder| {
            let (spelled, first) = *seen.entry(folder.to_ascii_lowercase()).or_insert((folder, id));
            (spelled != folder).then(|| CaseClash {
                first: first.clone(),
                second: id.clone(),
                folder: spelled.to_owned(),
            })
        });
        clashes.extend(clash);
    }
    clashes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> ModelId {
        ModelId::parse(text).expect(text)
    }

    #[test]
    fn real_ids_with_dots_and_upper_case_are_kept_as_they_are() {
        for text in [
            "x/y",
            "community/wan-2-2/vace-fun",
            "kling/kling-video-o3/4K/image-to-video",
            "bytedance/seedance-2.5/text-to-video/1080p",
        ] {
            assert_eq!(id(text).as_str(), text);
        }
        let real = id("bytedance/seedance-2.5/image-to-video/1080p");
        assert_eq!(
            (real.provider(), real.family(), real.rest()),
            ("bytedance", "seedance-2.5", "image-to-video/1080p")
        );
        assert_eq!(id("x/y").rest(), "");
    }

    #[test]
    fn ids_that_would_leave_the_folder_are_refused() {
        for text in
            ["../x", "a/..", "a/./b", "/a/b", "a/b/", "a//b", "a/b\\c", "C:/x", "a/b\0", "~/x/y", "a/ b", "a/b%2f"]
        {
            assert!(ModelId::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn names_that_some_system_keeps_for_itself_are_refused() {
        for text in ["a/con", "a/NUL.txt", "a/Com1", "a/lpt9.x", "a/b.", "a/.git", "_shared/b", "a/b/Input.JSON"] {
            assert!(ModelId::parse(text).is_err(), "{text:?}");
        }
        for text in ["a/console", "a/com10", "a/compact", "a/nulls"] {
            assert!(ModelId::parse(text).is_ok(), "{text:?}");
        }
    }

    #[test]
    fn too_long_too_short_and_too_deep_are_refused() {
        assert!(ModelId::parse("").is_err());
        assert!(ModelId::parse("alone").is_err());
        assert!(ModelId::parse("a/b/c/d/e/f/g/h/i").is_err());
        assert!(ModelId::parse(&format!("a/{}", "b".repeat(65))).is_err());
        assert!(ModelId::parse(&["b".repeat(60), "c".repeat(60), "d".repeat(60)].join("/")).is_err());
    }

    #[test]
    fn a_parent_that_differs_in_case_clashes_and_a_model_in_a_model_does_not() {
        let ids = ["kling/o3/4K/edit", "kling/o3/4k/video", "flux/text", "flux/text/draft"].map(id);
        let clashes = case_clashes(&ids);
        assert_eq!(clashes.len(), 1);
        assert_eq!((clashes[0].first.as_str(), clashes[0].second.as_str()), ("kling/o3/4K/edit", "kling/o3/4k/video"));
        assert_eq!(clashes[0].folder, "kling/o3/4K");
    }

    proptest! {
        #[test]
        fn what_is_accepted_stays_below_its_root(text in "[a-zA-Z0-9./_\\\\ -]{0,40}") {
            if let Ok(id) = ModelId::parse(&text) {
                let path = std::path::Path::new(id.as_str());
                prop_assert!(path.components().all(|part| matches!(part, std::path::Component::Normal(_))));
                prop_assert_eq!(path.components().count(), id.segments().count());
            }
        }
    }
}
