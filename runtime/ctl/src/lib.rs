//! The program `runcomfyctl`: every model of RunComfy from a terminal, by readable names. A library besides, so that its commands can be
//! looked at by tests. Each command is one module; `command` is the command line, `models` the models there are, `desk` what a
//! command works with.

mod batch;
mod check;
mod cli;
mod command;
mod desk;
mod failure;
mod flags;
mod list;
mod mcp;
mod models;
mod out;
mod person;
mod progress;
mod run;
mod seen;
mod show;
mod stop;
mod words;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Command, FromArgMatches as _};
use clap_complete::env::CompleteEnv;
use runcomfy_client::tool::Dialect;
use runcomfy_client::{Client, ModelInfo};

use cli::{BatchWhat, Cli, Mcp, Shared, What};
use desk::Desk;
use failure::{Exit, Failure};
use flags::Samples;
use models::{Known, Wanted};
use out::Out;

/// The command line without any model's fields.
#[must_use]
pub fn command() -> Command {
    command::command(None)
}

/// The command line with the fields of a model as flags of `run` or `check`; `None` if there is no such model.
#[must_use]
pub fn command_of(name: &'static str, model: &str) -> Option<Command> {
    let info = runcomfy::models().find(|info| info.id == model)?;
    Some(command::command(Some((name, info))))
}

/// The tools of the MCP server, as it lists them for hosts of a dialect.
#[must_use]
pub fn tools(dialect: Dialect) -> Vec<rmcp::model::Tool> {
    mcp::tools(dialect)
}

/// Runs the program.
#[must_use]
pub fn main(args: &[OsString]) -> ExitCode {
    let folder = std::env::current_dir().ok();
    match CompleteEnv::with_factory(command::completed).try_complete(args.iter().cloned(), folder.as_deref()) {
        Ok(false) => {}
        Ok(true) => return ExitCode::SUCCESS,
        Err(error) => return ended(Out { json: false }, uncompleted(&error)),
    }
    // `RUST_LOG=debug` shows what the client and the runner do.
    let log = tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::from_default_env());
    // What can't be logged is not said elsewhere.
    _ = log.with_writer(std::io::stderr).log_internal_errors(false).try_init();
    let glance = command::glance(args);
    let out = Out { json: wants_json(args) };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return ended(out, Err(Failure::new(Exit::Server, error.to_string()))),
    };
    let done = runtime.block_on(dispatch(out, args, &glance));
    // What still reads the standard input would keep it.
    runtime.shutdown_background();
    ended(out, done)
}

/// Whether JSON is asked for, whatever else is wrong with the arguments: a program reads their error too.
fn wants_json(args: &[OsString]) -> bool {
    args.iter().skip(1).take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}

fn ended(out: Out, done: Result<(), Failure>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.failure(&failure);
            ExitCode::from(failure.exit as u8)
        }
    }
}

async fn dispatch(out: Out, args: &[OsString], glance: &command::Glance) -> Result<(), Failure> {
    let known = Known::new(&glance.shared)?;
    let filled = match &glance.filled {
        Some((name, model)) => Some((*name, look_up(&glance.shared, &known, model).await?)),
        None => None,
    };
    let matches = match command::command(filled).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => return Out::text(&error.render().ansi().to_string()),
        Err(error) => return Err(usage(&error, args)),
    };
    let Cli { shared, what } = Cli::from_arg_matches(&matches).map_err(|error| usage(&error, args))?;
    let inner = command::inner(&matches);
    let samples = if shared.emulator { Samples::Any } else { Samples::Named };
    let read = |info, file: Option<&Path>| check::read(info, inner, file, samples);
    match (what, filled) {
        (What::Models(wanted), _) => {
            if wanted.refresh {
                let count = known.refresh(Desk::open(&shared).await?.client()?).await?;
                out.note(&format!("{count} models are listed"));
            }
            list::models(out, &known, &Wanted { words: wanted.words, gives: wanted.gives, takes: wanted.takes })
        }
        (What::Show { model }, _) => show::show(out, look_up(&shared, &known, &model).await?),
        (What::Schema { model, dialect }, _) => {
            show::schema(out, look_up(&shared, &known, &model).await?, dialect.into())
        }
        (What::Check(check), Some((_, info))) => check::check(out, info, &read(info, check.file.as_deref())?),
        (What::Run(run), Some((_, info))) => {
            let input = read(info, run.input.as_deref())?;
            let desk = Desk::open(&shared).await?;
            let again = again(args);
            let budget = run.budget_usd.or(shared.emulator.then_some(run::PLAY_MONEY));
            let order = run::Order { info, input, budget, out: run.out, again };
            run::run(out, &desk, &known, order).await
        }
        (What::Batch(what), _) => batches(out, &shared, &known, samples, what).await,
        (What::Work(work), _) => {
            let desk = Desk::open(&shared).await?;
            batch::work(out, &desk, known.to_models(), None, work).await
        }
        (What::Mcp(mcp), _) => serve(&shared, known, mcp).await,
        (What::Check(_) | What::Run(_), None) => {
            Err(Failure::new(Exit::Usage, "the model comes first, then its flags").help("runcomfyctl run MODEL --help"))
        }
    }
}

async fn serve(shared: &Shared, known: Known, mcp: Mcp) -> Result<(), Failure> {
    let settings = mcp::Settings {
        budget: mcp.budget_usd,
        per_job: mcp.per_job_usd,
        files: mcp.files,
        out: mcp.out,
        dialect: mcp.dialect.into(),
        quote_seconds: mcp.quote_seconds,
    };
    let models = known.to_models();
    mcp::serve(Desk::open(shared).await?, known, models, settings).await
}

async fn batches(out: Out, shared: &Shared, known: &Known, samples: Samples, what: BatchWhat) -> Result<(), Failure> {
    let desk = Desk::open(shared).await?;
    match what {
        BatchWhat::Add(add) => batch::add(out, &desk, known, samples, add).await,
        BatchWhat::Run { name, work } => batch::work(out, &desk, known.to_models(), Some(&name), work).await,
        BatchWhat::Status { name } => batch::status(out, &desk, name.as_deref()).await,
        BatchWhat::Resolve(decision) => person::resolve(out, &desk, decision).await,
        BatchWhat::Release { name } => person::release(out, &desk, &name).await,
        BatchWhat::Strays => person::strays(out, &desk).await,
        BatchWhat::Settle { request, cost_usd } => person::settle(out, &desk, request.zip(cost_usd)).await,
        BatchWhat::Restored => person::restored(out, &desk).await,
        BatchWhat::Retry { name, state, pay_again } => batch::retry(out, &desk, &name, state, pay_again).await,
        BatchWhat::Export(export) => batch::export(out, &desk, export).await,
    }
}

/// A model by its id. One that is not known is asked for once, where somebody is signed in.
async fn look_up(shared: &Shared, known: &Known, model: &str) -> Result<&'static ModelInfo, Failure> {
    let unknown = match known.model(model) {
        Ok(info) => return Ok(info),
        Err(unknown) => unknown,
    };
    let client = match &shared.base_url {
        _ if shared.emulator => return Err(unknown),
        Some(base) => Client::builder().base_url(base).build(),
        None => Client::from_env(),
    };
    match client {
        Ok(client) => match known.refresh(&client).await {
            Ok(_) => known.model(model),
            Err(_) => Err(unknown),
        },
        Err(_) => Err(unknown),
    }
}

/// Why nothing is completed.
fn uncompleted(error: &clap::Error) -> Result<(), Failure> {
    // A shell that is not known is told so, too.
    match error.kind() == ErrorKind::Io && !error.to_string().contains("shell") {
        // What was not written before is not written now, for the same reason.
        true => Out::bytes(b"\n"),
        false => Err(usage(error, &[])),
    }
}

fn usage(error: &clap::Error, args: &[OsString]) -> Failure {
    // A model whose name is no text is none, and its flags are not known.
    if let (ErrorKind::UnknownArgument, Some(odd)) = (error.kind(), args.iter().find(|arg| arg.to_str().is_none())) {
        return Failure::new(Exit::Usage, format!("the argument {odd:?} is no text in UTF-8"));
    }
    let text = error.render().to_string();
    let what = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    Failure::new(Exit::Usage, what)
}

/// The command as it was given, for a shell.
fn again(args: &[OsString]) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,@%+".contains(c);
    let words = args.iter().skip(1).map(|arg| {
        let text = arg.to_string_lossy();
        match !text.is_empty() && text.chars().all(plain) {
            true => text.into_owned(),
            false => format!("'{}'", text.replace('\'', "'\\''")),
        }
    });
    std::iter::once("runcomfyctl".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}
