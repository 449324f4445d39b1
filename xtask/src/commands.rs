//! The commands: arguments in, an [`Answer`] out. Each loads, lets the generator or the import work, and says what came of
//! it.

use std::path::{Path, PathBuf};

use runcomfy_codegen::cli::{self, Project, Target, existing_folder};
use runcomfy_codegen::{Error, ErrorKind, Errors, fs, sync};

use crate::again::Need;
use crate::carried;
use crate::cli::{Cli, Command, Folders, Schemas, SecondOpinion, SyncArgs};
use crate::{Answer, workspace};

pub(crate) fn run(cli: &Cli) -> Result<Answer, Errors> {
    match &cli.command {
        Command::Import { import, schemas } => cli::import(import, &schema_folder(schemas)?),
        Command::Sync(args) => sync(args),
        Command::Generate(folders) => generate(folders),
        Command::Check { folders, second_opinion } => check(&project(folders)?, *second_opinion),
        Command::Diff { diff, released, schemas } => {
            let released = released.clone().map_or_else(workspace::version, Ok)?;
            cli::diff(diff, &schema_folder(schemas)?, &released)
        }
        Command::Ir(schemas) => ir(schemas),
        Command::BenchCompile { .. } => Err(lacking(Need::Bench).into()),
    }
}

/// The error of a command that this program was not built for: only other programs than `cargo xtask` meet it.
fn lacking(need: Need) -> Error {
    Error::new(ErrorKind::Io, format!("this program was built without what the command needs: {need:?}"))
        .help("run `cargo xtask`, which builds it")
}

fn sync(args: &SyncArgs) -> Result<Answer, Errors> {
    let schemas = schema_folder(&args.schemas)?;
    let target = Target {
        released: workspace::version()?,
        is_published: workspace::is_own(&schemas),
        generate: runcomfy_codegen::COMMAND,
    };
    let options = args.sync.options(target);
    let response = match &args.from {
        Some(file) => cli::saved_response(file, &args.sync)?,
        None => live(args, &schemas, &options)?,
    };
    sync::sync(response, &schemas, &options)
}

#[cfg(feature = "live")]
fn live(args: &SyncArgs, schemas: &Path, options: &sync::Options) -> Result<sync::Response, Errors> {
    Ok(crate::live::read(args.base_url.as_deref(), &sync::known(schemas, options.only.as_ref())?)?)
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

fn generate(folders: &Folders) -> Result<Answer, Errors> {
    let project = project(folders)?;
    let answer = project.generate()?;
    // What the workspace's own crates carry is of its own schemas.
    if workspace::is_own(&project.schemas) && folders.out.is_none() {
        carried::write(&project.schemas)?;
    }
    Ok(answer)
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
