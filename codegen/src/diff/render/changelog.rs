//! A report in, bullets for CHANGELOG.md out. Users read it, so one change of many models is one bullet, and texts are
//! only counted.

use std::collections::{BTreeMap, BTreeSet};

use super::count;
use crate::diff::kind::{ChangeKind, Verdict};
use crate::diff::report::{Change, Report};
use crate::diff::show;

/// As many models are named in one bullet.
const MAX_NAMED: usize = 3;

/// As many bullets of one kind are written.
const MAX_ALIKE: usize = 8;

/// The report as sections of a changelog: what breaks, what is new, what else changed, texts. Empty if nothing changed.
#[must_use]
pub fn changelog(report: &Report) -> String {
    let (urgent, rest): (Vec<&Change>, Vec<&Change>) =
        report.changes.iter().partition(|change| change.kind == ChangeKind::WireKeyChanged);
    let (texts, rest): (Vec<&Change>, Vec<&Change>) =
        rest.into_iter().partition(|change| change.verdict == Verdict::DocsOnly);
    let (breaking, rest): (Vec<&Change>, Vec<&Change>) =
        rest.into_iter().partition(|change| change.verdict == Verdict::Breaking);
    let (added, changed): (Vec<&Change>, Vec<&Change>) = rest.into_iter().partition(|change| change.kind.is_addition());
    let fixed = of_models(&urgent, "Wire keys follow renumbered nodes; earlier versions send wrong keys");
    let sections = [
        ("Breaking", bullets(&breaking)),
        ("Added", bullets(&added)),
        ("Changed", bullets(&changed)),
        ("Fixed", fixed),
        ("Documentation", of_models(&texts, "Texts follow what is published")),
    ];
    let written: Vec<String> = sections
        .into_iter()
        .filter(|(_, bullets)| !bullets.is_empty())
        .map(|(title, bullets)| format!("### {title}\n\n{}\n", bullets.join("\n")))
        .collect();
    written.join("\n")
}

/// One bullet that says the same of all models.
fn of_models(changes: &[&Change], what: &str) -> Vec<String> {
    let models: BTreeSet<&str> = changes.iter().map(|change| change.model.as_str()).collect();
    let models: Vec<&str> = models.into_iter().collect();
    let bullet = (!models.is_empty()).then(|| format!("- {what}: {}.", show::names(&models, MAX_NAMED)));
    bullet.into_iter().collect()
}

/// A bullet for each change, with the models it happened to; models that came or went are all named.
fn bullets(changes: &[&Change]) -> Vec<String> {
    let mut models: BTreeMap<(ChangeKind, &str, &str), Vec<&str>> = BTreeMap::new();
    for change in changes {
        let key = (change.kind, change.path.as_str(), change.sentence.as_str());
        models.entry(key).or_default().push(&change.model);
    }
    let all: Vec<_> = models.into_iter().collect();
    let mut bullets = Vec::new();
    for alike in all.chunk_by(|one, next| one.0.0 == next.0.0) {
        let shown = if alike.len() == MAX_ALIKE + 1 { alike.len() } else { MAX_ALIKE };
        bullets.extend(
            alike.iter().take(shown).map(|((kind, path, sentence), models)| bullet(*kind, path, sentence, models)),
        );
        let more = alike.len().saturating_sub(shown);
        bullets.extend((more > 0).then(|| format!("- And {} like this.", count(more, "more change"))));
    }
    bullets
}

fn bullet(kind: ChangeKind, path: &str, sentence: &str, models: &[&str]) -> String {
    match kind {
        ChangeKind::ModelAdded => format!("- New models: {}.", show::names(models, models.len())),
        ChangeKind::ModelRemoved => format!("- Models that are gone: {}.", show::names(models, models.len())),
        _ => {
            let path = if path.is_empty() { String::new() } else { format!(" {}", show::code(path)) };
            format!("- {}{path}: {sentence}.", show::names(models, MAX_NAMED))
        }
    }
}
