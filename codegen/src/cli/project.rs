//! `generate`, `check` and `lock`: a schema folder, and where its crate is, in; files, or how they differ, out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::{Answer, count, existing_folder};
use crate::error::for_shell;
use crate::fs::{self, Changes, Difference};
use crate::ir::{Catalog, Module};
use crate::{Error, ErrorKind, Errors, Package, Placement, Sources};

/// The most files that are listed by name; a first run writes hundreds.
const MAX_LISTED: usize = 40;

/// A schema folder, and what is generated from it.
#[derive(Clone, Debug)]
pub struct Project {
    /// The schema folder, which gets the locks.
    pub schemas: PathBuf,
    /// The folder of the generated crate, and what the crate inherits there; `None` where only the locks matter.
    pub out: Option<(PathBuf, Placement)>,
    /// The command that writes all this: `cargo xtask generate`. Files name it so.
    pub command: &'static str,
    /// The flags that it was given, which messages repeat.
    pub flags: Vec<(&'static str, PathBuf)>,
}

impl Project {
    /// Writes the crate and the locks, and says what was written.
    ///
    /// # Errors
    /// Whatever keeps a model from being generated or a file from being written; then nothing was changed.
    pub fn generate(&self) -> Result<Answer, Errors> {
        if let Some((out, _)) = &self.out {
            apart(out, &self.schemas)?;
            if out.exists() {
                existing_folder("--out", out)?;
            }
        }
        existing_folder("--schemas", &self.schemas)?;
        let _held = fs::hold(&self.schemas)?;
        let made = self.made()?;
        let locks = (self.schemas.as_path(), &made.locks);
        let [mut changes, locks] = match &self.out {
            Some((out, _)) => fs::write_with((out, &made.package), locks)?,
            None => [Changes::default(), fs::write_files(locks.0, locks.1)?],
        };
        changes.written.extend(locks.written.iter().map(|path| self.shown(path)));
        changes.removed.extend(locks.removed.iter().map(|path| self.shown(path)));
        changes.unchanged.extend(locks.unchanged);
        Ok(Answer { out: told(made.locks.len(), &changes), err: warned(&made.notes), code: 0 })
    }

    /// Compares the crate and the locks with what [`generate`](Self::generate) would write; the exit code is 1 if they
    /// differ. Writes nothing.
    ///
    /// # Errors
    /// Whatever keeps a model from being generated or a file from being read.
    pub fn check(&self) -> Result<Answer, Errors> {
        let made = self.made()?;
        let mut differences = match &self.out {
            Some((out, _)) => {
                existing_folder("--out", out)?;
                fs::check(out, &made.package)?
            }
            None => Vec::new(),
        };
        let locks = fs::check_files(&self.schemas, &made.locks)?;
        differences.extend(locks.into_iter().map(|found| found.at(|path| self.shown(path))));
        Ok(if differences.is_empty() {
            let files = count(made.package.files.len() + made.locks.len(), "file");
            let out = format!("{}: {files} up to date\n", count(made.locks.len(), "model"));
            Answer { out, err: warned(&made.notes), code: 0 }
        } else {
            let err = warned(&made.notes) + &stale(&differences, &self.command_line());
            Answer { err, code: 1, ..Answer::default() }
        })
    }

    /// Tells where typify reads a schema differently than we do. The exit code is 1 if it does and `deny` is set.
    ///
    /// # Errors
    /// Whatever keeps a model from being generated, and lines of `[accept] second_opinion` that accept nothing.
    #[cfg(feature = "second-opinion")]
    pub fn second_opinion(&self, deny: bool) -> Result<Answer, Errors> {
        let found = crate::second_opinion::differences(&fs::load(&self.schemas)?)?;
        if found.is_empty() || deny {
            return Ok(found.or(Answer::default()).unwrap_or_else(Answer::from));
        }
        Ok(Answer { err: warned(&found), ..Answer::default() })
    }

    /// What the schemas say that a run has to leave behind.
    fn made(&self) -> Result<Made, Errors> {
        existing_folder("--schemas", &self.schemas)?;
        let sources = fs::load(&self.schemas)?;
        let (catalog, mut notes) = crate::catalog_with_notes(&sources)?;
        self.lost_locks(&sources, &catalog).for_each(|note| notes.push(note));
        let package = match &self.out {
            Some((_, placement)) => crate::emit_package(&catalog, placement)?,
            None => Package::default(),
        };
        Ok(Made { package, locks: crate::locks(&catalog), notes })
    }

    /// Notes on models that were generated already and have no lock: their names are made anew.
    fn lost_locks<'a>(&'a self, sources: &'a Sources, catalog: &'a Catalog) -> impl Iterator<Item = Error> {
        let unlocked = |folder: &str| sources.models.iter().any(|of| of.folder == folder && of.lock.is_none());
        let models = catalog.models.iter().filter(move |model| unlocked(&model.folder));
        models.filter_map(|model| {
            let Module { provider, family, variant, .. } = &model.module;
            let (out, _) = self.out.as_ref()?;
            let code = out.join(format!("src/{provider}/{family}/{variant}.rs"));
            code.exists().then(|| {
                let message = "the model was generated before, and its names.lock is not there: \
                               its names are made anew from today's titles";
                Error::new(ErrorKind::Stale, message)
                    .of(&model.id, format!("{}/names.lock", model.folder))
                    .help("if it was deleted, restore it from version control and generate again")
            })
        })
    }

    /// The command with its flags, as a shell takes it.
    fn command_line(&self) -> String {
        let flags = self.flags.iter().map(|(flag, path)| format!(" {flag} {}", for_shell(path)));
        self.command.to_owned() + &flags.collect::<String>()
    }

    /// A file of the schema folder as messages name it: from where the command was run, if it is below that.
    fn shown(&self, path: &str) -> String {
        let file = self.schemas.join(path);
        let here = std::env::current_dir().unwrap_or_default();
        file.strip_prefix(here).unwrap_or(&file).display().to_string()
    }
}

/// Refuses a crate within the schema folder, every file of which would be taken for a model's from then on.
fn apart(out: &Path, schemas: &Path) -> Result<(), Error> {
    let found = |path: &Path| path.canonicalize().ok();
    let out_there = std::path::absolute(out).unwrap_or_default().ancestors().find_map(found);
    match (out_there, found(schemas)) {
        (Some(there), Some(schemas)) if there.starts_with(&schemas) => {
            Err(Error::new(ErrorKind::Io, "the folder of `--out` lies in the schema folder")
                .of("", out.display().to_string())
                .help("only models belong there: name a folder beside it"))
        }
        _ => Ok(()),
    }
}

struct Made {
    package: Package,
    /// The lock of each model, by its path in the schema folder.
    locks: BTreeMap<String, String>,
    /// What is worth telling although it stops nothing.
    notes: Errors,
}

/// Warnings for people, and their count as the last line; nothing where there are none.
fn warned(notes: &Errors) -> String {
    if notes.is_empty() {
        return String::new();
    }
    format!("{}\n\n{}\n", notes.as_warnings(), count(notes.iter().count(), "warning"))
}

/// What `generate` did, in words: `1 model: wrote 3 files, 9 unchanged`.
fn told(models: usize, changes: &Changes) -> String {
    let mut text = String::new();
    let listed =
        changes.written.iter().map(|path| ("wrote", path)).chain(changes.removed.iter().map(|path| ("removed", path)));
    let total = changes.written.len() + changes.removed.len();
    for (verb, path) in listed.take(MAX_LISTED) {
        let _ = writeln!(text, "{verb} {path}");
    }
    if total > MAX_LISTED {
        let _ = writeln!(text, "… and {} more", total - MAX_LISTED);
    }
    let _ = write!(
        text,
        "{}: wrote {}, {} unchanged",
        count(models, "model"),
        count(changes.written.len(), "file"),
        changes.unchanged.len()
    );
    if !changes.removed.is_empty() {
        let _ = write!(text, ", {} removed", changes.removed.len());
    }
    text + "\n"
}

/// What `check` found, with the one command to run.
fn stale(differences: &[Difference], command: &str) -> String {
    let mut text = String::new();
    for difference in differences.iter().take(MAX_LISTED) {
        let _ = writeln!(text, "{difference}");
    }
    if differences.len() > MAX_LISTED {
        let _ = writeln!(text, "… and {} more", differences.len() - MAX_LISTED);
    }
    let _ = writeln!(text, "\n{}: run `{command}`", count(differences.len(), "difference"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_with_its_counts() {
        let mut changes =
            Changes { written: vec!["src/lib.rs".to_owned()], unchanged: vec![String::new(); 9], removed: Vec::new() };
        assert_eq!(told(1, &changes), "wrote src/lib.rs\n1 model: wrote 1 file, 9 unchanged\n");
        changes.written = vec!["x".to_owned(); MAX_LISTED + 2];
        changes.removed = vec!["old.rs".to_owned()];
        let text = told(2, &changes);
        assert!(text.ends_with("… and 3 more\n2 models: wrote 42 files, 9 unchanged, 1 removed\n"), "{text}");
    }

    #[test]
    fn another_version_makes_another_crate_and_check_says_so() {
        let root = tempfile::tempdir().expect("a folder");
        let schemas = root.path().join("schemas/a/b");
        std::fs::create_dir_all(&schemas).expect("folders");
        let manifest = "id = \"a/b\"\ndisplay_name = \"B\"\nsource = \"page\"\nupdated = 2026-01-01\n";
        let input = r#"{"type": "object", "properties": {"prompt": {"type": "string"}}}"#;
        for (name, text) in [("model.toml", manifest), ("input.json", input), ("output.json", r#"{"type": "string"}"#)]
        {
            std::fs::write(schemas.join(name), text).expect("written");
        }
        let project = |version: &str| {
            let placement = Placement::Standalone(crate::Standalone {
                client: crate::ClientCrate::Version(version.to_owned()),
                version: version.to_owned(),
                edition: "2024".to_owned(),
                rust_version: "1.88".to_owned(),
                license: Some("MIT".to_owned()),
                command: "generate".to_owned(),
            });
            let out = Some((root.path().join("out"), placement));
            Project { schemas: root.path().join("schemas"), out, command: "generate", flags: Vec::new() }
        };
        let readme = || std::fs::read_to_string(root.path().join("out/README.md")).expect("a README");
        assert_eq!(project("0.1.9").generate().map(|answer| answer.code), Ok(0));
        assert!(
            readme().contains("version = \"0.1\"") && project("0.1.9").check().is_ok_and(|answer| answer.code == 0)
        );
        let stale = project("0.2.0").check().expect("comparable");
        assert!(stale.code == 1 && stale.err.contains("changed: README.md"), "{stale:?}");
        assert_eq!(project("0.2.0").generate().map(|answer| answer.code), Ok(0));
        assert!(
            readme().contains("version = \"0.2\"") && project("0.2.0").check().is_ok_and(|answer| answer.code == 0)
        );
    }

    #[test]
    fn the_command_to_run_is_told_once_with_its_flags() {
        let project = Project {
            schemas: "my schemas".into(),
            out: None,
            command: "generate",
            flags: vec![("--schemas", "my schemas".into()), ("--out", "out".into())],
        };
        let differences = [Difference::Missing { path: "src/lib.rs".to_owned() }];
        let told = stale(&differences, &project.command_line());
        assert!(told.ends_with("\n1 difference: run `generate --schemas 'my schemas' --out out`\n"), "{told}");
    }
}
