//! Keywords that nobody checks and a maintainer accepted so, in `overrides.toml`; and which of them a schema has. Must not
//! know what a keyword means.

use std::collections::BTreeSet;

/// What to do about a rule that nobody would check.
pub(super) const UNENFORCED_HELP: &str = "nobody would check this rule before a job is paid for; accept that in overrides.toml: \
                               [accept], then `keywords = [\"…\"]`";

/// Keywords that a maintainer accepted unchecked, and which of them were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accepted {
    /// Those of one model.
    pub keywords: BTreeSet<String>,
    /// Those of all models.
    pub everywhere: BTreeSet<String>,
    /// Those that a schema has.
    pub met: BTreeSet<String>,
    /// Unknown keywords that a schema has and nobody accepted.
    pub refused: BTreeSet<String>,
}

impl Accepted {
    /// Whether a keyword is accepted, which is noted.
    pub(super) fn accepts(&mut self, keyword: &str) -> bool {
        let accepted = self.keywords.contains(keyword) || self.everywhere.contains(keyword);
        if accepted {
            self.met.insert(keyword.to_owned());
        }
        accepted
    }
}
