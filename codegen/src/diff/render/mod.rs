//! A report in, text out: for people, for pull requests, for the changelog, for machines. Everything that was published
//! arrives in code spans already, so that nothing here can break out of its line. Must not judge changes.

mod changelog;
mod markdown;
mod outline;
mod text;

use semver::Version;
use serde_json::json;

use super::report::Report;

pub use changelog::changelog;
pub use markdown::markdown;
pub use text::text;

/// The report as JSON, with every change in full; the [module's documentation](super) describes it. `current` is the
/// version that `bump` starts from.
#[must_use]
pub fn json(report: &Report, current: &Version) -> String {
    let document = json!({
        "format": 1,
        "verdict": report.verdict(),
        "wrong_keys": report.wrong_keys(),
        "unknown_keys": report.unknown_keys(),
        "bump": report.bump(current),
        "models": report.models,
        "changes": report.changes,
    });
    format!("{document:#}\n")
}

/// `1 model`, `2 models`
fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
