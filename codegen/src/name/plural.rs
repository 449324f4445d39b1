//! English plurals: a word in lower case goes in, its singular comes out where the rule is safe. Knows nothing else.
//!
//! Wrong guesses become public names, so in doubt there is no answer.

/// Words that end like a plural and are none, or whose singular no rule below gives.
const IRREGULAR: &[(&str, Option<&str>)] = &[
    ("alias", None),
    ("atlas", None),
    ("axes", None),
    ("bias", None),
    ("canvas", None),
    ("cases", Some("case")),
    ("chaos", None),
    ("cookies", Some("cookie")),
    ("cosmos", None),
    ("curves", Some("curve")),
    ("lens", None),
    ("movies", Some("movie")),
    ("news", None),
    ("phrases", Some("phrase")),
    ("poses", Some("pose")),
    ("selfies", Some("selfie")),
    ("series", None),
    ("species", None),
    ("waves", Some("wave")),
];

/// The singular of a word, or `None` where it is no plural or where its singular is not certain.
pub(super) fn singular(word: &str) -> Option<String> {
    if let Some(&(_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return singular.map(str::to_owned);
    }
    let stem = word.strip_suffix('s').filter(|stem| stem.len() > 2)?;
    let ends = |endings: &[&str]| endings.iter().any(|ending| stem.ends_with(ending));
    if let Some(start) = stem.strip_suffix("ie") {
        return start.ends_with(|c: char| c.is_ascii_lowercase()).then(|| format!("{start}y"));
    }
    if ends(&["sse", "she", "tche", "nche", "xe"]) {
        return stem.strip_suffix('e').map(str::to_owned);
    }
    // Glass, status, axis, physics; and what may have lost an e or more: caches, buses, heroes, knives, quizzes.
    let uncertain = ["s", "u", "i", "ic", "che", "se", "oe", "ve", "zze"];
    (!ends(&uncertain) && stem.ends_with(|c: char| c.is_ascii_lowercase())).then(|| stem.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_plurals_have_a_singular() {
        let pairs = [
            ("keyframes", "keyframe"),
            ("elements", "element"),
            ("categories", "category"),
            ("boxes", "box"),
            ("images", "image"),
            ("loras", "lora"),
            ("videos", "video"),
            ("classes", "class"),
            ("brushes", "brush"),
            ("matches", "match"),
            ("branches", "branch"),
            ("sizes", "size"),
            ("urls", "url"),
            ("keys", "key"),
            ("poses", "pose"),
            ("movies", "movie"),
        ];
        for (plural, expected) in pairs {
            assert_eq!(singular(plural).as_deref(), Some(expected), "{plural}");
        }
    }

    #[test]
    fn what_is_no_plural_or_not_certain_has_none() {
        let words = [
            "series", "glass", "status", "axis", "axes", "canvas", "lens", "news", "data", "media", "children", "fps",
            "s", "", "physics", "caches", "buses", "heroes", "knives", "quizzes", "analyses", "2s", "1080s", "bus",
            "gas",
        ];
        for word in words {
            assert_eq!(singular(word), None, "{word}");
        }
    }
}
