//! What a published field is recognised by: its key, its title and its definition. Plain data that the caller fills in
//! from the schema; this module must not know how a schema spells any of it.

use std::collections::{BTreeMap, BTreeSet};

/// One published field, as far as telling it from others needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The wire key: `56_text`, `prompt`.
    pub key: String,
    /// The input part of a node-id key (`56_text` → `text`). `None` for a plain key, which is its own identity.
    pub input: Option<String>,
    /// The published title; empty where there is none.
    pub title: String,
    /// What values the field takes.
    pub definition: Definition,
    /// Whether its texts, title and sample, were left out when the schema was taken over.
    pub is_bare: bool,
}

/// Type, values, bounds and default of a field. Two fields of equal definition are interchangeable on the wire.
///
/// ```
/// use runcomfy_codegen::lock::Definition;
/// let steps = Definition::new("integer").bound("minimum", "2").bound("maximum", "40").default_text("12");
/// assert_eq!(steps.kind(), "integer");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Definition {
    pub(super) kind: String,
    pub(super) values: BTreeSet<String>,
    pub(super) bounds: BTreeMap<String, String>,
    pub(super) default: Option<String>,
}

impl Definition {
    /// A definition of the given type and nothing else. The text is the caller's, as long as equal types have equal
    /// texts: `string`, `string (image_uri)`, `array of integer`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), ..Self::default() }
    }

    /// The same with its list of values. Their order does not matter: publishing them in another order changes nothing.
    #[must_use]
    pub fn values<T: Into<String>>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values = values.into_iter().map(Into::into).collect();
        self
    }

    /// The same with one bound: the keyword and its value as JSON text. Long texts are shortened to a digest.
    #[must_use]
    pub fn bound(mut self, keyword: impl Into<String>, value: &str) -> Self {
        self.bounds.insert(keyword.into(), digest(value));
        self
    }

    /// The same with its published default. Long texts are shortened to a digest: a default is often a sample prompt,
    /// and the lock only has to notice that it changed.
    #[must_use]
    pub fn default_text(mut self, text: &str) -> Self {
        self.default = Some(digest(text));
        self
    }

    /// Whether its default may be a sample: any text, where settings are numbers, switches or one of the values.
    pub(super) fn may_have_samples(&self) -> bool {
        self.values.is_empty() && !["integer", "number", "boolean"].contains(&self.kind.as_str())
    }

    /// The one value there is, if it lists no other.
    #[must_use]
    pub fn only_value(&self) -> Option<&str> {
        self.values.first().filter(|_| self.values.len() == 1).map(String::as_str)
    }

    /// The type alone.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

/// Longest text, in characters, that a definition keeps as it is.
const KEPT: usize = 80;

/// Characters of a long text that stay readable in its digest.
const SHOWN: usize = 40;

/// A text of at most [`KEPT`] characters as it is; of a longer one the beginning, the length and a checksum.
fn digest(text: &str) -> String {
    let length = text.chars().count();
    if length <= KEPT {
        return text.to_owned();
    }
    let shown: String = text.chars().take(SHOWN).collect();
    format!("{shown}… ({length} characters, {:016x})", fnv1a(text.as_bytes()))
}

/// FNV-1a with 64 bits: unlike the standard library's hashers it is the same in every release.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_values_is_no_part_of_a_definition() {
        assert_eq!(Definition::new("string").values(["a", "b"]), Definition::new("string").values(["b", "a"]));
    }

    #[test]
    fn long_defaults_that_differ_at_the_end_stay_different() {
        let long = "golden hour ".repeat(100);
        let a = Definition::new("string").default_text(&format!("{long}a"));
        let b = Definition::new("string").default_text(&format!("{long}b"));
        assert_ne!(a, b);
        assert!(a.default.is_some_and(|text| text.chars().count() < 100));
    }

    #[test]
    fn the_checksum_is_the_published_one() {
        // Test vectors of the FNV authors.
        assert_eq!(fnv1a(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(b"foobar"), 0x8594_4171_f739_67e8);
    }
}
