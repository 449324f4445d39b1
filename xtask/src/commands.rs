//! The commands: arguments in, an [`Answer`] out. Each loads, lets the generator or the import work, and says what came of
//! it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};

use globset::Glob;
use runcomfy_codegen::fs::{self, Changes, Difference};
use runcomfy_codegen::manifest::Date;
use runcomfy_codegen::{Error, ErrorKind, Errors, Package};

use crate::cli::{BenchArgs, BenchFormat, Cli, Command, Folders, Schemas, SyncArgs};
use crate::{Answer, bench_compile, import, sync, workspace};

/// The most files that are listed by name; a first run writes hundreds.
const LISTED: usize = 40;

pub(crate) fn run(cli: &Cli) -> Result<Answer, Errors> {
    match &cli.command {
        Command::Import { page, schemas, date } => import(page, schemas, *date),
        Command::Sync(args) => sync(args),
        Command::Generate(folders) => generate(folders),
        Command::Check(folders) => check(folders),
        Command::Diff(args) => crate::diff::run(args, &schema_folder(&args.schemas)?),
        Command::Ir(schemas) => ir(schemas),
        Command::BenchCompile(args) => bench_compile(args),
        Command::Typify { schemas, out } => {
            bench_compile::generate_theirs(schemas, out)?;
            Ok(Answer::default())
        }
    }
}

fn bench_compile(args: &BenchArgs) -> Result<Answer, Errors> {
    let json = args.format == BenchFormat::Json;
    if cfg!(debug_assertions) {
        let (out, done) = bench_compile::run_optimised(std::env::args_os().skip(1))?;
        return Ok(Answer { out, code: u8::from(!done), ..Answer::default() });
    }
    let BenchArgs { models, seed, runs, growth, .. } = *args;
    let options = bench_compile::Options { models: models as usize, seed, runs: runs as usize, growth };
    Ok(Answer { out: bench_compile::run(options, json)?, ..Answer::default() })
}

fn import(page: &Path, schemas: &Schemas, date: Option<Date>) -> Result<Answer, Errors> {
    let schemas = schema_folder(schemas)?;
    let (name, text) = input(page)?;
    let page = import::read_page(&name, &text)?;
    let fail = |error: Error| if error.file.is_empty() { error.of("", name.as_str()) } else { error };
    let out = import::update(&page, &schemas, date.unwrap_or_else(today)).map_err(|errors| errors.map(fail))?;
    Ok(Answer { out, ..Answer::default() })
}

fn sync(args: &SyncArgs) -> Result<Answer, Errors> {
    let schemas = schema_folder(&args.schemas)?;
    let (name, text) = input(&args.from)?;
    let response = sync::response::read(&text).map_err(|error| error.of("", name.as_str()))?;
    let options = sync::Options {
        only: args.only.as_ref().map(Glob::compile_matcher),
        dry_run: args.dry_run,
        today: args.date.unwrap_or_else(today),
    };
    sync::sync(response, &schemas, &options)
}

/// The text of a file or of standard input, with the name that messages give it.
fn input(path: &Path) -> Result<(String, String), Error> {
    let (name, bytes) = if path == Path::new("-") {
        ("standard input".to_owned(), fs::read_bounded(io::stdin().lock()))
    } else {
        let name = path.display().to_string();
        let file = std::fs::File::open(path).map_err(|error| {
            Error::new(ErrorKind::Io, format!("the file can't be read: {error}")).of("", name.as_str())
        })?;
        (name, fs::read_bounded(file))
    };
    let text = bytes.and_then(import::decode).map_err(|error| error.of("", name.as_str()))?;
    Ok((name, text))
}

fn generate(folders: &Folders) -> Result<Answer, Errors> {
    let out = folders.out.clone().unwrap_or_else(workspace::generated);
    if out.exists() {
        is_folder("--out", &out)?;
    }
    let generated = generated(folders, &out)?;
    let mut changes = fs::write(&out, &generated.package)?;
    let locks = fs::write_files(&generated.schemas, &generated.locks)?;
    let shown = |path: String| shown(&generated.schemas, &path);
    changes.written.extend(locks.written.into_iter().map(shown));
    changes.removed.extend(locks.removed.into_iter().map(shown));
    changes.unchanged.extend(locks.unchanged);
    Ok(Answer { out: told(generated.locks.len(), &changes), ..Answer::default() })
}

fn check(folders: &Folders) -> Result<Answer, Errors> {
    let out = folders.out.clone().unwrap_or_else(workspace::generated);
    is_folder("--out", &out)?;
    let generated = generated(folders, &out)?;
    let mut differences = fs::check(&out, &generated.package)?;
    let locks = fs::check_files(&generated.schemas, &generated.locks)?;
    differences.extend(locks.into_iter().map(|found| found.at(|path| shown(&generated.schemas, path))));
    Ok(if differences.is_empty() {
        let files = count(generated.package.files.len() + generated.locks.len(), "file");
        Answer { out: format!("{}: {files} up to date\n", count(generated.locks.len(), "model")), ..Answer::default() }
    } else {
        Answer { err: stale(&differences, folders), code: 1, ..Answer::default() }
    })
}

fn ir(schemas: &Schemas) -> Result<Answer, Errors> {
    let catalog = runcomfy_codegen::catalog(&fs::load(&schema_folder(schemas)?)?)?;
    let text = serde_json::to_string_pretty(&catalog)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("the representation is no JSON: {error}")))?;
    Ok(Answer { out: text + "\n", ..Answer::default() })
}

/// What the schemas say that a run has to leave behind.
struct Generated {
    /// The crate.
    package: Package,
    /// The schema folder.
    schemas: PathBuf,
    /// The lock of each model, by its path in the schema folder.
    locks: BTreeMap<String, String>,
}

fn generated(folders: &Folders, out: &Path) -> Result<Generated, Errors> {
    let schemas = schema_folder(&folders.schemas)?;
    let catalog = runcomfy_codegen::catalog(&fs::load(&schemas)?)?;
    let package = runcomfy_codegen::emit_package(&catalog, &workspace::placement(out)?)?;
    Ok(Generated { package, schemas, locks: runcomfy_codegen::locks(&catalog) })
}

/// A file of the schema folder as messages name it: from where the command was run, if it is below that.
fn shown(schemas: &Path, path: &str) -> String {
    let file = schemas.join(path);
    let here = std::env::current_dir().unwrap_or_default();
    file.strip_prefix(here).unwrap_or(&file).display().to_string()
}

/// The folder that was named, which must be there, or the workspace's.
fn schema_folder(schemas: &Schemas) -> Result<PathBuf, Error> {
    let folder = schemas.schemas.clone().unwrap_or_else(workspace::schemas);
    is_folder("--schemas", &folder)?;
    Ok(folder)
}

fn is_folder(flag: &str, path: &Path) -> Result<(), Error> {
    let why = match path.metadata() {
        Ok(found) if found.is_dir() => return Ok(()),
        Ok(_) => "is a file, not a folder".to_owned(),
        Err(error) => format!("can't be read: {error}"),
    };
    Err(Error::new(ErrorKind::Io, format!("the folder of `{flag}` {why}"))
        .of("", path.display().to_string())
        .help(format!("create the folder, or name another one with `{flag}`")))
}

/// Today, in UTC: every maintainer's clock gives the same day.
fn today() -> Date {
    let now = time::OffsetDateTime::now_utc();
    Date { year: u16::try_from(now.year()).unwrap_or_default(), month: now.month().into(), day: now.day() }
}

/// What `generate` did, in words: `1 model: wrote 3 files, 9 unchanged`.
fn told(models: usize, changes: &Changes) -> String {
    let mut text = String::new();
    let listed =
        changes.written.iter().map(|path| ("wrote", path)).chain(changes.removed.iter().map(|path| ("removed", path)));
    let total = changes.written.len() + changes.removed.len();
    for (verb, path) in listed.take(LISTED) {
        let _ = writeln!(text, "{verb} {path}");
    }
    if total > LISTED {
        let _ = writeln!(text, "… and {} more", total - LISTED);
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
fn stale(differences: &[Difference], folders: &Folders) -> String {
    let mut text = String::new();
    for difference in differences.iter().take(LISTED) {
        let _ = writeln!(text, "{difference}");
    }
    if differences.len() > LISTED {
        let _ = writeln!(text, "… and {} more", differences.len() - LISTED);
    }
    let mut command = "cargo xtask generate".to_owned();
    for (flag, path) in [("--schemas", &folders.schemas.schemas), ("--out", &folders.out)] {
        if let Some(path) = path {
            let _ = write!(command, " {flag} {}", quoted(path));
        }
    }
    let _ = writeln!(text, "\n{}: run `{command}`", count(differences.len(), "difference"));
    text
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/\\._-:+@".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_with_its_counts() {
        let mut changes =
            Changes { written: vec!["src/lib.rs".to_owned()], unchanged: vec![String::new(); 9], removed: Vec::new() };
        assert_eq!(told(1, &changes), "wrote src/lib.rs\n1 model: wrote 1 file, 9 unchanged\n");
        changes.written = vec!["x".to_owned(); LISTED + 2];
        changes.removed = vec!["old.rs".to_owned()];
        let text = told(2, &changes);
        assert!(text.ends_with("… and 3 more\n2 models: wrote 42 files, 9 unchanged, 1 removed\n"), "{text}");
    }

    #[test]
    fn the_command_to_run_repeats_the_flags() {
        let differences = [Difference::Missing { path: "src/lib.rs".to_owned() }];
        let plain = stale(&differences, &Folders::default());
        assert!(plain.ends_with("\n1 difference: run `cargo xtask generate`\n"), "{plain}");
        let folders = Folders { schemas: Schemas { schemas: Some("my schemas".into()) }, out: Some("out".into()) };
        assert!(stale(&differences, &folders).contains("generate --schemas 'my schemas' --out out`"));
    }

    #[test]
    fn a_folder_that_is_a_file_or_not_there_is_named_with_its_flag() {
        for (path, why) in [("Cargo.toml", "is a file"), ("nowhere", "can't be read")] {
            let schemas = Schemas { schemas: Some(path.into()) };
            let error = schema_folder(&schemas).expect_err("no folder");
            assert!(
                error.message.contains(why) && error.message.contains("--schemas") && error.file == path,
                "{error}"
            );
            let folders = Folders { schemas: Schemas::default(), out: Some(path.into()) };
            assert!(check(&folders).is_err());
        }
    }
}
