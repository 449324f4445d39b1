//! A report and the version it is about in; the version to release next, and why, out.

use semver::Version;
use serde::Serialize;

use super::kind::Verdict;
use super::report::{Change, Report};
use super::show;

/// Which part of a version to raise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bump {
    /// Nothing changed, or the version promises nothing yet.
    None,
    /// The third number.
    Patch,
    /// The second number.
    Minor,
    /// The first number.
    Major,
}

impl Bump {
    /// One word: `none`, `patch`, `minor` or `major`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A suggested version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Suggestion {
    /// What to raise.
    pub bump: Bump,
    /// The version before.
    #[serde(serialize_with = "as_text")]
    pub from: Version,
    /// The version after.
    #[serde(serialize_with = "as_text")]
    pub to: Version,
    /// Why, in one line, written like [`Change::sentence`].
    pub reason: String,
}

fn as_text<S: serde::Serializer>(version: &Version, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(version)
}

impl Report {
    /// The version to release after `current`, by Cargo's reading of Semantic Versioning: below 1.0 the first number that
    /// is not zero is raised for what breaks. A pre-release promises nothing, so it needs no other version.
    #[must_use]
    pub fn bump(&self, current: &Version) -> Suggestion {
        let adds = || self.changes.iter().find(|change| change.kind.is_addition());
        let (bump, reason) = match self.verdict() {
            None => (Bump::None, "nothing changed".to_owned()),
            Some(_) if !current.pre.is_empty() => (Bump::None, "a pre-release may still change in any way".to_owned()),
            Some(Verdict::Breaking) => (breaking(current), self.reason(Verdict::Breaking)),
            Some(Verdict::DocsOnly) => (Bump::Patch, "only texts changed".to_owned()),
            Some(Verdict::Compatible) => match adds() {
                Some(change) if current.major > 0 => (Bump::Minor, format!("additions such as {}", cause(change))),
                _ => (Bump::Patch, self.reason(Verdict::Compatible)),
            },
        };
        Suggestion { bump, from: current.clone(), to: raised(current, bump), reason }
    }

    /// How many changes there are of this weight, and the first.
    fn reason(&self, verdict: Verdict) -> String {
        let mut of_weight = self.changes.iter().filter(|change| change.verdict == verdict);
        let first = of_weight.next().map(cause).unwrap_or_default();
        match of_weight.count() {
            0 => format!("one {} change: {first}", verdict.as_str()),
            more => format!("{} {} changes, first {first}", more + 1, verdict.as_str()),
        }
    }
}

fn breaking(current: &Version) -> Bump {
    match (current.major, current.minor) {
        (0, 0) => Bump::Patch,
        (0, _) => Bump::Minor,
        _ => Bump::Major,
    }
}

/// A change in one line, with its model.
fn cause(change: &Change) -> String {
    let path = if change.path.is_empty() { String::new() } else { format!(" {}", show::code(&change.path)) };
    format!("{}{path}: {}", show::code(&change.model), change.sentence)
}

fn raised(current: &Version, bump: Bump) -> Version {
    match bump {
        Bump::None => current.clone(),
        Bump::Patch => Version::new(current.major, current.minor, current.patch + 1),
        Bump::Minor => Version::new(current.major, current.minor + 1, 0),
        Bump::Major => Version::new(current.major + 1, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::kind::{ChangeKind, Direction};
    use crate::diff::report::Place;

    fn bump(kinds: &[ChangeKind], version: &str) -> (Bump, String) {
        let place = Place::named("a/b", Direction::Request, "Input");
        let changes = kinds.iter().map(|kind| place.change(*kind, "", "", "what happened")).collect();
        let report = Report { changes, ..Report::default() };
        let suggestion = report.bump(&version.parse().expect("a version"));
        (suggestion.bump, suggestion.to.to_string())
    }

    #[test]
    fn what_breaks_raises_the_first_number_that_is_not_zero() {
        let breaking = [ChangeKind::Retitled, ChangeKind::FieldRemoved];
        assert_eq!(bump(&breaking, "0.0.3"), (Bump::Patch, "0.0.4".to_owned()));
        assert_eq!(bump(&breaking, "0.1.7"), (Bump::Minor, "0.2.0".to_owned()));
        assert_eq!(bump(&breaking, "2.1.7"), (Bump::Major, "3.0.0".to_owned()));
    }

    #[test]
    fn additions_raise_the_second_number_from_one_on() {
        let addition = [ChangeKind::DefaultChanged, ChangeKind::OptionalFieldAdded];
        assert_eq!(bump(&addition, "0.1.7"), (Bump::Patch, "0.1.8".to_owned()));
        assert_eq!(bump(&addition, "1.1.7"), (Bump::Minor, "1.2.0".to_owned()));
        assert_eq!(bump(&[ChangeKind::DefaultChanged], "1.1.7"), (Bump::Patch, "1.1.8".to_owned()));
    }

    #[test]
    fn no_change_and_pre_releases_need_no_other_version() {
        assert_eq!(bump(&[], "1.2.3"), (Bump::None, "1.2.3".to_owned()));
        assert_eq!(bump(&[ChangeKind::FieldRemoved], "1.0.0-rc.1"), (Bump::None, "1.0.0-rc.1".to_owned()));
        assert_eq!(bump(&[ChangeKind::Retitled], "1.2.3"), (Bump::Patch, "1.2.4".to_owned()));
    }
}
