//! A report in, Markdown for the body of a pull request out.

use semver::Version;

use super::count;
use super::outline::{Line, Outline};
use crate::diff::report::{Change, Counts, Report};
use crate::diff::show;

/// As many models are named in a list; the JSON names all.
const MAX_NAMED: usize = 20;

/// The report as Markdown for a pull request. `current` is the version that the suggested one follows.
#[must_use]
pub fn markdown(report: &Report, current: &Version) -> String {
    let Some(verdict) = report.verdict() else { return "Nothing changed for users.\n".to_owned() };
    let mut blocks = vec![format!("## What changes for users: {}", verdict.as_str())];
    let urgent = report.wrong_key_models();
    if !urgent.is_empty() {
        let models = show::names(&urgent, MAX_NAMED);
        blocks.push(format!(
            "> [!WARNING]\n> **Release at once: released versions send wrong keys from now on** to {models}."
        ));
    }
    let suggestion = report.bump(current);
    let (from, to, bump) = (&suggestion.from, &suggestion.to, suggestion.bump.as_str());
    blocks.push(format!("Suggested version: {from} → **{to}** ({bump}): {}", suggestion.reason));
    blocks.push(table(&report.models));
    let outline = Outline::of(report);
    for (what, models) in [("removed", &outline.removed), ("added", &outline.added)] {
        if !models.is_empty() {
            blocks.push(format!("### {} {what}\n\n{}", count(models.len(), "model"), show::names(models, MAX_NAMED)));
        }
    }
    for group in &outline.groups {
        for (model, changes) in &group.shown {
            let lines: Vec<String> = changes.iter().map(line).collect();
            blocks.push(format!("### {}\n\n{}", show::code(model), lines.join("\n")));
        }
        if !group.others.is_empty() {
            let more = count(group.others.len(), "more model");
            blocks.push(format!("…and {more} like this: {}", show::names(&group.others, MAX_NAMED)));
        }
    }
    blocks.join("\n\n") + "\n"
}

/// Numbers only: a text with a pipe would end its cell, even in a code span.
fn table(models: &Counts) -> String {
    let Counts { added, removed, breaking, compatible, docs_only } = models;
    format!(
        "| added | removed | breaking | compatible | docs only |\n|---:|---:|---:|---:|---:|\n\
         | {added} | {removed} | {breaking} | {compatible} | {docs_only} |"
    )
}

fn line(line: &Line<'_>) -> String {
    match line {
        Line::Change(change) => format!("- {}{}{}", marks(change), place(change), change.sentence),
        Line::More(more) => format!("- and {} like this", count(*more, "more change")),
    }
}

fn marks(change: &Change) -> String {
    let urgent = if change.wrong_keys { "**wrong keys**, " } else { "" };
    format!("{urgent}**{}** ", change.verdict.as_str())
}

fn place(change: &Change) -> String {
    if change.path.is_empty() { String::new() } else { format!("{}: ", show::code(&change.path)) }
}
