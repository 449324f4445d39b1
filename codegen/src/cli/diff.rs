//! `diff`: two versions of the schema folder in, what changed for users out. Knows where versions come from: folders and
//! git revisions. What a change means is [`crate::diff`]'s business.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{Args, ValueEnum};
use tempfile::TempDir;

use super::{Answer, existing_folder};
use crate::diff::{self, Report, Verdict, Version};
use crate::ir::Catalog;
use crate::{Error, ErrorKind, Errors, ModelId, SourceFile, Sources, fs};

/// What is compared, and how it is told.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
pub struct DiffArgs {
    /// The old version: a schema folder, or a git revision of the schema folder
    pub old: String,
    /// The new version: a schema folder, or a git revision of the schema folder
    ///
    /// Its names are those of its locks, as in the crate that is generated from it; a model without a lock is named with
    /// that of OLD.
    pub new: String,
    /// How the changes are written: for people, for a pull request, for programs, for CHANGELOG
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Exit with 1 if there is a change of this kind or a worse one
    #[arg(long, value_enum, value_name = "KIND")]
    pub fail_on: Option<FailOn>,
}

/// How changes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
    /// Entries for CHANGELOG.md
    Changelog,
}

/// The changes that make `diff` fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Code that compiles today no longer would
    Breaking,
    /// Something was added, or the server behaves differently
    Compatible,
    /// Anything at all, docs included
    Any,
    /// Released versions send wrong keys
    WrongKeys,
}

/// Compares two versions; the exit code is 1 if there is a change that `--fail-on` names. `schemas` is the schema folder
/// whose git revisions may be named, `version` what the suggestion for the next one starts from.
///
/// # Errors
/// What keeps a version from being read or named, the stops of the lock's rules included.
pub fn diff(args: &DiffArgs, schemas: &Path, version: &Version) -> Result<Answer, Errors> {
    let old = load(&args.old, schemas)?;
    let new = load(&args.new, schemas)?;
    let report = compare(&in_version(&args.old, old)?, &args.new, new)?;
    let out = match args.format {
        Format::Text => diff::text(&report, version),
        Format::Markdown => diff::markdown(&report, version),
        Format::Json => diff::json(&report, version),
        Format::Changelog => diff::changelog(&report),
    };
    let code = u8::from(args.fail_on.is_some_and(|limit| fails(&report, limit)));
    Ok(Answer { out, code, ..Answer::default() })
}

/// What changed from a named catalogue to schemas that are named here: by their own locks, which say what the crate made
/// of them is like, and where a model has none by that of `old`.
///
/// # Errors
/// The stops of the lock's rules, and whatever else keeps `new` from being named.
pub fn compare(old: &Catalog, name: &str, mut new: Sources) -> Result<Report, Errors> {
    let locks: BTreeMap<String, _> =
        old.models.iter().map(|model| (ModelId::spelling(&model.folder), &model.lock)).collect();
    for source in new.models.iter_mut().filter(|source| source.lock.is_none()) {
        if let Some(lock) = locks.get(&ModelId::spelling(&source.folder)) {
            let path = format!("{}/names.lock", source.folder);
            source.lock = Some(SourceFile { path, text: lock.render() });
        }
    }
    Ok(diff::compare(old, &in_version(name, new)?))
}

/// The names of one version.
fn in_version(version: &str, sources: Sources) -> Result<Catalog, Errors> {
    crate::catalog(&sources).map_err(|errors| of(version, errors))
}

/// The same errors, with the version before the file.
fn of(version: &str, errors: Errors) -> Errors {
    errors.map(|error| Error { file: format!("{version}: {}", error.file), ..error })
}

fn fails(report: &Report, limit: FailOn) -> bool {
    let reaches = |least: Verdict| report.verdict().is_some_and(|verdict| verdict >= least);
    match limit {
        FailOn::Breaking => reaches(Verdict::Breaking),
        FailOn::Compatible => reaches(Verdict::Compatible),
        FailOn::Any => !report.changes.is_empty(),
        FailOn::WrongKeys => report.wrong_keys(),
    }
}

/// The schemas of a version: those of the folder of that name, else those of the git revision.
fn load(version: &str, schemas: &Path) -> Result<Sources, Errors> {
    let folder = Path::new(version);
    if folder.is_dir() {
        return fs::load(folder).map_err(|errors| of(version, errors));
    }
    existing_folder("--schemas", schemas)?;
    let (_keep, folder) = checked_out(version, schemas)?;
    fs::load(&folder).map_err(|errors| of(version, errors))
}

/// The schema folder as it was in a git revision, in a folder that lives as long as the first of the two.
fn checked_out(revision: &str, schemas: &Path) -> Result<(TempDir, PathBuf), Error> {
    let fail = |message: String| {
        let help =
            "name a folder, or a revision of the repository that holds the schema folder, such as HEAD or v0.1.0";
        Error::new(ErrorKind::Io, message).of("", revision).help(help)
    };
    if revision.is_empty() || revision.starts_with('-') {
        return Err(fail("this is neither a folder nor a git revision".to_owned()));
    }
    let git = |arguments: &[&str]| {
        git(schemas, arguments).map_err(|said| {
            fail(format!("there is no such folder, and git has no such revision of the schemas: {said}"))
        })
    };
    // `git archive` looks for the schema folder inside what it is given, so a folder of a revision would seem empty.
    let object = git(&["rev-parse", "--verify", "--end-of-options", revision])?;
    let object = String::from_utf8_lossy(&object);
    let commit = git(&["rev-parse", "--verify", &format!("{}^{{commit}}", object.trim())])?;
    let place = format!("{}:./", String::from_utf8_lossy(&commit).trim());
    // Of a folder that is not there, an archive would be empty, and every model would seem to be new.
    git(&["rev-parse", "--verify", "--quiet", &place])
        .map_err(|_| fail("the revision does not have the schema folder".to_owned()))?;
    let archive = git(&["archive", "--format=tar", String::from_utf8_lossy(&commit).trim()])?;
    let unpack = || {
        let folder = tempfile::tempdir()?;
        tar::Archive::new(archive.as_slice()).unpack(folder.path())?;
        Ok(folder)
    };
    let kept = unpack().map_err(|error: std::io::Error| fail(format!("the revision can't be unpacked: {error}")))?;
    let folder = kept.path().to_owned();
    Ok((kept, folder))
}

/// What git prints, or why it fails. It asks about the repository that holds the folder, whatever repository a hook that
/// calls us is about.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, String> {
    let mut git = Command::new("git");
    for of_a_hook in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(of_a_hook);
    }
    let ran =
        git.arg("-C").arg(folder).args(arguments).output().map_err(|error| format!("git can't be run: {error}"))?;
    if ran.status.success() {
        return Ok(ran.stdout);
    }
    let said = String::from_utf8_lossy(&ran.stderr);
    Err(said.trim().strip_prefix("fatal: ").unwrap_or(said.trim()).to_owned())
}
