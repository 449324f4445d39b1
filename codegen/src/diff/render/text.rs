//! A report in, plain text for a terminal out.

use semver::Version;

use super::count;
use super::outline::{Line, Outline};
use crate::diff::kind::Verdict;
use crate::diff::report::{Change, Counts, Report};
use crate::diff::show;

/// As many models are named in a list; the JSON names all.
const MAX_NAMED: usize = 20;

/// The report as plain text. `current` is the version that the suggested one follows.
#[must_use]
pub fn text(report: &Report, current: &Version) -> String {
    let Some(verdict) = report.verdict() else { return "Nothing changed for users.\n".to_owned() };
    let mut lines = vec![format!("{}: {}", verdict.as_str(), summary(&report.models))];
    let urgent = report.wrong_key_models();
    if !urgent.is_empty() {
        let models = show::names(&urgent, MAX_NAMED);
        lines.push(format!("RELEASE AT ONCE: released versions send wrong keys from now on to {models}"));
    }
    let suggestion = report.bump(current);
    let (from, to, bump) = (&suggestion.from, &suggestion.to, suggestion.bump.as_str());
    lines.push(format!("suggested version: {from} → {to} ({bump}): {}", suggestion.reason));
    let outline = Outline::of(report);
    for (what, models) in [("removed", &outline.removed), ("added", &outline.added)] {
        if !models.is_empty() {
            lines.push(format!("\n{} {what}: {}", count(models.len(), "model"), show::names(models, MAX_NAMED)));
        }
    }
    for group in &outline.groups {
        for (model, changes) in &group.shown {
            lines.push(format!("\n{}", show::code(model)));
            lines.extend(changes.iter().map(line));
        }
        if !group.others.is_empty() {
            let more = count(group.others.len(), "more model");
            lines.push(format!("\nand {more} like this: {}", show::names(&group.others, MAX_NAMED)));
        }
    }
    lines.join("\n") + "\n"
}

fn summary(models: &Counts) -> String {
    let parts = [
        (models.added, "added"),
        (models.removed, "removed"),
        (models.breaking, "changed in breaking ways"),
        (models.compatible, "changed in compatible ways"),
        (models.docs_only, "with other texts"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, what)| format!("{} {what}", count(number, "model")))
        .collect();
    if parts.is_empty() { "only shared output shapes changed".to_owned() } else { parts.join(", ") }
}

fn line(line: &Line<'_>) -> String {
    match line {
        Line::Change(change) => format!("  {:10}  {}{}", verdict(change), place(change), change.sentence),
        Line::More(more) => format!("  {:10}  and {} like this", "", count(*more, "more change")),
    }
}

fn verdict(change: &Change) -> &'static str {
    match change.verdict {
        _ if change.wrong_keys && change.verdict != Verdict::Breaking => "WRONG KEYS",
        verdict => verdict.as_str(),
    }
}

fn place(change: &Change) -> String {
    let urgent = change.wrong_keys && change.verdict == Verdict::Breaking;
    let mark = if urgent { "WRONG KEYS: " } else { "" };
    match change.path.as_str() {
        "" => mark.to_owned(),
        path => format!("{mark}{}: ", show::code(path)),
    }
}
