//! Faults that are planted, so that a year can be seen to find them: each makes a lock or a report say what is not true.

use serde_json::{Value, json};

use super::folder::Folder;

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A lock calls a field by another name: names move.
    Renames,
    /// A lock gives two fields each other's names: values reach a wrong node.
    Exchanges,
    /// A lock forgets what its fields were known by: needless stops.
    Forgets,
    /// Reports leave out what breaks programs: wrong verdicts.
    Reassures,
    /// Reports call everything breaking: wrong verdicts.
    Alarms,
}

impl Fault {
    /// Plants it in the locks of the models.
    pub fn plant(self, folder: &Folder, models: &[String]) {
        for model in models {
            let Some(lock) = folder.read(model, "names.lock") else { continue };
            let corrupt = match self {
                Self::Renames => renamed(&lock),
                Self::Exchanges => exchanged(&lock),
                Self::Forgets => forgotten(&lock),
                Self::Reassures | Self::Alarms => continue,
            };
            folder.write(model, "names.lock", &corrupt);
        }
    }

    /// Plants it in a report.
    pub fn distort(self, changes: &mut Vec<Value>) {
        match self {
            Self::Reassures => changes.retain(|change| change["verdict"] != "breaking"),
            Self::Alarms => changes.iter_mut().for_each(|change| change["verdict"] = json!("breaking")),
            _ => {}
        }
    }
}

/// The names of the first fields of the input.
fn names(lock: &str) -> Vec<&str> {
    let lines =
        lock.split("[[field]]").skip(1).filter(|field| !field.contains("\ntype = ") && !field.contains("retired"));
    lines.filter_map(|field| field.split("name = \"").nth(1)?.split('"').next()).collect()
}

fn renamed(lock: &str) -> String {
    match names(lock).as_slice() {
        [first, ..] => lock.replace(&format!("\"{first}\""), &format!("\"{first}_too\"")),
        [] => lock.to_owned(),
    }
}

fn exchanged(lock: &str) -> String {
    match names(lock).as_slice() {
        [first, second, ..] => lock
            .replace(&format!("\"{first}\""), "\"\u{1}\"")
            .replace(&format!("\"{second}\""), &format!("\"{first}\""))
            .replace("\"\u{1}\"", &format!("\"{second}\"")),
        _ => lock.to_owned(),
    }
}

fn forgotten(lock: &str) -> String {
    let line = |line: &str| match (line.strip_prefix("key = \""), line.strip_prefix("title = \"")) {
        (Some(key), _) if key.starts_with(|c: char| c.is_ascii_digit()) => format!("key = \"9{key}"),
        (_, Some(title)) => format!("title = \"Former {title}"),
        _ => line.to_owned(),
    };
    lock.lines().map(|one| line(one) + "\n").collect()
}
