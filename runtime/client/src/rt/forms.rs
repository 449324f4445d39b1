//! What to say of a value that fits none of several forms. In: what each form has to say against it. Out: the violations that
//! all of them share, or a line that names what would do. Must not know how forms are tried.

use crate::invalid::{PathPart, Violation, ViolationKind};

/// How many forms, and how many violations of each, a line tells.
const MAX_FORMS: usize = 4;
const MAX_OF_A_FORM: usize = 2;

/// What no form forgives: it must be mended whichever is meant.
pub(super) fn shared(complaints: &[Vec<Violation>]) -> Vec<Violation> {
    let Some((first, others)) = complaints.split_first() else { return Vec::new() };
    first.iter().filter(|violation| others.iter().all(|other| other.contains(violation))).cloned().collect()
}

/// What would make a form fit, as advice; empty if there is too much to say. `depth` is how many steps the path to the value
/// has.
pub(super) fn advice(complaints: &[Vec<Violation>], depth: usize) -> String {
    let is_short = |complaint: &Vec<Violation>| (1..=MAX_OF_A_FORM).contains(&complaint.len());
    if complaints.is_empty() || complaints.len() > MAX_FORMS || !complaints.iter().all(is_short) {
        return String::new();
    }
    let is_missing = |violation: &Violation| violation.kind() == ViolationKind::Missing;
    if complaints.iter().flatten().all(is_missing) {
        let names = |complaint: &Vec<Violation>| {
            complaint.iter().map(|violation| name_below(violation, depth)).collect::<Vec<_>>().join(" and ")
        };
        let verb = if complaints.iter().all(|complaint| complaint.len() == 1) { "is" } else { "are" };
        return format!("{} {verb} missing", joined(complaints.iter().map(names)));
    }
    let texts =
        |complaint: &Vec<Violation>| complaint.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    joined(complaints.iter().map(texts))
}

/// The alternatives, each once.
fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut all: Vec<String> = Vec::new();
    texts.for_each(|text| {
        if !all.contains(&text) {
            all.push(text);
        }
    });
    all.join(" or ")
}

/// The name of what a violation is about, seen from the value.
fn name_below(violation: &Violation, depth: usize) -> String {
    let parts = violation.path().iter().skip(depth).map(|part| match part {
        PathPart::Name { name, .. } => name.clone(),
        PathPart::Index(index) => index.to_string(),
        PathPart::Extra => "extra".to_owned(),
    });
    parts.collect::<Vec<_>>().join(".")
}
