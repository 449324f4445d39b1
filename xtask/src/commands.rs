//! The commands: arguments in, an [`Answer`] out. Each loads, lets the generator or the import work, and says what came of
//! it.

use std::path::{Path, PathBuf};

use globset::Glob;
use runcomfy_codegen::cli::{self, Project, existing_folder, input};
use runcomfy_codegen::manifest::Date;
use runcomfy_codegen::{Error, ErrorKind, Errors, fs};

use crate::again::Need;
use crate::cli::{Cli, Command, Folders, Schemas, SecondOpinion, SyncArgs};
use crate::{Answer, import, sync, workspace};

pub(crate) fn run(cli: &Cli) -> Result<Answer, Errors> {
    match &cli.command {
        Command::Import { page, schemas, date } => import(page, schemas, *date),
        Command::Sync(args) => sync(args),
        Command::Generate(folders) => project(folders)?.generate(),
        Command::Check { folders, second_opinion } => check(&project(folders)?, *second_opinion),
        Command::Diff { diff, schemas } => cli::diff(diff, &schema_folder(schemas)?, &workspace::version()?),
        Command::Ir(schemas) => ir(schemas),
        Command::BenchCompile { .. } => Err(lacking(Need::Bench).into()),
    }
}

/// The error of a command that this program was not built for: only other programs than `cargo xtask` meet it.
fn lacking(need: Need) -> Error {
    Error::new(ErrorKind::Io, format!("this program was built without what the command needs: {need:?}"))
        .help("run `cargo xtask`, which builds it")
}

fn import(page: &Path, schemas: &Schemas, date: Option<Date>) -> Result<Answer, Errors> {
    let schemas = schema_folder(schemas)?;
    let (name, text) = input(page)?;
    let page = import::read_page(&name, &text)?;
    let fail = |error: Error| if error.file.is_empty() { Error { file: name.clone(), ..error } } else { error };
    let out = import::update(&page, &schemas, date.unwrap_or_else(today)).map_err(|errors| errors.map(fail))?;
    Ok(Answer { out, ..Answer::default() })
}

fn sync(args: &SyncArgs) -> Result<Answer, Errors> {
    let schemas = schema_folder(&args.schemas)?;
    let options = sync::Options {
        only: args.only.as_ref().map(Glob::compile_matcher),
        dry_run: args.dry_run,
        today: args.date.unwrap_or_else(today),
    };
    let response = match &args.from {
        Some(file) => {
            let (name, text) = input(file)?;
            sync::response::read(&name, &text)?
        }
        None => live(args, &schemas, &options)?,
    };
    sync::sync(response, &schemas, &options)
}

#[cfg(feature = "live")]
fn live(args: &SyncArgs, schemas: &Path, options: &sync::Options) -> Result<sync::Response, Errors> {
    Ok(sync::live::read(args.base_url.as_deref(), &sync::known(schemas, options.only.as_ref())?)?)
}

#[cfg(not(feature = "live"))]
fn live(_: &SyncArgs, _: &Path, _: &sync::Options) -> Result<sync::Response, Errors> {
    Err(lacking(Need::Live).into())
}

#[cfg(feature = "second-opinion")]
fn check(project: &Project, second_opinion: SecondOpinion) -> Result<Answer, Errors> {
    let files = project.check()?;
    let opinion = project.second_opinion(second_opinion == SecondOpinion::Deny)?;
    Ok(Answer { out: files.out, err: files.err + &opinion.err, code: files.code.max(opinion.code) })
}

#[cfg(not(feature = "second-opinion"))]
fn check(_: &Project, _: SecondOpinion) -> Result<Answer, Errors> {
    Err(lacking(Need::SecondOpinion).into())
}

/// The folders that were named, else the workspace's.
fn project(folders: &Folders) -> Result<Project, Error> {
    let schemas = schema_folder(&folders.schemas)?;
    let out = folders.out.clone().unwrap_or_else(workspace::generated);
    let placement = workspace::placement(&out)?;
    let named = [("--schemas", &folders.schemas.schemas), ("--out", &folders.out)];
    let flags = named.into_iter().filter_map(|(flag, path)| Some((flag, path.clone()?))).collect();
    Ok(Project { schemas, out: Some((out, placement)), command: "cargo xtask generate", flags })
}

fn ir(schemas: &Schemas) -> Result<Answer, Errors> {
    let catalog = runcomfy_codegen::catalog(&fs::load(&schema_folder(schemas)?)?)?;
    let text = serde_json::to_string_pretty(&catalog)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("the representation is no JSON: {error}")))?;
    Ok(Answer { out: text + "\n", ..Answer::default() })
}

/// The folder that was named, which must be there, or the workspace's.
fn schema_folder(schemas: &Schemas) -> Result<PathBuf, Error> {
    let folder = schemas.schemas.clone().unwrap_or_else(workspace::schemas);
    existing_folder("--schemas", &folder)?;
    Ok(folder)
}

/// Today, in UTC: every maintainer's clock gives the same day.
fn today() -> Date {
    let now = time::OffsetDateTime::now_utc();
    Date { year: u16::try_from(now.year()).unwrap_or_default(), month: now.month().into(), day: now.day() }
}
