//! The program `runcomfy-codegen`, for people who have schemas and not this repository: arguments in, text and an exit
//! code out. What the commands do is in [`runcomfy_codegen::cli`].

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use runcomfy_codegen::cli::{self, Answer, DiffArgs, ImportArgs, Project, SyncFlags, Target, diff};
use runcomfy_codegen::diff::Version;
use runcomfy_codegen::{ClientCrate, Errors, Placement, Standalone, sync};

/// The end of the help.
const EXIT_CODES: &str = "\
Exit codes: 0 done; 1 the command failed, `check` found a difference, or `diff` a change that `--fail-on` names; 2 wrong
arguments.
Problems are printed to standard error, all at once, with file, place and remedy.";

/// Typed Rust for models of RunComfy, from a folder of their schemas.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// How a response is saved; the token is the one of the account.
const SAVE: &str = "\
A response is saved by:
  curl -H \"Authorization: Bearer $RUNCOMFY_TOKEN\" \\
    'https://model-api.runcomfy.net/v1/models?include_schema=true&limit=500' > models.json
It must be whole: where the catalogue has more models than a page, ask for fewer by `search`, `category` or `kind`, and take
them with `--only`.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Take a model over from its saved page, or update it
    ///
    /// The page may be plain text (select all, copy, paste into a file) or HTML (save as "HTML only"), in any language. The
    /// model's folder with `model.toml`, `input.json` and `output.json` is written, or nothing and the reason told; what
    /// changed is printed. `lock` comes next.
    Import {
        #[command(flatten)]
        import: ImportArgs,
        #[command(flatten)]
        schemas: Schemas,
    },
    /// Take models over from a saved response of RunComfy's catalogue, and tell what changes for users
    ///
    /// New and changed models are written all at once. A model that can't be generated, or whose fields names.lock can't
    /// tell apart, is reported and left as it was. One that came from the catalogue and is not listed any more is marked in
    /// model.toml; other models are nobody's to change.
    #[command(after_help = SAVE)]
    Sync {
        /// A saved answer of GET /v1/models?include_schema=true, or `-` for standard input; at most 16 MiB
        #[arg(long, value_name = "FILE|-")]
        from: PathBuf,
        #[command(flatten)]
        sync: SyncFlags,
        #[command(flatten)]
        schemas: Schemas,
        #[command(flatten)]
        released: Released,
    },
    /// Write a crate, and the locks of the schema folder
    Generate {
        #[command(flatten)]
        schemas: Schemas,
        /// The folder of the generated crate
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        client: Client,
    },
    /// Compare the locks, and the crate if `--out` names one, with the schemas; writes nothing
    ///
    /// Prints changed, missing and orphan files and exits 1 if there are any.
    Check {
        #[command(flatten)]
        schemas: Schemas,
        /// The folder of the generated crate
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        #[command(flatten)]
        client: Client,
    },
    /// Write the locks of the schema folder: what a build script needs, which reads them and never writes
    Lock(Schemas),
    /// Tell what changed for users between two versions of the schemas
    Diff {
        #[command(flatten)]
        diff: DiffArgs,
        #[command(flatten)]
        schemas: Schemas,
        #[command(flatten)]
        released: Released,
    },
}

#[derive(Debug, Args)]
struct Schemas {
    /// The schema folder
    #[arg(long, value_name = "DIR", default_value = "schemas")]
    schemas: PathBuf,
}

#[derive(Debug, Args)]
struct Released {
    /// The version that the report's suggestion starts from
    #[arg(long, value_name = "VERSION", default_value = "0.1.0")]
    released: Version,
}

#[derive(Debug, Default, Args)]
struct Client {
    /// The folder of a runcomfy-client to depend on, instead of the published one of this version
    #[arg(long, value_name = "DIR")]
    client: Option<PathBuf>,
}

/// The command that writes the locks.
const LOCK: &str = "runcomfy-codegen lock";

fn main() -> ExitCode {
    let answer = run(Cli::parse().command).unwrap_or_else(Answer::from);
    // Whoever closed the stream (`| head`) does not want to read more; the exit code still says how it went.
    let _ = io::stdout().write_all(answer.out.as_bytes());
    let _ = io::stderr().write_all(answer.err.as_bytes());
    ExitCode::from(answer.code)
}

fn run(command: Command) -> Result<Answer, Errors> {
    match command {
        Command::Import { import, schemas } => cli::import(&import, &schemas.schemas),
        Command::Sync { from, sync: args, schemas, released } => {
            cli::existing_folder("--schemas", &schemas.schemas)?;
            let target = Target { released: released.released, is_published: false, generate: LOCK };
            sync::sync(cli::saved_response(&from, &args)?, &schemas.schemas, &args.options(target))
        }
        Command::Generate { schemas, out, client } => project(schemas, Some(out), client).generate(),
        Command::Check { schemas, out, client } => project(schemas, out, client).check(),
        Command::Lock(schemas) => project(schemas, None, Client::default()).generate(),
        Command::Diff { diff: args, schemas, released } => diff(&args, &schemas.schemas, &released.released),
    }
}

fn project(schemas: Schemas, out: Option<PathBuf>, client: Client) -> Project {
    let Schemas { schemas } = schemas;
    let named = [("--schemas", Some(&schemas)), ("--out", out.as_ref()), ("--client", client.client.as_ref())];
    let flags = named.into_iter().filter_map(|(flag, path)| Some((flag, path?.clone()))).collect();
    let command = if out.is_some() { "runcomfy-codegen generate" } else { LOCK };
    let placement = Placement::Standalone(standalone(client.client.as_deref()));
    Project { schemas, out: out.map(|out| (out, placement)), command, flags }
}

/// A crate of the user's own: nothing is inherited, and no licence is given in their name.
fn standalone(client: Option<&Path>) -> Standalone {
    Standalone {
        client: match client {
            Some(folder) => ClientCrate::Path(std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())),
            None => ClientCrate::Version(env!("CARGO_PKG_VERSION").to_owned()),
        },
        version: "0.0.0".to_owned(),
        edition: "2024".to_owned(),
        rust_version: env!("CARGO_PKG_RUST_VERSION").to_owned(),
        license: None,
        command: "runcomfy-codegen generate".to_owned(),
    }
}
