//! The whole command line: what `cli` derives, and the flags of the model that the arguments name. A first, tolerant reading finds that
//! model; the second reads all. Must not open connections.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};
use clap_complete::engine::CompletionCandidate;
use runcomfy_client::ModelInfo;

use crate::cli::{Cli, Shared};
use crate::flags;
use crate::models::Known;
use crate::seen::line;

/// The commands that have a model's fields as flags.
pub(crate) const FILLED: [&str; 2] = ["check", "run"];

/// What a first look at the arguments tells.
pub(crate) struct Glance {
    /// What holds for every command.
    pub(crate) shared: Shared,
    /// The command and the model it names, where its fields are flags.
    pub(crate) filled: Option<(&'static str, String)>,
}

/// A first look at the arguments, whatever is wrong with them.
pub(crate) fn glance(args: &[OsString]) -> Glance {
    let plain = |command: Command| command.disable_help_flag(true).disable_version_flag(true);
    let command = plain(Cli::command().arg_required_else_help(false).mut_subcommands(plain));
    let mut known = args.to_vec();
    // What is not known yet, the fields of the model, is left out one by one.
    while let Some(unknown) = unknown(&command, &known) {
        known.remove(unknown);
    }
    let tolerant = |command: Command| command.ignore_errors(true);
    let matches = tolerant(command.mut_subcommands(tolerant)).try_get_matches_from(known).unwrap_or_default();
    let (name, inner) = match matches.subcommand() {
        Some((name, inner)) => (name, inner),
        None => ("", &matches),
    };
    let shared = Shared::from_arg_matches(inner).or_else(|_| Shared::from_arg_matches(&matches)).unwrap_or_default();
    let named = |command: &'static str| {
        let model = inner.try_get_one::<String>("model").ok().flatten()?;
        Some((command, model.clone()))
    };
    let filled = FILLED.into_iter().find(|filled| *filled == name).and_then(named);
    Glance { shared, filled }
}

/// The place of the first argument that a command does not know.
fn unknown(command: &Command, args: &[OsString]) -> Option<usize> {
    let error = command.clone().try_get_matches_from(args).err()?;
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(unknown))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    else {
        return None;
    };
    let is_it = |arg: &OsString| {
        arg.to_str().is_some_and(|arg| {
            arg.strip_prefix(unknown.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
        })
    };
    // Never the program's own name.
    args.iter().skip(1).position(is_it).map(|place| place + 1)
}

/// The command line, with the fields of a model as flags of a command.
pub(crate) fn command(filled: Option<(&str, &'static ModelInfo)>) -> Command {
    let command = Cli::command();
    let Some((name, info)) = filled else { return command };
    let taken = taken(&command, name);
    command.mut_subcommand(name, |command| {
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        flags::with_fields(command, info, &taken).about(about(info)).long_about(None)
    })
}

/// The flags that a command has before it has those of a model.
pub(crate) fn taken(command: &Command, name: &str) -> Vec<String> {
    let own = command.find_subcommand(name).into_iter().flat_map(Command::get_arguments);
    let flags = command.get_arguments().chain(own).filter_map(|arg| arg.get_long().map(str::to_owned));
    flags.chain(["help".to_owned(), "version".to_owned()]).collect()
}

fn about(info: &ModelInfo) -> String {
    let price = info.price.map_or(String::new(), |price| format!(", {price}"));
    line(&format!("{} ({}){price}", info.display_name, info.capability)).into_owned()
}

/// The command line as completions see it: with the flags of the model that is named already.
pub(crate) fn completed() -> Command {
    let glance = glance(&words_to_complete());
    let model = || Some((glance.filled.as_ref()?, Known::new(&glance.shared).ok()?));
    let filled = model().and_then(|((name, model), known)| Some((*name, known.model(model).ok()?)));
    command(filled)
}

/// The models that completions offer.
pub(crate) fn ids_to_complete() -> Vec<CompletionCandidate> {
    let known = Known::new(&glance(&words_to_complete()).shared);
    flags::offered(known.map(|known| known.ids()).unwrap_or_default())
}

/// A shell gives the line that is completed after `--`.
fn words_to_complete() -> Vec<OsString> {
    std::env::args_os().skip_while(|arg| arg != "--").skip(1).collect()
}

/// The matches of the command that was given.
pub(crate) fn inner(matches: &ArgMatches) -> &ArgMatches {
    matches.subcommand().map_or(matches, |(_, inner)| inner)
}
